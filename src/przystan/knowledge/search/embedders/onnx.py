"""A sentence model as ONNX in a folder: `model.onnx` and `tokenizer.json`, E5 prefixes.

Needs `pip install onnxruntime tokenizers`; they are not dependencies of the product.
"""

import hashlib
import threading
from pathlib import Path
from typing import Any

import numpy as np

from przystan.knowledge.search.embedders import EmbeddingError, Kind, Vectors, unit

_PREFIXES: dict[Kind, str] = {"query": "query: ", "passage": "passage: "}
_MAX_TOKENS = 512
_BATCH = 16


class OnnxEmbedder:
    """Mean of the last hidden states over the tokens of the text, as E5 and its kin want it."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)
        self._model: Any = None
        self._tokenizer: Any = None
        self._id = ""
        self._dim = 0
        self._loading = threading.Lock()

    @property
    def model_id(self) -> str:
        """Folder name and a hash of the model's bytes: another file is another model."""
        if not self._id:
            path = self._file("model.onnx")
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()[:12]
            self._id = f"onnx/{self._folder.name}/{digest}/e5"
        return self._id

    @property
    def dim(self) -> int:
        if not self._dim:
            self._dim = int(self.embed(["x"]).shape[1])
        return self._dim

    def embed(self, texts: list[str], kind: Kind = "passage") -> Vectors:
        self._load()
        parts = [
            self._batch([_PREFIXES[kind] + text for text in texts[i : i + _BATCH]])
            for i in range(0, len(texts), _BATCH)
        ]
        return unit(np.concatenate(parts)) if parts else np.zeros((0, self._dim), np.float32)

    def _batch(self, texts: list[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch(texts)
        mask = np.array([item.attention_mask for item in encoded], np.int64)
        feed = {"input_ids": np.array([item.ids for item in encoded], np.int64)}
        feed |= {"attention_mask": mask, "token_type_ids": np.zeros_like(mask)}
        names = {item.name for item in self._model.get_inputs()}
        states = self._model.run(None, {k: v for k, v in feed.items() if k in names})[0]
        weights = mask[:, :, None].astype(np.float32)
        means: Vectors = (states * weights).sum(1) / np.maximum(weights.sum(1), 1e-9)
        return means

    def _load(self) -> None:
        with self._loading:
            if self._model is not None:
                return
            model, tokenizer = self._file("model.onnx"), self._file("tokenizer.json")
            try:
                import onnxruntime  # type: ignore[import-not-found,unused-ignore]  # optional
                from tokenizers import (  # type: ignore[import-not-found,unused-ignore]  # optional
                    Tokenizer,
                )
            except ImportError as missing:
                raise EmbeddingError(
                    f"EMBEDDINGS_BACKEND=onnx needs the package {missing.name}: "
                    "pip install onnxruntime tokenizers"
                ) from missing
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
            self._tokenizer.enable_truncation(_MAX_TOKENS)
            self._tokenizer.enable_padding()
            self._model = onnxruntime.InferenceSession(str(model), options)

    def _file(self, name: str) -> Path:
        path = self._folder / name
        if not path.is_file():
            raise EmbeddingError(f"EMBEDDINGS_BACKEND=onnx: the folder holds no {name}")
        return path
