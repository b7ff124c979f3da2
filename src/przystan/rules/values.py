"""Types, and what may stand where a value is not known.

| kind      | Python value                                        |
| --------- | --------------------------------------------------- |
| `bool`    | `bool`                                              |
| `int`     | `int`, with a unit that is checked                  |
| `decimal` | `Fraction`: exact, never a float                    |
| `money`   | grosz, `int` (`Fraction` inside a calculation)      |
| `text`    | `str`, Unicode NFC                                  |
| `choice`  | `str`, one of the codes of the type                 |
| `date`    | `date`; what is known of a partial one is a range   |
| `period`  | `int` of the unit, days or months                   |
| `record`  | `tuple` of the fields in order                      |
| `list`    | `Listing`                                           |
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

Ordered = int | Fraction | date


class Kind(StrEnum):
    BOOL = "bool"
    INT = "int"
    DECIMAL = "decimal"
    MONEY = "money"
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    PERIOD = "period"
    RECORD = "record"
    LIST = "list"


ORDERED: Final = frozenset({Kind.INT, Kind.DECIMAL, Kind.MONEY, Kind.DATE, Kind.PERIOD})
NUMBERS: Final = frozenset({Kind.INT, Kind.DECIMAL})


@dataclass(frozen=True, slots=True)
class Type:
    """What an expression may be: its kind, and what the kind needs besides.

    `low` and `high` (inclusive) bound what a fact may say; an expression's type has none.
    """

    kind: Kind
    unit: str = ""
    options: tuple[str, ...] = ()
    fields: tuple[tuple[str, "Type"], ...] = ()
    item: "Type | None" = None
    low: Ordered | None = None
    high: Ordered | None = None

    def __str__(self) -> str:
        match self.kind:
            case Kind.LIST if self.item is not None:
                return f"list of {self.item}"
            case Kind.CHOICE:
                shown = ", ".join(self.options[:4]) + (", …" if len(self.options) > 4 else "")
                return f"choice of {shown}"
            case _:
                return f"{self.kind} in {self.unit}" if self.unit else str(self.kind)

    def field(self, name: str) -> tuple[int, "Type"] | None:
        """Place and type of a record's field."""
        for index, (known, type_) in enumerate(self.fields):
            if known == name:
                return index, type_
        return None

    def bare(self) -> "Type":
        """The type without the bounds of one fact."""
        return replace(self, low=None, high=None)


BOOL: Final = Type(Kind.BOOL)
INT: Final = Type(Kind.INT)
DECIMAL: Final = Type(Kind.DECIMAL)
MONEY: Final = Type(Kind.MONEY)
TEXT: Final = Type(Kind.TEXT)
DATE: Final = Type(Kind.DATE)
DAYS: Final = Type(Kind.PERIOD, "days")
MONTHS: Final = Type(Kind.PERIOD, "months")


def choice(*options: str) -> Type:
    return Type(Kind.CHOICE, options=options)


def list_of(item: Type) -> Type:
    return Type(Kind.LIST, item=item)


def record(**fields: Type) -> Type:
    return Type(Kind.RECORD, fields=tuple(fields.items()))


class Why(StrEnum):
    """Why a value is not known. Only what was not asked can be asked."""

    NOT_ASKED = "not_asked"
    PERSON_DOES_NOT_KNOW = "person_does_not_know"
    ONLY_AN_OFFICIAL = "only_an_official"
    LAW_NOT_VERIFIED = "law_not_verified"
    RULES_SILENT = "rules_silent"  # no row of a table fits, or two contradict each other


class Unknown:
    """A value not known, and on what that depends.

    `mask` has a bit for each hole (fact, field of a record, parameter) that the value still
    depends on, `twice` those on which it depends in more than one place: where `twice` is empty
    Kleene's logic is exact. `low` and `high` (inclusive, None: no bound) hold what is known all
    the same: of a partial date, of a count over an open list.
    """

    __slots__ = ("high", "low", "mask", "twice")

    def __init__(
        self,
        mask: int,
        twice: int = 0,
        low: Ordered | None = None,
        high: Ordered | None = None,
    ) -> None:
        self.mask = mask
        self.twice = twice
        self.low = low
        self.high = high

    def __bool__(self) -> bool:
        raise TypeError("What is unknown is neither true nor false.")

    def __repr__(self) -> str:
        bounds = "" if self.low is None and self.high is None else f", {self.low}..{self.high}"
        return f"Unknown({self.mask:#x}{bounds})"


def joined(left: Unknown, right: Unknown) -> Unknown:
    """Unknown because of both; without bounds."""
    mask = left.mask
    return Unknown(
        mask | right.mask,
        left.twice | right.twice | (mask & right.mask),
    )


def within(cause: Unknown, low: Any, high: Any) -> Any:
    """Unknown as `cause` is, between the bounds; the value itself where they meet."""
    if low is not None and low == high:
        return low
    return Unknown(cause.mask, cause.twice, low, high)


@dataclass(frozen=True, slots=True)
class Listing:
    """The records (or values) of a list that were given so far; open until somebody says it is all.

    An item is a value of the item's type, or a mapping for a record; fields left out of the
    mapping were not asked, a `Why` says why else they are not known.
    """

    items: tuple[Any, ...] = ()
    is_complete: bool = False


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which only the year, or the year and the month, is known.

    RPC (Dz.U. 2026 poz. 553), note 4 of the form: the probable year of birth stands alone when
    no document proves the day.
    """

    year: int
    month: int | None = None

    def __post_init__(self) -> None:
        date(self.year, self.month or 1, 1)

    @property
    def first(self) -> date:
        return date(self.year, self.month or 1, 1)

    @property
    def last(self) -> date:
        following = date(self.year + (self.month in (None, 12)), (self.month or 12) % 12 + 1, 1)
        return date.fromordinal(following.toordinal() - 1)

    def __str__(self) -> str:
        return f"{self.year:04}" + (f"-{self.month:02}" if self.month else "")


@dataclass(frozen=True, slots=True)
class Dated:
    """A parameter of the law: from each day on, a value; None: nobody has verified it.

    The spans are in order of time; before the first day nothing is known.
    """

    spans: tuple[tuple[date, Any], ...]

    def on(self, day: date) -> Any:
        """The value of that day, or None."""
        found = None
        for start, value in self.spans:
            if start > day:
                break
            found = value
        return found


Facts = Mapping[str, Any]
