"""The least that can be searched, and a model that needs nothing installed."""

import hashlib
import itertools
import time

import numpy as np

from przystan.core.writing import tokens
from przystan.knowledge.search import Document
from przystan.knowledge.search.embedders import EmbeddingError, unit

_numbers = itertools.count()


def document(text: str, **given) -> Document:
    number = next(_numbers)
    return Document(
        **({"id": f"p{number}", "group": f"g{number}", "lang": "pl", "text": text} | given)
    )


class BagOfWords:
    """Vectors that agree where words do; `delay_s` makes it slow, `is_broken` makes it fail."""

    model_id = "bag-of-words"
    dim = 64

    def __init__(self, *, delay_s: float = 0.0, is_broken: bool = False) -> None:
        self.delay_s, self.is_broken = delay_s, is_broken
        self.embedded: list[str] = []

    def embed(self, texts, kind="passage"):
        time.sleep(self.delay_s)
        if self.is_broken:
            raise EmbeddingError("out of order")
        self.embedded += texts
        vectors = np.full((len(texts), self.dim), 1e-3, np.float32)
        for row, text in enumerate(texts):
            for word in tokens(text):
                vectors[row, hashlib.blake2b(word.encode()).digest()[0] % self.dim] += 1
        return unit(vectors) if texts else vectors
