"""The only place that reads the clock, and the day that the law reads."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

WARSAW = ZoneInfo("Europe/Warsaw")


def now() -> datetime:
    """This moment, aware. For views, tasks and commands; services are given `at`."""
    return timezone.now()


def law_day(at: datetime) -> date:
    """The calendar day in Warsaw of an aware moment: what Polish law dates, it dates so."""
    if timezone.is_naive(at):
        raise ValueError("law_day needs an aware datetime: a naive one has no day in Warsaw.")
    return at.astimezone(WARSAW).date()


def today() -> date:
    return law_day(now())
