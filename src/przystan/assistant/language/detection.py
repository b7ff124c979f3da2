"""Recognising the language of a question: lingua, and one rule for Cyrillic typed in Latin letters.

No letter rules stand in front of lingua: they broke Belarusian when they were tried. Behind it
one does: a language whose alphabet lacks a letter of the text gives way to the next.
"""

import re
import threading
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache

from lingua import IsoCode639_1, Language, LanguageDetector, LanguageDetectorBuilder

from przystan.assistant.language.romanised import romanised

# Languages that newcomers to Poland write in; a language outside them is read as the nearest.
ENABLED = ("pl", "en", "uk", "ru", "be", "ar", "vi", "tr", "es", "ka", "hi", "de", "fr", "ro")
UNKNOWN = "und"  # BCP 47 for "undetermined"
# A question says what language it is in within its first lines; a pasted letter is long.
_ENOUGH_CHARACTERS = 600
_FEW_WORDS = 3
_UNSURE = 0.45
_OF_THE_PAGE = 3.0
_WORD = re.compile(r"[^\W\d_]+")
_LOADING = threading.Lock()

# ISO 15924 codes of the scripts of the enabled languages; "Zyyy" is a text without letters.
_SCRIPTS = {
    "LATIN": "Latn",
    "CYRILLIC": "Cyrl",
    "ARABIC": "Arab",
    "GEORGIAN": "Geor",
    "DEVANAGARI": "Deva",
    "HEBREW": "Hebr",
    "GREEK": "Grek",
    "CJK": "Hani",
}
_SCRIPT_OF = {"uk": "Cyrl", "ru": "Cyrl", "be": "Cyrl", "ar": "Arab", "ka": "Geor", "hi": "Deva"}
_OTHER_SCRIPT, _NO_SCRIPT = "Zzzz", "Zyyy"
# Letters that the alphabet lacks. Whoever writes Russian with one Ukrainian letter is rare; who
# writes three words of Belarusian that lingua takes for Ukrainian is not.
_LACKS = {"uk": "ыэёъў", "ru": "іїєґў", "be": "иїєґщъ"} | dict.fromkeys(
    ("en", "de", "fr", "es", "ro", "tr", "vi"), "ąęłśźżćń"
)


@dataclass(frozen=True, slots=True)
class Detected:
    """What is known of a text's language.

    `tag` is BCP 47 ("uk-Latn" for Ukrainian in Latin letters, "und" when nothing tells);
    `confidence` is in [0, 1]; below 0.45 the tag is only a suggestion, to be offered and not
    imposed. `script` is ISO 15924. `alternatives` are other languages, the likeliest first.
    """

    tag: str
    confidence: float
    script: str
    alternatives: tuple[tuple[str, float], ...] = ()

    @property
    def base(self) -> str:
        """The language without its script: "uk" of "uk-Latn"."""
        return self.tag.split("-")[0]

    @property
    def is_sure(self) -> bool:
        return self.confidence >= _UNSURE


def detect(text: str, *, interface: str | None = None, chosen: str | None = None) -> Detected:
    """Say in which language a text is.

    Args:
        interface: language of the page, suggested when the text alone does not tell and the
            page's script is that of the text.
        chosen: the language that the person picked; it always wins.
    """
    sample = text[:_ENOUGH_CHARACTERS]
    script = script_of(sample)
    if chosen:
        return Detected(chosen, 1.0, script)
    words = _WORD.findall(sample)
    if script == "Latn" and (latin := romanised(sample)):
        return Detected(*latin, script, tuple(_ranked(sample)[:3]))
    ranked = _leaning(_possible(_ranked(sample), sample), interface)
    if not words or not ranked:
        return Detected(interface or UNKNOWN, 0.0, script)
    best, confidence = ranked[0]
    is_told = len(words) >= _FEW_WORDS and confidence >= _UNSURE
    if interface and not is_told and script in {script_of_language(interface), _NO_SCRIPT}:
        likelihood = dict(ranked).get(interface, 0.0)
        return Detected(interface, min(likelihood, _UNSURE - 0.01), script, tuple(ranked[:3]))
    return Detected(best, confidence, script, tuple(ranked[1:4]))


def _leaning(ranked: list[tuple[str, float]], interface: str | None) -> list[tuple[str, float]]:
    """Close calls go to the language of the page: most people write in what they read."""
    weighed = [(tag, share * (_OF_THE_PAGE if tag == interface else 1)) for tag, share in ranked]
    total = sum(share for _, share in weighed) or 1.0
    shares = [(tag, round(share / total, 3)) for tag, share in weighed]
    return sorted(shares, key=lambda pair: -pair[1])


def script_of(text: str) -> str:
    """ISO 15924 code of the script of most letters: "Cyrl", "Zyyy" when there are none."""
    letters = (character for character in text if character.isalpha())
    counts = Counter(_script_of_letter(letter) for letter in letters)
    return counts.most_common(1)[0][0] if counts else _NO_SCRIPT


def _script_of_letter(letter: str) -> str:
    return _SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0], _OTHER_SCRIPT)


def script_of_language(tag: str) -> str:
    """The script in which a language is written, as its tag says or by custom."""
    return "Latn" if tag.endswith("-Latn") else _SCRIPT_OF.get(tag.split("-")[0], "Latn")


def _ranked(text: str) -> list[tuple[str, float]]:
    values = _detector().compute_language_confidence_values(text)
    ranked = [(value.language.iso_code_639_1.name.lower(), float(value.value)) for value in values]
    return [(tag, round(share, 3)) for tag, share in ranked if share > 0]


def _possible(ranked: list[tuple[str, float]], text: str) -> list[tuple[str, float]]:
    """Without the languages that have not all letters of the text, if any language is left."""
    letters = set(text.lower())
    left = [(tag, share) for tag, share in ranked if letters.isdisjoint(_LACKS.get(tag, ""))]
    total = sum(share for _, share in left)
    if not total or len(left) == len(ranked):
        return ranked
    return [(tag, round(share / total, 3)) for tag, share in left]


@cache
def _build() -> LanguageDetector:
    codes = [getattr(IsoCode639_1, tag.upper()) for tag in ENABLED]
    languages = [Language.from_iso_code_639_1(code) for code in codes]
    builder = LanguageDetectorBuilder.from_languages(*languages)
    # 30 MB instead of 270, and as right on questions (docs/decisions/0003-dependencies.md).
    return builder.with_low_accuracy_mode().build()


def _detector() -> LanguageDetector:
    with _LOADING:  # loaded once, also when the first two questions come together
        return _build()
