"""Seeded random expressions, definitions and facts, and the completions of what is not known.

Every fact has a small set of values, so that an unknown can be tried out.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from random import Random

from przystan.rules.definitions import Definition, Outcome, Row, Rule, Table
from przystan.rules.faults import Source
from przystan.rules.values import (
    BOOL,
    Kind,
    Listing,
    PartialDate,
    Type,
    Why,
    choice,
    list_of,
    record,
)
from przystan.rules.vocabulary import Fact, Vocabulary

EASTER_WEEK = date(2026, 4, 1)
DAYS = [EASTER_WEEK + timedelta(days=n) for n in (0, 2, 3, 31, 365)]
BIRTHS = [date(2008, 4, 1), date(2008, 4, 2), date(2010, 2, 28), date(1990, 6, 30)]
DOMAINS = {
    "yes": [True, False],
    "sure": [True, False],
    "ready": [True, False],
    "status": ["visa", "card", "none"],
    "country": ["UA", "BY", "PL"],
    "number": [0, 1, 2, 3],
    "other": [0, 1, 2, 3],
    "pay": [0, 240_000, 480_599, 480_600],
    "rate": [Fraction(0), Fraction(1, 2), Fraction(3, 2)],
    "day": DAYS,
    "until": DAYS,
    "born": BIRTHS,
}
ITEM = {"kind": ["spouse", "child"], "size": [0, 1, 2], "near": [True, False]}
STAY = {"entry": DAYS[:3], "exit": DAYS[2:4]}
VOCABULARY = Vocabulary(
    [
        Fact("yes", BOOL),
        Fact("sure", BOOL),
        Fact("ready", BOOL),
        Fact("status", choice(*DOMAINS["status"])),
        Fact("country", choice(*DOMAINS["country"])),
        Fact("number", Type(Kind.INT, low=0, high=3)),
        Fact("other", Type(Kind.INT, low=0, high=3)),
        Fact("pay", Type(Kind.MONEY, low=0)),
        Fact("rate", Type(Kind.DECIMAL, low=0)),
        Fact("day", Type(Kind.DATE, low=DAYS[0], high=DAYS[-1])),
        Fact("until", Type(Kind.DATE)),
        Fact("born", Type(Kind.DATE), may_be_partial=True),
        Fact(
            "family",
            list_of(record(kind=choice(*ITEM["kind"]), size=Type(Kind.INT, low=0), near=BOOL)),
        ),
        Fact("stays", list_of(record(entry=Type(Kind.DATE), exit=Type(Kind.DATE)))),
        Fact("places", list_of(choice("a", "b", "c"))),
    ]
)
LISTS = {"family": ITEM, "stays": STAY}
PLACES = ["a", "b", "c"]
ON = date(2026, 4, 2)

Scope = tuple[str, ...]


class Expressions:
    """Random expressions of each type; `is_small`: yes/no, choices and small numbers alone."""

    def __init__(self, random: Random, *, is_small: bool = False) -> None:
        self.random = random
        self.is_small = is_small
        self.rules: list[Rule] = []

    def condition(self, depth: int, scope: Scope = ()) -> str:
        pick = self.random
        if depth <= 0:
            return self._atom(scope)
        draw = pick.random()
        left, right = depth - 1, depth - pick.randint(1, 2)
        if draw < 0.28:
            return f"({self.condition(left, scope)} && {self.condition(right, scope)})"
        if draw < 0.56:
            return f"({self.condition(left, scope)} || {self.condition(right, scope)})"
        if draw < 0.66:
            return f"!({self.condition(left, scope)})"
        if draw < 0.70:
            parts = [self.condition(depth - 1, scope) for _ in range(3)]
            return f"({parts[0]} ? {parts[1]} : {parts[2]})"
        if draw < 0.76 and not scope:
            return self._ruled(self.condition(left))
        if draw < 0.86 and not self.is_small and not scope:
            return self._quantified(left)
        return self._atom(scope)

    def _ruled(self, text: str) -> str:
        """A rule of its own, or one that was made before."""
        if self.rules and self.random.random() < 0.4:
            return self.random.choice(self.rules).id
        rule = Rule(f"rule{len(self.rules)}", Source(text))
        self.rules.append(rule)
        return rule.id

    def _atom(self, scope: Scope) -> str:
        pick = self.random
        kinds = [self._yes, self._choice, self._numbers]
        if not self.is_small:
            kinds += [self._dates, self._amounts, self._counts, self._places, self._periods]
        return pick.choice(kinds)(scope)

    def _yes(self, scope: Scope) -> str:
        names = ["yes", "sure", "ready", *(["m.near"] if scope else [])]
        name = self.random.choice(names)
        return f"({name} == {self._yes(scope)})" if self.random.random() < 0.1 else name

    def _choice(self, scope: Scope) -> str:
        name = self.random.choice(["status", "country", *(["m.kind"] if scope else [])])
        options = DOMAINS.get(name) or ITEM["kind"]
        if self.random.random() < 0.4:
            chosen = self.random.sample(options, self.random.randint(1, 2))
            return f"{name} in [{', '.join(map(repr, chosen))}]"
        return f"{name} {self.random.choice(['==', '!='])} {self.random.choice(options)!r}"

    def _sign(self) -> str:
        return self.random.choice(["<", "<=", ">", ">=", "==", "!="])

    def _numbers(self, scope: Scope) -> str:
        if self.is_small:
            name = self.random.choice(["number", "other"])
            return f"{name} {self._sign()} {self.random.randint(0, 3)}"
        return f"{self.number(2, scope)} {self._sign()} {self.number(1, scope)}"

    def number(self, depth: int, scope: Scope = ()) -> str:
        pick = self.random
        draw = pick.random()
        if depth <= 0 or draw < 0.5:
            return pick.choice(
                ["number", "other", str(pick.randint(0, 4)), *(["m.size"] if scope else [])]
            )
        if draw < 0.75:
            sign = pick.choice("+-*")
            return f"({self.number(depth - 1, scope)} {sign} {self.number(depth - 1, scope)})"
        if draw < 0.85:
            name = pick.choice(["min", "max"])
            return f"{name}({self.number(depth - 1, scope)}, {self.number(depth - 1, scope)})"
        if draw < 0.92 and not scope:
            return f"({self.condition(1)} ? {self.number(0)} : {self.number(0)})"
        return f"-{self.number(0, scope)}"

    def day(self, depth: int) -> str:
        pick = self.random
        draw = pick.random()
        if depth <= 0 or draw < 0.4:
            return pick.choice(["day", "until", "on", f'date("{pick.choice(DAYS)}")'])
        inner = self.day(depth - 1)
        return pick.choice(
            [
                f"({inner} {pick.choice('+-')} {self.period()})",
                f"term_end({inner}, {self.period()})",
                f"add_working_days({inner}, {pick.randint(-5, 15)})",
                f"next_working_day({inner})",
                f"min({inner}, {self.day(0)})",
                f"date(year({inner}), 5, 31)",
                f"last_legal_day(stays, {inner}, 20, 60)",
            ]
        )

    def period(self) -> str:
        unit = self.random.choice(["days", "weeks", "months", "years"])
        return f"{unit}({self.random.choice(['number', '1', '2', '14'])})"

    def _dates(self, scope: Scope) -> str:
        draw = self.random.random()
        if draw < 0.2:
            return f"age(born, {self.day(0)}) {self._sign()} {self.random.choice([16, 17, 18])}"
        if draw < 0.3:
            return f"is_working_day({self.day(1)})"
        if draw < 0.5:
            name = self.random.choice(["months_between", "days_between", "working_days_between"])
            span = f"{name}({self.day(1)}, {self.day(0)})"
            return f"{span} {self._sign()} {self.random.randint(-3, 30)}"
        return f"{self.day(2)} {self._sign()} {self.day(1)}"

    def _periods(self, scope: Scope) -> str:
        unit = self.random.choice(["days", "months"])
        left = f"{unit}({self.number(1, scope)})"
        if unit == "days" and self.random.random() < 0.5:
            left = f"({self.day(0)} - {self.day(0)})"
        return f"{left} {self._sign()} {unit}(2) * {self.number(0, scope)} + {unit}(1)"

    def _amounts(self, scope: Scope) -> str:
        pick = self.random
        left = pick.choice(
            ["pay", "pay * rate", "pay * 2 + pln(0.01)", "rounded(pay * 0.333)", "pay / 3", "-pay"]
        )
        right = pick.choice(["pln(4806)", "pln(2400) * rate", "pay", "pln(0)", "pln(1602)"])
        if pick.random() < 0.3:
            left = pick.choice(["rate", "rate * rate", "rate + 1"])
            right = pick.choice(["1.5", "1"])
        return f"{left} {self._sign()} {right}"

    def _items(self) -> str:
        if self.random.random() < 0.4:
            return f"family.filter(m, {self.condition(1, ('m',))})"
        return "family"

    def _quantified(self, depth: int) -> str:
        macro = self.random.choice(["exists", "all"])
        return f"{self._items()}.{macro}(m, {self.condition(min(depth, 2), ('m',))})"

    def _counts(self, scope: Scope) -> str:
        pick = self.random
        if scope:
            return f"m.size {self._sign()} {pick.randint(0, 2)}"
        counted = pick.choice(
            [
                f"{self._items()}.count(m, {self.condition(1, ('m',))})",
                f"size({self._items()})",
                f"{self._items()}.sum(m, {self.number(1, ('m',))})",
                f"{self._items()}.max(m, {self.number(1, ('m',))}, 0)",
                f"{self._items()}.min(m, m.size, {self.number(0)})",
                f"days_present(stays, {self.day(1)}, {pick.choice([7, 40])})",
            ]
        )
        return f"{counted} {self._sign()} {pick.randint(0, 4)}"

    def _places(self, scope: Scope) -> str:
        return f"'{self.random.choice(PLACES)}' in places"


def table(random: Random, id: str) -> Table:
    """A table over yes/no, a choice and a number, with values that are a choice."""
    inputs = random.sample(["yes", "sure", "status", "country", "number"], random.randint(1, 3))
    rows = [_row(random, inputs) for _ in range(random.randint(1, 4))]
    rows.append(Row(tuple(Source("") for _ in inputs), Source(repr(random.choice("xyz")))))
    return Table(id, tuple(map(Source, inputs)), tuple(rows))


def _row(random: Random, inputs: list[str]) -> Row:
    tests = []
    for name in inputs:
        values = [repr(v).lower() if isinstance(v, bool) else repr(v) for v in DOMAINS[name]]
        test = random.choice(["", values[0], values[-1], ", ".join(values[:2]), f"!= {values[0]}"])
        if name == "number" and random.random() < 0.5:
            test = f"{random.choice(['<', '<=', '>', '>='])} {random.randint(0, 3)}"
        tests.append(Source(test))
    return Row(tuple(tests), Source(repr(random.choice("xyz"))))


def definition(random: Random, *, is_small: bool = True, outcomes: int = 4) -> Definition:
    """Outcomes over rules and, sometimes, a table; the last one always holds."""
    make = Expressions(random, is_small=is_small)
    conditions = [make.condition(random.randint(1, 3)) for _ in range(outcomes - 1)]
    tables = ()
    if random.random() < 0.3:
        tables = (table(random, "looked_up"),)
        values = sorted({row.value.text for row in tables[0].rows})
        conditions[0] = f"({conditions[0]}) && looked_up == {random.choice(values)}"
    found = [
        Outcome(f"outcome-{number}", Source(text))
        for number, text in enumerate([*conditions, "true"])
    ]
    return Definition("random", date(2026, 1, 1), tuple(found), tuple(make.rules), tables)


def assignment(random: Random) -> dict:
    """Known values for all facts, as the naive interpreter takes them."""
    found = {name: random.choice(values) for name, values in DOMAINS.items()}
    for name, fields in LISTS.items():
        found[name] = [_item(random, fields) for _ in range(random.randint(0, 2))]
    found["places"] = random.sample(PLACES, random.randint(0, 2))
    return found


def _item(random: Random, fields: dict) -> dict:
    return {field: random.choice(values) for field, values in fields.items()}


def blurred(random: Random, known: dict, share: float) -> dict:
    """The same with some of it not known: facts, fields of records, the ends of lists, days."""
    found = {}
    for name, value in known.items():
        if isinstance(value, list):
            if random.random() < share:
                if random.random() < 0.5:
                    continue
                found[name] = Listing(tuple(_blurred(random, i, share) for i in value), False)
            else:
                found[name] = [_blurred(random, item, share / 2) for item in value]
        elif random.random() < share:
            if name == "born" and random.random() < 0.5:
                month = random.choice([None, value.month])
                found[name] = PartialDate(value.year, month)
            elif random.random() < 0.3:
                found[name] = Why.PERSON_DOES_NOT_KNOW
        else:
            found[name] = value
    return found


def _blurred(random: Random, item, share: float):
    if not isinstance(item, dict):
        return item
    return {field: value for field, value in item.items() if random.random() >= share}


def completed(random: Random, partial: dict) -> dict:
    """One way in which what is not known may turn out."""
    drawn = assignment(random)
    for name, value in partial.items():
        if isinstance(value, Why):
            continue
        if isinstance(value, PartialDate):
            span = (value.last - value.first).days
            drawn[name] = value.first + timedelta(days=random.randint(0, span))
        elif isinstance(value, Listing):
            more = drawn[name] if random.random() < 0.7 else []
            drawn[name] = [*_filled(random, name, value.items), *more]
        elif isinstance(value, list):
            drawn[name] = _filled(random, name, value)
        else:
            drawn[name] = value
    return drawn


def _filled(random: Random, name: str, items) -> list:
    if name not in LISTS:
        return list(items)
    return [_item(random, LISTS[name]) | item for item in items]


def completions(partial: dict, names: list[str]) -> Iterator[dict]:
    """Every way in which the named facts, where not known, may turn out."""
    open_names = [name for name in names if name not in partial]
    known = {name: partial[name] for name in names if name in partial}
    for values in product(*(DOMAINS[name] for name in open_names)):
        yield known | dict(zip(open_names, values, strict=True))


SHARED = Vocabulary(
    [
        *(Fact(id, BOOL) for id in ("yes", "sure", "ready")),
        *(Fact(id, Type(Kind.TEXT)) for id in ("status", "country")),
        *(Fact(id, Type(Kind.INT)) for id in ("number", "other")),
    ]
)


class SharedExpressions(Expressions):
    """Expressions that mean the same in CEL: logic, comparison, `in`, whole numbers, texts."""

    def __init__(self, random: Random) -> None:
        super().__init__(random, is_small=True)

    def _ruled(self, text: str) -> str:
        return text

    def _numbers(self, scope: Scope) -> str:
        return f"{self.number(2)} {self._sign()} {self.number(1)}"

    def number(self, depth: int, scope: Scope = ()) -> str:
        pick = self.random
        if depth <= 0 or pick.random() < 0.4:
            return pick.choice(["number", "other", str(pick.randint(0, 4))])
        if pick.random() < 0.1:
            return f"-{pick.choice(['number', 'other'])}"
        sign = pick.choice("+-*")
        return f"({self.number(depth - 1)} {sign} {self.number(depth - 1)})"
