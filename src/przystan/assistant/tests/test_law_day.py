"""A question about a later year is answered by the law of that year, as far as it is known."""

from datetime import date

import pytest

from przystan.assistant.reading import law_day

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "question",
    [
        "Ile wyniesie płaca minimalna w 2027 roku?",
        "What will the minimum wage be in 2027?",
        "Яка буде мінімальна зарплата у 2027 році?",
        "Какая минимальная зарплата будет в следующем году?",
        "Ile będzie kosztować karta od 2027?",
    ],
)
def test_a_later_year_is_the_year_whose_law_is_read(question):
    assert law_day(question, TODAY) == date(2027, 1, 1)


@pytest.mark.parametrize(
    "question",
    [
        "Mam wizę ważną do 2027, co dalej?",
        "w 12.03.2027 kończy mi się karta",
        "Od 2022 pracuję w Polsce",
        "w 2026 roku dostałem kartę",
        "in 2099 or so",
        "Jak złożyć wniosek?",
    ],
)
def test_other_years_change_nothing(question):
    assert law_day(question, TODAY) == TODAY
