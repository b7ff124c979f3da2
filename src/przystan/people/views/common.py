"""What the pages of the sign-in share: who may enter, and how an error is answered."""

from functools import wraps
from typing import Any

from allauth.account.internal.stagekit import clear_login
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from przystan.core import clock
from przystan.core.errors import TooManyRequestsError
from przystan.core.middleware import error_page
from przystan.people import audit, standing
from przystan.people.adapter import AccountAdapter, actor_for, did_prove_recently
from przystan.people.http import ActorRequest, P, View, signed_in
from przystan.people.models import Account


class Unprocessable:
    """Mixed into a form's view: a form with errors is answered with 422, like everywhere here."""

    def form_invalid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # the view's
        if response.status_code == 200:
            response.status_code = 422
        return response


class StartsAnew:
    """Mixed into a way in: somebody who comes back may want another one, so nothing waits."""

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> None:
        clear_login(request)


def account_of(request: HttpRequest) -> Account:
    """The account that is signed in; for views behind `signed_in`."""
    if not isinstance(request.user, Account):
        raise Http404
    return request.user


def record(request: HttpRequest, act: str) -> None:
    """Audit an act of somebody on their own account."""
    holder = account_of(request)
    audit.record(actor_for(holder, request), act, subject=holder.subject)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer to allauth's own limits; `handler429` of the project."""
    reason = _("Too many attempts. Wait five minutes and try again.")
    return error_page(request, TooManyRequestsError(reason, retry_after_s=300))


def for_staff(view: View[P]) -> View[P]:
    """Pages of staff's password and authenticator app; a person has neither, and gets 404."""

    @wraps(view)
    def guarded(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not standing.is_staff(account_of(request).pk, at=clock.now()):
            raise Http404
        return view(request, *args, **kwargs)

    return signed_in(guarded)


def proved_recently(view: View[P]) -> View[P]:
    """Ask again for a code, passkey or app before what changes the ways in."""

    @wraps(view)
    def guarded(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if did_prove_recently(request):
            return view(request, *args, **kwargs)
        first = AccountAdapter(request).get_reauthentication_methods(account_of(request))[0]
        # What was posted is not kept: after the proof the page is opened anew.
        return redirect(f"{first['url']}?{urlencode({'next': request.path})}")

    return signed_in(guarded)
