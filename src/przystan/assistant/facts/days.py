"""Days in a text, in four languages: written out, in figures, or told from the day of writing."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Final

from babel.dates import get_day_names, get_month_names

from przystan.assistant.facts import numbers
from przystan.core.writing import fold

_LANGUAGES: Final = ("pl", "en", "uk", "ru")
_RELATIVE: Final = {
    0: "dziś dzisiaj dzis dzisiejszy сьогодні сьодні сегодня седня today tonight",
    -1: "wczoraj wczorajszego вчора учора вчера yesterday",
    -2: "przedwczoraj позавчора позавчора позавчера onegdaj",
    1: "jutro завтра tomorrow",
    2: "pojutrze pozajutro післязавтра послезавтра позавтра",
}
_LONGER: Final = {
    2: r"\bday\s+after\s+tomorrow\b",
    -2: r"\bday\s+before\s+yesterday\b",
}
_AHEAD: Final = (
    r"\b(?:za|за|через|in)\s+(\d{1,3})\s+(?:dni|дн\w*|день|days?)\b(?!\s+(?:temu|тому|назад|ago))"
)
_AGO: Final = r"\b(\d{1,3})\s+(?:dni|дн\w*|день|days?)\s+(?:temu|тому|назад|ago)"
_END: Final = r"(?:koniec|końca|końcem|konca|koncem|кінця|кінець|конца|конец|end|the end)"
_YEAR_WORD: Final = (
    r"(?:tego\s+|цього\s+|этого\s+|of\s+the\s+|of\s+this\s+|of\s+)?(?:roku|року|года|year)"
)
# "30 June of next year": words after a day and a month.
_NEXT_YEAR: Final = re.compile(
    r"\s?,?\s?(?:przyszłego|przyszlego|nast[eę]pnego|наступного|следующего|будущего)\s(?:roku|року|года)"
    r"|\s?,?\s?(?:of\s)?next\syear"
)
_LAST_YEAR: Final = re.compile(
    r"\s?,?\s?(?:zeszłego|zeszlego|ubiegłego|ubieglego|minionego|минулого|торішнього|прошлого)"
    r"\s(?:roku|року|года)|\s?,?\s?(?:of\s)?last\syear"
)
_THIS_YEAR: Final = re.compile(
    r"\s?,?\s?(?:tego|bieżącego|biezacego|цього|поточного|этого|текущего)\s(?:roku|року|года)"
    r"|\s?,?\s?(?:of\s)?this\syear"
)
_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_BIRTH: Final = r"urodz\w*\.?|ur\.|born(?: in)?|народ\w*|родил\w*|нар\."
_BORN: Final = (
    rf"\b(?:{_BIRTH})[\s:]+(?:[wву]\s+)?(?P<month>0?[1-9]|1[0-2])[./](?P<year>(?:19|20)\d\d)\b",
    rf"\b(?:{_BIRTH}|rocznik|год рождения|рік народження|року народження)[\s:]+(?:[wву]\s+)?"
    r"(?P<year>(?:19|20)\d\d)(?![.\d-])",
    r"\b(?P<year>(?:19|20)\d\d)\s*(?:г\.?\s?р|р\.?\s?н|рік народження|года рождения"
    r"|року народження|rocznik|-?го рождения|\s*рожд|-?го року народ)",
)
_NOT_AFTER: Final = r"(?!\s*(?:zł|zl|pln|злот|зл|tys|тис|тыс|%|h\b|godz|год|час))"


@dataclass(frozen=True, slots=True)
class Day:
    """A day found between two places of a text.

    `year_is_said` is false for "10 November": then `near` gives the last such day or the next.
    """

    start: int
    end: int
    near: Callable[[bool], date]
    year_is_said: bool


@lru_cache(maxsize=64)
def days(text: str, on: date) -> tuple[Day, ...]:
    """The days of a text, in order; none where the words fix no day."""
    found: list[Day] = []
    for day in _all(text.lower(), on):
        if not any(day.start < other.end and other.start < day.end for other in found):
            found.append(day)
    return tuple(sorted(found, key=lambda day: day.start))


def _all(text: str, on: date) -> Iterator[Day]:
    for match in re.finditer(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", text):
        yield from _said(match, int(match[1]), int(match[2]), int(match[3]))
    for match in re.finditer(r"\b(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})\b", text):
        day, month, year = int(match[1]), int(match[3]), int(match[4])
        if match[2] == "/" and day <= 12 and month <= 12 and day != month:
            continue  # the third of April, or the fourth of March
        if match[2] == "/" and month > 12:
            day, month = month, day
        yield from _said(match, year + 2000 if year < 100 else year, month, day)
    yield from _with_month_names(text, on)
    for match in re.finditer(rf"(?<![\d.,])(\d{{1,2}})\.(\d{{2}})\b(?![.,]?\d){_NOT_AFTER}", text):
        yield from _yearless(match, int(match[2]), int(match[1]), on)
    yield from _relative(text, on)


def _said(match: re.Match[str], year: int, month: int, day: int) -> Iterator[Day]:
    try:
        found = date(year, month, day)
    except ValueError:
        return
    if 1900 <= year <= 2100:
        yield Day(match.start(), match.end(), lambda is_past: found, year_is_said=True)


def _yearless(match: re.Match[str], month: int, day: int, on: date) -> Iterator[Day]:
    try:
        date(2024, month, day)  # a leap year: 29 February is a day
    except ValueError:
        return

    def near(is_past: bool) -> date:
        for year in (on.year - 1, on.year, on.year + 1) if not is_past else (
            on.year + 1, on.year, on.year - 1
        ):  # fmt: skip
            try:
                found = date(year, month, day)
            except ValueError:
                continue
            if (found <= on) if is_past else (found >= on):
                return found
        return on

    yield Day(match.start(), match.end(), near, year_is_said=False)


@cache
def _months() -> dict[str, int]:
    """Folded stems of the months' names in every language; "05" is no name."""
    found: dict[str, int] = {}
    for language in _LANGUAGES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in get_month_names(width, context, language).items():
                    word = name.rstrip(".").lower()
                    if len(word) > 2 and word.isalpha():
                        found[word] = number
    found["sept"] = 9
    found |= dict(zip(_ROMAN, range(1, 13), strict=True))
    return {_key(name): number for name, number in found.items()}


def _key(name: str) -> str:
    """A name as compared; Ukrainian г is h as often as g in Latin letters."""
    return fold(name).replace("h", "g")


def _with_month_names(text: str, on: date) -> Iterator[Day]:
    months = _months()
    for match in re.finditer(
        r"\b(\d{1,2})(?:st|nd|rd|th|-?го|-е|\.)?\s*(?:of\s+)?([^\W\d_]+)\.?,?(?:\s+(\d{4})\b)?",
        text,
    ):
        if (month := months.get(_key(match[2]))) is not None:
            yield from _one(match, match[3], month, int(match[1]), on)
    for match in re.finditer(
        r"\b([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b(?:,?\s+(\d{4})\b)?", text
    ):
        month = months.get(_key(match[1]))
        if month is not None and len(match[1]) > 2:
            yield from _one(match, match[3], month, int(match[2]), on)
    for match in re.finditer(rf"\b{_END}\s+(?:of\s+)?([^\W\d_]+)(?:\s+(\d{{4}}))?", text):
        if (month := months.get(_key(match[1]))) is not None and len(match[1]) > 2:
            day = _last_day(int(match[2]) if match[2] else 2023, month)
            yield from _one(match, match[2], month, day, on)


def _one(match: re.Match[str], year: str | None, month: int, day: int, on: date) -> Iterator[Day]:
    if year:
        yield from _said(match, int(year), month, day)
    elif (told := _year_in_words(match.string, match.end(), on)) is not None:
        yield from _said(match, told, month, day)
    else:
        yield from _yearless(match, month, day, on)


def _year_in_words(text: str, place: int, on: date) -> int | None:
    """The year that "of next year" and the like name after a day."""
    for told, shift in ((_NEXT_YEAR, 1), (_LAST_YEAR, -1), (_THIS_YEAR, 0)):
        if told.match(text, place):
            return on.year + shift
    return None


def _last_day(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


def _relative(text: str, on: date) -> Iterator[Day]:
    for shift, told in _LONGER.items():
        for match in re.finditer(told, text):
            yield _fixed(match.start(), match.end(), on + timedelta(days=shift))
    shifts, weekdays = _shifts(), _weekdays()
    for start, end, word in numbers.words(text):
        if word in shifts:
            yield _fixed(start, end, on + timedelta(days=shifts[word]))
        elif word in weekdays:
            yield Day(start, end, _either(*_around(weekdays[word], on)), year_is_said=False)
    for match in re.finditer(_AHEAD, text):
        yield _fixed(match.start(), match.end(), on + timedelta(days=int(match[1])))
    for match in re.finditer(_AGO, text):
        yield _fixed(match.start(), match.end(), on - timedelta(days=int(match[1])))
    for match in re.finditer(rf"\b{_END}\s+{_YEAR_WORD}", text):
        yield _fixed(match.start(), match.end(), date(on.year, 12, 31))


@cache
def _shifts() -> dict[str, int]:
    return {fold(word): shift for shift, told in _RELATIVE.items() for word in told.split()}


def _around(weekday: int, on: date) -> tuple[date, date]:
    """The last such day of the week before the day, and the next after it."""
    back = (on.weekday() - weekday) % 7 or 7
    return on - timedelta(days=back), on + timedelta(days=7 - back if back < 7 else 7)


def _either(last: date, following: date) -> Callable[[bool], date]:
    return lambda is_past: last if is_past else following


def _fixed(start: int, end: int, day: date) -> Day:
    return Day(start, end, lambda is_past: day, year_is_said=True)


@cache
def _weekdays() -> dict[str, int]:
    names: dict[str, int] = {}
    for language in _LANGUAGES:
        for number, name in get_day_names("wide", "format", language).items():
            names[name.lower()] = number
    told = "środę sobotę niedzielę середу пятницю суботу неділю среду пятницу субботу воскресение"
    numbered = (2, 5, 6, 2, 4, 5, 6, 2, 4, 5, 6)
    names |= dict(zip(told.split(), numbered, strict=True))
    return {fold(name): number for name, number in names.items()}


def born(text: str) -> str:
    """A year or month of birth where no day is told, as `1995` or `1995-09`; "" if none."""
    for pattern in _BORN:
        if found := re.search(pattern, text.lower()):
            month = found.groupdict().get("month")
            return f"{found['year']}-{int(month):02}" if month else found["year"]
    return ""
