"""Ukrainian and Russian typed in Latin letters: no detector knows them, so a rule of our own.

Two kinds of evidence: everyday words, compared as they sound, and letter groups that only a
romanised East Slavic word has ("zh", "shch", "-uyut"). Everyday words of Polish, English and
other Latin languages speak against it.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml

from przystan.assistant.language.spelling import romanised_forms, slavic_form

Romanised = Literal["uk-Latn", "ru-Latn"]

_WORD = re.compile(r"[a-zšžč]+(?:['’ʼ`][a-zšžč]+)*")
_APOSTROPHES = re.compile("['’ʼ`]")
# Letters that the languages written in Latin letters have and romanised ones do not.
_FOREIGN = re.compile("[ąćęłńóśźżäöüßàâæçèéêëîïôœùûÿñáíúìòăâîșțşğıđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệ]")
_SLAVIC_SPELLING = re.compile(
    "zh|kh|shch|sch[aeouiy]|[bpvmfzrdn]['’][yij]|[aeiou]yu|[aeiouy]y[aeu]|[bdfgklmnprstvz]y[ae]|"
    "iy$|yy$|yj$|ij$|[aiuy]ty$|[ou]vat[iy]?$|uyut|ayut|yut$|iut$|yat$|tsy?a$|tsia$|osti$|ogo$|oho$|oyu$|"
    "eyu$|[aiouy]v$|[aiouy]vsya$|ovi$|yly$|aly$|yla$|[bdfghklmnprstvz]{1,2}y[bdfghklmnprstvz]{1,2}[aeiouy]|dyt[yi]|v[bdghklmnprstz]|nnia|ttia|ysia$|[aeiouy]iu$|[oe]iu$|[au]ie$|ykh$|dlia$|islia$|sk[yo]i$|ob[yi]t|ozv|idm|adk|ovl|avl|[aeiou]v[aiy]|[aeiou]ye$|aje$|uje$|ajut|ujut|cholo|diyt|robot[aiuy]"
)
_POLISH_SPELLING = re.compile("w|cz|rz|sz|cj|osc$|ek$")
_ENGLISH_SPELLING = re.compile("th|wh|ck|ing$|ed$|gh|ee|oo|tion|ou|qu|x")
_MAX_WORDS = 120
_ENOUGH = 1.0  # an everyday word, or two spellings
_SHARE = 0.28


@dataclass(frozen=True, slots=True)
class _Lists:
    uk: frozenset[str]
    ru: frozenset[str]
    other: frozenset[str]
    shared: frozenset[str]


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    path = Path(__file__).with_name("romanised.yaml")
    raw = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return _Lists(
        uk=frozenset(slavic_form(word) for word in raw["uk"].split()),
        ru=frozenset(slavic_form(word) for word in raw["ru"].split()),
        other=frozenset(_unmarked(word) for word in raw["other"].split()),
        shared=frozenset(_unmarked(word) for word in raw["shared"].split()),
    )


def _unmarked(word: str) -> str:
    """Without diacritics, but "j" and "y" kept apart: "jak" is Polish, "yak" is not."""
    apart = unicodedata.normalize("NFKD", word.replace("ł", "l"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def romanised(text: str) -> tuple[Romanised, float] | None:
    """Return the language of a romanised text with a confidence in [0, 1], or None.

    None for a text with Cyrillic or with letters of another Latin language, and for one that
    speaks as much for another language as for these.
    """
    text = text.lower()
    words = _WORD.findall(text)[:_MAX_WORDS]
    if not words or _FOREIGN.search(text) or re.search("[\u0400-\u04ff]", text):
        return None
    marks = [_marks(_APOSTROPHES.sub("'", word)) for word in words]
    telling = sum(mark.slavic > 0 or mark.other > 0 for mark in marks)
    evidence = sum(mark.slavic for mark in marks)
    against = sum(mark.other for mark in marks)
    if evidence < _ENOUGH or evidence <= 1.2 * against or evidence < _SHARE * telling:
        return None
    uk, ru = sum(mark.uk for mark in marks), sum(mark.ru for mark in marks)
    confidence = round(min(0.95, evidence / (evidence + against + 0.5)), 3)
    return ("ru-Latn" if ru > uk else "uk-Latn"), confidence


@dataclass(frozen=True, slots=True)
class _Marks:
    """What one word speaks for: `slavic` against `other`, and `uk` against `ru`."""

    slavic: float
    other: float
    uk: float = 0.0
    ru: float = 0.0


def _marks(word: str) -> _Marks:
    lists = _lists()
    forms = romanised_forms(word.replace("'", ""))
    is_uk, is_ru = (not known.isdisjoint(forms) for known in (lists.uk, lists.ru))
    is_other = word in lists.other
    if word in lists.shared or (is_other and (is_uk or is_ru)):
        return _Marks(0.0, 0.0)  # "na", "do", "to": shared, says nothing
    if is_other:
        return _Marks(0.0, 1.0)
    is_polish = _POLISH_SPELLING.search(word) is not None
    if is_uk or is_ru:
        other = 0.6 if is_polish else 0.0
        return _Marks(1.0 - other, other, uk=float(is_uk) + _leaning(word), ru=float(is_ru))
    if _SLAVIC_SPELLING.search(word) and not is_polish:
        return _Marks(0.6, 0.0, uk=_leaning(word), ru=0.0)
    if is_polish or _ENGLISH_SPELLING.search(word):
        return _Marks(0.0, 0.5)
    return _Marks(0.0, 0.15)


_UKRAINIAN_SPELLING = re.compile(
    "yt[yi]$|aty$|uty$|yv$|yly$|shch|ii|yi|iv$|oyi$|yk$|aye$|uye$|mij|miy|vid|pid"
)
_RUSSIAN_SPELLING = re.compile("it$|at$|et$|ogo$|ego$|chto|iya$|aet$|yot$|aya$|oye$|ut'$|t'$")


def _leaning(word: str) -> float:
    if _UKRAINIAN_SPELLING.search(word):
        return 0.4
    return -0.4 if _RUSSIAN_SPELLING.search(word) else 0.0
