"""Text → tokens, each with its line and column."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ..faults import DefinitionError, Fault, Source
from .tree import At

LONGEST_TEXT: Final = 20_000


class Token(StrEnum):
    NUMBER = "number"
    TEXT = "text"
    WORD = "word"
    SIGN = "sign"
    END = "end of the expression"


@dataclass(frozen=True, slots=True)
class Lexeme:
    kind: Token
    text: str
    at: At

    def __str__(self) -> str:
        return str(self.kind) if self.kind is Token.END else f"`{self.text}`"


_PATTERN: Final = re.compile(
    r"""
      (?P<space>  [ \t\r\n]+ | //[^\n]* )
    | (?P<number> \d+ (?:\.\d+)? (?![\w.]) )
    | (?P<text>   "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
    | (?P<word>   [A-Za-z_][A-Za-z0-9_]* )
    | (?P<sign>   && | \|\| | == | != | <= | >= | [-+*/!<>?:.,()\[\]] )
    """,
    re.VERBOSE | re.ASCII,
)

_HINTS: Final = {
    "=": "Write == to compare.",
    "&": "Write && for and.",
    "|": "Write || for or.",
    '"': "The text has no closing quotation mark on its line.",
    "'": "The text has no closing quotation mark on its line.",
    "%": "There is no remainder of a division in this language.",
}


def lexemes(source: Source) -> Iterator[Lexeme]:
    """The tokens of the text, the end included.

    Raises:
        DefinitionError: a character that begins nothing.
    """
    text, position, line, start = source.text, 0, 1, 0
    if len(text) > LONGEST_TEXT:
        raise DefinitionError(
            [
                Fault(
                    source.where,
                    f"The expression has {len(text)} characters, more than {LONGEST_TEXT}.",
                    "Split it into named rules.",
                )
            ]
        )
    while position < len(text):
        at = (line, position - start + 1)
        found = _PATTERN.match(text, position)
        if found is None:
            raise _stray(source, text[position:], at)
        kind, matched = found.lastgroup, found.group()
        if kind != "space":
            yield Lexeme(Token(kind or ""), matched, at)
        if newlines := matched.count("\n"):
            line += newlines
            start = position + matched.rindex("\n") + 1
        position = found.end()
    yield Lexeme(Token.END, "", (line, position - start + 1))


def _stray(source: Source, rest: str, at: At) -> DefinitionError:
    if found := re.match(r"\d[\w.]*", rest):
        message, hint = f"`{found.group()}` is not a number.", "Write 12 or 12.50."
    else:
        message = f"`{rest[0]}` means nothing here."
        hint = _HINTS.get(rest[0], "Texts stand in quotation marks, names are ASCII letters.")
    return DefinitionError([Fault(source.place(*at), message, hint)])
