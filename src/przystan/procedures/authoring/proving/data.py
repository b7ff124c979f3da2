"""What was proved of a definition, or shown by facts, or could not be settled."""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from przystan.rules import Where

Stated = tuple[tuple[str, Any], ...]
"""Facts by id, as JSON states them."""

Span = tuple[date | None, date | None]
"""A first and a last day, either of which may be open."""


class About(StrEnum):
    """What a finding speaks of; in comments what it means that there are such facts."""

    OUTCOME = "outcome"  # somebody comes to it
    GAP = "gap"  # no outcome holds
    SILENT = "silent"  # a table says nothing, and so nothing is decided
    ROW = "row"  # a row of a table that is the one that counts
    OVERLAP = "overlap"  # two rows fit of a table in which only one may
    FACT = "fact"  # another value of the fact, all others equal, changes the answer
    QUESTION = "question"  # a fact is asked that can no longer change anything
    ORDER = "order"  # two outcomes of different verdict hold: the first of them counts
    PARAMETER = "parameter"  # a parameter has no value on a day
    DIFFERENCE = "difference"  # two versions come to different outcomes


class Holds(StrEnum):
    SHOWN = "shown"  # there are such facts; the engine confirms those given
    IMPOSSIBLE = "impossible"  # proved: there are none
    NOT_SETTLED = "not settled"  # neither was found


FAULTY: Final = {
    About.OUTCOME: Holds.IMPOSSIBLE,
    About.GAP: Holds.SHOWN,
    About.SILENT: Holds.SHOWN,
    About.ROW: Holds.IMPOSSIBLE,
    About.OVERLAP: Holds.SHOWN,
    About.FACT: Holds.IMPOSSIBLE,
    About.QUESTION: Holds.SHOWN,
    About.PARAMETER: Holds.SHOWN,
}
"""Which answer is a fault; orders and differences are information."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One question about a definition with its answer.

    `id` names the outcome, table, fact or parameter, `other` a second one or the number of a row.
    `facts` show it where it `holds`; `day` is given when it holds only as of another day than
    that of the proof. `why` says in a sentence what a proof could not settle.
    """

    about: About
    id: str
    holds: Holds
    facts: Stated = ()
    other: str = ""
    day: date | None = None
    until: date | None = None
    why: str = ""
    is_expected: bool = False
    where: Where = field(default=Where(), compare=False)

    @property
    def is_fault(self) -> bool:
        return FAULTY.get(self.about) is self.holds and not self.is_expected

    def on(self, day: date) -> "Finding":
        return replace(self, day=day)


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything that was asked about one version as of a day, and what it took."""

    procedure: str
    valid_from: date
    revision: int
    on: date
    findings: tuple[Finding, ...]
    seconds: float
    queries: int
    disagreements: int
    """Models of the solver that the engine did not confirm although all functions were exact."""

    def of(self, about: About) -> tuple[Finding, ...]:
        return tuple(found for found in self.findings if found.about is about)

    def count(self, about: About, holds: Holds) -> int:
        return sum(found.holds is holds for found in self.of(about))


@dataclass(frozen=True, slots=True)
class Difference:
    """Facts under which two versions come to different outcomes (None: to none)."""

    facts: Stated
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences of two versions, one for each pair of outcomes; complete when proved so."""

    differences: tuple[Difference, ...]
    is_complete: bool
