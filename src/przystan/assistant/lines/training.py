"""Training the line scorer, and measuring it on pages that it has not seen.

Needs scikit-learn (extra `dev`). Every step that feeds another learns from predictions made
out of fold: a page never helps to judge itself, in whatever language it is written.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from przystan.assistant.lines import scoring, trees
from przystan.assistant.lines.decoding import Rule, decode
from przystan.assistant.lines.features import Array, Features, Read, features
from przystan.assistant.lines.model import (
    Linear,
    LineModel,
    PageModel,
    best_pairs,
    line_rows,
    page_row,
    sigmoid,
)
from przystan.assistant.lines.pages import Example

Floats = npt.NDArray[np.float64]

INNER_FOLDS = 4


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is grown: the mean of trees from each seed, `rounds` of them for the lines."""

    seeds: tuple[int, ...] = (1, 2, 3)
    rounds: int = 200


FULL = Effort()
_LINE_TREES = {
    "learning_rate": 0.04,
    "max_leaf_nodes": 12,
    "min_samples_leaf": 60,
    "l2_regularization": 5.0,
    "max_features": 0.4,
}
_PAGE_TREES = {
    "learning_rate": 0.05,
    "max_leaf_nodes": 5,
    "min_samples_leaf": 40,
    "l2_regularization": 10.0,
    "max_features": 0.3,
}
_INTERACTION_C = 0.0005
_PAGE_C = 0.003
_PAGE_VECTORS_C = 0.001
_PAGE_WEIGHT = 25.0  # of all lines of a page together: long pages must not drown short ones
_REFUSALS = np.arange(0.16, 0.50, 0.02)
_SHARPNESSES = (1.0, 1.5, 2.0)


@dataclass(frozen=True, slots=True)
class Item:
    """An example that has been measured; `group` is shared by all that must stay together."""

    example: Example
    measured: Features
    group: int

    @property
    def truth(self) -> npt.NDArray[np.bool_]:
        lines = len(self.example.page.lines)
        return np.isin(np.arange(lines), sorted(self.example.answers))


def items(examples: Sequence[Example], reads: Iterable[Read]) -> list[Item]:
    """Measured examples; those without a line teach nothing and are left out."""
    groups = group(examples)
    return [
        Item(example, features(read), number)
        for example, read, number in zip(examples, reads, groups, strict=True)
        if example.page.lines
    ]


def group(examples: Sequence[Example]) -> list[int]:
    """Numbers of groups: equal pages, and one question in several languages, share a number."""
    parents: dict[str, str] = {}

    def root(key: str) -> str:
        parents.setdefault(key, key)
        while parents[key] != key:
            parents[key] = parents[parents[key]]
            key = parents[key]
        return key

    for one in examples:
        parents[root(f"page {one.page_key}")] = root(f"id {one.page.id}")
    roots = [root(f"id {one.page.id}") for one in examples]
    numbers = {key: number for number, key in enumerate(dict.fromkeys(roots))}
    return [numbers[key] for key in roots]


def folds(groups: Sequence[int], count: int, seed: int) -> list[npt.NDArray[np.int64]]:
    """Positions of the members of each fold; groups stay whole, folds nearly equal in size."""
    members: dict[int, list[int]] = {}
    for position, number in enumerate(groups):
        members.setdefault(number, []).append(position)
    order = np.random.default_rng(seed).permutation(sorted(members))
    found: list[list[int]] = [[] for _ in range(count)]
    for number in sorted(order.tolist(), key=lambda n: -len(members[n])):
        min(found, key=len).extend(members[number])
    return [np.array(sorted(fold), np.int64) for fold in found]


def fit(train: Sequence[Item], effort: Effort = FULL) -> LineModel:
    """Weights from measured examples, with the rule that decodes them best out of fold."""
    logits, interaction = _interaction(train)
    rows = [line_rows(item.measured, own) for item, own in zip(train, logits, strict=True)]
    parts = folds([item.group for item in train], INNER_FOLDS, seed=7)
    chances = _out_of_fold(train, rows, parts, replace(effort, seeds=effort.seeds[:1]))
    measured = [item.measured for item in train]
    pages = _Pages(
        np.stack([page_row(*one) for one in zip(measured, logits, chances, strict=True)]),
        np.stack([best_pairs(*one) for one in zip(measured, chances, strict=True)]),
        np.array([not item.example.answers for item in train]),
    )
    refusals = np.zeros(len(train))
    for part, rest in _apart(parts):
        page = _fit_page(pages.of(rest), effort)
        refusals[part] = page.refusals(pages.rows[part], pages.best[part])
    return LineModel(
        interaction,
        _fit_lines(train, rows, effort),
        _fit_page(pages, effort),
        _rule(train, chances, refusals),
    )


@dataclass(frozen=True, slots=True)
class _Pages:
    """What the page model learns from: (n, columns), (n, 3 * dim), (n,) of n pages."""

    rows: Array
    best: Array
    is_empty: npt.NDArray[np.bool_]

    def of(self, some: npt.NDArray[np.int64]) -> "_Pages":
        return _Pages(self.rows[some], self.best[some], self.is_empty[some])


def _apart(parts: Sequence[npt.NDArray[np.int64]]) -> Iterator[tuple[Any, Any]]:
    """Each fold with all positions outside of it."""
    everything = np.sort(np.concatenate(parts))
    for part in parts:
        yield part, np.setdiff1d(everything, part)


def _interaction(train: Sequence[Item]) -> tuple[list[Array], Linear]:
    """Logits of each page from the half that did not see it, and the mean of both halves."""
    halves = folds([item.group for item in train], 2, seed=11)
    logits: list[Array] = [np.zeros(0, np.float32)] * len(train)
    fitted = []
    for half, other in zip(halves, halves[::-1], strict=True):
        linear = _fit_linear(
            np.concatenate([train[i].measured.pairs for i in half]),
            np.concatenate([train[i].truth for i in half]),
            _INTERACTION_C,
            weights=np.concatenate([_line_weights(train[i]) for i in half]),
        )
        fitted.append(linear)
        for i in other:
            logits[i] = linear.raw(train[i].measured.pairs).astype(np.float32)
    mean = np.stack([one.weights for one in fitted]).mean(axis=0, dtype=np.float64)
    return logits, Linear(mean.astype(np.float32), float(np.mean([one.bias for one in fitted])))


def _fit_linear(rows: Array, truth: Any, c: float, weights: Floats | None = None) -> Linear:
    from sklearn.linear_model import LogisticRegression

    mean, spread = rows.mean(axis=0, dtype=np.float64), rows.std(axis=0, dtype=np.float64)
    spread[spread < 1e-9] = np.inf  # a constant column says nothing
    scaled = ((rows - mean) / spread).astype(np.float32)
    fitted = LogisticRegression(C=c, max_iter=500).fit(scaled, truth, sample_weight=weights)
    folded = fitted.coef_[0] / spread
    return Linear(folded.astype(np.float32), float(fitted.intercept_[0] - folded @ mean))


def _line_weights(item: Item) -> Floats:
    lines = len(item.example.page.lines)
    return np.full(lines, _PAGE_WEIGHT / lines)


def _fit_lines(train: Sequence[Item], rows: Sequence[Array], effort: Effort) -> trees.Forest:
    return _fit_trees(
        np.concatenate(rows),
        np.concatenate([item.truth for item in train]),
        _LINE_TREES,
        effort,
        np.concatenate([_line_weights(item) for item in train]),
    )


def _fit_trees(
    rows: Array, truth: Any, settings: dict[str, Any], effort: Effort, weights: Floats | None
) -> trees.Forest:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits  # no stubs

    settings = settings | {"max_iter": effort.rounds, "early_stopping": False}
    # One thread: several that wait for each other on a busy machine are slower by far.
    with threadpool_limits(1):
        fitted = [
            HistGradientBoostingClassifier(random_state=seed, **settings).fit(
                rows, truth, sample_weight=weights
            )
            for seed in effort.seeds
        ]
    return trees.mean_of(fitted)


def _out_of_fold(
    train: Sequence[Item],
    rows: Sequence[Array],
    parts: Sequence[npt.NDArray[np.int64]],
    effort: Effort,
) -> list[Floats]:
    chances: list[Floats] = [np.zeros(0)] * len(train)
    for part, rest in _apart(parts):
        forest = _fit_lines([train[i] for i in rest], [rows[i] for i in rest], effort)
        for i in part:
            chances[i] = sigmoid(forest.raw(rows[i]))
    return chances


def _fit_page(pages: _Pages, effort: Effort) -> PageModel:
    fewer = replace(effort, rounds=max(1, effort.rounds * 3 // 10))
    return PageModel(
        _fit_linear(pages.rows, pages.is_empty, _PAGE_C),
        _fit_trees(pages.rows, pages.is_empty, _PAGE_TREES, fewer, None),
        _fit_linear(pages.best, pages.is_empty, _PAGE_VECTORS_C),
    )


def _rule(train: Sequence[Item], chances: Sequence[Floats], refusals: Floats) -> Rule:
    """The rule with the best sum of lines F1 and half of no-answer F1, neighbours counted in.

    One threshold alone is noisy: the mean over it and its neighbours decides.
    """
    golds = [item.example.answers for item in train]
    best, found = -1.0, Rule(0.3, 1.5)
    for sharpness in _SHARPNESSES:
        worth = [
            _worth(golds, chances, refusals, Rule(float(refuse), sharpness)) for refuse in _REFUSALS
        ]
        smooth = np.convolve(worth, np.ones(3) / 3, mode="valid")
        if smooth.max() > best:
            best = float(smooth.max())
            found = Rule(round(float(_REFUSALS[int(smooth.argmax()) + 1]), 2), sharpness)
    return found


def _worth(
    golds: Sequence[frozenset[int]], chances: Sequence[Floats], refusals: Floats, rule: Rule
) -> float:
    said = [decode(c, float(r), rule) for c, r in zip(chances, refusals, strict=True)]
    figures = scoring.score(golds, said)
    return figures.lines_f1 + figures.none_f1 / 2


def cross_validated(
    all_items: Sequence[Item], count: int = 5, seed: int = 0, effort: Effort = FULL
) -> Iterator[tuple[npt.NDArray[np.int64], LineModel]]:
    """For each fold its positions and a model that saw no page of it in any language."""
    for part, rest in _apart(folds([item.group for item in all_items], count, seed)):
        yield part, fit([all_items[i] for i in rest], effort)


def can_learn(train: Sequence[Item]) -> bool:
    """Whether answers and their absence both occur often enough to tell them apart."""
    empty = sum(not item.example.answers for item in train)
    return min(empty, len(train) - empty) >= 2 * INNER_FOLDS


def answers(model: LineModel, some: Iterable[Item]) -> list[list[int]]:
    """What a model says of each page."""
    return [model.answer(item.measured, item.example.page.lines) for item in some]


def by_language(some: Sequence[Item], said: Sequence[Sequence[int]]) -> dict[str, scoring.Figures]:
    """Figures of each language, in the order in which languages first occur."""
    pairs: dict[str, list[tuple[frozenset[int], Sequence[int]]]] = {}
    for item, lines in zip(some, said, strict=True):
        pairs.setdefault(item.example.lang, []).append((item.example.answers, lines))
    return {
        lang: scoring.score([gold for gold, _ in own], [lines for _, lines in own])
        for lang, own in pairs.items()
    }
