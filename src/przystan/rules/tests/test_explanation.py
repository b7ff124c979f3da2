"""What an explanation promises."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from przystan.rules.check import Check
from przystan.rules.definitions import Definition, HitPolicy, Outcome, Row, Rule, Table
from przystan.rules.explanation import explain
from przystan.rules.faults import Source
from przystan.rules.program import compiled
from przystan.rules.results import result
from przystan.rules.tests import generating
from przystan.rules.tests.bruteforce import Oracle
from przystan.rules.tests.factories import program
from przystan.rules.values import Dated
from przystan.rules.vocabulary import Parameter, Vocabulary

SEEDS = st.integers(0, 2**48)
ON = generating.ON
CHANGEABLE = Vocabulary(
    [
        replace(fact, is_changeable=fact.id in ("yes", "number", "pay", "status", "until", "rate"))
        for fact in generating.VOCABULARY.facts.values()
    ],
    [Parameter("minimum_wage", generating.VOCABULARY.facts["pay"].type)],
)


@given(SEEDS)
@settings(max_examples=80, deadline=None)
def test_decisive_facts_are_enough_and_none_can_be_left_out(seed):
    random = Random(seed)
    made = generating.definition(random)
    oracle = Oracle(made)
    ready = compiled(made, generating.VOCABULARY)
    check = Check(ready, generating.assignment(random), {}, ON)
    result(check)
    before = list(check.env)
    found = explain(check)
    decisive = dict(found.decisive_facts)

    assert found.outcome == result(check).outcome
    assert check.env == before
    assert result(Check(ready, decisive, {}, ON)).outcome == found.outcome
    for left_out in decisive:
        rest = {id: value for id, value in decisive.items() if id != left_out}
        assert result(Check(ready, rest, {}, ON)).outcome is None
        assert len({oracle.outcome(case) for case in every_case(rest, oracle)}) > 1


def every_case(known, oracle):
    return generating.completions(known, oracle.names)


@given(SEEDS)
@settings(max_examples=80, deadline=None)
def test_each_change_named_really_leads_to_the_outcome_named(seed):
    random = Random(seed)
    ready = compiled(generating.definition(random), CHANGEABLE)
    facts = generating.assignment(random)
    found = explain(Check(ready, facts, {}, ON))
    for change in found.would_change:
        changed = result(Check(ready, facts | dict(change.facts), {}, ON))

        assert changed.outcome == change.outcome != found.outcome


def test_the_nearest_amount_that_would_help_is_found_to_the_grosz():
    ready = program(("granted", "pay >= minimum_wage"), ("refused", "true"), vocabulary=CHANGEABLE)
    found = explain(Check(ready, {"pay": 430_000}, {"minimum_wage": 480_600}, ON))

    (change,) = found.would_change
    assert change.facts == (("pay", 480_600),)
    assert change.outcome == "granted"


def test_the_day_on_which_time_itself_changes_the_outcome_is_named():
    ready = program(("adult", "age(born, on) >= 18"), ("minor", "true"))
    found = explain(Check(ready, {"born": date(2010, 2, 28)}, {}, ON))

    assert found.outcome == "minor"
    assert found.by_time == (date(2028, 2, 28), "adult")


def test_a_parameter_that_changes_changes_the_outcome_on_its_day():
    ready = program(("granted", "pay >= minimum_wage"), ("refused", "true"), vocabulary=CHANGEABLE)
    wage = Dated(((date(2026, 1, 1), 480_600), (date(2027, 1, 1), 500_000)))
    found = explain(Check(ready, {"pay": 490_000}, {"minimum_wage": wage}, ON))

    assert found.by_time == (date(2027, 1, 1), "refused")


def test_what_never_changes_by_time_says_so():
    found = explain(Check(program(("granted", "yes"), ("no", "true")), {"yes": True}, {}, ON))

    assert found.by_time is None


def test_the_rules_that_fired_are_named_with_their_provisions():
    made = Definition(
        "example",
        date(2026, 1, 1),
        (
            Outcome("barred", Source("posted || detained"), ("act#art-116",)),
            Outcome("granted", Source("paid && (insured || other_cover)"), ("act#art-114",)),
            Outcome("refused", Source("true")),
        ),
        (
            Rule("posted", Source("status == 'none'"), ("act#art-116-1",)),
            Rule("detained", Source("ready"), ("act#art-116-2",)),
            Rule("paid", Source("number >= 2"), ("act#art-114-1-5",)),
            Rule("insured", Source("yes"), ("act#art-114-1-1",)),
            Rule("other_cover", Source("sure"), ("act#art-114-4a",)),
        ),
    )
    facts = {"status": "visa", "ready": False, "number": 3, "yes": True, "sure": False}
    found = explain(Check(compiled(made, generating.VOCABULARY), facts, {}, ON))
    fired = [(b.speaks_for, b.id, b.holds, b.sources) for b in found.because]

    assert fired == [
        ("granted", "granted", True, ("act#art-114",)),
        ("granted", "paid", True, ("act#art-114-1-5",)),
        ("granted", "insured", True, ("act#art-114-1-1",)),
        ("barred", "barred", False, ("act#art-116",)),
        ("barred", "posted", False, ("act#art-116-1",)),
        ("barred", "detained", False, ("act#art-116-2",)),
    ]
    assert dict(found.decisive_facts) == {id: facts[id] for id in facts if id != "sure"}


def test_the_row_of_a_table_is_named():
    rows = (
        Row((Source("'UA'"),), Source("'near'"), ("act#art-1",)),
        Row((Source(""),), Source("'far'"), ("act#art-2",)),
    )
    made = Definition(
        "example",
        date(2026, 1, 1),
        (Outcome("far", Source("way == 'far'")), Outcome("near", Source("true"))),
        tables=(Table("way", (Source("country"),), rows, HitPolicy.FIRST),),
    )
    found = explain(Check(compiled(made, generating.VOCABULARY), {"country": "BY"}, {}, ON))

    assert [(b.id, b.row, b.sources) for b in found.because][1] == ("way", 2, ("act#art-2",))


def test_what_is_not_settled_is_not_explained():
    found = explain(Check(program(("granted", "yes"), ("no", "true")), {}, {}, ON))

    assert (found.outcome, found.decisive_facts, found.because) == (None, (), ())


def test_a_stay_that_runs_out_changes_the_outcome_the_day_after():
    ready = program(("in-time", "on <= until"), ("late", "true"), vocabulary=CHANGEABLE)
    found = explain(Check(ready, {"until": ON + timedelta(days=9)}, {}, ON))

    assert found.by_time == (ON + timedelta(days=10), "late")


def test_where_no_single_change_helps_a_pair_is_named():
    ready = program(
        ("granted", "yes && status == 'visa'"), ("refused", "true"), vocabulary=CHANGEABLE
    )
    found = explain(Check(ready, {"yes": False, "status": "none"}, {}, ON))

    (change,) = found.would_change
    assert dict(change.facts) == {"yes": True, "status": "visa"}
    assert change.outcome == "granted"


def test_the_nearest_decimal_is_found_to_the_hundredth():
    ready = program(("granted", "rate >= 1.25"), ("refused", "true"), vocabulary=CHANGEABLE)
    found = explain(Check(ready, {"rate": "0.5"}, {}, ON))

    assert found.would_change[0].facts == (("rate", Fraction(5, 4)),)


def test_the_nearest_day_is_found_though_the_term_moves_over_holidays():
    ready = program(
        ("in-time", "on <= term_end(until, days(14))"), ("late", "true"), vocabulary=CHANGEABLE
    )
    found = explain(Check(ready, {"until": date(2026, 3, 1)}, {}, ON))

    (change,) = found.would_change
    assert change.outcome == "in-time"
    assert change.facts == (("until", date(2026, 3, 19)),)


def test_what_would_leave_the_outcome_open_is_said_without_an_outcome():
    ready = program(("granted", "yes || sure"), ("refused", "true"), vocabulary=CHANGEABLE)
    found = explain(Check(ready, {"yes": True}, {}, ON))

    assert [(change.facts, change.outcome) for change in found.would_change] == [
        ((("yes", False),), None)
    ]
