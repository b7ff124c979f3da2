"""Tokens → tree, by precedence climbing (Pratt).

From loosest to tightest, as in CEL: `? :`, `||`, `&&`, comparisons and `in`, `+ -`, `* /`,
`! -`, fields and calls. Comparisons do not chain.
"""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Final

from ..faults import DefinitionError, Fault, Source
from .lexer import Lexeme, Token, lexemes
from .tree import (
    At,
    Binary,
    Call,
    Choose,
    Literal,
    Member,
    Method,
    Name,
    Node,
    Sequence,
    Unary,
)

DEEPEST: Final = 60  # nested parentheses; a deeper rule is not one that a person can read

_CHOOSE, _COMPARE, _PREFIX, _POSTFIX = 1, 4, 7, 8
_BINARY: Final = {
    "||": 2,
    "&&": 3,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), _COMPARE),
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
}
_ESCAPES: Final = {"n": "\n", "t": "\t", "\\": "\\", '"': '"', "'": "'"}
_WORDS_OF_OTHER_LANGUAGES: Final = {"and": "&&", "or": "||", "not": "!", "is": "=="}


def parse(source: Source) -> Node:
    """The tree of the expression.

    Raises:
        DefinitionError: line and column of what was not expected, and what was.
    """
    return _Parser(source).whole()


class _Parser:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._lexemes = list(lexemes(source))
        self._next = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._expression(0)
        if self._peek.kind is not Token.END:
            raise self._unexpected("an operator or the end")
        return node

    @property
    def _peek(self) -> Lexeme:
        return self._lexemes[self._next]

    def _take(self) -> Lexeme:
        taken = self._lexemes[self._next]
        self._next += taken.kind is not Token.END
        return taken

    def _sees(self, text: str) -> bool:
        peek = self._peek
        return peek.kind in (Token.SIGN, Token.WORD) and peek.text == text

    def _expect(self, text: str) -> None:
        if not self._sees(text):
            raise self._unexpected(f"`{text}`")
        self._take()

    def _expression(self, strength: int) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._fault(
                self._peek.at, "The expression is nested too deeply.", "Name parts of it as rules."
            )
        node = self._prefix()
        while (step := self._infix(strength)) is not None:
            node = step(node)
        self._depth -= 1
        return node

    def _infix(self, strength: int) -> "Callable[[Node], Node] | None":
        """What continues an expression here, if it binds more tightly than `strength`."""
        peek = self._peek
        if peek.kind not in (Token.SIGN, Token.WORD):
            return None
        if peek.text == "." and strength < _POSTFIX:
            return self._member
        if peek.text == "?" and strength < _CHOOSE:
            return self._choose
        own = _BINARY.get(peek.text)
        return self._binary if own is not None and strength < own else None

    def _prefix(self) -> Node:
        taken = self._take()
        match taken.kind, taken.text:
            case Token.NUMBER, digits:
                value = Fraction(digits) if "." in digits else int(digits)
                return Literal(value, taken.at)
            case Token.TEXT, quoted:
                return Literal(self._unquoted(quoted, taken.at), taken.at)
            case Token.WORD, ("true" | "false") as word:
                return Literal(word == "true", taken.at)
            case Token.WORD, word if word != "in":
                if self._sees("("):
                    return Call(word, self._arguments(")"), taken.at)
                return Name(word, taken.at)
            case Token.SIGN, ("!" | "-") as sign:
                return Unary(sign, self._expression(_PREFIX), taken.at)
            case Token.SIGN, "(":
                inner = self._expression(0)
                self._expect(")")
                return inner
            case Token.SIGN, "[":
                self._next -= 1
                return Sequence(self._arguments("]"), taken.at)
        self._next -= taken.kind is not Token.END
        raise self._unexpected("a fact, a value or a function")

    def _member(self, target: Node) -> Node:
        at = self._take().at
        name = self._take()
        if name.kind is not Token.WORD:
            self._next -= name.kind is not Token.END
            raise self._unexpected("the name of a field after `.`")
        if self._sees("("):
            return Method(target, name.text, self._arguments(")"), name.at)
        return Member(target, name.text, at)

    def _choose(self, condition: Node) -> Node:
        at = self._take().at
        then = self._expression(_CHOOSE)
        self._expect(":")
        return Choose(condition, then, self._expression(0), at)

    def _binary(self, left: Node) -> Node:
        sign = self._take()
        own = _BINARY[sign.text]
        node = Binary(sign.text, left, self._expression(own), sign.at)
        if own == _COMPARE and _BINARY.get(self._peek.text) == _COMPARE:
            raise self._fault(
                self._peek.at, "Comparisons do not chain.", "Write a < b && b < c instead."
            )
        return node

    def _arguments(self, closing: str) -> tuple[Node, ...]:
        self._take()
        found: list[Node] = []
        while not self._sees(closing):
            found.append(self._expression(0))
            if not self._sees(closing):
                self._expect(",")
        self._take()
        return tuple(found)

    def _unquoted(self, quoted: str, at: At) -> str:
        def meant(found: re.Match[str]) -> str:
            escaped = found.group(1)
            if escaped not in _ESCAPES:
                raise self._fault(at, f"`\\{escaped}` is no escape.", "Write \\\\, \\n, \\t.")
            return _ESCAPES[escaped]

        return re.sub(r"\\(.)", meant, quoted[1:-1])

    def _unexpected(self, expected: str) -> DefinitionError:
        peek = self._peek
        hint = f"Expected {expected}."
        if other := _WORDS_OF_OTHER_LANGUAGES.get(peek.text):
            hint = f"Write {other} instead."
        return self._fault(peek.at, f"Did not expect {peek}.", hint)

    def _fault(self, at: At, message: str, hint: str) -> DefinitionError:
        return DefinitionError([Fault(self._source.place(*at), message, hint)])
