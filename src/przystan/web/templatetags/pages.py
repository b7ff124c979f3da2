"""Filters that pages share: days and moments in the reader's language, numbers to call."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, get_day_names
from django import template
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from przystan.core import clock, languages
from przystan.core.money import format_grosz

register = template.Library()

# Day before month and a 24-hour clock, as every paper from a Polish office has them.
_LOCALES = {"en": "en_GB"}
# Days as the directory writes them; their place is the number that Babel gives them.
_WEEK = ("mo", "tu", "we", "th", "fr", "sa", "su")


def _locale() -> str:
    tag = get_language() or "pl"
    return _LOCALES.get(tag, tag.replace("-", "_"))


@register.filter
def day(value: date | datetime | None) -> str:
    """`18 July 2026` in the page's language; a moment is given as its day in Warsaw."""
    if value is None or value == "":
        return ""
    on = clock.law_day(value) if isinstance(value, datetime) else value
    return _long(on, _locale())


@lru_cache(maxsize=2_000)
def _long(on: date, locale: str) -> str:
    """A page names few days many times, and reading a locale costs more than writing it."""
    return format_date(on, "long", locale=locale)


@register.filter
def read_on(value: date | None) -> str:
    """`read on 18 July 2026`: said beside every source of a page."""
    return _read_on(value, _locale()) if value else ""


@lru_cache(maxsize=2_000)
def _read_on(on: date, locale: str) -> str:
    return _("read on %(day)s") % {"day": _long(on, locale)}


@register.filter
def source_count(number: int) -> str:
    """`2 sources`, in the plural of the page's language."""
    return _source_count(number, _locale())


@lru_cache(maxsize=500)
def _source_count(number: int, locale: str) -> str:
    return ngettext("%(number)s source", "%(number)s sources", number) % {"number": number}


@register.filter
def weekday(value: date | datetime | None) -> str:
    """`Saturday, 18 July 2026`: for days by which a person must act."""
    if value is None or value == "":
        return ""
    on = clock.law_day(value) if isinstance(value, datetime) else value
    return format_date(on, "full", locale=_locale())


@register.filter
def moment(value: datetime | None) -> str:
    """`18 July 2026, 14:05` in Warsaw."""
    if value is None or value == "":
        return ""
    at = value.astimezone(clock.WARSAW)
    return f"{format_date(at.date(), 'long', locale=_locale())}, {at:%H:%M}"


@register.filter
def hour(value: datetime | None) -> str:
    """`14:05` in Warsaw."""
    return f"{value.astimezone(clock.WARSAW):%H:%M}" if value else ""


@register.filter
def machine(value: date | datetime | None) -> str:
    """The value for a `datetime` attribute: ISO 8601."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if value else ""


@register.filter
def language_name(tag: str) -> str:
    """A language by its own name in its own script; an unknown tag stands for itself."""
    if known := languages.BY_TAG.get(tag):
        return known.name
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return tag
    return locale.get_language_name(tag) or tag


@register.filter
def text_direction(tag: str) -> str:
    """`rtl` or `ltr` for any language tag."""
    return languages.direction(tag or "pl")


@register.filter
def zloty(grosz: int) -> str:
    """`540 zł` in the numerals and separators of the page's language."""
    return format_grosz(grosz, get_language() or "pl")


@register.filter
def days(opening: Any) -> str:
    """`Mon–Fri 09:00–17:00` of an opening: the first and last of days that follow one another."""
    names = get_day_names("abbreviated", locale=_locale())
    numbers = [_WEEK.index(code) for code in opening.days]
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        shown = f"{names[numbers[0]]}–{names[numbers[-1]]}"
    else:
        shown = ", ".join(names[number] for number in numbers)
    return f"{shown} {opening.opens}–{opening.closes}"


@register.filter
def waited(since: datetime) -> int:
    """Whole minutes from a moment until now."""
    return max(0, int((clock.now() - since).total_seconds() // 60))


@register.filter
def reason_words(reason: str) -> str:
    """Why a human is needed, for the desk; a code of `assistant.data.Reason`."""
    words = {
        "no_source": _("No source supports an answer"),
        "to_verify": _("What was found is not verified"),
        "wants_human": _("The person asked for a human"),
        "danger": _("Somebody may be in danger"),
        "unreadable": _("The question could not be read"),
    }
    return words.get(reason, "")


@register.simple_tag
def standing(block: dict[str, Any]) -> dict[str, Any]:
    """On what a block of an article stands: each source once, the oldest day of reading."""
    paragraphs = block["paragraphs"]
    sources = {source["url"]: source for one in paragraphs for source in one["sources"]}
    read = [one["checked_on"] for one in paragraphs if one["checked_on"]]
    return {
        "sources": list(sources.values()),
        "checked_on": min(read, default=None),
        "is_to_verify": any(one["is_to_verify"] for one in paragraphs),
    }


@register.simple_tag
def danger_of(thread: dict[str, Any]) -> dict[str, Any] | None:
    """The first answer of a thread that saw danger, with the line to call before all else."""
    answers = (message.get("answer") for message in thread["messages"])
    answer = next((one for one in answers if one and one["danger"]), None)
    if answer is None:
        return None
    named = [block["organisation"] for block in answer["help"] if block.get("organisation")]
    lines = [*named, *(line for line in answer["helplines"] if line not in named)]
    others = [line for line in lines[1:] if line not in named]
    return {**answer, "first_line": lines[0] if lines else None, "others": others}
