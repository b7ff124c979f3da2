"""Days of presence for the solver: exact where stays do not overlap, else from its own models."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from przystan.procedures.authoring.proving.terms import (
    LIKELY,
    Term,
    every,
    holds,
    negation,
    some,
    whole,
    z3,
)
from przystan.rules import terms


@dataclass(frozen=True, slots=True, eq=False)
class Stay:
    """Whether it is in the list, its first and its last day."""

    there: Term
    first: Term
    last: Term

    def within(self, start: Term, end: Term) -> Term:
        """How many of its days lie from one day to another."""
        begin = z3.If(self.first > start, self.first, start)
        close = z3.If(self.last < end, self.last, end)
        return z3.If(z3.And(self.there, close >= begin), close - begin + 1, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Presence:
    """Days of presence, or with a limit the last legal day of a stay that begins on `day`.

    `more`: there are other stays besides, of which nothing is known.
    """

    result: Term
    stays: tuple[Stay, ...]
    more: Term
    day: Term
    window: int
    limit: int | None

    def true(self, stays: Sequence[tuple[date, date]], day: date) -> int:
        if self.limit is None:
            return terms.days_present(stays, day, self.window)
        return terms.last_legal_day(stays, day, self.limit, self.window).toordinal()

    def lemmas(self) -> list[Term]:
        """How far the result can lie; all of it where no two stays share a day."""
        result, day = self.result, self.day
        apart = [
            z3.Implies(
                z3.And(one.there, other.there),
                z3.Or(one.last < other.first, other.last < one.first),
            )
            for one, other in combinations(self.stays, 2)
        ]
        likely = [z3.Implies(LIKELY, each) for each in apart]
        plain = every([negation(self.more), *apart])
        if self.limit is None:
            exact = result == self._days(self.stays, day - self.window + 1, day)
            return [*likely, result >= 0, result <= self.window, z3.Implies(plain, exact)]
        return [
            *likely,
            result >= day - 1,
            result <= day + self.limit - 1,
            z3.Implies(plain, every([self._keeps(result), z3.Not(self._keeps(result + 1))])),
        ]

    def _keeps(self, last: Term) -> Term:
        """That a stay from `day` to `last` keeps to the limit in the window that ends with it."""
        limit: Any = self.limit
        earlier = [
            Stay(z3.And(stay.there, stay.first < self.day), stay.first, stay.last)
            for stay in self.stays
        ]
        before = self._days(earlier, last - self.window + 1, self.day - 1)
        return some([last < self.day, last - self.day + 1 + before <= limit])

    def _days(self, stays: Sequence[Stay], start: Term, end: Term) -> Term:
        return z3.Sum([z3.IntVal(0), *(stay.within(start, end) for stay in stays)])

    def corrections(self, model: Any) -> list[Term]:
        """The true result for the stays of a model, where the model has another."""
        if holds(model, self.more):
            return []
        day = int(whole(model, self.day))
        same = [self.day == day, negation(self.more)]
        stays = []
        for stay in self.stays:
            if not holds(model, stay.there):
                same.append(z3.Not(stay.there))
                continue
            first, last = int(whole(model, stay.first)), int(whole(model, stay.last))
            same += [stay.there, stay.first == first, stay.last == last]
            stays.append((date.fromordinal(first), date.fromordinal(last)))
        found = self.true(stays, date.fromordinal(day))
        if found == whole(model, self.result):
            return []
        return [z3.Implies(z3.And(same), self.result == found)]
