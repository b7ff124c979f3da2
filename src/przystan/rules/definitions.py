"""A definition of a procedure as a loader hands it over: expressions as texts with places."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from .faults import Source, Where


class OutcomeKind(StrEnum):
    RESULT = "result"
    OFFICIAL = "official"  # the law leaves it to the official's assessment


class HitPolicy(StrEnum):
    FIRST = "first"
    UNIQUE = "unique"
    COLLECT = "collect"


@dataclass(frozen=True, slots=True)
class Rule:
    """A named expression: a condition, or a fee, a term, an authority's code.

    `sources` are provisions of the knowledge room, as `act-on-foreigners#art-114-1-5`. While
    `is_verified` is false nobody has confirmed the law: the value is unknown for that reason,
    whatever the facts.
    """

    id: str
    value: Source
    sources: tuple[str, ...] = ()
    is_verified: bool = True
    where: Where = field(default=Where(), compare=False)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a decision table: a test for each input, and the value.

    A test is empty (anything), a value or several separated by commas, or begins with `<`, `<=`,
    `>`, `>=`, `!=`, `in`.
    """

    tests: tuple[Source, ...]
    value: Source
    sources: tuple[str, ...] = ()
    where: Where = field(default=Where(), compare=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table; expressions read its value by its id.

    `first`: the first row that fits; `unique`: exactly one may fit; `collect`: a list of the
    values of all rows that fit. While an earlier row may still fit, the value is unknown.
    """

    id: str
    inputs: tuple[Source, ...]
    rows: tuple[Row, ...]
    policy: HitPolicy = HitPolicy.FIRST
    where: Where = field(default=Where(), compare=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A possible result; the first whose condition holds is the result.

    `details` are rules and tables (fee, documents, term) that belong to the answer: what they
    still need is asked after the outcome is settled.
    """

    id: str
    when: Source
    sources: tuple[str, ...] = ()
    kind: OutcomeKind = OutcomeKind.RESULT
    details: tuple[str, ...] = ()
    where: Where = field(default=Where(), compare=False)


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of a procedure: in force from a day, with a revision that corrects it."""

    id: str
    valid_from: date
    outcomes: tuple[Outcome, ...]
    rules: tuple[Rule, ...] = ()
    tables: tuple[Table, ...] = ()
    revision: int = 1
    where: Where = field(default=Where(), compare=False)


def in_force(versions: Sequence[Definition], on: date) -> Definition | None:
    """The version of the day: the latest that had begun, in its last revision."""
    begun = [version for version in versions if version.valid_from <= on]
    return max(begun, key=lambda version: (version.valid_from, version.revision), default=None)
