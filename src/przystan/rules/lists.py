"""Lists that may be open: over an open one `exists` can only become true, a count is a range.

`Members` is what a list looks like inside: items that are in it, items of which a filter could
not tell, and what stands for those not given yet.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from . import terms
from .days import add_days
from .logic import blended, bounds
from .values import Unknown, joined, within

Evaluate = Callable[[list[Any]], Any]


class Members:
    """The items of a list.

    `rest` is None when the list is complete; else the unknown on which it depends whether there
    are more, and `sample` an item of which nothing is known that stands for any of them.
    """

    __slots__ = ("doubtful", "rest", "sample", "sure")

    def __init__(
        self,
        sure: tuple[Any, ...],
        doubtful: tuple[tuple[Any, Unknown], ...] = (),
        rest: Unknown | None = None,
        sample: Any = None,
    ) -> None:
        self.sure = sure
        self.doubtful = doubtful
        self.rest = rest
        self.sample = sample


Item = tuple[Any, Any]
"""What was worked out for an item, and True or the unknown on which its being there depends."""


def each(members: Members, slot: int, body: Evaluate, env: list[Any]) -> Iterator[Item]:
    """What the body gives for each item, the sample last; the variable stands in `slot`."""
    for item in members.sure:
        env[slot] = item
        yield body(env), True
    for item, doubt in members.doubtful:
        env[slot] = item
        yield body(env), doubt
    if members.rest is not None:
        env[slot] = members.sample
        yield body(env), members.rest


def filtered(members: Members, slot: int, condition: Evaluate, env: list[Any]) -> Members:
    sure: list[Any] = []
    doubtful: list[tuple[Any, Unknown]] = []
    for item in members.sure:
        env[slot] = item
        holds = condition(env)
        if holds is True:
            sure.append(item)
        elif holds is not False:
            doubtful.append((item, holds))
    for item, doubt in members.doubtful:
        env[slot] = item
        holds = condition(env)
        if holds is not False:
            doubtful.append((item, doubt if holds is True else joined(doubt, holds)))
    rest, sample = members.rest, members.sample
    if rest is not None:
        env[slot] = sample
        holds = condition(env)
        if holds is False:
            rest = sample = None
        elif holds is not True:
            rest = joined(rest, holds)
    return Members(tuple(sure), tuple(doubtful), rest, sample)


def exists(members: Members, slot: int, condition: Evaluate, env: list[Any]) -> Any:
    mask = twice = 0
    for holds, there in each(members, slot, condition, env):
        if holds is False:
            continue
        if holds is True and there is True:
            return True
        for cause in (holds, there):
            if cause is not True:
                twice |= cause.twice | (mask & cause.mask)
                mask |= cause.mask
    return Unknown(mask, twice) if mask else False


def size(members: Members) -> Any:
    least = len(members.sure)
    doubts = [doubt for _, doubt in members.doubtful]
    if members.rest is not None:
        return Unknown(*_masks([*doubts, members.rest]), least, None)
    if doubts:
        return Unknown(*_masks(doubts), least, least + len(doubts))
    return least


def total(members: Members, slot: int, body: Evaluate, env: list[Any]) -> Any:
    """The sum; an item in doubt may add nothing, those to come may add any number of times."""
    known: Any = 0
    low: Any = 0
    high: Any = 0
    causes: list[Any] = []
    for value, there in each(members, slot, body, env):
        if there is True and value.__class__ is not Unknown:
            known += value
            continue
        causes += [value, there]
        least, most = bounds(value)
        if there is not True:
            least = None if least is None else min(least, 0)
            most = None if most is None else max(most, 0)
        if there is members.rest:
            least = 0 if least == 0 else None
            most = 0 if most == 0 else None
        low = None if low is None or least is None else low + least
        high = None if high is None or most is None else high + most
    if not causes:
        return known
    return within(
        blended(causes),
        None if low is None else known + low,
        None if high is None else known + high,
    )


def extreme(
    members: Members, slot: int, body: Evaluate, env: list[Any], is_max: bool, empty: Evaluate
) -> Any:
    """The largest or smallest value; `empty` only where there is no item at all."""
    found = list(each(members, slot, body, env))
    if not found:
        return empty(env)
    sure = [value for value, there in found if there is True]
    causes = [part for pair in found for part in pair if part.__class__ is Unknown]
    possible = [value for value, _ in found]
    if not sure:
        possible.append(empty(env))
        causes.append(possible[-1])
    pick = max if is_max else min
    if not any(cause.__class__ is Unknown for cause in causes):
        return pick(sure)
    lows = [bounds(value)[0] for value in possible]
    highs = [bounds(value)[1] for value in possible]
    sure_lows = [bounds(value)[0] for value in sure]
    sure_highs = [bounds(value)[1] for value in sure]
    if is_max:
        low = _best(max, sure_lows) if sure else _all(min, lows)
        high = _all(max, highs)
    else:
        low = _all(min, lows)
        high = _best(min, sure_highs) if sure else _all(max, highs)
    return within(blended(causes), low, high)


def _all(pick: Callable[[list[Any]], Any], ends: list[Any]) -> Any:
    return None if None in ends else pick(ends)


def _best(pick: Callable[[list[Any]], Any], ends: list[Any]) -> Any:
    known = [end for end in ends if end is not None]
    return pick(known) if known else None


def _masks(causes: list[Unknown]) -> tuple[int, int]:
    cause = blended(causes)
    return cause.mask, cause.twice


def presence(
    members: Members, entry: int, exit: int, day: Any, window: int, limit: int | None
) -> Any:
    """`days_present` (no limit) or `last_legal_day` over stays that may be open or partly known.

    What is surely a day of presence and what may be one are counted apart; the result lies
    between.
    """
    stays: list[tuple[Any, Any, Any]] = [
        *((stay[entry], stay[exit], True) for stay in members.sure),
        *((stay[entry], stay[exit], doubt) for stay, doubt in members.doubtful),
    ]
    if members.rest is not None:
        stays.append((members.sample[entry], members.sample[exit], members.rest))
    causes = [part for stay in stays for part in (*stay, day) if part.__class__ is Unknown]
    if day.__class__ is Unknown:
        return _on_unknown_day(blended([day, *causes]), day, window, limit)
    if not causes:
        return _counted([(start, end) for start, end, _ in stays], day, window, limit)
    surely = [
        (bounds(start)[1], bounds(end)[0])
        for start, end, there in stays
        if there is True and bounds(start)[1] is not None and bounds(end)[0] is not None
    ]
    surely = [(start, end) for start, end in surely if start <= end]
    perhaps = [
        (bounds(start)[0] or date.min, bounds(end)[1] or date.max) for start, end, _ in stays
    ]
    ends = [_counted(each_, day, window, limit) for each_ in (surely, perhaps)]
    low, high = sorted(ends)
    return within(blended(causes), low, high)


def _on_unknown_day(cause: Unknown, day: Unknown, window: int, limit: int | None) -> Any:
    """At most the whole window; a stay of no day at all up to one of all the days allowed."""
    if limit is None:
        return within(cause, 0, window)
    low: Any = day.low
    high: Any = day.high
    return within(
        cause,
        None if low is None else add_days(low, -1),
        None if high is None else add_days(high, limit - 1),
    )


def _counted(
    stays: list[tuple[date, date]], day: date, window: int, limit: int | None
) -> int | date:
    if limit is None:
        return terms.days_present(stays, day, window)
    return terms.last_legal_day(stays, day, limit, window)
