"""Gross pay and working time in a clause; nothing that is net, about, or a range."""

import re
from typing import Final

_AMOUNT: Final = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:[ \u00a0.]\d{3})+|\d+)(?:[.,](\d{1,2}))?"
    r"\s*(tys\w*\.?|тис\w*\.?|тыс\w*\.?|k\b|к\b)?",
    re.I,
)
_ROUGHLY: Final = re.compile(
    r"\b(?:około|ok\.|jakieś|prawie|приблизно|близько|десь|примерно|около|где-то|about|around"
    r"|roughly|approx\w*)\b|\d\s*[-–]\s*\d",
    re.I,
)
_HOURS: Final = re.compile(
    r"\b(\d{1,2})\s?(?:h|godz\w*|год\w*|час\w*|hours?|hrs)\.?\s*"
    r"(?:tyg\w*|w tyg\w*|на тиждень|в тиждень|в неделю|per week|a week|weekly|/ ?week|/ ?tydz\w*)"
)
_PARTS: Final = {
    75: r"\b3/4\s*(?:etat|ставк|état|этат|етат)",
    25: r"\b1/4\s*(?:etat|ставк|этат|етат)",
    50: r"\b(?:1/2|pół|pol)\s*etat|\bпів\s?(?:ставк|етат)|\bпол\s?(?:ставк|этат)"
    r"|\bhalf[- ]time\b|\bhalf of full",
    100: r"\b(?:pełn|pelen|pełen|cał|caly)\w*\s*etat|\bповн\w+ (?:ставк|етат|робоч)"
    r"|\bполн\w+ (?:ставк|этат|рабоч)|\bцел\w+ (?:ставк|этат)|\bfull[- ]time\b|\bна ставку\b",
}
# A wage that somebody may have; other figures of a clause are none. In grosz.
_MONTHLY: Final = range(50_000, 10_000_000)
_HOURLY: Final = range(1_000, 50_000)


def amount(text: str, *, is_hourly: bool) -> int | None:
    """The one wage that a text without days names, in grosz; None if none or several."""
    if _ROUGHLY.search(text):
        return None
    bounds = _HOURLY if is_hourly else _MONTHLY
    fitting = [grosz for grosz in map(_grosz, _AMOUNT.finditer(text)) if grosz in bounds]
    return fitting[0] if len(fitting) == 1 else None


def _grosz(match: re.Match[str]) -> int:
    """An amount in grosz; "4,7 tys." is 4700 złoty."""
    whole = int(re.sub(r"[ \u00a0.]", "", match[1]))
    if match[3]:
        fraction = int((match[2] or "0").ljust(3, "0")[:3])
        return (whole * 1000 + fraction) * 100
    return whole * 100 + int((match[2] or "0").ljust(2, "0")[:2])


def weekly_hours(text: str) -> int | None:
    found = _HOURS.search(text.lower())
    return int(found[1]) if found else None


def part_of_full_time(text: str) -> int | None:
    """Per cent of full time."""
    for percent, pattern in _PARTS.items():
        if re.search(pattern, text.lower()):
            return percent
    return None
