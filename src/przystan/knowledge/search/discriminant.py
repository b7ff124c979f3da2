"""What a question means, measured along the directions in which known questions differ.

Vectors of short questions lie in a narrow cone, and most of what tells two of them apart is
language and manner of speaking. The examples of one target, in all languages and manners, show
which directions those are: they are levelled out (a linear discriminant with a shrunk
within-class covariance), and a question is compared with the middle of each target's examples.
Nothing is learned beyond the examples themselves, so the space is made with every index.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

# Part of the within-class covariance that is replaced by a sphere. Between .1 and .7 the
# articles' own questions are found equally often; hundreds of examples leave 384 directions
# too little known for less.
SHRINKAGE = 0.3


@dataclass(frozen=True, slots=True)
class Discriminant:
    """A space made of example questions.

    Attributes:
        langs: languages of the examples.
        centres: (langs + 1, dim) mean vector of each language, the mean of all in the last row.
        metric: (dim, dim) brings a centred vector to the space.
        middles: (targets, dim) unit vectors: the middle of each target's examples.
    """

    langs: tuple[str, ...]
    centres: Vectors
    metric: Vectors
    middles: Vectors

    def closeness(self, spellings: Vectors, lang: str | None) -> Vectors:
        """How near a question lies to each target, (targets,) in [-1, 1].

        Args:
            spellings: (dim,) or (spellings, dim) vectors of one question; the nearest counts.
            lang: the question's language; a language without examples is centred on all.
        """
        row = self.langs.index(lang) if lang in self.langs else len(self.langs)
        levelled = _unit((np.atleast_2d(spellings) - self.centres[row]) @ self.metric)
        near: Vectors = (levelled @ self.middles.T).max(axis=0)
        return near

    def arrays(self) -> dict[str, Vectors]:
        return {"centres": self.centres, "metric": self.metric, "middles": self.middles}

    @classmethod
    def read(cls, langs: Sequence[str], arrays: Mapping[str, Vectors]) -> "Discriminant":
        return cls(tuple(langs), arrays["centres"], arrays["metric"], arrays["middles"])


def fit(
    vectors: Vectors, targets: npt.NDArray[np.int64], langs: Sequence[str]
) -> Discriminant | None:
    """Make the space of examples, or None where no target has several to learn from.

    Args:
        vectors: (examples, dim) of unit length.
        targets: (examples,) number of each example's target, counted from 0 without gaps.
        langs: language of each example.
    """
    known = tuple(sorted(set(langs)))
    language = np.array([known.index(lang) for lang in langs])
    means = [vectors[language == row].mean(axis=0) for row in range(len(known))]
    centres = np.stack([*means, vectors.mean(axis=0)])
    centred = vectors - centres[language]
    counts = np.bincount(targets)
    if counts.max() < 2:
        return None
    middles = np.zeros((len(counts), vectors.shape[1]))
    np.add.at(middles, targets, centred)
    middles /= counts[:, None]
    within = centred - middles[targets]
    covariance = within.T @ within / len(within)
    metric = _whitening(covariance)
    return Discriminant(
        known,
        centres.astype(np.float32),
        metric.astype(np.float32),
        _unit((middles @ metric).astype(np.float32)),
    )


def _whitening(covariance: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """The matrix under which the shrunk covariance becomes the identity."""
    dim = len(covariance)
    sphere = np.eye(dim) * max(float(np.trace(covariance)) / dim, 1e-12)
    values, axes = np.linalg.eigh((1 - SHRINKAGE) * covariance + SHRINKAGE * sphere)
    whitening: npt.NDArray[np.floating] = axes / np.sqrt(values)
    return whitening


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)
