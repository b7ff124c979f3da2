"""Which procedure a question leads to, and the facts that it already states for it.

Three things speak for a procedure: the articles that answer name it (a definition lists its
articles), its own words are those of the message, and it reads the facts that the message
states. Nothing is started: the person sees the facts and confirms them.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from przystan.assistant import facts
from przystan.assistant.data import Answer
from przystan.core.writing import tokens
from przystan.procedures import api as procedures

_NEAR: Final = 3  # passages looked at when nothing was answered
_LATER_ARTICLE: Final = 0.5  # each further article counts for so much of the one before
# What an article, the words and each stated fact weigh; set by hand on development questions.
_ARTICLE, _NEAR_ARTICLE, _WORDS, _FACT, _MOST_FACTS = 0.6, 0.2, 1.0, 0.08, 4
# How near the words alone must be where no article that answers names the procedure.
_ENOUGH_WORDS: Final = 0.35
_MOST_WORDS: Final = 120  # of a message


@dataclass(frozen=True, slots=True)
class Offer:
    """A procedure to start, and what the message says that it would ask."""

    procedure: str
    title: str
    facts: Mapping[str, Any]
    quotes: Mapping[str, str]


def offer(message: str, answer: Answer, *, lang: str, on: date) -> Offer | None:
    """The procedure that a message leads to; None in danger or where nothing speaks for one."""
    if answer.danger or answer.reason == "wants_human":
        return None
    stated = {each.fact: each for each in facts.read(message, on, answer.question_lang[:2])}
    named = dict(_named(answer, lang, on))
    best: tuple[float, str] | None = None
    for id, likeness in _likeness(message, on).items():
        if id not in named and likeness < _ENOUGH_WORDS:
            continue
        if not answer.is_answered and likeness < _ENOUGH_WORDS:
            continue
        shared = len(procedures.facts_of(id, on) & stated.keys())
        score = named.get(id, 0.0) + _WORDS * likeness + _FACT * min(shared, _MOST_FACTS)
        best = max(best, (score, id)) if best else (score, id)
    if best is None:
        return None
    id = best[1]
    used = {fact: stated[fact] for fact in stated.keys() & procedures.facts_of(id, on)}
    return Offer(
        procedure=id,
        title=procedures.titles(lang, on)[id],
        facts={fact: each.value for fact, each in sorted(used.items())},
        quotes={fact: each.quote for fact, each in sorted(used.items())},
    )


def _named(answer: Answer, lang: str, on: date) -> Iterator[tuple[str, float]]:
    """Procedures of the articles that answer, or that lay near; the nearest article first."""
    cited = [line.citation.article for line in answer.lines]
    weight = _ARTICLE if cited else _NEAR_ARTICLE
    slugs = dict.fromkeys(cited or [found.article for found in answer.found[:_NEAR]])
    seen: set[str] = set()
    for place, slug in enumerate(slugs):
        for id, _title in procedures.named_by_article(slug, lang, on):
            if id not in seen:
                seen.add(id)
                yield id, weight * _LATER_ARTICLE**place


# --- words ------------------------------------------------------------------------------------


def _likeness(message: str, on: date) -> dict[str, float]:
    """How near the message is to the nearest example of each procedure, in [0, 1]."""
    found: dict[str, float] = {}
    books = _books(tuple(procedures.asked_for(on)))
    asked = books.vector(message)
    for (id, _), example in zip(books.examples, books.vectors, strict=True):
        found[id] = max(found.get(id, 0.0), _cosine(asked, example))
    return found


class _Books:
    """Example messages as weighted words and 4-letter pieces; what stands in many says little."""

    def __init__(self, examples: tuple[tuple[str, str], ...]) -> None:
        self.examples = examples
        self._counts: Counter[str] = Counter()
        for _, text in examples:
            self._counts.update(_pieces(text).keys())
        self.vectors = [self.vector(text) for _, text in examples]

    def vector(self, text: str) -> dict[str, float]:
        """Unit length; pieces that no example has weigh as the rarest do."""
        total = 1 + len(self.examples)
        weights = {
            piece: (1 + math.log(count)) * math.log(total / max(1, self._counts[piece]))
            for piece, count in _pieces(text).items()
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {piece: weight / length for piece, weight in weights.items()} if length else {}


@lru_cache(maxsize=2)
def _books(examples: tuple[tuple[str, str], ...]) -> _Books:
    return _Books(examples)


def _pieces(text: str) -> Counter[str]:
    """Folded words, and their beginnings: endings change with case and gender."""
    words = [word for word in tokens(text)[:_MOST_WORDS] if len(word) > 1]
    return Counter([*words, *(f"{word[:5]}-" for word in words if len(word) > 4)])


def _cosine(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    if len(right) < len(left):
        left, right = right, left
    return sum(weight * right.get(piece, 0.0) for piece, weight in left.items())
