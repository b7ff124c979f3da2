"""Embed a question while a person waits: in time, or not at all.

A model that is slow, busy or gone must never hold up an answer: search then goes by words.
"""

import logging
import os
import queue
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

import numpy as np

from przystan.knowledge.search.embedders import Embedder, EmbeddingError, Vectors
from przystan.knowledge.search.embedders.lexical import LexicalEmbedder
from przystan.knowledge.search.index import query_spellings

log = logging.getLogger(__name__)

QUERY_TIMEOUT_S = 0.15
_MAX_QUERY_CHARS = 1_000  # what a question is about stands in its first sentences
_MAX_WAITING = 8  # more than this waiting means the model does not keep up: do not queue
_REMEMBERED = 512


@dataclass(slots=True)
class _Task:
    texts: list[str]
    done: threading.Event = field(default_factory=threading.Event)
    vectors: Vectors | None = None


class PatientEmbedder:
    """Asks an embedder in one worker thread and waits only so long.

    A late vector is not lost: it is remembered, and the same question finds it next time.
    The thread starts with the first question, so it is never carried through a fork.
    """

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder
        self._starting = threading.Lock()
        self._owner = 0
        self._tasks: queue.Queue[_Task] = queue.Queue(_MAX_WAITING)
        self._known: OrderedDict[tuple[str, ...], Vectors] = OrderedDict()

    def embed_query(self, text: str, *, timeout_s: float = QUERY_TIMEOUT_S) -> Vectors | None:
        """Return (spellings, dim) for `Index.search`, or None when there is none in time."""
        # The type, not the id or length: a model may have to load before it knows those.
        if isinstance(self.embedder, LexicalEmbedder) or not text.strip():
            return None
        texts = query_spellings(text[:_MAX_QUERY_CHARS])
        if (known := self._known.get(tuple(texts))) is not None:
            return known
        task = _Task(texts)
        self._start()
        try:
            self._tasks.put_nowait(task)
        except queue.Full:
            log.warning("search.embedder_busy")
            return None
        if not task.done.wait(timeout_s):
            log.info("search.embedder_late", extra={"timeout_ms": round(timeout_s * 1000)})
            return None
        return task.vectors

    def _start(self) -> None:
        with self._starting:
            if self._owner == os.getpid():
                return
            self._owner = os.getpid()
            self._tasks = queue.Queue(_MAX_WAITING)
            threading.Thread(
                target=self._work, args=(self._tasks,), name="embed-queries", daemon=True
            ).start()

    def _work(self, tasks: "queue.Queue[_Task]") -> None:
        while True:
            task = tasks.get()
            try:
                task.vectors = self._embed(task.texts)
            except EmbeddingError as error:
                log.warning("search.embedder_failed", extra={"reason": str(error)})
            except Exception:  # the thread must outlive whatever a model library throws
                log.exception("search.embedder_failed")
            task.done.set()

    def _embed(self, texts: list[str]) -> Vectors:
        vectors = np.asarray(self.embedder.embed(texts, kind="query"), np.float32)
        self._known[tuple(texts)] = vectors
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return vectors
