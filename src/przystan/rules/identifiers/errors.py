"""Why an identifier was refused."""

from enum import StrEnum


class Reason(StrEnum):
    LENGTH = "length"
    CHARACTERS = "characters"
    CHECK_DIGIT = "check_digit"
    DATE = "date"
    FORMAT = "format"


class IdentifierError(ValueError):
    """What was typed is no such identifier; `field` is the part of it that does not fit."""

    def __init__(self, kind: str, reason: Reason, field: str = "") -> None:
        super().__init__(f"{kind}: {reason}" + (f" of {field}" if field else ""))
        self.kind, self.reason, self.field = kind, reason, field


def digits(kind: str, typed: str, lengths: tuple[int, ...]) -> list[int]:
    """The digits typed, spaces and dashes left out; only 0 to 9 of ASCII are digits here.

    Raises:
        IdentifierError: another character, or another number of digits.
    """
    bare = "".join(character for character in typed if character not in " -\u00a0\u2013")
    if not bare.isascii() or (bare and not bare.isdigit()):
        raise IdentifierError(kind, Reason.CHARACTERS)
    if len(bare) not in lengths:
        raise IdentifierError(kind, Reason.LENGTH)
    return [int(character) for character in bare]


def weighed(numbers: list[int], weights: tuple[int, ...]) -> int:
    """The sum of the digits times their weights; further digits do not count."""
    return sum(number * weight for number, weight in zip(numbers, weights, strict=False))
