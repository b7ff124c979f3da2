"""The phrases of `phrases.yaml`, ready to be looked for in folded clauses of a language."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from przystan.core.writing import fold

_FOLDER: Final = Path(__file__).parent
# Ukrainian and Russian are mixed by the same people in one message.
_SPOKEN: Final = {"uk": ("any", "uk", "ru"), "ru": ("any", "ru", "uk")}
# Names of papers and contracts stand in their Polish or English form in any language.
_TERMS: Final = frozenset({"choices", "options", "truths"})
_NEVER: Final = re.compile(r"(?!)")


@cache
def data() -> Mapping[str, Any]:
    with (_FOLDER / "phrases.yaml").open(encoding="utf-8") as file:
        loaded: Mapping[str, Any] = yaml.safe_load(file)
    return loaded


@cache
def countries() -> Mapping[str, Mapping[str, list[str]]]:
    with (_FOLDER / "countries.yaml").open(encoding="utf-8") as file:
        loaded: Mapping[str, Mapping[str, list[str]]] = yaml.safe_load(file)
    return loaded


def folded(text: str) -> str:
    """The text as phrases are compared with it: folded words, one space between them."""
    return " ".join(re.findall(r"[^\W_]+", fold(text)))


@cache
def pattern(language: str, *path: str) -> re.Pattern[str]:
    """All phrases of a place of `phrases.yaml`, as said in a language."""
    node: Any = data()
    for step in path:
        node = node.get(step, {})
    spoken: tuple[str, ...] = _SPOKEN.get(language, ("any", language))
    if path[0] in _TERMS:
        spoken = ("any", "pl", "uk", "ru", "en")
    found = [phrase for tag in spoken for phrase in node.get(tag, ())]
    return compiled(found)


def compiled(phrases: Iterable[str]) -> re.Pattern[str]:
    """`kart* pobytu` and `decyzj*~dostał*` as one expression; the longest come first."""
    written = sorted({_written(phrase) for phrase in phrases}, key=lambda each: (-len(each), each))
    return re.compile(rf"\b(?:{'|'.join(written)})\b") if written else _NEVER


def _written(phrase: str) -> str:
    parts = [" ".join(_word(word) for word in part.split()) for part in phrase.split("~")]
    return r"(?: \S+){0,3} ".join(part for part in parts if part)


def _word(word: str) -> str:
    """A word of a phrase; letters between two stars are a stem with gaps."""
    pieces = [re.escape(folded(piece)) for piece in word.split("*")]
    return r"\w*".join(piece.replace("\\ ", " ") for piece in pieces)
