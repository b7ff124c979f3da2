"""One question to the solver after the other, within limits of time; the engine has the last word.

A question is settled in two steps. First facts are looked for, with lists of at most three items
and the law as unknown as it is: what the solver finds is read out as facts and counts only when
the engine, given them, confirms it. Then their absence is proved, with longer lists, unverified
rules and silent tables supposed to be anything: what is impossible even so is impossible.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from przystan.procedures.authoring.proving.data import Holds
from przystan.procedures.authoring.proving.shared import Shared
from przystan.procedures.authoring.proving.terms import (
    FALSE,
    LAWFUL,
    LIKELY,
    LOUD,
    SHORT,
    Term,
    every,
    z3,
)
from przystan.procedures.authoring.proving.world import World

QUERY_MS: Final = 6_000  # by the clock, should the machine be busy with other things
QUERY_EFFORT: Final = 4_000_000  # about two seconds of computing, the same on every machine
MOST_CORRECTIONS: Final = 100
FEW_CORRECTIONS: Final = 12  # where only a proof is wanted, and not found at once

T = TypeVar("T")
Confirm = Callable[[Any], T | None]

TOO_LONG: Final = "The time was not enough."
UNCONFIRMED: Final = "The solver finds facts that the engine does not confirm."
LAW_OPEN: Final = "It rests on law that nobody has verified, or on a table without a row that fits."
LONG_LISTS: Final = "Only lists of more than three entries could do it."


@dataclass(frozen=True, slots=True)
class Settled(Generic[T]):
    holds: Holds
    found: T | None = None
    why: str = ""


@dataclass(slots=True)
class Solving:
    """A solver that knows the variables of one proof; `until` is the end of its time."""

    world: World
    shared: Shared
    until: float
    queries: int = 0
    disagreements: int = 0
    _solver: Any = field(default_factory=z3.Solver)
    _told: int = 0

    @property
    def is_over(self) -> bool:
        return time.process_time() >= self.until

    def tell(self, facts: Sequence[Term]) -> None:
        """What holds in every question from now on."""
        for each in facts:
            self._solver.add(each)

    def settle(
        self,
        condition: Term,
        confirm: Confirm[T],
        only_shown: Sequence[Term] = (),
        *,
        is_silent: bool = False,
    ) -> Settled[T]:
        """Whether there are facts for the condition.

        `confirm` is given a model, and gives what the engine makes of it, or None; `only_shown`
        restricts facts that are looked for, not the proof that there are none. `is_silent`: the
        condition speaks of tables without a row that fits, and of nothing else that is unknown.
        """
        if condition is FALSE:
            return Settled(Holds.IMPOSSIBLE)
        if self.is_over:
            return Settled(Holds.NOT_SETTLED, why=TOO_LONG)
        loud = z3.Not(LOUD) if is_silent else LOUD
        shown = [SHORT, LAWFUL if is_silent else z3.Not(LAWFUL), z3.Not(LOUD)]
        answer, found = self._likely(every([condition, *only_shown]), shown, confirm)
        if found is not None:
            return Settled(Holds.SHOWN, found)
        if answer != z3.unsat:
            return self._open(answer)
        answer, _ = self._search(condition, [LAWFUL, loud], None)
        if answer == z3.unsat:
            return Settled(Holds.IMPOSSIBLE)
        if answer == z3.unknown:
            return Settled(Holds.NOT_SETTLED, why=TOO_LONG)
        answer, _ = self._search(condition, [LAWFUL, loud, SHORT], None)
        return Settled(Holds.NOT_SETTLED, why=LONG_LISTS if answer == z3.unsat else LAW_OPEN)

    def is_impossible(self, condition: Term, confirm: Confirm[T]) -> bool:
        """Proved that there are no such facts, whatever the law turns out to be.

        `confirm` saves time where the engine says that there are.
        """
        supposed = [LAWFUL, LOUD]
        answer, _ = self._search(condition, supposed, confirm, FEW_CORRECTIONS)
        return bool(answer == z3.unsat)

    def shown(self, condition: Term, confirm: Confirm[T]) -> Settled[T]:
        """The search for facts alone: impossible here means with lists of three items at most."""
        exact = [SHORT, z3.Not(LAWFUL), z3.Not(LOUD)]
        answer, found = self._likely(condition, exact, confirm)
        if found is not None:
            return Settled(Holds.SHOWN, found)
        if answer == z3.unsat:
            return Settled(Holds.IMPOSSIBLE)
        return self._open(answer)

    def _open(self, answer: Any) -> Settled[T]:
        """Neither shown nor impossible: the engine denies what was found, or time was short."""
        self.disagreements += answer == z3.sat
        return Settled(Holds.NOT_SETTLED, why=UNCONFIRMED if answer == z3.sat else TOO_LONG)

    def _likely(
        self, condition: Term, supposed: Sequence[Term], confirm: Confirm[T]
    ) -> tuple[Any, T | None]:
        """The search, among likely days first."""
        likely = [*supposed, LIKELY]
        answer, found = self._search(condition, likely, confirm, FEW_CORRECTIONS)
        if found is not None:
            return answer, found
        return self._search(condition, supposed, confirm)

    def _search(
        self,
        condition: Term,
        supposed: Sequence[Term],
        confirm: Confirm[T] | None,
        corrections: int = MOST_CORRECTIONS,
    ) -> tuple[Any, T | None]:
        """The solver's answer, functions being exact in every model, and what was confirmed."""
        mark = z3.FreshBool("question")
        self._solver.add(z3.Implies(mark, condition))
        try:
            return self._corrected([mark, *supposed], confirm, corrections)
        finally:
            self._solver.add(z3.Not(mark))

    def _corrected(
        self, supposed: Sequence[Term], confirm: Confirm[T] | None, corrections: int
    ) -> tuple[Any, T | None]:
        for _ in range(corrections):
            answer = self._asked(supposed)
            if answer != z3.sat:
                return answer, None
            model = self._solver.model()
            if confirm is not None and (found := confirm(model)) is not None:
                return answer, found
            if not self.shared.steps.correct(model):
                return answer, None
        return z3.unknown, None

    def _asked(self, supposed: Sequence[Term]) -> Any:
        left = self.until - time.process_time()
        if left <= 0:
            return z3.unknown
        lemmas = self.shared.steps.lemmas
        self.tell(lemmas[self._told :])
        self._told = len(lemmas)
        self._solver.set("timeout", max(1, min(QUERY_MS, round(left * 1000))))
        self._solver.set("rlimit", QUERY_EFFORT)
        self.queries += 1
        return self._solver.check(*supposed)
