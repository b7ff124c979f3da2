"""Parameters without value on some day on which a version may be applied. No solver is needed."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from przystan.procedures.authoring.proving.data import About, Finding, Holds
from przystan.procedures.authoring.proving.law import reads
from przystan.rules import Dated, Program, Rule, Table, Where
from przystan.rules.meaning import Of

YEARS_ON: Final = 5


def parameters(
    program: Program, values: Mapping[str, Any], first: date, last: date | None, on: date
) -> Iterator[Finding]:
    """For each parameter the days without value, from the version's first to five years on.

    That nobody knows the values of years to come is expected; a day that has been, or one before
    a value that is known already, lacks a value that the law has.
    """
    end = five_years_after(first, on)
    if last is not None:
        end = min(end, last)
    for id in program.parameters:
        where = _where(program, id)
        holes = list(_holes(values.get(id), first, end))
        for start, until, is_last in holes:
            yield Finding(
                About.PARAMETER, id, Holds.SHOWN, day=start, until=until, where=where,
                is_expected=is_last and start > on,
            )  # fmt: skip
        if not holes:
            yield Finding(About.PARAMETER, id, Holds.IMPOSSIBLE, where=where)


def five_years_after(first: date, on: date) -> date:
    """The last day looked at: five years after the version's first day, or after today."""
    later = max(first, on)
    return later.replace(year=later.year + YEARS_ON, day=min(later.day, 28))


def _holes(value: Any, first: date, end: date) -> Iterator[tuple[date, date, bool]]:
    """First and last day of each span without value, and whether none follows that has one."""
    if not isinstance(value, Dated):
        if value is None:
            yield first, end, False
        return
    starts = [date.min, *(start for start, _ in value.spans)]
    known = [None, *(each for _, each in value.spans)]
    for place, (start, each) in enumerate(zip(starts, known, strict=True)):
        following = starts[place + 1] if place + 1 < len(starts) else date.max
        if each is not None or following <= first:
            continue
        opens, closes = max(start, first), min(following - timedelta(days=1), end)
        if opens <= closes:
            yield opens, closes, all(later is None for later in known[place:])


def _where(program: Program, parameter: str) -> Where:
    """The rule or table that reads the parameter."""
    definition = program.definition
    entries: list[Rule | Table] = [*definition.rules, *definition.tables]
    for entry in entries:
        part = program.parts.get((Of.RULE, entry.id)) or program.parts[Of.TABLE, entry.id]
        for meaning in part.meanings:
            if any(read.of is Of.PARAMETER and read.id == parameter for read in reads(meaning)):
                return entry.where
    return definition.where
