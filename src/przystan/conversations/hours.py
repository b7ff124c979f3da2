"""When a human answers: working days in Warsaw between two hours, Polish holidays left out."""

from datetime import datetime, time, timedelta
from functools import lru_cache

import holidays
from django.conf import settings

from przystan.core.clock import WARSAW


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[object]:
    return frozenset(holidays.country_holidays("PL", years=year))


def _is_working_day(moment: datetime) -> bool:
    return moment.weekday() < 5 and moment.date() not in _holidays(moment.year)


def is_open(at: datetime) -> bool:
    local = at.astimezone(WARSAW)
    opens, closes = _hours()
    return _is_working_day(local) and opens <= local.time() < closes


def next_opening(at: datetime) -> datetime:
    """The moment itself while the desk is open, else when it next opens, in Warsaw's time."""
    local = at.astimezone(WARSAW)
    if is_open(at):
        return local
    opens, _ = _hours()
    day = local if local.time() < opens else local + timedelta(days=1)
    while not _is_working_day(day):
        day += timedelta(days=1)
    return day.replace(hour=opens.hour, minute=opens.minute, second=0, microsecond=0)


def _hours() -> tuple[time, time]:
    return time.fromisoformat(settings.DESK_OPENS), time.fromisoformat(settings.DESK_CLOSES)
