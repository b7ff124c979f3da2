"""The layer of wordings: words, pairs of them and their parts, weighed by a linear model.

What people in danger write in many small variations that no rule lists. Features are those of
`reading.py`, so a word counts the same in every spelling; they are hashed to a table of 65,536
rows, hence no word of any message, nor of the training messages, is kept.
"""

import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from przystan.assistant.danger.reading import Reading, read

PATH = Path(__file__).with_name("weights") / "wordings.npz"
N_BUCKETS = 1 << 16
_MAX_CHARS = 3_000  # of one part; of a longer message the windows read on
_GRAMS = (3, 4, 5)

Buckets = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]


def buckets(text: str) -> Buckets:
    """Sorted numbers of the features that a text has, each once."""
    return np.array(sorted({zlib.crc32(f.encode()) % N_BUCKETS for f in _features(text)}), np.int64)


def _features(text: str) -> Iterator[str]:
    before: dict[Reading, tuple[str, int]] = {}
    seen: set[str] = set()
    for word in read(text[:_MAX_CHARS]):
        now: dict[Reading, tuple[str, int]] = {}
        for reading, forms in word.forms.items():
            form = forms[0]
            now[reading] = (form, word.at)
            last, at = before.get(reading, ("", -9))
            if at == word.at - 1:
                yield f"{reading}|{last} {form}"
            if (name := f"{reading}|{form}") not in seen:
                seen.add(name)
                yield name
                yield from _grams(reading, form)
        before = now


def _grams(reading: Reading, form: str) -> Iterator[str]:
    closed = f"^{form}$"
    for size in _GRAMS:
        for start in range(len(closed) - size + 1):
            yield f"{reading[0]}{closed[start : start + size]}"


class Wordings:
    """Scores of a text: log odds of danger, then of each kind. Weights are bytes on disk."""

    def __init__(self, path: Path = PATH) -> None:
        with np.load(path) as stored:
            self._weights = stored["weights"]  # (buckets, outputs) int8
            self._scales = stored["scales"].astype(np.float64)  # (outputs,)
            self._bias: Scores = stored["bias"].astype(np.float64)

    def scores(self, text: str) -> Scores:
        """(1 + kinds,) log odds."""
        rows = buckets(text)
        if not len(rows):
            return self._bias
        total = self._weights[rows].sum(axis=0, dtype=np.int64)
        found: Scores = total * self._scales / np.sqrt(len(rows)) + self._bias
        return found


@lru_cache(maxsize=1)
def wordings() -> Wordings:
    return Wordings()


def save(weights: npt.NDArray[np.floating], bias: Scores, path: Path = PATH) -> None:
    """Write (buckets, outputs) weights, rounded to 255 steps of each output's largest."""
    scales = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
    np.savez_compressed(
        path,
        weights=np.rint(weights / scales).astype(np.int8),
        scales=scales.astype(np.float32),
        bias=bias.astype(np.float32),
    )
