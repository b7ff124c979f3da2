"""The language of a message, and whether it is Ukrainian or Russian in Latin letters."""

import re
from functools import lru_cache
from typing import Final

from przystan.assistant.facts import phrases
from przystan.assistant.language import detect
from przystan.core import writing
from przystan.core.languages import CONTENT_TAGS

_NOT_LATIN: Final = re.compile("[\u0400-\u04ffąćęłńóśźż]")
_ENOUGH: Final = 2  # everyday Slavic words in Latin letters
_UKRAINIAN: Final = re.compile(
    r"\b(?:mai\w*|z|ta|szcz[eo]|meni|mene|buw|cze\w+|\w+aw|\w*iw|praci\w+|robot\w+|misiac\w*|rik"
    r"|roku|nema\w*|wze|zara[zs]|teper|[gh]romad\w+|czolowik|prii?x\w+|[gh]odinu|riszennia)\b"
)


def language_of(text: str, language: str = "") -> str:
    """The language whose phrases are looked for; Latin-letter Ukrainian counts as Ukrainian."""
    if found := romanised(text):
        return found
    # Polish names of towns and papers make an English message look Polish.
    english = _count("everyday_english", phrases.folded(text))
    if english >= _ENOUGH and english > 2 * _count("everyday_polish", phrases.folded(text)):
        return "en"
    guess = detect(text)
    ranked = [(guess.tag.split("-")[0], guess.confidence), *guess.alternatives]
    ours = [(share, tag) for tag, share in ranked if tag in CONTENT_TAGS]
    return max(ours)[1] if ours else language or "pl"


@lru_cache(maxsize=16)
def romanised(text: str) -> writing.CyrillicLanguage | None:
    """Ukrainian or Russian where the text is written in Latin letters.

    Short messages full of Polish names of papers ("podav na kartu pobytu") look Polish to
    `writing.romanised_language`; a few words that Polish does not have decide here.
    """
    if found := writing.romanised_language(text):
        return found
    if _NOT_LATIN.search(text.lower()):
        return None
    told = phrases.folded(text)
    slavic = len(set(phrases.words("latin_slavic").findall(told)))
    others = _count("not_latin_slavic", told)
    if slavic < _ENOUGH or slavic <= others:
        return None
    return "uk" if _UKRAINIAN.search(told) else "ru"


def _count(name: str, told: str) -> int:
    return len(phrases.words(name).findall(told))
