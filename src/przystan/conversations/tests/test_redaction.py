import pytest
from hypothesis import given
from hypothesis import strategies as st

from przystan.conversations.redaction import LONGEST, redact


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("My number is +48 601 222 333, call me", "My number is [number], call me"),
        ("pesel 90051712344 czy dobry?", "pesel [number] czy dobry?"),
        ("paszport FA1234567 zgubiony", "paszport [number] zgubiony"),
        ("napisz na anna.k@example.com proszę", "napisz na [e-mail] proszę"),
        ("see https://example.com/me?id=1 please", "see [link] please"),
        ("szef Kowalski nie płaci", "szef [name] nie płaci"),
        ("чи можу я працювати з PESEL UKR", "чи можу я працювати з PESEL UKR"),
        ("ile to 440 zł", "ile to 440 zł"),
    ],
)
def test_what_points_to_a_person_is_taken_out(question, kept):
    assert redact(question) == kept


@given(st.text(max_size=2000))
def test_any_text_is_redacted_to_a_bounded_one(text):
    assert len(redact(text)) <= LONGEST


@given(st.from_regex(r"[1-9][0-9]{10}", fullmatch=True))
def test_no_number_of_eleven_digits_survives(number):
    assert number not in redact(f"moj numer {number} co dalej")


def test_a_long_hostile_text_is_redacted_at_once():
    redact("a@" * 10_000)
    redact("1-" * 10_000)
    redact("A b " * 5_000)
