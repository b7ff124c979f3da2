"""How many lines are shown, and when none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from przystan.assistant.lines.decoding import Rule, decode

RULE = Rule(refuse_above=0.3, sharpness=1.5)
chances = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def test_lines_that_stand_out_are_shown_in_the_order_of_the_page():
    assert decode(np.array([0.1, 0.8, 0.05, 0.9, 0.1]), 0.1, RULE) == [1, 3]


def test_a_page_that_probably_does_not_answer_shows_nothing():
    assert decode(np.array([0.1, 0.8]), 0.31, RULE) == []


def test_a_page_without_lines_shows_nothing():
    assert decode(np.zeros(0), 0.0, RULE) == []


@settings(deadline=None)
@given(values=chances)
def test_the_likeliest_line_is_always_among_those_shown(values):
    shown = decode(np.array(values), 0.0, RULE)

    assert shown == sorted(set(shown))
    # What no arithmetic can tell from nothing is nothing.
    assert max(values[i] for i in shown) == pytest.approx(max(values), abs=1e-300)


@settings(deadline=None)
@given(values=chances)
def test_a_page_of_impossible_lines_breaks_nothing(values):
    assert decode(np.zeros(len(values)), 0.0, RULE) == [0]
