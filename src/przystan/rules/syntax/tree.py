"""The tree of an expression, as written; each node knows its line and column in the text."""

from dataclasses import dataclass
from fractions import Fraction

At = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Literal:
    """A yes/no, a whole number, a decimal or a text."""

    value: bool | int | Fraction | str
    at: At


@dataclass(frozen=True, slots=True)
class Name:
    """A fact, a parameter, a rule, a table, or the variable of a list macro."""

    id: str
    at: At


@dataclass(frozen=True, slots=True)
class Member:
    """`job.gross`: a field of a record."""

    target: "Node"
    field: str
    at: At


@dataclass(frozen=True, slots=True)
class Call:
    """`age(birth_date, on)`."""

    function: str
    arguments: "tuple[Node, ...]"
    at: At


@dataclass(frozen=True, slots=True)
class Method:
    """`family.exists(m, m.age < 18)`, `pkd.startsWith("01.")`."""

    target: "Node"
    name: str
    arguments: "tuple[Node, ...]"
    at: At


@dataclass(frozen=True, slots=True)
class Unary:
    """`!` or `-`."""

    operator: str
    operand: "Node"
    at: At


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: "Node"
    right: "Node"
    at: At


@dataclass(frozen=True, slots=True)
class Choose:
    """`condition ? then : otherwise`."""

    condition: "Node"
    then: "Node"
    otherwise: "Node"
    at: At


@dataclass(frozen=True, slots=True)
class Sequence:
    """`["UA", "MD"]`."""

    items: "tuple[Node, ...]"
    at: At


Node = Literal | Name | Member | Call | Method | Unary | Binary | Choose | Sequence
