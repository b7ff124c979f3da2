"""Values, unknowns and tables, by example."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from przystan.rules.check import Check
from przystan.rules.definitions import Definition, HitPolicy, Outcome, OutcomeKind, Row, Rule, Table
from przystan.rules.faults import FactError, Source
from przystan.rules.program import compiled
from przystan.rules.results import Status, result
from przystan.rules.stating import stated
from przystan.rules.tests import generating
from przystan.rules.tests.factories import program
from przystan.rules.values import (
    BOOL,
    DECIMAL,
    MONEY,
    TEXT,
    Dated,
    Kind,
    Listing,
    PartialDate,
    Type,
    Unknown,
    Why,
    choice,
    list_of,
    record,
)
from przystan.rules.vocabulary import Fact, KnownBy, Parameter, Vocabulary

ON = generating.ON


def value(text, facts=None, parameters=None, vocabulary=generating.VOCABULARY):
    ready = program(("any", "true"), vocabulary=vocabulary, asked=text)
    return Check(ready, facts or {}, parameters or {}, ON).value_of("asked")


def test_false_wins_over_unknown_in_and_true_in_or_whatever_the_order():
    assert value("yes && sure", {"sure": False}) is False
    assert value("sure && yes", {"sure": False}) is False
    assert value("yes || sure", {"sure": True}) is True
    assert isinstance(value("yes && sure", {"sure": True}), Unknown)


def test_an_unknown_is_neither_true_nor_false_in_python():
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(value("yes"))


def test_over_an_open_list_exists_can_only_become_true_and_all_only_false():
    open_list = {"family": Listing(({"kind": "child"},))}

    assert value("family.exists(m, m.kind == 'child')", open_list) is True
    assert isinstance(value("family.exists(m, m.kind == 'spouse')", open_list), Unknown)
    assert value("family.all(m, m.kind == 'spouse')", open_list) is False
    assert isinstance(value("family.all(m, m.kind == 'child')", open_list), Unknown)


def test_a_count_over_an_open_list_is_a_range():
    counted = value("size(family)", {"family": Listing(({"kind": "child"}, {}))})

    assert (counted.low, counted.high) == (2, None)
    assert value("size(family) >= 2", {"family": Listing(({}, {}))}) is True


def test_the_year_of_birth_is_enough_where_the_day_makes_no_difference():
    assert value("age(born, on) >= 18", {"born": "1990"}) is True
    assert value("age(born, on) >= 18", {"born": "2008-05"}) is False
    assert isinstance(value("age(born, on) >= 18", {"born": "2008"}), Unknown)


def test_bounds_of_a_fact_count_before_it_is_known():
    assert value("number <= 3") is True
    assert value("number > 3") is False


def test_the_sum_of_two_half_time_contracts_meets_the_minimum_wage():
    vocabulary = Vocabulary(
        [Fact("jobs", list_of(record(gross=Type(Kind.MONEY, low=0))))],
        [Parameter("minimum_wage", MONEY)],
    )
    text = "jobs.sum(j, j.gross) >= minimum_wage"
    wage = {"minimum_wage": Dated(((date(2026, 1, 1), 480_600),))}

    def two(first, second):
        return {"jobs": [{"gross": first}, {"gross": second}]}

    assert value(text, two(260_000, 240_000), wage, vocabulary) is True
    assert value(text, two(230_000, 240_000), wage, vocabulary) is False
    enough = {"jobs": Listing(({"gross": 480_600},))}
    assert value(text, enough, wage, vocabulary) is True


def test_a_parameter_without_a_verified_value_leaves_it_to_an_official():
    vocabulary = Vocabulary([Fact("pay", MONEY)], [Parameter("limit", MONEY)])
    ready = program(("good", "pay > limit"), ("bad", "true"), vocabulary=vocabulary)
    for parameters in ({}, {"limit": None}, {"limit": Dated(((date(2027, 1, 1), 5),))}):
        found = result(Check(ready, {"pay": 7}, parameters, ON))

        assert found.status is Status.NEEDS_OFFICIAL
        assert [(hole.id, hole.why) for hole in found.missing] == [("limit", Why.LAW_NOT_VERIFIED)]


def test_a_rule_that_nobody_has_verified_decides_nothing():
    made = Definition(
        "example",
        date(2026, 1, 1),
        (Outcome("good", Source("doubtful")), Outcome("bad", Source("true"))),
        (Rule("doubtful", Source("yes"), is_verified=False),),
    )
    found = result(Check(compiled(made, generating.VOCABULARY), {"yes": True}, {}, ON))

    assert found.status is Status.NEEDS_OFFICIAL
    assert found.possible == ("good", "bad")
    assert found.missing[0].why is Why.LAW_NOT_VERIFIED


def test_what_only_an_official_assesses_is_not_asked_but_may_be_stated_at_the_desk():
    vocabulary = Vocabulary([Fact("real_purpose", BOOL, known_by=KnownBy.OFFICIAL)])
    ready = program(("good", "real_purpose"), ("bad", "true"), vocabulary=vocabulary)
    check = Check(ready, {}, {}, ON)

    assert result(check).status is Status.NEEDS_OFFICIAL
    assert result(check).missing[0].why is Why.ONLY_AN_OFFICIAL
    check.state("real_purpose", True)
    assert result(check).outcome == "good"


def test_an_outcome_may_itself_be_that_the_official_decides():
    outcomes = (
        Outcome("discretion", Source("yes"), kind=OutcomeKind.OFFICIAL),
        Outcome("no", Source("true")),
    )
    made = Definition("example", date(2026, 1, 1), outcomes)
    found = result(Check(compiled(made, generating.VOCABULARY), {"yes": True}, {}, ON))

    assert (found.status, found.outcome) == (Status.NEEDS_OFFICIAL, "discretion")


def test_where_no_outcome_holds_an_official_has_to_look():
    found = result(Check(program(("good", "yes")), {"yes": False}, {}, ON))

    assert (found.status, found.outcome, found.possible) == (Status.NEEDS_OFFICIAL, None, ())


def looked_up(facts, policy=HitPolicy.FIRST, rows=None):
    rows = rows or (("'UA', 'BY'", ">= 2", "'near'"), ("'UA'", "", "'mid'"), ("", "", "'far'"))
    table = Table(
        "way",
        (Source("country"), Source("number")),
        tuple(Row((Source(a), Source(b)), Source(c)) for a, b, c in rows),
        policy,
    )
    made = Definition("t", date(2026, 1, 1), (Outcome("any", Source("true")),), tables=(table,))
    check = Check(compiled(made, generating.VOCABULARY), facts, {}, ON)
    return check, check.value_of("way")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"country": "UA", "number": 2}, "near"),
        ({"country": "UA", "number": 1}, "mid"),
        ({"country": "BY", "number": 1}, "far"),
        ({"country": "PL"}, "far"),  # the number makes no difference any more
    ],
)
def test_the_first_row_that_fits_gives_the_value(facts, expected):
    assert looked_up(facts)[1] == expected


@pytest.mark.parametrize("facts", [{}, {"country": "UA"}, {"number": 2}])
def test_a_table_never_falls_through_to_its_last_row_on_an_unknown(facts):
    assert isinstance(looked_up(facts)[1], Unknown)


def test_rows_of_one_value_settle_it_though_it_is_open_which_of_them_fits():
    rows = (("'UA'", "", "'near'"), ("'BY'", "", "'near'"), ("", "", "'near'"))

    assert looked_up({}, rows=rows)[1] == "near"


def test_two_rows_of_a_unique_table_are_a_contradiction_that_decides_nothing():
    rows = (("'UA'", "", "'near'"), ("", ">= 2", "'far'"))
    check, found = looked_up({"country": "UA", "number": 3}, HitPolicy.UNIQUE, rows)

    assert check.why(found.mask) is Why.RULES_SILENT
    assert looked_up({"country": "UA", "number": 1}, HitPolicy.UNIQUE, rows)[1] == "near"
    assert isinstance(looked_up({"country": "PL", "number": 0}, HitPolicy.UNIQUE, rows)[1], Unknown)


def test_a_collecting_table_gives_all_values_and_knows_which_are_open():
    rows = (("'UA'", "", "'passport'"), ("", ">= 2", "'photo'"), ("", "", "'form'"))
    _, found = looked_up({"country": "UA"}, HitPolicy.COLLECT, rows)

    assert found.sure == ("passport", "form")
    assert [item for item, _ in found.doubtful] == ["photo"]


@pytest.mark.parametrize(
    ("type_", "raw", "expected"),
    [
        (BOOL, True, True),
        (Type(Kind.INT), 7, 7),
        (DECIMAL, "1.50", Fraction(3, 2)),
        (DECIMAL, Decimal("0.1"), Fraction(1, 10)),
        (MONEY, 480_600, 480_600),
        (TEXT, "Nguye\u0302\u0303n", "Nguyễn"),
        (Type(Kind.DATE), "2026-11-23", date(2026, 11, 23)),
        (list_of(choice("a", "b")), ["a"], Listing(("a",), True)),
        (list_of(choice("a")), {"items": [], "complete": False}, Listing((), False)),
        (record(a=BOOL, b=BOOL), {"b": True}, (Why.NOT_ASKED, True)),
        (BOOL, {"unknown": "person_does_not_know"}, Why.PERSON_DOES_NOT_KNOW),
    ],
)
def test_what_is_stated_becomes_a_value_of_its_type(type_, raw, expected):
    assert stated(Fact("f", type_), raw) == expected


@pytest.mark.parametrize(
    ("type_", "raw", "part"),
    [
        (BOOL, "true", "is not a yes or a no"),
        (BOOL, 1, "is not a yes or a no"),
        (Type(Kind.INT), True, "is not a whole number"),
        (Type(Kind.INT), 1.0, "is not a whole number"),
        (Type(Kind.INT, low=0), -1, "is below 0"),
        (Type(Kind.INT, high=9), 10, "is above 9"),
        (Type(Kind.INT), 10**30, "is too large"),
        (DECIMAL, 0.1, "is not a decimal number"),
        (DECIMAL, "1e9", "is not a decimal number"),
        (DECIMAL, Decimal("NaN"), "is not a number"),
        (MONEY, "4806", "is not whole grosz"),
        (choice("a"), "b", "is none of the options"),
        (TEXT, 3, "is not a text"),
        (TEXT, "x" * 20_000, "is too long"),
        (Type(Kind.DATE), "2026-02-30", "a day that the calendar does not have"),
        (Type(Kind.DATE), "23.11.2026", "is not a date"),
        (Type(Kind.DATE), "2026-11", "lacks the day or the month"),
        (Type(Kind.DATE, low=date(2026, 1, 1)), "2025-12-31", "is below 2026-01-01"),
        (list_of(BOOL), "x", "is not a list"),
        (list_of(BOOL), [True, 3], r"f\[1\]: is not a yes"),
        (list_of(BOOL), [True] * 501, "too many entries"),
        (record(a=BOOL), {"b": True}, "f.b: is no field"),
        (record(a=BOOL), [True], "is not a record"),
        (BOOL, {"unknown": "later"}, "no known reason"),
        (BOOL, Why.LAW_NOT_VERIFIED, "a fact is no law"),
    ],
)
def test_what_does_not_fit_is_refused_with_reason_and_remedy(type_, raw, part):
    with pytest.raises(FactError, match=part):
        stated(Fact("f", type_), raw)


def test_a_partial_date_is_taken_where_the_fact_allows_it():
    fact = Fact("born", Type(Kind.DATE, low=date(1900, 1, 1)), may_be_partial=True)

    assert stated(fact, "1972") == PartialDate(1972)
    assert (PartialDate(1972).first, PartialDate(1972).last) == (
        date(1972, 1, 1),
        date(1972, 12, 31),
    )
    assert PartialDate(2024, 2).last == date(2024, 2, 29)
    with pytest.raises(FactError, match="is below"):
        stated(fact, "1899")


def test_a_fact_that_nobody_knows_of_is_refused():
    with pytest.raises(FactError, match="is no fact of the vocabulary"):
        Check(program(("any", "true")), {"unheard_of": True}, {}, ON)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists))
def test_any_json_is_taken_or_refused(raw):
    for fact in generating.VOCABULARY.facts.values():
        with suppress(FactError):
            found = stated(fact, raw)
            assert stated(fact, found) == found


@given(st.integers(0, 2**48))
def test_one_more_fact_never_unsettles_what_is_settled(seed):
    random = Random(seed)
    ready = compiled(generating.definition(random, is_small=False), generating.VOCABULARY)
    known = generating.assignment(random)
    partial = generating.blurred(random, known, 0.5)
    check = Check(ready, partial, {}, ON)
    before = result(check).outcome
    for id in known:
        if id not in partial:
            check.state(id, known[id])
            after = result(check).outcome
            assert before in (None, after)
            before = after


@given(st.integers(0, 2**48))
def test_one_fact_after_the_other_comes_to_what_all_at_once_come_to(seed):
    random = Random(seed)
    ready = compiled(generating.definition(random, is_small=False), generating.VOCABULARY)
    first, second = generating.assignment(random), generating.assignment(random)
    check = Check(ready, first, {}, ON)
    result(check)
    for id, each in second.items():
        check.state(id, each)
        result(check)

    assert result(check) == result(Check(ready, second, {}, ON))
