"""What does not fit is refused when a definition loads, with place and remedy."""

from datetime import date

import pytest

from przystan.rules.definitions import (
    Definition,
    HitPolicy,
    Outcome,
    Row,
    Rule,
    Table,
    in_force,
)
from przystan.rules.faults import DefinitionError, Source, Where
from przystan.rules.program import compiled
from przystan.rules.tests import generating
from przystan.rules.values import BOOL, DAYS, INT, MONEY, Kind, Type, choice, list_of, record
from przystan.rules.vocabulary import Fact, Parameter, Vocabulary

VOCABULARY = Vocabulary(
    [
        *generating.VOCABULARY.facts.values(),
        Fact("hours", Type(Kind.INT, "hours")),
        Fact("height", Type(Kind.INT, "cm")),
        Fact("notice", DAYS),
        Fact("job", record(gross=MONEY, title=Type(Kind.TEXT))),
    ],
    [Parameter("minimum_wage", MONEY)],
)


def faults(*texts, **rules):
    made = Definition(
        "example",
        date(2026, 1, 1),
        tuple(Outcome(f"o{n}", Source(text)) for n, text in enumerate(texts)),
        tuple(Rule(id, Source(text)) for id, text in rules.items()),
    )
    with pytest.raises(DefinitionError) as error:
        compiled(made, VOCABULARY)
    return [str(fault) for fault in error.value.faults]


@pytest.mark.parametrize(
    ("text", "place", "part"),
    [
        ("employer_declared", "1:1", "Nothing is called `employer_declared`"),
        ("yess && sure", "1:1", "Did you mean `yes`?"),
        ("status == 'vissa'", "1:8", "Did you mean `visa`?"),
        ("status in ['visa', 'blue']", "1:20", "none of the options"),
        ("pay >= 4806", "1:5", "Write an amount as pln(100)"),
        ("until > '2026-01-01'", "1:7", 'Write a day as date("2026-11-23")'),
        ("hours > height", "1:7", "Bring both to one unit first"),
        ("hours + height > 3", "1:7", "mixes the units cm and hours"),
        ("hours * height > 3", "1:7", "mixes the units"),
        ("months(hours) > months(1)", "1:1", "takes a number of months, this one is in hours"),
        ("notice > months(1)", "1:8", "Bring both to one unit first"),
        ("number", "1:1", "where a bool belongs. Compare it with something"),
        ("yes && number", "1:8", "not a yes or no"),
        ("!number", "1:2", "not a yes or no"),
        ("yes < sure", "1:5", "have no order"),
        ("ago(born, on) > 3", "1:1", "Did you mean `age`?"),
        ("age(born) > 3", "1:1", "`age` does not take a date. It takes: date, date"),
        ("any(family, yes)", "1:1", "Use exists"),
        ("has(yes)", "1:1", "an unknown is never asked about"),
        ("family.any(m, m.near)", "1:8", "Use exists"),
        ("family.near", "1:7", "Over a list write"),
        ("job.net > pln(1)", "1:4", "Its fields: gross, title"),
        ("family.exists(m, m.size)", "1:19", "not a yes or no"),
        ("family.exists(yes, yes)", "1:15", "already means something"),
        ("family.exists(near)", "1:8", "takes a variable"),
        ("family.max(m, m.size) > 1", "1:8", "value when the list is empty"),
        ("family.sum(m, m.near) > 1", "1:16", "does not take a bool"),
        ("yes.exists(m, true)", "1:1", "not a list"),
        ("yes ? 1 : sure", "1:5", "One branch is a int"),
        ("number / 2 > 1", "1:8", "Whole numbers are not divided"),
        ("pay / number > pln(1)", "1:5", "A divisor is a number other than 0"),
        ("pay / 0 > pln(1)", "1:5", "A divisor is a number other than 0"),
        ("on > date('2026-02-30')", "1:11", "no day of the calendar"),
        ("on > date(2026, 2, 29)", "1:6", "numbers that every year has"),
        ("pay > pln(1.005)", "1:11", "at most two decimal places"),
        ("pay > pln('x')", "1:11", "no amount"),
        ("min(number) > 1", "1:1", "two or more values"),
        ("max(yes, sure)", "1:1", "values of one ordered kind"),
        ("['a'] == ['a']", "1:1", "stands only after `in`"),
        ("status in []", "1:11", "empty list"),
        ("days_present(family, on, 180) > 90", "1:14", "`entry` and `exit`"),
        ("days_present(stays, on) > 90", "1:1", "takes 3 arguments"),
        ("days_present(stays, on, number) > 90", "1:25", "a number from 1 to 400"),
        ("last_legal_day(stays, 3, 90, 180) > on", "1:23", "not a date"),
        ("status.endsWith('a')", "1:8", "There are: exists"),
    ],
)
def test_a_misfit_is_named_with_place_and_remedy(text, place, part):
    (fault,) = faults(text)

    assert fault.startswith(place)
    assert part in fault


def test_all_that_is_wrong_is_reported_at_once():
    found = faults("yess", "pay > 3", fee="pay +", other="sure && unheard_of")

    assert len(found) == 4


def test_a_circle_of_rules_is_named():
    found = faults("a", a="b && yes", b="c || sure", c="!a")

    assert any("a → b → c → a" in fault for fault in found)


def test_a_rule_may_not_take_the_name_of_a_fact():
    assert "already in the vocabulary" in faults("yes", sure="true")[0]


def test_outcomes_need_different_names_and_known_details():
    outcomes = (
        Outcome("same", Source("yes"), details=("fee",)),
        Outcome("same", Source("true")),
    )
    with pytest.raises(DefinitionError, match=r"stands twice[\s\S]*no rule or table `fee`"):
        compiled(Definition("example", date(2026, 1, 1), outcomes), VOCABULARY)


def test_a_definition_needs_outcomes():
    with pytest.raises(DefinitionError, match="no outcomes"):
        compiled(Definition("example", date(2026, 1, 1), ()), VOCABULARY)


@pytest.mark.parametrize(
    ("fact", "part"),
    [
        (Fact("Yes", BOOL), "cannot be the id"),
        (Fact("on", BOOL), "cannot be the id"),
        (Fact("way", choice("a", "a")), "options, each once"),
        (Fact("way", Type(Kind.CHOICE)), "options, each once"),
        (Fact("long", Type(Kind.PERIOD, "years")), "days or months"),
        (Fact("deep", list_of(list_of(BOOL))), "no list"),
        (Fact("deep", record(inner=record(a=BOOL))), "cannot itself be a record"),
        (Fact("odd", Type(Kind.INT, low=3, high=1)), "above the highest"),
        (Fact("half", INT, may_be_partial=True), "only a date may be partial"),
    ],
)
def test_a_fact_that_cannot_be_is_refused(fact, part):
    with pytest.raises(DefinitionError, match=part):
        Vocabulary([fact])


def test_an_id_is_used_once():
    with pytest.raises(DefinitionError, match="used twice"):
        Vocabulary([Fact("a", BOOL)], [Parameter("a", MONEY)])


def table(rows, inputs=("country", "number"), policy=HitPolicy.FIRST):
    made = tuple(
        Row(
            tuple(Source(cell, Where("t.csv", 2 + line, 5)) for cell in cells),
            Source(value, Where("t.csv", 2 + line, 40)),
            where=Where("t.csv", 2 + line),
        )
        for line, (*cells, value) in enumerate(rows)
    )
    return Table("way", tuple(map(Source, inputs)), made, policy, Where("t.csv"))


@pytest.mark.parametrize(
    ("rows", "part"),
    [
        ([("'XX'", "", "1")], "t.csv:2:5: `XX` is none of the options"),
        ([("", "> pln(3)", "1")], "have no order"),
        ([("", "1", "1"), ("", "1", "'a'")], "t.csv:3:40: This is a text, the first row's"),
        ([("", "1")], "The row has 1 tests, the table way has 2 inputs"),
        ([], "has no rows"),
        ([("", "1 +", "1")], "t.csv:2:8"),
    ],
)
def test_a_wrong_cell_is_named_by_its_place(rows, part):
    made = Definition(
        "example", date(2026, 1, 1), (Outcome("any", Source("true")),), (), (table(rows),)
    )
    with pytest.raises(DefinitionError) as error:
        compiled(made, VOCABULARY)

    assert part in str(error.value)


def test_what_reads_a_table_is_checked_against_its_values():
    made = Definition(
        "example",
        date(2026, 1, 1),
        (Outcome("any", Source("way == 'nearby'")),),
        (),
        (table([("", "", "'near'")]),),
    )
    with pytest.raises(DefinitionError, match="Did you mean `near`"):
        compiled(made, VOCABULARY)


def test_the_version_in_force_is_the_latest_begun_in_its_last_revision():
    def version(day, revision):
        return Definition("p", day, (Outcome("a", Source("true")),), revision=revision)

    first, old, new = (
        version(date(2025, 12, 1), 1),
        version(date(2026, 3, 5), 1),
        version(date(2026, 3, 5), 2),
    )

    assert in_force([new, first, old], date(2026, 3, 4)) is first
    assert in_force([new, first, old], date(2026, 3, 5)) is new
    assert in_force([new], date(2026, 3, 4)) is None
