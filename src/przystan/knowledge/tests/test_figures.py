"""How a text is cut where its figures change: for any values, on any days."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from przystan.knowledge import placeholders
from przystan.knowledge.services.figures import Figure, Parameter, stretches

FIRST = date(2026, 1, 1)
days = st.integers(min_value=-400, max_value=800).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def parameters(draw):
    """Values that follow each other, with gaps or without, open at either end or not."""
    marks = sorted(draw(st.sets(days, min_size=2, max_size=8)))
    figures = []
    for index, (start, end) in enumerate(pairwise(marks)):
        if draw(st.booleans()):
            figures.append(
                Figure(
                    None if index == 0 and draw(st.booleans()) else start,
                    end - timedelta(days=1),
                    100 * (index + 1),
                    draw(st.booleans()),
                )
            )
    if draw(st.booleans()):
        figures.append(Figure(marks[-1], None, 99900, True))
    return Parameter("money", tuple(figures))


@given(
    fee=parameters(),
    wage=parameters(),
    length=st.one_of(st.none(), st.integers(min_value=0, max_value=900)),
)
def test_stretches_cover_every_day_once_and_say_the_value_of_each(fee, wage, length):
    last = FIRST + timedelta(days=length) if length is not None else None
    book = {"fee": fee, "wage": wage}

    found = stretches("{param:fee} i {param:wage}", "pl", FIRST, last, book)

    assert found[0].valid_from == FIRST
    assert found[-1].valid_to == last
    for before, after in pairwise(found):
        assert before.valid_to == after.valid_from - timedelta(days=1)
        assert (before.text, before.is_doubtful) != (after.text, after.is_doubtful)
    for day in {stretch.valid_from for stretch in found} | {
        stretch.valid_to or stretch.valid_from + timedelta(days=5) for stretch in found
    }:
        [speaking] = [s for s in found if s.valid_from <= day <= (s.valid_to or date.max)]
        values = [fee.on(day), wage.on(day)]
        assert speaking.is_doubtful == any(v is None or not v.is_verified for v in values)
        for value in values:
            if value:
                assert f"{value.value // 100} zł" in speaking.text


def test_a_text_without_figures_is_one_stretch():
    [only] = stretches("Bez liczb.", "pl", FIRST, None, {})

    assert (only.text, only.is_doubtful) == ("Bez liczb.", False)


def test_a_figure_that_nobody_defined_is_doubtful_not_an_error():
    [only] = stretches("{param:gone}", "pl", FIRST, None, {})

    assert only.is_doubtful
    assert "{" not in only.text


@given(text=st.text(max_size=200))
def test_any_text_is_cut_at_its_placeholders_and_nothing_is_lost(text):
    parts = placeholders.split(text, lambda kind, name: (f"{{{kind}:{name}}}", "/somewhere"))

    assert "".join(words for words, _url in parts) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Do {param:end}.", "Do 4 березня 2027 р."),
        ("Do {param:end}, potem.", "Do 4 березня 2027 р., potem."),
        ("{param:end} i {service:x}.", "4 березня 2027 р. i {service:x}."),
    ],
)
def test_a_sentence_ends_with_one_point(text, words):
    assert placeholders.render_parameters(text, {"end": "4 березня 2027 р."}) == words
