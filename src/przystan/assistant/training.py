"""Calibrating the choice between an answer and a refusal, from the articles' own questions.

Each example question is asked as if it were not known itself: right is an answer that quotes
the paragraphs its editor named. The same question asked while its whole article is hidden
stands for what the knowledge does not hold, and so do the questions in `off_topic.yaml`.
Evaluation sets are never read here.
"""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from przystan.assistant import choice
from przystan.knowledge import api as knowledge
from przystan.knowledge import finding
from przystan.knowledge.data import IntentView

OFF_TOPIC = Path(__file__).parent / "weights" / "off_topic.yaml"
# A wrong answer costs a person more than the wait for a human.
WRONG_COSTS = 3.0
# Hidden articles are often answered by a neighbour: they count less than what is off topic.
HIDDEN_WEIGHT, OFF_TOPIC_WEIGHT = 0.35, 2.0
RIDGE = 1e-2


@dataclass(frozen=True, slots=True)
class Case:
    """One question asked: its candidates, and which of them would have been right."""

    features: tuple[tuple[float, ...], ...]
    is_right: tuple[bool, ...]
    weight: float


def cases(library: finding.Library, on: date) -> Iterator[Case]:
    intents = knowledge.intents(on)
    for intent in intents:
        for lang, phrasings in intent.phrasings.items():
            for question in phrasings:
                yield from _of_phrasing(library, intent, lang, question, on)
    for lang, questions in yaml.safe_load(OFF_TOPIC.read_text(encoding="utf-8")).items():
        for question in questions:
            found = library.find(question, lang=lang, on=on, k=choice.WIDTH, patience_s=30)
            yield _case(question, found, None, OFF_TOPIC_WEIGHT)


def _of_phrasing(
    library: finding.Library, intent: IntentView, lang: str, question: str, on: date
) -> Iterator[Case]:
    everything = library.find(question, lang=lang, on=on, k=choice.WIDTH, patience_s=30)
    others = tuple(pair for pair in everything.questions if pair[1].question != question)
    alone = finding.Finding(others, everything.passages, everything.model)
    yield _case(question, alone, intent, 1.0)
    hidden = finding.Finding(
        tuple(pair for pair in others if pair[0].article != intent.article),
        tuple(hit for hit in everything.passages if hit.group != intent.article),
        everything.model,
    )
    yield _case(question, hidden, None, HIDDEN_WEIGHT)


def _case(question: str, found: finding.Finding, intent: IntentView | None, weight: float) -> Case:
    near = choice.candidates(question, found)
    return Case(
        tuple(candidate.features for candidate in near),
        tuple(intent is not None and _answers(candidate.ref, intent) for candidate in near),
        weight,
    )


def _answers(ref: finding.IntentRef, intent: IntentView) -> bool:
    """Whether a candidate quotes what the editor named first for this question."""
    return ref.article == intent.article and intent.answers[0] in ref.answers


def fit(found: Sequence[Case]) -> choice.Weights:
    """Ridge logistic regression over candidates by Newton's steps, then the threshold."""
    inputs = np.array([[1.0, *row] for case in found for row in case.features])
    rights = np.array([one for case in found for one in case.is_right], dtype=float)
    weights = np.array([case.weight for case in found for _ in case.features])
    solution = np.zeros(inputs.shape[1])
    penalty = np.eye(inputs.shape[1]) * RIDGE * len(weights) / 1000
    for _ in range(60):
        chances = _sigmoid(inputs @ solution)
        gradient = inputs.T @ (weights * (rights - chances)) - penalty @ solution
        curvature = (inputs.T * (weights * chances * (1 - chances))) @ inputs + penalty
        step = np.linalg.solve(curvature, gradient)
        solution += step
        if np.abs(step).max() < 1e-8:
            break
    untested = choice.Weights(float(solution[0]), tuple(map(float, solution[1:])), 0.5)
    chosen = [_chosen(case, untested) for case in found if case.features]
    threshold = _cheapest(
        np.array([chance for chance, _ in chosen]),
        np.array([is_right for _, is_right in chosen], dtype=float),
        np.array([case.weight for case in found if case.features]),
    )
    return choice.Weights(untested.bias, untested.weights, threshold)


def _chosen(case: Case, weights: choice.Weights) -> tuple[float, bool]:
    """Probability of the best candidate of a case, and whether it is right."""
    chances = [weights.probability(row) for row in case.features]
    best = max(range(len(chances)), key=chances.__getitem__)
    return chances[best], case.is_right[best]


def _cheapest(
    chances: npt.NDArray[np.float64],
    rights: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
) -> float:
    """The threshold that costs least: refusing what is right 1, answering what is wrong more."""
    best, least = 0.5, math.inf
    for threshold in np.arange(0.1, 0.95, 0.01):
        answered = chances >= threshold
        lost = (weights * rights * ~answered).sum()
        wrong = (weights * (1 - rights) * answered).sum()
        if (cost := lost + WRONG_COSTS * wrong) < least:
            best, least = float(threshold), cost
    return round(best, 2)


def _sigmoid(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return 1 / (1 + np.exp(-np.clip(values, -30, 30)))


def train(library: finding.Library, on: date) -> dict[str, float]:
    """Calibrate for the model of a library, keep the weights in the package, report shares."""
    found = list(cases(library, on))
    weights = fit(found)
    model = library.find("PESEL", lang="pl", on=on).model
    book = json.loads(choice.WEIGHTS.read_text(encoding="utf-8"))
    book[model] = {
        "bias": round(weights.bias, 4),
        "weights": [round(one, 4) for one in weights.weights],
        "threshold": weights.threshold,
    }
    choice.WEIGHTS.write_text(json.dumps(book, indent=2) + "\n", encoding="utf-8")
    choice.weights_for.cache_clear()
    groups = {
        "own": [case for case in found if case.weight == 1.0],
        "hidden": [case for case in found if case.weight == HIDDEN_WEIGHT],
        "off topic": [case for case in found if case.weight == OFF_TOPIC_WEIGHT],
    }

    def share(group: str, *, is_right: bool | None = None) -> float:
        best = [_chosen(case, weights) for case in groups[group] if case.features]
        answered = [right for chance, right in best if chance >= weights.threshold]
        kept = [right for right in answered if is_right is None or right == is_right]
        return round(len(kept) / max(1, len(groups[group])), 4)

    return {
        "questions": len(groups["own"]),
        "answered rightly": share("own", is_right=True),
        "answered wrongly": share("own", is_right=False),
        "hidden article answered": share("hidden"),
        "off topic answered": share("off topic"),
        "threshold": weights.threshold,
    }
