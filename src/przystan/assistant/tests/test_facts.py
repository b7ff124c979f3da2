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


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        # whose: a relative is spoken of until the writer returns
        ("Mieszkam z mamą w Kielcach, ona ma stały pobyt, ja jestem jej synem",
         {"in_poland": True, "lives_with_sponsor": True, "relation_to_sponsor": "child",
          "sponsor_status": "permanent_permit"}),
        ("Супруга гражданка Польши, живём вместе, а сам я из Армении",
         {"relation_to_sponsor": "spouse", "sponsor_status": "polish_citizen",
          "has_polish_spouse": True, "lives_with_sponsor": True, "citizenships": ["AM"]}),
        ("Jestem żoną obywatela Ukrainy z kartą stałego pobytu",
         {"relation_to_sponsor": "spouse", "sponsor_status": "permanent_permit"}),
        ("My husband isn't Polish", {"has_polish_spouse": False}),
        ("Z żoną rozwiedliśmy się, ona jest Polką", {}),
        ("Я соцработник, у подопечной песель укр, она из Украины", {}),
        ("I'm asking for a friend: Indian, Blue Card, fired on 2 November", {}),
        # when: what was, what is, what is planned
        ("Раніше мав візу D, тепер живу по безвізу", {"stay_basis": "visa_free"}),
        ("I filed for a residence card on 1 September while on a D visa, still waiting",
         {"application_filed_on": "2026-09-01", "stay_basis": "application_pending",
          "basis_before_application": "visa_d_pl"}),
        ("Najpierw miałam wizę D, ważną do 20 lipca; wniosek złożyłam 5 lipca i czekam",
         {"basis_before_application": "visa_d_pl", "stay_until": "2026-07-20",
          "application_filed_on": "2026-07-05", "stay_basis": "application_pending"}),
        ("Zbieram papiery na kartę pobytu na studia", {"purpose_of_stay": "study"}),
        ("Pojutrze składam wniosek o pobyt stały",
         {"purpose_of_stay": "settling", "filed_on": "2026-11-25"}),
        ("Zastanawiam się nad zmianą pracodawcy", {}),
        # days: in words, from the one before, and of the right thing
        ("тридцать первого декабря заканчивается мой контракт", {"work_ends_on": "2026-12-31"}),
        ("I was let go four days ago", {"job_lost_on": "2026-11-19"}),
        ("Мене звільнили 16 листопада, наступного дня повідомила воєводу",
         {"job_lost_on": "2026-11-16", "voivode_told": True, "voivode_told_on": "2026-11-17"}),
        ("Oświadczenie mam do 3 marca, a wizę krajową do 30 czerwca",
         {"work_document": "declaration", "work_ends_on": "2027-03-03",
          "stay_basis": "visa_d_pl", "stay_until": "2027-06-30"}),
        ("Wiza ważna do 5 stycznia przyszłego roku", {"stay_until": "2027-01-05"}),
        ("Karta Polaka ważna do 5 maja 2030, umowa najmu do 31 grudnia", {"karta_polaka": True}),
        ("Wyjechałem z Polski 3 listopada", {}),
        ("The voivode told me to wait", {}),
        # the job
        ("Дві роботи: умова о праце пів ставки 2500 брутто і злецення 1500 брутто",
         {"jobs": [{"contract": "employment", "gross_monthly": 250_000, "fte_percent": 50},
                   {"contract": "mandate", "gross_monthly": 150_000}]}),
        ("Zarabiam brutto sześć tysięcy dwieście złotych", {"gross_monthly": 620_000}),
        ("25 hours a week, 32 PLN gross per hour",
         {"hours_weekly_over_20": True, "gross_hourly": 3200}),
        ("up to 20 hours a week", {}),
        # denied, asked and answered
        ("I've neither a trusted profile nor a qualified signature",
         {"can_sign_electronically": False}),
        ("nie mam profilu zaufanego", {}),
        ("PESEL? brak", {"has_pesel": False}),
        ("Nie jestem ani z Ukrainy, ani z Białorusi", {}),
        # Latin letters
        ("ya hromadianyn Moldovy, zhyvu v Poznani, podav na kartu pobytu 5 zhovtnia, chekayu",
         {"citizenships": ["MD"], "in_poland": True, "application_filed_on": "2026-10-05",
          "stay_basis": "application_pending"}),
    ],
)  # fmt: skip
def test_whose_when_and_of_what_a_message_speaks_is_heard(message, expected):
    assert facts(message) == expected


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
