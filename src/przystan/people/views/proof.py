"""Confirming that it is still them, before what changes the ways in."""

import time

from allauth.account import views as account
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base import views as mfa
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from przystan.core import clock
from przystan.people import signin, standing
from przystan.people.adapter import AccountAdapter, phone_of
from przystan.people.forms import CodeForm
from przystan.people.http import ActorRequest, signed_in
from przystan.people.models import Account
from przystan.people.views.common import Unprocessable, account_of

# Where a session remembers the code that confirms its holder.
CONFIRM = "people.confirm"


class PasswordAgain(Unprocessable, account.ReauthenticateView):  # type: ignore[misc]  # allauth ships no types
    pass


class SecondFactorAgain(Unprocessable, mfa.ReauthenticateView):  # type: ignore[misc]  # allauth ships no types
    pass


class PasskeyAgain(webauthn.ReauthenticateWebAuthnView):  # type: ignore[misc]  # allauth ships no types
    def form_invalid(self, form: Form) -> HttpResponse:
        messages.error(self.request, _("This passkey is not the right one. Try again."))
        return redirect(self.request.get_full_path())


@never_cache
@signed_in
@require_http_methods(["GET", "POST"])
def confirm_by_code(request: ActorRequest) -> HttpResponse:
    """A person confirms that it is them by a code sent to their own address."""
    holder = account_of(request)
    if standing.is_staff(holder.pk, at=clock.now()):
        raise Http404
    way_on = get_next_redirect_url(request) or reverse("people_account")
    waiting = _waiting_code(request)
    if request.method != "POST":
        return _confirm_page(request, holder, CodeForm() if waiting else None)
    if "code" not in request.POST:
        _send_confirmation(request, holder)
        return redirect(request.get_full_path())
    form = CodeForm(request.POST, expected=waiting)
    if form.is_valid():
        del request.session[CONFIRM]
        standing.proved(request, holder, "code")
        return redirect(way_on)
    _count_attempt(request)
    return _confirm_page(request, holder, form, status=422)


def _confirm_page(
    request: ActorRequest, holder: Account, form: CodeForm | None, status: int = 200
) -> HttpResponse:
    words = {
        "form": form if _waiting_code(request) else None,
        "address": holder.email or phone_of(holder),
        "minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60,
        "next": get_next_redirect_url(request) or "",
    }
    return render(request, "people/confirm_by_code.html", words, status=status)


def _send_confirmation(request: ActorRequest, holder: Account) -> None:
    address = holder.email or phone_of(holder)
    signin.require_within_limits(request, address)
    adapter = AccountAdapter(request)
    code = adapter.generate_login_code()
    request.session[CONFIRM] = {"code": code, "at": time.time(), "failed": 0}
    words = {"code": code, "minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60}
    if holder.email:
        adapter.send_mail("people/letters/code", address, words)
    else:
        adapter.send_sms("people/letters/code_sms.txt", address, words)


def _waiting_code(request: HttpRequest) -> str:
    """The code that was sent, or empty when there is none, it is too old or tried too often."""
    waiting = request.session.get(CONFIRM)
    if not isinstance(waiting, dict):
        return ""
    is_old = time.time() - waiting["at"] > settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT
    if is_old or waiting["failed"] >= settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS:
        return ""
    return str(waiting["code"])


def _count_attempt(request: HttpRequest) -> None:
    if waiting := request.session.get(CONFIRM):
        request.session[CONFIRM] = {**waiting, "failed": waiting["failed"] + 1}
