"""The part of a passage that a question is about, cut from it unchanged, with marks."""

import re
from dataclasses import dataclass
from functools import lru_cache

from przystan.core.writing import MAX_TOKEN_CHARS, fold, tokens

# Marks and apostrophes stand inside words; the folded word has neither.
_WORD = re.compile(r"[^\W_](?:[\w'’ʼ\u0300-\u036f]{0,80})")
_MIN_STEM = 4
MAX_TEXT_CHARS = 20_000


@dataclass(frozen=True, slots=True)
class Snippet:
    """`text` is `document[start : start + len(text)]`; `marks` are (from, to) within `text`."""

    text: str
    start: int
    marks: tuple[tuple[int, int], ...]

    @property
    def is_cut_before(self) -> bool:
        return self.start > 0


def snippet(document_text: str, query: str, *, max_chars: int = 240) -> Snippet:
    """Return the stretch of at most `max_chars` that holds most of the question's words.

    A word counts when it shares its stem with one of the question: "kartę" for "karta".
    """
    text = document_text[:MAX_TEXT_CHARS]
    words = [match.span() for match in _WORD.finditer(text)]
    asked = _stems(query)
    marked = [span for span in words if _folded(text[slice(*span)]) in asked] if asked else []
    start = _best_start(marked, max_chars)
    start = _word_start(words, text, start, max_chars)
    end = _word_end(words, len(text), start, max_chars)
    marks = tuple((a - start, b - start) for a, b in marked if start <= a and b <= end)
    return Snippet(text[start:end].rstrip(), start, marks)


class _stems:  # noqa: N801  # reads as a set: `word in asked`
    """The question's words; a longer word is there when it begins as one of them does."""

    def __init__(self, query: str) -> None:
        found = [word for word in tokens(query)[:200] if len(word) > 1]
        self._exact = frozenset(found)
        self._stems = frozenset(word[: _stem_chars(word)] for word in found if len(word) > 3)

    def __bool__(self) -> bool:
        return bool(self._exact)

    def __contains__(self, word: str) -> bool:
        if word in self._exact:
            return True
        return len(word) > 3 and any(word[:n] in self._stems for n in {_stem_chars(word), 5})


def _stem_chars(word: str) -> int:
    return max(_MIN_STEM, min(len(word) - 2, 7))


@lru_cache(maxsize=50_000)
def _folded(word: str) -> str:
    return fold(word)[:MAX_TOKEN_CHARS]


def _best_start(marked: list[tuple[int, int]], max_chars: int) -> int:
    """Where the window with most marked words begins; long words tell more than short ones."""
    best, best_weight, weight, first = 0, 0, 0, 0
    for start, end in marked:
        weight += end - start
        while end - marked[first][0] > max_chars:
            weight -= marked[first][1] - marked[first][0]
            first += 1
        if weight > best_weight:
            best, best_weight = marked[first][0], weight
    return best


def _word_start(words: list[tuple[int, int]], text: str, start: int, max_chars: int) -> int:
    """Begin with the sentence when it starts close before, else with a few words of context."""
    if start <= max_chars // 3:
        return 0
    earliest = start - max_chars // 3
    sentence = max(text.rfind(mark, earliest, start) for mark in (". ", "\n", "? ", "! ", "; "))
    if sentence >= 0:
        return next((a for a, _ in words if a > sentence), start)
    return next((a for a, _ in words if a >= earliest), start)


def _word_end(words: list[tuple[int, int]], length: int, start: int, max_chars: int) -> int:
    limit = start + max_chars
    if length <= limit:
        return length
    # Up to the next word, so that the full stop of the last sentence stays.
    following = [a for a, _ in words if start < a <= limit]
    return following[-1] if following else limit
