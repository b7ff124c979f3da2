"""Which known question was asked, in any language and spelling."""

import numpy as np
import pytest

from przystan.knowledge.search.questions import ExampleQuestion, build_questions, open_questions

EXAMPLES = [
    ExampleQuestion("Ile kosztuje karta pobytu?", "pl", "fee"),
    ExampleQuestion("Скільки коштує карта побиту?", "uk", "fee"),
    ExampleQuestion("Сколько стоит карта побыта?", "ru", "fee"),
    ExampleQuestion("How much is the residence card?", "en", "fee"),
    ExampleQuestion("Czy mogę pracować bez zezwolenia?", "pl", "work"),
    ExampleQuestion("Чи можу я працювати без дозволу?", "uk", "work"),
    ExampleQuestion("Szef nie płaci, co robić?", "pl", "unpaid"),
]


@pytest.fixture
def questions(tmp_path):
    build_questions(EXAMPLES, tmp_path / "questions.idx")
    return open_questions(tmp_path / "questions.idx")


@pytest.mark.parametrize(
    ("asked", "target"),
    [
        ("ile kosztuje karta pobytu", "fee"),
        ("ile zaplace za karte pobytu", "fee"),
        ("skilky koshtuye karta pobytu", "fee"),
        ("czy moge pracowac bez zezwolenia", "work"),
        ("szef mi nie placi", "unpaid"),
    ],
)
def test_the_nearest_example_names_what_answers(questions, asked, target):
    assert questions.match(asked)[0].target == target


def test_the_same_words_are_alike_by_one_in_every_language(questions):
    for example in EXAMPLES:
        best = questions.match(example.question.lower().rstrip("?"))[0]
        assert (best.target, best.similarity) == (example.target, pytest.approx(1.0, abs=1e-3))


def test_another_question_is_far_from_all(questions):
    matches = questions.match("Jak ugotować barszcz czerwony z uszkami?")

    assert not matches or matches[0].similarity < 0.3


@pytest.mark.parametrize("asked", ["", "?", "\u202e", "x" * 20_000])
def test_a_question_of_nothing_matches_nothing(questions, asked):
    assert questions.match(asked) == []


def test_languages_and_access_narrow_the_examples(questions):
    allowed = np.array([example.target != "fee" for example in EXAMPLES])

    assert {m.lang for m in questions.match("karta pobytu", langs={"ru"})} == {"ru"}
    assert "fee" not in {m.target for m in questions.match("karta pobytu praca", allowed=allowed)}


def test_vectors_bridge_words_that_share_nothing(tmp_path):
    vectors = np.eye(len(EXAMPLES), dtype=np.float32)
    build_questions(EXAMPLES, tmp_path / "q.idx", vectors=vectors, model_id="m")

    best = open_questions(tmp_path / "q.idx").match("qqqq", query_vector=vectors[6])[0]

    assert (best.target, best.similarity, best.lexical) == ("unpaid", 1.0, 0.0)


def test_a_translation_counts_as_much_as_the_same_language(tmp_path):
    def near(cosine):
        return [cosine, np.sqrt(1 - cosine**2)]

    vectors = np.array([near(0.93), near(0.89)], np.float32)
    limits = {"question_low": 0.86, "question_high": 0.96, "question_other_language": 0.04}
    build_questions(
        EXAMPLES[:2], tmp_path / "q.idx", vectors=vectors, model_id="m", thresholds=limits
    )
    (found,) = open_questions(tmp_path / "q.idx").match(
        "qqqq", lang="pl", query_vector=np.array([1, 0], np.float32)
    )

    assert (found.similarity, found.second) == pytest.approx((0.7, 0.7), abs=0.01)


def test_what_examples_of_one_target_have_in_common_outweighs_how_they_are_said(tmp_path):
    """Two manners of speaking make most of the vectors; the matter is a smaller direction."""
    manner, matter = np.eye(4)[:2], np.eye(4)[2:]
    examples, vectors = [], []
    for target, what in zip(("fee", "work"), matter, strict=True):
        for lang, how in zip(("pl", "uk"), manner, strict=True):
            examples.append(ExampleQuestion(f"{target} {lang}", lang, target))
            vectors.append(how + 0.3 * what)
    build_questions(
        examples, tmp_path / "q.idx", vectors=np.array(vectors, np.float32), model_id="m"
    )
    asked = (manner[0] + 0.25 * matter[1]).astype(np.float32)

    best, other = open_questions(tmp_path / "q.idx").match("qqqq", lang="pl", query_vector=asked)

    assert (best.target, other.target) == ("work", "fee")
    assert best.dense - other.dense < 0.1
    assert best.closeness - other.closeness > 1


def test_no_examples_match_nothing(tmp_path):
    build_questions([], tmp_path / "q.idx")

    assert open_questions(tmp_path / "q.idx").match("karta") == []
