"""Where something is wrong in a definition, what was expected and what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file; line and column count from 1. Without a file: in the text itself."""

    file: str = ""
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        place = f"{self.line}:{self.column}"
        return f"{self.file}:{place}" if self.file else place


@dataclass(frozen=True, slots=True)
class Source:
    """The text of an expression and where it stands.

    `indent` is the column at which the second and later lines begin: the loader of a file knows
    it, the text alone does not.
    """

    text: str
    where: Where = Where()
    indent: int = 1

    def place(self, line: int, column: int) -> Where:
        """The place in the file of a place in the text (both from 1)."""
        start = self.where.column if line == 1 else self.indent
        return Where(self.where.file, self.where.line + line - 1, start + column - 1)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that keeps a definition from loading."""

    where: Where
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" + (f" {self.hint}" if self.hint else "")


class DefinitionError(Exception):
    """A definition cannot be used; `faults` names everything that was found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


class FactError(ValueError):
    """A stated fact does not fit its type.

    The value itself is never part of the message: it may be personal.
    """

    def __init__(self, fact: str, reason: str, remedy: str) -> None:
        super().__init__(f"{fact}: {reason} {remedy}")
        self.fact, self.reason, self.remedy = fact, reason, remedy
