"""Weights and the embedder they were trained for, together: what others call."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings

from przystan.assistant.lines.features import features
from przystan.assistant.lines.model import LineModel, model_for
from przystan.assistant.lines.pages import Page
from przystan.assistant.lines.vectors import LetterEmbedder, Reader
from przystan.knowledge.search.embedders import (
    Embedder,
    EmbeddingError,
    Kind,
    Vectors,
    make_embedder,
)

log = logging.getLogger(__name__)

_REMEMBERED = 4_096  # texts; 6 MB of vectors of e5-small


@dataclass(frozen=True, slots=True)
class Scorer:
    """A line model and the reader whose vectors it was trained on."""

    model: LineModel
    reader: Reader

    @property
    def model_id(self) -> str:
        return self.reader.embedder.model_id


def scorer_for(embedder: Embedder, cache: Path | None = None) -> Scorer:
    """The scorer for an embedder; by letters where it makes no vectors or nobody trained for it.

    Args:
        cache: folder that keeps vectors between runs.
    """
    if embedder.dim and (model := model_for(embedder.model_id)):
        return Scorer(model, Reader(embedder, cache))
    letters = LetterEmbedder()
    log.info("lines.by_letters", extra={"embedder": embedder.model_id})
    model = model_for(letters.model_id)
    assert model, "the weights for letters are part of the package"
    return Scorer(model, Reader(letters))


def answer(
    pages: Iterable[Page], scorer: Scorer, on_progress: Callable[[int, int], None] | None = None
) -> dict[str, list[int]]:
    """0-based indices of the lines that answer, by id; an empty list: the page does not answer.

    Raises:
        EmbeddingError: the model cannot be reached, loaded or understood.
    """
    reads = scorer.reader.read(list(pages), on_progress)
    return {read.page.id: scorer.model.answer(features(read), read.page.lines) for read in reads}


def narrow(question: str, paragraphs: Sequence[str], lang: str) -> list[float]:
    """Probability of each paragraph of one article that it answers, from 0 to 1.

    Uses the embedder of the settings and remembers the vectors of the paragraphs, so that the
    first question about an article is slow (each paragraph is embedded) and the next is
    not. If the model fails, letters judge.

    Args:
        paragraphs: in their order on the page; what stands around one counts.
        lang: of the paragraphs; the models read all languages alike, so it changes nothing yet.
    """
    page = Page("", question, tuple(paragraphs))
    try:
        scorer = _shared(settings.EMBEDDINGS_BACKEND)
        read = next(scorer.reader.read([page]))
    except EmbeddingError as error:
        log.warning("lines.embedder_failed", extra={"reason": str(error)})
        scorer = _shared("lexical")
        read = next(scorer.reader.read([page]))
    return [float(chance) for chance in scorer.model.score(features(read)).lines]


@lru_cache(maxsize=4)
def _shared(backend: str) -> Scorer:
    return scorer_for(_Remembering(make_embedder(backend)))


class _Remembering:
    """An embedder that keeps vectors of texts it met; the oldest go first."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: OrderedDict[tuple[Kind, str], Vectors] = OrderedDict()

    @property
    def model_id(self) -> str:
        return self._embedder.model_id

    @property
    def dim(self) -> int:
        return self._embedder.dim

    def embed(self, texts: list[str], kind: Kind = "passage") -> Vectors:
        # Looked up once: another thread may drop the oldest meanwhile.
        known = {text: self._known.get((kind, text)) for text in texts}
        missing = [text for text, vector in known.items() if vector is None]
        found = {text: vector for text, vector in known.items() if vector is not None}
        found |= zip(missing, self._embedder.embed(missing, kind), strict=True)
        self._known.update({(kind, text): vector for text, vector in found.items()})
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        rows = [found[text] for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dim), np.float32)
