"""Outcomes, gaps, silent tables, rows, facts and the order of outcomes: what is asked of each."""

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Any, Final

from przystan.procedures.authoring.proving.data import About, Finding, Holds, Stated
from przystan.procedures.authoring.proving.kleene import is_known
from przystan.procedures.authoring.proving.law import reading_rules
from przystan.procedures.authoring.proving.prover import (
    Facts,
    Prover,
    answer,
    as_stated,
    detail,
    shrunk,
)
from przystan.procedures.authoring.proving.solving import TOO_LONG, Settled
from przystan.procedures.authoring.proving.terms import (
    TRUE,
    Term,
    every,
    negation,
    some,
)
from przystan.rules import Check, HitPolicy, Table, Where, Why, result, verdict
from przystan.rules.meaning import Of

Shown = Callable[[Check], bool]
NOWHERE: Final = Where()


def outcomes(prover: Prover) -> Iterator[Finding]:
    """Whether somebody comes to each outcome."""
    for number, outcome in enumerate(prover.program.definition.outcomes):
        condition = prover.translation.reached(number)
        found = _settled(prover, condition, _comes_to(outcome.id))
        if found.found is not None:
            prover.witnesses[outcome.id] = found.found
        yield _finding(
            prover, About.OUTCOME, outcome.id, found, _comes_to(outcome.id), where=outcome.where
        )


def _comes_to(id: str) -> Shown:
    return lambda check: verdict(check).outcome == id


def gaps(prover: Prover) -> Iterator[Finding]:
    """Whether there are facts under which no outcome holds."""
    condition = every(each.false for each in prover.translation.conditions)
    found = _settled(prover, condition, _is_gap)
    where = prover.program.definition.where
    yield _finding(prover, About.GAP, "", found, _is_gap, where=where)


def _is_gap(check: Check) -> bool:
    stands = verdict(check)
    return stands.outcome is None and not stands.possible


# --- tables ---------------------------------------------------------------------------------------


def tables(prover: Prover) -> Iterator[Finding]:
    """Silent tables, rows that never count, rows that both fit where only one may."""
    for table in prover.program.definition.tables:
        if table.policy is not HitPolicy.COLLECT:
            yield _silent(prover, table)
        if table.policy is HitPolicy.UNIQUE:
            yield from _overlaps(prover, table)
        yield from _rows(prover, table)


def _silent(prover: Prover, table: Table) -> Finding:
    condition = every([prover.translation.silent(table), _is_open(prover)])

    def is_shown(check: Check) -> bool:
        return any(
            each.of == Of.TABLE and each.id == table.id and each.why is Why.RULES_SILENT
            for each in result(check).missing
        )

    found = _settled(prover, condition, is_shown, is_silent=True)
    return _finding(prover, About.SILENT, table.id, found, is_shown, where=table.where)


def _is_open(prover: Prover) -> Term:
    """That an outcome, or a detail of the one that is reached, stays open."""
    translation = prover.translation
    found: list[Term] = []
    before: list[Term] = []
    for number, outcome in enumerate(prover.program.definition.outcomes):
        condition = translation.conditions[number]
        found.append(every([*before, negation(condition.true), negation(condition.false)]))
        details = [negation(is_known(translation.part(id))) for id in outcome.details]
        found.append(every([translation.reached(number), some(details)]))
        before.append(condition.false)
    return some(found)


def _overlaps(prover: Prover, table: Table) -> Iterator[Finding]:
    rows = prover.translation.fitting(table.id)
    for one, other in combinations(range(len(rows)), 2):
        both = 1 << one | 1 << other

        def is_shown(check: Check, both: int = both) -> bool:
            return _fitting(prover, table, check) & both == both

        condition = every([rows[one].true, rows[other].true])
        found = _settled(prover, condition, is_shown)
        if found.holds is not Holds.IMPOSSIBLE:
            where = table.rows[other].where
            rows_named = f"{one + 1} and {other + 1}"
            yield _finding(
                prover, About.OVERLAP, table.id, found, is_shown, other=rows_named, where=where
            )


def _rows(prover: Prover, table: Table) -> Iterator[Finding]:
    rows = prover.translation.fitting(table.id)
    for number, row in enumerate(rows):
        is_first = table.policy is HitPolicy.FIRST
        earlier = [each.false for each in rows[:number]] if is_first else []

        def is_shown(check: Check, number: int = number, is_first: bool = is_first) -> bool:
            fitting = _fitting(prover, table, check)
            return bool(fitting >> number & 1) and not (is_first and fitting & (1 << number) - 1)

        found = _settled(prover, every([row.true, *earlier]), is_shown)
        where = table.rows[number].where
        yield _finding(
            prover, About.ROW, table.id, found, is_shown, other=str(number + 1), where=where
        )


def _fitting(prover: Prover, table: Table, check: Check) -> int:
    return prover.program.rows[table.id](check.env)


# --- facts ----------------------------------------------------------------------------------------


def facts(prover: Prover) -> Iterator[Finding]:
    """Whether each fact can change the answer; those that show contradictions may not."""
    program = prover.program
    spared = {id for rule in prover.law.barred for id in detail(program, rule).facts}
    spared.add(prover.law.law_of)  # it decides which version governs
    for id in program.facts:
        if id not in spared:
            found = _changing(prover, id)
            if found.found is not None:
                prover.witnesses[f"{About.FACT} {id}"] = found.found
            where, rules = _reading(prover, id)
            shown = as_stated(prover.check(found.found)) if found.found is not None else ()
            yield Finding(
                About.FACT, id, found.holds, shown, other=rules, why=found.why, where=where
            )


def _changing(prover: Prover, id: str) -> Settled[Facts]:
    if prover.solving.is_over:
        return Settled(Holds.NOT_SETTLED, why=TOO_LONG)
    other = prover.other(id)

    def confirm(model: Any) -> Facts | None:
        stated = prover.facts(model)
        checks = [prover.check(each) for each in (stated, {**stated, id: other.given.read(model)})]
        if not all(map(prover.is_possible, checks)):
            return None
        one, two = (answer(check) for check in checks)
        return stated if one != two else None

    possible = [
        *prover.without_contradiction(), *prover.without_contradiction(other.translation)
    ]  # fmt: skip
    return prover.solving.settle(other.changed, confirm, possible)


def _reading(prover: Prover, id: str) -> tuple[Where, str]:
    """Where the fact is read first, and which rules read it."""
    rules = list(reading_rules(prover.program, id))
    definition = prover.program.definition
    entries = {each.id: each.where for each in definition.rules}
    entries |= {each.id: each.where for each in definition.tables}
    for outcome, part in zip(definition.outcomes, prover.program.conditions, strict=True):
        if not rules and id in part.facts:
            return outcome.where, outcome.id
    return entries.get(rules[0], definition.where) if rules else definition.where, ", ".join(rules)


# --- order ----------------------------------------------------------------------------------------


def orders(prover: Prover, verdicts: Mapping[str, str]) -> Iterator[Finding]:
    """Outcomes of different verdict that can hold together: their order decides."""
    conditions, ids = prover.translation.conditions, prover.outcomes
    for one, other in combinations(range(len(ids)), 2):
        is_same = verdicts.get(ids[one]) == verdicts.get(ids[other])
        if is_same or conditions[other].true is TRUE or prover.solving.is_over:
            continue
        condition = every([prover.translation.reached(one), conditions[other].true])

        def is_shown(check: Check, one: int = one, other: int = other) -> bool:
            is_held = check.program.conditions[other].read(check.env) is True
            return is_held and verdict(check).outcome == ids[one]

        found = prover.solving.shown(
            every([condition, *prover.without_contradiction()]), _confirm(prover, is_shown)
        )
        if found.holds is Holds.SHOWN:
            yield _finding(prover, About.ORDER, ids[one], found, is_shown, other=ids[other])


# --- facts that the engine confirms ---------------------------------------------------------------


def _settled(
    prover: Prover, condition: Term, is_shown: Shown, *, is_silent: bool = False
) -> Settled[Facts]:
    return prover.solving.settle(
        condition,
        _confirm(prover, is_shown),
        prover.without_contradiction(),
        is_silent=is_silent,
    )


def _confirm(prover: Prover, is_shown: Shown) -> Callable[[Any], Facts | None]:
    """The facts of a model, when the engine says of them what is to be shown."""

    def confirm(model: Any) -> Facts | None:
        stated = prover.facts(model)
        check = prover.check(stated)
        return stated if prover.is_possible(check) and is_shown(check) else None

    return confirm


def _finding(
    prover: Prover,
    about: About,
    id: str,
    found: Settled[Facts],
    is_shown: Shown,
    other: str = "",
    where: Where = NOWHERE,
) -> Finding:
    """The finding with as few facts as show it."""
    stated: Stated = ()
    if found.found is not None:
        fewest = shrunk(found.found, lambda facts: is_shown(prover.check(facts)))
        stated = as_stated(prover.check(fewest))
    return Finding(about, id, found.holds, stated, other=other, why=found.why, where=where)
