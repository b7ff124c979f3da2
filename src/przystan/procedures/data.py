"""What other apps receive from `procedures`: frozen, in the forms of JSON where it is a value.

Days are Warsaw calendar days, money is integer grosz. Values of facts are as the engine takes
them again: dates as `2026-11-23`, decimals as texts, lists as `{"items": […], "complete": …}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

# "I do not know": stored like any value, and not asked again.
UNKNOWN: Final[Mapping[str, Any]] = {"unknown": "person_does_not_know"}


class CheckStatus(StrEnum):
    DECIDED = "decided"
    TO_VERIFY = "to_verify"  # an outcome that rests on law nobody has verified: a human is offered
    NEEDS_FACTS = "needs_facts"
    NEEDS_OFFICIAL = "needs_official"
    CONTRADICTORY = "contradictory"  # two statements cannot both be true


@dataclass(frozen=True, slots=True)
class AskedFact:
    """A question: a fact, a field of a list's entry, or (`is_more`) whether the list is all."""

    fact: str
    index: int | None = None
    field: str | None = None
    is_more: bool = False


@dataclass(frozen=True, slots=True)
class MissingFact:
    """What still matters and is not known, and why: `not_asked`, `person_does_not_know`, …

    `kind` is "fact", "rule", "parameter" or "table"; the last three are gaps of the law's data.
    """

    kind: str
    id: str
    why: str
    index: int | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that settled the outcome, or ruled out an earlier one, and one of its sources.

    `holds` is what it came to. `act` and `provision` of a law; `page` of an official page.
    """

    rule: str
    holds: Any
    act: str = ""
    provision: str = ""
    page: str = ""
    row: int | None = None
    speaks_for: str = ""


@dataclass(frozen=True, slots=True)
class FeeLine:
    id: str
    grosz: int | None  # None: what it depends on is not known


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document to bring. `is_needed` is None while it depends on what is not known."""

    id: str
    is_needed: bool | None
    needs_translation: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TermLine:
    id: str
    day: date | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Other values of facts that the person can change, and the outcome they lead to."""

    facts: Mapping[str, Any]
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a check comes to. `outcome` is None while several are possible.

    `law_day` is the day whose law applied; `valid_from` and `revision` name the version. The sum
    `fee_grosz` is None where a line is not known, 0 where nothing is paid.
    """

    procedure: str
    valid_from: date
    revision: int
    on: date
    law_day: date
    status: CheckStatus
    outcome: str | None
    verdict: str
    possible: tuple[str, ...]
    because: tuple[Reason, ...]
    decisive_facts: Mapping[str, Any]
    missing: tuple[MissingFact, ...]
    next_question: AskedFact | None
    documents: tuple[DocumentLine, ...] = ()
    fees: tuple[FeeLine, ...] = ()
    fee_grosz: int | None = None
    terms: tuple[TermLine, ...] = ()
    authority: str = ""
    files_with: str = ""
    leads_to: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    would_change: tuple[Change, ...] = ()
    changes_on: tuple[date, str | None] | None = None
    contradictions: tuple[str, ...] = ()
    editions: Mapping[str, str] = field(default_factory=dict)
    offers_human: bool = False
    is_sealed: bool = False


@dataclass(frozen=True, slots=True)
class CheckView:
    """A stored check as its reader may see it.

    `entries` names the entries of each list that the person made on pages, in their order: a page
    changes an entry by its name, so that another tab or the back button does no harm. `scope` is
    "own", or what a person opened to an office: "see" or "fill".
    """

    id: UUID
    procedure: str
    valid_from: date
    revision: int
    lang: str
    on: date
    channel: str
    is_finished: bool
    is_saved: bool
    is_of_account: bool
    keeps_nothing: bool
    started_at: datetime
    updated_at: datetime
    scope: str
    facts: Mapping[str, Any]
    entries: Mapping[str, tuple[str, ...]]

    @property
    def may_answer(self) -> bool:
        return self.scope != "see"


@dataclass(frozen=True, slots=True)
class KnownFact:
    """What a person stated earlier, elsewhere: offered with where and when, never just taken."""

    fact: str
    value: Any
    source: str
    at: datetime
    procedure: str


@dataclass(frozen=True, slots=True)
class Step:
    """Where a check stands after something was stated: what is asked next, what contradicts.

    `sealed` is the answer of a sealed outcome; nothing of that check is kept any more.
    """

    next_question: AskedFact | None
    contradictions: tuple[str, ...] = ()
    sealed: Answer | None = None


@dataclass(frozen=True, slots=True)
class SavedDoors:
    """Ways back to a check: they are told once and stand nowhere in clear."""

    link_token: str
    code: str
    ends_at: datetime
