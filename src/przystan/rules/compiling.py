"""Meaning → closures over one list of values, the environment of a check.

A closure takes the environment and gives a value or an `Unknown`. Rules, tables and conditions
have a place in the environment too: worked out when first read, forgotten when a fact they
depend on changes.
"""

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any, Final

from . import lists, logic
from .lists import Evaluate, Members
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
    Not,
    Of,
    OneOf,
    Presence,
    Read,
    Size,
    Sum,
    Variable,
)
from .values import Unknown, within


class _Pending:
    """Stands in the environment for what was not worked out since a fact changed."""

    def __repr__(self) -> str:
        return "pending"


PENDING: Final = _Pending()

Key = tuple[Of, str]


class Compiler:
    """Compiles the meanings of one definition into one layout.

    `slots` says where the day, facts, parameters, rules and tables stand, `variables` where the
    variable of a number stands; `bodies` are the rules and tables compiled so far.
    """

    def __init__(self, slots: Mapping[Key, int], variables: Mapping[int, int]) -> None:
        self._slots = slots
        self._variables = variables
        self.bodies: dict[Key, Evaluate] = {}

    def compiled(self, meaning: Meaning) -> Evaluate:
        match meaning:
            case Constant(value):
                return lambda env: value
            case Read():
                return self._read(meaning)
            case Variable(number):
                return itemgetter(self._variables[number])
            case FieldOf(target, index):
                return _field(self.compiled(target), index)
            case Not(operand):
                return _not(self.compiled(operand))
            case AllOf(parts):
                return _all_of(tuple(map(self.compiled, parts)))
            case AnyOf(parts):
                return _any_of(tuple(map(self.compiled, parts)))
            case Compare():
                return self._compare(meaning)
            case OneOf(item, options, is_exhaustive):
                return _one_of(self.compiled(item), options, is_exhaustive)
            case Apply():
                return self._apply(meaning)
            case Extreme(is_max, parts):
                return _extreme(is_max, tuple(map(self.compiled, parts)))
            case IfElse(condition, then, otherwise):
                return _if_else(*map(self.compiled, (condition, then, otherwise)))
            case _:
                return self._over_list(meaning)

    def _over_list(self, meaning: Meaning) -> Evaluate:
        match meaning:
            case Filter(items, variable, condition):
                return _over(lists.filtered, *self._macro(items, variable, condition))
            case Exists(items, variable, condition):
                return _over(lists.exists, *self._macro(items, variable, condition))
            case Sum(items, variable, body):
                return _over(lists.total, *self._macro(items, variable, body))
            case ExtremeOver(is_max, items, variable, body, empty):
                members, slot, value = self._macro(items, variable, body)
                otherwise = self.compiled(empty)
                return lambda env: lists.extreme(members(env), slot, value, env, is_max, otherwise)
            case Size(items):
                counted = self.compiled(items)
                return lambda env: lists.size(counted(env))
            case Presence(stays, entry, exit, day, window, limit):
                members, on = self.compiled(stays), self.compiled(day)
                return lambda env: lists.presence(members(env), entry, exit, on(env), window, limit)
        raise TypeError(f"cannot compile {type(meaning).__name__}")

    def _macro(
        self, items: Meaning, variable: Variable, body: Meaning
    ) -> tuple[Evaluate, int, Evaluate]:
        return self.compiled(items), self._variables[variable.number], self.compiled(body)

    def _read(self, meaning: Read) -> Evaluate:
        key = (meaning.of, meaning.id)
        slot = self._slots[key]
        if meaning.of in (Of.RULE, Of.TABLE):
            return remembered(slot, self.bodies[key])
        return itemgetter(slot)

    def _compare(self, meaning: Compare) -> Evaluate:
        left, right = meaning.left, meaning.right
        if isinstance(right, Constant) and (slot := self._plain(left)) is not None:
            return _SLOT_AND_CONSTANT[meaning.operator](slot, right.value)
        if isinstance(left, Constant) and (slot := self._plain(right)) is not None:
            return _CONSTANT_AND_SLOT[meaning.operator](slot, left.value)
        return _COMPARISONS[meaning.operator](self.compiled(left), self.compiled(right))

    def _plain(self, meaning: Meaning) -> int | None:
        """The slot of a value that stands in the environment as it is."""
        if isinstance(meaning, Read) and meaning.of in (Of.DAY, Of.FACT, Of.PARAMETER):
            return self._slots[meaning.of, meaning.id]
        return None

    def _apply(self, meaning: Apply) -> Evaluate:
        function, call = meaning.function, meaning.function.call
        parts = tuple(map(self.compiled, meaning.arguments))
        if len(parts) == 1:
            (only,) = parts

            def of_one(env: list[Any]) -> Any:
                value = only(env)
                if value.__class__ is Unknown:
                    return logic.applied(function, [value])
                return call(value)

            return of_one
        first, second = parts

        def of_two(env: list[Any]) -> Any:
            left, right = first(env), second(env)
            if left.__class__ is Unknown:
                if left.low is None and left.high is None and right.__class__ is not Unknown:
                    return left
            elif right.__class__ is not Unknown:
                return call(left, right)
            return logic.applied(function, [left, right])

        return of_two


def remembered(slot: int, body: Evaluate) -> Evaluate:
    """Work the body out once and keep it in the slot until a fact changes."""

    def evaluate(env: list[Any]) -> Any:
        value = env[slot]
        if value is PENDING:
            value = env[slot] = body(env)
        return value

    return evaluate


def _field(target: Evaluate, index: int) -> Evaluate:
    return lambda env: target(env)[index]


def _not(operand: Evaluate) -> Evaluate:
    def evaluate(env: list[Any]) -> Any:
        value = operand(env)
        if value is True:
            return False
        return True if value is False else value

    return evaluate


def _all_of(parts: tuple[Evaluate, ...]) -> Evaluate:
    def evaluate(env: list[Any]) -> Any:
        mask = twice = 0
        for part in parts:
            value = part(env)
            if value is False:
                return False
            if value is not True:
                twice |= value.twice | (mask & value.mask)
                mask |= value.mask
        return Unknown(mask, twice) if mask else True

    return evaluate


def _any_of(parts: tuple[Evaluate, ...]) -> Evaluate:
    def evaluate(env: list[Any]) -> Any:
        mask = twice = 0
        for part in parts:
            value = part(env)
            if value is True:
                return True
            if value is not False:
                twice |= value.twice | (mask & value.mask)
                mask |= value.mask
        return Unknown(mask, twice) if mask else False

    return evaluate


def _one_of(item: Evaluate, options: frozenset[Any], is_exhaustive: bool) -> Evaluate:
    def evaluate(env: list[Any]) -> Any:
        value = item(env)
        if value.__class__ is not Unknown:
            return value in options
        if is_exhaustive:
            return True
        if value.low is None and value.high is None:
            return value
        if all(logic.equal(value, option) is False for option in options):
            return False
        return Unknown(value.mask, value.twice)

    return evaluate


def _extreme(is_max: bool, parts: tuple[Evaluate, ...]) -> Evaluate:
    pick = max if is_max else min

    def evaluate(env: list[Any]) -> Any:
        values = [part(env) for part in parts]
        for value in values:
            if value.__class__ is Unknown:
                return logic.extreme(is_max, values)
        return pick(values)

    return evaluate


def _if_else(condition: Evaluate, then: Evaluate, otherwise: Evaluate) -> Evaluate:
    def evaluate(env: list[Any]) -> Any:
        holds = condition(env)
        if holds is True:
            return then(env)
        if holds is False:
            return otherwise(env)
        values = [then(env), otherwise(env)]
        if values[0].__class__ is not Unknown and values[0] == values[1]:
            return values[0]
        cause = logic.blended([holds, *values])
        return within(cause, *logic.hull(values))

    return evaluate


def _over(
    macro: Callable[[Members, int, Evaluate, list[Any]], Any],
    items: Evaluate,
    slot: int,
    body: Evaluate,
) -> Evaluate:
    return lambda env: macro(items(env), slot, body, env)


def _general(
    decide: Callable[[Any, Any], Any], unsure: Callable[[Any, Any], Any]
) -> Callable[[Evaluate, Evaluate], Evaluate]:
    def compiled(left: Evaluate, right: Evaluate) -> Evaluate:
        def evaluate(env: list[Any]) -> Any:
            one, other = left(env), right(env)
            if one.__class__ is Unknown or other.__class__ is Unknown:
                return unsure(one, other)
            return decide(one, other)

        return evaluate

    return compiled


def _equal_constant(slot: int, constant: Any) -> Evaluate:
    def evaluate(env: list[Any]) -> Any:
        value = env[slot]
        if value.__class__ is Unknown:
            return logic.equal(value, constant)
        return value == constant

    return evaluate


def _below_constant(slot: int, constant: Any) -> Evaluate:
    def evaluate(env: list[Any]) -> Any:
        value = env[slot]
        if value.__class__ is Unknown:
            return logic.less(value, constant)
        return value < constant

    return evaluate


def _at_most_constant(slot: int, constant: Any) -> Evaluate:
    def evaluate(env: list[Any]) -> Any:
        value = env[slot]
        if value.__class__ is Unknown:
            return logic.less_or_equal(value, constant)
        return value <= constant

    return evaluate


def _above_constant(slot: int, constant: Any) -> Evaluate:
    def evaluate(env: list[Any]) -> Any:
        value = env[slot]
        if value.__class__ is Unknown:
            return logic.less(constant, value)
        return constant < value

    return evaluate


def _at_least_constant(slot: int, constant: Any) -> Evaluate:
    def evaluate(env: list[Any]) -> Any:
        value = env[slot]
        if value.__class__ is Unknown:
            return logic.less_or_equal(constant, value)
        return constant <= value

    return evaluate


_COMPARISONS: Final = {
    "==": _general(lambda one, other: one == other, logic.equal),
    "<": _general(lambda one, other: one < other, logic.less),
    "<=": _general(lambda one, other: one <= other, logic.less_or_equal),
}
_SLOT_AND_CONSTANT: Final = {
    "==": _equal_constant,
    "<": _below_constant,
    "<=": _at_most_constant,
}
_CONSTANT_AND_SLOT: Final = {
    "==": _equal_constant,
    "<": _above_constant,
    "<=": _at_least_constant,
}
