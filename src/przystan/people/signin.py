"""One door for the public: an address, a code sent to it, and whoever types the code is in.

There is no separate sign-up. Known and unknown addresses get the same page, the same status and
a letter of the same kind; the account of an unknown one is made when its code comes back, so a
typed address leaves nothing behind. Staff get a letter that sends them to their own sign-in.
"""

from typing import Literal, Self

from allauth.account import app_settings
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress, Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.mfa.stages import AuthenticateStage
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from przystan.core import clock, ratelimit
from przystan.core.ids import new_id
from przystan.people import audit, standing
from przystan.people.actor import Actor
from przystan.people.adapter import AccountAdapter, account_by_phone, set_phone
from przystan.people.models import Account

# Codes asked for: by one network address (a shelter shares one), and for one address or number.
PER_PLACE = ratelimit.Limit("sign-in-code-place", 20)
PER_ADDRESS = (
    ratelimit.Limit("sign-in-code", 3),
    ratelimit.Limit("sign-in-code-day", 20, window_s=24 * 60 * 60),
)

LetterKind = Literal["code", "staff", "closed"]


def require_within_limits(request: HttpRequest, address: str) -> None:
    """Raise TooManyRequestsError (429) when too many codes were asked for."""
    ratelimit.require(PER_PLACE, ratelimit.address_of(request))
    for limit in PER_ADDRESS:
        ratelimit.require(limit, address)


def account_of(address: str) -> Account | None:
    """The account that signs in with this e-mail address (lower case) or number (E.164)."""
    if "@" in address:
        return Account.objects.filter(email=address).first()
    return account_by_phone(address)


def letter_kind(account: Account | None) -> LetterKind:
    # Asked about unknown addresses too: they must not be answered sooner than known ones.
    is_staff = standing.is_staff(account.pk if account else new_id(), at=clock.now())
    if account is not None and not account.is_active:
        return "closed"
    return "staff" if is_staff else "code"


class SignInCode(LoginCodeVerificationProcess):  # type: ignore[misc]  # allauth ships no types
    """A sign-in that waits for its code; its state lies in the (locked) session."""

    @classmethod
    def start(cls, request: HttpRequest, address: str) -> Self:
        """Send a code and remember it; the caller has checked the limits."""
        account = account_of(address)
        login = Login(user=None)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        controller = LoginStageController(request, login)
        stage = LoginByCodeStage(controller, request, login)
        is_mail = "@" in address
        stage.state.update(
            cls.initial_state(
                user=account,
                email=address if is_mail else None,
                phone=None if is_mail else address,
            )
        )
        stage.state["initiated_by_user"] = True
        process = cls(stage=stage)
        process._user = account  # else allauth looks known ones up once more
        process.send()
        process.persist()
        return process

    @classmethod
    def resume(cls, stage: LoginByCodeStage) -> Self | None:
        """The waiting sign-in, or None when it is too old."""
        process: Self | None = cls(stage=stage).abort_if_invalid()
        return process

    @property
    def address(self) -> str:
        return str(self.state.get("email") or self.state["phone"])

    def send(self, skip_enumeration_mails: bool = False) -> None:
        """A fresh code for whoever may use one; else a letter that says which way is theirs."""
        kind = letter_kind(self.user)
        adapter = AccountAdapter()
        self.state["code"] = adapter.generate_login_code() if kind == "code" else ""
        words = {
            "code": self.state["code"],
            "minutes": app_settings.LOGIN_BY_CODE_TIMEOUT // 60,
            "staff_url": self.request.build_absolute_uri(reverse("people_staff_sign_in")),
        }
        if "email" in self.state:
            adapter.send_mail(f"people/letters/{kind}", self.address, words)
        else:
            adapter.send_sms(f"people/letters/{kind}_sms.txt", self.address, words)

    def resend(self) -> None:
        """A new code in place of the old one, within the same limits."""
        require_within_limits(self.request, self.address)
        self.send()
        self.record_resend()
        self.persist()

    def finish(self, redirect_url: str | None) -> HttpResponse:
        """The code was right: sign in, as the account of this address or a new one."""
        # Taken out first: whatever happens next, the code has been used.
        clear_login(self.request)
        account = self._account()
        if letter_kind(account) == "staff":
            # Became staff while the code was under way.
            return redirect("people_staff_sign_in")
        record_authentication(self.request, account, method="code", reauthenticated=True)
        response: HttpResponse = perform_login(
            self.request, Login(user=account, redirect_url=redirect_url)
        )
        return response

    def _account(self) -> Account:
        return account_of(self.address) or _new_account(self.address)


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]  # allauth ships no types
    """Asked of staff alone: to a person a passkey is a convenience, and a code always works."""

    def _should_handle(self, request: HttpRequest) -> bool:
        account = self.login.user
        if account is None or not standing.is_staff(account.pk, at=clock.now()):
            return False
        return bool(super()._should_handle(request))


def _new_account(address: str) -> Account:
    """An account for a proved address. Two tabs at once make one."""
    with transaction.atomic():
        if "@" in address:
            account, is_new = Account.objects.get_or_create(email=address)
            EmailAddress.objects.get_or_create(
                user=account, email=address, defaults={"verified": True, "primary": True}
            )
        else:
            account, is_new = Account.objects.create_user(None), True
            set_phone(account, address)
        if is_new:
            account.set_unusable_password()
            account.save(update_fields=["password"])
            actor = Actor(role="person", subject=account.subject, purpose="sign-in")
            audit.record(actor, "people.account_made", subject=account.subject)
    return account
