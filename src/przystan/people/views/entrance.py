"""The public's way in: an address and a code, or a passkey."""

from typing import TYPE_CHECKING, Any, TypeAlias

from allauth.account.internal.decorators import login_stage_required
from allauth.account.mixins import NextRedirectMixin, RedirectAuthenticatedUserMixin
from allauth.account.stages import LoginByCodeStage
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic.edit import FormView

from przystan.people import signin
from przystan.people.adapter import AccountAdapter
from przystan.people.forms import CodeForm, SignInForm
from przystan.people.views.common import StartsAnew, Unprocessable

if TYPE_CHECKING:
    AddressPage: TypeAlias = FormView[SignInForm]
    CodePage: TypeAlias = FormView[CodeForm]
else:
    AddressPage = CodePage = FormView


@method_decorator(never_cache, name="dispatch")
class SignIn(
    Unprocessable,
    StartsAnew,
    RedirectAuthenticatedUserMixin,  # type: ignore[misc]  # allauth ships no types
    NextRedirectMixin,  # type: ignore[misc]
    AddressPage,
):
    """An address; then a code is on its way to it."""

    form_class = SignInForm
    template_name = "people/sign_in.html"

    def form_valid(self, form: SignInForm) -> HttpResponse:
        address: str = form.cleaned_data["address"]
        signin.require_within_limits(self.request, address)
        signin.SignInCode.start(self.request, address)
        return redirect(self.passthrough_next_url(reverse("account_confirm_login_code")))

    def get_success_url(self) -> str:
        return str(self.get_next_url() or AccountAdapter().get_login_redirect_url(self.request))


@method_decorator(
    login_stage_required(stage=LoginByCodeStage.key, redirect_urlname="account_login"),
    name="dispatch",
)
class ConfirmSignIn(Unprocessable, NextRedirectMixin, CodePage):  # type: ignore[misc]  # allauth ships no types
    """The code of a sign-in under way: three attempts, fifteen minutes."""

    form_class = CodeForm
    template_name = "people/confirm_sign_in.html"
    process: signin.SignInCode

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stage = request._login_stage  # type: ignore[attr-defined]  # set by the decorator
        process = signin.SignInCode.resume(stage)
        if process is None:
            messages.error(request, _("The code is too old. Ask for a new one."))
            return redirect("account_login")
        self.process = process
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action") == "resend" and self.process.can_resend:
            self.process.resend()
            return redirect(self.passthrough_next_url(request.path))
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "expected": self.process.code}

    def form_valid(self, form: CodeForm) -> HttpResponse:
        return self.process.finish(self.get_next_url())

    def form_invalid(self, form: Form) -> HttpResponse:
        if self.process.record_invalid_attempt():
            return super().form_invalid(form)
        messages.error(self.request, _("Too many attempts. Ask for a new code."))
        return redirect("account_login")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "address": self.process.address,
            "can_resend": self.process.can_resend,
            "minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60,
        }


class PasskeySignIn(StartsAnew, webauthn.LoginWebAuthnView):  # type: ignore[misc]  # allauth ships no types
    """A passkey instead of a code; JavaScript asks for the challenge and posts the answer."""

    def form_invalid(self, form: Form) -> HttpResponse:
        messages.error(
            self.request, _("This passkey is not known here. Sign in with a code instead.")
        )
        return redirect("account_login")


def sign_up(request: HttpRequest) -> HttpResponse:
    """There is one door; a link that says "sign up" leads to it."""
    way_back = get_next_redirect_url(request)
    query = f"?{urlencode({'next': way_back})}" if way_back else ""
    return redirect(f"{reverse('account_login')}{query}")
