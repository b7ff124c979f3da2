"""Travel documents: the number on the page, and the machine-readable zone of ICAO Doc 9303.

Three layouts: TD1 (cards, 3 lines of 30), TD2 (2 of 36), TD3 (passports, 2 of 44).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from ..values import PartialDate
from .errors import IdentifierError, Reason

_ALPHABET: Final = {
    **{str(digit): digit for digit in range(10)},
    **{chr(ord("A") + place): 10 + place for place in range(26)},
    "<": 0,
}
_NUMBER: Final = re.compile(r"[A-Z0-9]{1,15}\Z")


def check_digit(field: str) -> int:
    """Doc 9303 part 3, 4.9: weights 7, 3, 1; letters from A = 10, filler = 0.

    Raises:
        IdentifierError: a character that the zone does not have.
    """
    try:
        values = [_ALPHABET[character] for character in field]
    except KeyError as error:
        raise IdentifierError("mrz", Reason.CHARACTERS) from error
    return sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10


def read_document_number(typed: str) -> str:
    """Series and number as one text of A-Z and 0-9, at most 15; many documents have no series.

    Raises:
        IdentifierError: length or characters.
    """
    bare = unicodedata.normalize("NFKC", typed).upper()
    bare = re.sub(r"[\s\-]", "", bare)
    if not 1 <= len(bare) <= 15:
        raise IdentifierError("document", Reason.LENGTH)
    if not _NUMBER.match(bare):
        raise IdentifierError("document", Reason.CHARACTERS)
    return bare


@dataclass(frozen=True, slots=True)
class Mrz:
    """What the zone says. A birth date may be partial; a sex that is not stated is `""`."""

    document_type: str
    issuer: str
    number: str
    citizenship: str
    surname: str
    names: str
    birth_date: date | PartialDate | None
    sex: str
    expires: date
    personal_number: str


@dataclass(frozen=True, slots=True)
class _Layout:
    """Places of the fields: line, first and last column + 1; a check digit follows its field."""

    lines: int
    length: int
    number: tuple[int, int, int]
    citizenship: tuple[int, int, int]
    birth: tuple[int, int, int]
    sex: tuple[int, int, int]
    expiry: tuple[int, int, int]
    optional: tuple[int, int, int]
    names: tuple[int, int, int]
    composite: tuple[tuple[int, int, int], ...]
    composite_digit: tuple[int, int]


_TD1: Final = _Layout(
    3, 30, (0, 5, 14), (1, 15, 18), (1, 0, 6), (1, 7, 8), (1, 8, 14), (0, 15, 30), (2, 0, 30),
    ((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)), (1, 29),
)  # fmt: skip
_TD2: Final = _Layout(
    2, 36, (1, 0, 9), (1, 10, 13), (1, 13, 19), (1, 20, 21), (1, 21, 27), (1, 28, 35), (0, 5, 36),
    ((1, 0, 10), (1, 13, 20), (1, 21, 35)), (1, 35),
)  # fmt: skip
_TD3: Final = _Layout(
    2, 44, (1, 0, 9), (1, 10, 13), (1, 13, 19), (1, 20, 21), (1, 21, 27), (1, 28, 42), (0, 5, 44),
    ((1, 0, 10), (1, 13, 20), (1, 21, 43)), (1, 43),
)  # fmt: skip


def read_mrz(typed: str, *, on: date) -> Mrz:
    """The zone, every check digit tested. `on` settles the century of the birth year.

    Raises:
        IdentifierError: layout, characters, a date, or the check digit of the named field.
    """
    lines = [re.sub(r"\s", "", line).upper() for line in typed.strip().splitlines()]
    lines = [line for line in lines if line]
    layout = _layout(lines)
    check_digit("".join(lines))  # every character is one of the zone's
    for name, place in (("number", layout.number), ("birth", layout.birth),
                        ("expiry", layout.expiry)):  # fmt: skip
        _test(name, _cut(lines, place), lines[place[0]][place[2]])
    _test_number_of_person(layout, lines)
    line, column = layout.composite_digit
    whole = "".join(_cut(lines, place) for place in layout.composite)
    _test("composite", whole, lines[line][column])
    surname, _, names = _cut(lines, layout.names).strip("<").partition("<<")
    birth = _cut(lines, layout.birth)
    return Mrz(
        document_type=lines[0][:2].strip("<"),
        issuer=lines[0][2:5].strip("<"),
        number=_cut(lines, layout.number).strip("<"),
        citizenship=_cut(lines, layout.citizenship).strip("<"),
        surname=surname.replace("<", " ").strip(),
        names=names.replace("<", " ").strip(),
        birth_date=_birth(birth, on),
        sex={"M": "M", "F": "K"}.get(_cut(lines, layout.sex), ""),
        expires=_expiry(_cut(lines, layout.expiry)),
        personal_number=_cut(lines, layout.optional).strip("<"),
    )


def _layout(lines: list[str]) -> _Layout:
    for layout in (_TD1, _TD2, _TD3):
        if [len(line) for line in lines] == [layout.length] * layout.lines:
            return layout
    raise IdentifierError("mrz", Reason.FORMAT)


def _cut(lines: list[str], place: tuple[int, int, int]) -> str:
    line, start, end = place
    return lines[line][start:end]


def _test(name: str, field: str, digit: str) -> None:
    if digit != str(check_digit(field)):
        raise IdentifierError("mrz", Reason.CHECK_DIGIT, name)


def _test_number_of_person(layout: _Layout, lines: list[str]) -> None:
    """Passports alone check it; an empty one may have a filler for its digit."""
    if layout is not _TD3:
        return
    field = _cut(lines, layout.optional)
    if not (field.strip("<") == "" and lines[1][42] == "<"):
        _test("personal_number", field, lines[1][42])


def _birth(field: str, on: date) -> date | PartialDate | None:
    """Unknown month or day are fillers; a year to come is one of the last century."""
    if field[:2] == "<<":
        return None
    year = _number(field[:2], "birth")
    year += on.year // 100 * 100
    if year > on.year:
        year -= 100
    if field[2:4] == "<<":
        return PartialDate(year)
    month = _number(field[2:4], "birth")
    try:
        if field[4:6] == "<<":
            return PartialDate(year, month)
        born = date(year, month, _number(field[4:6], "birth"))
        return born if born <= on else born.replace(year=year - 100)
    except ValueError as error:
        raise IdentifierError("mrz", Reason.DATE, "birth") from error


def _expiry(field: str) -> date:
    """A day of this century: machine-readable documents are younger."""
    try:
        return date(2000 + _number(field[:2], "expiry"), int(field[2:4]), int(field[4:6]))
    except ValueError as error:
        raise IdentifierError("mrz", Reason.DATE, "expiry") from error


def _number(field: str, name: str) -> int:
    if not field.isdigit():
        raise IdentifierError("mrz", Reason.DATE, name)
    return int(field)
