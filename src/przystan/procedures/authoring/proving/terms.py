"""The solver's terms, and values of the rules made of them.

A truth is a pair, what makes it surely true and what makes it surely false: where neither holds
it is unknown, as in Kleene's logic. Other values carry when they are known.
"""

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

z3: Any = importlib.import_module("z3")  # in the extra `authoring`; it has no types

Term = Any
"""An expression of the solver."""

TRUE: Final[Term] = z3.BoolVal(True)
FALSE: Final[Term] = z3.BoolVal(False)

# What a question may suppose.
SHORT: Final[Term] = z3.Bool("no list is longer than looked at")
LIKELY: Final[Term] = z3.Bool("facts are as most people state them")
LAWFUL: Final[Term] = z3.Bool("what the law leaves open is known")
LOUD: Final[Term] = z3.Bool("what tables leave open is known")


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    true: Term
    false: Term


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """A number, amount, period, day (its ordinal) or text (its code).

    `raw` is the value itself where it is a constant, `step` the function whose result it is.
    """

    term: Term
    known: Term
    raw: Any = None
    step: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """An item of a list: whether it is surely in it, whether it may be."""

    sure: Term
    maybe: Term
    value: "Val"


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """The items that are looked at; `more`: there are others besides, of which nothing is said."""

    entries: tuple[Entry, ...]
    more: Term = FALSE


Val = Truth | Value | Members | tuple[Any, ...]


class Codes:
    """A number for each text and code; those registered together follow each other."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._texts: list[str] = []

    def of(self, text: str) -> int:
        if text not in self._codes:
            self._codes[text] = len(self._texts)
            self._texts.append(text)
        return self._codes[text]

    def text(self, code: int) -> str:
        return self._texts[code]

    def beginning_with(self, prefix: str) -> list[int]:
        return [code for code, text in enumerate(self._texts) if text.startswith(prefix)]


# Parts are compared with the two constants themselves: that is fast, and no other ones are made.


def every(parts: Iterable[Term]) -> Term:
    """All of them; a part that is plainly true or false is worked out at once."""
    left = []
    for part in parts:
        if part is FALSE:
            return FALSE
        if part is not TRUE:
            left.append(part)
    return z3.And(left) if len(left) > 1 else left[0] if left else TRUE


def some(parts: Iterable[Term]) -> Term:
    """At least one of them."""
    left = []
    for part in parts:
        if part is TRUE:
            return TRUE
        if part is not FALSE:
            left.append(part)
    return z3.Or(left) if len(left) > 1 else left[0] if left else FALSE


def negation(part: Term) -> Term:
    if part is TRUE:
        return FALSE
    return TRUE if part is FALSE else z3.Not(part)


def choice(condition: Term, then: Term, otherwise: Term) -> Term:
    if condition is TRUE:
        return then
    return otherwise if condition is FALSE else z3.If(condition, then, otherwise)


def number(value: int | Fraction | date) -> Term:
    """A constant as the solver writes it; a day is its ordinal."""
    if isinstance(value, date):
        return z3.IntVal(value.toordinal())
    if isinstance(value, Fraction):
        return z3.Q(value.numerator, value.denominator)
    return z3.IntVal(value)


def certain(condition: Term) -> Truth:
    return Truth(condition, negation(condition))


def whole(model: Any, term: Term) -> int | Fraction:
    """The number that a model gives a term."""
    found = model.eval(term, model_completion=True)
    if z3.is_int_value(found):
        return int(found.as_long())
    if z3.is_rational_value(found):
        return Fraction(found.numerator_as_long(), found.denominator_as_long())
    near = found.approx(12)  # a root: only where two facts are multiplied
    return Fraction(near.numerator_as_long(), near.denominator_as_long())


def holds(model: Any, term: Term) -> bool:
    return bool(z3.is_true(model.eval(term, model_completion=True)))
