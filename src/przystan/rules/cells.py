"""Values of a fact that stand for all: one for each way in which conditions can tell it apart.

A fact read only as yes or no, as a code among codes, or in comparisons with constants has
finitely many ways. Trying one value of each decides by enumeration what Kleene's logic leaves
open. A fact that is used in another way (a birth date in `age`, an amount in a sum, a list) has
no cells.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final

from .days import add_days
from .meaning import Compare, Constant, Meaning, Of, OneOf, Read, children
from .values import ORDERED, Kind, Type
from .vocabulary import Vocabulary

Cells = Mapping[str, tuple[Any, ...]]
MOST_OPTIONS: Final = 12  # of a choice compared with more than constants, all of which are tried
FINEST: Final = Fraction(1, 10**9)  # decimals are stated with at most nine places


def cells_of(vocabulary: Vocabulary, everything: Iterable[Sequence[Meaning]]) -> Cells:
    """The cells of each fact that has them."""
    constants: dict[str, set[Any]] = defaultdict(set)
    otherwise: set[str] = set()
    for meanings in everything:
        for meaning in meanings:
            _note(meaning, constants, otherwise)
    found: dict[str, tuple[Any, ...]] = {}
    for id, fact in vocabulary.facts.items():
        if fact.type.kind is Kind.BOOL:
            found[id] = (True, False)
        elif id in constants and id not in otherwise:
            found[id] = _cells(fact.type, constants[id])
        elif id in otherwise and 0 < len(fact.type.options) <= MOST_OPTIONS:
            found[id] = fact.type.options
    return found


def _note(meaning: Meaning, constants: dict[str, set[Any]], otherwise: set[str]) -> None:
    match meaning:
        case OneOf(Read(Of.FACT, id), options):
            constants[id] |= options
        case Compare(_, Read(Of.FACT, id), Constant(value)):
            constants[id].add(value)
        case Compare(_, Constant(value), Read(Of.FACT, id)):
            constants[id].add(value)
        case Read(Of.FACT, id):
            otherwise.add(id)
        case _:
            for part in children(meaning):
                _note(part, constants, otherwise)


def _cells(type_: Type, constants: set[Any]) -> tuple[Any, ...]:
    match type_.kind:
        case Kind.CHOICE:
            named = [option for option in type_.options if option in constants]
            other = [option for option in type_.options if option not in constants]
            return (*named, *other[:1])
        case Kind.TEXT:
            return (*sorted(constants), "\0")  # no text that a person states
        case kind if kind in ORDERED:
            around = {near for value in constants for near in _around(kind, value)}
            return tuple(sorted(value for value in around if _within(type_, value)))
    raise TypeError(f"a {type_.kind} is not compared with constants")


def _around(kind: Kind, value: Any) -> tuple[Any, ...]:
    """The value and its neighbours; of a limit between two whole numbers, those two."""
    match kind:
        case Kind.DATE:
            return add_days(value, -1), value, add_days(value, 1)
        case Kind.DECIMAL:
            return value - FINEST, Fraction(value), value + FINEST
    return floor(value) - 1, floor(value), ceil(value), ceil(value) + 1


def _within(type_: Type, value: Any) -> bool:
    return (type_.low is None or value >= type_.low) and (type_.high is None or value <= type_.high)


def guesses(type_: Type, cells: tuple[Any, ...] | None, on: date) -> tuple[Any, ...]:
    """Values to try when weighing a question: the cells, or some that are likely to differ."""
    if cells is not None:
        return cells
    low, high = type_.low, type_.high
    match type_.kind:
        case Kind.CHOICE:
            return type_.options[:6]
        case Kind.DATE:
            ages = (0.1, 0.5, 2, 6, 17, 25, 40)
            found: list[Any] = [on - timedelta(days=365.25 * years) for years in ages]
            found.append(add_days(on, 90))
        case Kind.TEXT | Kind.LIST | Kind.RECORD:
            return ()
        case _:
            found = [0, 1, 3, 6, 12, 30, 100, 1_000, 100_000, 500_000]
    return tuple(value for value in found if _within(type_, value)) or tuple(
        end for end in (low, high) if end is not None
    )
