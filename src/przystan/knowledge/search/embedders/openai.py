"""A server that speaks `/v1/embeddings` (vLLM, TEI, llama.cpp and others).

`openai:https://host/v1?model=bge-m3&query=query%3A%20&passage=passage%3A%20&key_env=NAME`:
all parameters are optional; prefixes are empty unless given.
"""

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import httpx
import numpy as np

from przystan.knowledge.search.embedders import EmbeddingError, Kind, Vectors, unit

_TIMEOUT_S = 20.0
_BATCH = 32
_MAX_RESPONSE_BYTES = 16 * 1024 * 1024
_MAX_CHARS = 20_000


def make(setting: str) -> "OpenAIEmbedder":
    """Read the part of the setting behind `openai:`; the key itself is never in the address."""
    parts = urlsplit(setting)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("EMBEDDINGS_BACKEND=openai:<url>: expected an http or https address")
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    key = os.environ.get(given.get("key_env", ""), "")
    client = httpx.Client(
        timeout=_TIMEOUT_S,
        headers={"Authorization": f"Bearer {key}"} if key else {},
        follow_redirects=False,
    )
    return OpenAIEmbedder(
        client,
        urlunsplit(parts._replace(query="", fragment="")),
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
        self._client = client
        self._url = f"{base_url.rstrip('/')}/embeddings"
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
            with self._client.stream("POST", self._url, json=body) as response:
                if response.is_error or response.is_redirect:
                    raise EmbeddingError(f"the embedding server answered {response.status_code}")
                content = b""
                for chunk in response.iter_bytes():
                    content += chunk
                    if len(content) > _MAX_RESPONSE_BYTES:
                        raise EmbeddingError("the embedding server's answer is too large")
            return httpx.Response(200, content=content).json()
        except httpx.HTTPError as error:
            raise EmbeddingError("the embedding server cannot be reached") from error
        except ValueError as error:
            raise EmbeddingError("the embedding server answered in another form") from error
