"""Numerals in words written in figures: "za cztery dni", "dwunastego maja", "six thousand"."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from przystan.core.writing import fold

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
_HUNDRED, _THOUSAND = 100, 1000


def words(text: str) -> Iterator[tuple[int, int, str]]:
    """The start, the end and the folded form of each word of a text."""
    for match in _WORD.finditer(text):
        yield match.start(), match.end(), fold(match.group())


def in_figures(text: str) -> str:
    """The text with its numerals in figures; "one" alone stays a word."""
    written, done = [], 0
    for start, end, number in _numerals(text):
        written += [text[done:start], str(number)]
        done = end
    return "".join([*written, text[done:]])


def _numerals(text: str) -> Iterator[tuple[int, int, int]]:
    group: list[tuple[int, int, str]] = []
    for word in words(text):
        if word[2] not in _values():
            yield from _numeral(group)
            group = []
        elif group and not _follows(group, word, text):
            yield from _numeral(group)
            group = [word]
        else:
            group.append(word)
    yield from _numeral(group)


def _follows(group: list[tuple[int, int, str]], word: tuple[int, int, str], text: str) -> bool:
    """Whether the word goes on with the numeral: "twenty" goes before "four", not after it."""
    last = _values()[group[-1][2]]
    value = _values()[word[2]]
    is_next = text[group[-1][1] : word[0]].strip(" \u00a0") in ("", "-")
    is_multiplier = value in (_HUNDRED, _THOUSAND) and value > last
    is_smaller = value < 10 <= last or value < _HUNDRED <= last or value < _THOUSAND <= last
    return is_next and group[-1][2] not in _ordinals() and (is_multiplier or is_smaller)


def _numeral(group: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, int]]:
    values = [_values()[word] for _start, _end, word in group]
    is_alone = len(values) == 1 and values[0] in (1, _HUNDRED, _THOUSAND)
    if not values or (is_alone and group[0][2] not in _ordinals()):
        return
    total = current = 0
    for value in values:
        if value == _THOUSAND:
            total, current = total + max(current, 1) * value, 0
        elif value == _HUNDRED and 0 < current < 10:
            current *= value
        else:
            current += value
    yield group[0][0], group[-1][1], total + current


@cache
def _data() -> dict[str, Any]:
    with (Path(__file__).parent / "numbers.yaml").open(encoding="utf-8") as file:
        loaded: dict[str, Any] = yaml.safe_load(file)
    return loaded


@cache
def _values() -> dict[str, int]:
    found = {fold(word): 1 for word in _data()["one"]}
    for table in ("counted", "days"):
        found |= {fold(word): value for value, all_ in _data()[table].items() for word in all_}
    return found


@cache
def _ordinals() -> frozenset[str]:
    return frozenset(fold(word) for all_ in _data()["days"].values() for word in all_)
