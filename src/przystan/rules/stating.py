"""What somebody stated, as JSON or Python values, becomes values of the fact's type, or is refused.

Nothing is guessed: no float for an amount, no text for a number. Reasons and remedies are in
English and never repeat the value; the layer above words them for the person by `FactError`.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from .faults import FactError
from .values import Kind, Listing, PartialDate, Type, Why
from .vocabulary import Fact

LONGEST_TEXT: Final = 10_000
LARGEST_NUMBER: Final = 10**15
MOST_ITEMS: Final = 500
_WHOLE: Final = frozenset({Kind.INT, Kind.MONEY})
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?\Z", re.ASCII)
_DECIMAL: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?\Z", re.ASCII)


def stated(fact: Fact, raw: object) -> Any:
    """The value of the fact's type, a `Listing`, a `PartialDate`, or a `Why`.

    `raw` is the Python value or its JSON form: dates as `2026-11-23`, decimals as `"1.5"`,
    money as whole grosz, a record as an object, a list as an array (then it is complete) or
    `{"items": […], "complete": false}`, what is not known as `{"unknown": "person_does_not_know"}`.

    Raises:
        FactError: names the fact (and field), the reason, what to do.
    """
    type_ = fact.type
    if raw.__class__ is bool and type_.kind is Kind.BOOL:
        return raw
    if raw.__class__ is str and type_.kind is Kind.CHOICE and raw in type_.options:
        return raw
    if raw.__class__ is int and type_.kind in _WHOLE and _is_plainly_within(type_, raw):
        return raw
    if raw.__class__ is date and type_.kind is Kind.DATE and type_.low is type_.high:
        return raw
    return _admitted(fact.id, fact.type, raw, may_be_partial=fact.may_be_partial)


def _is_plainly_within(type_: Type, number: Any) -> bool:
    low: Any = type_.low
    return (
        type_.high is None
        and (low is None or low <= number)
        and (-LARGEST_NUMBER <= number <= LARGEST_NUMBER)
    )


def _admitted(name: str, type_: Type, raw: object, *, may_be_partial: bool = False) -> Any:
    if (why := _why(name, raw)) is not None:
        return why
    match type_.kind:
        case Kind.LIST:
            return _listing(name, type_, raw)
        case Kind.RECORD:
            return _record(name, type_, raw)
        case Kind.DATE:
            return _date(name, type_, raw, may_be_partial)
        case Kind.BOOL:
            if not isinstance(raw, bool):
                raise FactError(name, "is not a yes or a no.", "State true or false.")
            return raw
        case Kind.TEXT | Kind.CHOICE:
            return _text(name, type_, raw)
        case _:
            number = _number(name, type_, raw)
            _check_bounds(name, type_, number, number)
            return number


def _why(name: str, raw: object) -> Why | None:
    if isinstance(raw, Why):
        why = raw
    elif isinstance(raw, Mapping) and raw.keys() == {"unknown"}:
        try:
            why = Why(raw["unknown"])
        except ValueError as error:
            raise FactError(
                name, "is unknown for no known reason.", "Use: " + ", ".join(Why)
            ) from error
    else:
        return None
    if why in (Why.LAW_NOT_VERIFIED, Why.RULES_SILENT):
        raise FactError(name, f"cannot be {why}: a fact is no law.", "State why nobody knows it.")
    return why


def _number(name: str, type_: Type, raw: object) -> int | Fraction:
    number: int | Fraction
    if type_.kind is Kind.DECIMAL:
        if isinstance(raw, str) and _DECIMAL.match(raw):
            number = Fraction(raw)
        elif isinstance(raw, (int, Fraction, Decimal)) and not isinstance(raw, bool):
            if isinstance(raw, Decimal) and not raw.is_finite():
                raise FactError(name, "is not a number.", "State a decimal number.")
            number = Fraction(raw)
        else:
            raise FactError(name, "is not a decimal number.", 'State it as text, such as "1.5".')
    elif isinstance(raw, int) and not isinstance(raw, bool):
        number = raw
    else:
        what = "whole grosz" if type_.kind is Kind.MONEY else "a whole number"
        raise FactError(name, f"is not {what}.", f"State {what}, without quotation marks.")
    if not -LARGEST_NUMBER <= number <= LARGEST_NUMBER:
        raise FactError(name, "is too large.", "Check the number of digits.")
    return number


def _text(name: str, type_: Type, raw: object) -> str:
    if not isinstance(raw, str):
        raise FactError(name, "is not a text.", "State it in quotation marks.")
    text = unicodedata.normalize("NFC", raw)
    if type_.kind is Kind.CHOICE and text not in type_.options:
        shown = ", ".join(type_.options[:12])
        raise FactError(name, "is none of the options.", f"State the code of one: {shown}")
    if len(text) > LONGEST_TEXT:
        raise FactError(name, "is too long.", f"State at most {LONGEST_TEXT} characters.")
    return text


def _date(name: str, type_: Type, raw: object, may_be_partial: bool) -> date | PartialDate:
    day = _read_date(name, raw)
    if not isinstance(day, PartialDate):
        _check_bounds(name, type_, day, day)
    elif may_be_partial:
        _check_bounds(name, type_, day.first, day.last)
    else:
        raise FactError(name, "lacks the day or the month.", "State the full date.")
    return day


def _read_date(name: str, raw: object) -> date | PartialDate:
    if isinstance(raw, datetime):
        raise FactError(name, "is a moment, not a day.", "State the day in Warsaw.")
    if isinstance(raw, (date, PartialDate)):
        return raw
    found = _DATE.match(raw) if isinstance(raw, str) else None
    if found is None:
        raise FactError(name, "is not a date.", "State it as year-month-day, such as 2026-11-23.")
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        if day is not None:
            return date(year or 0, month or 0, day)
        return PartialDate(year or 0, month)
    except ValueError as error:
        raise FactError(
            name, "is a day that the calendar does not have.", "Check day and month."
        ) from error


def _check_bounds(name: str, type_: Type, first: Any, last: Any) -> None:
    """Whether something between `first` and `last` is within the bounds of the type."""
    low: Any = type_.low
    high: Any = type_.high
    if low is not None and last < low:
        raise FactError(name, f"is below {low}.", f"State {low} or more.")
    if high is not None and first > high:
        raise FactError(name, f"is above {high}.", f"State {high} or less.")


def _record(name: str, type_: Type, raw: object) -> tuple[Any, ...]:
    """The fields in order; what was left out was not asked."""
    if isinstance(raw, tuple):
        raw = {field: value for (field, _), value in zip(type_.fields, raw, strict=True)}
    if not isinstance(raw, Mapping):
        raise FactError(name, "is not a record.", "State its fields by name.")
    known = {field for field, _ in type_.fields}
    if stray := sorted(str(key) for key in raw if key not in known):
        raise FactError(f"{name}.{stray[0]}", "is no field.", "Use: " + ", ".join(sorted(known)))
    return tuple(
        _admitted(f"{name}.{field}", inner, raw[field]) if field in raw else Why.NOT_ASKED
        for field, inner in type_.fields
    )


def _listing(name: str, type_: Type, raw: object) -> Listing:
    items: object = raw
    is_complete: object = True
    if isinstance(raw, Listing):
        items, is_complete = raw.items, raw.is_complete
    elif isinstance(raw, Mapping) and raw.keys() == {"items", "complete"}:
        items, is_complete = raw["items"], raw["complete"]
    if not isinstance(items, (list, tuple)) or not isinstance(is_complete, bool):
        raise FactError(name, "is not a list.", "State an array, or its items and complete.")
    if len(items) > MOST_ITEMS:
        raise FactError(name, "has too many entries.", f"State at most {MOST_ITEMS}.")
    if type_.item is None:
        raise TypeError(f"{name}: a list needs the type of its items")
    return Listing(
        tuple(_admitted(f"{name}[{i}]", type_.item, item) for i, item in enumerate(items)),
        is_complete,
    )
