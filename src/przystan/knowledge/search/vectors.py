"""Vectors that were paid for once: kept by model and content, so a rebuild embeds only news."""

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from przystan.knowledge.search.documents import Document
from przystan.knowledge.search.embedders import Embedder, Kind

Vectors = npt.NDArray[np.float32]
Records = npt.NDArray[np.void]

_BATCH = 32
_KEY_BYTES = 16


class VectorCache:
    """One append-only file for each model in `folder`.

    A record is 16 bytes of content hash, a scale and the vector in signed bytes: a quarter of
    its size in floats, and cosines that differ by less than 0.003. Vectors are rounded before
    their first use too, so that an index is the same whether its vectors were kept or made.
    Two writers may append the same vector twice, never a broken one: a record is one write.
    A record cut off by a crash at the end of the file is dropped when the file is read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def embed(
        self,
        embedder: Embedder,
        texts: Sequence[str],
        *,
        kind: Kind = "passage",
        on_progress: Callable[[int, int], None] | None = None,
    ) -> Vectors:
        """Return (len(texts), dim): from the file where known, else embedded and kept.

        Raises:
            EmbeddingError: from the embedder; what was embedded before is already kept.
        """
        dim = embedder.dim
        if not dim or not texts:
            return np.zeros((len(texts), dim), np.float32)
        known = self._read(embedder.model_id, dim)
        keys = [_key(text, kind) for text in texts]
        missing = list({key: text for key, text in zip(keys, texts, strict=True)
                        if key not in known}.items())  # fmt: skip
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            vectors = embedder.embed([text for _, text in batch], kind)
            fresh = _rounded([key for key, _ in batch], vectors)
            self._append(embedder.model_id, fresh)
            known |= _restored(fresh)
            if on_progress:
                on_progress(start + len(batch), len(missing))
        return np.stack([known[key] for key in keys])

    def known(self, embedder: Embedder, texts: Sequence[str], *, kind: Kind = "passage") -> int:
        """How many of the texts have their vector already."""
        vectors = self._read(embedder.model_id, embedder.dim)
        return sum(_key(text, kind) in vectors for text in texts)

    def for_documents(
        self,
        embedder: Embedder,
        documents: Sequence[Document],
        *,
        only_known: bool = False,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> dict[str, Vectors]:
        """Vectors of documents by id, as `build` takes them.

        `only_known` embeds nothing: for an index that is to serve at once while a worker
        embeds the rest. Documents that are not complete are left out then.
        """
        texts = {document.id: document.passages_to_embed() for document in documents}
        if not embedder.dim:
            return {}
        if not only_known:
            flat = [text for several in texts.values() for text in several]
            self.embed(embedder, flat, on_progress=on_progress)
        known = self._read(embedder.model_id, embedder.dim)
        keys = {
            name: [_key(text, "passage") for text in several] for name, several in texts.items()
        }
        return {
            name: np.stack([known[key] for key in several])
            for name, several in keys.items()
            if all(key in known for key in several)
        }

    def forget(self, embedder: Embedder, keep: Iterable[str], *, kind: Kind = "passage") -> None:
        """Drop the vectors of all texts but these: what is erased leaves no vector behind."""
        known = self._read(embedder.model_id, embedder.dim)
        kept = {key: known[key] for key in {_key(text, kind) for text in keep} if key in known}
        path = self._path(embedder.model_id)
        temporary = path.with_suffix(".new")
        temporary.unlink(missing_ok=True)
        temporary.parent.mkdir(parents=True, exist_ok=True)
        records = _rounded(list(kept), np.stack([*kept.values()])).tobytes() if kept else b""
        temporary.write_bytes(records)
        temporary.replace(path)

    def _path(self, model_id: str) -> Path:
        readable = re.sub(r"[^A-Za-z0-9.-]+", "_", model_id)[:60]
        digest = hashlib.blake2b(model_id.encode(), digest_size=6).hexdigest()
        return self._folder / f"{readable}-{digest}.i8.vectors"

    def _read(self, model_id: str, dim: int) -> dict[bytes, Vectors]:
        path = self._path(model_id)
        if not path.exists() or not dim:
            return {}
        data = path.read_bytes()
        record = _record(dim)
        return _restored(
            np.frombuffer(data[: len(data) // record.itemsize * record.itemsize], record)
        )

    def _append(self, model_id: str, records: Records) -> None:
        path = self._path(model_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            if torn := file.tell() % records.itemsize:
                os.ftruncate(file.fileno(), file.tell() - torn)
            file.write(records.tobytes())


def _record(dim: int) -> np.dtype[np.void]:
    return np.dtype([("key", f"V{_KEY_BYTES}"), ("scale", "<f4"), ("vector", "i1", (dim,))])


def _rounded(keys: Sequence[bytes], vectors: Vectors) -> Records:
    """Records of vectors (len(keys), dim): the greatest component of each becomes 127."""
    records = np.zeros(len(keys), _record(vectors.shape[1]))
    scales = np.maximum(np.abs(vectors).max(axis=1), 1e-9) / 127
    records["key"] = np.array([np.void(key) for key in keys], f"V{_KEY_BYTES}")
    records["scale"] = scales
    records["vector"] = np.rint(vectors / scales[:, None])
    return records


def _restored(records: Records) -> dict[bytes, Vectors]:
    """Vectors of unit length by key."""
    if not records.size:
        return {}
    vectors = records["vector"].astype(np.float32) * records["scale"][:, None]
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return {key.tobytes(): vector for key, vector in zip(records["key"], vectors, strict=True)}


def _key(text: str, kind: Kind) -> bytes:
    content = f"{kind}\0{text}".encode("utf-8", "replace")
    return hashlib.blake2b(content, digest_size=_KEY_BYTES).digest()
