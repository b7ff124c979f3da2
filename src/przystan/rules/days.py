"""The legal calendar of Poland: days off, working days, full months and years.

Days off work: act of 18 January 1951 on days free from work, art. 1, as it stood in each year.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

DAY: Final = timedelta(days=1)
SATURDAY: Final = 5
SUNDAY: Final = 6


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, short = divmod(century, 4)
    moon = (19 * golden + century - leap - (8 * century + 13) // 25 + 15) % 30
    weekday = (32 + 2 * short + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=512)
def days_off(year: int) -> frozenset[date]:
    """Statutory days off of the year, Sundays that are feasts included, other Sundays not."""
    sunday = easter(year)
    feasts = {date(year, month, day) for month, day in _FIXED}
    feasts |= {sunday + timedelta(days=after) for after in (0, 1, 49, 60)}
    if year >= 2011:
        feasts.add(date(year, 1, 6))  # Dz.U. 2010 no. 224 item 1459
    if year >= 2025:
        feasts.add(date(year, 12, 24))  # Dz.U. 2024 item 1965
    if year == 2018:
        feasts.add(date(2018, 11, 12))  # Dz.U. 2018 item 2117, once
    return frozenset(feasts)


_FIXED: Final = ((1, 1), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26))


def is_day_off(day: date) -> bool:
    """A Sunday or a statutory day off; a Saturday is neither."""
    return day.weekday() == SUNDAY or day in days_off(day.year)


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in days_off(day.year)


def next_working_day(day: date) -> date:
    """The day itself when it is one, else the first one after it."""
    while not is_working_day(day):
        day += DAY
    return day


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after the day, which itself is not counted.

    Negative counts go back. `UC` art. 113 and 121: fifteen working days; art. 225c: the third
    working day after the day of repair.
    """
    step = 1 if count >= 0 else -1
    number, left = day.toordinal(), abs(count)
    while left and _FIRST < number < _LAST:
        number += step
        left -= is_working_day(date.fromordinal(number))
    return date.fromordinal(number)


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start)
    weeks, rest = divmod((end - start).days, 7)
    found = 5 * weeks
    tail = end - timedelta(days=rest)
    found += sum((tail + timedelta(days=n)).weekday() < SATURDAY for n in range(1, rest + 1))
    for year in range(start.year, end.year + 1):
        found -= sum(start < day <= end and day.weekday() < SATURDAY for day in days_off(year))
    return found


def add_months(day: date, months: int) -> date:
    """The day of the same number that many months on, or the last one of that month.

    Like every sum here it stops at the ends of the calendar, years 1 and 9999.
    """
    index = day.year * 12 + day.month - 1 + months
    if not 12 <= index < 120_000:
        return date.max if months > 0 else date.min
    year, month = divmod(index, 12)
    last = _LENGTH[month] + (month == 1 and _is_leap(year))
    return date(year, month + 1, min(day.day, last))


_LENGTH: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def add_days(day: date, days: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + days, _FIRST), _LAST))


_FIRST: Final = date.min.toordinal()
_LAST: Final = date.max.toordinal()


def days_between(start: date, end: date) -> int:
    return (end - start).days


def months_between(start: date, end: date) -> int:
    """Full months from `start` to `end`: the largest m with `add_months(start, m) <= end`."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (add_months(start, months) > end)


def years_between(start: date, end: date) -> int:
    """Full years from `start` to `end`."""
    return months_between(start, end) // 12


def age(birth: date, on: date) -> int:
    """Full years of life on the day.

    A year is completed at the beginning of the birthday, and for those born on 29 February, in
    other years, at the beginning of 28 February (Civil Code, art. 112).
    """
    return years_between(birth, on)
