"""What is made of values that may be unknown: choices, extremes, rows of tables, differences."""

from collections.abc import Sequence

from przystan.procedures.authoring.proving.terms import (
    FALSE,
    Members,
    Term,
    Truth,
    Val,
    Value,
    choice,
    every,
    negation,
    some,
    z3,
)
from przystan.rules import HitPolicy


def as_value(found: Val) -> Value:
    if not isinstance(found, Value):
        raise TypeError("a truth, list or record has no order")
    return found


def rounded(amount: Term) -> Term:
    """To whole grosz, half away from zero."""
    if z3.is_int(amount):
        return amount
    half = z3.Q(1, 2)
    return z3.If(amount >= 0, z3.ToInt(amount + half), -z3.ToInt(half - amount))


def extreme(is_max: bool, parts: Sequence[Value]) -> Value:
    found = parts[0].term
    for part in parts[1:]:
        better = part.term > found if is_max else part.term < found
        found = z3.If(better, part.term, found)
    return Value(found, every(part.known for part in parts))


def if_else(condition: Truth, then: Val, otherwise: Val) -> Val:
    """One or the other; where both are known and the same, whichever it is."""
    if isinstance(then, Truth) and isinstance(otherwise, Truth):
        return Truth(
            _either(condition, then.true, otherwise.true),
            _either(condition, then.false, otherwise.false),
        )
    one, other = as_value(then), as_value(otherwise)
    same = every([one.known, other.known, one.term == other.term])
    known = some([every([condition.true, one.known]), every([condition.false, other.known]), same])
    return Value(choice(condition.true, one.term, other.term), known)


def _either(condition: Truth, then: Term, otherwise: Term) -> Term:
    return some(
        [
            every([condition.true, then]),
            every([condition.false, otherwise]),
            every([then, otherwise]),
        ]
    )


# --- rows -----------------------------------------------------------------------------------------


def counting(policy: HitPolicy, rows: Sequence[Truth], values: Sequence[Val]) -> list[Term]:
    """For each row whether its value is that of the table."""
    if policy is HitPolicy.UNIQUE:
        return [_only(rows, place) for place in range(len(rows))]
    return [_first(rows, values, place) for place in range(len(rows))]


def _first(rows: Sequence[Truth], values: Sequence[Val], place: int) -> Term:
    """That the row is the first that surely fits, and earlier ones that may fit agree with it."""
    own = values[place]
    agreeing = []
    for row, value in zip(rows[:place], values[:place], strict=True):
        agreeing += [negation(row.true), some([row.false, _agrees(value, own)])]
    return every([rows[place].true, *agreeing])


def _agrees(one: Val, other: Val) -> Term:
    if isinstance(one, Truth) and isinstance(other, Truth):
        return some([every([one.true, other.true]), every([one.false, other.false])])
    if isinstance(one, Value) and isinstance(other, Value):
        return every([one.known, other.known, one.term == other.term])
    return FALSE


def _only(rows: Sequence[Truth], place: int) -> Term:
    return every([rows[place].true, *(row.false for n, row in enumerate(rows) if n != place)])


def silence(policy: HitPolicy, rows: Sequence[Truth]) -> Term:
    """That no row can fit, or, where only one may, that two surely do."""
    none = every(row.false for row in rows)
    if policy is not HitPolicy.UNIQUE:
        return none
    two = [
        every([one.true, other.true])
        for index, one in enumerate(rows)
        for other in rows[index + 1 :]
    ]
    return some([none, *two])


def chosen(hits: Sequence[Term], values: Sequence[Val], spoken: Term, hole: Term) -> Val:
    """The value of the row that counts; where none does and it is `spoken`, any value."""
    truths = [value for value in values if isinstance(value, Truth)]
    if truths:
        true = [every([hit, each.true]) for hit, each in zip(hits, truths, strict=True)]
        false = [every([hit, each.false]) for hit, each in zip(hits, truths, strict=True)]
        return Truth(
            some([*true, every([spoken, hole])]),
            some([*false, every([spoken, negation(hole)])]),
        )
    pairs = [(hit, as_value(value)) for hit, value in zip(hits, values, strict=True)]
    term: Term = hole
    for hit, each in reversed(pairs):
        term = choice(hit, each.term, term)
    return Value(term, some([*(every([hit, each.known]) for hit, each in pairs), spoken]))


# --- what is known, and what differs --------------------------------------------------------------


def is_sure(members: Members) -> Term:
    """That of no item it is open whether it is in the list."""
    return every(some([entry.sure, negation(entry.maybe)]) for entry in members.entries)


def is_known(value: Val) -> Term:
    match value:
        case Truth(true=true, false=false):
            return some([true, false])
        case Value(known=known):
            return known
        case Members():
            return is_sure(value)
    return every(is_known(each) for each in value)


def apart(one: Truth, other: Truth) -> Term:
    """That one is true and the other false."""
    return some([every([one.true, other.false]), every([one.false, other.true])])


def differs(one: Val, other: Val) -> Term:
    """That two values, both known, are not the same."""
    if isinstance(one, Truth) and isinstance(other, Truth):
        return apart(one, other)
    if isinstance(one, Value) and isinstance(other, Value):
        return every([one.known, other.known, one.term != other.term])
    if isinstance(one, Members) and isinstance(other, Members):
        return some(
            some(
                [
                    left.sure != right.sure,
                    every([left.sure, right.sure, differs(left.value, right.value)]),
                ]
            )
            for left, right in zip(one.entries, other.entries, strict=True)
        )
    if isinstance(one, tuple) and isinstance(other, tuple):
        return some(differs(left, right) for left, right in zip(one, other, strict=True))
    raise TypeError("values of two kinds")
