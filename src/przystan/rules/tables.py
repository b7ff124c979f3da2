"""Decision tables: checked into columns of tests, evaluated as sets of rows.

A column knows, for a value, the rows whose test it passes, as bits; the rows that fit are the
bits that all columns share. So a table costs one look-up a column, not one test a cell.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from .checking import Checker
from .compiling import Compiler
from .definitions import HitPolicy, Row, Table
from .faults import DefinitionError, Fault, Source
from .lists import Evaluate, Members
from .logic import blended, hull
from .meaning import Compare, Constant, Meaning, Not, OneOf
from .syntax import parse
from .syntax.tree import Binary, Node
from .syntax.tree import Sequence as Values
from .values import BOOL, ORDERED, Kind, Type, Unknown, list_of, within

_SIGNS = ("==", "!=", "<=", ">=", "<", ">")


@dataclass(frozen=True, slots=True)
class CheckedTable:
    """Inputs, for each row its tests (None: anything) and value, and the type of the whole."""

    inputs: tuple[Meaning, ...]
    tests: tuple[tuple[Meaning | None, ...], ...]
    values: tuple[Meaning, ...]
    policy: HitPolicy
    type: Type

    @property
    def meanings(self) -> tuple[Meaning, ...]:
        """Everything that the table reads, cell by cell."""
        tests = [test for row in self.tests for test in row if test is not None]
        return (*tests, *self.values)


def checked_table(table: Table, checker: Checker) -> CheckedTable:
    """The table with types.

    Raises:
        DefinitionError: every cell that does not fit.
    """
    faults: list[Fault] = []
    inputs = [checker.check(source) for source in table.inputs]
    tests: list[tuple[Meaning | None, ...]] = []
    values: list[Meaning] = []
    for row in table.rows:
        try:
            tests.append(_tests(table, row, checker))
            values.append(checker.check(row.value))
        except DefinitionError as error:
            faults += error.faults
    if not table.rows:
        faults.append(Fault(table.where, f"The table {table.id} has no rows.", "Add one."))
    if faults:
        raise DefinitionError(faults)
    type_ = _value_type(table, values)
    if table.policy is HitPolicy.COLLECT:
        type_ = list_of(type_)
    return CheckedTable(tuple(inputs), tuple(tests), tuple(values), table.policy, type_)


def _tests(table: Table, row: Row, checker: Checker) -> tuple[Meaning | None, ...]:
    if len(row.tests) != len(table.inputs):
        raise DefinitionError(
            [
                Fault(
                    row.where,
                    f"The row has {len(row.tests)} tests, the table {table.id} has"
                    f" {len(table.inputs)} inputs.",
                    "Leave a test empty where anything fits.",
                )
            ]
        )
    return tuple(
        _test(source, cell, checker) for source, cell in zip(table.inputs, row.tests, strict=True)
    )


def _test(input: Source, cell: Source, checker: Checker) -> Meaning | None:
    """`>= 18`, `"a", "b"`, `in [1, 2]`, `true`: the input's test; empty: None."""
    text = cell.text.strip()
    if text in ("", "-"):
        return None
    lead = len(cell.text) - len(cell.text.lstrip())
    sign = next((sign for sign in _SIGNS if text.startswith(sign)), "")
    if (not sign and text.startswith("in ")) or text.startswith("in["):
        sign = "in"
    start = lead + len(sign)
    bracketed = sign == "" and "," in text
    body = " " * (start - bracketed) + ("[" if bracketed else "") + cell.text[start:]
    shift = 1 if bracketed and start == 0 else 0
    place = replace(cell.where, column=cell.where.column - shift)
    source = Source(body + ("]" if bracketed else ""), place, cell.indent)
    right = _parsed(source, bracketed)
    operator = "in" if bracketed or sign == "in" else sign or "=="
    node = Binary(operator, parse(input), right, (1, lead + 1 + shift))
    return checker.check_node(node, source, BOOL)


def _parsed(source: Source, is_list: bool) -> Node:
    """The values of a cell; a bare list is read as the right side of `in`."""
    node = parse(source)
    if is_list and not isinstance(node, Values):
        raise DefinitionError([Fault(source.where, "This is no list of values.")])
    return node


def _value_type(table: Table, values: Sequence[Meaning]) -> Type:
    """One type for all rows; texts become a choice, so that what reads them is checked."""
    kinds = {value.type.kind for value in values}
    if kinds == {Kind.TEXT} and all(isinstance(value, Constant) for value in values):
        texts = dict.fromkeys(value.value for value in values if isinstance(value, Constant))
        return Type(Kind.CHOICE, options=tuple(texts))
    first = values[0].type
    if kinds <= {Kind.INT, Kind.DECIMAL} and len(kinds) > 1:
        return replace(first, kind=Kind.DECIMAL)
    for row, value in zip(table.rows, values, strict=True):
        if value.type.bare() != first.bare():
            fault = Fault(
                row.value.where,
                f"This is a {value.type}, the first row's value a {first}.",
                "All rows give one kind of value.",
            )
            raise DefinitionError([fault])
    return first.bare()


class CompiledTable:
    """The table over an environment.

    `silent` is the value where no row fits, or two fit of which only one may.
    """

    def __init__(self, table: CheckedTable, silent: Unknown, compiler: Compiler) -> None:
        columns = zip(*table.tests, strict=True)
        self._columns = [
            _column(input, tests, compiler)
            for input, tests in zip(table.inputs, columns, strict=True)
            if any(test is not None for test in tests)
        ]
        self._values = tuple(map(compiler.compiled, table.values))
        self._everything = (1 << len(self._values)) - 1
        self._silent = silent
        self._conclude = _CONCLUDE[table.policy]

    def value(self, env: list[Any]) -> Any:
        sure, maybe, doubts = self._fitting(env)
        return self._conclude(env, self._values, sure, maybe, doubts, self._silent)

    def sure(self, env: list[Any]) -> int:
        """The rows that surely fit, as bits."""
        return self._fitting(env)[0]

    def _fitting(self, env: list[Any]) -> "tuple[int, int, Doubts]":
        sure = maybe = self._everything
        doubts: Doubts = []
        for column in self._columns:
            rows = column(env)
            if rows.__class__ is int:
                sure &= rows
                maybe &= rows
            else:
                sure &= rows[0]
                maybe &= rows[1]
                doubts.append((rows[1] & ~rows[0], rows[2]))
        return sure, maybe, doubts


Doubts = list[tuple[int, Unknown]]


def _first(
    env: list[Any],
    values: tuple[Evaluate, ...],
    sure: int,
    maybe: int,
    doubts: Doubts,
    silent: Unknown,
) -> Any:
    if not maybe:
        return silent
    first_sure = sure & -sure
    if maybe & -maybe == first_sure:
        return values[first_sure.bit_length() - 1](env)
    # Earlier rows may still fit: the value is known only if all of them give the same.
    rows = maybe & ((first_sure << 1) - 1) if first_sure else maybe
    possible = [values[index](env) for index in _indexes(rows)]
    if first_sure and _all_same(possible):
        return possible[0]
    cause = _cause(doubts, rows, possible)
    return within(cause, *hull(possible)) if _is_ordered(possible) else cause


def _unique(
    env: list[Any],
    values: tuple[Evaluate, ...],
    sure: int,
    maybe: int,
    doubts: Doubts,
    silent: Unknown,
) -> Any:
    if not maybe or sure & (sure - 1):
        return silent
    if sure == maybe:
        return values[sure.bit_length() - 1](env)
    return _cause(doubts, maybe, [values[index](env) for index in _indexes(maybe)])


def _collected(
    env: list[Any],
    values: tuple[Evaluate, ...],
    sure: int,
    maybe: int,
    doubts: Doubts,
    silent: Unknown,
) -> Any:
    return Members(
        tuple(values[index](env) for index in _indexes(sure)),
        tuple(
            (values[index](env), _cause(doubts, 1 << index, []))
            for index in _indexes(maybe & ~sure)
        ),
    )


_CONCLUDE = {
    HitPolicy.FIRST: _first,
    HitPolicy.UNIQUE: _unique,
    HitPolicy.COLLECT: _collected,
}


def _indexes(rows: int) -> list[int]:
    return [index for index in range(rows.bit_length()) if rows >> index & 1]


def _all_same(values: list[Any]) -> bool:
    return all(value.__class__ is not Unknown and value == values[0] for value in values)


def _is_ordered(values: list[Any]) -> bool:
    return all(value.__class__ not in (str, bool, tuple, Members) for value in values)


def _cause(doubts: Doubts, rows: int, values: list[Any]) -> Unknown:
    """Unknown because of the columns that left these rows in doubt, and of the rows' values.

    A fact is tested in several rows, so Kleene's logic may not be exact: all of it is `twice`.
    """
    causes: list[Any] = [unknown for doubtful, unknown in doubts if doubtful & rows]
    found = blended([*causes, *values])
    return Unknown(found.mask, found.mask)


def _column(input: Meaning, tests: Sequence[Meaning | None], compiler: Compiler) -> "Evaluate":
    """The rows that a value of the input passes, as bits; of an unknown one see `_unsure`."""
    value = compiler.compiled(input)
    slow = [
        (1 << row, compiler.compiled(test)) for row, test in enumerate(tests) if test is not None
    ]
    anything = sum(1 << row for row, test in enumerate(tests) if test is None)
    passed = _constant_tests(input, tests)
    if passed is None:
        return lambda env: _unsure(env, anything, slow)
    if input.type.kind in ORDERED:
        cuts, masks = _regions(passed, len(tests))

        def by_order(env: list[Any]) -> Any:
            found = value(env)
            if found.__class__ is Unknown:
                return _unsure(env, anything, slow)
            left = bisect_left(cuts, found)
            return masks[left + bisect_right(cuts, found, left)]

        return by_order
    by_value = {
        option: sum(1 << row for row in range(len(tests)) if _passes(passed, row, option))
        for option in {option for _, options in passed.values() for option in options}
    }
    other = sum(1 << row for row in range(len(tests)) if _passes(passed, row, _NOTHING))

    def by_key(env: list[Any]) -> Any:
        found = value(env)
        if found.__class__ is Unknown:
            return _unsure(env, anything, slow)
        return by_value.get(found, other)

    return by_key


def _unsure(env: list[Any], anything: int, slow: Sequence[tuple[int, Evaluate]]) -> Any:
    """Bits of the rows that surely pass, that may pass, and why that is not known."""
    sure = maybe = anything
    causes: list[Unknown] = []
    for bit, test in slow:
        holds = test(env)
        if holds is True:
            sure |= bit
            maybe |= bit
        elif holds is not False:
            maybe |= bit
            causes.append(holds)
    return (sure, maybe, blended(causes)) if causes else maybe


Tests = dict[int, tuple[str, frozenset[Any]]]
_NOTHING = object()


def _constant_tests(input: Meaning, tests: Sequence[Meaning | None]) -> Tests | None:
    """For each row with a test: a sign and constants; None when a test is of another kind."""
    found: Tests = {}
    for row, test in enumerate(tests):
        if test is None:
            continue
        is_negated, inner = (True, test.operand) if isinstance(test, Not) else (False, test)
        match inner:
            case OneOf(item, options) if item == input and not is_negated:
                found[row] = ("in", options)
            case Compare("==", left, Constant(value)) if left == input:
                found[row] = ("!=" if is_negated else "in", frozenset({value}))
            case Compare(sign, left, Constant(value)) if left == input and not is_negated:
                found[row] = (sign, frozenset({value}))
            case Compare(sign, Constant(value), right) if right == input and not is_negated:
                found[row] = ({"<": ">", "<=": ">=", "==": "in"}[sign], frozenset({value}))
            case _ if inner == input and input.type.kind is Kind.BOOL:
                found[row] = ("in", frozenset({not is_negated}))
            case _:
                return None
    return found


def _passes(tests: Tests, row: int, value: Any) -> bool:
    """Whether a value without order passes the row's test, `in` or `!=`."""
    if row not in tests:
        return True
    sign, options = tests[row]
    return (value in options) == (sign == "in")


def _regions(tests: Tests, rows: int) -> tuple[list[Any], list[int]]:
    """Cuts of the line, and the rows that fit before, at and after each of them in turn."""
    cuts = sorted({option for _, options in tests.values() for option in options})
    masks = []
    for index in range(2 * len(cuts) + 1):
        mask = 0
        for row in range(rows):
            if row not in tests or _region_passes(*tests[row], cuts, index):
                mask |= 1 << row
        masks.append(mask)
    return cuts, masks


def _region_passes(sign: str, options: frozenset[Any], cuts: list[Any], index: int) -> bool:
    """Whether the region (odd: the cut itself, even: between cuts) passes the test."""
    places = {2 * cuts.index(option) + 1 for option in options}
    match sign:
        case "in":
            return index in places
        case "!=":
            return index not in places
    (place,) = places
    return {
        "<": index < place,
        "<=": index <= place,
        ">": index > place,
        ">=": index >= place,
    }[sign]
