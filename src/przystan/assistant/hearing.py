"""A typed answer to one question of a check: "yes since March 3", "Ukraine and Georgia", "4 806".

What is asked is known, so fewer words say it than in a message: yes and no, an option, a country,
a day, a figure. Whatever could mean two things is not taken; the person is asked again.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import gettext as _

from przystan.assistant import danger, facts
from przystan.assistant.facts import pay
from przystan.assistant.facts.days import days
from przystan.core import countries
from przystan.core.languages import LANGUAGES
from przystan.core.writing import fold
from przystan.procedures import api as procedures
from przystan.procedures.data import UNKNOWN

_YES: Final = "tak yes yep так да ага نعم oczywiście звісно конечно"
_NO: Final = "nie no nope ні нет неа لا"
_BUT: Final = "ale but але но однак однако chyba może maybe perhaps може наверное мабуть"
_UNKNOWN: Final = (
    "nie wiem", "nie jestem pewien", "nie jestem pewna", "nie pamiętam", "trudno powiedzieć",
    "i do not know", "i don't know", "i dont know", "dont know", "not sure", "no idea",
    "i don't remember", "не знаю", "не пам'ятаю", "не помню", "не впевнений", "не впевнена",
    "не уверен", "не уверена", "لا أعرف",
)  # fmt: skip
_WORD: Final = re.compile(r"\w+")
_BETWEEN: Final = re.compile(r"[,;/&+]|\b(?:i|oraz|and|та|і|й|и)\b")
_NUMBER: Final = re.compile(r"(?<![\w.,])-?\d+(?:[.,]\d+)?(?![\w]|[.,]\d)")
_MONTH_OF_YEAR: Final = re.compile(r"(?<!\d)(0?[1-9]|1[0-2])[./-]((?:19|20)\d\d)(?!\d)")
_YEAR_MONTH: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)-(0?[1-9]|1[0-2])(?![\d-])")
_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_ENDS: Final = " .!?…"
_LEARNED: Final = frozenset({"wordings", "meaning"})
_FEW_WORDS: Final = 3
LONGEST: Final = 2_000


def goes_first(text: str) -> bool:
    """Whether a typed text is no answer to a form: danger, or the wish for a human.

    The learned layers of danger were fitted to messages. In two or three words, and in "I do not
    know", they see what is not there ("не маю" as an answer); there the rules alone decide.
    """
    if danger.wants_human(text):
        return True
    signal = danger.recognise(text)
    if signal is None:
        return False
    is_seen_by_rules = not set(signal.rules) <= _LEARNED
    return is_seen_by_rules or (len(text.split()) > _FEW_WORDS and not _says_only_unknown(text))


def heard(text: str, asked: procedures.AskedQuestion, *, lang: str, on: date) -> Any:
    """The JSON form of the fact that is asked for, as the typed words state it.

    Args:
        lang: the language that the person reads; the words may be in another.
        on: the day on which it was typed: "yesterday" counts from it.

    Raises:
        TypedError: the words say nothing that can be taken; the sentence says what to write.
    """
    text = " ".join(text[:LONGEST].split())
    if not text:
        raise procedures.TypedError("say", _("Write an answer."))
    if _is_unknown(text):
        if not asked.may_be_unknown:
            raise procedures.TypedError("say", _("Choose an answer."))
        return dict(UNKNOWN)
    if asked.shape == "entries":
        raise procedures.TypedError("say", _("Fill in the fields of the entry."))
    field = asked.fields[0]
    found = _many(text, field) if asked.shape == "many" else _one(text, field, lang, on)
    if found is None:
        found = _of_message(text, asked, on, lang)
    if found is None:
        raise procedures.TypedError("say", _sentence(field, asked.shape == "many"))
    return found


def day_beside(text: str, field: procedures.Field, on: date) -> str:
    """The one day that an earlier answer names ("yes since March 3"), to be shown and confirmed."""
    found = _day(text, field, on) if field.kind == "date" else None
    return found.isoformat() if isinstance(found, date) else ""


def _says_only_unknown(text: str) -> bool:
    return fold(text).strip(_ENDS) in set(map(fold, _UNKNOWN))


def _is_unknown(text: str) -> bool:
    said = fold(text).strip(_ENDS)
    return any(said == fold(one) or said.startswith(f"{fold(one)} ") for one in _UNKNOWN)


def _sentence(field: procedures.Field, is_many: bool) -> str:
    match field.kind:
        case "bool":
            return _("We could not read this. Write yes or no, or choose below.")
        case "date":
            return _("We could not read a day in this. Write it like 5 November 2026.")
        case "money":
            return _("This is not an amount. Write it in złoty, such as 4806 or 4806,50.")
        case "country":
            return _("We do not know this country. Write its name, such as Ukraine.")
        case "choice":
            return _("We could not read this. Choose one of the answers.")
    return _("This is not a number. Write it with digits, such as 12.")


# --- one value --------------------------------------------------------------------------------


def _one(text: str, field: procedures.Field, lang: str, on: date) -> Any:
    match field.kind:
        case "bool":
            return _yes_or_no(text)
        case "choice":
            return _option(text, field)
        case "country":
            return _country(text)
        case "date":
            return _date(text, field, lang, on)
        case "text":
            return procedures.value_of(field, {field.name: [text]}, lang, on)
    return _figure(text, field, lang, on)


def _yes_or_no(text: str) -> bool | None:
    """Yes or no where the answer begins with it and takes nothing back."""
    typed = _WORD.findall(text.lower())
    words = [fold(word) for word in typed]
    yes, no = (set(map(fold, group.split())) for group in (_YES, _NO))
    # Not folded: the Russian "but" is spelled like the English "no".
    if not words or set(_BUT.split()) & set(typed):
        return None
    rest = set(words[1:])
    if words[0] in yes:
        return None if rest & no else True
    if words[0] in no:
        return None if rest & yes else False
    return None


def _option(text: str, field: procedures.Field) -> str | None:
    """The one option that the words name: all of its words, or all of ours within it."""
    said = _words(text)
    exact = [code for code, words in field.options if fold(text) in {fold(words), fold(code)}]
    if len(exact) == 1:
        return exact[0]
    named = [
        code
        for code, words in field.options
        if (option := _words(words)) and (option <= said or (len(said) > 0 and said <= option))
    ]
    return named[0] if len(named) == 1 else None


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in _WORD.findall(text.lower()) if len(word) > 1)


def _many(text: str, field: procedures.Field) -> dict[str, Any] | None:
    """All values of a list; one that cannot be read and none is taken."""
    read = _country if field.kind == "country" else lambda part: _option(part, field)
    if field.kind not in {"country", "choice"}:
        return None
    whole = read(text)
    found = [whole] if whole else [read(part) for part in _BETWEEN.split(text) if part.strip()]
    if not found or None in found:
        return None
    return {"items": list(dict.fromkeys(found)), "complete": True}


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, str]:
    """Folded names of countries in every language of ours; one that two share is left out."""
    named: dict[str, str] = {}
    for language in LANGUAGES:
        for code in countries.codes():
            key = fold(countries.name(code, language.tag))
            named[key] = code if named.get(key, code) == code else ""
    return named


def _country(text: str) -> str | None:
    bare = text.strip(" .!")
    if bare in countries.codes():
        return bare
    return _countries().get(fold(bare)) or None


def _date(text: str, field: procedures.Field, lang: str, on: date) -> str | None:
    found = _day(text, field, on)
    if isinstance(found, date):
        parts = (str(found.year), str(found.month), str(found.day))
    elif field.may_be_partial and (partial := _partial(text)):
        parts = partial
    else:
        return None
    post = {
        f"{field.name}-{name}": [part]
        for name, part in zip(("year", "month", "day"), parts, strict=True)
    }
    value: str = procedures.value_of(field, post, lang, on)
    return value


def _day(text: str, field: procedures.Field, on: date) -> date | None:
    near = {day.near(field.is_past) for day in days(text, on)}
    return near.pop() if len(near) == 1 else None


def _partial(text: str) -> tuple[str, str, str] | None:
    if match := _MONTH_OF_YEAR.search(text):
        return match[2], match[1], ""
    if match := _YEAR_MONTH.search(text):
        return match[1], match[2], ""
    years = set(_YEAR.findall(text))
    return (years.pop(), "", "") if len(years) == 1 else None


def _figure(text: str, field: procedures.Field, lang: str, on: date) -> Any:
    """The figure of a field: typed alone, or the only one among words."""
    for part in _figures(text, field):
        try:
            return procedures.value_of(field, {field.name: [part]}, lang, on)
        except procedures.TypedError:
            if part == text and _NUMBER.fullmatch(text):
                raise  # a number, and too large or too small: that is what is told
    return None


def _figures(text: str, field: procedures.Field) -> Iterator[str]:
    yield text
    if field.kind == "money":
        told = [grosz for _place, grosz in pay.amounts(text, is_hourly=False)]
        if len(told) == 1:
            yield f"{told[0] // 100},{told[0] % 100:02}"
        return
    found = _NUMBER.findall(text)
    if len(found) == 1:
        yield found[0]


def _of_message(text: str, asked: procedures.AskedQuestion, on: date, lang: str) -> Any:
    """What the words would state in a message of their own."""
    for each in facts.read(text, on, lang.split("-")[0]):
        if each.fact == asked.fact:
            is_list = asked.shape == "many"
            return {"items": list(each.value), "complete": True} if is_list else each.value
    return None
