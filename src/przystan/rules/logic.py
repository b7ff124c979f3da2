"""Kleene's logic and comparison where a side may be unknown within bounds."""

from collections.abc import Iterable
from typing import Any

from .functions import Bounds, Function
from .values import Unknown, joined, within


def bounds(value: Any) -> Bounds:
    """The closed range in which the value lies; a known value is its own."""
    if value.__class__ is Unknown:
        return value.low, value.high
    return value, value


def blended(values: Iterable[Any]) -> Unknown:
    """Unknown because of every unknown among the values; without bounds.

    Raises:
        ValueError: nothing among them is unknown.
    """
    mask = twice = 0
    for value in values:
        if value.__class__ is Unknown:
            twice |= value.twice | (mask & value.mask)
            mask |= value.mask
    if not mask:
        raise ValueError("nothing is unknown")
    return Unknown(mask, twice)


def _cause(left: Any, right: Any) -> Unknown:
    if left.__class__ is not Unknown:
        return Unknown(right.mask, right.twice)
    if right.__class__ is not Unknown:
        return Unknown(left.mask, left.twice)
    return joined(left, right)


def equal(left: Any, right: Any) -> Any:
    if left.__class__ is not Unknown:
        if right.__class__ is not Unknown:
            return left == right
        if _is_boundless(right):
            return right
    elif right.__class__ is not Unknown and _is_boundless(left):
        return left
    low, high = bounds(left)
    other_low, other_high = bounds(right)
    if (high is not None and other_low is not None and high < other_low) or (
        low is not None and other_high is not None and other_high < low
    ):
        return False
    return _cause(left, right)


def _is_boundless(value: Any) -> bool:
    return value.low is None and value.high is None


def less(left: Any, right: Any) -> Any:
    if left.__class__ is not Unknown:
        if right.__class__ is not Unknown:
            return left < right
        if _is_boundless(right):
            return right
    elif right.__class__ is not Unknown and _is_boundless(left):
        return left
    low, high = bounds(left)
    other_low, other_high = bounds(right)
    if high is not None and other_low is not None and high < other_low:
        return True
    if low is not None and other_high is not None and low >= other_high:
        return False
    return _cause(left, right)


def less_or_equal(left: Any, right: Any) -> Any:
    if left.__class__ is not Unknown:
        if right.__class__ is not Unknown:
            return left <= right
        if _is_boundless(right):
            return right
    elif right.__class__ is not Unknown and _is_boundless(left):
        return left
    low, high = bounds(left)
    other_low, other_high = bounds(right)
    if high is not None and other_low is not None and high <= other_low:
        return True
    if low is not None and other_high is not None and low > other_high:
        return False
    return _cause(left, right)


def applied(function: Function, values: list[Any]) -> Any:
    """The function of values of which at least one is unknown."""
    cause = blended(values)
    if function.bounds is None:
        return cause
    low, high = function.bounds([bounds(value) for value in values])
    return within(cause, low, high)


def extreme(is_max: bool, values: list[Any]) -> Any:
    """The largest or smallest of values of which at least one is unknown."""
    lows, highs = zip(*map(bounds, values), strict=True)
    if is_max:
        low = max((low for low in lows if low is not None), default=None)
        high = None if None in highs else max(highs)
    else:
        low = None if None in lows else min(lows)
        high = min((high for high in highs if high is not None), default=None)
    return within(blended(values), low, high)


def hull(values: list[Any]) -> Bounds:
    """The range that holds all the values."""
    lows, highs = zip(*map(bounds, values), strict=True)
    try:
        return (
            None if None in lows else min(lows),
            None if None in highs else max(highs),
        )
    except TypeError:  # records and yes/no have no order
        return None, None
