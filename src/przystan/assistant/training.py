"""Fitting the choice between answers, and a refusal, to questions that people put.

The questions were written by people who had seen no article, then labelled with the
paragraphs that answer them, or none (`evaluation/development/questions_*.jsonl`). Questions in
`off_topic.yaml` have no answer either. The evaluation sets are never read here.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from przystan.assistant import choice
from przystan.assistant.language import answer_language, detect
from przystan.core.languages import CONTENT_TAGS
from przystan.core.writing import tokens
from przystan.knowledge import finding

OFF_TOPIC = Path(__file__).parent / "weights" / "off_topic.yaml"
RIDGE = 0.5
FOLDS = 5
_STEPS = 800

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """A question asked: its candidates, and for each whether it is among the right answers.

    Attributes:
        features: (candidates, features).
        rights: (candidates,) whether a candidate says what answers; all false: to be refused.
        topic: questions of one topic are kept together when the fit is checked.
    """

    refs: tuple[finding.IntentRef, ...]
    features: Array
    rights: npt.NDArray[np.bool_]
    is_answerable: bool
    topic: str
    words: int


def cases(library: finding.Library, rows: Iterable[Mapping[str, Any]], on: date) -> Iterator[Case]:
    """Ask each labelled question, then each that is off topic."""
    for row in rows:
        yield _case(library, row["question"], row["answers"], on)
    for questions in yaml.safe_load(OFF_TOPIC.read_text(encoding="utf-8")).values():
        for question in questions:
            yield _case(library, question, [], on)


def _case(
    library: finding.Library, question: str, answers: Sequence[Mapping[str, Any]], on: date
) -> Case:
    detected = detect(question, interface="pl")
    lang = answer_language(detected, CONTENT_TAGS, interface="pl").tag
    near = choice.candidates(
        library.find(question, lang=lang, on=on, k=choice.WIDTH, patience_s=30)
    )
    return Case(
        tuple(one.ref for one in near),
        np.array([one.features for one in near]).reshape(len(near), len(choice.FEATURES)),
        np.array([_is_right(one.ref, answers) for one in near], bool),
        bool(answers),
        answers[0]["article"] if answers else question,
        len(tokens(question)),
    )


def _is_right(ref: finding.IntentRef, answers: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a candidate quotes the first, and so most needed, paragraph of a right answer."""
    return any(
        ref.article == answer["article"] and answer["paragraphs"][0] in ref.answers
        for answer in answers
    )


def fit(found: Sequence[Case]) -> choice.Weights:
    """Fit the conditional logit with "none of these" as the other option.

    Every feature speaks for a candidate, so no weight is below zero; that keeps a feature
    which repeats another from being played off against it.
    """
    learnt = [case for case in found if not case.is_answerable or case.rights.any()]
    features, wanted = _stacked(learnt)
    solution = np.zeros(features.shape[2])
    pace = np.full_like(solution, 1e-8)
    for _ in range(_STEPS):
        gradient = _gradient(features, wanted, solution)
        pace += gradient**2
        solution += 0.5 * gradient / np.sqrt(pace)
        solution[1:] = np.maximum(solution[1:], 0)
    return choice.Weights(float(solution[0]), tuple(map(float, solution[1:])))


def _stacked(found: Sequence[Case]) -> tuple[Array, Array]:
    """Features (cases, 1 + widest, 1 + features) and which options are right (cases, 1 + widest).

    Option 0 is "none of these", of score 0; what a case has not is filled with options whose
    bias is so low that nobody chooses them.
    """
    widest = max(len(case.refs) for case in found)
    features = np.zeros((len(found), 1 + widest, 1 + len(choice.FEATURES)))
    rights = np.zeros((len(found), 1 + widest))
    for row, case in enumerate(found):
        count = len(case.refs)
        features[row, 1 : 1 + count, 0] = 1
        features[row, 1 : 1 + count, 1:] = case.features
        rights[row, 1 : 1 + count] = case.rights
        rights[row, 0] = not case.is_answerable
    return features, rights


def _gradient(features: Array, rights: Array, solution: Array) -> Array:
    """Of the log-likelihood, with a ridge on the weights."""
    scores = features @ solution
    is_option = features[:, :, 0] > 0
    is_option[:, 0] = True
    odds = np.where(is_option, np.exp(np.minimum(scores, 50.0)), 0.0)
    expected = odds / odds.sum(axis=1, keepdims=True)
    wanted = odds * rights
    wanted /= wanted.sum(axis=1, keepdims=True)
    gradient = np.einsum("co,cof->f", wanted - expected, features)
    gradient[1:] -= RIDGE * solution[1:]
    return np.asarray(gradient)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a question: how sure the choice was, and whether it would be right."""

    probability: float
    is_right: bool
    is_answerable: bool
    words: int


def outcomes(found: Iterable[Case], weights: choice.Weights) -> list[Outcome]:
    made = []
    for case in found:
        chances = weights.probabilities(case.features.tolist())
        ranked = sorted(range(len(chances)), key=lambda i: -chances[i])
        total, chosen = choice.agreeing([(chances[i], case.refs[i]) for i in ranked])
        rights = {ref for ref, is_right in zip(case.refs, case.rights, strict=True) if is_right}
        is_right = bool(rights & set(chosen))
        made.append(Outcome(total, is_right, case.is_answerable, case.words))
    return made


def checked(found: Sequence[Case]) -> list[Outcome]:
    """Outcomes of questions whose topics took no part in the fit that decided on them."""
    topics = sorted({case.topic for case in found})
    fold = {topic: i % FOLDS for i, topic in enumerate(topics)}
    made: list[Outcome] = []
    for number in range(FOLDS):
        weights = fit([case for case in found if fold[case.topic] != number])
        made += outcomes([case for case in found if fold[case.topic] == number], weights)
    return made


def calibrated(weights: choice.Weights, made: Sequence[Outcome]) -> choice.Weights:
    """A calibration under which a confidence is the share of right answers (Platt 1999)."""
    inputs = np.array([[choice.logit(o.probability), np.log1p(o.words), 1.0] for o in made])
    rights = np.array([one.is_right for one in made], dtype=float)
    solution = np.array([1.0, 0.0, 0.0])
    for _ in range(50):
        chances = 1 / (1 + np.exp(-inputs @ solution))
        curvature = (inputs.T * (chances * (1 - chances))) @ inputs + np.eye(3) * 1e-6
        solution += np.linalg.solve(curvature, inputs.T @ (rights - chances))
    slope, length, offset = map(float, solution)
    return replace(weights, slope=slope, length=length, offset=offset)


def report(made: Sequence[Outcome], weights: choice.Weights) -> dict[str, float]:
    """Shares of questions, by outcomes of which none was fitted to."""

    def is_answered(one: Outcome) -> bool:
        return weights.confidence(one.probability, one.words) >= choice.SURE

    answerable = [one for one in made if one.is_answerable]
    others = [one for one in made if not one.is_answerable]

    def share(part: Sequence[Outcome], whole: Sequence[Outcome]) -> float:
        return round(len(part) / max(1, len(whole)), 4)

    answered = [one for one in answerable if is_answered(one)]
    return {
        "questions": len(made),
        "best is right": share([one for one in answerable if one.is_right], answerable),
        "answered rightly": share([one for one in answered if one.is_right], answerable),
        "answered wrongly": share([one for one in answered if not one.is_right], answerable),
        "refused rightly": share([one for one in others if not is_answered(one)], others),
    }


def train(
    library: finding.Library, rows: Sequence[Mapping[str, Any]], on: date
) -> dict[str, float]:
    """Fit for the model of a library, keep the weights in the package, report checked shares."""
    found = list(cases(library, rows, on))
    made = checked(found)
    weights = calibrated(fit(found), made)
    model = library.find("PESEL", lang="pl", on=on).model
    book = json.loads(choice.WEIGHTS.read_text(encoding="utf-8"))
    book[model] = {
        "bias": round(weights.bias, 4),
        "weights": {
            name: round(one, 4) for name, one in zip(choice.FEATURES, weights.weights, strict=True)
        },
        "slope": round(weights.slope, 4),
        "length": round(weights.length, 4),
        "offset": round(weights.offset, 4),
    }
    choice.WEIGHTS.write_text(json.dumps(book, indent=2) + "\n", encoding="utf-8")
    choice.weights_for.cache_clear()
    return report(made, weights)
