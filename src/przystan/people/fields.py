"""Form fields for what people sign in with: an e-mail address, a phone number, a code."""

import unicodedata
from typing import Any

import phonenumbers
from allauth.core.internal.cryptokit import compare_user_code
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

# Typed on a Cyrillic keyboard, or put there by a phone's autocorrection: the same shapes.
_LOOKALIKES = str.maketrans("ВСНКМРТХ", "BCHKMPTX")


def visible_text(value: str) -> str:
    """NFC, without characters that cannot be seen: pasted text brings them along."""
    normal = unicodedata.normalize("NFC", value)
    return "".join(c for c in normal if unicodedata.category(c) not in {"Cf", "Cc"}).strip()


def to_e164(value: str) -> str:
    """A number as it is dialled from abroad ("+48501234567"), or ValidationError.

    A number without a country is Polish. Any digits will do, Arabic ones too.
    """
    try:
        number = phonenumbers.parse(visible_text(value), "PL")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValidationError(
            _("This is not a phone number. Write it with the country code, like +48 501 234 567."),
            code="invalid_phone",
        )
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


class PhoneField(forms.CharField):
    """A phone number in any usual writing; the value is E.164."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Phone number"))
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return to_e164(text) if text else ""


class AddressField(forms.CharField):
    """An e-mail address or a phone number; the value is a lower-case address or E.164."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Your e-mail address or phone number"))
        kwargs.setdefault("max_length", 254)
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={
                    "autocomplete": "username webauthn",
                    "autocapitalize": "none",
                    "spellcheck": "false",
                    # Always left to right, also on a right-to-left page.
                    "dir": "ltr",
                }
            ),
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = visible_text(super().clean(value))
        if "@" not in text:
            return to_e164(text)
        try:
            validate_email(text)
        except ValidationError as error:
            raise ValidationError(
                _("This is not an e-mail address. Check it: it looks like name@example.org."),
                code="invalid_email",
            ) from error
        return text.lower()


class EmailField(forms.EmailField):
    """An e-mail address as the database keeps it: lower case, at most 254 characters."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("E-mail address"))
        kwargs.setdefault("max_length", 254)
        kwargs.setdefault("widget", forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        return visible_text(super().clean(value)).lower()


class CodeField(forms.CharField):
    """A code from a letter or a message; spaces, dashes and case do not matter."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Code"))
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={
                    "autocomplete": "one-time-code",
                    "autocapitalize": "characters",
                    "spellcheck": "false",
                    "dir": "ltr",
                }
            ),
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        typed = visible_text(super().clean(value)).upper().translate(_LOOKALIKES)
        # Arabic and full-width digits are digits too.
        return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in typed)


class CredentialField(forms.JSONField):
    """What a browser answers in a passkey ceremony (WebAuthn Level 3, JSON forms)."""

    # An attestation with its certificates has a few thousand characters.
    MAX_CHARS = 20_000

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        broken = ValidationError(self.error_messages["invalid"], code="invalid")
        if isinstance(value, str) and len(value) > self.MAX_CHARS:
            raise broken
        try:
            parsed = super().to_python(value)
        except RecursionError as error:  # brackets within brackets
            raise broken from error
        # allauth looks into what it takes for true only: `false` would pass for a passkey.
        if parsed not in self.empty_values and not isinstance(parsed, dict):
            raise broken
        return parsed


def is_same_code(typed: str, expected: str) -> bool:
    """Compared in constant time; an empty expected code is never met."""
    return bool(compare_user_code(actual=typed, expected=expected))
