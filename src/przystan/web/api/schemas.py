"""Shapes of the API. Money is integer grosz, days are ISO 8601 in Warsaw's calendar."""

from datetime import date
from typing import Any

from ninja import Field, Schema


class CheckIn(Schema):
    """Facts to be checked. Their names and types: GET /api/v1/procedures."""

    facts: dict[str, Any] = Field(
        default_factory=dict,
        description='Fact id to value: dates as "2026-12-31", money in grosz, a list as an array '
        'or {"items": [], "complete": false}, {"unknown": "person_does_not_know"}.',
        max_length=300,
    )
    on: date | None = Field(None, description="The day whose law is asked; default: today.")


class BatchIn(Schema):
    checks: list["BatchItem"] = Field(max_length=1_000)


class BatchItem(CheckIn):
    id: str = Field("", max_length=200)
    procedure: str = Field(max_length=100)


class QuestionOut(Schema):
    fact: str
    index: int | None = None
    field: str | None = None
    is_more: bool = False


class ReasonOut(Schema):
    rule: str
    holds: Any = None
    act: str | None = None
    provision: str | None = None
    page: str | None = None
    row: int | None = None


class TermOut(Schema):
    id: str
    day: date | None


class DocumentOut(Schema):
    id: str
    needed: bool | None = Field(description="null while it depends on what is not known")
    translation: bool


class FeeOut(Schema):
    id: str
    grosz: int | None


class ChangeOut(Schema):
    facts: dict[str, Any]
    outcome: str | None


class VersionOut(Schema):
    valid_from: date
    revision: int


class ChangesOnOut(Schema):
    on: date
    outcome: str | None


class AnswerOut(Schema):
    """What a check comes to. `outcome` is null while several are possible."""

    procedure: str
    version: VersionOut
    on: date
    law_day: date
    outcome: str | None
    status: str = Field(
        description="decided, to_verify, needs_facts, needs_official or contradictory"
    )
    verdict: str | None
    possible: list[str]
    because: list[ReasonOut]
    decisive_facts: dict[str, Any]
    missing: list[dict[str, Any]]
    next_question: QuestionOut | None
    documents: list[DocumentOut]
    fees: list[FeeOut]
    fee_grosz: int | None
    term: TermOut | None
    terms: list[TermOut]
    authority: str | None
    files_with: str | None
    leads_to: list[str]
    services: list[str]
    articles: list[str]
    law_edition: dict[str, str]
    would_change: list[ChangeOut]
    changes_on: ChangesOnOut | None
    contradictions: list[str]
    offers_human: bool
    sealed: bool


class FactErrorOut(Schema):
    fact: str | None = None
    reason: str
    remedy: str | None = None


class ErrorOut(Schema):
    """What went wrong and what to do; `reference` is also in the log."""

    error: FactErrorOut
    reference: str = ""
