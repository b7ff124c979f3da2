"""Which facts can still matter.

Outcomes are tried in order, so the first condition that is still open has to be settled on any
way to the result: the next question is one of its facts. Kleene's logic names them; where a
condition reads an unknown fact in one place only, each of them can really change it. Where it
reads some in several places (`Unknown.twice`), the cells of those are tried in all combinations:
that tells facts that only seem to matter, and conditions that are settled although they seem open.

Exact, therefore: yes/no, choices, and numbers, dates and texts compared with constants, as long
as the combinations of those read in several places are at most `MOST_COMBINATIONS`. Otherwise a
fact may be asked that cannot matter; never is one left out that can.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from .check import Check, supposed
from .meaning import Of
from .program import Part, Program
from .values import Kind, Unknown

MOST_COMBINATIONS: Final = 1_024


@dataclass(frozen=True, slots=True)
class Standing:
    """Outcomes still open before the first that surely holds, and that one (None: none does).

    `open` are numbers of outcomes with the bits on which they depend; of the first with anything
    to ask it is certain that it is open, for those after it Kleene's logic alone says so.
    """

    open: tuple[tuple[int, int], ...]
    settled: int | None


def standing(check: Check) -> Standing:
    """How the outcomes stand; worked out once for what is known."""
    if not isinstance(check.stands, Standing):
        check.stands = supposed_standing(check)
    return check.stands


def supposed_standing(check: Check) -> Standing:
    """The same for an environment in which something is only supposed; not kept."""
    program, env = check.program, check.env
    undecided: list[tuple[int, int]] = []
    is_asking = False
    for number, condition in enumerate(program.conditions):
        holds = condition.read(env)
        if holds is False:
            continue
        if holds is not True and holds.twice and not is_asking:
            holds = studied(program, env, condition, holds)
            if holds is False:
                continue
        if holds is True:
            return Standing(tuple(undecided), number)
        undecided.append((number, holds.mask))
        is_asking = is_asking or bool(holds.mask & check.askable)
    return Standing(tuple(undecided), None)


def settled(program: Program, env: list[Any], part: Part) -> Any:
    """The value of a part, by study where Kleene's logic leaves a yes or no open."""
    value = part.read(env)
    if value.__class__ is Unknown and value.twice and part.type.kind is Kind.BOOL:
        return studied(program, env, part, value)
    return value


def studied(program: Program, env: list[Any], part: Part, value: Unknown) -> Any:
    """An open condition's truth if it is settled after all, else `value`.

    It is open when one of its bits matters; usually the first that is tried does.
    """
    for bit in bits(value.mask):
        if matters(program, env, part, value, bit) is not False:
            return value
    return _completed(program, env, part, value)


def _completed(program: Program, env: list[Any], part: Part, value: Unknown) -> Any:
    """The truth of a condition that is the same whatever its facts turn out to be."""
    repeated = _variables(program, env, value.twice)
    if repeated is None:
        return value
    first = {slot: values[0] for slot, values in repeated.items()}
    found = supposed(env, first, _touched(program, part, first), part.read)
    return value if found.__class__ is Unknown else found


def matters(program: Program, env: list[Any], part: Part, value: Unknown, bit: int) -> bool | None:
    """Whether the hole of the bit can change an open condition; None: too much to try.

    What is left of the condition once the facts that it reads in several places are given reads
    nothing twice: then all that Kleene's logic names makes a difference.
    """
    if not value.twice:
        return True
    repeated = _variables(program, env, value.twice)
    if repeated is None or _combinations(repeated) > MOST_COMBINATIONS:
        return None
    slot = bit.bit_length() - 1
    attempt = _Attempt(program, env, part, repeated)
    if slot not in repeated:
        return any(
            left.__class__ is Unknown and bool(left.mask & bit) for left in attempt.all_left()
        )
    return attempt.makes_a_difference(slot)


Variables = Mapping[int, Sequence[Any]]


class _Attempt:
    """Tries combinations of the facts that a condition reads in several places, one by one."""

    def __init__(self, program: Program, env: list[Any], part: Part, repeated: Variables) -> None:
        self._program, self._env, self._part = program, env, part
        self._repeated = repeated
        self._dependents = _touched(program, part, repeated)

    def _left(self, given: Mapping[int, Any], dependents: Sequence[int] | None = None) -> Any:
        """What is left of the condition when these facts are given."""
        touched = self._dependents if dependents is None else dependents
        return supposed(self._env, given, touched, self._part.read)

    def all_left(self) -> Iterator[Any]:
        for values in product(*self._repeated.values()):
            yield self._left(dict(zip(self._repeated, values, strict=True)))

    def makes_a_difference(self, slot: int) -> bool | None:
        """Whether two values of one fact leave different conditions, the others being equal."""
        verdict: bool | None = False
        first, *others = self._repeated[slot]
        rest = {each: values for each, values in self._repeated.items() if each != slot}
        for values in product(*rest.values()):
            given = dict(zip(rest, values, strict=True))
            left = self._left({**given, slot: first})
            for other in others:
                turned = {**given, slot: other}
                different = self._differ({**given, slot: first}, left, turned, self._left(turned))
                if different:
                    return True
                if different is None:
                    verdict = None
        return verdict

    def _differ(
        self, one: Mapping[int, Any], left: Any, other: Mapping[int, Any], turned: Any
    ) -> bool | None:
        """Whether what is left under two combinations is not one and the same condition."""
        if left.__class__ is not Unknown or turned.__class__ is not Unknown:
            return left.__class__ is not turned.__class__ or bool(left != turned)
        if left.mask != turned.mask:
            return True
        rest = _variables(self._program, self._env, left.mask)
        if rest is None or _combinations(rest) > MOST_COMBINATIONS:
            return None
        dependents = _touched(self._program, self._part, {**self._repeated, **rest})
        for values in product(*rest.values()):
            more = dict(zip(rest, values, strict=True))
            if self._left({**one, **more}, dependents) != self._left({**other, **more}, dependents):
                return True
        return False


def _variables(program: Program, env: list[Any], mask: int) -> Variables | None:
    """Slots and cells of the facts of the bits; None when one of them has no cells."""
    found: dict[int, Sequence[Any]] = {}
    for bit in bits(mask):
        slot = bit.bit_length() - 1
        hole = program.holes[slot] if slot < len(program.holes) else None
        if hole is None or hole.of is not Of.FACT or hole.field is not None:
            return None
        cells = program.cells.get(hole.id)
        unknown = env[slot]
        if cells is None or unknown.__class__ is not Unknown:
            return None
        found[slot] = [cell for cell in cells if may_be(unknown, cell)]
        if not found[slot]:
            return None
    return found


def may_be(unknown: Unknown, cell: Any) -> bool:
    return (unknown.low is None or unknown.low <= cell) and (
        unknown.high is None or cell <= unknown.high
    )


def _combinations(variables: Variables) -> int:
    number = 1
    for values in variables.values():
        number *= len(values)
    return number


def _touched(program: Program, part: Part, slots: Iterable[int]) -> tuple[int, ...]:
    found: dict[int, None] = {}
    for slot in slots:
        found |= dict.fromkeys(program.touched.get((part.slot, slot), ()))
    return tuple(found)


def bits(mask: int) -> Iterator[int]:
    """The bits of a mask, lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest
        mask ^= lowest


def open_details(check: Check, number: int) -> Iterator[tuple[Part, int]]:
    """The details of an outcome that are not known yet, and the bits that matter for each."""
    program = check.program
    for name in program.definition.outcomes[number].details:
        part = program.parts.get((Of.RULE, name)) or program.parts[Of.TABLE, name]
        mask = doubts(program, check.env, part)
        if mask:
            yield part, mask


def doubts(program: Program, env: list[Any], part: Part) -> int:
    """The bits that matter for a part's value; 0 when it is known."""
    value = settled(program, env, part)
    mask = 0
    for unknown in _inside(value):
        mask |= unknown.mask
    return mask


def _inside(value: Any) -> Iterator[Unknown]:
    """The unknowns inside a list or record."""
    if value.__class__ is Unknown:
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _inside(item)
    elif hasattr(value, "sure"):
        yield from _inside(value.sure)
        for item, doubt in value.doubtful:
            yield doubt
            yield from _inside(item)
        if value.rest is not None:
            yield value.rest


@dataclass(frozen=True, slots=True)
class Frontier:
    """Where the next question has to come from: a part, and the bits that can be asked.

    Where `is_sure` is false one of the bits may not matter: ask `matters` of the one chosen.
    """

    part: Part
    bits: int
    is_sure: bool


def frontier(check: Check, stands: Standing | None = None) -> Frontier | None:
    """The first open condition with something to ask, else the first open detail; None: neither."""
    stands = stands or standing(check)
    for number, relevant in stands.open:
        if candidates := askable(check, relevant):
            part = check.program.conditions[number]
            return _sure_frontier(check, part, candidates)
    if stands.open or stands.settled is None:
        return None
    for part, relevant in open_details(check, stands.settled):
        if candidates := askable(check, relevant):
            return _sure_frontier(check, part, candidates)
    return None


def _sure_frontier(check: Check, part: Part, candidates: int) -> Frontier:
    value = part.read(check.env)
    return Frontier(part, candidates, value.__class__ is not Unknown or not value.twice)


def relevant(check: Check, found: Frontier) -> int:
    """The bits of a frontier that can really change it, as far as that can be tried."""
    if found.is_sure:
        return found.bits
    value = found.part.read(check.env)
    mask = 0
    for bit in bits(found.bits):
        if matters(check.program, check.env, found.part, value, bit) is not False:
            mask |= bit
    return mask


def askable(check: Check, relevant: int) -> int:
    """The bits that a person can be asked; for a field of an item not given yet, its list's."""
    candidates = relevant & check.askable
    for id, sample in check.program.samples.items():
        if relevant & sample:
            candidates = candidates & ~sample | (check.askable & 1 << check.program.fact_slots[id])
    return candidates
