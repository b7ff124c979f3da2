"""Gross pay and working time in a clause; nothing that is net, about, or a range."""

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

_AMOUNT: Final = re.compile(
    r"(?<![\w.,/])(\d{1,3}(?:[ \u00a0.,]\d{3})+(?!\d)|\d+)"
    r"(?:[.,](\d{1,2})(?!\d))?(?![/%])"
    r"\s*(tys\w*\.?|тис\w*\.?|тыс\w*\.?|thousand|grand|k\b|к\b)?",
    re.I,
)
_ROUGHLY: Final = re.compile(
    r"\b(?:około|okolo|ok\.|ok|jakieś|jakies|prawie|mniej więcej|powyżej|ponad|poniżej|między"
    r"|od \d|приблизно|близько|десь|майже|понад|біля|від \d|примерно|около|где-то|почти|свыше"
    r"|порядка|от \d|about|around|roughly|approx\w*|almost|nearly|between|up to|over|under"
    r"|more than|less than|or so)\b|\d\s*[-–—]\s*\d"
    r"|\b(?:rocznie|roczn\w+|na rok|w roku|per year|a year|yearly|annual\w*|p\.a\.|per annum"
    r"|на рік|за рік|річн\w+|в год|за год|годов\w+)\b",
    re.I,
)
_WEEK: Final = (
    r"(?:tyg\w*|w tyg\w*|na tydz\w*|w ciągu tyg\w*|/ ?tyg\w*|/ ?tydz\w*|на тиждень"
    r"|в тиждень|у тиждень|щотижн\w*|тижнево|на тижд\w*|в неделю|на неделю|еженедельно|неделя"
    r"|per week|a week|weekly|each week|every week|/ ?week|/ ?wk|p/w|pw)"
)
_HOUR: Final = r"(?:h|godz\w*|godziny|год\w*|час\w*|hours?|hrs?)\.?"
_HOURS: Final = re.compile(
    rf"(?<![\d.,\-–])(\d{{1,2}})\s?-?{_HOUR}(?:\s+\w+)?\s*{_WEEK}|\b{_WEEK}(?:\s+\w+)?\s+(\d{{1,2}})\s?{_HOUR}"
)
_NOT_EXACT: Final = re.compile(
    r"\b(?:do|max\w*|min\w*|od|ponad|około|ok|ponizej|powyżej|до|від|от|понад|більше|менше|близько"
    r"|около|более|менее|больше|меньше|приблизно|примерно|up to|at least|at most|about|around|over"
    r"|under|more than|less than)\W+$"
)
# A wage that somebody may have; other figures of a clause are none. In grosz.
_MONTHLY: Final = range(50_000, 10_000_000)
_HOURLY: Final = range(1_000, 50_000)


def amounts(text: str, *, is_hourly: bool) -> list[tuple[int, int]]:
    """The wages that a text without days names: where each stands, and grosz; none if rough."""
    if _ROUGHLY.search(text):
        return []
    bounds = _HOURLY if is_hourly else _MONTHLY
    told = [(match.start(), _grosz(match)) for match in _AMOUNT.finditer(text)]
    return [(place, grosz) for place, grosz in told if grosz in bounds]


def _grosz(match: re.Match[str]) -> int:
    """An amount in grosz; "4,7 tys." is 4700 złoty."""
    whole = int(re.sub(r"[ \u00a0.,]", "", match[1]))
    if match[3]:
        fraction = int((match[2] or "0").ljust(3, "0")[:3])
        return (whole * 1000 + fraction) * 100
    return whole * 100 + int((match[2] or "0").ljust(2, "0")[:2])


def weekly_hours(text: str) -> int | None:
    """Hours a week where an exact number is told."""
    found = _HOURS.search(text.lower())
    if found is None or _NOT_EXACT.search(text.lower()[: found.start()]):
        return None
    return int(found[1] or found[2])


def parts_of_full_time(text: str) -> list[tuple[int, int]]:
    """Where parts of full time are named, and how many per cent they are."""
    found: list[tuple[int, int, int]] = []
    for percent, pattern in _parts():
        for match in pattern.finditer(text.lower()):
            if not any(match.start() < end and start < match.end() for start, end, _ in found):
                found.append((match.start(), match.end(), percent))
    return [(start, percent) for start, _end, percent in sorted(found)]


@cache
def _parts() -> tuple[tuple[int, re.Pattern[str]], ...]:
    """Patterns by per cent; a share of full time goes before "full time" alone."""
    with (Path(__file__).parent / "pay.yaml").open(encoding="utf-8") as file:
        told: dict[str, Any] = yaml.safe_load(file)
    nouns = _one_of(told["full_time"])
    shares = [
        (percent, re.compile(rf"(?<![\w.,/]){_one_of(words)}[\s-]*(?:of (?:a )?)?{nouns}"))
        for percent, words in told["shares"].items()
    ]
    whole = [
        (percent, re.compile(rf"\b{_one_of(words)}")) for percent, words in told["whole"].items()
    ]
    return (*shares, *whole)


def _one_of(words: list[str]) -> str:
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})"
