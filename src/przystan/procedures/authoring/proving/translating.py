"""Meaning → terms of the solver: what `rules.compiling` does, for all facts at once.

What nobody knows beside the facts (a rule not verified, a parameter without value, a table
without a row that fits) is a hole: unknown, as it is for the engine, or, where the solver may
suppose it known, any value at all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from przystan.procedures.authoring.proving import listing
from przystan.procedures.authoring.proving.kleene import (
    as_value,
    chosen,
    counting,
    extreme,
    if_else,
    is_sure,
    rounded,
    silence,
)
from przystan.procedures.authoring.proving.law import reads
from przystan.procedures.authoring.proving.presence import Presence, Stay
from przystan.procedures.authoring.proving.shared import Shared
from przystan.procedures.authoring.proving.terms import (
    FALSE,
    LAWFUL,
    LOUD,
    TRUE,
    Entry,
    Members,
    Term,
    Truth,
    Val,
    Value,
    certain,
    choice,
    every,
    negation,
    number,
    some,
    z3,
)
from przystan.rules import Dated, HitPolicy, Program, Table
from przystan.rules import meaning as meanings
from przystan.rules.meaning import (
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
    Read,
    Size,
    Sum,
    Variable,
)
from przystan.rules.program import Part
from przystan.rules.values import Kind, Type

Key = tuple[Of, str]
Scope = Mapping[int, Val]
_LENGTHS: Final = {"years": 12, "months": 1, "weeks": 7, "days": 1}
_SHORT: Final = 36_525  # days that never lead out of the calendar
_FIRST_DAY, _LAST_DAY = 1, 3_652_059


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What stands on one side of a comparison, and the value of the other side."""

    side: Meaning
    value: Value


class Translation:
    """A program over certain variables for its facts."""

    def __init__(self, program: Program, shared: Shared, facts: Mapping[str, Val]) -> None:
        self.program, self.shared = program, shared
        self._facts = facts
        self._parts: dict[Key, Val] = {}
        self._tables = {table.id: table for table in program.definition.tables}
        self._unverified = {rule.id for rule in program.definition.rules if not rule.is_verified}
        self._fitting: dict[str, tuple[Truth, ...]] = {}
        self._conditions: dict[int, Truth] = {}
        self._none_before: list[Term] = [TRUE]
        self.comparisons: list[Comparison] = []

    # --- parts ------------------------------------------------------------------------------------

    @property
    def conditions(self) -> tuple[Truth, ...]:
        """Those of all outcomes, in order."""
        return tuple(map(self.condition, range(len(self.program.conditions))))

    def condition(self, number: int) -> Truth:
        if number not in self._conditions:
            meaning = self.program.conditions[number].meanings[0]
            self._conditions[number] = self._truth(meaning, {})
        return self._conditions[number]

    def reached(self, number: int) -> Term:
        """That the outcome is the result: it holds and none before it does."""
        while len(self._none_before) <= number:
            last = len(self._none_before) - 1
            none = every([self._none_before[last], self.condition(last).false])
            self._none_before.append(none)
        return every([self._none_before[number], self.condition(number).true])

    def part(self, id: str) -> Val:
        """The value of a rule or table."""
        return self._part(_key(self.program, id))

    def fitting(self, table: str) -> tuple[Truth, ...]:
        """For each row whether it fits."""
        self._part((Of.TABLE, table))
        return self._fitting[table]

    def _part(self, key: Key) -> Val:
        if key not in self._parts:
            of, id = key
            part = self.program.parts[key]
            if of is Of.TABLE:
                self._parts[key] = self._table(self._tables[id], part)
            elif id in self._unverified:
                self._parts[key] = self.shared.open(key, part.type, LAWFUL)
            else:
                self._parts[key] = self._value(part.meanings[0], {})
        return self._parts[key]

    def read(self, meaning: Read) -> Val:
        match meaning.of:
            case Of.DAY:
                return self.shared.constant(self.shared.law.on)
            case Of.FACT:
                return self._facts[meaning.id]
            case Of.PARAMETER:
                return self._parameter(meaning)
        return self._part((meaning.of, meaning.id))

    def _parameter(self, meaning: Read) -> Val:
        """A parameter of the day of the law: a fact's day, where the definition says so."""
        law = self.shared.law
        found = law.parameters.get(meaning.id)
        day = self._facts.get(law.law_of) if law.law_of else None
        if isinstance(day, Value) and day.known is FALSE:
            day = None
        if not isinstance(found, Dated) or not isinstance(day, Value):
            return self._span(meaning, found.on(law.on) if isinstance(found, Dated) else found)
        spans = [each for each in found.spans if each[0].year > 1]
        first = found.spans[0][1] if len(spans) < len(found.spans) else None
        chosen = as_value(self._span(meaning, first))
        for start, value in spans:
            own = as_value(self._span(meaning, value))
            begun = day.term >= start.toordinal()
            chosen = Value(
                z3.If(begun, own.term, chosen.term), choice(begun, own.known, chosen.known)
            )
        return chosen

    def _span(self, meaning: Read, value: Any) -> Val:
        """The value of some days; where there is none, one that nobody knows."""
        if value is not None:
            return self.shared.constant(value)
        return self.shared.open((meaning.of, meaning.id), meaning.type, LAWFUL)

    # --- tables -----------------------------------------------------------------------------------

    def _table(self, table: Table, part: Part) -> Val:
        tests, values = rows_of(table, part)
        rows = tuple(
            Truth(
                every(truth.true for truth in truths),
                some(truth.false for truth in truths),
            )
            for truths in ([self._truth(test, {}) for test in row] for row in tests)
        )
        self._fitting[table.id] = rows
        if part.type.kind is Kind.RECORD:  # nothing more is said of it
            return self.shared.open((Of.TABLE, table.id), part.type, LOUD)
        found = [self._value(value, {}) for value in values]
        if table.policy is HitPolicy.COLLECT:
            return Members(
                tuple(
                    Entry(row.true, negation(row.false), value)
                    for row, value in zip(rows, found, strict=True)
                )
            )
        hits = counting(table.policy, rows, found)
        spoken = every([silence(table.policy, rows), LOUD])
        hole = self.shared.hole((Of.TABLE, table.id), part.type)
        return chosen(hits, found, spoken, hole)

    def silent(self, table: Table) -> Term:
        """That the table says nothing."""
        return silence(table.policy, self.fitting(table.id))

    # --- conditions and values --------------------------------------------------------------------

    def _truth(self, meaning: Meaning, scope: Scope) -> Truth:
        found = self._value(meaning, scope)
        if not isinstance(found, Truth):
            raise TypeError("a condition is neither true nor false")
        return found

    def _number(self, meaning: Meaning, scope: Scope) -> Value:
        return as_value(self._value(meaning, scope))

    def _value(self, meaning: Meaning, scope: Scope) -> Val:
        match meaning:
            case Constant(value):
                return self.shared.constant(value)
            case Read():
                return self.read(meaning)
            case Variable(number=place):
                return scope[place]
            case FieldOf(target, index):
                return _field(self._value(target, scope), index)
            case Not(operand):
                truth = self._truth(operand, scope)
                return Truth(truth.false, truth.true)
            case AllOf(parts):
                truths = [self._truth(part, scope) for part in parts]
                return Truth(every(t.true for t in truths), some(t.false for t in truths))
            case AnyOf(parts):
                truths = [self._truth(part, scope) for part in parts]
                return Truth(some(t.true for t in truths), every(t.false for t in truths))
            case Compare():
                return self._compare(
                    meaning, self._value(meaning.left, scope), self._value(meaning.right, scope)
                )
            case OneOf():
                return self._one_of(meaning, self._value(meaning.item, scope))
            case Apply():
                return self._apply(
                    meaning, [self._value(part, scope) for part in meaning.arguments]
                )
            case Extreme(is_max, parts):
                return extreme(is_max, [self._number(part, scope) for part in parts])
            case IfElse(condition, then, otherwise):
                return if_else(
                    self._truth(condition, scope),
                    self._value(then, scope),
                    self._value(otherwise, scope),
                )
            case _:
                return self._over_list(meaning, scope)

    def _compare(self, meaning: Compare, left: Val, right: Val) -> Truth:
        if isinstance(left, Truth) and isinstance(right, Truth):
            return Truth(
                some([every([left.true, right.true]), every([left.false, right.false])]),
                some([every([left.true, right.false]), every([left.false, right.true])]),
            )
        one, other = as_value(left), as_value(right)
        self.comparisons += [
            Comparison(meaning.left, other), Comparison(meaning.right, one)
        ]  # fmt: skip
        for own, constant in ((one, other), (other, one)):
            if own.step is not None and constant.raw is not None:
                self.shared.steps.compared(own.step, constant.raw)
        known = every([one.known, other.known])
        match meaning.operator:
            case "==":
                found = one.term == other.term
            case "<":
                found = one.term < other.term
            case _:
                found = one.term <= other.term
        return Truth(every([known, found]), every([known, negation(found)]))

    def _one_of(self, meaning: OneOf, item: Val) -> Truth:
        if meaning.is_exhaustive:
            return certain(TRUE)
        if isinstance(item, Truth):
            return Truth(
                some(item.true if option else item.false for option in meaning.options),
                some(item.false if option else item.true for option in meaning.options),
            )
        value = as_value(item)
        options = [as_value(self.shared.constant(each)) for each in sorted(meaning.options)]
        for option in options:
            if value.step is not None:
                self.shared.steps.compared(value.step, option.raw)
        among = some(value.term == option.term for option in options)
        return Truth(every([value.known, among]), every([value.known, negation(among)]))

    # --- functions --------------------------------------------------------------------------------

    def _apply(self, meaning: Apply, parts: Sequence[Val]) -> Val:
        arguments = [as_value(part) for part in parts]
        function = meaning.function
        if all(argument.raw is not None for argument in arguments):
            return self.shared.constant(function.call(*[argument.raw for argument in arguments]))
        known = every(argument.known for argument in arguments)
        name, kinds = function.name, [parameter.kind for parameter in function.parameters]
        first, second = arguments[0], arguments[-1]
        if name in ("+", "-") and kinds == [Kind.DATE, Kind.PERIOD]:
            return self._moved(name, function.parameters[1].unit, first, second, known)
        if name in _SIMPLE:
            return Value(_SIMPLE[name](*[argument.term for argument in arguments]), known)
        if name == "startsWith":
            return self._begins(first, second, known)
        step = self.shared.steps.applied(function, arguments)
        if function.result.kind is Kind.BOOL:
            return Truth(every([known, step.result]), every([known, negation(step.result)]))
        return Value(step.result, known, step=step)

    def _moved(self, sign: str, unit: str, day: Value, period: Value, known: Term) -> Value:
        """A day so many days or months on, or back."""
        if sign == "-":
            raw = None if period.raw is None else -period.raw
            period = Value(-period.term if raw is None else number(raw), period.known, raw)
        if unit == "months":
            step = self.shared.steps.months_later(day, period)
            return Value(step.result, known, step=step)
        moved = day.term + period.term
        if period.raw is None or abs(period.raw) > _SHORT:
            moved = z3.If(
                moved < _FIRST_DAY, _FIRST_DAY, z3.If(moved > _LAST_DAY, _LAST_DAY, moved)
            )
        return Value(moved, known)

    def _begins(self, text: Value, prefix: Value, known: Term) -> Truth:
        if prefix.raw is None:
            begins = z3.Function("begins", z3.IntSort(), z3.IntSort(), z3.BoolSort())
            found = begins(text.term, prefix.term)
        else:
            codes = self.shared.codes.beginning_with(prefix.raw)
            found = some(text.term == code for code in codes)
        return Truth(every([known, found]), every([known, negation(found)]))

    # --- lists ------------------------------------------------------------------------------------

    def _members(self, meaning: Meaning, scope: Scope) -> Members:
        found = self._value(meaning, scope)
        if not isinstance(found, Members):
            raise TypeError("only a list has items")
        return found

    def _over_list(self, meaning: Meaning, scope: Scope) -> Val:
        rest = partial(self._rest, meaning, scope)
        match meaning:
            case Exists(items, variable, condition):
                members = self._members(items, scope)
                truths = self._each(members, variable, condition, scope, self._truth)
                return listing.exists(members, truths, rest)
            case Filter(items, variable, condition):
                members = self._members(items, scope)
                truths = self._each(members, variable, condition, scope, self._truth)
                return listing.filtered(members, truths, rest)
            case Size(items):
                return listing.size(self._members(items, scope), rest)
            case Sum(items, variable, body, type_):
                members = self._members(items, scope)
                values = self._each(members, variable, body, scope, self._number)
                return listing.total(members, values, rest, type_)
            case ExtremeOver(is_max, items, variable, body, empty, type_):
                members = self._members(items, scope)
                values = self._each(members, variable, body, scope, self._number)
                otherwise = self._number(empty, scope)
                return listing.extreme(members, values, otherwise, is_max, rest, type_)
            case meanings.Presence():
                return self._presence(meaning, scope)
        raise TypeError(f"cannot translate {type(meaning).__name__}")

    def _each(
        self,
        members: Members,
        variable: Variable,
        body: Meaning,
        scope: Scope,
        work_out: Callable[[Meaning, Scope], Any],
    ) -> list[Any]:
        return [
            work_out(body, {**scope, variable.number: entry.value}) for entry in members.entries
        ]

    def _rest(self, meaning: Meaning, scope: Scope, type_: Type) -> Term:
        """What comes out for the items that are not looked at: any value at all.

        One and the same where the facts that it depends on are the same variables.
        """
        read = {*_facts_of(self.program, meaning), self.shared.law.law_of}
        facts = [self._facts[id] for id in sorted(read) if id in self._facts]
        around = [value for _, value in sorted(scope.items())]
        return self.shared.hole((meaning, self.shared.marks([*facts, *around])), type_)

    def _presence(self, meaning: meanings.Presence, scope: Scope) -> Value:
        """Days of presence: the solver learns them stay by stay, from its own models."""
        members = self._members(meaning.stays, scope)
        day = self._number(meaning.day, scope)
        term = self._rest(meaning, scope, meaning.type)
        stays = []
        known = [day.known, is_sure(members)]
        for entry in members.entries:
            start, end = (
                as_value(_field(entry.value, index))
                for index in (meaning.entry_index, meaning.exit_index)
            )
            stays.append(Stay(entry.sure, start.term, end.term))
            known += [some([negation(entry.maybe), each.known]) for each in (start, end)]
        window, limit = meaning.window, meaning.limit
        found = Presence(term, tuple(stays), members.more, day.term, window, limit)
        self.shared.steps.present(found)
        return Value(term, every(known))


_SIMPLE: Final[Mapping[str, Callable[..., Term]]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right=None: -left if right is None else left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: z3.ToReal(left) / right if z3.is_int(left) else left / right,
    "days_between": lambda start, end: end - start,
    "rounded": rounded,
    **{name: (lambda amount, length=length: amount * length) for name, length in _LENGTHS.items()},
}


def _field(record: Val, index: int) -> Val:
    if not isinstance(record, tuple):
        raise TypeError("only a record has fields")
    found: Val = record[index]
    return found


def rows_of(table: Table, part: Part) -> tuple[list[list[Meaning]], list[Meaning]]:
    """The tests of each row (empty cells left out) and the rows' values.

    A compiled table keeps them one after the other: tests row by row, then values.
    """
    waiting = iter(part.meanings)
    tests = [
        [next(waiting) for cell in row.tests if cell.text.strip() not in ("", "-")]
        for row in table.rows
    ]
    return tests, list(waiting)


def _key(program: Program, id: str) -> Key:
    return (Of.RULE, id) if (Of.RULE, id) in program.parts else (Of.TABLE, id)


def _facts_of(program: Program, meaning: Meaning) -> set[str]:
    """All facts that a piece depends on, over rules and tables too."""
    found: set[str] = set()
    for read in reads(meaning):
        if read.of is Of.FACT:
            found.add(read.id)
        elif read.of in (Of.RULE, Of.TABLE):
            found.update(program.parts[read.of, read.id].facts)
    return found
