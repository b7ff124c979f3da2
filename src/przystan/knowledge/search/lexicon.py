"""What people say and what the law says: one concept, many words, four languages.

A question about "szef" should find provisions on "pracodawca", and one in Ukrainian should
find Polish words, with no model at all. `lexicon.txt` is kept by hand; a concept that a
question touches adds its other words to the search, at a fraction of the weight.
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from przystan.core.writing import tokens

MAX_CONCEPTS = 6  # a question touches few; a pasted letter must not touch all
_SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class Concept:
    """`phrases` are tuples of folded stems; each word of a phrase must begin a question word."""

    phrases: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=1)
def concepts() -> tuple[Concept, ...]:
    text = resources.files(__package__).joinpath("lexicon.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return tuple(_concept(line) for line in lines)


def _concept(line: str) -> Concept:
    phrases = (tuple(tokens(phrase)) for part in line.split("|") for phrase in part.split(","))
    return Concept(tuple(dict.fromkeys(phrase for phrase in phrases if phrase)))


@lru_cache(maxsize=1)
def _by_first_letters() -> dict[str, list[tuple[int, tuple[str, ...]]]]:
    table: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    for number, concept in enumerate(concepts()):
        for phrase in concept.phrases:
            table.setdefault(phrase[0][:_SHORTEST_STEM], []).append((number, phrase))
    return table


def expansions(words: list[str]) -> list[list[str]]:
    """Other stems of each concept that these folded words touch, one list for a concept."""
    touched: dict[int, None] = {}
    for at, word in enumerate(words):
        for number, phrase in _by_first_letters().get(word[:_SHORTEST_STEM], ()):
            if _begins(words, at, phrase):
                touched[number] = None
        if len(touched) >= MAX_CONCEPTS:
            break
    said = set(words)
    return [
        sorted(
            {
                stem
                for phrase in concepts()[n].phrases
                for stem in phrase
                if stem not in said and len(stem) >= _SHORTEST_STEM
            }
        )
        for n in list(touched)[:MAX_CONCEPTS]
    ]


def _begins(words: list[str], at: int, phrase: tuple[str, ...]) -> bool:
    here = words[at : at + len(phrase)]
    return len(here) == len(phrase) and all(
        _is_form(word, stem) for word, stem in zip(here, phrase, strict=True)
    )


def _is_form(word: str, stem: str) -> bool:
    """A word is a form of a stem that it begins with; short stems take short endings only."""
    ending = len(word) - len(stem)
    return word.startswith(stem) and ending <= (2 if len(stem) <= _SHORTEST_STEM else 6)
