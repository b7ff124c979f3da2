"""No model at all: search goes by words alone. The default with nothing installed."""

import numpy as np

from przystan.knowledge.search.embedders import Kind, Vectors


class LexicalEmbedder:
    model_id = "lexical"
    dim = 0

    def embed(self, texts: list[str], kind: Kind = "passage") -> Vectors:
        return np.zeros((len(texts), 0), np.float32)
