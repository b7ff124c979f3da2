"""Settings of django-allauth that follow from how people sign in here. No environment is read.

Imported by config/settings.py: `from przystan.people.allauth_settings import *`.
"""

from typing import Any

# --- who signs in with what -------------------------------------------------------------
ACCOUNT_ADAPTER = "przystan.people.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
# There is no sign-up form; allauth derives from these which kinds of address exist.
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
# One address per account; a new one takes the place of the old once it is proved.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""

# --- codes: 42 bits, used once ----------------------------------------------------------
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
# Longer than a code lives, so that its page can say why an old one is refused.
ACCOUNT_LOGIN_TIMEOUT = 20 * 60
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60

# --- limits and sessions ----------------------------------------------------------------
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "change_phone": "3/m/user",
    "reset_password": "20/m/ip,3/m/key",
}
# Seconds for which a sign-in or a repeated proof opens what is important.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
LOGIN_REDIRECT_URL = "/"
# Where staff go after signing in.
STAFF_REDIRECT_URL = "/%(language)s/desk/"
SESSION_ENGINE = "przystan.people.sessions"

# --- second factor and passkeys ---------------------------------------------------------
MFA_ADAPTER = "przystan.people.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Przystań"
# One step of 30 s before and after: telephones' clocks are not exact.
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
# 46 bits each.
MFA_RECOVERY_CODE_DIGITS = 14

_FORMS = "przystan.people.forms."
ACCOUNT_FORMS: dict[str, Any] = {
    "add_email": _FORMS + "EmailForm",
    "change_password": _FORMS + "ChangePasswordForm",
    "change_phone": _FORMS + "PhoneForm",
    "confirm_email_verification_code": _FORMS + "ConfirmEmailForm",
    "confirm_password_reset_code": _FORMS + "ConfirmResetForm",
    "reauthenticate": _FORMS + "PasswordAgainForm",
    "reset_password": _FORMS + "StaffResetForm",
    "reset_password_from_key": _FORMS + "NewPasswordForm",
    "set_password": _FORMS + "SetPasswordForm",
    "verify_phone": _FORMS + "ConfirmPhoneForm",
}
MFA_FORMS: dict[str, Any] = {
    "activate_totp": _FORMS + "AddAppForm",
    "add_webauthn": _FORMS + "AddPasskeyForm",
    "authenticate": _FORMS + "SecondFactorForm",
    "authenticate_webauthn": _FORMS + "PasskeyForm",
    "deactivate_totp": _FORMS + "RemoveAppForm",
    "edit_webauthn": _FORMS + "RenamePasskeyForm",
    "generate_recovery_codes": _FORMS + "NewRecoveryCodesForm",
    "login_webauthn": _FORMS + "PasskeySignInForm",
    "reauthenticate": _FORMS + "SecondFactorAgainForm",
    "reauthenticate_webauthn": _FORMS + "PasskeyAgainForm",
}
