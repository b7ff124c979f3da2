"""The page for authors names what there is, and its examples compile."""

import re
from pathlib import Path

import pytest

from przystan.rules.functions import FUNCTIONS, METHODS
from przystan.rules.tests.factories import program
from przystan.rules.values import BOOL, DATE, MONEY, TEXT, Kind, Type, choice, list_of, record
from przystan.rules.vocabulary import Fact, Parameter, Vocabulary

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "rules.md"
JOB = record(gross=MONEY, title=TEXT)
VOCABULARY = Vocabulary(
    [
        Fact("birth_date", DATE, may_be_partial=True),
        *(Fact(id, DATE) for id in ("stay_until", "delivered_on", "job_lost_on")),
        *(Fact(id, BOOL) for id in ("posted", "insured", "is_student", "family_sponsor")),
        Fact("purpose", choice("work", "study", "family")),
        Fact("citizenships", list_of(choice("UA", "MD", "BY"))),
        Fact("hours", Type(Kind.INT, "hours")),
        Fact("pay", MONEY),
        Fact("pkd", TEXT),
        Fact("job", JOB),
        Fact("jobs", list_of(JOB)),
        Fact("family", list_of(record(relation=choice("spouse", "child"), birth_date=DATE))),
        Fact("trips", list_of(record(entry=DATE, exit=DATE))),
    ],
    [Parameter("minimum_wage", MONEY)],
)


def examples():
    blocks = re.findall(r"```cel\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.strip().splitlines()]


@pytest.mark.parametrize("text", examples())
def test_an_example_compiles(text):
    ready = program(("granted", text), ("refused", "true"), vocabulary=VOCABULARY)

    assert ready.conditions


def test_every_function_is_described():
    page = PAGE.read_text(encoding="utf-8")

    for function in FUNCTIONS:
        assert f"`{function.name}(" in page
    for method in METHODS:
        assert f".{method.name}(" in page
