import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from przystan.people.fields import AddressField, CodeField, PhoneField, is_same_code


def short(value):
    return ascii(value)[:30]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Anna@Example.ORG ", "anna@example.org"),
        ("\u200banna@example.org\u202e", "anna@example.org"),
        ("501 234 567", "+48501234567"),
        ("+48 501-234-567", "+48501234567"),
        ("0048501234567", "+48501234567"),
        ("+380 50 123 45 67", "+380501234567"),
        ("٠٠٤٨٥٠١٢٣٤٥٦٧", "+48501234567"),
        ("５０１２３４５６７", "+48501234567"),
    ],
)
def test_an_address_is_kept_in_one_form(typed, kept):
    assert AddressField().clean(typed) == kept


HOSTILE = [
    "",
    " ",
    "\x00",
    "a@b",
    "@",
    "anna@example.org\nBcc: other@example.org",
    "anna@example.org, other@example.org",
    "аnna@example.org",  # the first letter is Cyrillic
    "<script>alert(1)</script>@example.org",
    "x" * 255 + "@example.org",
    "12",
    "+",
    "1" * 200,
    "+99999999999999999",
    "tel:javascript",
    "' OR 1=1 --",
    "🚢" * 50,
]


@pytest.mark.parametrize("typed", [*HOSTILE, "\ud800"], ids=short)
def test_what_is_no_address_is_refused_in_words(typed):
    with pytest.raises(ValidationError):
        AddressField().clean(typed)


@pytest.mark.parametrize("typed", ["anna@example.org", "12", "abc", "+48" * 30, "\x00"], ids=short)
def test_what_is_no_number_is_refused_in_words(typed):
    with pytest.raises(ValidationError):
        PhoneField().clean(typed)


@given(st.text(max_size=300))
def test_whatever_is_typed_is_kept_in_its_one_form_or_refused(typed):
    try:
        kept = AddressField().clean(typed)
    except ValidationError:
        return
    assert AddressField().clean(kept) == kept
    assert kept == kept.lower()
    assert "\n" not in kept


@pytest.mark.parametrize("typed", ["K4T-X9Q-WMB", "k4t x9q wmb", " k4tx9qwmb\u200b", "К4Т-Х9Q-WМВ"])
def test_a_code_is_the_same_however_it_is_typed(typed):
    assert is_same_code(CodeField().clean(typed), "K4T-X9Q-WMB")


def test_digits_of_any_script_make_a_code():
    assert is_same_code(CodeField().clean("١٢٣٤٥٦"), "123456")


@pytest.mark.parametrize("typed", ["K4T-X9Q-WMC", "K4T", "---", "é", "K4TX9QWMBB"])
def test_another_code_is_another(typed):
    assert not is_same_code(CodeField().clean(typed), "K4T-X9Q-WMB")


def test_no_code_is_never_the_right_code():
    assert not is_same_code("", "")
    assert not is_same_code("---", "")
