"""Functions of the calendar for the solver: uninterpreted, and made exact where it matters.

The solver knows of each in which direction it moves and how far its result can lie; compared with
a constant, it learns the day on which the comparison turns. Where a model of the solver gives a
result that is not the function's, the true one is added and the solver asked again.

Days are those from 1901 to 2099: there every fourth year has a 29 February.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from przystan.procedures.authoring.proving.presence import Presence
from przystan.procedures.authoring.proving.terms import Term, Value, every, whole, z3
from przystan.rules.days import add_months
from przystan.rules.functions import Function
from przystan.rules.values import Kind

FIRST: Final = date(1901, 1, 1).toordinal()
LAST: Final = date(2099, 12, 31).toordinal()
MONTH: Final = (487, 16)  # 30.4375 days: an exact quotient
MOST_MONTHS: Final = 2_400
_CALENDAR_END: Final = date.max.toordinal()

DIRECTIONS: Final = {
    "add_months": "++",
    "age": "-+",
    "years_between": "-+",
    "months_between": "-+",
    "working_days_between": "-+",
    "add_working_days": "++",
    "term_end_days": "++",
    "term_end_months": "++",
    "next_working_day": "+",
    "year": "+",
    "date": "+",
}
"""In which direction the result moves with each argument; others move anyhow."""


@dataclass(eq=False, slots=True)
class Step:
    """A function of certain arguments, as it stands somewhere in a definition."""

    symbol: "Symbol"
    arguments: tuple[Value, ...]
    result: Term
    turns: set[Any] = field(default_factory=set)

    @property
    def moving(self) -> int | None:
        """The place of the only argument that is no constant."""
        places = [n for n, argument in enumerate(self.arguments) if argument.raw is None]
        return places[0] if len(places) == 1 else None

    def with_argument(self, ordinal: int) -> Any:
        """The true result for another value of the moving argument."""
        return self.symbol.true(
            [
                ordinal if argument.raw is None else _plain(argument.raw)
                for argument in self.arguments
            ]
        )


@dataclass(eq=False, slots=True)
class Symbol:
    """One function, and where it stands."""

    name: str
    call: Callable[..., Any]
    kinds: tuple[Kind, ...]
    result: Kind
    term: Any
    directions: str
    steps: list[Step] = field(default_factory=list)

    def true(self, arguments: Sequence[int]) -> Any:
        """What the engine gives; days are ordinals, kept within the calendar."""
        found = self.call(
            *[
                date.fromordinal(min(max(argument, 1), _CALENDAR_END))
                if kind is Kind.DATE
                else argument
                for kind, argument in zip(self.kinds, arguments, strict=True)
            ]
        )
        return found.toordinal() if isinstance(found, date) else found


class Steps:
    """All functions that stand in the terms of one proof; `lemmas` are what is true of them."""

    def __init__(self) -> None:
        self.lemmas: list[Term] = []
        self._symbols: dict[tuple[object, ...], Symbol] = {}
        self._known: dict[tuple[object, ...], Step] = {}
        self._presences: dict[int, Presence] = {}

    def months_later(self, day: Value, months: Value) -> Step:
        kinds = (Kind.DATE, Kind.PERIOD)
        return self._step("add_months", ("add_months",), add_months, kinds, Kind.DATE, day, months)

    def applied(self, function: Function, arguments: Sequence[Value]) -> Step:
        kinds = tuple(parameter.kind for parameter in function.parameters)
        name = function.name
        if name == "term_end":
            name += f"_{function.parameters[1].unit}"
        key: tuple[object, ...] = (name,)
        if name == "date":  # `date(year(on), 4, 30)` has its month and day inside
            day = function.call(2001)
            key = (name, day.month, day.day)
        return self._step(name, key, function.call, kinds, function.result.kind, *arguments)

    def _step(
        self,
        name: str,
        key: tuple[object, ...],
        call: Callable[..., Any],
        kinds: tuple[Kind, ...],
        result: Kind,
        *arguments: Value,
    ) -> Step:
        if key not in self._symbols:
            sort = z3.BoolSort() if result is Kind.BOOL else z3.IntSort()
            shape = [z3.IntSort()] * len(kinds)
            term = z3.Function(f"{name}.{len(self._symbols)}", *shape, sort)
            self._symbols[key] = Symbol(name, call, kinds, result, term, DIRECTIONS.get(name, ""))
        symbol = self._symbols[key]
        inputs = [argument.term for argument in arguments]
        known = (key, *(term.get_id() for term in inputs))
        if known not in self._known:
            step = Step(symbol, tuple(arguments), symbol.term(*inputs))
            self._known[known] = step
            self._tell(step)
        return self._known[known]

    def _tell(self, step: Step) -> None:
        symbol = step.symbol
        self.lemmas += bounds(step)
        for other in symbol.steps if symbol.directions else ():
            if _are_alike(step, other):
                self.lemmas += [_follows(step, other), _follows(other, step)]
        symbol.steps.append(step)

    # --- where a comparison turns ---------------------------------------------------------------

    def compared(self, step: Step, constant: Any) -> None:
        """Tell for which days the function reaches the constant: exact, once told."""
        place = step.moving
        limit = _plain(constant)
        if place is None or step.symbol.kinds[place] is not Kind.DATE or limit in step.turns:
            return
        if not step.symbol.directions or isinstance(limit, bool):
            return
        step.turns.add(limit)
        argument = step.arguments[place].term
        for reached, beyond in ((step.result >= limit, limit - 1), (step.result > limit, limit)):
            # The function reaches `limit` where it goes beyond the number before.
            if step.symbol.directions[place] == "+":
                turned = argument >= _first(_going_beyond(step, beyond))
            else:
                turned = argument < _first(_staying_within(step, beyond))
            self.lemmas.append(z3.Implies(_is_usual(argument), reached == turned))

    # --- days of presence -----------------------------------------------------------------------

    def present(self, presence: Presence) -> None:
        """Tell all that is known of days of presence, once."""
        if presence.result.get_id() not in self._presences:
            self._presences[presence.result.get_id()] = presence
            self.lemmas += presence.lemmas()

    # --- refinement -----------------------------------------------------------------------------

    def correct(self, model: Any) -> bool:
        """Tell the true results where the model has others; whether there was one."""
        is_corrected = False
        for symbol in self._symbols.values():
            for step in symbol.steps:
                arguments = tuple(int(whole(model, each.term)) for each in step.arguments)
                is_corrected |= self._correct_step(model, step, arguments)
        for presence in self._presences.values():
            corrections = presence.corrections(model)
            self.lemmas += corrections
            is_corrected |= bool(corrections)
        return is_corrected

    def _correct_step(self, model: Any, step: Step, arguments: tuple[int, ...]) -> bool:
        symbol = step.symbol
        found = model.eval(step.result, model_completion=True)
        said = z3.is_true(found) if symbol.result is Kind.BOOL else int(found.as_long())
        result = symbol.true(arguments)
        if said == result:
            return False
        self.lemmas += [*_told(step, arguments, result), *_stretch(step, arguments, result)]
        return True


def _plain(value: Any) -> Any:
    return value.toordinal() if isinstance(value, date) else value


def _is_usual(term: Term) -> Term:
    return z3.And(term >= FIRST, term <= LAST)


def _going_beyond(step: Step, number: int) -> Callable[[int], bool]:
    return lambda day: bool(step.with_argument(day) > number)


def _staying_within(step: Step, number: int) -> Callable[[int], bool]:
    return lambda day: bool(step.with_argument(day) <= number)


def _first(reaches: Callable[[int], bool]) -> int:
    """The first day for which it holds, of a condition that then goes on to hold."""
    low, high = FIRST, LAST + 1
    while low < high:
        middle = (low + high) // 2
        if reaches(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _are_alike(one: Step, other: Step) -> bool:
    """Whether all their constants are the same: those are likely to be compared."""
    return all(
        left.raw == right.raw for left, right in zip(one.arguments, other.arguments, strict=True)
    )


def _follows(one: Step, other: Step) -> Term:
    """Where no argument of one lies before the other's, its result does not either."""
    further = []
    for direction, left, right in zip(
        one.symbol.directions, one.arguments, other.arguments, strict=True
    ):
        if left.term is not right.term and not left.term.eq(right.term):
            is_rising = direction == "+"
            further.append(left.term >= right.term if is_rising else left.term <= right.term)
    return z3.Implies(every(further), one.result >= other.result)


def _told(step: Step, arguments: tuple[int, ...], result: Any) -> list[Term]:
    """What one true result says about the function of other arguments."""
    symbol = step.symbol
    pairs = list(zip(step.arguments, arguments, strict=True))
    exact = z3.Implies(every(own.term == given for own, given in pairs), step.result == result)
    if not symbol.directions:
        return [exact]
    up, down = [], []
    for direction, (own, given) in zip(symbol.directions, pairs, strict=True):
        is_rising = direction == "+"
        up.append(own.term >= given if is_rising else own.term <= given)
        down.append(own.term <= given if is_rising else own.term >= given)
    return [
        z3.Implies(every(up), step.result >= result),
        z3.Implies(every(down), step.result <= result),
    ]


def _stretch(step: Step, arguments: tuple[int, ...], result: Any) -> list[Term]:
    """All days that give the same result, where only one argument moves."""
    place = step.moving
    if place is None or step.symbol.kinds[place] is not Kind.DATE or not step.symbol.directions:
        return []
    if not FIRST <= arguments[place] <= LAST:
        return []
    argument = step.arguments[place].term
    is_rising = step.symbol.directions[place] == "+"

    def before(day: int) -> bool:
        found = step.with_argument(day)
        return bool(found >= result if is_rising else found <= result)

    def after(day: int) -> bool:
        found = step.with_argument(day)
        return bool(found > result if is_rising else found < result)

    inside = z3.And(argument >= _first(before), argument < _first(after))
    return [z3.Implies(_is_usual(argument), (step.result == result) == inside)]


# --- how far a result can lie -------------------------------------------------------------------


def bounds(step: Step) -> list[Term]:
    """What holds of the function for all days, in lines; tests try it on many."""
    inputs = [argument.term for argument in step.arguments]
    found = step.result
    match step.symbol.name, inputs:
        case "add_months", [day, months]:
            usual = z3.And(_is_usual(day), months >= -MOST_MONTHS, months <= MOST_MONTHS)
            return [z3.Implies(usual, z3.And(_months_on(found - day, months, 6, 6)))]
        case "term_end_days", [day, count]:
            usual = z3.And(_is_usual(day), count >= -36_525, count <= 36_525)
            near = z3.And(found >= day + count, found <= day + count + 10)
            return [z3.Implies(usual, near)]
        case "term_end_months", [day, months]:
            usual = z3.And(_is_usual(day), months >= -MOST_MONTHS, months <= MOST_MONTHS)
            return [z3.Implies(usual, z3.And(_months_on(found - day, months, 6, 16)))]
        case "next_working_day", [day]:
            return [z3.Implies(_is_usual(day), z3.And(found >= day, found <= day + 10))]
        case "add_working_days", [day, count]:
            ahead = z3.And(found >= day + count, found <= day + 2 * count + 10)
            back = z3.And(found <= day + count, found >= day + 2 * count - 10)
            usual = z3.And(_is_usual(day), count >= -10_000, count <= 10_000)
            return [
                z3.Implies(z3.And(usual, count > 0), ahead),
                z3.Implies(z3.And(usual, count < 0), back),
                z3.Implies(count == 0, found == day),
            ]
        case "working_days_between", [start, end]:
            return [
                z3.Implies(end >= start, z3.And(found >= 0, found <= end - start)),
                z3.Implies(end <= start, z3.And(found <= 0, found >= end - start)),
            ]
        case (("age" | "years_between"), [start, end]):
            usual = z3.And(_is_usual(start), _is_usual(end))
            return [z3.Implies(usual, _between(end - start, found * 12, 12))]
        case "months_between", [start, end]:
            usual = z3.And(_is_usual(start), _is_usual(end))
            return [z3.Implies(usual, _between(end - start, found, 1))]
        case "year", [day]:
            exact = found == 1901 + (4 * (day - FIRST) + 3) / 1461
            return [z3.Implies(_is_usual(day), exact)]
        case "date", [year]:
            return [_day_of_year(step, year)]
    return []


def _months_on(days: Term, months: Term, less: int, more: int) -> list[Term]:
    top, bottom = MONTH
    return [
        bottom * days >= top * months - bottom * less,
        bottom * days <= top * months + bottom * more,
    ]


def _between(days: Term, months: Term, size: int) -> Term:
    """From so many full months on, to before `size` more."""
    top, bottom = MONTH
    return z3.And(
        bottom * days >= top * months - bottom * 6,
        bottom * days <= top * (months + size) + bottom * 6,
    )


def _day_of_year(step: Step, year: Term) -> Term:
    """The same day of each year, exactly."""
    day = step.symbol.call(1901)
    shift = 1900 if day.month > 2 else 1901
    ordinal = day.toordinal() + 365 * (year - 1901) + (year - shift) / 4
    usual = z3.And(year >= 1901, year <= 2099)
    return z3.Implies(usual, step.result == ordinal)
