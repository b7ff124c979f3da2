"""What to ask next: of the facts that can still matter, the one that settles most for its cost.

Where few facts are left, the order is the best there is: all ways to the end are looked at. Where
there are more, the and/or tree of the open condition is followed down to the piece that is likely
to settle it most cheaply. Over several definitions each fact is weighed by what its answers would
leave open in all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from .cells import guesses
from .check import Check, supposed
from .program import ON, Hole, Part
from .relevance import (
    Frontier,
    Standing,
    askable,
    bits,
    frontier,
    matters,
    may_be,
    relevant,
    standing,
    supposed_standing,
)
from .skeleton import Joint, Piece, price, skeleton
from .values import Kind, Unknown

MOST_PLANNED: Final = 4  # facts
MOST_STATES: Final = 300


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask: a fact, a field of a list's record, or (`is_more`) whether a list is all."""

    fact: str
    index: int | None = None
    field: str | None = None
    is_more: bool = False


def next_question(check: Check) -> Question | None:
    """The fact to ask for now, or None when nothing that can be asked still matters."""
    stands = standing(check)
    found = frontier(check, stands)
    if found is None:
        return None
    best = _planned(check, stands)
    if best is None:
        best = _chosen(check, found)
    return question(check, best) if best else None


def _chosen(check: Check, found: Frontier) -> int:
    """The bit that the pieces of the part lead to, if it matters; 0 when none does."""
    program, env = check.program, check.env
    pieces = skeleton(program, found.part)
    allowed = found.bits
    while allowed:
        bit = _descended(check, pieces, allowed) or allowed & -allowed
        if found.is_sure:
            return bit
        value = found.part.read(env)
        if matters(program, env, found.part, value, bit) is not False:
            return bit
        allowed &= ~bit
    return 0


def _descended(check: Check, piece: Piece, allowed: int) -> int:
    """From a piece to the part of it that settles it most cheaply, down to one fact."""
    env = check.env
    while True:
        is_all = piece.joint is Joint.ALL
        best: Piece | None = None
        best_price = 0.0
        for inner in piece.pieces:
            value = inner.read(env)
            if value.__class__ is Unknown and _askable_bits(check, value.mask) & allowed:
                own = price(inner, is_all)
                if best is None or own < best_price:
                    best, best_price = inner, own
                if piece.joint is Joint.IF:
                    break  # the condition first: it may spare a branch
        if best is None:
            return _cheapest(check, piece, allowed)
        piece = best


def _askable_bits(check: Check, mask: int) -> int:
    """The bits to ask for; for a field of an item not given yet, its list's."""
    return askable(check, mask) if mask & check.program.all_samples else mask


def _cheapest(check: Check, piece: Piece, allowed: int) -> int:
    """The fact of a leaf that costs least to ask."""
    value = piece.read(check.env)
    if value.__class__ is not Unknown:
        return 0
    facts = check.program.vocabulary.facts
    candidates = bits(_askable_bits(check, value.mask) & allowed)
    return min(
        candidates,
        key=lambda bit: facts[check.holes[bit.bit_length() - 1].id].cost,
        default=0,
    )


def next_across(checks: Sequence[Check]) -> Question | None:
    """The fact to ask for now when several definitions are checked over one set of answers.

    The question that settles most for its cost, over all of them together.
    """
    totals: dict[Question, float] = {}
    for check in checks:
        if (found := frontier(check)) is not None:
            for bit, weight in weighed(check, found.part, relevant(check, found)).items():
                asked = question(check, bit)
                totals[asked] = totals.get(asked, 0.0) + weight
    return max(totals, key=lambda asked: totals[asked], default=None)


def question(check: Check, bit: int) -> Question:
    hole = check.holes[bit.bit_length() - 1]
    return Question(hole.id, hole.index, hole.field, is_more=_is_begun(check, hole))


def _is_begun(check: Check, hole: Hole) -> bool:
    """Whether the hole is a list of which something was said, but not that it is all."""
    if hole.index is not None or hole.field is not None:
        return False
    fact = check.program.vocabulary.facts[hole.id]
    return fact.type.kind is Kind.LIST and hole.id in check.facts


def weighed(check: Check, part: Part, candidates: int) -> dict[int, float]:
    """For each bit that may be asked, how much of what is open an answer settles for its cost."""
    program, env = check.program, check.env
    facts = program.vocabulary.facts
    costs = {bit: facts[check.holes[bit.bit_length() - 1].id].cost for bit in bits(candidates)}
    everything = sum(costs.values())
    weights: dict[int, float] = {}
    for bit, cost in costs.items():
        slot = bit.bit_length() - 1
        touched = program.touched.get((part.slot, slot), ())
        left = [
            _left(costs, supposed(env, {slot: guess}, touched, part.read))
            for guess in _guesses(check, bit)
        ]
        remaining = sum(left) / len(left) if left else everything - cost
        weights[bit] = (everything - remaining) / cost
    return weights


def _planned(check: Check, stands: Standing) -> int | None:
    """The best first question by looking at all ways to the end; None when they are too many."""
    mask = 0
    for _, bits_of_one in stands.open:
        mask |= bits_of_one
    if not stands.open or mask & ~check.askable or mask.bit_count() > MOST_PLANNED:
        return None
    states = 1
    for bit in bits(mask):
        cells = check.program.cells.get(check.holes[bit.bit_length() - 1].id)
        if cells is None or bit.bit_length() > len(check.program.slots):
            return None
        states *= len(cells) + 1
    if states > MOST_STATES:
        return None
    return _Plan(check).best()


class _Plan:
    """The expected cost of the questions to the end, each cell of a fact being as likely."""

    def __init__(self, check: Check) -> None:
        self._check = check
        self._known: dict[int, Any] = {}
        self._found: dict[frozenset[tuple[int, Any]], tuple[float, int]] = {}

    def best(self) -> int:
        return self._expected()[1]

    def _expected(self, env: list[Any] | None = None) -> tuple[float, int]:
        """What is still to be paid from here on, and the bit to ask for first."""
        key = frozenset(self._known.items())
        if key not in self._found:
            stands = supposed_standing(self._check)
            # Details of an outcome are asked when it stands: they are no part of the way to it.
            found = frontier(self._check, stands) if stands.open else None
            bits_ = bits(relevant(self._check, found)) if found is not None else ()
            self._found[key] = min(((self._cost(bit), bit) for bit in bits_), default=(0.0, 0))
        return self._found[key]

    def _cost(self, bit: int) -> float:
        """What is to be paid when this is asked now."""
        check, slot = self._check, bit.bit_length() - 1
        program, id = check.program, check.holes[slot].id
        cells = [cell for cell in program.cells[id] if may_be(check.env[slot], cell)]
        total = 0.0
        for cell in cells:
            self._known[slot] = cell
            suppositions, dependents = {slot: cell}, program.dependents[slot]
            total += supposed(check.env, suppositions, dependents, self._expected)[0]
        del self._known[slot]
        return program.vocabulary.facts[id].cost + total / len(cells)


def _left(costs: Mapping[int, int], value: Any) -> int:
    """What it would still cost to ask for all that is left open."""
    if value.__class__ is not Unknown:
        return 0
    mask = value.mask
    return sum(cost for bit, cost in costs.items() if bit & mask)


def _guesses(check: Check, bit: int) -> tuple[Any, ...]:
    slot = bit.bit_length() - 1
    hole = check.holes[slot]
    if hole.field is not None or slot >= len(check.program.holes):
        return ()
    fact = check.program.vocabulary.facts[hole.id]
    return guesses(fact.type, check.program.cells.get(hole.id), check.env[ON])
