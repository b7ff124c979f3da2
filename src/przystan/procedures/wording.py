"""Values, figures and sentences of procedures in a person's language.

Texts of definitions hold `{param:minimum-wage}` and `{service:kcik}`: the figure of the day whose
law applies, the name and number of an organisation.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from przystan.core import countries, references
from przystan.core.money import format_grosz
from przystan.procedures.catalogue import Catalogue
from przystan.procedures.forms import FactWords, FieldWords, Words
from przystan.rules import Kind, Type

_PLACEHOLDER: Final = re.compile(r"\{(param|service):([a-z0-9-]+)\}")
_DATE_LOCALES: Final = {"en": "en_GB"}


def locale(language: str) -> str:
    return _DATE_LOCALES.get(language, language)


def rendered(catalogue: Catalogue, text: str, language: str, on: date) -> str:
    """The text with figures and names of a day in place of its placeholders."""
    if "{" not in text:
        return text

    def put(match: re.Match[str]) -> str:
        if match[1] == "param":
            words = _parameter(catalogue, match[2], language, on)
            # "4 березня 2027 р." already ends the sentence that ends with it.
            ends_twice = words.endswith(".") and text[match.end() :].startswith(".")
            return words[:-1] if ends_twice else words
        found = references.resolve("service", match[2], language, on)
        return found.text if found else match[2]

    return _PLACEHOLDER.sub(put, text)


def _parameter(catalogue: Catalogue, slug: str, language: str, on: date) -> str:
    dated = catalogue.law.values.get(slug.replace("-", "_"))
    value = dated.on(on) if dated else None
    if value is None:
        with translation.override(language):
            return _("(amount to be verified)")
    kind = catalogue.law.view.parameters[slug].kind
    if kind == "money":
        return format_grosz(int(value), language)
    if kind == "date":
        return day(value, language)
    number = format_decimal(_decimal(value), locale=language)
    return f"{number}%" if kind == "percent" else str(number)


def _decimal(value: Any) -> Decimal:
    exact = Fraction(value)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def day(on: date, language: str) -> str:
    return format_date(on, "long", locale=locale(language))


def words_of(catalogue: Catalogue, procedure: str, language: str) -> Words:
    """The words of a definition in a language, or in English."""
    found = catalogue.library.words[procedure]
    return found.get(language) or found["en"]


def fact_words(catalogue: Catalogue, fact: str, language: str) -> FactWords:
    """How a fact is asked for; a fact without words is named by its id."""
    by_language = catalogue.library.fact_words
    found = by_language.get(language, {}).get(fact) or by_language.get("en", {}).get(fact)
    return found or FactWords(label=fact, question=fact, short=fact, why="")


# --- values -----------------------------------------------------------------------------------


def said(catalogue: Catalogue, fact: str, value: Any, language: str) -> str:
    """A stated value as a person reads it: "Ukraine", "31 December 2026", "4806 zł", "yes"."""
    form = catalogue.facts[fact]
    words = fact_words(catalogue, fact, language)
    with translation.override(language):
        return _said(form.fact.type, value, language, form.countries, words)


def entry_said(catalogue: Catalogue, fact: str, item: Any, language: str) -> list[tuple[str, str]]:
    """The fields of one entry of a list of records: label and value."""
    form = catalogue.facts[fact]
    words = fact_words(catalogue, fact, language)
    type_ = form.fact.type.item
    with translation.override(language):
        if type_ is None or type_.kind is not Kind.RECORD:
            return [("", _said(type_ or form.fact.type, item, language, form.countries, words))]
        return [
            (
                _field(words, name).label,
                _scalar(inner, item[name], language, name in form.countries, _field(words, name)),
            )
            for name, inner in type_.fields
            if name in item
        ]


def _field(words: FactWords, name: str) -> FieldWords:
    return words.fields.get(name) or FieldWords(name, {})


def _said(
    type_: Type, value: Any, language: str, of_countries: frozenset[str], words: FactWords
) -> str:
    if isinstance(value, Mapping) and value.keys() == {"unknown"}:
        return _("I do not know")
    if type_.kind is Kind.LIST and type_.item is not None:
        items = value["items"] if isinstance(value, Mapping) else value
        if not items:
            return _("none")
        if type_.item.kind is Kind.RECORD:
            number = len(items)
            return ngettext("%(number)d entry", "%(number)d entries", number) % {"number": number}
        inner = type_.item
        return ", ".join(_said(inner, item, language, of_countries, words) for item in items)
    return _scalar(type_, value, language, "" in of_countries, words)


def _scalar(
    type_: Type, value: Any, language: str, is_country: bool, words: FactWords | FieldWords
) -> str:
    if isinstance(value, Mapping):
        return _("I do not know")
    match type_.kind:
        case Kind.BOOL:
            return _("yes") if value else _("no")
        case Kind.CHOICE if is_country:
            return countries.name(str(value), language)
        case Kind.CHOICE:
            return words.options.get(str(value), str(value))
        case Kind.MONEY:
            return format_grosz(int(value), language)
        case Kind.DATE:
            return _date(str(value), language)
        case Kind.INT | Kind.DECIMAL | Kind.PERIOD:
            number = str(format_decimal(_decimal(str(value)), locale=language))
            return " ".join((number, unit(type_.unit))) if type_.unit else number
    return str(value)


def _date(value: str, language: str) -> str:
    """A whole date, or what is known of a partial one: "May 1990", "1990"."""
    parts = value.split("-")
    if len(parts) == 3:
        return day(date.fromisoformat(value), language)
    if len(parts) == 2:
        first = date(int(parts[0]), int(parts[1]), 1)
        return str(format_skeleton("yMMMM", first, locale=locale(language)))
    return parts[0]


def unit(name: str) -> str:
    """A unit as it stands behind a number or a field, in the active language."""
    units = {
        "hours": _("hours"),
        "days": _("days"),
        "weeks": _("weeks"),
        "months": _("months"),
        "years": _("years"),
        "percent": "%",
        "people": _("people"),
        "km": _("km"),
    }
    return units.get(name, name)
