"""The first version of the API, with errors that say what happened and what to do."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from przystan.core.errors import PrzystanError, TooManyRequestsError
from przystan.rules import FactError
from przystan.web.api import checks, procedures
from przystan.web.api.checks import FactsError
from przystan.web.api.procedures import fact_error


class ObjectsOnly(Parser):
    """Every body is a JSON object; an empty list would pass for an empty one."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        body = super().parse_body(request)
        if not isinstance(body, dict):
            raise TypeError("no object")
        return body


api = NinjaAPI(
    title="Przystań",
    version="1",
    description="Procedures of Polish law for immigrants: what applies, why, what it costs, "
    "until when. Information, not a decision.",
    docs_url=None,  # its page loads scripts from elsewhere; the schema is enough
    openapi_url="/openapi.json",
    docs_decorator=require_safe,
    urls_namespace="api",
    parser=ObjectsOnly(),
)
api.add_router("", procedures.router)
api.add_router("", checks.router)


def _answer(request: HttpRequest, status: int, reason: object, **more: Any) -> HttpResponse:
    error = {"reason": str(reason), **more}
    return _told(request, status, {"error": error})


def _told(request: HttpRequest, status: int, document: dict[str, Any]) -> HttpResponse:
    reference = getattr(request, "reference", "")
    return api.create_response(request, {**document, "reference": reference}, status=status)


@api.exception_handler(FactsError)
def _facts(request: HttpRequest, error: FactsError) -> HttpResponse:
    errors = [fact_error(each) for each in error.errors]
    return _told(request, 422, {"error": errors[0], "errors": errors})


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


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is no JSON; what it holds is not repeated."""
    reason = _("The body could not be read. Send JSON in UTF-8, as /api/v1/openapi.json says.")
    return _answer(request, error.status_code, reason)
