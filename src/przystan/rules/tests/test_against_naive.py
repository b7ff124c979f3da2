"""Whatever the engine says of known or partly known facts, a slow interpreter says too."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from przystan.rules.tests import comparing

SEEDS = st.integers(0, 2**48)


@given(SEEDS)
@settings(max_examples=250, deadline=None)
def test_what_is_decided_holds_for_every_way_in_which_the_unknown_may_turn_out(seed):
    comparing.one_expression(Random(seed), cases=4)
