"""What every request gets: a reference number, headers, limits, and errors with a reason."""

import sys
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from przystan.core import logs, ratelimit
from przystan.core.errors import PrzystanError, TooManyRequestsError, new_reference

Next = Callable[[HttpRequest], HttpResponse]
_LOG = logs.get(__name__)

# Seconds after which it is worth asking again when the database is away.
OUTAGE_S = 10

# Prefixes of other people's pages (Wagtail's editors' room): they keep their own policy.
OWN_CSP_ELSEWHERE = ("/editors/",)
CSP = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
EDITORS_CSP = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"


class RequestReference:
    """Give each request a number that the log, the error page and the caller share."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reference = new_reference()
        request.reference = reference  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(reference=reference)
        started = time.monotonic()
        response = self.get_response(request)
        response["X-Request-Reference"] = reference
        match = getattr(request, "resolver_match", None)
        _LOG.info(
            "request",
            # The route, not the path: an address may hold an id or a token.
            route=getattr(match, "route", None),
            method=request.method,
            status=response.status_code,
            ms=round((time.monotonic() - started) * 1000, 1),
        )
        return response


class SecurityHeaders:
    """The strict policy of our pages; others' pages have their own, one prefix each."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_elsewhere = request.path.startswith(OWN_CSP_ELSEWHERE)
        response.setdefault("Content-Security-Policy", EDITORS_CSP if is_elsewhere else CSP)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class RateLimits:
    """A ceiling per address and per session over all pages; some views add their own."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith((settings.STATIC_URL, "/healthz", "/readyz")):
            return self.get_response(request)
        address = ratelimit.Limit("address", settings.RATE_LIMIT_ADDRESS)
        session = ratelimit.Limit("session", settings.RATE_LIMIT_SESSION)
        try:
            ratelimit.require(address, ratelimit.address_of(request))
            if cookie := request.COOKIES.get(settings.SESSION_COOKIE_NAME):
                ratelimit.require(session, cookie)
        except TooManyRequestsError as error:
            return error_page(request, error)
        return self.get_response(request)


class ReasonedErrors:
    """Turn our errors into a page that says what happened, what to do, and a reference."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, PrzystanError):
            return error_page(request, error)
        if isinstance(error, Http404):
            return None
        _LOG.error("request.failed", exc_info=True)
        return None


def error_page(request: HttpRequest, error: PrzystanError) -> HttpResponse:
    """The page for an error of ours, in the person's language, with its status."""
    context: dict[str, object] = {
        "reason": error.reason,
        "reference": getattr(request, "reference", ""),
    }
    if not isinstance(error, TooManyRequestsError):
        return render(request, "errors/error.html", context, status=error.status)
    context["retry_after_s"] = error.retry_after_s
    response = render(request, "errors/429.html", context, status=error.status)
    response["Retry-After"] = str(error.retry_after_s)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(
        request,
        PrzystanError(
            _("This request could not be read. Go back, check the form and send it again.")
        ),
    )


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(
        request,
        PrzystanError(
            _(
                "This form is out of date or came from elsewhere. "
                "Open the page again and send it anew."
            ),
            status=403,
        ),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(
        request,
        PrzystanError(
            _("There is no such page, or the link has expired. Start again from the home page."),
            status=404,
        ),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    # Django calls this while it handles what was raised.
    is_away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    response = error_page(
        request,
        PrzystanError(
            _(
                "Something broke on our side. Try again in a minute; "
                "if it happens again, tell us the number below."
            ),
            status=503 if is_away else 500,
        ),
    )
    if is_away:
        # The database is away or busy: proxies and browsers may try again by themselves.
        response["Retry-After"] = str(OUTAGE_S)
    return response
