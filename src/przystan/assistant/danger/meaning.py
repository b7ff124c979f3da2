"""The layer of meaning: a message beside what people in danger, and others, have meant.

A kernel machine on the vector that search makes of every question anyway: it weighs the
nearness to some thousands of remembered vectors of our own written messages. Vectors of
another model compare with nothing, so each model has its file; without one, or without a
vector in time, rules and wordings decide.
"""

import re
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

FOLDER = Path(__file__).with_name("weights")

Vectors = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float64]


class Meaning:
    """Support vectors of danger, and a linear model that names the kind."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as stored:
            self._centre = stored["centre"].astype(np.float32)  # (dim,)
            self._gamma = float(stored["gamma"])
            scale = stored["scale"].astype(np.float32)
            self._support: Vectors = stored["support"].astype(np.float32) * scale  # (n, dim)
            self._norms = (self._support**2).sum(axis=1)
            self._coefficients = stored["coefficients"].astype(np.float32)  # (n,)
            self._bias = float(stored["bias"])
            self._kinds = stored["kinds"].astype(np.float32)  # (dim, kinds)
            self._kinds_bias = stored["kinds_bias"].astype(np.float32)

    def scores(self, spellings: Vectors) -> Scores:
        """(1 + kinds,) from the (spellings, dim) vectors of one text: danger, then each kind."""
        vector = centred(spellings, self._centre)
        squares = self._norms + vector @ vector - 2 * (self._support @ vector)
        danger = float(self._coefficients @ np.exp(-self._gamma * squares)) + self._bias
        return np.array([danger, *(vector @ self._kinds + self._kinds_bias)], np.float64)


def centred(spellings: Vectors, centre: Vectors) -> Vectors:
    """One unit vector of a text, seen from the middle of all messages."""
    vector = spellings.mean(axis=0) - centre
    unit: Vectors = (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)
    return unit


def path_of(model_id: str) -> Path:
    return FOLDER / f"meaning-{re.sub(r'[^A-Za-z0-9.]+', '-', model_id)}.npz"


@lru_cache(maxsize=4)
def meaning(model_id: str) -> Meaning | None:
    """The layer for vectors of a model; None for a model that nobody trained it on."""
    path = path_of(model_id)
    return Meaning(path) if path.exists() else None


def save(
    path: Path,
    *,
    centre: Vectors,
    gamma: float,
    support: Vectors,
    coefficients: Scores,
    bias: float,
    kinds: Scores,
    kinds_bias: Scores,
) -> None:
    """Write a model; support vectors are rounded to bytes."""
    scale = np.float32(np.abs(support).max() / 127)
    np.savez_compressed(
        path,
        centre=centre.astype(np.float32),
        gamma=np.float64(gamma),
        support=np.rint(support / scale).astype(np.int8),
        scale=scale,
        coefficients=coefficients.astype(np.float32),
        bias=np.float64(bias),
        kinds=kinds.astype(np.float32),
        kinds_bias=kinds_bias.astype(np.float32),
    )
