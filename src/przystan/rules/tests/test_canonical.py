"""A stored check can be worked out again, byte for byte."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from przystan.rules.canonical import (
    decimal,
    definition_hash,
    plain,
    record,
    replayed,
    spelled,
    stated_facts,
)
from przystan.rules.check import Check
from przystan.rules.faults import Source, Where
from przystan.rules.program import compiled
from przystan.rules.tests import generating
from przystan.rules.tests.factories import definition, program
from przystan.rules.values import DATE, MONEY, Dated
from przystan.rules.vocabulary import Parameter, Vocabulary

ON = generating.ON


@given(st.integers(0, 2**48))
@settings(max_examples=60, deadline=None)
def test_a_stored_check_is_replayed_byte_equal(seed):
    random = Random(seed)
    ready = compiled(generating.definition(random, is_small=False), generating.VOCABULARY)
    facts = generating.blurred(random, generating.assignment(random), random.choice([0, 0.4]))
    stored = spelled(record(Check(ready, facts, {}, ON)))
    again = compiled(ready.definition, generating.VOCABULARY)

    assert spelled(replayed(again, json.loads(stored))) == stored


@given(st.integers(0, 2**48))
@settings(max_examples=100, deadline=None)
def test_facts_as_stored_are_taken_again(seed):
    random = Random(seed)
    facts = generating.blurred(random, generating.assignment(random), 0.4)
    ready = program(("any", "true"))
    check = Check(ready, facts, {}, ON)
    spelling = json.loads(json.dumps(stated_facts(check)))

    assert Check(ready, spelling, {}, ON).facts == check.facts


def test_parameters_are_stored_with_their_days():
    vocabulary = Vocabulary(
        generating.VOCABULARY.facts.values(), [Parameter("wage", MONEY), Parameter("end", DATE)]
    )
    ready = program(("good", "pay >= wage && on < end"), ("no", "true"), vocabulary=vocabulary)
    wage = Dated(((date(2026, 1, 1), 480_600), (date(2027, 1, 1), None)))
    check = Check(ready, {"pay": 480_600}, {"wage": wage, "end": date(2027, 3, 4)}, ON)
    stored = spelled(record(check))

    assert spelled(replayed(ready, json.loads(stored))) == stored


def test_moving_an_expression_in_its_file_changes_no_hash():
    made = definition(("granted", "yes"), ("no", "true"))
    moved = replace(
        made,
        outcomes=(
            replace(made.outcomes[0], when=Source("yes", Where("a.yaml", 7, 3), 5)),
            made.outcomes[1],
        ),
    )
    other = definition(("granted", "sure"), ("no", "true"))
    hashes = [definition_hash(compiled(d, generating.VOCABULARY)) for d in (made, moved, other)]

    assert hashes[0] == hashes[1] != hashes[2]


def test_a_check_of_another_definition_is_not_replayed():
    stored = record(Check(program(("granted", "yes"), ("no", "true")), {}, {}, ON))

    with pytest.raises(ValueError, match="another definition"):
        replayed(program(("granted", "sure"), ("no", "true")), stored)


@pytest.mark.parametrize(
    ("value", "text"),
    [("3/2", "1.5"), ("1/3", "1/3"), ("-1/8", "-0.125"), ("7", "7"), ("0", "0")],
)
def test_a_decimal_has_one_spelling(value, text):
    assert decimal(Fraction(value)) == text


def test_what_has_no_spelling_is_refused():
    with pytest.raises(TypeError, match="float"):
        plain(1.5)
