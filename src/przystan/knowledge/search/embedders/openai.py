"""A server that speaks `/v1/embeddings` (vLLM, TEI, llama.cpp and others).

`openai:https://host/v1?model=bge-m3&query=query%3A%20&passage=passage%3A%20&key_env=NAME`:
all parameters are optional; prefixes are empty unless given.
"""

from collections.abc import Mapping
from typing import Any

import httpx
import numpy as np

from przystan.core.model_server import ModelServer, ModelServerError, read_address
from przystan.knowledge.search.embedders import EmbeddingError, Kind, Vectors, unit

_TIMEOUT_S = 20.0
_BATCH = 32
_MAX_RESPONSE_BYTES = 16 * 1024 * 1024
_MAX_CHARS = 20_000


def make(setting: str) -> "OpenAIEmbedder":
    """Read the part of the setting behind `openai:`; the key itself is never in the address."""
    client, base_url, given = read_address(
        setting, name="EMBEDDINGS_BACKEND=openai:<url>", timeout_s=_TIMEOUT_S
    )
    return OpenAIEmbedder(
        client,
        base_url,
        model=given.get("model", "default"),
        prefixes={"query": given.get("query", ""), "passage": given.get("passage", "")},
    )


class OpenAIEmbedder:
    def __init__(
        self,
        client: httpx.Client,
        base_url: str,
        *,
        model: str,
        prefixes: Mapping[Kind, str] | None = None,
    ) -> None:
        self._server = ModelServer(
            client, base_url, kind="embedding", max_bytes=_MAX_RESPONSE_BYTES
        )
        self._model = model
        self._prefixes = dict(prefixes or {})
        self._dim = 0

    @property
    def model_id(self) -> str:
        prefixes = "|".join(self._prefixes.get(kind, "") for kind in ("query", "passage"))
        return f"openai/{self._model}/{prefixes}" if prefixes != "|" else f"openai/{self._model}"

    @property
    def dim(self) -> int:
        if not self._dim:
            self.embed(["x"])
        return self._dim

    def embed(self, texts: list[str], kind: Kind = "passage") -> Vectors:
        prefix = self._prefixes.get(kind, "")
        parts = [
            self._batch([prefix + text[:_MAX_CHARS] for text in texts[i : i + _BATCH]])
            for i in range(0, len(texts), _BATCH)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, self._dim), np.float32)

    def _batch(self, texts: list[str]) -> Vectors:
        rows = self._ask({"model": self._model, "input": texts, "encoding_format": "float"})
        try:
            ordered = sorted(rows["data"], key=lambda row: row["index"])
            vectors = np.array([row["embedding"] for row in ordered], np.float32)
        except (KeyError, TypeError, ValueError) as error:
            raise EmbeddingError("the embedding server answered in another form") from error
        if vectors.ndim != 2 or len(vectors) != len(texts) or not vectors.shape[1]:
            raise EmbeddingError("the embedding server returned another number of vectors")
        if self._dim and vectors.shape[1] != self._dim:
            raise EmbeddingError("the embedding server changed the length of its vectors")
        self._dim = vectors.shape[1]
        return unit(vectors)

    def _ask(self, body: dict[str, object]) -> Any:
        try:
            return self._server.ask("embeddings", body)
        except ModelServerError as error:
            raise EmbeddingError(str(error)) from error
