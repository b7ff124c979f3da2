from datetime import datetime

import pytest

from przystan.conversations.hours import is_open, next_opening
from przystan.core.clock import WARSAW


def warsaw(*parts):
    return datetime(*parts, tzinfo=WARSAW)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        pytest.param(warsaw(2026, 11, 23, 7, 59), warsaw(2026, 11, 23, 8), id="before opening"),
        pytest.param(warsaw(2026, 11, 20, 18, 0), warsaw(2026, 11, 23, 8), id="Friday evening"),
        pytest.param(
            warsaw(2026, 12, 23, 19, 0), warsaw(2026, 12, 28, 8), id="24 December is free"
        ),
        pytest.param(
            warsaw(2026, 11, 10, 18, 0), warsaw(2026, 11, 12, 8), id="11 November is free"
        ),
    ],
)
def test_a_person_is_told_when_a_human_answers(at, opens):
    assert not is_open(at)
    assert next_opening(at) == opens


def test_an_open_desk_answers_now():
    at = warsaw(2026, 11, 23, 8, 0)
    assert is_open(at)
    assert next_opening(at) == at
