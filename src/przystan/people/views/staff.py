"""Staff's way in: a password and a second factor, and how both are set."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from przystan.people import audit, standing
from przystan.people.adapter import AccountAdapter, actor_for
from przystan.people.forms import StaffSignInForm
from przystan.people.http import ActorRequest, signed_in
from przystan.people.models import Account
from przystan.people.views.common import (
    StartsAnew,
    Unprocessable,
    account_of,
    record,
    too_many_requests,
)


class StaffSignIn(Unprocessable, StartsAnew, account.LoginView):  # type: ignore[misc]  # allauth ships no types
    """Password first; allauth's stages then ask for the second factor."""

    form_class = StaffSignInForm
    template_name = "people/staff_sign_in.html"

    def get_form_class(self) -> type[Form]:
        return StaffSignInForm

    def form_invalid(self, form: Form) -> HttpResponse:
        if form.has_error("__all__", "too_many_login_attempts"):
            return too_many_requests(self.request)
        return super().form_invalid(form)


class SecondFactor(mfa.AuthenticateView):  # type: ignore[misc]  # allauth ships no types
    def form_invalid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response


class AskReset(Unprocessable, account.PasswordResetView):  # type: ignore[misc]  # allauth ships no types
    pass


class ConfirmReset(Unprocessable, account.ConfirmPasswordResetCodeView):  # type: ignore[misc]  # allauth ships no types
    pass


class CompleteReset(Unprocessable, account.CompletePasswordResetView):  # type: ignore[misc]  # allauth ships no types
    def form_valid(self, form: Form) -> HttpResponse:
        holder: Account = self._process.user
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            actor = actor_for(holder, self.request)
            audit.record(actor, "people.password_reset", subject=holder.subject)
        return response


class ChangePassword(Unprocessable, account.PasswordChangeView):  # type: ignore[misc]  # allauth ships no types
    def form_valid(self, form: Form) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            record(self.request, "people.password_changed")
        return response

    def get_default_success_url(self) -> str:
        return reverse("people_account")


class SetPassword(Unprocessable, account.PasswordSetView):  # type: ignore[misc]  # allauth ships no types
    """For staff who had signed in by code before they became staff."""

    def form_valid(self, form: Form) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            record(self.request, "people.password_set")
        return response

    def get_default_success_url(self) -> str:
        return reverse("people_account")


@signed_in
def second_factor_needed(request: ActorRequest) -> HttpResponse:
    """Where staff without a second factor end up, whatever they asked for."""
    if not request.is_second_factor_missing:
        return redirect("people_account")
    holder = account_of(request)
    words = {
        "has_second_factor": standing.has_second_factor(holder.pk),
        "methods": AccountAdapter(request).get_reauthentication_methods(holder),
    }
    return render(request, "people/second_factor.html", words)


class AddApp(Unprocessable, totp.ActivateTOTPView):  # type: ignore[misc]  # allauth ships no types
    """An authenticator app; whoever types its code has shown a second factor."""

    def form_valid(self, form: Form) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            standing.proved(self.request, account_of(self.request), "mfa", type="totp")
            record(self.request, "people.app_added")
        return response


class RemoveApp(Unprocessable, totp.DeactivateTOTPView):  # type: ignore[misc]  # allauth ships no types
    def form_valid(self, form: Form) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            record(self.request, "people.app_removed")
        return response


class NewRecoveryCodes(Unprocessable, recovery.GenerateRecoveryCodesView):  # type: ignore[misc]  # allauth ships no types
    def form_valid(self, form: Form) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            record(self.request, "people.recovery_codes_made")
        return response
