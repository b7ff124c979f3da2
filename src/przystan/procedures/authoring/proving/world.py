"""What a person may state, as variables of the solver, and facts out of its models."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import count
from typing import Any, Final

from przystan.procedures.authoring.proving.data import Span
from przystan.procedures.authoring.proving.steps import FIRST, LAST
from przystan.procedures.authoring.proving.terms import (
    FALSE,
    LIKELY,
    SHORT,
    TRUE,
    Codes,
    Entry,
    Members,
    Term,
    Truth,
    Val,
    Value,
    certain,
    every,
    holds,
    negation,
    number,
    some,
    whole,
    z3,
)
from przystan.rules import Fact, Program
from przystan.rules.meaning import (
    Apply,
    Constant,
    Exists,
    ExtremeOver,
    Filter,
    Meaning,
    Of,
    OneOf,
    Read,
    Sum,
    children,
)
from przystan.rules.stating import LARGEST_NUMBER
from przystan.rules.values import Kind, Type

ENTRIES: Final = 3
"""So many items of a list are looked at one by one, where none stands for all."""
MOST_ENTRIES: Final = 6
INNER: Final = (date(1930, 1, 1).toordinal(), date(2070, 12, 31).toordinal())
"""Days of a fact, away from the ends of the days looked at: nothing is found because of these."""
USUAL: Final = (-12 * 365, 5 * 365)
"""From when to when, in days from today, most days lie that a person states."""

Reader = Callable[[Any], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """A fact as a variable: its value, what binds it, and how to read it out of a model."""

    value: Val
    bound: tuple[Term, ...]
    read: Reader


@dataclass(slots=True)
class World:
    """Variables for facts as of a day.

    `spans` are the days between which a fact of a date may lie. `LIKELY` days lie near today: so
    findings read easily.
    """

    programs: Sequence[Program]
    on: date
    spans: Mapping[str, Span]
    codes: Codes = field(default_factory=Codes)
    _texts: tuple[int, ...] = ()
    _days: tuple[int, int] = INNER
    _names: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        # The longest choices first: codes that follow each other are bound by their ends.
        choices = {
            options
            for program in self.programs
            for id in program.facts
            for options in self._options(id)
        }
        for options in sorted(choices, key=lambda options: (-len(options), options)):
            for option in options:
                self.codes.of(option)
        self._texts = tuple(self.codes.of(text) for text in _telling_texts(self.programs))

    def _fact(self, id: str) -> Fact:
        return self.programs[0].vocabulary.facts[id]

    def _options(self, id: str) -> Iterator[tuple[str, ...]]:
        waiting = [self._fact(id).type]
        while waiting:
            type_ = waiting.pop()
            yield type_.options
            waiting += [inner for _, inner in type_.fields]
            waiting += [type_.item] if type_.item is not None else []

    def given(self, id: str) -> Given:
        """A new variable for a fact."""
        return self._given(id, INNER)

    def answer(self, id: str) -> Given:
        """A second one, for another answer: of dates all that are looked at."""
        return self._given(id, (FIRST, LAST))

    def _given(self, id: str, days: tuple[int, int]) -> Given:
        fact = self._fact(id)
        self._days = days
        if fact.type.kind is Kind.LIST and fact.type.item is not None:
            return self._list(fact, fact.type.item)
        return self._any(id, fact.type, self.spans.get(id, (None, None)))

    def _any(self, name: str, type_: Type, span: Span = (None, None)) -> Given:
        if type_.kind is not Kind.RECORD:
            return self._scalar(name, type_, span)
        fields = [(field, self._scalar(f"{name}.{field}", inner)) for field, inner in type_.fields]
        return Given(
            tuple(each.value for _, each in fields),
            tuple(term for _, each in fields for term in each.bound),
            lambda model: {field: each.read(model) for field, each in fields},
        )

    def _list(self, fact: Fact, item: Type) -> Given:
        """Some items one by one; `more` stands for longer lists.

        Where no more is asked than whether there is an item of some kind, one item for each such
        question stands for all lists.
        """
        name = fact.id
        kinds = kinds_asked_for(self.programs, name)
        is_enough = kinds is not None and kinds <= MOST_ENTRIES
        places = range(max(1, kinds or 0) if is_enough else ENTRIES)
        items = [self._any(f"{name}[{index}]", item) for index in places]
        there = [self._variable(z3.Bool, f"{name}[{index}] is there") for index in places]
        more = FALSE if is_enough else self._variable(z3.Bool, f"{name} has more")
        bound = [term for each in items for term in each.bound]
        for earlier, later in zip(there, [*there[1:], more], strict=True):
            bound.append(z3.Implies(later, earlier))
        bound.append(z3.Implies(SHORT, negation(more)))
        entries = tuple(
            Entry(is_there, is_there, each.value)
            for is_there, each in zip(there, items, strict=True)
        )
        return Given(
            Members(entries, more),
            tuple(bound),
            lambda model: [
                each.read(model)
                for each, is_there in zip(items, there, strict=True)
                if holds(model, is_there)
            ],
        )

    def _variable(self, sort: Any, name: str) -> Term:
        return sort(f"{name}#{next(self._names)}")

    def _scalar(self, name: str, type_: Type, span: Span = (None, None)) -> Given:
        match type_.kind:
            case Kind.BOOL:
                truth = self._variable(z3.Bool, name)
                return Given(certain(truth), (), lambda model: holds(model, truth))
            case Kind.DECIMAL:
                term = self._variable(z3.Real, name)
                return Given(
                    Value(term, TRUE),
                    self._within(type_, term),
                    lambda model: Fraction(whole(model, term)),
                )
            case Kind.CHOICE | Kind.TEXT:
                return self._text(name, type_)
            case Kind.DATE:
                return self._date(name, type_, span)
        term = self._variable(z3.Int, name)
        return Given(
            Value(term, TRUE), self._within(type_, term), lambda model: int(whole(model, term))
        )

    def _within(self, type_: Type, term: Term) -> tuple[Term, ...]:
        low = -LARGEST_NUMBER if type_.low is None else type_.low
        high = LARGEST_NUMBER if type_.high is None else type_.high
        return term >= number(low), term <= number(high)

    def _date(self, name: str, type_: Type, span: Span) -> Given:
        term = self._variable(z3.Int, name)
        first, last = self._days
        lows = [first, *(_ordinal(each) for each in (type_.low, span[0]) if each is not None)]
        highs = [last, *(_ordinal(each) for each in (type_.high, span[1]) if each is not None)]
        early, late = (self.on.toordinal() + days for days in USUAL)
        near = z3.Implies(LIKELY, z3.And(term >= early, term <= late))
        return Given(
            Value(term, TRUE),
            (term >= max(lows), term <= min(highs), near),
            lambda model: date.fromordinal(int(whole(model, term))),
        )

    def _text(self, name: str, type_: Type) -> Given:
        """A code of the choice; of a text one of those that tell all texts apart."""
        options = [self.codes.of(option) for option in type_.options] or list(self._texts)
        term = self._variable(z3.Int, name)
        low, high = min(options), max(options)
        if high - low + 1 == len(options):
            bound = z3.And(term >= low, term <= high)
        else:
            bound = some(term == option for option in options)
        return Given(
            Value(term, TRUE), (bound,), lambda model: self.codes.text(int(whole(model, term)))
        )


def _ordinal(day: object) -> int:
    if not isinstance(day, date):
        raise TypeError("the bound of a date is no date")
    return day.toordinal()


def equals(given: Given, raw: Any, codes: Codes) -> Term:
    """That a fact is what was stated: the form in which `Given.read` gives it."""
    return _equals(given.value, raw, codes)


def _equals(value: Val, raw: Any, codes: Codes) -> Term:
    match value:
        case Truth(true=true):
            return true if raw else z3.Not(true)
        case Value(term=term):
            return term == (codes.of(raw) if isinstance(raw, str) else number(raw))
        case Members(entries=entries) if len(raw) > len(entries):
            return FALSE
        case Members(entries=entries, more=more):
            same = [
                _equals(entry.value, item, codes) for entry, item in zip(entries, raw, strict=False)
            ]
            there = [
                entry.sure if index < len(raw) else z3.Not(entry.sure)
                for index, entry in enumerate(entries)
            ]
            return every([*there, *same, negation(more)])
        case _:
            fields = zip(value, raw.values(), strict=True)
            return every(_equals(each, item, codes) for each, item in fields)


def unknown(value: Val) -> Val:
    """The same fact when nothing is known of it; of a list that one item may be in it."""
    match value:
        case Truth():
            return Truth(FALSE, FALSE)
        case Value(term=term):
            return Value(term, FALSE)
        case Members(entries=entries):
            return Members((Entry(FALSE, TRUE, unknown(entries[0].value)),))
    return tuple(unknown(each) for each in value)


# --- lists ----------------------------------------------------------------------------------------


def kinds_asked_for(programs: Iterable[Program], fact: str) -> int | None:
    """Of how many kinds an item of the list is asked for; None where more than that is asked."""
    found = 0
    for meaning in _meanings(programs):
        asked = _kinds(meaning, fact)
        if asked is None:
            return None
        found += asked
    return found


def _kinds(meaning: Meaning, fact: str, *, is_inside: bool = False) -> int | None:
    """`is_inside`: in the condition of a list, where each item of that list asks anew."""
    if isinstance(meaning, Read):
        return None if meaning.of is Of.FACT and meaning.id == fact else 0
    found = 0
    parts = [(part, is_inside) for part in children(meaning)]
    if isinstance(meaning, Exists):
        items, inner = meaning.items, [meaning.condition]
        while isinstance(items, Filter):
            inner.append(items.condition)
            items = items.items
        if isinstance(items, Read) and items.of is Of.FACT and items.id == fact:
            found = 1
            if is_inside:
                return None
        else:
            inner.append(items)
        parts = [(part, True) for part in inner]
    elif isinstance(meaning, Filter | Sum | ExtremeOver):
        parts = [(part, True) for part in children(meaning)]
    for part, inside in parts:
        asked = _kinds(part, fact, is_inside=inside)
        if asked is None:
            return None
        found += asked
    return found


def _meanings(programs: Iterable[Program]) -> Iterator[Meaning]:
    for program in programs:
        for part in (*program.parts.values(), *program.conditions):
            yield from part.meanings


# --- texts ----------------------------------------------------------------------------------------


def _telling_texts(programs: Sequence[Program]) -> list[str]:
    """Texts that stand for all: those named, those with a prefix that is asked for, and others.

    Three of each kind without a name, so that texts can differ from each other too.
    """
    named: dict[str, None] = {}
    prefixes: dict[str, None] = {}
    for meaning in _meanings(programs):
        _note_texts(meaning, named, prefixes)
    kinds = [f"{prefix}{'¤' * length}" for prefix in prefixes for length in (1, 2, 3)]
    return [*dict.fromkeys([*named, *kinds, "one", "two", "three"])]


def _note_texts(meaning: Meaning, named: dict[str, None], prefixes: dict[str, None]) -> None:
    match meaning:
        case Constant(value=str() as text):
            named[text] = None
        case OneOf(options=options):
            named.update(dict.fromkeys(sorted(each for each in options if isinstance(each, str))))
        case Apply(function=function, arguments=(_, Constant(value=str() as prefix))) if (
            function.name == "startsWith"
        ):
            prefixes[prefix] = None
    for part in children(meaning):
        _note_texts(part, named, prefixes)
