"""`{param:fee}` and `{service:kcik}` in a text: how they are found, and how parameters read.

A parameter becomes words when a passage is rendered for its days; a service becomes words
when a page is shown, because what is known of it changes without us.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from babel.dates import format_date
from babel.numbers import format_decimal

from przystan.core.money import format_grosz
from przystan.knowledge.data import ParameterKind

PLACEHOLDER = re.compile(r"\{([a-z]+):([a-z0-9-]+)\}")
ANY_BRACE = re.compile(r"[{}]")
# Day before month, as everywhere in Europe; "en" alone is American.
_DATE_LOCALES = {"en": "en_GB"}


def found(text: str) -> Counter[tuple[str, str]]:
    """(kind, id) of every placeholder, with how often it stands there."""
    return Counter(match.groups() for match in PLACEHOLDER.finditer(text))  # type: ignore[misc]


def ids(text: str, kind: str) -> set[str]:
    return {id for found_kind, id in found(text) if found_kind == kind}


def render_parameters(text: str, words: Mapping[str, str]) -> str:
    """Put a parameter's words for its placeholder; other kinds are left as they are."""

    def put(match: re.Match[str]) -> str:
        if match[1] != "param":
            return match[0]
        # "4 березня 2027 р." already ends the sentence that ends with it.
        follows = text[match.end() : match.end() + 1]
        rendered = words[match[2]]
        return rendered[:-1] if rendered.endswith(".") and follows == "." else rendered

    return PLACEHOLDER.sub(put, text)


def render_value(kind: str, value: Any, language: str) -> str:
    """A parameter's stored value in words: 44000 of money is "440 zł".

    Spaces are plain ones, so that a figure is found whoever types it.
    """
    return " ".join(_rendered(kind, value, language).split())


def _rendered(kind: str, value: Any, language: str) -> str:
    match kind:
        case "money":
            return format_grosz(value, language)
        case "date":
            locale = _DATE_LOCALES.get(language, language)
            return format_date(date.fromisoformat(value), "long", locale=locale)
        case "percent":
            return f"{format_decimal(Decimal(value), locale=language)}%"
        case "number":
            return format_decimal(Decimal(value), locale=language)
        case _:
            return str(value[language])


def typed(kind: str, value: Any) -> int | date | Decimal | Mapping[str, str]:
    """A stored value as Python has it: grosz, a day, a decimal, or words by language."""
    match kind:
        case "money":
            return int(value)
        case "date":
            return date.fromisoformat(value)
        case "number" | "percent":
            return Decimal(value)
        case _:
            return dict(value)


def kind(name: str) -> ParameterKind:
    return cast(ParameterKind, name)


Resolve = Callable[[str, str], tuple[str, str]]


def split(text: str, resolve: Resolve) -> list[tuple[str, str]]:
    """Cut a rendered text into (words, address) at its remaining placeholders."""
    parts: list[tuple[str, str]] = []
    end = 0
    for match in PLACEHOLDER.finditer(text):
        if text[end : match.start()]:
            parts.append((text[end : match.start()], ""))
        parts.append(resolve(match[1], match[2]))
        end = match.end()
    if text[end:] or not parts:
        parts.append((text[end:], ""))
    return parts
