"""Our walk through the trees decides as scikit-learn's does."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.ensemble import HistGradientBoostingClassifier

from przystan.assistant.lines import trees
from przystan.assistant.lines.tests.factories import random_rows

COLUMNS = 6


def fitted(seed: int = 1, **more):
    rows = random_rows(COLUMNS)
    truth = rows[:, 0] * rows[:, 1] + rows[:, 2] > 0.2
    model = HistGradientBoostingClassifier(
        max_iter=20, max_leaf_nodes=12, min_samples_leaf=5, random_state=seed, **more
    )
    return model.fit(rows, truth)


MODEL = fitted()


def test_rows_fall_into_the_same_leaves():
    rows = random_rows(COLUMNS, 1_000)

    assert np.allclose(trees.mean_of([MODEL]).raw(rows), MODEL.decision_function(rows), atol=1e-5)


def test_a_value_on_a_threshold_goes_where_it_went_in_training():
    forest = trees.mean_of([MODEL])
    rows = np.repeat(forest.threshold[:, None], COLUMNS, axis=1)

    for near in (rows, np.nextafter(rows, np.float32(np.inf))):
        assert np.allclose(forest.raw(near), MODEL.decision_function(near), atol=1e-5)


@settings(deadline=None, max_examples=30)
@given(rows=arrays.arrays(np.float32, (3, COLUMNS), elements=st.floats(-1e6, 1e6, width=32)))
def test_any_row_falls_into_the_same_leaves(rows):
    assert np.allclose(trees.mean_of([MODEL]).raw(rows), MODEL.decision_function(rows), atol=1e-5)


def test_several_models_give_their_mean():
    models = [fitted(seed, max_features=0.5) for seed in (1, 2)]
    rows = random_rows(COLUMNS, 50)

    mean = np.mean([model.decision_function(rows) for model in models], axis=0)

    assert np.allclose(trees.mean_of(models).raw(rows), mean, atol=1e-5)


def test_what_is_kept_is_what_is_read_back():
    forest = trees.mean_of([MODEL])
    rows = random_rows(COLUMNS, 50)

    again = trees.from_arrays(forest.arrays("a_"), "a_")

    assert np.array_equal(again.raw(rows), forest.raw(rows))
    assert len(forest.raw(rows[:0])) == 0
