"""Why an outcome is what it is, and what would change it; as data.

Decisive facts are found by leaving out one fact after the other, the dearest and most sensitive
first, as long as the outcome stays settled: of what remains none can be left out.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from typing import Any, Final

from .check import Check, supposed
from .compiling import PENDING, Key
from .days import add_days
from .meaning import Of
from .program import ON, Program
from .relevance import settled, standing
from .skeleton import Joint, Piece, skeleton
from .values import Dated, Kind, Type, Unknown
from .vocabulary import Fact

HORIZON_DAYS: Final = 5 * 366
MOST_TRIED: Final = 400  # evaluations in the search for one change
FARTHEST: Final = 10**9


@dataclass(frozen=True, slots=True)
class Because:
    """A rule, table row or condition that settled the outcome, or ruled out an earlier one.

    `speaks_for` is the outcome whose condition it settles, `holds` the value it came to. A row
    of a table counts from 1.
    """

    speaks_for: str
    id: str
    holds: Any
    sources: tuple[str, ...]
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Other values of facts that the person can change, and the outcome they lead to.

    Without outcome: it would no longer be settled.
    """

    facts: tuple[tuple[str, Any], ...]
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the outcome is what it is; empty while none is settled.

    `by_time` is the first day, within five years, on which the outcome is another though no fact
    changes, with what it is then.
    """

    outcome: str | None
    decisive_facts: tuple[tuple[str, Any], ...]
    because: tuple[Because, ...]
    would_change: tuple[Change, ...]
    by_time: tuple[date, str | None] | None


def explain(check: Check) -> Explanation:
    """The reasons of a settled outcome, the nearest changes, and the day on which time changes it.

    Everything is tried on the check's own environment and put back.
    """
    stands = standing(check)
    if stands.open or stands.settled is None:
        return Explanation(None, (), (), (), None)
    kept = list(check.env)
    outcomes = check.program.definition.outcomes
    try:
        decisive = _decisive(check, stands.settled)
        because = tuple(_because(check, stands.settled))
    finally:
        check.env[:] = kept
    return Explanation(
        outcome=outcomes[stands.settled].id,
        decisive_facts=tuple((id, check.facts[id]) for id in decisive),
        because=because,
        would_change=_changes(check, stands.settled, decisive),
        by_time=_by_time(check, stands.settled),
    )


def _outcome(program: Program, env: list[Any]) -> int | None:
    """The number of the settled outcome; None while an earlier one is open, or none holds."""
    for number, condition in enumerate(program.conditions):
        holds = settled(program, env, condition)
        if holds is True:
            return number
        if holds is not False:
            return None
    return None


def _decisive(check: Check, outcome: int) -> list[str]:
    """Leave out what can be left out; the environment then knows the decisive facts alone."""
    program, env = check.program, check.env
    facts = program.vocabulary.facts
    concerned = {id for part in program.conditions[: outcome + 1] for id in part.facts}
    stated = [id for id in program.facts if id in check.facts]
    for id in stated:
        if id not in concerned:
            _set(program, env, id, program.template[program.fact_slots[id]])
    candidates = [id for id in stated if id in concerned]
    candidates.sort(key=lambda known: -facts[known].cost)
    decisive = set(candidates)
    for id in candidates:
        slot = program.fact_slots[id]
        touched = [slot, *program.dependents[slot]]
        kept = [env[each] for each in touched]
        _set(program, env, id, program.template[slot])
        if _outcome(program, env) == outcome:
            decisive.discard(id)
        else:
            for each, value in zip(touched, kept, strict=True):
                env[each] = value
    return [id for id in stated if id in decisive]


def _set(program: Program, env: list[Any], id: str, value: Any) -> None:
    slot = program.fact_slots[id]
    env[slot] = value
    for dependent in program.dependents[slot]:
        env[dependent] = PENDING


def _because(check: Check, outcome: int) -> Iterator[Because]:
    """What settled each condition up to the outcome's own, from the decisive facts alone."""
    program, env = check.program, check.env
    definition = program.definition
    seen: set[tuple[str, Key, int | None]] = set()
    for number in (outcome, *range(outcome)):
        named, part = definition.outcomes[number], program.conditions[number]
        yield Because(named.id, named.id, number == outcome, named.sources)
        for key in _fired(program, env, skeleton(program, part)):
            for reason in _reasons(program, env, named.id, key):
                mark = (named.id, key, reason.row)
                if mark not in seen:
                    seen.add(mark)
                    yield reason


def _fired(program: Program, env: list[Any], piece: Piece) -> Iterator[Key]:
    """The rules and tables that a piece's value rests on."""
    value = piece.read(env)
    match piece.joint:
        case Joint.PART if piece.key is not None:
            yield piece.key
            yield from _fired(program, env, piece.pieces[0])
        case Joint.ALL | Joint.ANY:
            enough = piece.joint is Joint.ANY  # one such part settles the whole
            settling = [inner for inner in piece.pieces if inner.read(env) is enough]
            for inner in settling[:1] if value is enough else piece.pieces:
                yield from _fired(program, env, inner)
        case Joint.IF:
            condition, then, otherwise = piece.pieces
            yield from _fired(program, env, condition)
            taken = condition.read(env)
            if taken.__class__ is not Unknown:
                yield from _fired(program, env, then if taken else otherwise)
        case _:
            for key in piece.reads:
                yield key
                part = program.parts[key]
                yield from _fired(program, env, skeleton(program, part))
            for inner in piece.pieces:
                yield from _fired(program, env, inner)


def _reasons(program: Program, env: list[Any], outcome: str, key: Key) -> Iterator[Because]:
    of, id = key
    value = program.parts[key].read(env)
    if value.__class__ is Unknown:
        return
    if of is not Of.TABLE:
        yield Because(outcome, id, value, program.sources_of(key))
        return
    table = next(table for table in program.definition.tables if table.id == id)
    fitting = program.rows[id](env)
    for number, row in enumerate(table.rows):
        if fitting >> number & 1:
            yield Because(outcome, id, getattr(value, "sure", value), row.sources, number + 1)
            if table.policy.value == "first":
                return


def _changes(check: Check, outcome: int, decisive: Sequence[str]) -> tuple[Change, ...]:
    """The nearest other value of each decisive fact that the person can change; the cheapest first.

    Only a decisive fact can matter alone. Where no single one does, pairs with another are tried.
    """
    facts = check.program.vocabulary.facts
    changeable = [facts[id] for id in check.program.facts if facts[id].is_changeable]
    changeable = [fact for fact in changeable if fact.id in check.facts]
    changeable.sort(key=lambda fact: (fact.cost, fact.id))
    first = [fact for fact in changeable if fact.id in decisive]
    single = [change for fact in first for change in _single(check, fact, outcome)]
    if single:
        return tuple(sorted(single, key=lambda change: change.outcome is None))
    return tuple(_pairs(check, first, changeable, outcome))


def _single(check: Check, fact: Fact, outcome: int) -> Iterator[Change]:
    current = check.env[check.program.fact_slots[fact.id]]
    if current.__class__ is Unknown or fact.type.kind in (Kind.LIST, Kind.RECORD, Kind.TEXT):
        return
    if fact.type.kind in (Kind.BOOL, Kind.CHOICE):
        for other in _others(check, fact, current):
            found = _tried(check, {fact.id: other})
            if found != outcome:
                yield Change(((fact.id, other),), _name(check, found))
        return
    for end in (1, -1):
        nearest = _nearest(check, fact, current, end, outcome)
        if nearest is not None:
            found = _tried(check, {fact.id: nearest})
            yield Change(((fact.id, nearest),), _name(check, found))


def _others(check: Check, fact: Fact, current: Any) -> list[Any]:
    cells = check.program.cells.get(fact.id) or fact.type.options
    return [cell for cell in cells if cell != current]


def _name(check: Check, outcome: int | None) -> str | None:
    return None if outcome is None else check.program.definition.outcomes[outcome].id


def _tried(check: Check, values: dict[str, Any]) -> int | None:
    """The outcome if these facts had other values (or ranges of values)."""
    program = check.program
    slots = {program.fact_slots[id]: value for id, value in values.items()}
    dependents = {each for slot in slots for each in program.dependents[slot]}
    return _supposed_outcome(check, slots, tuple(dependents))


def _supposed_outcome(check: Check, slots: dict[int, Any], dependents: Sequence[int]) -> int | None:
    return supposed(  # type: ignore[no-any-return]  # what `_outcome` gives
        check.env, slots, dependents, lambda env: _outcome(check.program, env)
    )


def _nearest(check: Check, fact: Fact, current: Any, end: int, outcome: int) -> Any:
    """The nearest value above or below the current one at which the outcome is another."""
    scale = _Scale(fact.type)
    bit = 1 << check.program.fact_slots[fact.id]

    def is_same(low: int, high: int) -> bool:
        first, last = scale.value(low), scale.value(high)
        value = first if low == high else Unknown(bit, 0, first, last)
        return _tried(check, {fact.id: value}) == outcome

    here = scale.place(current)
    limit = scale.limit(here, end)
    if (limit - here) * end <= 0:
        return None
    found = nearest_change(here + end, limit, is_same)
    return None if found is None else scale.value(found)


class _Scale:
    """Values of an ordered type as whole numbers; decimals in steps of a hundredth."""

    def __init__(self, type_: Type) -> None:
        self._type = type_

    def value(self, place: int) -> Any:
        match self._type.kind:
            case Kind.DATE:
                return date.fromordinal(place)
            case Kind.DECIMAL:
                return Fraction(place, 100)
        return place

    def place(self, value: Any) -> int:
        match self._type.kind:
            case Kind.DATE:
                return int(value.toordinal())
            case Kind.DECIMAL:
                return int(value * 100 // 1)
        return int(value)

    def limit(self, here: int, end: int) -> int:
        """The farthest place to try: the bound of the type, or far enough."""
        bound = self._type.high if end > 0 else self._type.low
        if bound is not None:
            return self.place(bound)
        if self._type.kind is Kind.DATE:
            edge = date.max if end > 0 else date.min
            return min(max(here + end * 150 * 366, date.min.toordinal()), edge.toordinal())
        return end * FARTHEST


def nearest_change(start: int, limit: int, is_same: Callable[[int, int], bool]) -> int | None:
    """The place nearest to `start`, towards `limit`, at which something is not the same.

    `is_same(low, high)` says that it surely is in all of a range; of a single place it is exact.
    None: nowhere, or not found in `MOST_TRIED` tries.
    """
    tries = 0
    waiting = [(start, limit)]
    while waiting and tries < MOST_TRIED:
        near, far = waiting.pop()
        tries += 1
        if is_same(min(near, far), max(near, far)):
            continue
        if near == far:
            return near
        middle = near + (far - near) // 2 if far > near else near - (near - far) // 2
        beyond = middle + 1 if far > near else middle - 1
        waiting.append((beyond, far))
        waiting.append((near, middle))
    return None


def _pairs(
    check: Check, decisive: Sequence[Fact], others: Sequence[Fact], outcome: int
) -> Iterator[Change]:
    """Two changes at once; of each pair the first values that lead to another settled outcome."""
    tries = 0
    for first, second in product(decisive, others):
        if first is second or (second in decisive and second.id < first.id):
            continue
        for values in _both(check, first, second):
            tries += 1
            if tries > MOST_TRIED:
                return
            found = _tried(check, values)
            if found is not None and found != outcome:
                yield Change(tuple(values.items()), _name(check, found))
                break


def _both(check: Check, first: Fact, second: Fact) -> Iterator[dict[str, Any]]:
    cells = check.program.cells
    for one, other in product(cells.get(first.id, ()), cells.get(second.id, ())):
        if one != check.facts[first.id] and other != check.facts[second.id]:
            yield {first.id: one, second.id: other}


def _by_time(check: Check, outcome: int) -> tuple[date, str | None] | None:
    """The first later day on which the outcome is another, the facts being what they are."""
    dependents = check.program.dependents[ON]
    dated = _dated(check)
    if not dependents and not dated:
        return None

    def on(low: int, high: int) -> int | None:
        first, last = date.fromordinal(low), date.fromordinal(high)
        day = first if low == high else Unknown(1 << ON, 0, first, last)
        slots: dict[int, Any] = {ON: day}
        touched = set(dependents)
        for slot, values in dated.items():
            value = values.on(first)
            is_steady = value == values.on(last) and value is not None
            slots[slot] = value if is_steady else Unknown(1 << slot)
            touched.update(check.program.dependents[slot])
        return _supposed_outcome(check, slots, tuple(touched))

    start = add_days(check.on, 1)
    end = check.on + timedelta(days=HORIZON_DAYS)
    found = nearest_change(
        start.toordinal(), end.toordinal(), lambda low, high: on(low, high) == outcome
    )
    if found is None:
        return None
    return date.fromordinal(found), _name(check, on(found, found))


def _dated(check: Check) -> dict[int, Dated]:
    return {
        check.program.slots[Of.PARAMETER, id]: value
        for id in check.program.parameters
        if isinstance(value := check.parameters.get(id), Dated)
    }
