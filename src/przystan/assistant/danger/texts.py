"""Approved texts for people in danger: who may help now, what we do, what we never ask.

No number stands in a text: `{service:<id>}` at the start of a block names a help line of the
directory, which knows the number and the day it was seen. Each text was approved as a whole;
nothing is composed from what the person wrote.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

from przystan.assistant.danger.recognition import KINDS, Kind
from przystan.assistant.danger.rules import load_yaml
from przystan.core.languages import Direction, direction

BlockKind = Literal["lead", "text", "service", "choice"]

_FOLDER = Path(__file__).with_name("texts")
_FALLBACK = "en"
_COMMON = "common"  # what follows in every kind: what we do and do not do, then the choices
_SERVICE = re.compile(r"\{service:([a-z0-9-]+)\}\s*")


@dataclass(frozen=True, slots=True)
class Block:
    """A sentence or more; with kind "service", about the help line `service` of the directory."""

    text: str
    kind: BlockKind = "text"
    service: str = ""


@dataclass(frozen=True, slots=True)
class ApprovedText:
    """What is said, in order; `lang` may differ from the language asked for."""

    kind: Kind
    lang: str
    blocks: tuple[Block, ...]

    @property
    def services(self) -> tuple[str, ...]:
        """Directory ids of the help lines, the one to call first in front."""
        return tuple(block.service for block in self.blocks if block.service)

    @property
    def direction(self) -> Direction:
        return direction(self.lang)


def languages() -> tuple[str, ...]:
    """Languages in which a text was approved."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def has(lang: str) -> bool:
    """Whether a text was approved in the language of a tag ("uk-Latn" reads "uk")."""
    return lang.split("-")[0] in languages()


def approved(kind: Kind, lang: str) -> ApprovedText:
    """The text for a danger in a language; English where none was approved in that language.

    Raises:
        KeyError: there is no such kind of danger.
    """
    return _book(lang.split("-")[0] if has(lang) else _FALLBACK)[kind]


@cache
def _book(lang: str) -> dict[Kind, ApprovedText]:
    raw = load_yaml(_FOLDER / f"{lang}.yaml")
    common = tuple(_blocks(raw, _COMMON, lang))
    return {kind: ApprovedText(kind, lang, (*_blocks(raw, kind, lang), *common)) for kind in KINDS}


def _blocks(raw: Mapping[str, list[dict[str, str]]], part: str, lang: str) -> Iterator[Block]:
    for entry in raw[part]:
        [(kind, text)] = entry.items()
        if kind not in get_args(BlockKind):
            raise ValueError(f"texts/{lang}.yaml, {part}: there is no kind of block {kind!r}.")
        named = _SERVICE.match(text)
        if (named is None) == (kind == "service"):
            raise ValueError(f"texts/{lang}.yaml, {part}: {text!r} and its service do not fit.")
        spoken = text[named.end() :] if named else text
        yield Block(spoken, cast(BlockKind, kind), named.group(1) if named else "")
