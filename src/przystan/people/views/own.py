"""One's own account: what one signs in with, and for which office one works."""

from typing import Any
from uuid import UUID

from allauth.account import views as account
from allauth.core.exceptions import RateLimited
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from przystan.core import clock
from przystan.people import audit, roles, standing
from przystan.people.adapter import phone_of
from przystan.people.http import ActorRequest, signed_in
from przystan.people.models import Membership
from przystan.people.views.common import Unprocessable, account_of, record, too_many_requests


@never_cache
@signed_in
def own_account(request: ActorRequest) -> HttpResponse:
    """What one signs in with, and for which office one works."""
    holder = account_of(request)
    found = standing.memberships_of(holder.pk, at=clock.now())
    keys = Authenticator.objects.filter(user_id=holder.pk)
    words = {
        "email": holder.email,
        "phone": phone_of(holder),
        "is_staff": bool(found),
        "membership": next(
            (one for one in found if one.office_id == request.actor.office_id), None
        ),
        "role": roles.book().role(request.actor.role).label,
        "has_several_offices": len(found) > 1,
        "has_app": keys.filter(type=Authenticator.Type.TOTP).exists(),
        "passkey_count": keys.filter(type=Authenticator.Type.WEBAUTHN).count(),
    }
    return render(request, "people/account.html", words)


@never_cache
@signed_in
@require_http_methods(["GET", "POST"])
def choose_office(request: ActorRequest) -> HttpResponse:
    """Somebody who works in several offices says for which one they act now."""
    holder = account_of(request)
    found = standing.memberships_of(holder.pk, at=clock.now())
    if not found:
        raise Http404
    if request.method == "POST":
        chosen = _membership_asked_for(request, found)
        with transaction.atomic():
            audit.record(
                request.actor,
                "people.office_chosen",
                subject=holder.subject,
                ids=[chosen.pk],
                office_id=chosen.office_id,
            )
        request.session[standing.OFFICE] = str(chosen.pk)
        return redirect("people_account")
    choices = [
        {
            "value": str(one.pk),
            "label": one.office.name,
            "hint": roles.book().role(one.role).label,
            "is_chosen": (one.office_id, one.role) == (request.actor.office_id, request.actor.role),
        }
        for one in found
    ]
    return render(request, "people/office.html", {"choices": choices})


def _membership_asked_for(request: HttpRequest, found: list[Membership]) -> Membership:
    """One of the person's own; another's and an absent one are both 404."""
    try:
        asked = UUID(request.POST.get("membership", ""))
    except ValueError as error:
        raise Http404 from error
    for membership in found:
        if membership.pk == asked:
            return membership
    raise Http404


class ChangeEmail(Unprocessable, account.EmailView):  # type: ignore[misc]  # allauth ships no types
    """A new address, in place of the old one once its code came back."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "action_add" not in request.POST:
            raise Http404
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response


class ConfirmEmail(Unprocessable, account.ConfirmEmailVerificationCodeView):  # type: ignore[misc]  # allauth ships no types
    def _verify_form_valid(self, form: Form) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super()._verify_form_valid(form)
            record(self.request, "people.email_changed")
        return response


class ChangePhone(Unprocessable, account.ChangePhoneView):  # type: ignore[misc]  # allauth ships no types
    def form_valid(self, form: Form) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except RateLimited:
            return too_many_requests(self.request)
        return response


class ConfirmPhone(Unprocessable, account._VerifyPhoneChangeView):  # type: ignore[misc]  # allauth ships no types
    def _verify_form_valid(self, form: Form) -> HttpResponse:
        with transaction.atomic():
            super()._verify_form_valid(form)
            record(self.request, "people.phone_changed")
        return redirect("people_account")
