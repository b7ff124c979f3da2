"""Shapes of the API. Money is integer grosz, days are ISO 8601 in Warsaw's calendar."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

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
    excludes: list[str]
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


# --- checks that are kept ---------------------------------------------------------------------

FACTS = (
    'Fact id to value: dates as "2026-12-31", money in grosz, a list as an array or '
    '{"items": [], "complete": false}, {"unknown": "person_does_not_know"} for "I do not know".'
)


class StartIn(Schema):
    procedure: str = Field(max_length=100)
    facts: dict[str, Any] = Field(default_factory=dict, description=FACTS, max_length=300)
    on: date | None = Field(None, description="The day as of which is checked; default: today.")


class FactsIn(Schema):
    facts: dict[str, Any] = Field(description=FACTS, min_length=1, max_length=300)


class FieldOut(Schema):
    """One value to be given. Options of a country are the codes of ISO 3166-1, not listed."""

    name: str
    kind: str = Field(
        description="bool, choice, country, date, money, int, decimal, period or text"
    )
    label: str
    options: dict[str, str]
    unit: str
    low: Any = None
    high: Any = None
    may_be_partial: bool
    is_past: bool
    format: str


class AskedOut(QuestionOut):
    """The next question with its words in the language asked for."""

    lang: str
    label: str
    question: str
    short: str
    why: str
    how: str
    shape: str = Field(description="one value, many values, or entries with several fields")
    fields: list[FieldOut]
    item: str
    may_be_unknown: bool


class ConflictOut(Schema):
    sentence: str
    facts: list[str]


class CheckOut(Schema):
    """A check as it stands. `id` is null where nothing is kept: its outcome is sealed."""

    id: UUID | None
    lang: str
    started_at: datetime | None
    updated_at: datetime | None
    is_finished: bool
    facts: dict[str, Any]
    answer: AnswerOut
    question: AskedOut | None
    conflicts: list[ConflictOut]


class WhyOut(Schema):
    sentence: str
    sources: list[str]
    is_main: bool


class PaperOut(Schema):
    id: str
    name: str
    issuer: str
    validity: str
    note: str
    needs_translation: bool
    is_sure: bool
    sources: list[str]


class FeeWordsOut(Schema):
    name: str
    grosz: int | None


class TermWordsOut(Schema):
    id: str
    name: str
    note: str
    day: date | None
    sources: list[str]


class MissingOut(Schema):
    fact: str
    label: str
    is_for_official: bool
    how: str


class ExplanationOut(Schema):
    """Why, in sentences of one language; sources are "law:<act>#<provision>" or "page:<id>"."""

    lang: str
    procedure_title: str
    title: str
    text: str
    steps: list[str]
    verdict: str
    status: str
    why: list[WhyOut]
    possible: list[str]
    changes: list[str]
    changes_on: date | None
    papers: list[PaperOut]
    fees: list[FeeWordsOut]
    fee_grosz: int | None
    terms: list[TermWordsOut]
    authority_name: str
    authority_where: str
    missing: list[MissingOut]
    conflicts: list[ConflictOut]


class FactErrorsOut(ErrorOut):
    """`error` is the first of `errors`, one for each fact that cannot be taken."""

    errors: list[FactErrorOut] = Field(default_factory=list)
