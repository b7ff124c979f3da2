"""Two versions of a definition: facts on which they come to different outcomes."""

import time
from collections.abc import Mapping
from typing import Any, Final

from przystan.procedures.authoring.proving.data import Comparison, Difference, Holds
from przystan.procedures.authoring.proving.law import Law
from przystan.procedures.authoring.proving.prover import (
    Facts,
    Prover,
    prover,
    shrunk,
)
from przystan.procedures.authoring.proving.terms import Term, every, negation, some
from przystan.procedures.authoring.proving.translating import Translation
from przystan.rules import Program, verdict
from przystan.rules.canonical import plain

MOST_DIFFERENCES: Final = 100


def differences(before: Program, after: Program, law: Law, seconds: float) -> Comparison:
    """One set of facts for each pair of outcomes that takes another's place.

    A fact that only one version reads is a variable of both; contradictions are those of the
    later version.
    """
    until = time.process_time() + seconds
    new = prover(after, law, until, [before])
    more = [id for id in before.facts if id not in new.given]
    given = {**new.given, **{id: new.solving.world.given(id) for id in more}}
    for id in more:
        new.solving.tell(given[id].bound)
    old = Translation(before, new.solving.shared, {id: each.value for id, each in given.items()})
    search = _Search(before, after, law, new, old, given)
    return search.all()


class _Search:
    def __init__(
        self,
        before: Program,
        after: Program,
        law: Law,
        new: Prover,
        old: Translation,
        given: Mapping[str, Any],
    ) -> None:
        self._before, self._after, self._law = before, after, law
        self._new, self._old, self._given = new, old, given

    def all(self) -> Comparison:
        """Each pair found is left out of the search for the next."""
        solving, left = self._new.solving, self._parted()
        found: list[Difference] = []
        for _ in range(MOST_DIFFERENCES):
            settled = solving.settle(left, self._confirm, self._new.without_contradiction())
            if settled.found is None:
                return Comparison(tuple(found), settled.holds is Holds.IMPOSSIBLE)
            pair = self._outcomes(settled.found)
            found.append(self._difference(settled.found, pair))
            left = every([left, negation(self._pair(*pair))])
        return Comparison(tuple(found), False)

    def _parted(self) -> Term:
        """That one version comes to an outcome and the other not to the same."""
        olds, news = _reached(self._old), _reached(self._new.translation)
        none: list[Term] = []
        return some(
            every([term, negation(some([other[id]] if id in other else none))])
            for own, other in ((olds, news), (news, olds))
            for id, term in own.items()
        )

    def _pair(self, before: str | None, after: str | None) -> Term:
        parts = []
        for id, translation in ((before, self._old), (after, self._new.translation)):
            terms = _reached(translation)
            parts.append(terms[id] if id is not None else negation(some(terms.values())))
        return every(parts)

    def _outcomes(self, facts: Facts) -> tuple[str | None, str | None]:
        old, new = (
            verdict(self._law.check(program, facts)).outcome
            for program in (self._before, self._after)
        )
        return old, new

    def _confirm(self, model: Any) -> Facts | None:
        facts = {id: each.read(model) for id, each in self._given.items()}
        old, new = self._outcomes(facts)
        is_possible = self._new.is_possible(self._new.check(facts))
        return facts if old != new and is_possible else None

    def _difference(self, facts: Facts, pair: tuple[str | None, str | None]) -> Difference:
        fewest = shrunk(facts, lambda fewer: self._outcomes(fewer) == pair)
        stated = tuple((id, plain(raw)) for id, raw in fewest.items())
        return Difference(stated, *pair)


def _reached(translation: Translation) -> dict[str, Term]:
    ids = [outcome.id for outcome in translation.program.definition.outcomes]
    return {id: translation.reached(number) for number, id in enumerate(ids)}
