"""Text to terms: words and character 4-grams of the folded text, as 64-bit keys, in bulk.

Keys are computed with array arithmetic over the whole corpus at once: a Python loop over
characters would take minutes where this takes seconds. A gram key is its four characters
(15 bits each, exact for every alphabet that folding leaves); a word key is a 62-bit hash with
the top bit set, so that the two kinds never meet.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from przystan.core.writing import MAX_TOKEN_CHARS, tokens

Keys = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.uint32]

GRAM = 4
_SPACE = 32
_WORD_BIT = np.uint64(1 << 63)
_POWERS = np.array(
    [pow(0x9E3779B97F4A7C15, i, 1 << 64) for i in range(1, MAX_TOKEN_CHARS + 1)], np.uint64
)
_MIX = np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True, slots=True)
class Terms:
    """Occurrences of terms in texts; `rows[i]` is the text in which `keys[i]` occurs.

    `word_index[i]` counts words from the first text on: the word a gram was cut from.
    """

    keys: Keys
    rows: Rows
    word_index: Rows


def word_terms(words: Sequence[Sequence[str]]) -> Terms:
    """One key for each word of each text; texts come as lists of folded words."""
    codes, starts, ends, rows = _layout(words)
    if not starts.size:
        return _nothing()
    lengths = ends - starts
    place = np.arange(codes.size) - np.repeat(starts - 1, _spans(starts, codes.size)) - 1
    # Spaces and what stands before the first word weigh nothing.
    inside = codes != _SPACE
    powers = np.where(inside, _POWERS[np.clip(place, 0, MAX_TOKEN_CHARS - 1)], np.uint64(0))
    sums = np.add.reduceat(codes.astype(np.uint64) * powers, starts)
    sums = (sums ^ (sums >> np.uint64(29))) * _MIX + lengths.astype(np.uint64)
    keys = (sums ^ (sums >> np.uint64(32))) | _WORD_BIT
    return Terms(keys, rows, np.arange(starts.size, dtype=np.uint32))


def gram_terms(words: Sequence[Sequence[str]]) -> Terms:
    """Keys of all 4-grams inside words, each word padded by one space on either side."""
    codes, starts, _ends, rows = _layout(words)
    if not starts.size:
        return _nothing()
    first, second, third, fourth = (codes[i : codes.size - GRAM + 1 + i] for i in range(GRAM))
    at = np.flatnonzero((second != _SPACE) & (third != _SPACE))
    keys = np.zeros(at.size, np.uint64)
    for part in (first, second, third, fourth):
        keys = (keys << np.uint64(15)) | (part[at] & 0x7FFF).astype(np.uint64)
    # The second character of a window is always inside the word.
    word = np.searchsorted(starts, at + 1, side="right") - 1
    return Terms(keys, rows[word], word.astype(np.uint32))


def stem_keys(stem: str) -> Keys:
    """4-grams of the beginning of a word, whatever its ending; a short stem stands alone."""
    keys = np.unique(gram_terms([[stem]]).keys)
    return keys if len(stem) < GRAM else keys[(keys & np.uint64(0x7FFF)) != _SPACE]


def split(texts: Sequence[str]) -> list[list[str]]:
    return [tokens(text) for text in texts]


def _layout(
    words: Sequence[Sequence[str]],
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64], npt.NDArray[np.int64], Rows]:
    """Write all words behind each other, a space around each; return codes, bounds and rows."""
    joined = " " + "".join(" ".join(text) + "  " for text in words)
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), np.uint32)
    space = codes == _SPACE
    starts = np.flatnonzero(space[:-1] & ~space[1:]) + 1
    ends = np.flatnonzero(~space[:-1] & space[1:]) + 1
    counts = np.fromiter((len(text) for text in words), np.int64, len(words))
    return codes, starts, ends, np.repeat(np.arange(len(words), dtype=np.uint32), counts)


def _spans(starts: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
    """How many characters belong to each word: up to the next one, the first from zero."""
    bounds = np.append(starts, size)
    bounds[0] = 0
    return np.diff(bounds)


def _nothing() -> Terms:
    return Terms(np.zeros(0, np.uint64), np.zeros(0, np.uint32), np.zeros(0, np.uint32))
