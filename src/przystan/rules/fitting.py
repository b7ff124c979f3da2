"""Which types go together: what takes what, what two values have in common, how they compare."""

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from fractions import Fraction

from .functions import Function
from .meaning import Apply, Compare, Constant, Meaning, Not
from .syntax.tree import At
from .values import BOOL, DECIMAL, INT, NUMBERS, ORDERED, TEXT, Kind, Type


class MisfitError(Exception):
    """What does not fit, and where in the text."""

    def __init__(self, at: At, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.at, self.message, self.hint = at, message, hint


def fits(type_: Type, expected: Type) -> bool:
    """Whether a value of the type may stand where `expected` belongs."""
    return takes(expected, type_) and units_agree(type_, expected)


def takes(parameter: Type, type_: Type) -> bool:
    if parameter.kind is Kind.DECIMAL:
        return type_.kind in NUMBERS
    if parameter.kind is Kind.TEXT:
        return type_.kind is Kind.TEXT
    if parameter.kind is Kind.PERIOD:
        return type_.kind is Kind.PERIOD and type_.unit == parameter.unit
    return parameter.kind is type_.kind


def units_agree(one: Type, other: Type) -> bool:
    return not one.unit or not other.unit or one.unit == other.unit


def unit_of(function: Function, types: Sequence[Type], at: At) -> str:
    """The unit of a number that comes out; units are never mixed."""
    if function.name in ("years", "months", "weeks", "days", "add_working_days"):
        own = "days" if function.name == "add_working_days" else function.name
        if (given := types[-1].unit) not in ("", own):
            raise MisfitError(
                at, f"`{function.name}` takes a number of {own}, this one is in {given}."
            )
        return ""
    units = {type_.unit for type_ in types if type_.kind in NUMBERS and type_.unit}
    if not units or function.result.kind not in NUMBERS:
        return ""
    if len(units) > 1 or (function.name == "*" and all(type_.unit for type_ in types)):
        raise MisfitError(
            at,
            f"`{function.name}` mixes the units {' and '.join(sorted(units))}.",
            "Bring both to one unit first.",
        )
    return units.pop()


def common(one: Type, other: Type) -> Type | None:
    """The type that holds values of both, or None."""
    if not units_agree(one, other):
        return None
    unit = one.unit or other.unit
    if one.kind in NUMBERS and other.kind in NUMBERS:
        kind = one.kind if one.kind is other.kind else Kind.DECIMAL
        return Type(kind, unit)
    textual = {Kind.TEXT, Kind.CHOICE}
    if one.kind in textual and other.kind in textual:
        return one.bare() if one == other else TEXT
    if one.kind is not other.kind or one.kind in (Kind.LIST, Kind.RECORD):
        return None
    return replace(one.bare(), unit=unit)


def type_of_literal(value: object) -> Type:
    match value:
        case bool():
            return BOOL
        case int():
            return INT
        case Fraction():
            return DECIMAL
    return TEXT


def negated(meaning: Meaning) -> Meaning:
    match meaning:
        case Not(operand):
            return operand
        case Constant(bool() as value):
            return Constant(not value, BOOL)
    return Not(meaning)


def equal(left: Meaning, right: Meaning, at: At, sign: str = "==") -> Meaning:
    for one, other in ((left, right), (right, left)):
        if (
            one.type.kind is Kind.CHOICE
            and isinstance(other, Constant)
            and other.type.kind is Kind.TEXT
            and other.value not in one.type.options
        ):
            raise MisfitError(
                at,
                f"`{other.value}` is none of the options.",
                did_you_mean(other.value, one.type.options)
                or f"They are: {', '.join(one.type.options[:12])}.",
            )
    if common(left.type, right.type) is None:
        raise MisfitError(
            at,
            f"`{sign}` cannot compare a {left.type} with a {right.type}.",
            unit_hint(left.type, right.type),
        )
    return folded(Compare("==", left, right))


def ordered(operator: str, left: Meaning, right: Meaning, at: At) -> Meaning:
    type_ = common(left.type, right.type)
    if type_ is None or type_.kind not in ORDERED:
        raise MisfitError(
            at,
            f"A {left.type} and a {right.type} have no order.",
            unit_hint(left.type, right.type),
        )
    return folded(Compare(operator, left, right))


def unit_hint(one: Type, other: Type) -> str:
    if one.kind is other.kind and not units_agree(one, other):
        return "Bring both to one unit first."
    if Kind.MONEY in (one.kind, other.kind):
        return "Write an amount as pln(100) or pln(100.50)."
    if Kind.DATE in (one.kind, other.kind):
        return 'Write a day as date("2026-11-23").'
    if Kind.PERIOD in (one.kind, other.kind):
        return "Write a period as days(14) or months(3)."
    return ""


def folded(meaning: Apply | Compare) -> Meaning:
    """The constant that it is, when all its parts are constants."""
    parts = meaning.arguments if isinstance(meaning, Apply) else (meaning.left, meaning.right)
    values = [part.value for part in parts if isinstance(part, Constant)]
    if len(values) < len(parts):
        return meaning
    if isinstance(meaning, Apply):
        return Constant(meaning.function.call(*values), meaning.type)
    left, right = values
    match meaning.operator:
        case "==":
            return Constant(left == right, BOOL)
        case "<":
            return Constant(left < right, BOOL)
    return Constant(left <= right, BOOL)


def did_you_mean(name: str, known: Sequence[str]) -> str:
    close = get_close_matches(name, known, n=2)
    return f"Did you mean {' or '.join(f'`{found}`' for found in close)}?" if close else ""
