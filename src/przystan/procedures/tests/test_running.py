"""A check says its outcome, why, what is missing, what it costs; never more than is known."""

from datetime import date

import pytest

from przystan.core.errors import AbsentError
from przystan.procedures import describing, running
from przystan.rules import FactError
from przystan.rules.canonical import record, replayed, spelled

ON = date(2026, 11, 23)
ADULT = {"birth_date": "1990-02-03"}
PAID = {"items": [{"gross_monthly": 260_000}, {"gross_monthly": 240_000}], "complete": True}


def answer(small, facts, on=ON):
    return describing.as_json(running.check(small, "permit", facts, on))


def test_nothing_known_asks_the_first_question_and_says_what_is_possible(small):
    found = answer(small, {})

    assert found["outcome"] is None
    assert found["status"] == "needs_facts"
    assert found["next_question"] == {"fact": "birth_date"}
    assert found["fee_grosz"] is None
    assert set(found["possible"]) == {"too-young", "may", "perhaps", "no"}


def test_an_outcome_has_reasons_with_provision_fees_documents_and_authority(small):
    found = answer(small, {**ADULT, "insured": True, "jobs": PAID})

    assert (found["outcome"], found["status"], found["verdict"]) == ("may", "decided", "yes")
    assert {"rule": "paid_enough", "holds": True, "act": "act-on-foreigners",
            "provision": "art-114-1-5"} in found["because"]  # fmt: skip
    assert {"rule": "covered", "holds": True, "page": "mazowieckie-fees"} in found["because"]
    assert found["fee_grosz"] == 54_000
    assert [each["id"] for each in found["documents"]] == ["passport", "policy"]
    assert found["authority"] == "voivode"
    assert found["law_edition"] == {"act-on-foreigners": "DU/2025/1079 (2026-07-18)"}
    assert found["next_question"] is None
    assert set(found["decisive_facts"]) == {"birth_date", "insured", "jobs"}


def test_what_a_person_can_change_is_said(small):
    found = answer(small, {**ADULT, "insured": False, "jobs": []})

    assert found["outcome"] == "no"
    assert found["would_change"] == [{"facts": {"insured": True}, "outcome": "perhaps"}]


def test_an_outcome_on_law_nobody_verified_says_so_and_offers_a_human(small):
    found = answer(small, {**ADULT, "insured": True, "jobs": []})

    assert (found["outcome"], found["status"]) == ("perhaps", "to_verify")
    assert found["offers_human"] is True


def test_a_parameter_without_verified_value_leaves_it_open_and_is_named(small):
    facts = {**ADULT, "insured": True, "jobs": PAID}

    found = answer(small, facts, date(2027, 1, 1))

    assert found["outcome"] is None
    assert {"parameter": "minimum_wage", "why": "law_not_verified"} in found["missing"]


def test_the_law_of_the_filing_day_governs_once_it_is_stated(small):
    facts = {**ADULT, "insured": True, "jobs": PAID, "filed_on": "2026-12-31"}

    found = answer(small, facts, date(2027, 1, 10))

    assert (found["law_day"], found["outcome"]) == ("2026-12-31", "may")


def test_two_statements_that_cannot_both_be_true_decide_nothing(small):
    found = answer(small, {**ADULT, "married_on": "1985-01-01"})

    assert found["status"] == "contradictory"
    assert found["contradictions"] == ["wed-before-birth"]
    assert found["outcome"] is None


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"birth_date": "2026-11-24"}, "birth_date: lies in the future"),
        ({"birth_date": "2027"}, "birth_date: lies in the future"),
        ({"birth_date": "1990-02-30"}, "birth_date"),
        ({"insured": "yes"}, "insured"),
        ({"nobody_knows": 1}, "nobody_knows"),
        ({"jobs": [{"gross_monthly": -1}]}, "gross_monthly"),
        ({"citizenships": ["XX"]}, "citizenships"),
        ({"filed_on": "soon"}, "filed_on"),
    ],
)
def test_an_impossible_fact_is_refused_by_name_and_not_repeated(small, facts, named):
    with pytest.raises(FactError, match=named) as refused:
        running.check(small, "permit", facts, ON)

    assert "1990-02-30" not in str(refused.value)


@pytest.mark.parametrize("on", [date(2026, 3, 4), date(1990, 1, 1)])
def test_before_its_first_day_there_is_no_procedure(small, on):
    with pytest.raises(AbsentError):
        running.check(small, "permit", {}, on)


def test_a_term_is_known_once_its_day_is(small):
    facts = {"birth_date": "2010-05-01", "insured": False}

    assert answer(small, facts)["term"] is None
    with_day = answer(small, {**facts, "delivered_on": "2026-10-18"})
    assert with_day["term"] == {"id": "appeal-by", "day": "2026-11-02"}


def test_a_term_that_does_not_apply_is_neither_shown_nor_asked_for(small):
    found = answer(small, {"birth_date": "2010-05-01", "insured": True})

    assert found["terms"] == []
    assert found["next_question"] is None


def test_what_a_person_does_not_know_is_stored_and_not_asked_again(small):
    facts = {"birth_date": {"unknown": "person_does_not_know"}}

    found = answer(small, facts)

    assert found["outcome"] is None
    assert found["next_question"] != {"fact": "birth_date"}


def test_a_stored_check_is_replayed_to_the_same_bytes(small):
    procedure, day = running.governing(small, "permit", ADULT, ON)
    run = running.started(small, procedure, ADULT, ON, day)
    stored = record(run)

    assert spelled(replayed(procedure.program, stored)) == spelled(stored)


def test_the_list_of_procedures_has_the_schema_of_its_facts(small):
    found = describing.described(small, ON)

    assert found["procedures"][0]["id"] == "permit"
    assert found["facts"]["jobs"]["of"]["fields"]["gross_monthly"]["type"] == "money"
    assert found["facts"]["birth_date"]["partial"] is True
    assert found["facts"]["birth_date"]["question"]["en"] == "en q"
