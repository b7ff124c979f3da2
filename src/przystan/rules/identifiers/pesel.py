"""PESEL: eleven digits that carry a birth date and a sex (act on the population register, art. 15).

Date and sex in the register may be wrong, and a number once given stays: a difference from what
the person states is a warning, never an error.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from .errors import IdentifierError, Reason, digits, weighed

_WEIGHTS: Final = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
_CENTURIES: Final = {80: 1800, 0: 1900, 20: 2000, 40: 2100, 60: 2200}


class Sex(StrEnum):
    """As on a passport and the form: M or K."""

    MALE = "M"
    FEMALE = "K"


@dataclass(frozen=True, slots=True)
class Pesel:
    number: str
    birth_date: date
    sex: Sex

    def differs(self, birth_date: date | None = None, sex: Sex | None = None) -> tuple[str, ...]:
        """The names of what was stated otherwise: `birth_date`, `sex`. Warn, do not refuse."""
        found = []
        if birth_date is not None and birth_date != self.birth_date:
            found.append("birth_date")
        if sex is not None and sex is not self.sex:
            found.append("sex")
        return tuple(found)


def read_pesel(typed: str) -> Pesel:
    """The number with the date and sex that it carries.

    Raises:
        IdentifierError: length, characters, check digit, or a date that does not exist.
    """
    numbers = digits("pesel", typed, (11,))
    year, month, day = (10 * numbers[at] + numbers[at + 1] for at in (0, 2, 4))
    shift = month // 20 * 20
    try:
        birth_date = date(_CENTURIES[shift] + year, month - shift, day)
    except ValueError as error:
        raise IdentifierError("pesel", Reason.DATE) from error
    if (10 - weighed(numbers, _WEIGHTS) % 10) % 10 != numbers[10]:
        raise IdentifierError("pesel", Reason.CHECK_DIGIT)
    sex = Sex.MALE if numbers[9] % 2 else Sex.FEMALE
    return Pesel("".join(map(str, numbers)), birth_date, sex)
