"""Looking at a definition before anybody uses it: all ways through it, and how two versions differ.

The ways are found by asking as a check would and following every cell of each fact. Where a fact
has no cells (a birth date in `age`, a list) values likely to differ stand for all: then a way may
be missed, and `is_complete` says so. A solver (extra `authoring`) can prove what this only tries.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import prod
from typing import Any, Final

from .cells import guesses
from .check import Check
from .meaning import Of
from .program import Program
from .relevance import bits, frontier, relevant, standing
from .results import verdict
from .values import Kind, Listing, Type, Why

MOST_WAYS: Final = 50_000
MOST_LIKELY_RECORDS: Final = 64


@dataclass(frozen=True, slots=True)
class Way:
    """Facts that settle a definition (or leave nothing to ask), and the outcome, if any."""

    facts: tuple[tuple[str, Any], ...]
    outcome: str | None
    possible: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found in a definition.

    `reached` has one way to each outcome that was reached; `unreached` are the others. `gaps` are
    ways that end without any outcome, `undecided` such as end with several although everything
    was answered. `unasked` are facts that no way asked for. `is_complete` is false where values
    were only likely ones, or the ways too many.
    """

    reached: tuple[Way, ...]
    unreached: tuple[str, ...]
    gaps: tuple[Way, ...]
    undecided: tuple[Way, ...]
    unasked: tuple[str, ...]
    ways: int
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """Facts under which two versions come to different outcomes."""

    facts: tuple[tuple[str, Any], ...]
    before: str | None
    after: str | None


def survey(program: Program, parameters: Mapping[str, Any], on: date) -> Survey:
    """Follow all ways through the definition as of a day."""
    search = _Search([Check(program, {}, parameters, on)])
    found: dict[str, Way] = {}
    gaps: list[Way] = []
    undecided: list[Way] = []
    number = 0
    for facts in search.ways():
        number += 1
        stands = verdict(search.checks[0])
        way = Way(facts, stands.outcome, stands.possible)
        if stands.outcome is not None:
            found.setdefault(stands.outcome, way)
        else:
            (undecided if stands.possible else gaps).append(way)
    outcomes = [outcome.id for outcome in program.definition.outcomes]
    return Survey(
        reached=tuple(found[id] for id in outcomes if id in found),
        unreached=tuple(id for id in outcomes if id not in found),
        gaps=tuple(gaps),
        undecided=tuple(undecided),
        unasked=tuple(id for id in program.facts if id not in search.asked),
        ways=number,
        is_complete=search.is_complete,
    )


def differences(
    before: Program, after: Program, parameters: Mapping[str, Any], on: date, limit: int = 100
) -> Iterator[Difference]:
    """Ways on which two versions of a definition end differently, at most `limit` of them."""
    search = _Search([Check(each, {}, parameters, on) for each in (before, after)])
    found = 0
    for facts in search.ways():
        old, new = (verdict(check).outcome for check in search.checks)
        if old != new:
            found += 1
            yield Difference(facts, old, new)
            if found >= limit:
                return


class _Search:
    """Every way through one or two definitions, over one set of answers."""

    def __init__(self, checks: Sequence[Check]) -> None:
        self.checks = checks
        self.is_complete = True
        self.asked: set[str] = set()
        self._known: dict[str, Any] = {}
        self._found = 0

    def ways(self) -> Iterator[tuple[tuple[str, Any], ...]]:
        """The facts of each way; the checks stand as they do at its end while it is looked at."""
        id = self._next()
        if id is None:
            self._found += 1
            yield tuple(self._known.items())
            return
        self.asked.add(id)
        for value in self._values(id):
            if self._found >= MOST_WAYS:
                self.is_complete = False
                return
            self._set(id, value)
            yield from self.ways()
        self._set(id, Why.NOT_ASKED)

    def _set(self, id: str, value: Any) -> None:
        if value is Why.NOT_ASKED:
            self._known.pop(id, None)
        else:
            self._known[id] = value
        for check in self.checks:
            check.state(id, value)

    def _next(self) -> str | None:
        """A fact that can be asked in one of the definitions; officials' facts are tried too."""
        for check in self.checks:
            found = frontier(check)
            if found is not None:
                for bit in bits(relevant(check, found)):
                    return check.holes[bit.bit_length() - 1].id
            for _, mask in standing(check).open:
                for bit in bits(mask):
                    hole = check.holes[bit.bit_length() - 1]
                    if hole.of is Of.FACT and hole.id not in self._known:
                        return hole.id
        return None

    def _values(self, id: str) -> Sequence[Any]:
        fact = self.checks[0].program.vocabulary.facts[id]
        cells: set[Any] = set()
        for check in self.checks:
            if id not in check.program.facts:
                continue
            known = check.program.cells.get(id)
            if known is None:
                self.is_complete = False
                known = _likely(fact.type, check.on)
            cells.update(known)
        return sorted(cells, key=str)


def _likely(type_: Type, on: date) -> tuple[Any, ...]:
    """Some values of a type without cells; of a list: none, and one of each likely kind."""
    if type_.kind is Kind.LIST and type_.item is not None:
        return (Listing((), True), *(Listing((item,), True) for item in _likely(type_.item, on)))
    if type_.kind is Kind.RECORD:
        columns = [_likely(inner, on) for _, inner in type_.fields]
        if prod(map(len, columns)) <= MOST_LIKELY_RECORDS:
            return tuple(product(*columns))
        longest = max(map(len, columns))
        return tuple(
            tuple(column[row % len(column)] for column in columns) for row in range(longest)
        )
    if type_.kind is Kind.BOOL:
        return (True, False)
    return guesses(type_, None, on) or ("", "example")
