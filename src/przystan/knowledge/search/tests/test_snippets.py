"""The stretch of a passage that a question is about, word for word as it stands."""

import time

from hypothesis import given
from hypothesis import strategies as st

from przystan.knowledge.search.snippets import snippet

LONG = (
    "Wniosek składa się osobiście w urzędzie. " * 10
    + "Opłata skarbowa za kartę pobytu wynosi 440 zł. "
    + "Decyzję otrzymasz pocztą. " * 10
)


def test_the_stretch_with_most_of_the_words_is_shown_and_marked():
    found = snippet(LONG, "ile wynosi opłata za karta pobytu")

    marked = [found.text[a:b] for a, b in found.marks]
    assert "Opłata skarbowa za kartę pobytu wynosi 440 zł." in found.text
    assert {"Opłata", "kartę", "pobytu", "wynosi"} <= set(marked)


def test_a_question_in_cyrillic_marks_the_polish_words():
    found = snippet("Wydajemy kartę pobytu.", "карта побиту")

    assert [found.text[a:b] for a, b in found.marks] == ["kartę", "pobytu"]


def test_without_a_common_word_the_beginning_is_shown():
    assert LONG.startswith(snippet(LONG, "samochód").text)
    assert snippet("", "x").text == ""


@given(text=st.text(max_size=600), question=st.text(max_size=60), size=st.integers(20, 240))
def test_every_snippet_is_a_part_of_the_text_with_marks_inside(text, question, size):
    found = snippet(text, question, max_chars=size)

    assert text[found.start : found.start + len(found.text)] == found.text
    assert len(found.text) <= size
    assert all(0 <= a < b <= size for a, b in found.marks)


def test_a_hostile_passage_takes_no_time():
    started = time.process_time()
    for text in ("a" * 20_000, "a " * 10_000, "'" * 20_000, "a\u0301" * 10_000):
        snippet(text, text)
    assert time.process_time() - started < 2.0
