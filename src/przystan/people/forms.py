"""Forms of the sign-in: our words on allauth's checks, one field a page where it can be."""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes import forms as recovery
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from przystan.core import clock
from przystan.people import standing
from przystan.people.fields import (
    AddressField,
    CodeField,
    CredentialField,
    EmailField,
    PhoneField,
    is_same_code,
    visible_text,
)
from przystan.people.models import Account

# What a field is called, wherever it stands.
LABELS = {
    "code": _("Code"),
    "email": _("E-mail address"),
    "login": _("E-mail address"),
    "name": _("Name of the passkey"),
    "oldpassword": _("Current password"),
    "password": _("Password"),
    "password1": _("New password"),
    "password2": _("New password once more"),
    "phone": _("Phone number"),
}


class Plain:
    """Mixed into a form: our labels, no placeholders, the class that the components style."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs.setdefault("class", "field__input")
            if not isinstance(field, (AddressField, PhoneField)):
                field.label = LABELS.get(name, field.label)
            if name in {"password", "oldpassword"}:
                # allauth's link to the reset; the page has its own.
                field.help_text = ""


class SignInForm(Plain, forms.Form):
    """An e-mail address or a phone number to send a code to."""

    address = AddressField()


class CodeForm(Plain, forms.Form):
    """A code that was sent, compared in constant time."""

    code = CodeField()

    def __init__(self, *args: Any, expected: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        if not is_same_code(typed, self.expected):
            raise ValidationError(
                _("This code is not right. Check it and type it again."), code="incorrect_code"
            )
        return typed


class StaffSignInForm(Plain, account.LoginForm):  # type: ignore[misc]  # allauth ships no types
    """E-mail address and password; allauth counts the failures and evens out the time."""

    field_order: ClassVar[list[str]] = ["login", "password"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = EmailField(
            widget=forms.EmailInput(
                attrs={"autocomplete": "username webauthn", "class": "field__input", "dir": "ltr"}
            )
        )
        self.order_fields(self.field_order)

    def _setup_password_field(self) -> None:
        """Kept, although nobody signs up with a password."""

    def user_credentials(self) -> dict[str, str]:
        cleaned: dict[str, str] = self.cleaned_data
        return {"email": cleaned["login"], "password": cleaned["password"]}


class StaffResetForm(Plain, account.ResetPasswordForm):  # type: ignore[misc]  # as above
    """A new password, for staff alone: others have none, and get a letter that says so."""

    email = EmailField()
    users: list[Account]

    def clean_email(self) -> str:
        email: str = super().clean_email()
        found: list[Account] = self.users
        self.users = [one for one in found if standing.is_staff(one.pk, at=clock.now())]
        return email


class _OwnCode:
    """Mixed into allauth's forms with a code: typed freely, as everywhere else."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = CodeField()
        self.fields["code"].widget.attrs["class"] = "field__input"


class ConfirmResetForm(_OwnCode, account.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    pass


class ConfirmEmailForm(_OwnCode, account.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    pass


class ConfirmPhoneForm(_OwnCode, account.VerifyPhoneForm):  # type: ignore[misc]
    pass


class NewPasswordForm(Plain, account.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ChangePasswordForm(Plain, account.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPasswordForm(Plain, account.SetPasswordForm):  # type: ignore[misc]
    pass


class PasswordAgainForm(Plain, account.ReauthenticateForm):  # type: ignore[misc]
    pass


class EmailForm(Plain, account.AddEmailForm):  # type: ignore[misc]
    email = EmailField()


class PhoneForm(Plain, account.ChangePhoneForm):  # type: ignore[misc]
    pass


class SecondFactorForm(_OwnCode, mfa.AuthenticateForm):  # type: ignore[misc]
    pass


class SecondFactorAgainForm(_OwnCode, mfa.ReauthenticateForm):  # type: ignore[misc]
    pass


class AddAppForm(_OwnCode, totp.ActivateTOTPForm):  # type: ignore[misc]
    pass


class RemoveAppForm(Plain, totp.DeactivateTOTPForm):  # type: ignore[misc]
    pass


class NewRecoveryCodesForm(Plain, recovery.GenerateRecoveryCodesForm):  # type: ignore[misc]
    pass


def _holds_number(document: Any) -> bool:
    """No part of a credential that is read is a number.

    Python makes as many zero bytes of a number, where bytes are expected, as it says: one small
    form could take all the memory of the machine. Browsers send extension results, which may
    hold anything and are not read.
    """
    if isinstance(document, dict):
        return any(
            _holds_number(value)
            for name, value in document.items()
            if name not in {"clientExtensionResults", "publicKeyAlgorithm"}
        )
    if isinstance(document, list):
        return any(map(_holds_number, document))
    return isinstance(document, int | float) and not isinstance(document, bool)


class _Ceremony(forms.Form):
    """Mixed into the passkey forms: whatever JSON a browser sends, an error and not a crash.

    The parsers below allauth raise whatever the shape of the JSON provokes.
    """

    credential = CredentialField()
    BROKEN = (AttributeError, IndexError, KeyError, TypeError, ValueError)

    def clean(self) -> Any:
        try:
            return super().clean()
        except self.BROKEN as error:
            raise get_adapter().validation_error("incorrect_code") from error

    def clean_credential(self) -> Any:
        try:
            is_read = not _holds_number(self.cleaned_data["credential"])
        except RecursionError:  # nested deeper than any browser's answer
            is_read = False
        if not is_read:
            raise get_adapter().validation_error("incorrect_code")
        parent = getattr(super(), "clean_credential", None)
        try:
            # Adding a passkey has no check of its own here; signing in with one has.
            return parent() if parent else self.cleaned_data["credential"]
        except self.BROKEN as error:
            raise get_adapter().validation_error("incorrect_code") from error


class AddPasskeyForm(_Ceremony, Plain, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A passkey: unlocked by finger, face or PIN, so that it is two factors at once."""

    # Always on: a key that anybody could use who holds it is not what staff sign in with.
    passwordless = forms.BooleanField(
        required=True, initial=True, widget=forms.HiddenInput(attrs={"class": ""})
    )
    name = forms.CharField(required=False, max_length=60)

    def clean_name(self) -> str:
        return visible_text(super().clean_name())


class RenamePasskeyForm(Plain, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    name = forms.CharField(max_length=60)

    def clean_name(self) -> str:
        return visible_text(self.cleaned_data["name"])


class PasskeyForm(_Ceremony, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeySignInForm(_Ceremony, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeyAgainForm(_Ceremony, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass
