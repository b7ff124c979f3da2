"""Text of an expression → tree. The grammar is a strict subset of CEL."""

from .parser import parse
from .tree import Binary, Call, Choose, Literal, Member, Method, Name, Node, Sequence, Unary

__all__ = [
    "Binary",
    "Call",
    "Choose",
    "Literal",
    "Member",
    "Method",
    "Name",
    "Node",
    "Sequence",
    "Unary",
    "parse",
]
