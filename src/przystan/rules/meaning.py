"""What an expression means once its names and types are known: the checker's result.

A second tree, smaller than the one of the syntax: signs are functions, `all` is a negated
`exists`, `in` over a list that a person gave is `exists`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .functions import Function
from .values import BOOL, Type


@dataclass(frozen=True, slots=True)
class Constant:
    value: Any
    type: Type


class Of(StrEnum):
    """What a name stands for."""

    DAY = "on"
    FACT = "fact"
    PARAMETER = "parameter"
    RULE = "rule"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Read:
    """The day, a fact, a parameter, a rule or a table."""

    of: Of
    id: str
    type: Type


@dataclass(frozen=True, slots=True)
class Variable:
    """The item of a list macro; `number` is its own in the definition."""

    number: int
    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class FieldOf:
    target: "Meaning"
    index: int
    type: Type


@dataclass(frozen=True, slots=True)
class Not:
    operand: "Meaning"
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class AllOf:
    """Kleene's conjunction: false wins over unknown, unknown over true."""

    parts: "tuple[Meaning, ...]"
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Kleene's disjunction: true wins over unknown, unknown over false."""

    parts: "tuple[Meaning, ...]"
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Compare:
    """`==`, `<` or `<=`; the others are these, turned or negated."""

    operator: str
    left: "Meaning"
    right: "Meaning"
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class OneOf:
    """A value among constants; `is_exhaustive`: the constants are all that there are."""

    item: "Meaning"
    options: frozenset[Any]
    is_exhaustive: bool
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Apply:
    function: Function
    arguments: "tuple[Meaning, ...]"
    type: Type


@dataclass(frozen=True, slots=True)
class Extreme:
    """`min` or `max` of several values."""

    is_max: bool
    parts: "tuple[Meaning, ...]"
    type: Type


@dataclass(frozen=True, slots=True)
class IfElse:
    condition: "Meaning"
    then: "Meaning"
    otherwise: "Meaning"
    type: Type


@dataclass(frozen=True, slots=True)
class Filter:
    items: "Meaning"
    variable: Variable
    condition: "Meaning"
    type: Type


@dataclass(frozen=True, slots=True)
class Exists:
    items: "Meaning"
    variable: Variable
    condition: "Meaning"
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Size:
    items: "Meaning"
    type: Type


@dataclass(frozen=True, slots=True)
class Sum:
    items: "Meaning"
    variable: Variable
    body: "Meaning"
    type: Type


@dataclass(frozen=True, slots=True)
class ExtremeOver:
    """The largest or smallest value over a list; `empty` where the list has no item."""

    is_max: bool
    items: "Meaning"
    variable: Variable
    body: "Meaning"
    empty: "Meaning"
    type: Type


@dataclass(frozen=True, slots=True)
class Presence:
    """`days_present(stays, day, window)`, or with a limit `last_legal_day(stays, entry, …)`."""

    stays: "Meaning"
    entry_index: int
    exit_index: int
    day: "Meaning"
    window: int
    limit: int | None
    type: Type


Meaning = (
    Constant
    | Read
    | Variable
    | FieldOf
    | Not
    | AllOf
    | AnyOf
    | Compare
    | OneOf
    | Apply
    | Extreme
    | IfElse
    | Filter
    | Exists
    | Size
    | Sum
    | ExtremeOver
    | Presence
)


def children(meaning: Meaning) -> tuple[Meaning, ...]:
    """The direct parts, left to right."""
    match meaning:
        case Constant() | Read() | Variable():
            return ()
        case FieldOf(target=part) | Not(operand=part) | OneOf(item=part) | Size(items=part):
            return (part,)
        case AllOf(parts=parts) | AnyOf(parts=parts) | Extreme(parts=parts):
            return parts
        case Apply(arguments=parts):
            return parts
        case Compare(left=left, right=right):
            return (left, right)
        case IfElse(condition=condition, then=then, otherwise=otherwise):
            return (condition, then, otherwise)
        case Filter(items=items, condition=body) | Exists(items=items, condition=body):
            return (items, body)
        case Sum(items=items, body=body):
            return (items, body)
        case ExtremeOver(items=items, body=body, empty=empty):
            return (items, body, empty)
        case Presence(stays=stays, day=day):
            return (stays, day)
