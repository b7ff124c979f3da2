"""How a frightened person's message is read: words in up to three spellings, with positions.

A word is compared in the spelling of each language group that the message may be written in:
`pl` and `en` are folded Latin letters; `sl` is Ukrainian, Russian and Belarusian together,
from Cyrillic or from Latin letters, folded until the usual ways of typing them meet.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Literal

import yaml

from przystan.assistant.language.spelling import latin_form, romanised_forms, slavic_form

Reading = Literal["pl", "en", "sl"]
READINGS: tuple[Reading, ...] = ("pl", "en", "sl")

MAX_CHARS = 20_000  # what the question box takes; the rest of a longer text is not read
_MAX_WORD_CHARS = 64
_SENTENCE_GAP = 2  # words further apart than they stand, when a sentence ends between them

_WORD = re.compile(r"[^\W_]+(?:['’ʼ`´‘][^\W_]+)*")
_CLAUSE_END = re.compile(r"\s*(?:[.,!?…;:)\n]|$)")
_SENTENCE_END = re.compile(r"[.!?…;\n]")
_APOSTROPHES = re.compile("['’ʼ`´‘]")
_ENGLISH_ENDINGS = {
    "s": (),
    "d": (),
    "m": ("am",),
    "re": ("are",),
    "ve": ("have",),
    "ll": ("will",),
}  # "he's" may be "is", "has" or "of him": left out
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_POLISH = re.compile("[ąćęłńśźż]")
# Latin letters that look Cyrillic, typed by accident or from another keyboard: "мiй".
_LOOK_ALIKES = str.maketrans("aceiopxykmtbhë", "асеіорхукмтвнё")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the message.

    `at` counts words from the start, with a gap after each sentence; `forms` holds the
    spellings to compare, by reading, the last of them exactly as typed after "=" (for the few
    pairs that looser spelling makes one: был and бил); `closes` says that a punctuation mark
    or the end of the message follows.
    """

    at: int
    forms: dict[Reading, tuple[str, ...]] = field(hash=False)
    closes: bool = False


def read(text: str) -> list[Word]:
    """Split a text into words, at most `MAX_CHARS` characters of it, in linear time."""
    visible = _visible(text[:MAX_CHARS])
    found = list(_raw_words(visible))
    allowed = _readings([raw for _, raw, _ in found])
    return [Word(at, _forms(raw, allowed), closes) for at, raw, closes in found]


def _visible(text: str) -> str:
    # Zero-width and control characters can hide inside a word; no word needs them here.
    kept = (c if c.isspace() or c.isprintable() else "" for c in text.lower())
    return unicodedata.normalize("NFC", "".join(kept))


def _raw_words(text: str) -> Iterator[tuple[int, str, bool]]:
    """Each word with its place and whether it closes a clause."""
    at, end = 0, 0
    for match in _WORD.finditer(text):
        if _SENTENCE_END.search(text, end, match.start()):
            at += _SENTENCE_GAP
        end = match.end()
        closes = end == len(text) or _CLAUSE_END.match(text, end) is not None
        parts = _parts(match.group()[:_MAX_WORD_CHARS])
        for index, part in enumerate(parts):
            yield at, part, closes and index == len(parts) - 1
            at += 1


@dataclass(frozen=True, slots=True)
class Everyday:
    """Everyday words of each reading, in its spelling, and how short English forms are split."""

    words: dict[Reading, frozenset[str]]
    telling: dict[Reading, frozenset[str]]  # those that no other group shares
    split: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def everyday() -> Everyday:
    path = Path(__file__).with_name("everyday.yaml")
    raw = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    words: dict[Reading, frozenset[str]] = {
        reading: frozenset(form_of(word, reading) for word in raw[reading].split())
        for reading in READINGS
    }
    latin = {word for name in ("pl", "en") for word in raw[name].split()}
    shared = words["pl"] & words["en"]
    slavic = {
        latin_form(word)
        for word in raw["pl"].split()
        if not words["sl"].isdisjoint(romanised_forms(word))
    }
    telling: dict[Reading, frozenset[str]] = {
        "pl": words["pl"] - shared - slavic,
        "en": words["en"] - shared,
        "sl": words["sl"] - {form for word in latin for form in romanised_forms(word)},
    }
    split = {word: tuple(parts.split()) for word, parts in raw["split"].items()}
    return Everyday(words, telling, split)


def form_of(word: str, reading: Reading) -> str:
    """The spelling under which a word of a list is compared in a reading."""
    return slavic_form(word) if reading == "sl" else latin_form(word)


def _parts(word: str) -> tuple[str, ...]:
    """Take short English forms apart, with or without apostrophe: "won't", "dont", "he's"."""
    stem, apostrophe, ending = _APOSTROPHES.sub("'", word).rpartition("'")
    if apostrophe and ending in _ENGLISH_ENDINGS and stem.isascii():
        stem = stem.replace("'", "")
        return (stem, *_ENGLISH_ENDINGS[ending])
    plain = _APOSTROPHES.sub("", word)
    return everyday().split.get(plain, (plain,))


def _readings(words: list[str]) -> frozenset[Reading]:
    """The language groups that Latin words of this message may belong to.

    A short cry has no everyday words at all: then every reading stays open.
    """
    latin = [word for word in islice(words, 400) if not _CYRILLIC.search(word)]
    counts = {
        "pl": sum(_POLISH.search(word) is not None for word in latin)
        + _count((latin_form(word) for word in latin), "pl"),
        "en": _count((latin_form(word) for word in latin), "en"),
        "sl": _count((form for word in latin for form in romanised_forms(word)[:1]), "sl"),
    }
    most = max(counts.values())
    return frozenset(name for name in READINGS if counts[name] * 3 >= most - 1)


def _count(forms: Iterable[str], reading: Reading) -> int:
    telling = everyday().telling[reading]
    return sum(form in telling for form in forms)


def _forms(raw: str, allowed: frozenset[Reading]) -> dict[Reading, tuple[str, ...]]:
    if _CYRILLIC.search(raw):
        word = raw.translate(_LOOK_ALIKES)
        return {"sl": (slavic_form(word), f"={word}")}
    forms: dict[Reading, tuple[str, ...]] = {}
    if "pl" in allowed:
        forms["pl"] = (latin_form(raw), f"={raw}")
    if "en" in allowed:
        forms["en"] = (latin_form(raw), f"={raw}")
    if "sl" in allowed and forms.get("en", ("",))[0] not in everyday().words["en"]:
        forms["sl"] = (*romanised_forms(raw), f"={raw}")
    return forms
