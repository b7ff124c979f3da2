"""What can be said of a definition before it is used."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from przystan.rules.analysis import differences, survey
from przystan.rules.check import Check
from przystan.rules.program import compiled
from przystan.rules.results import result
from przystan.rules.tests import generating
from przystan.rules.tests.bruteforce import Oracle
from przystan.rules.tests.factories import program
from przystan.rules.values import BOOL, MONEY
from przystan.rules.vocabulary import Fact, KnownBy, Parameter, Vocabulary

SEEDS = st.integers(0, 2**48)
ON = generating.ON


@given(SEEDS)
@settings(max_examples=60, deadline=None)
def test_the_outcomes_reached_are_those_that_brute_force_reaches(seed):
    made = generating.definition(Random(seed))
    oracle = Oracle(made)
    ready = compiled(made, generating.VOCABULARY)
    found = survey(ready, {}, ON)

    assert found.is_complete
    assert {way.outcome for way in found.reached} == oracle.outcomes
    assert not found.gaps
    for way in found.reached:
        assert result(Check(ready, dict(way.facts), {}, ON)).outcome == way.outcome


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_two_versions_differ_where_brute_force_says_so(seed):
    random = Random(seed)
    made = [generating.definition(random, outcomes=3) for _ in range(2)]
    before, after = (compiled(each, generating.VOCABULARY) for each in made)
    found = list(differences(before, after, {}, ON))
    oracles = [Oracle(each) for each in made]
    cases = [generating.assignment(random) for _ in range(40)]

    for difference in found:
        facts = dict(difference.facts)
        outcomes = [result(Check(each, facts, {}, ON)).outcome for each in (before, after)]
        assert outcomes == [difference.before, difference.after]
    if not found:
        assert all(oracles[0].outcome(case) == oracles[1].outcome(case) for case in cases)


def test_a_gap_comes_with_facts_that_show_it():
    found = survey(program(("granted", "yes"), ("refused", "!yes && sure")), {}, ON)

    (gap,) = found.gaps
    assert dict(gap.facts) == {"yes": False, "sure": False}


def test_an_outcome_that_nothing_reaches_is_named_and_so_is_a_fact_never_asked():
    found = survey(
        program(("granted", "yes"), ("never", "yes && sure"), ("refused", "true")), {}, ON
    )

    assert found.unreached == ("never",)
    assert found.unasked == ("sure",)


def test_a_survey_says_when_it_has_only_tried_likely_values():
    found = survey(
        program(
            ("adult", "age(born, on) >= 18"),
            ("parent", "family.exists(m, m.kind == 'child' && m.near)"),
            ("other", "true"),
        ),
        {},
        ON,
    )

    assert not found.is_complete
    assert found.unreached == ()


def test_facts_of_officials_are_tried_too():
    vocabulary = Vocabulary([Fact("real", BOOL, known_by=KnownBy.OFFICIAL)])
    found = survey(program(("granted", "real"), ("refused", "true"), vocabulary=vocabulary), {}, ON)

    assert found.unreached == ()
    assert not found.undecided


def test_what_stays_open_for_want_of_a_parameter_is_undecided():
    vocabulary = Vocabulary([Fact("pay", MONEY)], [Parameter("limit", MONEY)])
    found = survey(
        program(("granted", "pay > limit"), ("refused", "true"), vocabulary=vocabulary), {}, ON
    )

    assert found.undecided
    assert found.unreached == ("granted", "refused")
