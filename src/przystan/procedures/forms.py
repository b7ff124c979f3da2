"""What files of procedures say, read and typed; what it comes to is worked out elsewhere.

Ids of outcomes, documents, fees and terms are kebab-case; in the engine the rules behind them are
called `fee_…`, `document_…`, `term_…`, `authority_…`, `contradiction_…`, with `_` for `-`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from przystan.rules import Definition, Fact, Where

LANGUAGES = ("pl", "en", "uk", "ru")


class Verdict(StrEnum):
    YES = "yes"
    NO = "no"
    DEPENDS = "depends"
    LATER = "later"  # not yet; a term says from when


class FilesWith(StrEnum):
    """The filing system that is competent in law on the day of the version."""

    MOS = "mos"
    PRACA_GOV = "praca_gov"
    PAPER = "paper"
    OFFICE = "office"  # in person
    ZUS = "zus"
    CONSUL = "consul"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class FactForm:
    """A fact of the vocabulary with what the engine does not need to know.

    `format` names an identifier's check (`pesel`, `nip`, …); `is_past` refuses a date after the
    day of the check; `countries` are fields (or "" for the fact itself) whose codes are countries.
    """

    fact: Fact
    theme: str
    is_past: bool = False
    may_be_unknown: bool = True
    format: str = ""
    countries: frozenset[str] = frozenset()
    where: Where = field(default=Where(), compare=False)


@dataclass(frozen=True, slots=True)
class FieldWords:
    label: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FactWords:
    """How a fact is asked for and named in one language.

    `question` is for a screen, `short` for the ear; `why` says why it is asked, `how` how to find
    out. A list names one `item` and its `fields`.
    """

    label: str
    question: str
    short: str
    why: str
    how: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    item: str = ""
    fields: Mapping[str, FieldWords] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """A fee, document or term; `rule` is the engine's name of its expression, "" for always.

    `applies` is the rule that says whether a fee or term is meant at all, "" for always.
    """

    id: str
    rule: str
    sources: tuple[str, ...]
    needs_translation: bool = False
    applies: str = ""


@dataclass(frozen=True, slots=True)
class Contradiction:
    id: str
    rule: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutcomeForm:
    """An outcome with what belongs to the answer. Ids of parts are the definition's own."""

    id: str
    verdict: Verdict
    fees: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    authority: str = ""
    authority_rule: str = ""
    files_with: FilesWith = FilesWith.NONE
    leads_to: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    is_verified: bool = True
    offers_human: bool = False
    is_sealed: bool = False
    where: Where = field(default=Where(), compare=False)


@dataclass(frozen=True, slots=True)
class DocumentWords:
    name: str
    issuer: str = ""
    validity: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TermWords:
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A sentence for each value that can decide."""

    when_true: str = ""
    when_false: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    title: str
    text: str = ""
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of a definition in one language, with their own revision."""

    language: str
    revision: int
    title: str
    summary: str
    outcomes: Mapping[str, OutcomeWords]
    rules: Mapping[str, RuleWords]
    contradictions: Mapping[str, str]
    fees: Mapping[str, str]
    documents: Mapping[str, DocumentWords]
    terms: Mapping[str, TermWords]
    asked: tuple[str, ...] = ()  # how people ask for it, in their own words


@dataclass(frozen=True, slots=True)
class AuthorityWords:
    name: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: facts as of a day, and what they must come to."""

    id: str
    on: date
    facts: Mapping[str, Any]
    golden: str = ""
    outcome: str | None = None
    status: str = ""
    fee_grosz: int | None = None
    terms: Mapping[str, str] = field(default_factory=dict)
    documents: tuple[str, ...] | None = None
    asks: str = ""
    where: Where = field(default=Where(), compare=False)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a definition: what the engine takes, and what stands around it.

    `law_of` names a date fact: once it is stated, the version and the parameters of that day
    govern (the transition rule).
    """

    definition: Definition
    topic: str
    audience: tuple[str, ...]
    order: int
    law_of: str
    articles: tuple[str, ...]
    fees: Mapping[str, Part]
    documents: Mapping[str, Part]
    terms: Mapping[str, Part]
    contradictions: tuple[Contradiction, ...]
    outcomes: Mapping[str, OutcomeForm]
    content_hash: str
    file: str = ""

    @property
    def id(self) -> str:
        return self.definition.id

    @property
    def valid_from(self) -> date:
        return self.definition.valid_from

    @property
    def revision(self) -> int:
        return self.definition.revision
