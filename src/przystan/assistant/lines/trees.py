"""Boosted trees as flat arrays: grown by scikit-learn, walked by numpy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Forest:
    """Regression trees whose leaves add up.

    Nodes of all trees lie in one row of arrays; a leaf points at itself, so that walking on
    from it changes nothing.

    Attributes:
        feature: (nodes,) int16, the column that a node looks at.
        threshold: (nodes,) float32; a value not above it goes left.
        left, right: (nodes,) int32, absolute numbers of nodes.
        value: (nodes,) float32, what a leaf adds.
        roots: (trees,) int32.
        bias: what is added once.
        depth: steps from a root to the deepest leaf.
    """

    feature: npt.NDArray[np.int16]
    threshold: Array
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    value: Array
    roots: npt.NDArray[np.int32]
    bias: float
    depth: int

    def raw(self, rows: Array) -> npt.NDArray[np.float64]:
        """Sums of the leaves that each row falls into: (n, columns) float32 to (n,)."""
        at = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        each = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            goes_left = rows[each, self.feature[at]] <= self.threshold[at]
            at = np.where(goes_left, self.left[at], self.right[at])
        sums: npt.NDArray[np.float64] = self.value[at].sum(axis=1, dtype=np.float64) + self.bias
        return sums

    def arrays(self, prefix: str) -> dict[str, npt.NDArray[Any]]:
        """What `from_arrays` reads back, each name with the prefix."""
        scalars = np.array([self.bias, self.depth], np.float64)
        named = {name: getattr(self, name) for name in _ARRAYS}
        return {f"{prefix}{name}": array for name, array in (named | {"scalars": scalars}).items()}


_ARRAYS = ("feature", "threshold", "left", "right", "value", "roots")


def from_arrays(arrays: Mapping[str, npt.NDArray[Any]], prefix: str) -> Forest:
    bias, depth = arrays[f"{prefix}scalars"]
    named = {name: arrays[f"{prefix}{name}"] for name in _ARRAYS}
    return Forest(**named, bias=float(bias), depth=int(depth))


def mean_of(models: Sequence[Any]) -> Forest:
    """One forest for the mean of several fitted `HistGradientBoostingClassifier`s of two classes.

    Thresholds are rounded down to float32: for float32 input that decides every comparison as
    the exact one would.
    """
    parts = [tree[0].nodes for model in models for tree in model._predictors]
    offsets = np.cumsum([0, *(len(part) for part in parts)])
    nodes = np.concatenate(parts)
    own = np.arange(len(nodes))
    base = np.repeat(offsets[:-1], np.diff(offsets))
    is_leaf = nodes["is_leaf"].astype(bool)
    return Forest(
        np.where(is_leaf, 0, nodes["feature_idx"]).astype(np.int16),
        np.where(is_leaf, np.float32(0), _rounded_down(nodes["num_threshold"])),
        np.where(is_leaf, own, base + nodes["left"]).astype(np.int32),
        np.where(is_leaf, own, base + nodes["right"]).astype(np.int32),
        np.where(is_leaf, nodes["value"] / len(models), 0).astype(np.float32),
        offsets[:-1].astype(np.int32),
        float(np.mean([model._baseline_prediction.item() for model in models])),
        int(nodes["depth"].max(initial=0)),
    )


def _rounded_down(values: npt.NDArray[np.float64]) -> Array:
    near = values.astype(np.float32)
    down = np.nextafter(near, np.float32(-np.inf))
    return np.where(near > values, down, near)
