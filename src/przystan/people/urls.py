"""Addresses of the sign-in and of one's own account; included once, at `account/`.

The names that begin with account_ and mfa_ are allauth's: its own code looks them up. Only what
stands here exists; allauth's urls are not included.
"""

from allauth.account import views as account
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from przystan.people.http import signed_in
from przystan.people.views import entrance, own, passkeys, proof, staff
from przystan.people.views.common import for_staff, proved_recently

_new_email = proved_recently(own.ChangeEmail.as_view())
_new_phone = proved_recently(own.ChangePhone.as_view())
_sign_in = entrance.SignIn.as_view()

urlpatterns = [
    path("", own.own_account, name="people_account"),
    path("office/", own.choose_office, name="people_office"),
    # signing in and out
    path("sign-in/", _sign_in, name="account_login"),
    path("sign-in/", _sign_in, name="account_request_login_code"),
    path("sign-in/code/", entrance.ConfirmSignIn.as_view(), name="account_confirm_login_code"),
    path("sign-in/passkey/", entrance.PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("sign-in/staff/", staff.StaffSignIn.as_view(), name="people_staff_sign_in"),
    path("sign-in/second-factor/", staff.SecondFactor.as_view(), name="mfa_authenticate"),
    path("sign-up/", entrance.sign_up, name="account_signup"),
    path("sign-out/", account.logout, name="account_logout"),
    path("closed/", account.account_inactive, name="account_inactive"),
    # confirming that it is still them
    path(
        "confirm/password/",
        for_staff(proof.PasswordAgain.as_view()),
        name="account_reauthenticate",
    ),
    path("confirm/code/", proof.confirm_by_code, name="people_confirm_by_code"),
    path(
        "confirm/app/",
        for_staff(proof.SecondFactorAgain.as_view()),
        name="mfa_reauthenticate",
    ),
    path(
        "confirm/passkey/",
        signed_in(proof.PasskeyAgain.as_view()),
        name="mfa_reauthenticate_webauthn",
    ),
    # addresses
    path("e-mail/", _new_email, name="account_email"),
    path(
        "e-mail/confirm/",
        signed_in(own.ConfirmEmail.as_view()),
        name="account_email_verification_sent",
    ),
    path("phone/", _new_phone, name="account_change_phone"),
    path("phone/confirm/", signed_in(own.ConfirmPhone.as_view()), name="account_verify_phone"),
    # passwords, of staff alone
    path("password/", for_staff(staff.ChangePassword.as_view()), name="account_change_password"),
    path(
        "password/set/",
        proved_recently(for_staff(staff.SetPassword.as_view())),
        name="account_set_password",
    ),
    path("password/reset/", staff.AskReset.as_view(), name="account_reset_password"),
    path(
        "password/reset/code/",
        staff.ConfirmReset.as_view(),
        name="account_confirm_password_reset_code",
    ),
    path(
        "password/reset/new/",
        staff.CompleteReset.as_view(),
        name="account_complete_password_reset",
    ),
    path(
        "password/reset/done/",
        account.password_reset_from_key_done,
        name="account_password_reset_completed",
    ),
    # second factor of staff
    path("second-factor/", staff.second_factor_needed, name="people_second_factor"),
    path("security/", own.own_account, name="mfa_index"),
    path(
        "security/app/",
        proved_recently(for_staff(staff.AddApp.as_view())),
        name="mfa_activate_totp",
    ),
    path(
        "security/app/remove/",
        proved_recently(for_staff(staff.RemoveApp.as_view())),
        name="mfa_deactivate_totp",
    ),
    path(
        "security/recovery/",
        proved_recently(for_staff(recovery.view_recovery_codes)),
        name="mfa_view_recovery_codes",
    ),
    path(
        "security/recovery/new/",
        proved_recently(for_staff(staff.NewRecoveryCodes.as_view())),
        name="mfa_generate_recovery_codes",
    ),
    # passkeys
    path(
        "security/passkeys/",
        signed_in(webauthn.list_webauthn),
        name="mfa_list_webauthn",
    ),
    path(
        "security/passkeys/new/",
        proved_recently(passkeys.AddPasskey.as_view()),
        name="mfa_add_webauthn",
    ),
    path(
        "security/passkeys/<int:pk>/remove/",
        proved_recently(passkeys.RemovePasskey.as_view()),
        name="mfa_remove_webauthn",
    ),
    path(
        "security/passkeys/<int:pk>/rename/",
        proved_recently(passkeys.RenamePasskey.as_view()),
        name="mfa_edit_webauthn",
    ),
]
