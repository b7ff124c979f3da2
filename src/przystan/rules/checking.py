"""Tree of the syntax → meaning: names resolved, types checked, constants worked out.

A type that does not fit is refused when a definition loads; while a person answers it would look
like an unknown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import count
from typing import Any, Final

from . import functions, syntax
from .faults import DefinitionError, Fault, Source
from .fitting import (
    MisfitError,
    common,
    did_you_mean,
    equal,
    fits,
    folded,
    negated,
    ordered,
    takes,
    type_of_literal,
    unit_of,
)
from .functions import Function, moving
from .meaning import (
    AllOf,
    AnyOf,
    Apply,
    Compare,
    Constant,
    Exists,
    Extreme,
    ExtremeOver,
    FieldOf,
    Filter,
    IfElse,
    Meaning,
    OneOf,
    Presence,
    Read,
    Size,
    Sum,
    Variable,
)
from .syntax.tree import At, Binary, Call, Choose, Literal, Member, Method, Name, Node, Unary
from .values import DATE, INT, MONEY, ORDERED, Kind, Type

WIDEST_WINDOW: Final = 400
_TURNED: Final = {">": "<", ">=": "<="}
_MACROS: Final = ("exists", "all", "filter", "count", "sum", "min", "max")
_FUNCTION_NAMES: Final = (
    *{function.name for function in functions.FUNCTIONS},
    *("date", "pln", "min", "max", "size", "days_present", "last_legal_day"),
)
_GONE: Final = {
    "any": "exists",
    "has": "a list macro or a fact of its own: an unknown is never asked about",
}

Resolve = Callable[[str], Read | None]


@dataclass(slots=True)
class Checker:
    """Checks the expressions of one definition.

    `resolve` finds what a name stands for, `names` are all that it knows (for hints).
    """

    resolve: Resolve
    names: Callable[[], Sequence[str]]
    numbers: "count[int]"

    def check(self, source: Source, expected: Type | None = None) -> Meaning:
        """The meaning of the expression.

        Raises:
            DefinitionError: the first thing that does not fit, with its place.
        """
        return self.check_node(syntax.parse(source), source, expected)

    def check_node(self, node: Node, source: Source, expected: Type | None = None) -> Meaning:
        """The same for an expression that was already read."""
        try:
            meaning = self._meaning(node, {})
            if expected is not None and not fits(meaning.type, expected):
                raise MisfitError(
                    node.at,
                    f"This is a {meaning.type}, where a {expected} belongs.",
                    "Compare it with something." if expected.kind is Kind.BOOL else "",
                )
        except MisfitError as misfit:
            fault = Fault(source.place(*misfit.at), misfit.message, misfit.hint)
            raise DefinitionError([fault]) from misfit
        return meaning

    def _meaning(self, node: Node, scope: dict[str, Variable]) -> Meaning:
        match node:
            case Literal(value):
                return Constant(value, type_of_literal(value))
            case Name():
                return self._name(node, scope)
            case Member():
                return self._field(node, scope)
            case Unary():
                return self._unary(node, scope)
            case Binary():
                return self._binary(node, scope)
            case Choose():
                return self._choose(node, scope)
            case Call():
                return self._call(node, scope)
            case Method():
                return self._method(node, scope)
            case _:
                raise MisfitError(
                    node.at, "A list of values stands only after `in`.", 'Write x in ["a", "b"].'
                )

    def _name(self, node: Name, scope: dict[str, Variable]) -> Meaning:
        if node.id in scope:
            return scope[node.id]
        found = self.resolve(node.id)
        if found is None:
            known = [*scope, *self.names()]
            raise MisfitError(
                node.at,
                f"Nothing is called `{node.id}`: no fact, parameter, rule or table.",
                did_you_mean(node.id, known) or "Add it to the vocabulary or correct the name.",
            )
        return found

    def _field(self, node: Member, scope: dict[str, Variable]) -> Meaning:
        target = self._meaning(node.target, scope)
        found = target.type.field(node.field)
        if target.type.kind is not Kind.RECORD or found is None:
            fields = [name for name, _ in target.type.fields]
            hint = f"Its fields: {', '.join(fields)}." if fields else "It is no record."
            if target.type.kind is Kind.LIST:
                hint = "Over a list write family.exists(m, m.age < 18) or another macro."
            raise MisfitError(
                node.at, f"There is no field `{node.field}` in a {target.type.kind}.", hint
            )
        return FieldOf(target, found[0], found[1].bare())

    def _unary(self, node: Unary, scope: dict[str, Variable]) -> Meaning:
        operand = self._meaning(node.operand, scope)
        if node.operator == "!":
            return negated(self._condition(operand, node.operand.at))
        return self._applied(functions.NEGATIONS, "-", [operand], node.at)

    def _condition(self, meaning: Meaning, at: At) -> Meaning:
        if meaning.type.kind is not Kind.BOOL:
            raise MisfitError(
                at, f"This is a {meaning.type}, not a yes or no.", "Compare it with something."
            )
        return meaning

    def _binary(self, node: Binary, scope: dict[str, Variable]) -> Meaning:
        if node.operator == "in":
            return self._in(node, scope)
        left = self._meaning(node.left, scope)
        right = self._meaning(node.right, scope)
        match node.operator:
            case "&&" | "||":
                kind = AllOf if node.operator == "&&" else AnyOf
                parts = [
                    *_flat(kind, self._condition(left, node.left.at)),
                    *_flat(kind, self._condition(right, node.right.at)),
                ]
                return kind(tuple(parts))
            case "==":
                return equal(left, right, node.at)
            case "!=":
                return negated(equal(left, right, node.at))
            case "<" | "<=":
                return ordered(node.operator, left, right, node.at)
            case ">" | ">=":
                return ordered(_TURNED[node.operator], right, left, node.at)
        if node.operator == "/" and not (isinstance(right, Constant) and right.value):
            raise MisfitError(
                node.at, "A divisor is a number other than 0.", "Multiply the other side instead."
            )
        if node.operator == "/" and left.type.kind is Kind.INT:
            raise MisfitError(
                node.at,
                "Whole numbers are not divided: CEL would cut off the rest.",
                "Multiply the other side, or by a decimal such as 0.5.",
            )
        return self._applied(functions.SIGNS, node.operator, [left, right], node.at)

    def _in(self, node: Binary, scope: dict[str, Variable]) -> Meaning:
        item = self._meaning(node.left, scope)
        if not isinstance(node.right, syntax.Sequence):
            items = self._list(node.right, scope)
            variable = self._variable("item", _item(items))
            return Exists(items, variable, equal(variable, item, node.at))
        parts = [
            equal(item, self._meaning(part, scope), part.at, "in") for part in node.right.items
        ]
        if not parts:
            raise MisfitError(node.right.at, "Nothing is in an empty list.", "Write false.")
        constants = [_constant_side(part) for part in parts]
        if all(constant is not None for constant in constants):
            options = frozenset(constant.value for constant in constants if constant is not None)
            is_exhaustive = item.type.kind is Kind.CHOICE and options >= set(item.type.options)
            return OneOf(item, options, is_exhaustive)
        return AnyOf(tuple(parts)) if len(parts) > 1 else parts[0]

    def _choose(self, node: Choose, scope: dict[str, Variable]) -> Meaning:
        condition = self._condition(self._meaning(node.condition, scope), node.condition.at)
        then = self._meaning(node.then, scope)
        otherwise = self._meaning(node.otherwise, scope)
        type_ = common(then.type, otherwise.type)
        if type_ is None:
            raise MisfitError(
                node.at, f"One branch is a {then.type}, the other a {otherwise.type}.", "Use one."
            )
        return IfElse(condition, then, otherwise, type_)

    def _call(self, node: Call, scope: dict[str, Variable]) -> Meaning:
        if node.function in ("date", "pln") and _literals(node):
            return _literal_call(node)
        if node.function == "date" and len(node.arguments) == 3:
            return self._date_of_year(node, scope)
        if node.function in ("min", "max"):
            return self._extreme(node, scope)
        if node.function == "size" and len(node.arguments) == 1:
            return Size(self._list(node.arguments[0], scope), INT)
        if node.function in ("days_present", "last_legal_day"):
            return self._presence(node, scope)
        catalogue = functions.named(functions.FUNCTIONS, node.function)
        if not catalogue:
            hint = did_you_mean(node.function, _FUNCTION_NAMES)
            if node.function in _GONE:
                hint = f"Use {_GONE[node.function]}."
            raise MisfitError(
                node.at,
                f"There is no function `{node.function}`.",
                hint or f"The functions: {', '.join(sorted(_FUNCTION_NAMES))}.",
            )
        arguments = [self._meaning(argument, scope) for argument in node.arguments]
        return self._applied(catalogue, node.function, arguments, node.at)

    def _applied(
        self, catalogue: Sequence[Function], name: str, arguments: list[Meaning], at: At
    ) -> Meaning:
        """The first signature of the name that takes the arguments."""
        types = [argument.type for argument in arguments]
        for function in functions.named(catalogue, name):
            if len(types) == len(function.parameters) and all(
                map(takes, function.parameters, types)
            ):
                unit = unit_of(function, types, at)
                type_ = replace(function.result, unit=unit or function.result.unit)
                return folded(Apply(function, tuple(arguments), type_))
        shown = " and a ".join(map(str, types)) or "nothing"
        signatures = [
            ", ".join(map(str, known.parameters)) for known in functions.named(catalogue, name)
        ]
        hint = f"It takes: {'; or '.join(signatures[:3])}." if len(signatures) <= 3 else ""
        if name in ("+", "-", "*", "/"):
            hint = "Check the kinds and units of both sides."
        raise MisfitError(at, f"`{name}` does not take a {shown}.", hint)

    def _extreme(self, node: Call, scope: dict[str, Variable]) -> Meaning:
        parts = [self._meaning(argument, scope) for argument in node.arguments]
        if len(parts) < 2:
            raise MisfitError(
                node.at,
                f"`{node.function}` compares two or more values.",
                f"Over a list write family.{node.function}(m, m.age, 0).",
            )
        type_: Type | None = parts[0].type
        for part in parts[1:]:
            type_ = type_ and common(type_, part.type)
        if type_ is None or type_.kind not in ORDERED:
            raise MisfitError(node.at, f"`{node.function}` takes values of one ordered kind.")
        return Extreme(node.function == "max", tuple(parts), type_)

    def _date_of_year(self, node: Call, scope: dict[str, Variable]) -> Meaning:
        """`date(year(on) + 1, 4, 30)`."""
        year = self._meaning(node.arguments[0], scope)
        month, day = (
            part.value if isinstance(part, Literal) and isinstance(part.value, int) else 0
            for part in node.arguments[1:]
        )
        try:
            date(2001, month, day)
        except ValueError as error:
            raise MisfitError(
                node.at,
                "Month and day must be numbers that every year has.",
                "Write date(year(on), 4, 30).",
            ) from error
        if year.type.kind is not Kind.INT:
            raise MisfitError(node.at, f"The year is a {year.type}, not a whole number.")

        def made(number: int) -> date:
            return date(min(max(number, 1), 9999), month, day)

        function = Function("date", (INT,), DATE, made, moving(made, "+"))
        return folded(Apply(function, (year,), DATE))

    def _presence(self, node: Call, scope: dict[str, Variable]) -> Meaning:
        is_last = node.function == "last_legal_day"
        if len(node.arguments) != 3 + is_last:
            example = "(stays, entry, 90, 180)" if is_last else "(stays, on, 180)"
            raise MisfitError(
                node.at,
                f"`{node.function}` takes {3 + is_last} arguments.",
                f"Write {node.function}{example}.",
            )
        stays = self._list(node.arguments[0], scope)
        indexes = [_item(stays).field(name) for name in ("entry", "exit")]
        if any(found is None or found[1].kind is not Kind.DATE for found in indexes):
            raise MisfitError(
                node.arguments[0].at, "The list needs the date fields `entry` and `exit`."
            )
        day = self._meaning(node.arguments[1], scope)
        if day.type.kind is not Kind.DATE:
            raise MisfitError(node.arguments[1].at, f"This is a {day.type}, not a date.")
        numbers = [self._meaning(argument, scope) for argument in node.arguments[2:]]
        for number, argument in zip(numbers, node.arguments[2:], strict=True):
            if not (
                isinstance(number, Constant)
                and type(number.value) is int
                and 1 <= number.value <= WIDEST_WINDOW
            ):
                raise MisfitError(argument.at, f"Here stands a number from 1 to {WIDEST_WINDOW}.")
        values = [number.value for number in numbers if isinstance(number, Constant)]
        return Presence(
            stays,
            entry_index=indexes[0][0] if indexes[0] else 0,
            exit_index=indexes[1][0] if indexes[1] else 0,
            day=day,
            window=values[-1],
            limit=values[0] if is_last else None,
            type=DATE if is_last else Type(Kind.INT, "days"),
        )

    def _method(self, node: Method, scope: dict[str, Variable]) -> Meaning:
        if node.name in _MACROS:
            return self._macro(node, scope)
        if node.name == "size" and not node.arguments:
            return Size(self._list(node.target, scope), INT)
        catalogue = functions.named(functions.METHODS, node.name)
        if not catalogue:
            known = [*_MACROS, "size", "startsWith"]
            hint = did_you_mean(node.name, known) or f"There are: {', '.join(known)}."
            if node.name in _GONE:
                hint = f"Use {_GONE[node.name]}."
            raise MisfitError(node.at, f"There is no `.{node.name}(…)`.", hint)
        arguments = [self._meaning(part, scope) for part in (node.target, *node.arguments)]
        return self._applied(catalogue, node.name, arguments, node.at)

    def _macro(self, node: Method, scope: dict[str, Variable]) -> Meaning:
        items = self._list(node.target, scope)
        expected = 3 if node.name in ("min", "max") else 2
        if len(node.arguments) != expected or not isinstance(node.arguments[0], Name):
            extra = ", value when the list is empty" if expected == 3 else ""
            raise MisfitError(
                node.at,
                f"`.{node.name}` takes a variable and what to work out for each item{extra}.",
                f"Write family.{node.name}(m, m.age{', 0' if expected == 3 else ' < 18'}).",
            )
        name = node.arguments[0]
        if name.id in scope or self.resolve(name.id) is not None:
            raise MisfitError(
                name.at, f"`{name.id}` already means something.", "Take another variable, as `m`."
            )
        variable = self._variable(name.id, _item(items))
        body = self._meaning(node.arguments[1], scope | {name.id: variable})
        if node.name in ("exists", "all", "filter", "count"):
            condition = self._condition(body, node.arguments[1].at)
            return _quantified(node.name, items, variable, condition)
        if body.type.kind not in ORDERED or (node.name == "sum" and body.type.kind is Kind.DATE):
            raise MisfitError(node.arguments[1].at, f"`.{node.name}` does not take a {body.type}.")
        if node.name == "sum":
            return Sum(items, variable, body, body.type)
        empty = self._meaning(node.arguments[2], scope)
        type_ = common(body.type, empty.type)
        if type_ is None:
            raise MisfitError(
                node.arguments[2].at, f"This is a {empty.type}, the others are {body.type}."
            )
        return ExtremeOver(node.name == "max", items, variable, body, empty, type_)

    def _variable(self, name: str, type_: Type) -> Variable:
        return Variable(next(self.numbers), name, type_)

    def _list(self, node: Node, scope: dict[str, Variable]) -> Meaning:
        items = self._meaning(node, scope)
        if items.type.kind is not Kind.LIST:
            raise MisfitError(node.at, f"This is a {items.type}, not a list.")
        return items


def _flat(kind: type[AllOf] | type[AnyOf], meaning: Meaning) -> tuple[Meaning, ...]:
    return meaning.parts if isinstance(meaning, kind) else (meaning,)


def _constant_side(part: Meaning) -> Constant | None:
    if isinstance(part, Compare) and isinstance(part.right, Constant):
        return part.right
    return None


def _item(items: Meaning) -> Type:
    if items.type.item is None:
        raise TypeError("a list without a type of item passed the vocabulary")
    return items.type.item


def _literals(node: Call) -> bool:
    return len(node.arguments) == 1 and isinstance(node.arguments[0], Literal)


def _literal_call(node: Call) -> Constant:
    """`date("2026-04-27")` and `pln(100.50)`."""
    (argument,) = node.arguments
    value: Any = argument.value if isinstance(argument, Literal) else None
    if node.function == "date":
        try:
            if not isinstance(value, str) or len(value) != 10:
                raise ValueError
            return Constant(date.fromisoformat(value), DATE)
        except ValueError as error:
            raise MisfitError(
                argument.at, "This is no day of the calendar.", 'Write date("2026-11-23").'
            ) from error
    if not isinstance(value, (int, Fraction)) or isinstance(value, bool):
        raise MisfitError(argument.at, "This is no amount.", "Write pln(100) or pln(100.50).")
    grosz = Fraction(value) * 100
    if grosz.denominator != 1:
        raise MisfitError(argument.at, "An amount has at most two decimal places.")
    return Constant(int(grosz), MONEY)


def _quantified(name: str, items: Meaning, variable: Variable, condition: Meaning) -> Meaning:
    match name:
        case "exists":
            return Exists(items, variable, condition)
        case "all":
            return negated(Exists(items, variable, negated(condition)))
        case "filter":
            return Filter(items, variable, condition, items.type)
    return Size(Filter(items, variable, condition, items.type), INT)
