"""Checks over the API that are kept: begun, answered fact by fact, finished, explained.

Who calls is an office's key; a check of another office does not exist for it.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Status
from ninja.params import HeaderEx, P, PathEx

from przystan.core import clock
from przystan.people.tokens import Key
from przystan.procedures import api as procedures
from przystan.procedures.data import Answer, AskedFact, CheckView
from przystan.rules import FactError
from przystan.web.api.access import WithScope
from przystan.web.api.schemas import (
    AnswerOut,
    CheckOut,
    ErrorOut,
    ExplanationOut,
    FactErrorsOut,
    FactsIn,
    StartIn,
)

Lang = Literal["pl", "en", "uk", "ru"]
FACT_ID = r"^[a-z][a-z0-9_]{0,59}$"

router = Router(tags=["checks"], auth=WithScope("checks.write"))
_REFUSED = {404: ErrorOut, 422: FactErrorsOut}


class FactsError(FactError):
    """Facts that cannot be taken, each with its reason and remedy; nothing was stored."""

    def __init__(self, errors: list[FactError]) -> None:
        super().__init__(errors[0].fact, errors[0].reason, errors[0].remedy)
        self.errors = errors


@router.post(
    "/checks",
    response={201: CheckOut, 200: CheckOut, 409: ErrorOut, **_REFUSED},
    summary="Begin a check; with an Idempotency-Key the same request begins one",
)
def start(
    request: HttpRequest,
    body: StartIn,
    lang: Lang = "pl",
    idempotency_key: HeaderEx[str, P(alias="Idempotency-Key", max_length=200)] = "",
) -> Status[dict[str, Any]]:
    """201 for a check that was begun now, 200 for one that this key had begun before."""
    key, on = _key(request), body.on or clock.today()
    catalogue = procedures.catalogue()
    with transaction.atomic():
        try:
            begun = procedures.begin_check(
                catalogue,
                body.procedure,
                body.facts,
                actor=key.actor,
                lang=lang,
                channel="api",
                on=on,
                at=clock.now(),
                key=idempotency_key,
                holder=str(key.id),
            )
        except FactError as error:
            raise FactsError(_each(body.procedure, body.facts, on) or [error]) from error
        if begun.sealed is not None:
            return Status(201, _gone(begun.sealed, lang))
        return Status(201 if begun.is_new else 200, _shown(request, begun.id, lang))


@router.get(
    "/checks/{id}",
    response={200: CheckOut, 404: ErrorOut},
    summary="A check: what it comes to, and the next question in words",
)
def one(request: HttpRequest, id: UUID, lang: Lang = "pl") -> dict[str, Any]:
    return _shown(request, id, lang)


@router.put(
    "/checks/{id}/facts",
    response={200: CheckOut, **_REFUSED},
    summary="State facts, several at once; all are taken or none",
)
def state(request: HttpRequest, id: UUID, body: FactsIn, lang: Lang = "pl") -> dict[str, Any]:
    actor = _key(request).actor
    with transaction.atomic():
        view = procedures.check(id, actor=actor)
        known = {**view.facts, **body.facts}
        try:
            procedures.only_read(procedures.catalogue(), view.procedure, known, view.on)
            step = procedures.state_facts(id, body.facts, actor=actor, source="api", at=clock.now())
        except FactError as error:
            raise FactsError(_each(view.procedure, body.facts, view.on) or [error]) from error
        if step.sealed is not None:
            return _gone(step.sealed, lang)
        return _shown(request, id, lang)


@router.delete(
    "/checks/{id}/facts/{fact}",
    response={200: CheckOut, 404: ErrorOut},
    summary="Take a fact back, with what is on record of it",
)
def forget_fact(
    request: HttpRequest, id: UUID, fact: PathEx[str, P(pattern=FACT_ID)], lang: Lang = "pl"
) -> dict[str, Any]:
    with transaction.atomic():
        procedures.forget_fact(id, fact, actor=_key(request).actor, at=clock.now())
        return _shown(request, id, lang)


@router.post(
    "/checks/{id}/finish",
    response={200: AnswerOut, 404: ErrorOut, 409: ErrorOut},
    summary="Keep the check as it is; 409 while a question is open or two facts contradict",
)
def finish(request: HttpRequest, id: UUID) -> dict[str, Any]:
    answer = procedures.finish(id, actor=_key(request).actor, at=clock.now())
    return procedures.as_json(answer)


@router.get(
    "/checks/{id}/explanation",
    response={200: ExplanationOut, 404: ErrorOut},
    summary="What a check comes to, and why, in sentences",
)
def explanation(request: HttpRequest, id: UUID, lang: Lang = "pl") -> dict[str, Any]:
    view = procedures.check(id, actor=_key(request).actor)
    return explained(procedures.course(view).answer(), lang)


@router.delete("/checks/{id}", response={204: None, 404: ErrorOut}, summary="Erase a check now")
def forget(request: HttpRequest, id: UUID) -> Status[None]:
    procedures.forget_check(id, actor=_key(request).actor)
    return Status(204, None)


# --- shapes -----------------------------------------------------------------------------------


def _key(request: HttpRequest) -> Key:
    key: Key = request.auth  # type: ignore[attr-defined]  # set by `WithScope`
    return key


def _each(procedure: str, facts: Mapping[str, Any], on: Any) -> list[FactError]:
    """What is wrong with each fact by itself."""
    wrong: list[FactError] = []
    catalogue = procedures.catalogue()
    for fact, value in facts.items():
        try:
            procedures.only_read(catalogue, procedure, {fact: value}, on)
            procedures.course_of(procedure, {fact: value}, on)
        except FactError as error:
            wrong.append(error)
    return wrong


def _shown(request: HttpRequest, id: UUID, lang: str) -> dict[str, Any]:
    view = procedures.check(id, actor=_key(request).actor)
    course = procedures.course(view)
    answer = course.answer()
    return {
        "id": view.id,
        "started_at": view.started_at,
        "updated_at": view.updated_at,
        "is_finished": view.is_finished,
        "facts": course.facts(),
        **_said(view, course, answer, lang),
    }


def _said(view: CheckView, course: procedures.Course, answer: Answer, lang: str) -> dict[str, Any]:
    asked = answer.next_question
    return {
        "lang": lang,
        "answer": procedures.as_json(answer),
        "question": asked_in_words(course, asked, lang) if asked else None,
        "conflicts": _conflicts(
            procedures.conflicts(
                course.catalogue, view.procedure, answer.contradictions, lang, course.law_day
            )
        ),
    }


def _gone(answer: Answer, lang: str) -> dict[str, Any]:
    """A sealed outcome: told once, and nothing of the check is kept."""
    return {
        "id": None,
        "lang": lang,
        "started_at": None,
        "updated_at": None,
        "is_finished": True,
        "facts": {},
        "answer": procedures.as_json(answer),
        "question": None,
        "conflicts": [],
    }


def asked_in_words(course: procedures.Course, asked: AskedFact, lang: str) -> dict[str, Any]:
    """A question as a system shows it to a person."""
    words = procedures.question(course.catalogue, asked.fact, lang, course.law_day)
    return {
        **asdict(asked),
        "lang": lang,
        "label": words.label,
        "question": words.question,
        "short": words.short,
        "why": words.why,
        "how": words.how,
        "shape": words.shape,
        "fields": [_field(field) for field in words.fields],
        "item": words.item,
        "may_be_unknown": words.may_be_unknown,
    }


def _field(field: procedures.Field) -> dict[str, Any]:
    is_country = field.kind == "country"
    return {**asdict(field), "options": {} if is_country else dict(field.options)}


def explained(answer: Answer, lang: str) -> dict[str, Any]:
    """The explanation as JSON, from what every page and paper is made of."""
    found = procedures.explained(procedures.catalogue(), answer, lang)
    document = asdict(found)
    document.pop("big_term")
    document["conflicts"] = _conflicts(found.conflicts)
    return document


def _conflicts(found: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [
        {"sentence": each.sentence, "facts": [fact for fact, _label in each.facts]}
        for each in found
    ]
