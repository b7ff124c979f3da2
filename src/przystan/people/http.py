"""Requests that know who acts, and the decorators that say who may enter a view."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from przystan.people import policy
from przystan.people.actor import Actor

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
P = ParamSpec("P")
View = Callable[Concatenate["ActorRequest", P], HttpResponseBase]


class ActorRequest(HttpRequest):
    """A request after the middleware `people.middleware.WithActor`."""

    actor: Actor
    htmx: HtmxDetails
    # Somebody with a role in an office whose session has not shown a second factor.
    is_second_factor_missing: bool


def signed_in(view: View[P]) -> View[P]:
    """Let in everybody who is signed in; send others to the sign-in and back."""

    @wraps(view)
    def guarded(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.actor.account_id is None:
            return _to_sign_in(request, "account_login")
        return view(request, *args, **kwargs)

    return guarded


def staff_only(permission: str) -> Callable[[View[P]], View[P]]:
    """Let in staff who have `permission`; for others the page does not exist (AbsentError).

    A visitor is sent to the staff's sign-in, whatever the rest of the address says.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(
            request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            return refusal(request, permission) or view(request, *args, **kwargs)

        return guarded

    return decorate


def refusal(request: ActorRequest, permission: str) -> HttpResponseBase | None:
    """None for staff who may; the way to the sign-in for a visitor; AbsentError for the rest."""
    if request.actor.account_id is None:
        return _to_sign_in(request, "people_staff_sign_in")
    policy.require(request.actor, permission)
    return None


_GUARDS: dict[str, str] = {}


def guard_prefix(prefix: str, permission: str) -> None:
    """Ask `permission` for every address below `prefix`: for pages that are not our views.

    Called in an app's `ready()`, for example `guard_prefix("/editors/", "editors.enter")`.
    """
    _GUARDS[prefix] = permission


def guards() -> dict[str, str]:
    """Prefix -> permission, for the access matrix."""
    return dict(_GUARDS)


def _to_sign_in(request: HttpRequest, name: str) -> HttpResponseBase:
    # What was posted is not sent again on its own after the sign-in; the page is opened anew.
    if request.method not in SAFE_METHODS:
        return redirect(name)
    return redirect_to_login(request.get_full_path(), reverse(name))
