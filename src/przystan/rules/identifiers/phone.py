"""Phone numbers in E.164: `+` and at most fifteen digits.

The shape alone; whether a number is given out in its country is the business of a library in the
rooms above.
"""

import re
from typing import Final

from .errors import IdentifierError, Reason

_PUNCTUATION: Final = re.compile(r"[\s\-./()\u00a0\u2013]")
POLAND: Final = "48"
NATIONAL_DIGITS: Final = 9


def read_phone(typed: str) -> str:
    """`+48221234567`; nine digits without a prefix are a Polish number.

    Raises:
        IdentifierError: length, characters.
    """
    bare = _PUNCTUATION.sub("", typed)
    if bare.startswith("00"):
        bare = "+" + bare[2:]
    number = bare.removeprefix("+")
    if not number.isascii() or not number.isdigit():
        raise IdentifierError("phone", Reason.CHARACTERS if number else Reason.LENGTH)
    if bare == number:
        if len(number) != NATIONAL_DIGITS:
            raise IdentifierError("phone", Reason.FORMAT)
        number = POLAND + number
    if not 8 <= len(number) <= 15 or number.startswith("0"):
        raise IdentifierError("phone", Reason.LENGTH)
    if number.startswith(POLAND) and len(number) != len(POLAND) + NATIONAL_DIGITS:
        raise IdentifierError("phone", Reason.LENGTH)
    return f"+{number}"
