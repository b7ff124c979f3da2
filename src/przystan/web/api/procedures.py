"""Procedures over the API: what there is, and what facts come to. Nothing is stored here."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router

from przystan.core import clock
from przystan.core.errors import PrzystanError
from przystan.procedures import api as procedures
from przystan.rules import FactError
from przystan.web.api.access import WithScope
from przystan.web.api.schemas import AnswerOut, BatchIn, CheckIn, ErrorOut

router = Router(tags=["procedures"])
_checks = WithScope("procedures.check")


@router.get("/procedures", summary="Procedures of a day, with the schema of their facts")
def listed(request: HttpRequest, on: date | None = None) -> dict[str, Any]:
    return procedures.described_on(on or clock.today())


# Before the address of one procedure, which would take it for an id.
@router.post(
    "/procedures/check-batch",
    auth=_checks,
    response={200: list[dict[str, Any]]},
    summary="Check many at once; what is wrong with one is said in its place",
)
def check_batch(request: HttpRequest, body: BatchIn) -> list[dict[str, Any]]:
    return [_one(item.id, item.procedure, item) for item in body.checks]


@router.get(
    "/procedures/{id}",
    response={200: dict[str, Any], 404: ErrorOut},
    summary="One procedure with its facts",
)
def one(request: HttpRequest, id: str, on: date | None = None) -> dict[str, Any]:
    return procedures.described_one(id, on or clock.today())


@router.post(
    "/procedures/{id}/check",
    auth=_checks,
    response={200: AnswerOut, 404: ErrorOut, 422: ErrorOut},
    summary="Check facts as of a day; nothing is stored",
)
def check(request: HttpRequest, id: str, body: CheckIn) -> dict[str, Any]:
    return procedures.checked(id, body.facts, body.on or clock.today())


def _one(id: str, procedure: str, item: CheckIn) -> dict[str, Any]:
    try:
        return {"id": id, **procedures.checked(procedure, item.facts, item.on or clock.today())}
    except FactError as error:
        return {"id": id, "error": fact_error(error)}
    except PrzystanError as error:
        return {"id": id, "error": {"reason": str(error.reason)}}


def fact_error(error: FactError) -> dict[str, Any]:
    return {"fact": error.fact, "reason": error.reason, "remedy": error.remedy}
