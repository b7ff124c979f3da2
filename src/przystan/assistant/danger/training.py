"""Fitting the learned layers of danger, and counting them on authors they have not read.

Messages come from several authors who did not see one another's. A layer that is to be judged
on an author is fitted without that author (so are the weights of the layers together), which
estimates messages of people whom nobody has read. The blind set is never read here.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]  # comes with scikit-learn
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped,unused-ignore]
from sklearn.svm import SVC  # type: ignore[import-untyped,unused-ignore]

from przystan.assistant.danger import deciding, wordings
from przystan.assistant.danger import meaning as meanings
from przystan.assistant.danger.recognition import KINDS, Kind
from przystan.assistant.danger.rules import rule_book
from przystan.assistant.danger.windows import windows
from przystan.knowledge.search.embedders import Embedder
from przystan.knowledge.search.index import query_spellings
from przystan.knowledge.search.vectors import VectorCache

# Whose messages judge the layers; others, and everyday questions, are only learned from.
JUDGES = ("a", "b", "c", "e", "f")
OWN, EVERYDAY = "rules", "questions"
# Articles and intents that speak of danger themselves are no examples of everyday questions.
_ABOUT_DANGER = ("agencies-illegal-fees", "help-lines", "unpaid-wages/passport-taken")
_WEIGHTS = {OWN: 0.7, EVERYDAY: 0.3}
_AUTHOR_WEIGHT, _DANGER_COSTS, _PART_WEIGHT = 1.5, 2.0, 0.5
_FOLDS = 2
_GAMMA, _SVM_COST, _LOGISTIC_COST = 1.0, 3.0, 10.0
_MAX_QUERY_CHARS = 1_000  # as the embedder of questions cuts
# The most false alarms that a threshold may give: of messages written to mislead, of which
# people send few, and of everyday questions. A missed danger costs more than a page too much.
MAX_ALARMS, MAX_EVERYDAY_ALARMS = 0.03, 0.003
NEVER = -99.0  # no score is as low: a rule that fired is never overruled

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Message:
    """A labelled message; `author` is one of the authors, `OWN` or `EVERYDAY`."""

    text: str
    lang: str
    kind: Kind | None
    author: str


def messages_of(path: Path, author: str) -> Iterator[Message]:
    """Messages of a file of JSON lines: lang, kind (none or empty: ordinary) and text."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        yield Message(row["text"], row["lang"], row["kind"] or None, author)


def everyday_questions(articles: Path) -> Iterator[Message]:
    """The example questions of the articles, but for those that speak of danger themselves."""
    for path in sorted(articles.glob("*/??.yaml")):
        raw = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        for intent, phrasings in (raw.get("intents") or {}).items():
            name = f"{path.parent.name}/{intent}"
            if path.parent.name in _ABOUT_DANGER or name in _ABOUT_DANGER:
                continue
            for text in phrasings:
                yield Message(text, path.stem, None, EVERYDAY)


class Corpus:
    """Messages with all that the layers look at, computed once.

    Parts are a message and its windows, one after another; `owner` says whose part it is.
    """

    def __init__(self, messages: Sequence[Message], embedder: Embedder, cache: VectorCache) -> None:
        self.messages = list(messages)
        parts = [(at, part) for at, message in enumerate(self.messages)
                 for part in (message.text, *windows(message.text))]  # fmt: skip
        self.owner = np.array([at for at, _ in parts])
        self.is_whole = np.diff(self.owner, prepend=-1) > 0
        self.features = _matrix([part for _, part in parts])
        self.spelled = _spelled([part for _, part in parts], embedder, cache)
        self.model_id = embedder.model_id

    @cached_property
    def is_danger(self) -> Mask:
        return np.array([message.kind is not None for message in self.messages])

    @cached_property
    def kinds(self) -> npt.NDArray[np.int64]:
        """Index of the kind; -1: ordinary."""
        return np.array([KINDS.index(m.kind) if m.kind else -1 for m in self.messages])

    @cached_property
    def authors(self) -> npt.NDArray[np.str_]:
        return np.array([message.author for message in self.messages])

    @cached_property
    def langs(self) -> npt.NDArray[np.str_]:
        return np.array([message.lang for message in self.messages])

    @cached_property
    def n_rules(self) -> npt.NDArray[np.int64]:
        """How many rules fire for each message."""
        book = rule_book()
        return np.array(
            [sum(rule.kind in KINDS for rule in book.fired(m.text)) for m in self.messages]
        )

    @cached_property
    def weights(self) -> Array:
        by_author = np.array([_WEIGHTS.get(m.author, _AUTHOR_WEIGHT) for m in self.messages])
        weights: Array = by_author * np.where(self.is_danger, _DANGER_COSTS, 1.0)
        return weights


def _matrix(texts: Sequence[str]) -> Any:
    rows = [wordings.buckets(text) for text in texts]
    lengths = np.array([len(row) for row in rows])
    values = np.repeat(1 / np.sqrt(np.maximum(lengths, 1)), lengths)
    at = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    return sparse.csr_matrix(
        (values, np.concatenate(rows), at), shape=(len(texts), wordings.N_BUCKETS)
    )


def _spelled(texts: Sequence[str], embedder: Embedder, cache: VectorCache) -> Array | None:
    """Mean vector of the spellings of each text; None where the embedder makes no vectors."""
    if not embedder.dim:
        return None
    spellings = [query_spellings(text[:_MAX_QUERY_CHARS]) for text in texts]
    flat = [one for several in spellings for one in several]
    vectors = cache.embed(embedder, flat, kind="query")
    starts = np.cumsum([0, *(len(several) for several in spellings)])
    pairs = pairwise(starts)
    return np.stack([vectors[a:b].mean(axis=0) for a, b in pairs]).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Fitted:
    """Both layers, fitted to some of the messages; outputs are danger, then each kind."""

    words: Array  # (buckets, outputs)
    words_bias: Array
    centre: Array
    machine: Any
    kinds: Array  # (dim, kinds)
    kinds_bias: Array

    def word_scores(self, corpus: Corpus) -> Array:
        scores: Array = corpus.features @ self.words + self.words_bias
        return scores

    def meaning_scores(self, corpus: Corpus, rows: npt.NDArray[np.int64]) -> Array:
        """(rows, outputs) of the parts with these numbers."""
        if corpus.spelled is None:
            raise ValueError("This corpus has no vectors: its embedder makes none.")
        vectors = _centred(corpus.spelled[rows], self.centre)
        danger = self.machine.decision_function(vectors)
        return np.column_stack([danger, vectors @ self.kinds + self.kinds_bias])


def fit(corpus: Corpus, is_learned: Mask) -> Fitted:
    """Fit both layers to the messages marked; parts of dangerous ones are left out.

    Which part of a dangerous message tells of it nobody marked; every part of an ordinary one
    is ordinary.
    """
    danger = corpus.is_danger[corpus.owner]
    rows = np.flatnonzero(is_learned[corpus.owner] & (corpus.is_whole | ~danger))
    weights = corpus.weights[corpus.owner[rows]] * np.where(
        corpus.is_whole[rows], 1.0, _PART_WEIGHT
    )
    kinds = corpus.kinds[corpus.owner[rows]]
    words = _linear(corpus.features[rows], kinds, weights)
    if corpus.spelled is None:
        nothing = np.zeros((0, len(KINDS)))
        return Fitted(*words, np.zeros(0), None, nothing, np.zeros(len(KINDS)))
    judged = corpus.spelled[rows][corpus.authors[corpus.owner[rows]] != EVERYDAY]
    centre = judged.mean(axis=0)
    vectors = _centred(corpus.spelled[rows], centre)
    machine = SVC(C=_SVM_COST, gamma=_GAMMA, cache_size=800).fit(
        vectors, kinds >= 0, sample_weight=weights
    )
    named, bias = _linear_kinds(vectors[kinds >= 0], kinds[kinds >= 0])
    return Fitted(*words, centre, machine, named, bias)


def _linear(features: Any, kinds: npt.NDArray[np.int64], weights: Array) -> tuple[Array, Array]:
    danger = LogisticRegression(C=_LOGISTIC_COST, max_iter=300)
    danger.fit(features, kinds >= 0, sample_weight=weights)
    named, bias = _linear_kinds(features[kinds >= 0], kinds[kinds >= 0])
    return (
        np.column_stack([danger.coef_[0], named]),
        np.array([danger.intercept_[0], *bias]),
    )


def _linear_kinds(features: Any, kinds: npt.NDArray[np.int64]) -> tuple[Array, Array]:
    model = LogisticRegression(C=_LOGISTIC_COST, max_iter=300).fit(features, kinds)
    return model.coef_.T, model.intercept_


def _centred(vectors: Array, centre: Array) -> Array:
    moved = vectors - centre
    unit: Array = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    return unit


def evidence(corpus: Corpus, fitted: Fitted, at: Sequence[int]) -> dict[int, deciding.Evidence]:
    """What fitted layers say of the messages with these numbers, as when a person asks."""
    words = fitted.word_scores(corpus)
    starts = np.append(np.flatnonzero(corpus.is_whole), len(corpus.owner))
    chosen: list[npt.NDArray[np.int64]] = []
    for message in at:
        parts = np.arange(starts[message] + 1, starts[message + 1])
        telling = parts[np.argsort(-words[parts, 0], kind="stable")][: deciding.MAX_EMBEDDED]
        chosen.append(np.concatenate([[starts[message]], np.sort(telling)]))
    meant = np.zeros((0, 1 + len(KINDS)))
    if corpus.spelled is not None and chosen:
        meant = fitted.meaning_scores(corpus, np.concatenate(chosen))
    ends = np.cumsum([len(parts) for parts in chosen])
    return {
        message: deciding.Evidence(
            words[starts[message] : starts[message + 1]],
            meant[end - len(parts) : end] if len(meant) else meant,
        )
        for message, parts, end in zip(at, chosen, ends, strict=True)
    }


def unseen_evidence(corpus: Corpus) -> dict[int, deciding.Evidence]:
    """Evidence on each judge, own message and question by layers that have not learned it."""
    found: dict[int, deciding.Evidence] = {}
    for held in _held_out(corpus):
        fitted = fit(corpus, ~held)
        found |= evidence(corpus, fitted, np.flatnonzero(held).tolist())
    return found


def _held_out(corpus: Corpus) -> Iterator[Mask]:
    for author in JUDGES:
        if (held := corpus.authors == author).any():
            yield held
    spread = np.isin(corpus.authors, (OWN, EVERYDAY))
    for fold in range(_FOLDS):
        if (held := spread & (np.arange(len(spread)) % _FOLDS == fold)).any():
            yield held


@dataclass(frozen=True, slots=True)
class Table:
    """Features of the messages that were judged, by layers that had not learned them."""

    features: Array
    is_danger: Mask
    fired: Mask
    authors: npt.NDArray[np.str_]

    def of(self, keep: Mask) -> "Table":
        return Table(
            self.features[keep], self.is_danger[keep], self.fired[keep], self.authors[keep]
        )


def table(
    corpus: Corpus, seen: Mapping[int, deciding.Evidence], *, with_meaning: bool
) -> tuple[npt.NDArray[np.int64], Table]:
    """Numbers of the judged messages, and what the layers say of them."""
    at = np.array(sorted(seen))
    nothing = np.zeros((0, 1 + len(KINDS)))
    rows = []
    for message in at:
        one = seen[int(message)]
        if not with_meaning:
            one = deciding.Evidence(one.wordings, nothing)
        rows.append(one.features(int(corpus.n_rules[message])))
    return at, Table(
        np.array(rows), corpus.is_danger[at], corpus.n_rules[at] > 0, corpus.authors[at]
    )


def weigh(judged: Table, *, may_overrule: bool) -> deciding.Weighing:
    """Weights of the layers together, from the judges; thresholds, from all.

    Without the meaning of a message nothing may overrule a rule that fired.
    """
    judges = judged.of(np.isin(judged.authors, JUDGES))
    model = LogisticRegression(C=1.0).fit(judges.features, judges.is_danger)
    weights, bias = model.coef_[0], float(model.intercept_[0])
    scores = judged.features @ weights + bias
    threshold, with_rule = _thresholds(judged, scores, may_overrule=may_overrule)
    return deciding.Weighing(
        tuple(round(float(one), 6) for one in weights), round(bias, 6), threshold, with_rule
    )


def _thresholds(judged: Table, scores: Array, *, may_overrule: bool) -> tuple[float, float]:
    """The pair under which most dangers are seen while alarms keep to their limits."""
    judges = np.isin(judged.authors, JUDGES)
    # What no layer may overrule does not count against the layers.
    counted = np.full(len(scores), fill_value=True) if may_overrule else ~judged.fired
    groups = [
        (judges & ~judged.is_danger & counted, MAX_ALARMS),
        ((judged.authors == EVERYDAY) & ~judged.is_danger & counted, MAX_EVERYDAY_ALARMS),
        ((judged.authors == OWN) & ~judged.is_danger & counted, MAX_ALARMS),
    ]
    steps = np.round(np.arange(-6.0, 8.0, 0.05), 2)
    best, chosen = -1.0, (8.0, 8.0)
    for with_rule in steps if may_overrule else np.array([NEVER]):
        by_rule = judged.fired & (scores >= with_rule)
        for threshold in steps[steps >= with_rule]:
            alarms = by_rule | (scores >= threshold)
            if all(alarms[group].mean() <= limit for group, limit in groups if group.any()):
                recall = float(alarms[judges & judged.is_danger].mean())
                own = judged.is_danger & (judged.authors == OWN)
                recall += 0.2 * float(alarms[own].mean()) if own.any() else 0.0
                if recall > best + 1e-9:
                    best, chosen = recall, (float(threshold), float(with_rule))
                break
    return chosen


def alarms(judged: Table, weighing: deciding.Weighing) -> Mask:
    scores = judged.features @ np.array(weighing.weights) + weighing.bias
    found: Mask = scores >= np.where(judged.fired, weighing.with_rule, weighing.threshold)
    return found


def write(corpus: Corpus, fitted: Fitted, weighings: Mapping[str, deciding.Weighing]) -> None:
    """Replace the shipped weights."""
    wordings.save(fitted.words, fitted.words_bias)
    if corpus.spelled is not None:
        meanings.save(
            meanings.path_of(corpus.model_id),
            centre=fitted.centre.astype(np.float32),
            gamma=_GAMMA,
            support=fitted.machine.support_vectors_.astype(np.float32),
            coefficients=fitted.machine.dual_coef_[0],
            bias=float(fitted.machine.intercept_[0]),
            kinds=fitted.kinds,
            kinds_bias=fitted.kinds_bias,
        )
    deciding.PATH.write_text(
        json.dumps(
            {
                name: {
                    "weights": list(one.weights),
                    "bias": one.bias,
                    "threshold": one.threshold,
                    "with_rule": one.with_rule,
                }
                for name, one in weighings.items()
            },
            indent=1,
        )
        + "\n",
        encoding="utf-8",
    )
