"""NIP and REGON, the numbers of employers (regulations on NIP and on the register REGON)."""

from typing import Final

from .errors import IdentifierError, Reason, digits, weighed

_NIP: Final = (6, 5, 7, 2, 3, 4, 5, 6, 7)
_REGON: Final = (8, 9, 2, 3, 4, 5, 6, 7)
_REGON_OF_A_UNIT: Final = (2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)


def read_nip(typed: str) -> str:
    """Ten digits; dashes and a leading `PL` are taken.

    Raises:
        IdentifierError: length, characters, check digit.
    """
    bare = typed.strip()
    numbers = digits("nip", bare[2:] if bare[:2].upper() == "PL" else bare, (10,))
    # A remainder of 10 is never given out, so it fits no last digit.
    if weighed(numbers, _NIP) % 11 != numbers[9]:
        raise IdentifierError("nip", Reason.CHECK_DIGIT)
    return "".join(map(str, numbers))


def read_regon(typed: str) -> str:
    """Nine digits of a company, or fourteen of its local unit, which begin with the nine.

    Raises:
        IdentifierError: length, characters, check digit.
    """
    numbers = digits("regon", typed, (9, 14))
    is_good = weighed(numbers, _REGON) % 11 % 10 == numbers[8]
    if len(numbers) == 14:
        is_good = is_good and weighed(numbers, _REGON_OF_A_UNIT) % 11 % 10 == numbers[13]
    if not is_good:
        raise IdentifierError("regon", Reason.CHECK_DIGIT)
    return "".join(map(str, numbers))
