"""The choice learns from labelled questions, and says how sure it may be."""

from uuid import UUID

import numpy as np
import pytest

from przystan.assistant import choice, training
from przystan.knowledge.finding import IntentRef

REFS = tuple(IntentRef(f"page-{i}", UUID(int=i), "i", ("p",), None) for i in range(3))
SIGNAL = choice.FEATURES.index("closeness")


def case(signals, right=None, topic="t"):
    """Candidates of which one feature speaks; `right` is the number of the right one."""
    features = np.zeros((len(signals), len(choice.FEATURES)))
    features[:, SIGNAL] = signals
    rights = np.array([number == right for number in range(len(signals))], bool)
    return training.Case(REFS[: len(signals)], features, rights, right is not None, topic, 6)


@pytest.fixture(scope="module")
def labelled():
    rng = np.random.default_rng(7)
    cases = []
    for number in range(200):
        right = number % 3 if number % 4 else None
        signals = rng.uniform(0, 0.5, 3)
        if right is not None:
            signals[right] += 0.5
        cases.append(case(signals, right, topic=str(number % 10)))
    return cases


def test_the_feature_that_tells_gets_the_weight(labelled):
    weights = training.fit(labelled)

    assert weights.weights[SIGNAL] > 3
    assert sum(weights.weights) == pytest.approx(weights.weights[SIGNAL], abs=0.01)
    assert weights.bias < 0


def test_what_is_clear_is_answered_and_what_is_not_is_refused(labelled):
    weights = training.calibrated(training.fit(labelled), training.checked(labelled))
    clear, unclear = training.outcomes([case([0.1, 0.95, 0.2], 1), case([0.1, 0.2, 0.3])], weights)

    assert clear.is_right
    assert weights.confidence(clear.probability, 6) > choice.SURE
    assert weights.confidence(unclear.probability, 6) < choice.SURE


def test_a_confidence_is_the_share_of_right_answers(labelled):
    made = training.checked(labelled)
    weights = training.calibrated(training.fit(labelled), made)
    said = np.mean([weights.confidence(one.probability, one.words) for one in made])

    assert said == pytest.approx(np.mean([one.is_right for one in made]), abs=0.01)


def test_the_same_questions_give_the_same_weights(labelled):
    assert training.fit(labelled) == training.fit(labelled)


def test_no_topic_is_judged_by_a_fit_that_saw_it(labelled, monkeypatch):
    seen = []
    monkeypatch.setattr(training, "fit", lambda part: seen.append({c.topic for c in part}) or BLANK)
    judged = []
    monkeypatch.setattr(
        training, "outcomes", lambda part, _: judged.append({c.topic for c in part}) or []
    )

    training.checked(labelled)

    assert len(seen) == training.FOLDS
    assert all(not (a & b) for a, b in zip(seen, judged, strict=True))
    assert set().union(*judged) == {c.topic for c in labelled}


BLANK = choice.Weights(0.0, (0.0,) * len(choice.FEATURES))


def test_a_question_without_candidates_is_refused():
    empty = training.Case(
        (), np.zeros((0, len(choice.FEATURES))), np.zeros(0, bool), False, "nothing", 1
    )

    (outcome,) = training.outcomes([empty], BLANK)

    assert (outcome.probability, outcome.is_right) == (0.0, False)
