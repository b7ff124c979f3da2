"""Guided questioning against brute force, on small random definitions."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from przystan.rules.check import Check
from przystan.rules.definitions import Definition, Outcome, Rule
from przystan.rules.faults import Source
from przystan.rules.program import compiled
from przystan.rules.questions import next_across, next_question
from przystan.rules.results import Status, result
from przystan.rules.tests import generating
from przystan.rules.tests.bruteforce import Oracle
from przystan.rules.tests.factories import definition, program
from przystan.rules.values import BOOL, Kind, Listing, Type, Why
from przystan.rules.vocabulary import Fact, Vocabulary

SEEDS = st.integers(0, 2**48)
ON = generating.ON


def guided(check, answers):
    """Ask until nothing is asked; the facts asked, in order."""
    asked = []
    while (found := next_question(check)) is not None:
        asked.append(found.fact)
        check.state(found.fact, answers[found.fact])
    return asked


@given(SEEDS)
@settings(max_examples=150, deadline=None)
def test_guided_questions_end_as_full_knowledge_would(seed):
    random = Random(seed)
    made = generating.definition(random)
    oracle = Oracle(made)
    ready = compiled(made, generating.VOCABULARY)
    for _ in range(6):
        answers = generating.assignment(random)
        check = Check(ready, {}, {}, ON)
        guided(check, answers)

        assert result(check).outcome == oracle.outcome(answers)


@given(SEEDS)
@settings(max_examples=100, deadline=None)
def test_no_question_is_asked_that_cannot_matter(seed):
    random = Random(seed)
    made = generating.definition(random)
    oracle = Oracle(made)
    ready = compiled(made, generating.VOCABULARY)
    answers = generating.assignment(random)
    check = Check(ready, {}, {}, ON)
    while (found := next_question(check)) is not None:
        assert found.fact in oracle.relevant(check.facts)
        check.state(found.fact, answers[found.fact])


@given(SEEDS)
@settings(max_examples=60, deadline=None)
def test_what_an_official_must_assess_is_not_asked_and_leaves_the_outcomes_that_may_be(seed):
    random = Random(seed)
    made = generating.definition(random)
    oracle = Oracle(made)
    ready = compiled(made, generating.VOCABULARY)
    answers = generating.assignment(random)
    withheld = random.sample(oracle.names, min(2, len(oracle.names)))
    check = Check(ready, dict.fromkeys(withheld, Why.ONLY_AN_OFFICIAL), {}, ON)
    asked = guided(check, answers)

    known = {name: answers[name] for name in oracle.names if name not in withheld}
    possible = {oracle.outcome(each) for each in generating.completions(known, oracle.names)}
    assert set(result(check).possible) >= possible
    assert not set(asked) & set(withheld)
    if len(possible) == 1:
        assert result(check).outcome == possible.pop()


@given(SEEDS)
@settings(max_examples=60, deadline=None)
def test_several_definitions_are_settled_by_one_set_of_answers(seed):
    random = Random(seed)
    made = [generating.definition(random, outcomes=3) for _ in range(2)]
    oracles = [Oracle(each) for each in made]
    answers = generating.assignment(random)
    checks = [Check(compiled(each, generating.VOCABULARY), {}, {}, ON) for each in made]
    while (found := next_across(checks)) is not None:
        assert any(found.fact in each.relevant(checks[0].facts) for each in oracles)
        for check in checks:
            check.state(found.fact, answers[found.fact])

    assert [result(check).outcome for check in checks] == [
        oracle.outcome(answers) for oracle in oracles
    ]


def test_a_question_that_serves_several_procedures_comes_first():
    first = program(("granted", "sure && yes"), ("no", "true"))
    second = program(("granted", "ready && yes"), ("no", "true"))

    assert next_across([Check(each, {}, {}, ON) for each in (first, second)]).fact == "yes"


def test_an_open_list_is_asked_for_more_until_it_is_complete():
    check = Check(program(("big", "size(family) >= 2"), ("small", "true")), {}, {}, ON)
    first = next_question(check)
    check.state("family", Listing(({"kind": "child"},)))
    second = next_question(check)
    check.state("family", Listing(({"kind": "child"},), is_complete=True))

    assert (first.fact, first.is_more) == ("family", False)
    assert (second.fact, second.is_more) == ("family", True)
    assert result(check).outcome == "small"


def test_the_field_of_a_record_is_asked_for_by_its_place():
    check = Check(
        program(("child", "family.exists(m, m.kind == 'child')"), ("none", "true")),
        {"family": [{"kind": "spouse"}, {"size": 1}]},
        {},
        ON,
    )
    found = next_question(check)

    assert (found.fact, found.index, found.field) == ("family", 1, "kind")


def test_i_do_not_know_is_not_asked_again():
    check = Check(program(("granted", "yes"), ("no", "true")), {}, {}, ON)
    check.state("yes", Why.PERSON_DOES_NOT_KNOW)

    assert next_question(check) is None
    assert result(check).status is Status.NEEDS_FACTS
    assert result(check).possible == ("granted", "no")
    assert result(check).missing[0].why is Why.PERSON_DOES_NOT_KNOW


def test_a_tautology_is_settled_without_a_question():
    check = Check(program(("always", "yes || !yes"), ("never", "true")), {}, {}, ON)

    assert next_question(check) is None
    assert result(check).outcome == "always"


def test_details_are_asked_once_the_outcome_is_settled():
    made = definition(
        Outcome("granted", Source("yes"), details=("fee",)),
        Outcome("no", Source("true")),
        fee="sure ? pln(440) : pln(340)",
    )
    check = Check(compiled(made, generating.VOCABULARY), {"yes": True}, {}, ON)
    asked = guided(check, {"sure": False})

    assert asked == ["sure"]
    assert result(check).details == (("fee", 34_000),)


def test_questions_asked_are_close_to_the_fewest_possible():
    """On the seeds of `generating` that are worth the exhaustive search: 1.05 at most."""
    ours = fewest = 0.0
    for seed in range(60):
        made = generating.definition(Random(seed))
        oracle = Oracle(made)
        if 3 <= len(oracle.names) <= 5:
            fewest += oracle.fewest_questions()
            ours += oracle.expected_questions(compiled(made, generating.VOCABULARY))

    assert fewest > 0
    assert ours <= 1.05 * fewest


def test_a_number_that_only_a_detail_reads_is_asked_after_the_outcome_and_not_planned_with():
    vocabulary = Vocabulary([Fact("resident", BOOL), Fact("year", Type(Kind.INT))])
    made = Definition(
        "tax",
        ON,
        (Outcome("yes", Source("resident"), details=("until",)), Outcome("no", Source("true"))),
        (Rule("until", Source("date(year + 1, 4, 30)")),),
    )
    check = Check(compiled(made, vocabulary), {}, {}, ON)

    assert guided(check, {"resident": True, "year": 2026}) == ["resident", "year"]
    assert dict(result(check).details)["until"].isoformat() == "2027-04-30"
