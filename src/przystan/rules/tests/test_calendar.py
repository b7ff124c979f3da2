from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from przystan.rules import days, terms

DAYS = st.dates(date(1950, 1, 1), date(2080, 12, 31))


@pytest.mark.parametrize("year", range(2012, 2041))
def test_days_off_are_those_that_the_holidays_library_lists(year):
    theirs = {day for day in holidays.country_holidays("PL", years=year) if day.year == year}

    assert days.days_off(year) == theirs


def test_christmas_eve_is_a_day_off_from_2025():
    assert days.is_working_day(date(2024, 12, 24))
    assert not days.is_working_day(date(2025, 12, 24))


@pytest.mark.parametrize(
    ("delivered", "end"),
    [
        ("2026-10-16", "2026-10-30"),
        ("2026-10-18", "2026-11-02"),
        ("2026-10-28", "2026-11-12"),
        ("2026-12-10", "2026-12-28"),
    ],
)
def test_a_fourteen_day_appeal_ends_on_a_day_that_is_neither_free_nor_a_saturday(delivered, end):
    assert terms.end_of_days(date.fromisoformat(delivered), 14) == date.fromisoformat(end)


def test_a_call_of_seven_days_before_christmas_ends_after_it():
    assert terms.end_of_days(date(2026, 12, 17), 7) == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("event", "months", "end"),
    [
        ("2026-01-31", 1, "2026-03-02"),  # 28 February is a Saturday, 1 March a Sunday
        ("2027-01-31", 1, "2027-03-01"),  # 28 February is a Sunday
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-08-30", 6, "2027-03-01"),
        ("2026-11-22", 12, "2027-11-22"),
        ("2024-02-29", 12, "2025-02-28"),
    ],
)
def test_a_term_in_months_ends_on_the_same_number_or_the_last_day(event, months, end):
    assert terms.end_of_months(date.fromisoformat(event), months) == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("event", "count", "end"),
    [
        ("2026-10-19", 15, "2026-11-09"),
        ("2026-11-02", 15, "2026-11-24"),
        ("2026-12-14", 15, "2027-01-08"),
        ("2026-11-09", 3, "2026-11-13"),  # MOS repaired on 9 November
        ("2026-12-22", 3, "2026-12-29"),
    ],
)
def test_working_days_skip_weekends_and_days_off(event, count, end):
    assert days.add_working_days(date.fromisoformat(event), count) == date.fromisoformat(end)


@given(DAYS, st.integers(0, 400))
def test_counting_working_days_and_adding_them_agree(day, count):
    end = days.add_working_days(day, count)

    assert days.working_days_between(day, end) == count
    slow = sum(days.is_working_day(day + timedelta(n)) for n in range(1, (end - day).days + 1))
    assert slow == count
    assert days.working_days_between(end, day) == -count


@given(DAYS, DAYS)
def test_full_months_are_the_most_that_fit(start, end):
    months = days.months_between(start, end)

    assert days.add_months(start, months) <= end < days.add_months(start, months + 1)


@given(DAYS, DAYS, st.integers(0, 600))
def test_a_later_day_never_makes_a_term_end_earlier(one, other, length):
    early, late = sorted((one, other))

    assert terms.end_of_days(early, length) <= terms.end_of_days(late, length)
    assert terms.end_of_months(early, length) <= terms.end_of_months(late, length)
    assert days.months_between(early, date(2100, 1, 1)) >= days.months_between(
        late, date(2100, 1, 1)
    )


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [
        ("2008-11-22", "2026-11-21", 17),
        ("2008-11-22", "2026-11-22", 18),
        ("2008-02-29", "2026-02-27", 17),
        ("2008-02-29", "2026-02-28", 18),
    ],
)
def test_an_age_is_reached_at_the_beginning_of_the_birthday(birth, on, years):
    assert days.age(date.fromisoformat(birth), date.fromisoformat(on)) == years


SPRING = (date(2026, 3, 1), date(2026, 4, 29))
SUMMER = date(2026, 7, 1)


def test_sixty_days_in_spring_leave_thirty_from_july():
    assert terms.last_legal_day([SPRING], SUMMER, 90, 180) == date(2026, 7, 30)


def test_a_day_of_march_counts_for_180_days():
    stays = [SPRING, (SUMMER, date(2026, 7, 15))]

    assert terms.days_present(stays, date(2026, 8, 27), 180) == 75
    assert terms.days_present(stays, date(2026, 8, 28), 180) == 74


def test_a_first_stay_may_last_ninety_days_and_no_more():
    assert terms.last_legal_day([], SUMMER, 90, 180) == SUMMER + timedelta(days=89)


def test_who_has_used_all_days_may_not_enter():
    used = [(SUMMER - timedelta(days=90), SUMMER - timedelta(days=1))]

    assert terms.last_legal_day(used, SUMMER, 90, 180) == SUMMER - timedelta(days=1)


STAYS = st.lists(
    st.tuples(st.dates(date(2025, 1, 1), date(2026, 12, 31)), st.integers(0, 200)), max_size=5
).map(lambda drawn: [(entry, entry + timedelta(length)) for entry, length in drawn])


@given(STAYS, st.dates(date(2025, 6, 1), date(2027, 6, 1)), st.integers(1, 200))
def test_days_present_are_counted_as_on_a_paper_calendar(stays, day, window):
    paper = {entry + timedelta(n) for entry, left in stays for n in range((left - entry).days + 1)}
    slow = sum(day - timedelta(n) in paper for n in range(window))

    assert terms.days_present(stays, day, window) == slow
