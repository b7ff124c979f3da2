"""Training: nothing is judged by what saw it, and what is kept judges as before."""

import numpy as np
import pytest

from przystan.assistant.lines import training
from przystan.assistant.lines.model import load, save
from przystan.assistant.lines.pages import Example, Page
from przystan.assistant.lines.scoring import score
from przystan.assistant.lines.tests import factories


def example(id: str, *lines: str, lang: str = "en") -> Example:
    return Example(Page(id, "Where?", lines), frozenset(), lang)


def test_equal_pages_and_one_question_in_two_languages_stay_together():
    some = [
        example("1", "Shops", "Here."),
        example("2", "Shops", "Here. "),
        example("2", "Sklepy", "Tutaj."),
        example("3", "Schools"),
        example("4", "Sklepy", "Tutaj."),
    ]

    first, second, third, other, fourth = training.group(some)

    assert first == second == third == fourth
    assert other != first


def test_folds_hold_everything_once_and_never_split_a_group():
    groups = [number // 3 for number in range(40)]

    parts = training.folds(groups, 4, seed=1)

    assert sorted(np.concatenate(parts).tolist()) == list(range(40))
    homes = {groups[i]: {k for k, part in enumerate(parts) if i in part} for i in range(40)}
    assert all(len(home) == 1 for home in homes.values())


def test_a_trained_model_finds_the_lines_and_knows_when_there_are_none():
    items = factories.items()

    figures = training.by_language(items, training.answers(factories.model(), items))["en"]

    assert figures.lines_f1 > 0.8
    assert figures.none_f1 > 0.8


def test_weights_read_back_judge_as_before(tmp_path):
    model = factories.model()
    save(model, tmp_path / "one.npz", note={"model": "letters-1"})

    again = load(tmp_path / "one.npz")

    for item in factories.items()[:6]:
        before, after = model.score(item.measured), again.score(item.measured)
        assert np.array_equal(before.lines, after.lines)
        assert before.refusal == after.refusal


def test_weights_of_another_version_are_refused(tmp_path, monkeypatch):
    save(factories.model(), tmp_path / "one.npz", note={})
    monkeypatch.setattr("przystan.assistant.lines.model.LINE_NAMES", ("new",))

    with pytest.raises(ValueError, match="train the lines again"):
        load(tmp_path / "one.npz")


def test_pages_that_all_answer_cannot_teach_refusal():
    answering = [item for item in factories.items() if item.example.answers]

    assert training.can_learn(factories.items())
    assert not training.can_learn(answering)


def test_figures_are_those_of_the_paper():
    golds = [{1, 2}, {0}, set(), set()]

    figures = score(golds, [[1, 3], [], [], [0]])

    assert figures.lines_precision == pytest.approx(0.75)  # nothing said counts as precise
    assert figures.lines_recall == pytest.approx(0.25)
    assert figures.none_precision == pytest.approx(0.5)
    assert figures.none_recall == pytest.approx(0.5)
