"""One version as of a day: its translations, and facts for and against."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from przystan.procedures.authoring.proving.data import Stated
from przystan.procedures.authoring.proving.kleene import differs
from przystan.procedures.authoring.proving.law import Law, reads
from przystan.procedures.authoring.proving.shared import Shared
from przystan.procedures.authoring.proving.solving import Solving
from przystan.procedures.authoring.proving.terms import (
    Codes,
    Term,
    Truth,
    Val,
    every,
    negation,
    some,
)
from przystan.procedures.authoring.proving.translating import Translation
from przystan.procedures.authoring.proving.world import Given, World, equals
from przystan.rules import Check, Program, result
from przystan.rules.canonical import stated_facts
from przystan.rules.meaning import Of
from przystan.rules.program import Part

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Other:
    """A second variable for a fact; `changed`: with it the answer is another one."""

    given: Given
    translation: Translation
    changed: Term


@dataclass(slots=True)
class Prover:
    """A program over one variable for each of its facts."""

    program: Program
    law: Law
    solving: Solving
    given: Mapping[str, Given]
    translation: Translation
    witnesses: dict[str, Facts] = field(default_factory=dict)
    """All facts of somebody who comes to each outcome, or for whom a fact makes a difference."""
    _others: dict[str, Other] = field(default_factory=dict)

    @property
    def outcomes(self) -> Sequence[str]:
        return [outcome.id for outcome in self.program.definition.outcomes]

    def facts(self, model: Any) -> Facts:
        """The facts of a model, as they are stated."""
        return {id: given.read(model) for id, given in self.given.items()}

    def check(self, facts: Mapping[str, Any]) -> Check:
        return self.law.check(self.program, facts)

    def is_possible(self, check: Check) -> bool:
        """Whether the facts do not contradict each other."""
        return not self.law.is_contradicted(check)

    def translated(self, values: Mapping[str, Val]) -> Translation:
        """The program with other values for some facts."""
        everything = {id: given.value for id, given in self.given.items()}
        return Translation(self.program, self.solving.shared, {**everything, **values})

    def other(self, fact: str) -> Other:
        """The program with another variable for one fact, all others being the same."""
        if fact not in self._others:
            given = self.solving.world.answer(fact)
            translation = self.translated({fact: given.value})
            self.solving.tell(given.bound)
            self.solving.tell(self.surely_without_contradiction(translation))
            own = self.translation
            changed = some([changes(own, translation), changes(translation, own)])
            self._others[fact] = Other(given, translation, changed)
        return self._others[fact]

    def stated(self, facts: Mapping[str, Any]) -> Term:
        """That these facts are as stated."""
        codes = self.solving.world.codes
        return every(equals(self.given[id], raw, codes) for id, raw in facts.items())

    def without_contradiction(self, translation: Translation | None = None) -> list[Term]:
        return _not_barred(translation or self.translation, self.law.barred)

    def surely_without_contradiction(self, translation: Translation) -> list[Term]:
        """The same as far as it does not rest on anything that nobody knows."""
        known = [id for id in self.law.barred if not _rests_on_holes(self.program, id)]
        return _not_barred(translation, known)


def prover(program: Program, law: Law, until: float, beside: Sequence[Program] = ()) -> Prover:
    """Variables for all facts, and the program translated.

    `until` is the end of the computing time, as `time.process_time` counts: what else keeps the
    machine busy takes nothing away.

    Programs `beside` it may be translated over the same variables.
    """
    codes = Codes()
    world = World((program, *beside), law.on, law.spans, codes)
    solving = Solving(world, Shared(law, codes), until)
    given = {id: world.given(id) for id in program.facts}
    values = {id: each.value for id, each in given.items()}
    translation = Translation(program, solving.shared, values)
    found = Prover(program, law, solving, given, translation)
    solving.tell([term for each in given.values() for term in each.bound])
    solving.tell(found.surely_without_contradiction(translation))
    return found


def _not_barred(translation: Translation, rules: Sequence[str]) -> list[Term]:
    found = [translation.part(id) for id in rules]
    return [negation(truth.true) for truth in found if isinstance(truth, Truth)]


def _rests_on_holes(program: Program, id: str) -> bool:
    """Whether a rule reads a table, a parameter or a rule that is not verified."""
    unverified = {rule.id for rule in program.definition.rules if not rule.is_verified}
    waiting, seen = [(Of.RULE, id)], set()
    while waiting:
        key = waiting.pop()
        if key in seen:
            continue
        seen.add(key)
        if key[0] is Of.TABLE or key[1] in unverified:
            return True
        part = program.parts[key]
        if any(read.of is Of.PARAMETER for meaning in part.meanings for read in reads(meaning)):
            return True
        waiting += part.reads
    return False


def changes(one: Translation, other: Translation) -> Term:
    """That the first comes to an outcome and the second not, or to other details of it."""
    found = []
    for number, outcome in enumerate(one.program.definition.outcomes):
        own, others = one.reached(number), other.reached(number)
        found.append(every([own, negation(others)]))
        details = [differs(one.part(id), other.part(id)) for id in outcome.details]
        found.append(every([own, others, some(details)]))
    return some(found)


def answer(check: Check) -> tuple[str | None, Mapping[str, Any]]:
    """What the engine comes to: the outcome and its details."""
    found = result(check)
    return found.outcome, dict(found.details)


def shrunk(facts: Facts, is_shown: Callable[[Facts], bool]) -> Facts:
    """The facts without those that can be left out while it is shown all the same."""
    left = dict(facts)
    for id in facts:
        fewer = {each: raw for each, raw in left.items() if each != id}
        if is_shown(fewer):
            left = fewer
    return left


def as_stated(check: Check) -> Stated:
    """The facts of a check as JSON states them."""
    return tuple(stated_facts(check).items())


def detail(program: Program, id: str) -> Part:
    return program.parts.get((Of.RULE, id)) or program.parts[Of.TABLE, id]
