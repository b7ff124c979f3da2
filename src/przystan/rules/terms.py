"""Terms of the administrative procedure and of the 90 days in any 180."""

from collections.abc import Iterable
from datetime import date

from .days import DAY, SATURDAY, add_days, add_months, is_day_off


def end_of_days(event: date, days: int) -> date:
    """Last day of a term in days: the day of the event is not counted (KPA art. 57 § 1)."""
    return shifted(add_days(event, days))


def end_of_months(event: date, months: int) -> date:
    """Last day of a term in months or years (KPA art. 57 § 3 and § 3a).

    The day of the same number, or the last one of a month that has no such day.
    """
    return shifted(add_months(event, months))


def shifted(day: date) -> date:
    """The next day that is neither a day off nor a Saturday (KPA art. 57 § 4)."""
    while day < date.max and (day.weekday() == SATURDAY or is_day_off(day)):
        day += DAY
    return day


def presence(stays: Iterable[tuple[date, date]], day: date, window: int) -> int:
    """The days of the window (ending with `day`) spent inside, as bits; bit 0 is `day`.

    The days of entry and of exit both count (Regulation (EU) 2016/399, art. 6(2)).
    """
    found, last = 0, day.toordinal()
    for entry, left in stays:
        newest = max(last - left.toordinal(), 0)
        oldest = min(last - entry.toordinal(), window - 1)
        if oldest >= newest:
            found |= (1 << oldest + 1) - (1 << newest)
    return found


def days_present(stays: Iterable[tuple[date, date]], day: date, window: int) -> int:
    """Days spent inside in the window of so many days that ends with `day`."""
    return presence(stays, day, window).bit_count()


def last_legal_day(
    stays: Iterable[tuple[date, date]], entry: date, limit: int, window: int
) -> date:
    """Last day of a stay without break that began on `entry` and keeps to the limit.

    The day before `entry` when not even that day is left.
    """
    earlier = [stay for stay in stays if stay[0] < entry]
    day = entry
    for _ in range(limit):
        if days_present([*earlier, (entry, day)], day, window) > limit:
            break
        day += DAY
    return day - DAY
