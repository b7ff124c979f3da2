"""The line scorer: weights read from the package, and what they say of a page.

Three models in a row: the interaction logit reads the vectors of question and line together,
boosted trees judge each line by its features and that logit, and the page model judges from
the lines' scores whether the page answers at all. All of it is numpy at run time.
"""

import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from przystan.assistant.lines import trees
from przystan.assistant.lines.decoding import Rule, decode
from przystan.assistant.lines.features import LINE_NAMES, Array, Features

WEIGHTS = Path(__file__).parent / "weights"
_BEST = 3  # lines whose vectors tell whether a page answers
# The ways of being near whose maximum and mean over the page the page model looks at.
_LEADING = ("alone", "window", "within", "section", "heading", "grams", "section_grams")
_LEADING_COLUMNS = [LINE_NAMES.index(name) for name in _LEADING]


@dataclass(frozen=True, slots=True)
class Linear:
    """weights @ x + bias; what standardises x is already inside them."""

    weights: Array
    bias: float

    def raw(self, rows: Array) -> npt.NDArray[np.float64]:
        return (rows @ self.weights).astype(np.float64) + self.bias


@dataclass(frozen=True, slots=True)
class Scored:
    """Attributes:
    lines: (n,) probability that a line answers.
    refusal: probability that the page does not answer.
    """

    lines: npt.NDArray[np.float64]
    refusal: float


@dataclass(frozen=True, slots=True)
class LineModel:
    """Weights for the vectors of one embedder."""

    interaction: Linear
    line_trees: trees.Forest
    page: "PageModel"
    rule: Rule

    def score(self, measured: Features) -> Scored:
        if not len(measured.lines):
            return Scored(np.zeros(0), 1.0)
        logits = self.interaction.raw(measured.pairs).astype(np.float32)
        chances = sigmoid(self.line_trees.raw(line_rows(measured, logits)))
        row = page_row(measured, logits, chances)[None, :]
        best = best_pairs(measured, chances)[None, :]
        return Scored(chances, float(self.page.refusals(row, best)[0]))

    def answer(self, measured: Features, lines: Sequence[str]) -> list[int]:
        """Indices of the lines that answer; an empty line never does."""
        scored = self.score(measured)
        chosen = decode(scored.lines, scored.refusal, self.rule)
        return [index for index in chosen if lines[index].strip()]


@dataclass(frozen=True, slots=True)
class PageModel:
    """Whether a page does not answer: two readings of its figures, one of its best vectors."""

    linear: Linear
    forest: trees.Forest
    vectors: Linear

    def refusals(self, rows: Array, best: Array) -> npt.NDArray[np.float64]:
        """(n,) probabilities from `page_row`s and `best_pairs` of n pages."""
        by_figures = (sigmoid(self.linear.raw(rows)) + sigmoid(self.forest.raw(rows))) / 2
        odds = np.log(by_figures / (1 - by_figures))
        return sigmoid((odds + self.vectors.raw(best)) / 2)


def line_rows(measured: Features, logits: Array) -> Array:
    """(n, len(LINE_NAMES) + 2): the features, the logit, how far it lies below the best."""
    below = logits - logits.max(initial=-np.inf)
    return np.concatenate([measured.lines, logits[:, None], below[:, None]], axis=1)


def page_row(measured: Features, logits: Array, chances: npt.NDArray[np.float64]) -> Array:
    """What the page model reads of a page with at least one line."""
    order = np.argsort(-chances, kind="stable")
    top = chances[order]
    shares = top / max(top.sum(), 1e-9)
    best = np.sort(logits)[::-1]
    leading = measured.lines[:, _LEADING_COLUMNS]
    parts = [
        [top[:k].mean() for k in (1, 2, 3, 5)],
        [top.sum(), top.mean(), -(shares * np.log(shares + 1e-12)).sum()],
        [best[0], best[:3].mean(), best.mean()],
        measured.lines[order[0]],
        leading.max(axis=0),
        leading.mean(axis=0),
    ]
    return np.concatenate([np.asarray(part, np.float32) for part in parts])


def best_pairs(measured: Features, chances: npt.NDArray[np.float64]) -> Array:
    """(3 * dim,) mean of the pairs of question and line over the likeliest lines."""
    order = np.argsort(-chances, kind="stable")
    mean: Array = measured.pairs[order[:_BEST]].mean(axis=0)
    return mean


def sigmoid(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return 1 / (1 + np.exp(-np.clip(values, -30, 30)))


def save(model: LineModel, path: Path, *, note: Mapping[str, Any]) -> None:
    """Keep weights as arrays and one JSON text; nothing in the file can run."""
    head = {
        **note,
        "refuse_above": model.rule.refuse_above,
        "sharpness": model.rule.sharpness,
        "interaction_bias": model.interaction.bias,
        "page_bias": model.page.linear.bias,
        "vectors_bias": model.page.vectors.bias,
        "line_names": list(LINE_NAMES),
    }
    arrays = {
        "interaction": model.interaction.weights,
        "page_linear": model.page.linear.weights,
        "page_vectors": model.page.vectors.weights,
        **model.line_trees.arrays("line_trees_"),
        **model.page.forest.arrays("page_trees_"),
        "head": np.frombuffer(json.dumps(head, sort_keys=True).encode(), np.uint8),
    }
    packed = io.BytesIO()
    np.savez_compressed(packed, allow_pickle=False, **arrays)
    path.write_bytes(packed.getvalue())


def load(path: Path) -> LineModel:
    """Weights that `save` kept.

    Raises:
        ValueError: they were made for other features than this version measures.
    """
    with np.load(path, allow_pickle=False) as arrays:
        head = json.loads(arrays["head"].tobytes())
        if head["line_names"] != list(LINE_NAMES):
            raise ValueError(f"{path.name} was trained on other features: train the lines again.")
        return LineModel(
            Linear(arrays["interaction"], head["interaction_bias"]),
            trees.from_arrays(arrays, "line_trees_"),
            PageModel(
                Linear(arrays["page_linear"], head["page_bias"]),
                trees.from_arrays(arrays, "page_trees_"),
                Linear(arrays["page_vectors"], head["vectors_bias"]),
            ),
            Rule(head["refuse_above"], head["sharpness"]),
        )


def weights_path(model_id: str, folder: Path = WEIGHTS) -> Path:
    """Where the weights for the vectors of an embedder lie, named after it."""
    return folder / f"{re.sub(r'[^A-Za-z0-9.-]+', '_', model_id)[:80]}.npz"


@cache
def model_for(model_id: str) -> LineModel | None:
    """The weights trained for an embedder, or None: nobody trained any."""
    path = weights_path(model_id)
    return load(path) if path.is_file() else None
