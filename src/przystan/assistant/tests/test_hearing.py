"""A typed answer is taken where its words say one thing, and asked again where they do not."""

from dataclasses import replace
from datetime import date

import pytest

from przystan.assistant.hearing import day_beside, goes_first, heard
from przystan.procedures.api import AskedQuestion, Field, TypedError

ON = date(2026, 11, 23)
PURPOSES = (("work", "praca u jednego pracodawcy"), ("study", "nauka"), ("other", "inny cel"))
COUNTRIES = (("UA", "Ukraina"), ("GE", "Gruzja"), ("BY", "Białoruś"), ("PL", "Polska"))


def asked(kind, fact="x", shape="one", **more):
    options = {"choice": PURPOSES, "country": COUNTRIES}.get(kind, ())
    field = Field("value", kind, "label", options, **more)
    return AskedQuestion(
        fact=fact, lang="pl", label="", question="", why="", how="", shape=shape, fields=(field,),
        item="", may_be_unknown=True, is_sensitive=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "more", "text", "value"),
    [
        ("bool", {}, "tak", True),
        ("bool", {}, "Yes since March 3", True),
        ("bool", {}, "Так, з 3 березня", True),
        ("bool", {}, "нет.", False),
        ("bool", {}, "No.", False),
        ("bool", {}, "Ні", False),
        ("bool", {}, "Nie, jeszcze.", False),
        ("choice", {}, "nauka", "study"),
        ("choice", {}, "u jednego pracodawcy", "work"),
        ("country", {}, "Ukraine", "UA"),
        ("country", {}, "Грузія", "GE"),
        ("date", {}, "3 marca 2027", "2027-03-03"),
        ("date", {}, "до 05.11.2026", "2026-11-05"),
        ("date", {"is_past": True}, "yesterday", "2026-11-22"),
        ("date", {"is_past": True}, "od 3 marca", "2026-03-03"),
        ("date", {}, "March 3", "2027-03-03"),
        ("date", {"may_be_partial": True}, "1990", "1990"),
        ("date", {"may_be_partial": True}, "05.1990", "1990-05"),
        ("money", {}, "4 806,50 zł", 480_650),
        ("money", {}, "zarabiam 4,9 tys. brutto", 490_000),
        ("int", {"low": 1, "high": 168}, "40", 40),
        ("int", {}, "jakieś 20 godzin", 20),
        ("decimal", {}, "1,5", "1.5"),
        ("text", {}, "  dwa   słowa ", "dwa słowa"),
        ("bool", {}, "не знаю", {"unknown": "person_does_not_know"}),
        ("date", {}, "I don't know", {"unknown": "person_does_not_know"}),
    ],
)
def test_plain_words_are_an_answer(kind, more, text, value):
    assert heard(text, asked(kind, **more), lang="pl", on=ON) == value


@pytest.mark.parametrize(
    ("kind", "more", "text"),
    [
        ("bool", {}, "tak, ale nie zawsze"),
        ("bool", {}, "yes and no"),
        ("bool", {}, "maybe"),
        ("bool", {}, "да, но не всегда"),
        ("choice", {}, "inny pracodawcy"),
        ("country", {}, "Atlantyda"),
        ("date", {}, "1990"),
        ("date", {}, "od 3 marca do 5 maja"),
        ("date", {"is_past": True}, "5 maja 2030"),
        ("money", {}, "3000-4000"),
        ("int", {"low": 1, "high": 168}, "500"),
        ("int", {}, "20 albo 30"),
        ("text", {}, "x" * 400),
        ("bool", {}, "   "),
        ("choice", {}, "…"),
    ],
)
def test_what_could_mean_two_things_is_asked_again(kind, more, text):
    with pytest.raises(TypedError) as refusal:
        heard(text, asked(kind, **more), lang="pl", on=ON)
    assert refusal.value.sentence


def test_several_countries_are_taken_when_each_is_known():
    question = asked("country", shape="many")

    assert heard("Ukraina i Gruzja", question, lang="pl", on=ON) == {
        "items": ["UA", "GE"], "complete": True
    }  # fmt: skip
    assert heard("Bosna i Hercegovina, Polska".replace("Bosna i Hercegovina", "Białoruś"),
                 question, lang="pl", on=ON)["items"] == ["BY", "PL"]  # fmt: skip
    with pytest.raises(TypedError):
        heard("Ukraina, Atlantyda", question, lang="pl", on=ON)


def test_words_of_a_message_are_read_as_in_a_message():
    question = asked("country", fact="citizenships", shape="many")

    assert heard("jestem z Ukrainy", question, lang="pl", on=ON)["items"] == ["UA"]


def test_i_do_not_know_is_no_answer_where_it_cannot_be_one():
    question = replace(asked("bool"), may_be_unknown=False)

    with pytest.raises(TypedError):
        heard("nie wiem", question, lang="pl", on=ON)


def test_a_day_beside_an_answer_is_kept_for_a_question_about_a_day():
    field = asked("date", is_past=True).fields[0]

    assert day_beside("yes since March 3", field, ON) == "2026-03-03"
    assert day_beside("yes", field, ON) == ""


def test_danger_and_the_wish_for_a_human_go_first():
    assert goes_first("Szef zabrał mi paszport i nie pozwala wychodzić, pomocy")
    assert goes_first("chcę rozmawiać z człowiekiem")
    assert goes_first("chcę umrzeć")


@pytest.mark.parametrize(
    "text", ["tak, od 3 marca", "не знаю", "nie wiem.", "не маю", "nie mam", "нет", "1990"]
)
def test_a_short_answer_to_a_question_is_no_danger(text):
    assert not goes_first(text)
