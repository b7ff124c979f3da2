"""What the solver proves of definitions: each planted defect is found, a clean one has none."""

import random
import time
from datetime import date, timedelta
from fractions import Fraction

import pytest

from przystan.procedures.authoring import proving
from przystan.procedures.authoring.proving import About, Holds
from przystan.procedures.authoring.proving.parameters import parameters
from przystan.rules import (
    BOOL,
    DATE,
    DECIMAL,
    MONEY,
    TEXT,
    Dated,
    Definition,
    Fact,
    HitPolicy,
    Kind,
    KnownBy,
    Outcome,
    Parameter,
    Row,
    Rule,
    Source,
    Table,
    Type,
    Vocabulary,
    choice,
    compiled,
    list_of,
    next_question,
    record,
    verdict,
)

pytestmark = pytest.mark.skipif(
    not proving.is_available(),
    reason="z3-solver is not installed: pip install 'przystan[authoring]'",
)

ON = date(2026, 11, 23)
HOURS = Type(Kind.INT, "hours", low=0, high=168)
JOB = record(gross=Type(Kind.MONEY, low=0), title=TEXT)
VOCABULARY = Vocabulary(
    [
        Fact("insured", BOOL),
        Fact("posted", BOOL),
        Fact("hours", HOURS),
        Fact("purpose", choice("work", "study", "family")),
        Fact("birth_date", DATE, may_be_partial=True),
        Fact("entered_on", DATE),
        Fact("stay_until", DATE),
        Fact("pay", Type(Kind.MONEY, low=0)),
        Fact("share", DECIMAL),
        Fact("pkd", TEXT),
        Fact("jobs", list_of(JOB)),
        Fact("trips", list_of(record(entry=DATE, exit=DATE))),
        Fact("filed_on", DATE),
        Fact("assessed", BOOL, known_by=KnownBy.OFFICIAL),
    ],
    [Parameter("minimum_wage", MONEY), Parameter("border_day", DATE)],
)
WAGE = Dated(((date(2025, 1, 1), 466_600), (date(2026, 1, 1), 480_600)))
VALUES = {"minimum_wage": WAGE, "border_day": Dated(((date.min, date(2027, 3, 4)),))}


def definition(*outcomes, rules=(), tables=(), unverified=()):
    return Definition(
        "example",
        date(2026, 1, 1),
        tuple(
            Outcome(id, Source(when), details=details)
            for id, when, *rest in outcomes
            for details in [tuple(rest)]
        ),
        tuple(Rule(id, Source(text), (), id not in unverified) for id, text in dict(rules).items()),
        tuple(tables),
    )


def table(id, inputs, *rows, policy=HitPolicy.FIRST):
    return Table(
        id,
        tuple(map(Source, inputs)),
        tuple(Row(tuple(map(Source, tests)), Source(value)) for *tests, value in rows),
        policy,
    )


def proved(made, *, on=ON, law_of="", barred=(), spans=None, parameters=VALUES, verdicts=None):
    from przystan.procedures.authoring.proving.law import Law
    from przystan.procedures.authoring.proving.whole import Asked
    from przystan.procedures.authoring.proving.whole import proved as prove

    law = Law(on, parameters, law_of, barred, spans or {})
    return prove(Asked(compiled(made, VOCABULARY), law, verdicts=verdicts))


def told(proof, about):
    return {finding.id: finding.holds for finding in proof.of(about)}


def checked(made, facts, on=ON, parameters=VALUES):
    from przystan.rules import Check

    return Check(compiled(made, VOCABULARY), dict(facts), parameters, on)


# --- one planted defect each ----------------------------------------------------------------------


CLEAN = definition(
    ("too-young", "!adult"),
    ("may", "paid_enough && insured", "fee"),
    ("late", "entered_on + months(3) < stay_until"),
    ("no", "true"),
    rules={
        "adult": "age(birth_date, on) >= 18",
        "paid_enough": "jobs.sum(j, j.gross) >= minimum_wage",
    },
    tables=[table("fee", ["purpose"], ['"work"', "pln(440)"], ["-", "pln(340)"])],
)


def test_a_clean_definition_has_no_fault_and_each_outcome_is_shown_by_facts():
    proof = proved(CLEAN)

    assert [finding for finding in proof.findings if finding.is_fault] == []
    assert [f for f in proof.findings if f.holds is Holds.NOT_SETTLED] == []
    assert proof.disagreements == 0
    for finding in proof.of(About.OUTCOME):
        assert verdict(checked(CLEAN, finding.facts)).outcome == finding.id


def test_an_outcome_that_nobody_reaches_is_proved_to_be_one():
    made = definition(
        ("child", "age(birth_date, on) < 18"),
        ("young", "birth_date > on - years(18) && insured"),
        ("no", "true"),
    )

    found = told(proved(made), About.OUTCOME)

    assert found == {
        "child": Holds.SHOWN, "young": Holds.IMPOSSIBLE, "no": Holds.SHOWN
    }  # fmt: skip


def test_facts_under_which_no_outcome_holds_are_named():
    made = definition(("work", 'purpose == "work"'), ("other", 'purpose != "work" && hours < 168'))

    (gap,) = proved(made).of(About.GAP)

    assert gap.is_fault
    stands = verdict(checked(made, gap.facts))
    assert (stands.outcome, stands.possible) == (None, ())
    assert dict(gap.facts).keys() == {"purpose", "hours"}


def test_a_row_that_never_counts_is_found_in_each_kind_of_table():
    rows = [">= 20", '"a"'], [">= 30", '"b"'], ["< 20", '"c"']
    made = definition(
        ("yes", 'kind == "a" || kind == "b"'),
        ("no", "true", "both"),
        tables=[
            table("kind", ["hours"], *rows),
            table("both", ["hours"], ["> 168", "1"], ["-", "2"], policy=HitPolicy.COLLECT),
        ],
    )

    proof = proved(made)

    dead = [(f.id, f.other) for f in proof.of(About.ROW) if f.is_fault]
    assert dead == [("kind", "2"), ("both", "1")]


def test_rows_that_both_fit_where_only_one_may_are_found_with_facts():
    made = definition(
        ("yes", "rate == 1"),
        ("no", "true"),
        tables=[table("rate", ["hours"], ["<= 20", "1"], [">= 20", "2"], policy=HitPolicy.UNIQUE)],
    )

    proof = proved(made)

    (overlap,) = proof.of(About.OVERLAP)
    assert (overlap.is_fault, overlap.other, overlap.facts) == (True, "1 and 2", (("hours", 20),))
    (silent,) = proof.of(About.SILENT)
    assert silent.is_fault
    assert silent.facts == (("hours", 20),)


def test_a_table_without_a_row_that_fits_is_found_where_something_rests_on_it():
    fees = table("fee", ["purpose"], ['"work"', "pln(440)"], ['"study"', "pln(340)"])
    rests = definition(("may", "insured", "fee"), ("no", "true"), tables=[fees])
    spared = definition(
        ("may", 'insured && purpose != "family"', "fee"), ("no", "true"), tables=[fees]
    )

    assert [f.facts for f in proved(rests).of(About.SILENT) if f.is_fault] == [
        (("insured", True), ("purpose", "family"))
    ]
    assert told(proved(spared), About.SILENT) == {"fee": Holds.IMPOSSIBLE}


def test_a_fact_that_never_changes_the_answer_is_found():
    made = definition(
        ("yes", "insured && hours >= 0 || insured && posted"),
        ("no", "true"),
    )

    found = told(proved(made), About.FACT)

    assert found == {
        "insured": Holds.SHOWN, "hours": Holds.IMPOSSIBLE, "posted": Holds.IMPOSSIBLE
    }  # fmt: skip


def test_a_fact_that_only_a_detail_reads_changes_the_answer():
    found = told(proved(CLEAN), About.FACT)

    assert found["purpose"] is Holds.SHOWN


@pytest.mark.parametrize(
    ("condition", "fact", "known"),
    [
        ("age(birth_date, on) >= 18 || age(birth_date, on) < 18 && insured", "birth_date", {
            "insured": True}),
        ("jobs.exists(j, j.gross > pln(1)) && insured || jobs.all(j, j.gross <= pln(1)) && posted",
         "jobs", {"insured": True, "posted": True}),
        ("entered_on < stay_until && posted || entered_on >= stay_until && insured", "entered_on",
         {"posted": True, "insured": True}),
    ],
)  # fmt: skip
def test_a_question_that_cannot_matter_is_found_with_what_was_stated(condition, fact, known):
    made = definition(("yes", condition), ("no", "true"))

    found = [f for f in proved(made).of(About.QUESTION) if f.holds is Holds.SHOWN]

    vain = next(finding for finding in found if finding.id == fact)
    facts = dict(vain.facts)
    assert known.items() <= facts.items()
    assert next_question(checked(made, facts)).fact == fact


@pytest.mark.parametrize(
    "condition",
    [
        "age(birth_date, on) >= 18 && age(birth_date, on) < 65",
        "age(birth_date, on) >= 18 && insured || age(birth_date, on) < 13 && posted",
        "posted || !posted && insured && hours <= 20",
    ],
)
def test_a_condition_that_reads_a_fact_twice_in_earnest_is_proved_exact(condition):
    proof = proved(definition(("yes", condition), ("no", "true")))

    assert {finding.holds for finding in proof.of(About.QUESTION)} <= {Holds.IMPOSSIBLE}


def test_a_parameter_without_value_on_a_day_that_has_been_is_a_fault():
    values = {**VALUES, "minimum_wage": Dated(((date(2026, 3, 1), 480_600),))}

    (hole,) = proved(CLEAN, parameters=values).of(About.PARAMETER)

    assert hole.is_fault
    assert (hole.day, hole.until) == (date(2026, 1, 1), date(2026, 2, 28))


def test_a_parameter_that_nobody_knows_for_years_to_come_is_no_fault():
    values = {"minimum_wage": Dated(((date(2026, 1, 1), 480_600), (date(2027, 1, 1), None)))}
    program = compiled(CLEAN, VOCABULARY)

    (hole,) = parameters(program, values, date(2026, 1, 1), None, ON)

    assert (hole.holds, hole.is_fault, hole.day) == (Holds.SHOWN, False, date(2027, 1, 1))


def test_a_hole_before_a_value_that_is_known_is_a_fault_even_in_the_future():
    spans = (date(2026, 1, 1), 1), (date(2027, 1, 1), None), (date(2028, 1, 1), 2)
    program = compiled(CLEAN, VOCABULARY)

    (hole,) = parameters(program, {"minimum_wage": Dated(spans)}, date(2026, 1, 1), None, ON)

    assert hole.is_fault
    assert (hole.day, hole.until) == (date(2027, 1, 1), date(2027, 12, 31))


# --- what is no fault -----------------------------------------------------------------------------


def test_an_outcome_that_waits_for_law_is_not_settled_and_no_fault():
    made = definition(
        ("first", "doubtful"), ("second", "insured"), rules={"doubtful": "posted"},
        unverified=["doubtful"],
    )  # fmt: skip

    proof = proved(made)

    assert told(proof, About.OUTCOME) == {
        "first": Holds.NOT_SETTLED, "second": Holds.NOT_SETTLED
    }  # fmt: skip
    assert not any(finding.is_fault for finding in proof.of(About.OUTCOME))


def test_an_outcome_only_for_longer_lists_than_looked_at_is_not_settled():
    made = definition(("many", "jobs.size() >= 5"), ("few", "true"))

    found = {finding.id: finding for finding in proved(made).of(About.OUTCOME)}

    assert found["many"].holds is Holds.NOT_SETTLED
    assert "three entries" in found["many"].why


def test_what_is_impossible_for_a_list_of_any_length_is_proved():
    made = definition(
        ("some", "jobs.exists(j, j.gross > pln(1))"),
        ("more", "jobs.exists(j, j.gross > pln(2))"),
        ("none", "true"),
    )

    found = told(proved(made), About.OUTCOME)

    assert found["more"] in (Holds.IMPOSSIBLE, Holds.NOT_SETTLED)
    assert found["some"] is Holds.SHOWN


def test_an_outcome_of_a_later_day_is_no_fault_today():
    made = definition(("later", "on >= border_day && insured"), ("now", "true"))

    found = {finding.id: finding for finding in proved(made).of(About.OUTCOME)}

    assert (found["later"].holds, found["later"].day) == (Holds.SHOWN, date(2027, 3, 4))
    assert not found["later"].is_fault


def test_facts_that_contradict_each_other_show_nothing():
    made = definition(
        ("yes", "stay_until < entered_on"),
        ("no", "true"),
        rules={"contradiction_days": "stay_until < entered_on"},
    )

    found = told(proved(made, barred=("contradiction_days",)), About.OUTCOME)

    assert found == {"yes": Holds.IMPOSSIBLE, "no": Holds.SHOWN}


def test_the_parameters_of_the_day_that_a_fact_names_govern():
    made = definition(
        ("old", "minimum_wage < pln(4800) && insured"),
        ("new", "filed_on >= entered_on"),
        ("no", "true"),
    )

    assert told(proved(made, law_of="filed_on"), About.OUTCOME)["old"] is Holds.SHOWN
    assert told(proved(made), About.OUTCOME)["old"] is not Holds.SHOWN or any(
        finding.day for finding in proved(made).of(About.OUTCOME)
    )


def test_outcomes_that_hold_together_are_told_and_are_no_fault():
    made = definition(("yes", "insured"), ("no", "posted"), ("maybe", "true"))

    proof = proved(made, verdicts={"yes": "yes", "no": "no", "maybe": "depends"})

    (order,) = proof.of(About.ORDER)
    assert (order.id, order.other, order.is_fault) == ("yes", "no", False)
    assert dict(order.facts) == {"insured": True, "posted": True}


def test_a_term_that_ends_on_a_day_off_is_reckoned_as_the_engine_does():
    made = definition(
        ("on-time", "stay_until <= term_end(entered_on, days(14))"),
        ("moved", "stay_until == entered_on + days(15) && stay_until <= entered_on + days(15)"),
        ("holiday", "add_working_days(entered_on, 3) > entered_on + days(6)"),
        ("no", "true"),
    )

    proof = proved(made)

    assert {f.holds for f in proof.of(About.OUTCOME)} == {Holds.SHOWN}
    for finding in proof.of(About.OUTCOME):
        assert verdict(checked(made, finding.facts)).outcome == finding.id


def test_days_of_presence_reach_their_limit_in_facts_that_the_engine_confirms():
    made = definition(
        ("over", "days_present(trips, on, 180) > 90"),
        ("none-left", "last_legal_day(trips, entered_on, 90, 180) < entered_on"),
        ("no", "true"),
    )

    proof = proved(made)

    assert told(proof, About.OUTCOME) == dict.fromkeys(("over", "none-left", "no"), Holds.SHOWN)


# --- two versions ---------------------------------------------------------------------------------


def test_two_versions_differ_on_facts_of_which_the_engine_says_so_too():
    from przystan.procedures.authoring.proving.law import Law
    from przystan.procedures.authoring.proving.versions import differences

    before = definition(("yes", "age(birth_date, on) >= 18"), ("no", "true"))
    after = definition(("yes", "age(birth_date, on) >= 21"), ("perhaps", "insured"), ("no", "true"))

    found = differences(
        compiled(before, VOCABULARY), compiled(after, VOCABULARY), Law(ON, VALUES), 30
    )

    assert found.is_complete
    pairs = {(each.before, each.after) for each in found.differences}
    assert pairs == {("yes", "perhaps"), ("yes", "no"), ("no", "perhaps")}
    for each in found.differences:
        assert verdict(checked(before, each.facts)).outcome == each.before
        assert verdict(checked(after, each.facts)).outcome == each.after


def test_versions_that_say_the_same_in_other_words_are_proved_to_agree():
    from przystan.procedures.authoring.proving.law import Law
    from przystan.procedures.authoring.proving.versions import differences

    before = definition(("yes", "!(insured || posted)"), ("no", "true"))
    after = definition(("no", "posted || insured"), ("yes", "true"))

    found = differences(
        compiled(before, VOCABULARY), compiled(after, VOCABULARY), Law(ON, VALUES), 30
    )

    assert (found.differences, found.is_complete) == ((), True)


# --- the catalogue and its faults -----------------------------------------------------------------


def test_the_small_folder_has_no_fault_and_its_outcomes_are_reached(small):
    procedure = small.on("permit", ON)

    proof = proving.proof(small, procedure, ON)

    assert {finding.holds for finding in proof.of(About.OUTCOME)} == {Holds.SHOWN}
    assert list(proving.faults(small, procedure, ON)) == []


def test_a_fault_has_file_line_facts_and_remedy(tmp_path, small_law):
    from przystan.procedures.authoring.folder import read_folder
    from przystan.procedures.catalogue import catalogue
    from przystan.procedures.tests.writing import spoiled, written

    path = "definitions/permit/2026-03-05.r1.yaml"
    files = spoiled(path, "when: covered", "when: covered && paid_enough")
    library, _ = read_folder(written(tmp_path / "procedures", files=files))
    ready = catalogue(library, small_law)

    found = [str(fault) for fault in proving.faults(ready, ready.on("permit", ON), ON)]

    assert len(found) == 1
    assert found[0].startswith(f"{path}:")
    assert "no facts lead to the outcome `perhaps`" in found[0]


def test_a_gap_is_told_with_its_facts(tmp_path, small_law):
    from przystan.procedures.authoring.folder import read_folder
    from przystan.procedures.catalogue import catalogue
    from przystan.procedures.tests.writing import spoiled, written

    path = "definitions/permit/2026-03-05.r1.yaml"
    files = spoiled(path, "when: true", "when: '!insured && paid_enough'")
    library, _ = read_folder(written(tmp_path / "procedures", files=files))
    ready = catalogue(library, small_law)

    found = [str(fault) for fault in proving.faults(ready, ready.on("permit", ON), ON)]

    assert any("No outcome holds with" in fault and "insured=False" in fault for fault in found)


# --- the translation says what the engine says ----------------------------------------------------

CONDITIONS = (
    "insured == posted",
    'purpose in ["work", "study"] && !insured',
    "(insured ? hours : hours * 2) >= 40",
    "min(hours, 20) == 20 || max(hours, 7) < 9",
    "rounded(pay * share) <= minimum_wage / 2",
    "pay - pln(3) > minimum_wage && pay + pay < pln(20000)",
    "age(birth_date, on) >= 18 && age(birth_date, entered_on) < 18",
    "entered_on + months(3) <= stay_until && entered_on - months(1) > birth_date",
    "stay_until - entered_on >= days(30) || days_between(entered_on, stay_until) == -1",
    "date(year(entered_on) + 1, 4, 30) >= stay_until",
    "months_between(entered_on, stay_until) == 4 || years_between(birth_date, on) == 30",
    "working_days_between(entered_on, stay_until) <= 10 && is_working_day(entered_on)",
    "next_working_day(entered_on) != entered_on",
    "add_working_days(entered_on, 15) < stay_until || add_working_days(entered_on, -2) > on",
    "term_end(entered_on, months(1)) == stay_until || term_end(entered_on, days(7)) > on",
    'pkd.startsWith("01.") && pkd != "01.13.Z" || pkd == "02"',
    "jobs.exists(j, j.gross > pln(100)) && jobs.all(j, j.gross < minimum_wage)",
    "jobs.sum(j, j.gross) >= minimum_wage || jobs.count(j, j.gross > pln(5)) == 2",
    "jobs.max(j, j.gross, pln(7)) == pln(7) || jobs.min(j, j.gross, pln(1)) > pln(2)",
    'jobs.filter(j, j.title == "one").size() < jobs.size()',
    "trips.exists(t, t.exit >= t.entry + months(2))",
    "days_present(trips, on, 180) > 20",
    "last_legal_day(trips, entered_on, 90, 180) >= stay_until",
    "on < border_day || trips.filter(t, t.exit > on).sum(t, days_between(t.entry, t.exit)) > 5",
)


def _anybody(draw):
    day = lambda: ON + timedelta(days=draw.randint(-9_000, 700))  # noqa: E731
    trips = []
    for _ in range(draw.randint(0, 3)):
        entry = ON - timedelta(days=draw.randint(0, 400))
        trips.append({"entry": entry, "exit": entry + timedelta(days=draw.randint(-2, 90))})
    return {
        "insured": draw.random() < 0.5,
        "posted": draw.random() < 0.5,
        "hours": draw.choice([0, 6, 7, 19, 20, 40, 168]),
        "purpose": draw.choice(["work", "study", "family"]),
        "birth_date": ON - timedelta(days=draw.randint(0, 30_000)),
        "entered_on": (entered := day()),
        "stay_until": entered + timedelta(days=draw.randint(-40, 150)),
        "pay": draw.choice([0, 240_300, 480_600, 480_900, 481_000, 999_999]),
        "share": draw.choice([Fraction(1, 2), Fraction(333, 1000), Fraction(-1, 8)]),
        "pkd": draw.choice(["01.13.Z", "02", "one", "01.¤"]),
        "jobs": [
            {"gross": draw.choice([0, 600, 20_000, 480_600]), "title": draw.choice(["one", "two"])}
            for _ in range(draw.randint(0, 3))
        ],
        "trips": trips,
        "filed_on": day(),
        "assessed": draw.random() < 0.5,
    }


@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_solver_and_the_engine_agree_on_anybody(condition):
    """For facts that are all given the solver must find exactly the engine's truth."""
    from przystan.procedures.authoring.proving.law import Law
    from przystan.procedures.authoring.proving.prover import prover

    draw = random.Random(condition)
    made = definition(("yes", condition), ("no", "true"))
    program = compiled(made, VOCABULARY)
    one = prover(program, Law(ON, VALUES), time.process_time() + 60)
    for _ in range(20):
        anybody = _anybody(draw)
        stated = {id: _cut(one.given[id], anybody[id]) for id in program.facts}
        expected = verdict(checked(made, stated)).outcome
        same = one.stated(stated)
        for number, id in enumerate(one.outcomes):
            condition_ = _both(one.translation.reached(number), same)
            found = one.solving.shown(condition_, lambda model: None)
            assert (found.holds is not Holds.IMPOSSIBLE) == (id == expected), (condition, stated)


def _cut(given, raw):
    """A list no longer than the items that stand for all."""
    entries = getattr(given.value, "entries", None)
    return raw[: len(entries)] if entries is not None else raw


def _both(one, other):
    from przystan.procedures.authoring.proving.terms import every

    return every([one, other])


def test_what_is_told_of_the_functions_of_days_holds_for_many_days():
    """The lines between which results lie are axioms of every proof: they must be true."""
    from przystan.procedures.authoring.proving.steps import FIRST, LAST, Steps
    from przystan.procedures.authoring.proving.terms import TRUE, Value, z3
    from przystan.rules.days import add_months
    from przystan.rules.functions import FUNCTIONS

    draw = random.Random(57)
    steps = Steps()
    for function in (None, *FUNCTIONS):
        kinds = (
            (Kind.DATE, Kind.PERIOD)
            if function is None
            else tuple(each.kind for each in function.parameters)
        )
        if Kind.DATE not in kinds:
            continue
        variables = [z3.Int(f"x{n}") for n in range(len(kinds))]
        values = [Value(variable, TRUE) for variable in variables]
        step = steps.months_later(*values) if function is None else steps.applied(function, values)
        call = add_months if function is None else function.call
        lemmas = steps.lemmas[:]
        steps.lemmas.clear()
        for _ in range(400):
            numbers = [
                draw.randint(FIRST, LAST) if kind is Kind.DATE else draw.randint(-500, 500)
                for kind in kinds
            ]
            result = step.symbol.true(numbers)
            assert call is step.symbol.call
            truth = z3.BoolVal(result) if isinstance(result, bool) else z3.IntVal(result)
            pairs = [(v, z3.IntVal(n)) for v, n in zip(variables, numbers, strict=True)]
            for lemma in lemmas:
                said = z3.simplify(z3.substitute(lemma, (step.result, truth), *pairs))
                assert z3.is_true(said), (function, numbers, result, lemma)
