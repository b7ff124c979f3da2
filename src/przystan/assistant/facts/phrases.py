"""The phrases of `phrases.yaml` and `grammar.yaml`, ready to be looked for in folded clauses."""

import re
from collections.abc import Mapping
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
_FILES: Final = ("phrases.yaml", "grammar.yaml")
_NEVER: Final = re.compile(r"(?!)")
_GAPS: Final = {"~": r"(?: \S+){0,3} ", "~~": r"(?: \S+){0,7} "}


@cache
def _loaded(name: str) -> Mapping[str, Any]:
    with (_FOLDER / name).open(encoding="utf-8") as file:
        loaded: Mapping[str, Any] = yaml.safe_load(file)
    return loaded


def data() -> Mapping[str, Any]:
    return _loaded("phrases.yaml")


def countries() -> Mapping[str, Mapping[str, list[str]]]:
    return _loaded("countries.yaml")


def folded(text: str) -> str:
    """The text as phrases are compared with it: folded words, one space between them."""
    return " ".join(re.findall(r"[^\W_]+", fold(text)))


@cache
def pattern(language: str, *path: str) -> re.Pattern[str]:
    """All phrases of a place of both files, as said in a language."""
    spoken: tuple[str, ...] = _SPOKEN.get(language, ("any", language))
    if path[0] in _TERMS:
        spoken = ("any", "pl", "uk", "ru", "en")
    found = []
    for name in _FILES:
        node: Any = _loaded(name)
        for step in path:
            node = node.get(step, {})
        found += [phrase for tag in spoken for phrase in node.get(tag, ())]
    return compiled(tuple(dict.fromkeys(found)))


@cache
def options(table: str, fact: str) -> tuple[str, ...]:
    """The options of a fact in both files, in the order in which they are tried."""
    found = [each for name in _FILES for each in _loaded(name).get(table, {}).get(fact, {})]
    return tuple(dict.fromkeys(found))


@cache
def words(*names: str) -> re.Pattern[str]:
    """Any word of these classes of `words.yaml`."""
    return compiled(tuple(phrase for name in names for phrase in _loaded("words.yaml")[name]))


@cache
def compiled(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """`kart* pobytu` and `decyzj*~dostał*` as one expression; the longest come first."""
    written = sorted({_written(phrase) for phrase in phrases}, key=lambda each: (-len(each), each))
    return re.compile(rf"\b(?:{'|'.join(written)})\b") if written else _NEVER


def _written(phrase: str) -> str:
    parts = re.split(r"(~~?)", phrase)
    return "".join(_GAPS.get(part) or _sequence(part) for part in parts if part.strip())


def _sequence(part: str) -> str:
    """Words in a row; one that ends with `?` may be left out."""
    written = ""
    for number, word in enumerate(part.split()):
        is_last = number == len(part.split()) - 1
        found = _word(word.removesuffix("?"))
        space = "" if is_last else " "
        written += f"(?:{found}{space})?" if word.endswith("?") else f"{found}{space}"
    return written


def _word(word: str) -> str:
    """A word, a choice of several with `|`, or a class with `@`."""
    ways = [_class(each[1:]) if each.startswith("@") else _stem(each) for each in word.split("|")]
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


@cache
def _class(name: str) -> str:
    ways = {_written(phrase) for phrase in _loaded("words.yaml")[name]}
    return f"(?:{'|'.join(sorted(ways, key=lambda each: (-len(each), each)))})"


def _stem(word: str) -> str:
    """Letters between two stars are a stem with gaps."""
    pieces = [re.escape(folded(piece)) for piece in word.split("*")]
    return r"\w*".join(piece.replace("\\ ", " ") for piece in pieces)
