"""Rules of the law written in the language, with the day before, the first day, the edge.

Small excerpts for the engine; the definitions themselves are another room's.
"""

from datetime import date

import pytest

from przystan.rules.check import Check
from przystan.rules.definitions import Definition, Outcome, OutcomeKind, Rule
from przystan.rules.explanation import explain
from przystan.rules.faults import Source
from przystan.rules.program import compiled
from przystan.rules.questions import next_question
from przystan.rules.results import result
from przystan.rules.tests.factories import program
from przystan.rules.values import BOOL, DATE, MONEY, Dated, Kind, Type, choice, list_of, record
from przystan.rules.vocabulary import Fact, Parameter, Sensitivity, Vocabulary

ON = date(2026, 11, 22)
DAY = date.fromisoformat
VOCABULARY = Vocabulary(
    [
        Fact("citizenships", list_of(choice("UA", "BY", "MD", "GE", "AM", "PL", "XX"))),
        Fact("ukr_active", BOOL),
        Fact("ukr_active_on_2025_06_04", BOOL),
        Fact("ukr_since", DATE),
        Fact("stay_until", DATE),
        Fact("filed_on", DATE, is_changeable=True),
        Fact("all_signed_on", DATE),
        Fact("job_lost_on", DATE),
        Fact("delivered_on", DATE),
        Fact("refused", BOOL, sensitivity=Sensitivity.PERSONAL),
        Fact("married_on", DATE),
        Fact("spouse_permit_from", DATE),
        Fact("jobs", list_of(record(gross=Type(Kind.MONEY, low=0)))),
        Fact("trips", list_of(record(entry=DATE, exit=DATE))),
        Fact("entered_on", DATE),
    ],
    [Parameter("minimum_wage", MONEY), Parameter("cukr_closes_on", DATE)],
)
PARAMETERS = {
    "minimum_wage": Dated(((date(2026, 1, 1), 480_600),)),
    "cukr_closes_on": date(2027, 3, 4),
}


def holds(text, **facts):
    ready = program(("any", "true"), vocabulary=VOCABULARY, asked=text)
    return Check(ready, facts, PARAMETERS, ON).value_of("asked")


@pytest.mark.parametrize(
    ("signed", "in_time"), [("2026-12-31", True), ("2027-01-03", False), ("2027-01-01", False)]
)
def test_an_application_counts_when_all_have_signed_and_the_last_day_does_not_shift(
    signed, in_time
):
    rule = "all_signed_on <= stay_until"  # UC art. 105(1), 106d(6)

    assert holds(rule, all_signed_on=signed, stay_until="2026-12-31") is in_time


@pytest.mark.parametrize(
    ("filed", "refundable"), [("2026-03-04", True), ("2026-03-05", False), ("2026-03-06", False)]
)
def test_the_stamp_duty_of_a_refused_application_is_not_refunded_since_5_march_2026(
    filed, refundable
):
    rule = 'refused && filed_on < date("2026-03-05")'  # UC art. 113c

    assert holds(rule, refused=True, filed_on=filed) is refundable


def test_the_loss_of_a_job_is_notified_within_fifteen_working_days():
    assert holds("add_working_days(job_lost_on, 15)", job_lost_on="2026-11-02") == DAY("2026-11-24")
    assert holds("job_lost_on + days(30)", job_lost_on="2026-11-02") == DAY("2026-12-02")


def test_an_appeal_is_filed_within_fourteen_days():
    assert holds("term_end(delivered_on, days(14))", delivered_on="2026-10-18") == DAY("2026-11-02")


def test_marriage_of_three_years_and_stay_of_two_gives_permanent_residence_and_the_day_is_told():
    ready = program(
        (
            "may-apply",
            "married_on + years(3) <= on && spouse_permit_from + years(2) <= on",  # UC 195(1)(4)
        ),
        ("not-yet", "true"),
        vocabulary=VOCABULARY,
    )
    facts = {"married_on": "2023-09-20", "spouse_permit_from": "2024-12-22"}
    found = explain(Check(ready, facts, PARAMETERS, ON))

    assert found.outcome == "not-yet"
    assert found.by_time == (DAY("2026-12-22"), "may-apply")
    assert dict(found.decisive_facts) == {"spouse_permit_from": DAY("2024-12-22")}


def test_absences_for_a_long_term_resident():
    rule = (
        "trips.all(t, t.exit <= t.entry + months(6))"
        " && trips.sum(t, days_between(t.entry, t.exit)) <= 304"  # ten months; UC art. 212
    )

    def away(*lengths):
        first = DAY("2022-01-01").toordinal()
        starts = [first + 365 * year for year in range(len(lengths))]
        return [
            {"entry": date.fromordinal(start), "exit": date.fromordinal(start + length)}
            for start, length in zip(starts, lengths, strict=True)
        ]

    assert holds(rule, trips=away(183, 60, 60)) is False
    assert holds(rule, trips=away(55, 55, 55, 55, 55)) is True
    assert holds(rule, trips=away(55, 55, 55, 55, 55, 55)) is False


def test_ninety_days_in_any_180():
    spring = [{"entry": "2026-03-01", "exit": "2026-04-29"}]

    last = holds(
        "last_legal_day(trips, entered_on, 90, 180)", trips=spring, entered_on="2026-07-01"
    )
    assert last == DAY("2026-07-30")


def cukr():
    """The chooser in small: CUKR, the ordinary permit, staying under protection."""
    return compiled(
        Definition(
            "chooser",
            date(2026, 5, 4),
            (
                Outcome("not-for-you", Source('!("UA" in citizenships)')),
                Outcome("cukr", Source("may_have_cukr"), details=("last_day",)),
                Outcome("protection", Source("ukr_active"), kind=OutcomeKind.RESULT),
                Outcome("ordinary-permit", Source("true")),
            ),
            (
                Rule(
                    "may_have_cukr",
                    Source(
                        "ukr_active && ukr_active_on_2025_06_04"
                        " && ukr_since + days(365) <= on && on <= cukr_closes_on"
                    ),
                    ("special-act#art-42c",),
                ),
                Rule("last_day", Source("cukr_closes_on")),
            ),
        ),
        VOCABULARY,
    )


def asked(check, answers):
    order = []
    while (found := next_question(check)) is not None:
        order.append(found.fact)
        check.state(found.fact, answers[found.fact])
    return order


def test_who_was_not_under_protection_on_4_june_2025_cannot_have_the_cukr_card():
    answers = {
        "citizenships": ["UA"],
        "ukr_active": True,
        "ukr_active_on_2025_06_04": False,
        "ukr_since": "2025-07-01",
    }
    check = Check(cukr(), {}, PARAMETERS, ON)
    order = asked(check, answers)

    assert result(check).outcome == "protection"
    assert order[0] == "citizenships"
    assert len(order) <= 4


def test_who_is_not_from_ukraine_is_asked_nothing_more():
    check = Check(cukr(), {}, PARAMETERS, ON)

    assert asked(check, {"citizenships": ["GE"]}) == ["citizenships"]
    assert result(check).outcome == "not-for-you"


def test_the_window_of_the_cukr_card_closes_and_the_explanation_says_when():
    facts = {
        "citizenships": ["UA"],
        "ukr_active": True,
        "ukr_active_on_2025_06_04": True,
        "ukr_since": "2022-03-20",
    }
    check = Check(cukr(), facts, PARAMETERS, ON)

    assert result(check).details == (("last_day", DAY("2027-03-04")),)
    assert explain(check).by_time == (DAY("2027-03-05"), "protection")


def test_a_second_citizenship_that_is_not_told_yet_leaves_it_open():
    check = Check(cukr(), {"citizenships": {"items": ["GE"], "complete": False}}, PARAMETERS, ON)

    assert next_question(check).is_more
    assert result(check).outcome is None
