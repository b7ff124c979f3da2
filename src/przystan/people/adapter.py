"""What allauth asks this product: letters, phones, codes, where to go after signing in."""

from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from przystan.core import clock, logs
from przystan.core.ids import new_code
from przystan.people import audit, demo, letters, locked, standing, vault
from przystan.people.actor import Actor
from przystan.people.fields import PhoneField
from przystan.people.models import Account, Phone

_LOG = logs.get(__name__)
PHONE_FIELD = "people.phone.number"
# What happened to an account, said in a letter to its holder. Keys are allauth's names.
NOTICES = {
    "account/email/email_changed": gettext_lazy("Your e-mail address for signing in was changed."),
    "account/email/email_deleted": gettext_lazy("An e-mail address was removed from your account."),
    "account/email/password_changed": gettext_lazy("Your password was changed."),
    "account/email/password_reset": gettext_lazy("Your password was set anew."),
    "account/email/password_set": gettext_lazy("A password was set for your account."),
    "mfa/email/recovery_codes_generated": gettext_lazy("New recovery codes were made."),
    "mfa/email/totp_activated": gettext_lazy("An authenticator app was added to your account."),
    "mfa/email/totp_deactivated": gettext_lazy(
        "The authenticator app was removed from your account."
    ),
    "mfa/email/webauthn_added": gettext_lazy("A passkey was added to your account."),
    "mfa/email/webauthn_removed": gettext_lazy("A passkey was removed from your account."),
}


def code() -> str:
    """A code of at least 40 bits in groups that can be read out: "K4T-X9Q-WMB"."""
    letters_ = new_code(9)
    return "-".join(letters_[start : start + 3] for start in (0, 3, 6))


def actor_for(account: Account, request: HttpRequest) -> Actor:
    """Who acts on their own sign-in; used before and after the session knows them."""
    return Actor(
        role="person",
        account_id=account.pk,
        subject=account.subject,
        purpose="sign-in",
        assurance=standing.assurance_of(request, account),
    )


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("This account is closed."),
        "duplicate_email": gettext_lazy("You already sign in with this address."),
        "email_password_mismatch": gettext_lazy(
            "The e-mail address or the password is not right. Check both and try again."
        ),
        "email_taken": gettext_lazy("Another account uses this address. Sign in with it instead."),
        "enter_current_password": gettext_lazy("This is not your current password."),
        "incorrect_code": gettext_lazy("This code is not right. Check it and type it again."),
        "incorrect_password": gettext_lazy("This is not your password."),
        "phone_taken": gettext_lazy("Another account uses this number. Sign in with it instead."),
        "same_as_current": gettext_lazy("This is the one you use already."),
        "too_many_login_attempts": gettext_lazy(
            "Too many attempts. Wait five minutes and try again."
        ),
        "rate_limited": gettext_lazy("Too many attempts. Wait five minutes and try again."),
    }

    # --- the way in ---

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """There is no sign-up: the first sign-in with a proved address makes the account."""
        return False

    def get_login_stages(self) -> list[str]:
        """Addresses are proved before there is an account, so nothing verifies them here."""
        return [
            "allauth.account.stages.LoginByCodeStage",
            "przystan.people.signin.SecondFactorStage",
        ]

    def pre_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse | None:
        demo.refuse_from_outside(user.email, request)
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def login(self, request: HttpRequest, user: Account) -> None:
        with transaction.atomic():
            super().login(request, user)
            audit.record(actor_for(user, request), "people.signed_in", subject=user.subject)

    def logout(self, request: HttpRequest) -> None:
        with transaction.atomic():
            if isinstance(account := request.user, Account):
                audit.record(
                    actor_for(account, request), "people.signed_out", subject=account.subject
                )
            super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        _LOG.warning("people.sign_in_failed")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        account = request.user
        if isinstance(account, Account) and standing.is_staff(account.pk, at=clock.now()):
            return str(settings.STAFF_REDIRECT_URL % {"language": get_language()})
        return str(super().get_login_redirect_url(request))

    def is_safe_url(self, url: str) -> bool:
        """Only ways back into this very site; allauth alone would take every allowed host."""
        if urlsplit(url).scheme and not urlsplit(url).netloc:
            return False
        return url_has_allowed_host_and_scheme(
            url,
            allowed_hosts={context.request.get_host()},
            require_https=context.request.is_secure(),
        )

    # --- proving it again before something important ---

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Our views ask first (`proved_recently`); allauth asks this within its flows."""
        return not did_prove_recently(context.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Staff prove by their second factor, a password only where there is none yet."""
        if not isinstance(user, Account):
            return []
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if standing.is_staff(user.pk, at=clock.now()):
            strong = [one for one in methods if one["id"] != "reauthenticate"]
            return strong or methods
        by_code = {
            "id": "code",
            "description": _("Use a code by e-mail or SMS"),
            "url": reverse("people_confirm_by_code"),
        }
        passkey = [one for one in methods if one["id"] == "mfa_reauthenticate:webauthn"]
        return [by_code, *passkey]

    # --- letters ---

    def generate_login_code(self) -> str:
        return code()

    def generate_email_verification_code(self) -> str:
        return code()

    def generate_password_reset_code(self) -> str:
        return code()

    def generate_phone_verification_code(self, *, user: Account, phone: str) -> str:
        return code()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write a letter in the language of the page and leave it in the outbox."""
        words = {**context, "site_url": settings.PUBLIC_URL}
        subject = render_to_string(f"{template_prefix}_subject.txt", words)
        body = render_to_string(f"{template_prefix}_message.txt", words)
        letters.post_mail(email, " ".join(subject.split()), body.strip() + "\n")

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Account,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell the holder what happened to the account: one letter, one sentence of its own."""
        if address := email or user.email:
            self.send_mail("people/letters/notice", address, {"event": NOTICES[template_prefix]})

    def send_verification_code_sms(
        self, user: Account | None, phone: str, code: str, **kwargs: Any
    ) -> None:
        self.send_sms("people/letters/code_sms.txt", phone, {"code": code})

    def send_sms(self, template: str, phone: str, context: dict[str, Any]) -> None:
        """Write a text message in the language of the page and leave it in the outbox."""
        words = {**context, "site_url": settings.PUBLIC_URL}
        letters.post_sms(phone, " ".join(render_to_string(template, words).split()))

    # --- phones ---

    def phone_form_field(self, **kwargs: Any) -> forms.Field:
        kwargs.pop("label", None)
        return PhoneField(**kwargs)

    def set_phone(self, user: Account, phone: str, verified: bool) -> None:
        """Only a proved number is stored; one that waits for its code is in the session."""
        if verified:
            set_phone(user, phone)

    def set_phone_verified(self, user: Account, phone: str) -> None:
        set_phone(user, phone)

    def get_phone(self, user: Account) -> tuple[str, bool] | None:
        number = phone_of(user)
        return (number, True) if number else None

    def get_user_by_phone(self, phone: str) -> Account | None:
        return account_by_phone(phone)

    def can_delete_email(self, email_address: Any) -> bool:
        """A way in must stay: the last address goes only where a phone is known."""
        return Phone.objects.filter(account_id=email_address.user_id).exists()


def set_phone(account: Account, phone: str) -> None:
    """Store a proved number in place of the one before; it leaves an account that had it."""
    with transaction.atomic():
        index = vault.blind_index("phone", phone)
        Phone.objects.filter(index=index).exclude(account=account).delete()
        Phone.objects.update_or_create(
            account=account,
            defaults={
                "sealed": vault.seal_for(account.pk, phone, field=PHONE_FIELD),
                "index": index,
                "verified_at": clock.now(),
            },
        )


def phone_of(account: Account) -> str:
    """The account's number in E.164, or empty."""
    row = Phone.objects.filter(account=account).first()
    return vault.open_text(account.pk, row.sealed, field=PHONE_FIELD) if row else ""


def account_by_phone(phone: str) -> Account | None:
    index = vault.blind_index("phone", phone)
    return Account.objects.filter(phone__index=index).first()


def did_prove_recently(request: HttpRequest) -> bool:
    """Whether this session proved who holds it within REAUTHENTICATION_TIMEOUT seconds."""
    if not isinstance(account := request.user, Account):
        return False
    records = get_authentication_records(request, account)
    if not records:
        return False
    age_s = clock.now().timestamp() - float(records[-1].get("at", 0))
    limit = timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
    return 0 <= age_s < limit.total_seconds()


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": gettext_lazy(
            "This is your last second factor. Add another one first; staff cannot work without."
        ),
        "incorrect_code": gettext_lazy("This code is not right. Check it and type it again."),
        "unverified_email": gettext_lazy("Confirm your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        return locked.lock("mfa", text.encode()).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return locked.unlock("mfa", bytes.fromhex(encrypted_text)).decode()

    def _get_site_name(self) -> str:
        return str(settings.WAGTAIL_SITE_NAME)

    def _get_user_identifier(self, user: Account) -> str:
        """What an authenticator app or a browser shows beside the key."""
        return user.email or phone_of(user) or self._get_site_name()

    def get_public_key_credential_user_entity(self, user: Account) -> dict[str, Any]:
        label = self._get_user_identifier(user)
        return {"id": user.pk.hex.encode(), "display_name": label, "name": label}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff keep at least one second factor; a person may always sign in by code."""
        strong = Authenticator.objects.filter(
            user_id=authenticator.user_id, type__in=standing.STRONG_TYPES
        )
        others = strong.exclude(pk=authenticator.pk)
        is_staff = standing.is_staff(authenticator.user_id, at=clock.now())
        return not is_staff or bool(others.exists())
