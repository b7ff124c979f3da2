"""Vectors of questions and lines, and what takes their place where no model is installed."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from przystan.assistant.lines.features import Read
from przystan.assistant.lines.pages import Page
from przystan.core.writing import fold
from przystan.knowledge.search.embedders import Embedder, Kind, Vectors
from przystan.knowledge.search.vectors import VectorCache

_READ_CHARS = 1_000  # of a line; longer ones are walls of text, and their beginning tells
_GRAM = 4


class LetterEmbedder:
    """Counts of letters in fours, hashed: nearness by words where no model is installed."""

    model_id = "letters-1"
    dim = 512

    def embed(self, texts: list[str], kind: Kind = "passage") -> Vectors:
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            words = f" {' '.join(fold(text).split())} "
            for start in range(len(words) - _GRAM + 1):
                code = zlib.crc32(words[start : start + _GRAM].encode("utf-8", "replace"))
                vector[code % self.dim] += 1.0 if code & 0x8000_0000 else -1.0
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        scaled: Vectors = vectors / np.maximum(lengths, np.float32(1e-9))
        return scaled


class Reader:
    """Turns pages into what the features measure; equal texts are embedded once.

    Args:
        cache: a folder to keep vectors in between runs; None keeps them nowhere.
    """

    def __init__(self, embedder: Embedder, cache: Path | None = None) -> None:
        # Without a model of its own, an embedder of length 0, letters stand in.
        self.embedder = embedder if embedder.dim else LetterEmbedder()
        self._cache = VectorCache(cache) if cache else None

    def read(
        self, pages: Sequence[Page], on_progress: Callable[[int, int], None] | None = None
    ) -> Iterator[Read]:
        """Vectors of each page, in order.

        Raises:
            EmbeddingError: the model cannot be reached, loaded or understood.
        """
        alone = [[_cut(line) for line in page.lines] for page in pages]
        passages = self._table((text for texts in alone for text in texts), "passage", on_progress)
        questions = self._table((_cut(page.question) for page in pages), "query", None)
        nothing = np.zeros(self.embedder.dim, np.float32)
        for page, lines in zip(pages, alone, strict=True):
            yield Read(
                page,
                questions.get(_cut(page.question), nothing),
                _stack([passages.get(text, nothing) for text in lines], self.embedder.dim),
            )

    def _table(
        self, texts: Iterable[str], kind: Kind, on_progress: Callable[[int, int], None] | None
    ) -> dict[str, Vectors]:
        # Texts of one length in a row: a batch then wastes nothing on padding.
        distinct = sorted({text for text in texts if text}, key=lambda text: (len(text), text))
        if self._cache:
            rows = self._cache.embed(self.embedder, distinct, kind=kind, on_progress=on_progress)
        else:
            rows = self._embed(distinct, kind, on_progress)
        return dict(zip(distinct, rows, strict=True))

    def _embed(
        self, texts: list[str], kind: Kind, on_progress: Callable[[int, int], None] | None
    ) -> Vectors:
        parts = [np.zeros((0, self.embedder.dim), np.float32)]
        for start in range(0, len(texts), _BATCH):
            parts.append(self.embedder.embed(texts[start : start + _BATCH], kind))
            if on_progress:
                on_progress(min(start + _BATCH, len(texts)), len(texts))
        return np.concatenate(parts)


_BATCH = 32


def _cut(text: str) -> str:
    # JSON may hold halves of characters, which no model can read.
    return text.strip()[:_READ_CHARS].encode("utf-8", "replace").decode("utf-8")


def _stack(vectors: list[Vectors], dim: int) -> Vectors:
    return np.stack(vectors) if vectors else np.zeros((0, dim), np.float32)
