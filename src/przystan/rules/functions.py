"""What expressions may call: the catalogue of functions and of the arithmetic signs.

Each knows how an unknown argument of which bounds are known bounds the result. For most of them
that follows from the direction in which the result moves with each argument.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from . import days, terms
from .values import BOOL, DATE, DAYS, DECIMAL, INT, MONEY, MONTHS, TEXT, Kind, Type

Bounds = tuple[Any, Any]
Bounding = Callable[[Sequence[Bounds]], Bounds]


@dataclass(frozen=True, slots=True)
class Function:
    """One signature; a name may have several."""

    name: str
    parameters: tuple[Type, ...]
    result: Type
    call: Callable[..., Any]
    bounds: Bounding | None = None
    doc: str = ""


def moving(call: Callable[..., Any], directions: str) -> Bounding:
    """Bounds of a function that moves one way with each argument: `+` with it, `-` against it."""

    def bounds(arguments: Sequence[Bounds]) -> Bounds:
        lows, highs = [], []
        for direction, (low, high) in zip(directions, arguments, strict=True):
            lows.append(low if direction == "+" else high)
            highs.append(high if direction == "+" else low)
        return (
            None if None in lows else call(*lows),
            None if None in highs else call(*highs),
        )

    return bounds


def _product_bounds(arguments: Sequence[Bounds]) -> Bounds:
    """Bounds of a product; a known factor carries one open end along."""
    known, other = arguments
    if known[0] is None or known[0] != known[1]:
        known, other = other, known
    factor: Any = known[0]
    if factor is not None and factor == known[1]:
        ends: list[Any] = [None if end is None else factor * end for end in other]
        return (ends[0], ends[1]) if factor >= 0 else (ends[1], ends[0])
    if None in known or None in other:
        return None, None
    corners: list[Any] = [one * two for one in known for two in other]
    return min(corners), max(corners)


def _add(left: Any, right: Any) -> Any:
    return left + right


def _subtract(left: Any, right: Any) -> Any:
    return left - right


def _multiply(left: Any, right: Any) -> Any:
    return left * right


def _divide(left: Any, right: Any) -> Any:
    return Fraction(left) / right


def _negate(value: Any) -> Any:
    return -value


def _back_days(day: date, count: int) -> date:
    return days.add_days(day, -count)


def _back_months(day: date, count: int) -> date:
    return days.add_months(day, -count)


def rounded(grosz: int | Fraction) -> int:
    """To whole grosz, half away from zero."""
    doubled = 2 * (grosz if grosz >= 0 else -grosz) + 1
    whole = int(doubled // 2)
    return whole if grosz >= 0 else -whole


def _year(day: date) -> int:
    return day.year


def _moved(
    name: str,
    parameters: Sequence[Type],
    result: Type,
    call: Callable[..., Any],
    directions: str,
    doc: str = "",
) -> Function:
    return Function(name, tuple(parameters), result, call, moving(call, directions), doc)


def _scaled(number: int) -> Callable[[int], int]:
    return lambda count: count * number


_YEARS: Final = Type(Kind.INT, "years")
_WHOLE_MONTHS: Final = Type(Kind.INT, "months")
_WHOLE_DAYS: Final = Type(Kind.INT, "days")

FUNCTIONS: Final[tuple[Function, ...]] = (
    _moved("years", [INT], MONTHS, _scaled(12), "+", "A period of years."),
    _moved("months", [INT], MONTHS, _scaled(1), "+", "A period of months."),
    _moved("weeks", [INT], DAYS, _scaled(7), "+", "A period of weeks."),
    _moved("days", [INT], DAYS, _scaled(1), "+", "A period of days."),
    _moved(
        "age", [DATE, DATE], _YEARS, days.age, "-+",
        "Full years of life on a day; reached at the beginning of the birthday.",
    ),
    _moved(
        "years_between", [DATE, DATE], _YEARS, days.years_between, "-+",
        "Full years from one day to another.",
    ),
    _moved(
        "months_between", [DATE, DATE], _WHOLE_MONTHS, days.months_between, "-+",
        "Full months from one day to another.",
    ),
    _moved(
        "days_between", [DATE, DATE], _WHOLE_DAYS, days.days_between, "-+",
        "Days from one day to another; the first is not counted.",
    ),
    _moved(
        "working_days_between", [DATE, DATE], _WHOLE_DAYS, days.working_days_between, "-+",
        "Working days after the first day up to and with the second.",
    ),
    _moved(
        "add_working_days", [DATE, INT], DATE, days.add_working_days, "++",
        "The n-th working day after a day.",
    ),
    _moved(
        "term_end", [DATE, DAYS], DATE, terms.end_of_days, "++",
        "Last day of a term after KPA art. 57: the day of the event is not counted, an end on a"
        " Saturday or a day off moves on.",
    ),
    _moved(
        "term_end", [DATE, MONTHS], DATE, terms.end_of_months, "++",
        "The same for a term in months or years.",
    ),
    Function("is_working_day", (DATE,), BOOL, days.is_working_day, None,
             "No Saturday, Sunday or statutory day off."),
    _moved("next_working_day", [DATE], DATE, days.next_working_day, "+",
           "The day itself when it is a working day, else the next one."),
    _moved("year", [DATE], Type(Kind.INT), _year, "+", "The calendar year of a day."),
    _moved("rounded", [MONEY], MONEY, rounded, "+", "To whole grosz, half away from zero."),
)  # fmt: skip

METHODS: Final[tuple[Function, ...]] = (
    Function("startsWith", (TEXT, TEXT), BOOL, str.startswith, None, "A text begins with another."),
)

_NUMBER_PAIRS: Final = (
    (INT, INT, INT),
    (INT, DECIMAL, DECIMAL),
    (DECIMAL, INT, DECIMAL),
    (DECIMAL, DECIMAL, DECIMAL),
    (MONEY, INT, MONEY),
    (MONEY, DECIMAL, MONEY),
    (INT, MONEY, MONEY),
    (DECIMAL, MONEY, MONEY),
    (DAYS, INT, DAYS),
    (INT, DAYS, DAYS),
    (MONTHS, INT, MONTHS),
    (INT, MONTHS, MONTHS),
)
_SUMS: Final = (
    *_NUMBER_PAIRS[:4],
    (MONEY, MONEY, MONEY),
    (DAYS, DAYS, DAYS),
    (MONTHS, MONTHS, MONTHS),
)

SIGNS: Final[tuple[Function, ...]] = (
    *(_moved("+", [left, right], result, _add, "++") for left, right, result in _SUMS),
    *(_moved("-", [left, right], result, _subtract, "+-") for left, right, result in _SUMS),
    _moved("+", [DATE, DAYS], DATE, days.add_days, "++"),
    _moved("+", [DATE, MONTHS], DATE, days.add_months, "++"),
    _moved("-", [DATE, DAYS], DATE, _back_days, "+-"),
    _moved("-", [DATE, MONTHS], DATE, _back_months, "+-"),
    _moved("-", [DATE, DATE], DAYS, lambda end, start: (end - start).days, "+-"),
    *(
        Function("*", (left, right), result, _multiply, _product_bounds)
        for left, right, result in _NUMBER_PAIRS
    ),
    *(
        Function("/", (left, right), result, _divide)
        for left, right, result in _NUMBER_PAIRS
        if left.kind in (Kind.DECIMAL, Kind.MONEY) and right.kind in (Kind.INT, Kind.DECIMAL)
    ),
)

NEGATIONS: Final[tuple[Function, ...]] = tuple(
    _moved("-", [type_], type_, _negate, "-") for type_ in (INT, DECIMAL, MONEY, DAYS, MONTHS)
)


def named(catalogue: Sequence[Function], name: str) -> list[Function]:
    return [function for function in catalogue if function.name == name]
