"""What a message states is read; what it asks, supposes, denies or says of others is not."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from przystan.assistant.facts import read
from przystan.config import cli

ON = date(2026, 11, 23)


def facts(message):
    return {stated.fact: stated.value for stated in read(message, ON)}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Jestem z Gruzji, mam wizę D ważną do 12.03.2027.",
         {"citizenships": ["GE"], "stay_basis": "visa_d_pl", "stay_until": "2027-03-12"}),
        ("Я українка, маю PESEL UKR, живу у Вроцлаві",
         {"citizenships": ["UA"], "stay_basis": "temporary_protection", "has_pesel": True,
          "in_poland": True}),
        ("меня уволили 3 ноября, воеводе ещё не писал",
         {"job_lost_on": "2026-11-03", "voivode_told": False}),
        ("I work on umowa zlecenie, 4 900 gross",
         {"contract": "mandate", "gross_monthly": 490_000}),
        ("ya z Ukrainy, maju pesel ukr", {"citizenships": ["UA"], "has_pesel": True,
                                          "stay_basis": "temporary_protection"}),
        ("Decyzję odebrałam wczoraj", {"decision_delivered_on": "2026-11-22"}),
        ("Нет песеля, я гражданин Беларуси", {"has_pesel": False, "citizenships": ["BY"]}),
        ("Mam Blue Card do końca roku", {"stay_basis": "temporary_permit",
                                         "permit_kind": "blue_card", "stay_until": "2026-12-31"}),
        ("Мій чоловік поляк", {"relation_to_sponsor": "spouse", "has_polish_spouse": True,
                               "sponsor_status": "polish_citizen"}),
    ],
)  # fmt: skip
def test_what_is_said_is_read(message, expected):
    assert facts(message) == expected


@pytest.mark.parametrize(
    "message",
    [
        "Czy obywatel Gruzji z wizą D może pracować?",
        "Ile kosztuje karta pobytu?",
        "Якщо я маю PESEL UKR, чи можу працювати?",
        "Моя подруга з України, у неї віза D до 12.03.2027",
        "gdybym miał Blue Card, mógłbym zmienić pracę",
        "what is a trusted profile",
        "zarabiam 4700 na rękę",
        "zarabiam około 4700 brutto",
        "",
        "?!.,",
    ],
)
def test_what_is_not_said_of_the_writer_is_not_read(message):
    assert facts(message) == {}


def test_a_fact_that_contradicts_itself_is_left_out():
    assert "stay_until" not in facts("Wiza ważna do 1.02.2027. Nie, wiza ważna do 5.02.2027.")


def test_a_day_without_year_is_the_last_one_of_what_happened_and_the_next_of_what_will():
    assert facts("wjechałem 24 listopada")["entered_on"] == "2025-11-24"
    assert facts("wiza ważna do 22 listopada")["stay_until"] == "2027-11-22"


def test_a_slash_date_that_can_be_read_two_ways_is_no_day():
    assert "entered_on" not in facts("I entered on 03/04/2026")
    assert facts("I entered on 13/04/2026")["entered_on"] == "2026-04-13"


@given(st.text(max_size=400))
def test_any_text_is_read_without_an_error(text):
    for stated in read(text, ON):
        assert stated.quote


@pytest.mark.parametrize("text", ["a " * 50_000, "1." * 20_000, "," * 50_000, "мам " * 20_000])
def test_a_hostile_text_takes_no_longer(text):
    assert isinstance(read(text, ON), tuple)


def test_messages_are_read_in_a_batch_and_compared_with_labels(tmp_path, capsys):
    rows = [
        {"id": "1", "message": "Jestem z Gruzji", "facts": {"citizenships": ["GE"]}},
        {"id": "2", "on": "2026-11-23", "message": "mam wizę", "facts": {"has_pesel": True}},
    ]  # fmt: skip
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    assert cli.main(["evaluate", "facts", str(tmp_path / "in.jsonl"), "--out", "-"]) == 0

    printed = capsys.readouterr()
    assert json.loads(printed.out.splitlines()[0]) == {"id": "1", "facts": {"citizenships": ["GE"]}}
    assert "precision 1.000, recall 0.500" in printed.err
