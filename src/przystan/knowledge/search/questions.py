"""Example questions: which question that we know is the one that was asked?

The strongest sign that an answer fits is a person who asked the same before. Questions are
short and alike in form, so they are compared with each other and not with passages:
`similarity` is the cosine of weighted words and 4-grams, or what the vectors say if more,
always in [0, 1] and of the same meaning in every language. What all examples of one target
have in common is compared too: `closeness`, see `discriminant`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from przystan.core.writing import tokens
from przystan.knowledge.search import discriminant, storage
from przystan.knowledge.search.discriminant import Discriminant
from przystan.knowledge.search.index import MAX_QUERY_WORDS, folded_spellings
from przystan.knowledge.search.postings import Scores, inverse_frequency
from przystan.knowledge.search.terms import Keys, gram_terms, word_terms

KIND = "questions"
Vectors = npt.NDArray[np.float32]

# Cosine of two unrelated and of two equivalent questions, for models without a calibration.
_DENSE_LOW, _DENSE_HIGH = 0.80, 0.97
_OTHER_LANGUAGE = 0.0  # what a cosine loses when question and example differ in language


@dataclass(frozen=True, slots=True)
class ExampleQuestion:
    """A question as people put it, and `target`: what answers it, in the caller's own ids."""

    question: str
    lang: str
    target: str


@dataclass(frozen=True, slots=True)
class QuestionMatch:
    """A target whose examples lie near the question asked.

    Attributes:
        question: its nearest example, in the language `lang`.
        similarity: of that example, in [0, 1]; 1 for the same words.
        second: of its next example: two agree seldom by chance.
        lexical: the greatest likeness by words alone, in [0, 1].
        dense: the greatest cosine of vectors, None without any.
        closeness: to the middle of its examples, in [-1, 1]; None without vectors.
    """

    target: str
    question: str
    lang: str
    similarity: float
    second: float
    lexical: float
    dense: float | None
    closeness: float | None


def build_questions(
    examples: Sequence[ExampleQuestion],
    path: Path,
    *,
    vectors: Vectors | None = None,
    model_id: str | None = None,
    thresholds: Mapping[str, float] | None = None,
) -> None:
    """Write the file of example questions; `vectors` is (examples, dim), embedded as queries."""
    if vectors is not None and (not model_id or len(vectors) != len(examples)):
        raise ValueError("vectors need their model's id and one row for each example")
    rows, keys = _terms([tokens(example.question) for example in examples])
    order = np.lexsort((rows, keys))
    keys, rows = keys[order], rows[order]
    new = np.append(True, keys[1:] != keys[:-1]) if keys.size else np.zeros(0, bool)
    starts = np.flatnonzero(new)
    bounds = np.append(starts, keys.size).astype(np.int64)
    idf = inverse_frequency(np.diff(bounds), len(examples))
    squares = np.bincount(rows, np.repeat(idf**2, np.diff(bounds)), len(examples))
    arrays: dict[str, storage.Array] = {
        "keys": keys[starts],
        "bounds": bounds,
        "rows": rows,
        "idf": idf,
        "norms": np.sqrt(np.maximum(squares, 1e-12)).astype(np.float32),
    }
    targets = list(dict.fromkeys(example.target for example in examples))
    numbers = {target: i for i, target in enumerate(targets)}
    number = np.array([numbers[example.target] for example in examples], np.int64)
    columns = {
        "question": [example.question for example in examples],
        "lang": [example.lang for example in examples],
        "target": targets,
    }
    arrays["target_of"] = number
    for name, column in columns.items():
        texts, text_bounds = storage.pack_strings(column)
        arrays |= {name: texts, f"{name}.bounds": text_bounds}
    space = None
    if vectors is not None:
        arrays["vectors"] = vectors.astype(np.float32)
        if examples:
            space = discriminant.fit(
                arrays["vectors"], number, [example.lang for example in examples]
            )
    if space is not None:
        arrays |= space.arrays()
    header = {
        "kind": KIND,
        "questions": len(examples),
        "langs": space.langs if space else (),
        "model_id": model_id if vectors is not None else None,
        "thresholds": dict(thresholds or {}),
    }
    storage.write(path, header, arrays)


def open_questions(path: Path) -> "QuestionIndex":
    """Open the example questions at `path`; raises as `open_index` does."""
    return QuestionIndex(*storage.read(path, kind=KIND))


class QuestionIndex:
    """Open example questions; safe to use from several threads."""

    def __init__(self, header: dict[str, Any], arrays: dict[str, storage.Array]) -> None:
        self.size: int = header["questions"]
        self.model_id: str | None = header["model_id"]
        self.thresholds: dict[str, float] = header["thresholds"]
        self._arrays = arrays
        self._texts = {
            name: storage.Strings(arrays[name], arrays[f"{name}.bounds"])
            for name in ("question", "lang", "target")
        }
        self._langs = np.array([self._texts["lang"][row] for row in range(self.size)], str)
        # Examples by target, once: a question only takes maxima over these runs.
        target_of = arrays["target_of"]
        self._order = np.argsort(target_of, kind="stable")
        self._owners = target_of[self._order]
        is_first = self._owners[1:] != self._owners[:-1]
        self._starts = np.flatnonzero(np.append(True, is_first)) if self.size else is_first
        self._space = Discriminant.read(header["langs"], arrays) if "metric" in arrays else None

    def match(
        self,
        question: str,
        *,
        k: int = 10,
        lang: str | None = None,
        langs: Collection[str] | None = None,
        query_vector: Vectors | None = None,
        allowed: npt.NDArray[np.bool_] | None = None,
    ) -> list[QuestionMatch]:
        """Return the `k` nearest targets, the best first.

        Args:
            lang: language of the question; with it the cosines of examples in other languages,
                which models put lower, are made comparable.
            langs: only examples in these languages.
            query_vector: (dim,) or (spellings, dim), unit length, of the model `model_id`.
            allowed: mask over the examples, in the order in which they were built.
        """
        lexical = self._lexical(question)
        dense = self._dense(query_vector)
        similarity = lexical
        if dense is not None:
            similarity = np.maximum(lexical, self._calibrated(dense, lang))
        if allowed is not None:
            similarity = np.where(allowed, similarity, 0)
        if langs is not None:
            similarity = np.where(np.isin(self._langs, list(langs)), similarity, 0)
        closeness = None
        if self._space is not None and query_vector is not None:
            closeness = self._space.closeness(query_vector, lang)
        return list(self._by_target(similarity, lexical, dense, closeness, k))

    def _by_target(
        self,
        similarity: Scores,
        lexical: Scores,
        dense: Scores | None,
        closeness: Scores | None,
        k: int,
    ) -> Iterator[QuestionMatch]:
        """The `k` best targets of those with an example that may be seen and is somewhat alike."""
        if not self.size:
            return
        grouped = similarity[self._order]
        best = np.maximum.reduceat(grouped, self._starts)
        at = np.flatnonzero(grouped == best[self._owners])
        first = at[np.append(True, self._owners[at][1:] != self._owners[at][:-1])]
        nearest = self._order[first]
        grouped[first] = 0
        seconds = np.maximum.reduceat(grouped, self._starts)
        words = np.maximum.reduceat(lexical[self._order], self._starts)
        cosines = None if dense is None else np.maximum.reduceat(dense[self._order], self._starts)
        total = similarity[nearest] + (0 if closeness is None else closeness)
        ranked = np.argsort(-np.where(similarity[nearest] > 0, total, -np.inf), kind="stable")
        for target in ranked[: max(k, 0)]:
            row = int(nearest[target])
            if similarity[row] <= 0:
                return
            yield QuestionMatch(
                target=self._texts["target"][target],
                question=self._texts["question"][row],
                lang=str(self._langs[row]),
                similarity=min(1.0, float(similarity[row])),
                second=min(1.0, float(seconds[target])),
                lexical=min(1.0, float(words[target])),
                dense=None if cosines is None else float(cosines[target]),
                closeness=None if closeness is None else float(closeness[target]),
            )

    def _lexical(self, question: str) -> Scores:
        cosines = [self._cosine(words[:MAX_QUERY_WORDS]) for words in folded_spellings(question)]
        best: Scores = np.maximum.reduce(cosines) if cosines else np.zeros(self.size, np.float32)
        return best

    def _cosine(self, words: list[str]) -> Scores:
        keys, bounds, idf = self._arrays["keys"], self._arrays["bounds"], self._arrays["idf"]
        asked = _terms([words])[1]
        at = np.searchsorted(keys, asked)
        at[at == keys.size] = 0
        known = keys[at] == asked if keys.size else np.zeros(asked.size, bool)
        # What no example holds still makes the question another one.
        rarest = inverse_frequency(np.zeros(1, np.int64), self.size)[0]
        norm = np.sqrt((idf[at[known]] ** 2).sum() + (~known).sum() * rarest**2)
        products = np.zeros(self.size, np.float32)
        for position in at[known]:
            rows = self._arrays["rows"][bounds[position] : bounds[position + 1]]
            products[rows] += idf[position] ** 2
        cosines = products / np.float32(max(norm, 1e-6)) / self._arrays["norms"]
        return cosines.astype(np.float32)

    def _dense(self, query_vector: Vectors | None) -> Scores | None:
        vectors = self._arrays.get("vectors")
        if query_vector is None or vectors is None:
            return None
        best: Scores = np.maximum.reduce([vectors @ one for one in np.atleast_2d(query_vector)])
        return best

    def _calibrated(self, cosine: Scores, lang: str | None) -> Scores:
        low = self.thresholds.get("question_low", _DENSE_LOW)
        high = self.thresholds.get("question_high", _DENSE_HIGH)
        if lang is not None:
            loss = self.thresholds.get("question_other_language", _OTHER_LANGUAGE)
            cosine = cosine + np.where(self._langs != lang, np.float32(loss), np.float32(0))
        share: Scores = np.clip((cosine - low) / (high - low), 0, 1)
        return share


def _terms(words: Sequence[Sequence[str]]) -> tuple[npt.NDArray[np.uint32], Keys]:
    """Rows and keys of the distinct words and 4-grams of each question."""
    parts = [extract(words) for extract in (word_terms, gram_terms)]
    rows = np.concatenate([part.rows for part in parts])
    keys = np.concatenate([part.keys for part in parts])
    pairs = np.unique(np.stack([rows.astype(np.uint64), keys]), axis=1)
    return pairs[0].astype(np.uint32), pairs[1]
