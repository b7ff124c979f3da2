"""Term weights: BM25F over several fields, worked out when the index is built.

A term's impact in a text is its saturated frequency, fields weighted and normalised by their
length (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009, section 3.6),
kept in one byte. What remains for a search is to add bytes times term weights.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from przystan.knowledge.search.storage import Array
from przystan.knowledge.search.terms import Keys, Terms, gram_terms, word_terms

Fields = tuple[list[str], ...]  # folded words of each field of one text, in the order of FIELDS
Scores = npt.NDArray[np.float32]

FIELDS = ("text", "title", "titles", "questions")


@dataclass(frozen=True, slots=True)
class Weights:
    """How much a field counts and how strongly its length is held against it."""

    fields: tuple[float, ...] = (1.0, 3.0, 3.0, 2.0)
    length: tuple[float, ...] = (0.75, 0.3, 0.3, 0.6)
    saturation: float = 1.2


_CHUNK = 8_000  # texts whose terms are held in memory at once
_STEPS = 255


@dataclass(frozen=True, slots=True)
class Postings:
    """For each term, ascending by key, the texts that hold it and its impact in each.

    keys: (terms,) uint64 · bounds: (terms + 1,) int64 · rows: uint32 · impacts: uint8, where
    255 is an impact of 1 · idf: (terms,) float32, the inverse document frequency, positive.
    """

    keys: Keys
    bounds: npt.NDArray[np.int64]
    rows: npt.NDArray[np.uint32]
    impacts: npt.NDArray[np.uint8]
    idf: npt.NDArray[np.float32]
    size: int

    @classmethod
    def build(cls, texts: Sequence[Fields], weights: Weights) -> "Postings":
        averages = _average_lengths(texts)
        parts = [
            _count(chunk, start, extract, weights, averages)
            for extract in (gram_terms, word_terms)
            for start, chunk in _chunks(texts)
        ]
        keys = np.concatenate([part[0] for part in parts]) if parts else np.zeros(0, np.uint64)
        order = np.argsort(keys, kind="stable")  # stable keeps the texts of a term ascending
        keys = keys[order]
        rows = np.concatenate([part[1] for part in parts])[order] if parts else keys
        counts = np.concatenate([part[2] for part in parts])[order] if parts else keys
        starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if keys.size else keys
        bounds = np.append(starts, keys.size).astype(np.int64)
        impacts = np.ceil(_STEPS * counts / (counts + weights.saturation)).astype(np.uint8)
        return cls(
            keys[bounds[:-1]],
            bounds,
            rows.astype(np.uint32),
            impacts,
            inverse_frequency(np.diff(bounds), len(texts)),
            len(texts),
        )

    def arrays(self, prefix: str) -> dict[str, Array]:
        names = ("keys", "bounds", "rows", "impacts", "idf")
        return {f"{prefix}.{name}": getattr(self, name) for name in names}

    @classmethod
    def read(cls, arrays: dict[str, Array], prefix: str, size: int) -> "Postings":
        names = ("keys", "bounds", "rows", "impacts", "idf")
        keys, bounds, rows, impacts, idf = (arrays[f"{prefix}.{name}"] for name in names)
        return cls(keys, bounds, rows, impacts, idf, size)

    def find(self, keys: Keys) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """Positions of the keys, and which of them are known at all."""
        if not self.keys.size:
            return np.zeros(keys.size, np.int64), np.zeros(keys.size, bool)
        at = np.searchsorted(self.keys, keys)
        at[at == self.keys.size] = 0
        return at, self.keys[at] == keys

    def holds(self, position: int, row: int) -> bool:
        """Whether a text holds the term at this position."""
        rows = self.rows[self.bounds[position] : self.bounds[position + 1]]
        at = int(np.searchsorted(rows, row))
        return at < rows.size and int(rows[at]) == row

    def add_up(self, positions: Sequence[int], weights: Sequence[float]) -> Scores:
        """Sum weight times impact of these terms for every text; (size,) float32."""
        scores = np.zeros(self.size, np.float32)
        for position, weight in zip(positions, weights, strict=True):
            part = slice(self.bounds[position], self.bounds[position + 1])
            # A term lists a text once, so plain indexing adds each impact exactly once.
            scores[self.rows[part]] += self.impacts[part] * np.float32(weight / _STEPS)
        return scores


def inverse_frequency(frequencies: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.float32]:
    """BM25's inverse document frequency in the form that never turns negative."""
    odds: npt.NDArray[np.float64] = (size - frequencies + 0.5) / (frequencies + 0.5)
    return np.asarray(np.log1p(odds), np.float32)


def _chunks(texts: Sequence[Fields]) -> Iterator[tuple[int, list[Fields]]]:
    remaining = iter(texts)
    start = 0
    while chunk := list(islice(remaining, _CHUNK)):
        yield start, chunk
        start += len(chunk)


def _lengths(texts: Sequence[Fields]) -> npt.NDArray[np.float32]:
    flat = np.fromiter((len(words) for text in texts for words in text), np.float32)
    return flat.reshape(len(texts), -1)


def _average_lengths(texts: Sequence[Fields]) -> npt.NDArray[np.float32]:
    """Mean length of each field over the texts that have it."""
    if not texts:
        return np.ones(len(FIELDS), np.float32)
    lengths = _lengths(texts)
    present: npt.NDArray[np.int64] = np.maximum((lengths > 0).sum(0), 1)
    return np.asarray(lengths.sum(0) / present + 1e-6, np.float32)


def _count(
    texts: list[Fields],
    first_row: int,
    extract: Callable[[Sequence[Sequence[str]]], Terms],
    weights: Weights,
    averages: npt.NDArray[np.float32],
) -> tuple[Keys, Array, Array]:
    """Weighted frequency of each term in each text: keys, rows, frequencies, by key and row."""
    length = np.array(weights.length, np.float32)
    share = np.array(weights.fields, np.float32) / (
        1 - length + length * _lengths(texts) / averages
    )
    terms = extract([words for text in texts for words in text])
    occurrence = share.reshape(-1)[terms.rows]
    order = np.argsort(terms.keys, kind="stable")
    keys, rows = terms.keys[order], terms.rows[order] // len(FIELDS)
    if not keys.size:
        return keys, rows, np.zeros(0, np.float32)
    new = np.append(True, (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1]))
    starts = np.flatnonzero(new)
    counts = np.add.reduceat(occurrence[order], starts)
    return keys[starts], rows[starts] + np.uint32(first_row), counts
