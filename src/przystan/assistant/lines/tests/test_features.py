"""What is read off a page: headings, sections, and numbers that hold for any text."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from przystan.assistant.lines.features import LINE_NAMES, PAGE_NAMES, features
from przystan.assistant.lines.layout import layout, reads_as_heading
from przystan.assistant.lines.pages import Page
from przystan.assistant.lines.tests.factories import page
from przystan.assistant.lines.vectors import LetterEmbedder, Reader

LINES = ("Shopping", "Cheap shops", "Discount shops are cheap.", "Halal food", "Ask in Goethestr.")


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("Halal food", True),
        ("Where do I find it?", True),
        ("It is sold in shops.", False),
        ("• in supermarkets", False),
        ("info@example.org", False),
        ("www.example.org", False),
        ("x" * 60, False),
        ("  ", False),
    ],
)
def test_a_heading_is_told_by_its_form(line, is_one):
    assert reads_as_heading(line) == is_one


def test_a_section_starts_where_a_longer_line_follows_a_heading():
    built = layout(LINES)

    assert built.section.tolist() == [0, 1, 1, 2, 2]
    assert built.heading.tolist() == [0, 1, 1, 3, 3]


def read(one: Page):
    return next(Reader(LetterEmbedder()).read([one]))


def test_the_line_that_speaks_of_the_question_is_nearest():
    measured = features(read(page("Where is halal food sold?", *LINES)))

    assert measured.lines.shape == (5, len(LINE_NAMES))
    assert measured.page.shape == (len(PAGE_NAMES),)
    assert measured.lines[:, LINE_NAMES.index("grams")].argmax() == 3
    assert measured.lines[3, LINE_NAMES.index("alone_rank")] == 0


def test_a_line_under_the_heading_of_the_question_is_nearer_than_one_elsewhere():
    lines = (
        "Shopping",
        "Halal food",
        "Sold near the main station.",
        "Clothes",
        "Sold by the Red Cross.",
    )

    within = features(read(page("Halal food", *lines))).lines[:, LINE_NAMES.index("within")]

    assert within[2] > within[4]


def test_the_same_words_in_two_alphabets_overlap():
    measured = features(read(page("Karta pobytu", "Відпустка", "Карта побиту")))

    assert measured.lines[1, LINE_NAMES.index("grams")] > 0.8


@settings(deadline=None)
@given(question=st.text(max_size=80), lines=st.lists(st.text(max_size=80), max_size=8))
def test_any_page_gives_finite_numbers_for_each_line(question, lines):
    measured = features(read(Page("1", question, tuple(lines))))

    assert measured.lines.shape == (len(lines), len(LINE_NAMES))
    assert np.isfinite(measured.lines).all()
    assert np.isfinite(measured.pairs).all()
    assert np.isfinite(measured.page).all()


def test_half_a_character_reaches_no_model():
    class Strict(LetterEmbedder):
        def embed(self, texts, kind="passage"):
            assert "".join(texts).encode("utf-8")
            return super().embed(texts, kind)

    halves = Page("1", "Where \ud800?", ("Here \udfff.",))

    assert len(next(Reader(Strict()).read([halves])).alone) == 1


def test_a_wall_of_text_takes_no_longer_than_its_beginning():
    walls = ("a-" * 500_000, "0" * 1_000_000, "a." * 500_000, "x@" * 500_000)

    assert np.isfinite(features(read(page("What?", *walls))).lines).all()
