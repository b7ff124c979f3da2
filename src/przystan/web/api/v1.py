"""The first version of the API, with errors that say what happened and what to do."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from przystan.core.errors import PrzystanError, TooManyRequestsError
from przystan.rules import FactError
from przystan.web.api import procedures

api = NinjaAPI(
    title="Przystań",
    version="1",
    description="Procedures of Polish law for immigrants: what applies, why, what it costs, "
    "until when. Information, not a decision.",
    docs_url=None,  # its page loads scripts from elsewhere; the schema is enough
    openapi_url="/openapi.json",
    urls_namespace="api",
)
api.add_router("", procedures.router)


def _answer(request: HttpRequest, status: int, reason: object, **more: Any) -> HttpResponse:
    error = {"reason": str(reason), **more}
    reference = getattr(request, "reference", "")
    return api.create_response(request, {"error": error, "reference": reference}, status=status)


@api.exception_handler(FactError)
def _fact(request: HttpRequest, error: FactError) -> HttpResponse:
    return _answer(request, 422, error.reason, fact=error.fact, remedy=error.remedy)


@api.exception_handler(PrzystanError)
def _ours(request: HttpRequest, error: PrzystanError) -> HttpResponse:
    response = _answer(request, error.status, error.reason)
    if isinstance(error, TooManyRequestsError):
        response["Retry-After"] = str(error.retry_after_s)
    return response


@api.exception_handler(AuthenticationError)
def _unknown_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = _answer(
        request, 401, _("Send a valid key in the header: Authorization: Bearer <key>.")
    )
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def _shape(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The first field that does not fit; values are not repeated, they may be personal."""
    first = error.errors[0] if error.errors else {}
    place = ".".join(str(part) for part in first.get("loc", ()))
    return _answer(request, 422, f"{place}: {first.get('msg', 'is not as described')}.")
