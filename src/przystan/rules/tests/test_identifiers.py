from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from przystan.rules.identifiers import (
    IdentifierError,
    Sex,
    check_digit,
    read_document_number,
    read_mrz,
    read_nip,
    read_pesel,
    read_phone,
    read_regon,
)
from przystan.rules.values import PartialDate

ON = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        ("90051712344", date(1990, 5, 17), Sex.FEMALE),
        ("04222956787", date(2004, 2, 29), Sex.FEMALE),
        ("85123100099", date(1985, 12, 31), Sex.MALE),
        ("22230143218", date(2022, 3, 1), Sex.MALE),
    ],
)
def test_a_pesel_carries_birth_date_and_sex(number, born, sex):
    found = read_pesel(f" {number[:6]}-{number[6:]} ")

    assert (found.number, found.birth_date, found.sex) == (number, born, sex)


def test_another_birth_date_or_sex_is_a_warning():
    found = read_pesel("90051712344")

    assert found.differs(date(1990, 5, 17), Sex.FEMALE) == ()
    assert found.differs(date(1990, 5, 18), Sex.MALE) == ("birth_date", "sex")


@pytest.mark.parametrize(
    ("read", "typed", "reason"),
    [
        (read_pesel, "90051712345", "check_digit"),
        (read_pesel, "90133012342", "date"),
        (read_pesel, "9005171234", "length"),
        (read_pesel, "9005171234x", "characters"),
        (read_pesel, "٩٠٠٥١٧١٢٣٤٤", "characters"),
        (read_pesel, "", "length"),
        (read_nip, "1234567850", "check_digit"),
        (read_nip, "PL123", "length"),
        (read_regon, "123456784", "check_digit"),
        (read_regon, "12345678500003", "check_digit"),
        (read_document_number, "", "length"),
        (read_document_number, "A" * 16, "length"),
        (read_document_number, "АВ123456", "characters"),  # Cyrillic letters
        (read_phone, "12345678", "format"),
        (read_phone, "+48 22 123 45 6", "length"),
        (read_phone, "+1234", "length"),
        (read_phone, "call me", "characters"),
        (read_phone, "+", "length"),
    ],
)
def test_what_is_wrong_is_named_and_not_repeated(read, typed, reason):
    with pytest.raises(IdentifierError) as error:
        read(typed)

    assert error.value.reason == reason
    assert not typed or typed not in str(error.value)


@pytest.mark.parametrize("typed", ["1234567854", "PL 521-301-01-08", "pl5213010108"])
def test_a_nip_is_taken_with_dashes_and_prefix(typed):
    assert read_nip(typed) in ("1234567854", "5213010108")


@pytest.mark.parametrize("typed", ["123456785", "12345678500002"])
def test_a_regon_has_nine_or_fourteen_digits(typed):
    assert read_regon(typed) == typed


@pytest.mark.parametrize(
    ("field", "digit"),
    [("L898902C3", 6), ("740812", 2), ("120415", 9), ("FA1234567", 3)],
)
def test_check_digits_are_those_of_doc_9303(field, digit):
    assert check_digit(field) == digit


@pytest.mark.parametrize(
    ("typed", "number"),
    [("fa 1234567", "FA1234567"), ("１２３", "123"), ("12-34", "1234")],
)
def test_a_document_number_needs_no_series(typed, number):
    assert read_document_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("22 628 01 20", "+48226280120"),
        ("+380 (44) 123-45-67", "+380441234567"),
        ("0048 22 628 01 20", "+48226280120"),
    ],
)
def test_a_phone_number_is_kept_in_one_spelling(typed, number):
    assert read_phone(typed) == number


# The specimens of ICAO Doc 9303, parts 4, 5 and 6.
PASSPORT = """P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<
L898902C36UTO7408122F1204159ZE184226B<<<<<10"""
CARD = """I<UTOD231458907<<<<<<<<<<<<<<<
7408122F1204159UTO<<<<<<<<<<<6
ERIKSSON<<ANNA<MARIA<<<<<<<<<<"""
TD2 = """I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<
D231458907UTO7408122F1204159<<<<<<<6"""


@pytest.mark.parametrize("zone", [PASSPORT, CARD, TD2])
def test_the_specimens_of_doc_9303_are_read(zone):
    found = read_mrz(zone, on=ON)

    assert (found.surname, found.names) == ("ERIKSSON", "ANNA MARIA")
    assert (found.issuer, found.citizenship, found.sex) == ("UTO", "UTO", "K")
    assert (found.birth_date, found.expires) == (date(1974, 8, 12), date(2012, 4, 15))


def test_a_passport_gives_number_and_personal_number():
    found = read_mrz(PASSPORT, on=ON)

    assert (found.number, found.personal_number) == ("L898902C3", "ZE184226B")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("L898902C36", "L898902C37", "number"),
        ("7408122F", "7408123F", "birth"),
        ("1204159Z", "1204158Z", "expiry"),
        ("B<<<<<10", "B<<<<<20", "personal_number"),
        ("B<<<<<10", "B<<<<<11", "composite"),
    ],
)
def test_a_wrong_check_digit_names_its_field(old, new, field):
    with pytest.raises(IdentifierError) as error:
        read_mrz(PASSPORT.replace(old, new), on=ON)

    assert (error.value.reason, error.value.field) == ("check_digit", field)


def test_an_unknown_day_of_birth_stays_unknown():
    birth = "7408<<"
    line = f"L898902C36UTO{birth}{check_digit(birth)}F1204159ZE184226B<<<<<1"
    whole = check_digit(line[0:10] + line[13:20] + line[21:43])
    zone = PASSPORT.splitlines()[0] + "\n" + line + str(whole)

    assert read_mrz(zone, on=ON).birth_date == PartialDate(1974, 8)


@given(st.text(max_size=120) | st.text("P<UTO0123456789\n", max_size=120))
def test_any_text_is_read_or_refused(typed):
    for read in (read_pesel, read_nip, read_regon, read_phone, read_document_number):
        with suppress(IdentifierError):
            assert read(typed)
    with pytest.raises(IdentifierError):
        read_mrz(typed, on=ON)


@given(st.integers(0, 10**10 - 1), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_in_a_pesel_is_always_noticed(head, place, shift):
    digits = [int(character) for character in f"{head:010}"]
    weights = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
    total = sum(digit * weight for digit, weight in zip(digits, weights, strict=True))
    digits.append((10 - total % 10) % 10)
    digits[place] = (digits[place] + shift) % 10

    with pytest.raises(IdentifierError):
        read_pesel("".join(map(str, digits)))
