"""A question as every channel that draws it needs it: words, type, what may be answered."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import translation

from przystan.core import countries
from przystan.procedures import wording
from przystan.procedures.catalogue import Catalogue
from przystan.procedures.forms import FieldWords
from przystan.rules import Kind, Type


@dataclass(frozen=True, slots=True)
class Field:
    """One value to be typed or chosen. `kind` is bool, choice, country, date, money, int,
    decimal, period or text; `options` are (code, words)."""

    name: str
    kind: str
    label: str
    options: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    low: Any = None
    high: Any = None
    may_be_partial: bool = False
    is_past: bool = False
    format: str = ""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A fact to ask for in one language.

    `shape` is "one" (a single field), "many" (several values of one field, a list of countries)
    or "entries" (a list of records, or one record, with several fields each).
    """

    fact: str
    lang: str
    label: str
    question: str
    why: str
    how: str
    shape: str
    fields: tuple[Field, ...]
    item: str
    may_be_unknown: bool
    is_sensitive: bool
    is_single_record: bool = False
    short: str = ""  # the question for the ear and for a chat


def question(catalogue: Catalogue, fact: str, language: str, on: date) -> AskedQuestion:
    """The question for a fact of the vocabulary; figures in its words are those of the day."""
    form = catalogue.facts[fact]
    words = wording.fact_words(catalogue, fact, language)
    type_ = form.fact.type

    def text(source: str) -> str:
        return wording.rendered(catalogue, source, language, on)

    inner = type_.item if type_.kind is Kind.LIST and type_.item is not None else type_
    with translation.override(language):
        if inner.kind is Kind.RECORD:
            fields = tuple(
                _field(
                    name,
                    each,
                    words.fields.get(name) or FieldWords(name, {}),
                    language,
                    name in form.countries,
                )
                for name, each in inner.fields
            )
        else:
            own = FieldWords(text(words.label), words.options)
            fields = (
                _field(
                    "value",
                    inner,
                    own,
                    language,
                    "" in form.countries,
                    may_be_partial=form.fact.may_be_partial,
                    is_past=form.is_past,
                    format=form.format,
                ),
            )
    shape = "many" if type_.kind is Kind.LIST else "one"
    if inner.kind is Kind.RECORD:
        shape = "entries"
    return AskedQuestion(
        fact=fact,
        lang=language,
        label=text(words.label),
        question=text(words.question),
        why=text(words.why),
        how=text(words.how),
        shape=shape,
        fields=fields,
        item=words.item or text(words.label),
        may_be_unknown=form.may_be_unknown,
        is_sensitive=form.fact.sensitivity > 1,
        is_single_record=type_.kind is Kind.RECORD,
        short=text(words.short),
    )


def _field(
    name: str, type_: Type, words: FieldWords, language: str, is_country: bool, **more: Any
) -> Field:
    kind = "country" if is_country else type_.kind.value
    options: tuple[tuple[str, str], ...] = ()
    if is_country:
        named = [(code, countries.name(code, language)) for code in countries.codes()]
        options = tuple(sorted(named, key=lambda each: each[1].casefold()))
    elif type_.kind is Kind.CHOICE:
        options = tuple((code, words.options.get(code, code)) for code in type_.options)
    return Field(
        name=name,
        kind=kind,
        label=words.label,
        options=options,
        unit=wording.unit(type_.unit) if type_.unit else "",
        low=type_.low,
        high=type_.high,
        **more,
    )


def minutes(catalogue: Catalogue, procedure: str) -> int:
    """About how long a check takes: the middle one of its worked examples, by effort."""
    spent = sorted(
        sum(10 + 12 * catalogue.facts[fact].fact.effort for fact in example.facts
            if fact in catalogue.facts)
        for example in catalogue.library.examples.get(procedure, ())
    )  # fmt: skip
    return max(1, round(spent[len(spent) // 2] / 60)) if spent else 2
