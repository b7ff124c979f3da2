"""Who acts, known to every view; staff without a second factor, or too long away, go nowhere."""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from przystan.core import clock
from przystan.core.errors import AbsentError
from przystan.core.middleware import error_page
from przystan.people import http, idle, standing

# What staff without a second factor may open: sign-in, its set-up, sign-out. By URL name.
OPEN_WITHOUT_SECOND_FACTOR = frozenset(
    {
        "account_confirm_login_code",
        "account_inactive",
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_request_login_code",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "people_second_factor",
        "people_staff_sign_in",
    }
)


class WithActor:
    """Sets `request.actor`. After AuthenticationMiddleware and allauth's AccountMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = cast(http.ActorRequest, request)
        found = standing.of_request(request, at=clock.now())
        asked.actor = found.actor
        asked.is_second_factor_missing = found.is_second_factor_missing
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        asked = cast(http.ActorRequest, request)
        if answer := idle.sign_out_if_idle(asked, at=clock.now()):
            return answer
        if asked.is_second_factor_missing and not _is_open(request):
            return redirect("people_second_factor")
        # After CsrfViewMiddleware has let the form pass: a forged one makes no session.
        # A connected system shows its key each time and keeps no cookie.
        if request.method not in http.SAFE_METHODS and not request.path_info.startswith("/api/"):
            standing.ensure_session(request)
        return _refused_by_prefix(asked)


def _refused_by_prefix(request: http.ActorRequest) -> HttpResponseBase | None:
    for prefix, permission in http.guards().items():
        if request.path_info.startswith(prefix):
            try:
                return http.refusal(request, permission)
            except AbsentError as absent:
                # Django hands errors of a view to ReasonedErrors, but not those of a middleware.
                return error_page(request, absent)
    return None


def _is_open(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.url_name in OPEN_WITHOUT_SECOND_FACTOR
