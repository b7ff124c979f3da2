"""What a check came to, as data; sentences are another layer's."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from .check import Check
from .definitions import OutcomeKind
from .meaning import Of
from .program import Hole
from .relevance import Standing, bits, doubts, open_details, standing
from .values import Why


class Status(StrEnum):
    DECIDED = "decided"
    NEEDS_FACTS = "needs_facts"  # something is missing that the person could give
    NEEDS_OFFICIAL = "needs_official"  # what is missing only an official can assess


@dataclass(frozen=True, slots=True)
class Missing:
    """A hole that still matters, and why it is one."""

    of: str
    id: str
    why: Why
    index: int | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the outcomes stand: `outcome` is None until one is settled.

    `possible` are those that may still be, in order. Nothing possible at all means that the
    definition has a gap: an official has to look.
    """

    status: Status
    outcome: str | None
    possible: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A verdict with its definition and day, what is missing, and the details known so far.

    Money in `details` is in grosz; a collected list is a tuple.
    """

    procedure: str
    valid_from: date
    revision: int
    on: date
    status: Status
    outcome: str | None
    possible: tuple[str, ...]
    missing: tuple[Missing, ...]
    details: tuple[tuple[str, Any], ...]


def verdict(check: Check) -> Verdict:
    """How the outcomes stand now."""
    stands, outcomes = standing(check), check.program.definition.outcomes
    numbers = [number for number, _ in stands.open]
    if stands.settled is not None:
        numbers.append(stands.settled)
    possible = tuple([outcomes[number].id for number in numbers])
    if stands.open or stands.settled is None:
        return Verdict(_open_status(check, stands), None, possible)
    outcome = outcomes[stands.settled]
    is_official = outcome.kind is OutcomeKind.OFFICIAL
    return Verdict(Status.NEEDS_OFFICIAL if is_official else Status.DECIDED, outcome.id, possible)


def _open_status(check: Check, stands: Standing) -> Status:
    mask = 0
    for _, relevant in stands.open:
        mask |= relevant
    if mask & check.askable:
        return Status.NEEDS_FACTS
    is_persons = any(check.why(bit) is Why.PERSON_DOES_NOT_KNOW for bit in bits(mask))
    return Status.NEEDS_FACTS if is_persons else Status.NEEDS_OFFICIAL


def result(check: Check) -> Result:
    """How the check stands now, in full."""
    definition, found, stands = check.program.definition, verdict(check), standing(check)
    is_settled = found.outcome is not None and stands.settled is not None
    return Result(
        procedure=definition.id,
        valid_from=definition.valid_from,
        revision=definition.revision,
        on=check.on,
        status=found.status,
        outcome=found.outcome,
        possible=found.possible,
        missing=_missing(check, stands),
        details=_details(check, stands.settled or 0) if is_settled else (),
    )


def _missing(check: Check, stands: Standing) -> tuple[Missing, ...]:
    """What still matters: for the open outcomes, else for the details of the settled one."""
    mask = 0
    for _, relevant in stands.open:
        mask |= relevant
    if not stands.open and stands.settled is not None:
        for _, relevant in open_details(check, stands.settled):
            mask |= relevant
    return tuple(_hole(check, bit) for bit in bits(mask & ~_samples(check)))


def _samples(check: Check) -> int:
    mask = 0
    for sample in check.program.samples.values():
        mask |= sample
    return mask


def _hole(check: Check, bit: int) -> Missing:
    hole: Hole = check.holes[bit.bit_length() - 1]
    return Missing(str(hole.of), hole.id, check.why(bit), hole.index, hole.field)


def _details(check: Check, number: int) -> tuple[tuple[str, Any], ...]:
    """Values of the details that are known; a collected list as a tuple."""
    program = check.program
    found: list[tuple[str, Any]] = []
    for name in program.definition.outcomes[number].details:
        part = program.parts.get((Of.RULE, name)) or program.parts[Of.TABLE, name]
        if not doubts(program, check.env, part):
            value = part.read(check.env)
            found.append((name, getattr(value, "sure", value)))
    return tuple(found)
