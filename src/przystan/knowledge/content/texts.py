"""Checks of single texts and of translations; used by the content folder and by the editors' room.

Each returns (reason, remedy) pairs, complete sentences in English for authors.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from babel.dates import get_month_names

from przystan.core import references
from przystan.knowledge import placeholders
from przystan.knowledge.content.forms import LANGUAGES

Fault = tuple[str, str]

FOREIGN_LETTERS = {
    "uk": (re.compile("[ыэъё]", re.I), "Russian"),
    "ru": (re.compile("[іїєґ]", re.I), "Ukrainian"),
}
_CURRENCY = (
    r"(?:zł(?:ot\w*)?|zl(?:ot\w*)?|pln|eur(?:o\w*)?|€|usd|\$|злот\w*|зл|євро|евро|грн|грив\w*)"
)
MONEY = re.compile(
    rf"\d(?:[\d\s.,]{{0,30}}\d)?\s{{0,3}}(?:tys\.?\s*|тис\.?\s*|тыс\.?\s*)?{_CURRENCY}(?!\w)"
    rf"|(?<!\w){_CURRENCY}\s*\d",
    re.I,
)
_YEAR = r"(?:19|20)\d\d(?!\d)"
# "1 500", "1 500,50", "1.5": one number, however a language groups it.
_NUMBER = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?")


def faults(text: str, lang: str) -> Iterator[Fault]:
    """What must stand in no text of an article, whatever its language."""
    yield from letter_faults(text, lang)
    plain = placeholders.PLACEHOLDER.sub(" ", text)
    if money := MONEY.search(plain):
        yield f"An amount is written out: {money[0]}.", "Name a parameter: {param:id}."
    if day := _dates().search(plain):
        yield f"A calendar date is written out: {day[0]}.", "Name a parameter: {param:id}."
    if placeholders.ANY_BRACE.search(plain):
        yield "A brace stands outside a placeholder.", "Write {param:id} or {service:id}."
    for kind, id in placeholders.found(text):
        if kind not in allowed_kinds():
            yield f"{{{kind}:{id}}} is of an unknown kind.", "Write {param:id} or {service:id}."


def letter_faults(text: str, lang: str) -> Iterator[Fault]:
    if lang in FOREIGN_LETTERS:
        pattern, whose = FOREIGN_LETTERS[lang]
        if found := sorted(set(pattern.findall(text.lower()))):
            letters = ", ".join(found)
            yield f"The text has {whose} letters: {letters}.", "Write it in its own alphabet."


def allowed_kinds() -> set[str]:
    return {"param", "service"} | references.kinds()


def translation_faults(polish: str, text: str) -> Iterator[Fault]:
    """Where a translation says something else than the Polish text, as far as it can be counted."""
    if placeholders.found(polish) != placeholders.found(text):
        yield (
            f"The placeholders differ from the Polish text: {_shown(polish)} and {_shown(text)}.",
            "Use the same placeholders in every language.",
        )
    ours, theirs = numbers(polish), numbers(text)
    if ours != theirs:
        yield (
            f"The numbers differ from the Polish text: {_listed(ours)} and {_listed(theirs)}.",
            "Write the same numbers, as digits, in every language.",
        )
    if _letters(polish) and _letters(polish) == _letters(text):
        yield "The text is the same as the Polish one.", "Translate it."


def numbers(text: str) -> Counter[str]:
    """Numbers of a text as digits with a point, placeholders left out."""
    plain = placeholders.PLACEHOLDER.sub(" ", text)
    return Counter(
        re.sub(r"[ \u00a0\u202f]", "", number).replace(",", ".")
        for number in _NUMBER.findall(plain)
    )


def _listed(counted: Counter[str]) -> str:
    return ", ".join(sorted(counted.elements())) or "none"


def _shown(text: str) -> str:
    return ", ".join(sorted(f"{{{kind}:{id}}}" for kind, id in placeholders.found(text))) or "none"


def _letters(text: str) -> str:
    """Only what could be translated: without placeholders, digits and punctuation."""
    plain = placeholders.PLACEHOLDER.sub(" ", text)
    return " ".join(re.findall(r"[^\W\d_]+", plain.lower()))


@cache
def _dates() -> re.Pattern[str]:
    months = {
        name.rstrip(".")
        for lang in LANGUAGES
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for name in get_month_names(width, context, lang).values()
        # ICU gives "05" as a name where a language has none.
        if (len(name) > 2 and name.isalpha()) or name.endswith(".")
    }
    month = "(?:" + "|".join(sorted(map(re.escape, months), key=len, reverse=True)) + ")"
    return re.compile(
        rf"\d{{1,2}}\.?(?:st|nd|rd|th)?\s+(?:of\s+)?{month}\.?,?\s+{_YEAR}"
        rf"|(?<!\w){month}\.?\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?{_YEAR}"
        rf"|{_YEAR}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./]{_YEAR}",
        re.I,
    )


SHORT_ENOUGH_TO_BE_SHARED = 14  # letters: "PESEL", "MOS", "e-mail" are the same everywhere


def all_faults(text: str, lang: str, polish: str = "") -> Iterator[Fault]:
    """What is wrong with a text, and with it as a translation of the Polish one, if there is one.

    For the other rooms that keep texts of their own in the four languages.
    """
    yield from faults(text, lang)
    if polish and lang != "pl":
        is_shared = len(_letters(polish)) <= SHORT_ENOUGH_TO_BE_SHARED
        for reason, remedy in translation_faults(polish, text):
            if not (is_shared and reason.startswith("The text is the same")):
                yield reason, remedy
