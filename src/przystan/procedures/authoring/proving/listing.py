"""Lists for the solver: some items one by one, and `rest`, what the others may add."""

from collections.abc import Callable, Sequence

from przystan.procedures.authoring.proving.kleene import is_sure
from przystan.procedures.authoring.proving.terms import (
    FALSE,
    TRUE,
    Entry,
    Members,
    Term,
    Truth,
    Value,
    choice,
    every,
    negation,
    some,
    z3,
)
from przystan.rules.values import BOOL, INT, Type

Rest = Callable[[Type], Term]
"""A variable for what comes out for the items that are not looked at."""


def exists(members: Members, truths: Sequence[Truth], rest: Rest) -> Truth:
    pairs = list(zip(members.entries, truths, strict=True))
    true = [every([entry.sure, truth.true]) for entry, truth in pairs]
    false = [some([negation(entry.maybe), truth.false]) for entry, truth in pairs]
    if members.more is not FALSE:
        further = every([members.more, rest(BOOL)])
        true.append(further)
        false.append(negation(further))
    return Truth(some(true), every(false))


def filtered(members: Members, truths: Sequence[Truth], rest: Rest) -> Members:
    entries = tuple(
        Entry(
            every([entry.sure, truth.true]),
            every([entry.maybe, negation(truth.false)]),
            entry.value,
        )
        for entry, truth in zip(members.entries, truths, strict=True)
    )
    if members.more is FALSE:
        return Members(entries)
    return Members(entries, every([members.more, rest(BOOL)]))


def size(members: Members, rest: Rest) -> Value:
    total = z3.Sum([z3.IntVal(0), *(z3.If(entry.sure, 1, 0) for entry in members.entries)])
    if members.more is not FALSE:
        more = rest(INT)
        total = total + z3.If(members.more, z3.If(more < 1, 1, more), 0)
    return Value(total, is_sure(members))


def total(members: Members, values: Sequence[Value], rest: Rest, type_: Type) -> Value:
    pairs = list(zip(members.entries, values, strict=True))
    found = z3.Sum([z3.IntVal(0), *(z3.If(entry.sure, each.term, 0) for entry, each in pairs)])
    if members.more is not FALSE:
        found = found + z3.If(members.more, rest(type_), 0)
    return Value(found, _known(members, values))


def extreme(
    members: Members, values: Sequence[Value], empty: Value, is_max: bool, rest: Rest, type_: Type
) -> Value:
    """The largest or smallest value; `empty` where there is no item."""
    found, is_empty = empty.term, TRUE
    for entry, value in zip(members.entries, values, strict=True):
        better = value.term > found if is_max else value.term < found
        taken = every([entry.sure, some([is_empty, better])])
        found = choice(taken, value.term, found)
        is_empty = every([is_empty, negation(entry.sure)])
    if members.more is not FALSE:
        found = z3.If(members.more, rest(type_), found)
    known = every([_known(members, values), some([negation(is_empty), empty.known])])
    return Value(found, known)


def _known(members: Members, values: Sequence[Value]) -> Term:
    """That every item is in the list or not, and the value of each is known."""
    pairs = zip(members.entries, values, strict=True)
    known = [some([negation(entry.maybe), value.known]) for entry, value in pairs]
    return every([is_sure(members), *known])
