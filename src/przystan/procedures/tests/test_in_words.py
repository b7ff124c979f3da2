"""`przystan check` says everything that an answer holds, in four languages."""
# ruff: noqa: F811  `sample` is an imported fixture

import json

import pytest

from przystan.core import cli
from przystan.procedures import commands  # noqa: F401  registers its commands
from przystan.procedures.tests.rooms import sample  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db
FACTS = {
    "citizenships": ["UA"],
    "birth_date": "1990",
    "stay_until": "2027-03-01",
    "insured": True,
    "jobs": [{"pay": 900_000}],
    "entered_on": "2020-01-01",
    "purpose": "work",
}


def said(capsys, tmp_path, facts, *words):
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(facts), encoding="utf-8")
    command = ["check", "settling", "--facts", str(file), "--on", "2026-11-23", *words]
    assert cli.run(command) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("lang", "mark"), [("pl", ""), ("en", "en "), ("uk", "укр "), ("ru", "рус ")]
)
def test_an_outcome_is_told_with_why_days_papers_fee_and_authority(
    lang, mark, sample, capsys, tmp_path
):
    told = said(capsys, tmp_path, FACTS, "--lang", lang)

    assert told.startswith(f"{mark}Title of settling\n{mark}Outcome may.")
    for part in ("540 z", "act-on-foreigners#art-114"):
        assert part in told.replace("\u00a0", " ")
    assert told.count("\n- ") > 8


def test_why_and_what_would_change_it_stand_in_english(sample, capsys, tmp_path):
    told = said(capsys, tmp_path, FACTS, "--lang", "en")

    for title in ("Why", "What would change this", "Days that matter", "Documents to bring",
                  "What you pay", "Where", "Law as of"):  # fmt: skip
        assert f"\n{title}\n- " in told
    assert "1 March 2027" in told
    assert "If this were so" in told
    assert "This is information, not a decision." in told


def test_an_open_check_says_what_is_possible_and_asks_the_next_question(sample, capsys, tmp_path):
    told = said(capsys, tmp_path, {"citizenships": ["UA"]}, "--lang", "en")

    assert "This cannot be decided yet" in told
    assert "en Outcome may." in told
    assert "Next question\n- en What is your" in told


def test_answers_that_contradict_are_told(sample, capsys, tmp_path):
    told = said(capsys, tmp_path, {**FACTS, "entered_on": "1980-01-01"}, "--lang", "en")

    assert "Two answers do not fit together" in told
