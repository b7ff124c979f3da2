"""What all translations of one proof share: codes, functions, and what nobody knows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from przystan.procedures.authoring.proving.law import Law
from przystan.procedures.authoring.proving.steps import Steps
from przystan.procedures.authoring.proving.terms import (
    FALSE,
    TRUE,
    Codes,
    Members,
    Term,
    Truth,
    Val,
    Value,
    certain,
    every,
    negation,
    number,
    z3,
)
from przystan.rules.values import BOOL, Kind, Type


@dataclass(slots=True)
class Shared:
    law: Law
    codes: Codes
    steps: Steps = field(default_factory=Steps)
    _holes: dict[object, Term] = field(default_factory=dict)
    _kept: list[object] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    def hole(self, key: object, type_: Type) -> Term:
        """A variable for what nobody knows: one and the same for one key."""
        if key not in self._holes:
            self._holes[key] = self._variable(type_)
        return self._holes[key]

    def marks(self, values: Iterable[Val]) -> tuple[int, ...]:
        """What tells values apart as long as the proof lasts."""
        kept = list(values)
        self._kept += kept
        return tuple(id(value) for value in kept)

    def _variable(self, type_: Type) -> Term:
        name = f"hole {next(self._numbers)}"
        match type_.kind:
            case Kind.BOOL:
                return z3.Bool(name)
            case Kind.DECIMAL | Kind.MONEY:
                return z3.Real(name)
        return z3.Int(name)

    def open(self, key: object, type_: Type, known: Term) -> Val:
        """A value that is not known, unless `known`: then it may be any."""
        if type_.kind is Kind.RECORD:
            return tuple(self.open((key, name), inner, known) for name, inner in type_.fields)
        if type_.kind is Kind.LIST:
            return Members((), self.hole(key, BOOL))
        term = self.hole(key, type_)
        if type_.kind is Kind.BOOL:
            return Truth(every([known, term]), every([known, negation(term)]))
        return Value(term, known)

    def constant(self, value: Any) -> Val:
        if isinstance(value, bool):
            return certain(TRUE if value else FALSE)
        if isinstance(value, str):
            return Value(number(self.codes.of(value)), TRUE, value)
        return Value(number(value), TRUE, value)
