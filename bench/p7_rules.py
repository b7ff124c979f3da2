"""P7: a step of a procedure with 60 questions and 120 rules; a table and a rule beside peers.

    python bench/p7_rules.py [--walks 300]

The definition is made from a seed: 60 facts (yes/no, choices, amounts, numbers, dates), 100 named
rules of three facts or rules each, 20 outcomes over them, asked along random answers. A step is:
take one answer, name the outcomes that may still be, choose the next question. `cold` starts
from a snapshot of half of the facts in a new check. CPU time, one core.

Peers, when installed (`pip install zen-engine==2.1.3 cel-python==0.5.0
common-expression-language==0.10.0`): the same 20 rows in ZEN, the same five-fact rule in the
two CEL libraries; each is given a plain dict and gives the value back.
"""

import argparse
import importlib
import json
import statistics
import time
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

from przystan.rules import (
    BOOL,
    MONEY,
    Check,
    Definition,
    Fact,
    Kind,
    Outcome,
    Program,
    Row,
    Rule,
    Source,
    Table,
    Type,
    Vocabulary,
    choice,
    compiled,
    explain,
    next_question,
    verdict,
)

ON = date(2026, 11, 22)
STEP_GOAL_US, EXPLANATION_GOAL_MS, LOAD_GOAL_MS, ZEN_GOAL, CEL_GOAL = 100, 5, 20, 10, 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--walks", type=int, default=300)
    arguments = parser.parse_args()
    _steps(arguments.walks)
    _table_beside_zen()
    _rule_beside_cel()


def _vocabulary() -> tuple[Vocabulary, dict[str, list[Any]]]:
    facts, answers = [], {}
    for number in range(60):
        id = f"f{number}"
        match number % 6:
            case 0 | 1 | 2:
                type_: Type = BOOL
                values: list[Any] = [True, False]
            case 3:
                type_ = choice("a", "b", "c", "d")
                values = list("abcd")
            case 4:
                type_ = Type(Kind.MONEY, low=0)
                values = [0, 300_000, 480_600, 900_000]
            case _:
                type_ = Type(Kind.DATE)
                values = [date(1990, 5, 17), date(2009, 1, 1), date(2012, 6, 30)]
        facts.append(Fact(id, type_, is_changeable=number % 3 == 0, effort=1 + number % 3))
        answers[id] = values
    return Vocabulary(facts), answers


def _definition(random: Random) -> Definition:
    """100 rules of three parts each, a part being a test of a fact or an earlier rule."""
    order = [f"f{number}" for number in range(60)]
    rules: list[Rule] = []
    for number in range(100):
        parts = [_test(random, random.choice(order)) for _ in range(3)]
        if number > 20 and random.random() < 0.5:
            parts[0] = random.choice(rules).id
        sign = random.choice([" && ", " || "])
        rules.append(Rule(f"r{number}", Source(sign.join(parts)), (f"act#art-{number}",)))
    outcomes = []
    for number in range(19):
        parts = [rule.id for rule in random.sample(rules, 5)]
        outcomes.append(Outcome(f"o{number}", Source(" && ".join(parts)), (f"act#{number}",)))
    outcomes.append(Outcome("none", Source("true")))
    return Definition("bench", date(2026, 1, 1), tuple(outcomes), tuple(rules))


def _test(random: Random, fact: str) -> str:
    match int(fact[1:]) % 6:
        case 0 | 1 | 2:
            return random.choice([fact, f"!{fact}"])
        case 3:
            return f'{fact} in ["{random.choice("ab")}", "{random.choice("cd")}"]'
        case 4:
            return f"{fact} {random.choice(['>=', '<'])} pln({random.choice([3000, 4806])})"
    return f"age({fact}, on) {random.choice(['>=', '<'])} {random.choice([13, 18, 26])}"


def _steps(walks: int) -> None:
    random = Random(7)
    vocabulary, answers = _vocabulary()
    definition = _definition(random)
    started = time.process_time_ns()
    program = compiled(definition, vocabulary)
    load_ms = (time.process_time_ns() - started) / 1e6
    print(f"loading: {load_ms:.1f} ms for 120 rules, solver apart   goal {LOAD_GOAL_MS} ms")
    print(f"definition: {len(program.facts)} facts, 100 rules, {len(program.conditions)} outcomes")
    steps: list[float] = []
    explanations: list[float] = []
    cold: list[float] = []
    stored: list[dict[str, Any]] = []
    for _ in range(walks):
        given = {id: random.choice(values) for id, values in answers.items()}
        stored.append(_walk(program, given, steps))
        explanations.append(_timed(explain, Check(program, given, {}, ON)))
        half = dict(random.sample(sorted(given.items()), 30))
        started = time.process_time_ns()
        check = Check(program, half, {}, ON)
        verdict(check)
        next_question(check)
        cold.append((time.process_time_ns() - started) / 1000)
    _print("step: outcome and next question", steps, "us", STEP_GOAL_US)
    _print("cold: new check of 30 facts, outcome, next question", cold, "us", None)
    _print("explanation", [each / 1000 for each in explanations], "ms", EXPLANATION_GOAL_MS)
    print(f"questions a walk: {len(steps) / walks:.1f} of 60")
    _again(program, stored)


def _again(program: Program, stored: list[dict[str, Any]]) -> None:
    """Stored checks (the facts of guided walks) evaluated anew, as after a rule change."""
    started = time.process_time()
    for facts in stored:
        verdict(Check(program, facts, {}, ON))
    rate = len(stored) / (time.process_time() - started)
    print(
        f"stored checks again: {rate:.0f} a second, 100,000 in {100_000 / rate:.0f} s   goal 20 s"
    )


def _walk(program: Program, given: dict[str, Any], steps: list[float]) -> dict[str, Any]:
    """Guided questions to the end, each step timed; the facts that were asked."""
    check = Check(program, {}, {}, ON)
    asked = next_question(check)
    while asked is not None:
        started = time.process_time_ns()
        check.state(asked.fact, given[asked.fact])
        verdict(check)
        asked = next_question(check)
        steps.append((time.process_time_ns() - started) / 1000)
    return check.facts


def _timed(act: Callable[[Check], Any], check: Check) -> float:
    started = time.process_time_ns()
    act(check)
    return (time.process_time_ns() - started) / 1000


def _print(name: str, values: list[float], unit: str, goal: float | None) -> None:
    ordered = sorted(values)
    tail = ordered[int(len(ordered) * 0.95)]
    mean = statistics.fmean(ordered)
    note = "" if goal is None else f"   goal {goal} {unit}: {'met' if mean <= goal else 'MISSED'}"
    print(
        f"{name}: mean {mean:.2f} {unit}, median {statistics.median(ordered):.2f},"
        f" 95th {tail:.2f}, worst {ordered[-1]:.2f}{note}"
    )


COUNTRIES = ["UA", "BY", "MD", "GE", "AM"]
KINDS = ["job", "study", "family", "season"]


def _rows() -> list[tuple[str, str, int, str]]:
    """20 rows: country, kind, at least so many months, value."""
    rows = [(c, k, 3 * (i % 4), f"v{i}") for i, (c, k) in enumerate(_pairs())]
    return [*rows[:19], ("", "", 0, "other")]


def _pairs() -> list[tuple[str, str]]:
    return [(country, kind) for country in COUNTRIES for kind in KINDS]


def _table_beside_zen() -> None:
    vocabulary = Vocabulary(
        [
            Fact("country", choice(*COUNTRIES, "XX")),
            Fact("kind", choice(*KINDS)),
            Fact("months", Type(Kind.INT, "months", low=0)),
        ]
    )
    rows = tuple(
        Row(
            (Source(f'"{c}"' if c else ""), Source(f'"{k}"' if k else ""), Source(f">= {m}")),
            Source(f'"{value}"'),
        )
        for c, k, m, value in _rows()
    )
    table = Table("way", (Source("country"), Source("kind"), Source("months")), rows)
    definition = Definition("t", ON, (Outcome("any", Source("true")),), (), (table,))
    program = compiled(definition, vocabulary)
    random = Random(1)
    cases = [
        {
            "country": random.choice([*COUNTRIES, "XX"]),
            "kind": random.choice(KINDS),
            "months": random.randint(0, 12),
        }
        for _ in range(2_000)
    ]
    ours, answers = _each(lambda facts: Check(program, facts, {}, ON).value_of("way"), cases)
    check = Check(program, cases[0], {}, ON)
    step, same = _each(lambda facts: _restated(check, facts, "way"), cases)
    print(f"20-row table: {ours:.2f} us a new check, {step:.2f} us three answers in a check")
    if (zen := _installed("zen")) is None:
        return
    decision = zen.ZenEngine().create_decision(json.dumps(_zen_graph()))
    theirs, their_answers = _each(lambda facts: decision.evaluate(facts)["result"]["way"], cases)
    if not answers == same == their_answers:
        raise AssertionError("the table and ZEN disagree")
    _print_ratio("zen-engine", theirs, step, ZEN_GOAL)


def _restated(check: Check, facts: dict[str, Any], id: str) -> Any:
    for fact, value in facts.items():
        check.state(fact, value)
    return check.value_of(id)


def _zen_graph() -> dict[str, Any]:
    """The table as a ZEN decision graph: input, table, output."""
    rules = [
        {
            "_id": f"r{number}",
            "c": f'"{country}"' if country else "",
            "k": f'"{kind}"' if kind else "",
            "m": f">= {months}",
            "o": f'"{value}"',
        }
        for number, (country, kind, months, value) in enumerate(_rows())
    ]
    content = {
        "hitPolicy": "first",
        "inputs": [
            {"id": "c", "name": "country", "field": "country"},
            {"id": "k", "name": "kind", "field": "kind"},
            {"id": "m", "name": "months", "field": "months"},
        ],
        "outputs": [{"id": "o", "name": "way", "field": "way"}],
        "rules": rules,
    }
    return {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in"},
            {"id": "t", "type": "decisionTableNode", "name": "t", "content": content},
            {"id": "out", "type": "outputNode", "name": "out"},
        ],
        "edges": [
            {"id": "e1", "sourceId": "in", "targetId": "t", "type": "edge"},
            {"id": "e2", "sourceId": "t", "targetId": "out", "type": "edge"},
        ],
    }


RULE = 'adult && gross >= 480600 && (status == "visa" || status == "card") && !posted'


def _rule_beside_cel() -> None:
    vocabulary = Vocabulary(
        [
            Fact("adult", BOOL),
            Fact("gross", Type(Kind.INT)),
            Fact("status", choice("visa", "card", "none")),
            Fact("posted", BOOL),
            Fact("unused", MONEY),
        ]
    )
    definition = Definition(
        "r", ON, (Outcome("any", Source("true")),), (Rule("may", Source(RULE)),)
    )
    program = compiled(definition, vocabulary)
    random = Random(2)
    cases = [
        {
            "adult": random.random() < 0.9,
            "gross": random.choice([400_000, 500_000]),
            "status": random.choice(["visa", "card", "none"]),
            "posted": random.random() < 0.1,
        }
        for _ in range(500)
    ]
    ours, answers = _each(lambda facts: Check(program, facts, {}, ON).value_of("may"), cases)
    check = Check(program, cases[0], {}, ON)
    step, same = _each(lambda facts: _restated(check, facts, "may"), cases)
    print(f"rule of four facts: {ours:.2f} us a new check, {step:.2f} us four answers in a check")
    if (celpy := _installed("celpy")) is not None:
        environment = celpy.Environment()
        ready = environment.program(environment.compile(RULE))
        theirs, found = _each(lambda facts: bool(ready.evaluate(celpy.json_to_cel(facts))), cases)
        if not found == answers == same:
            raise AssertionError("the rule and cel-python disagree")
        _print_ratio("cel-python", theirs, step, CEL_GOAL)
    if (cel := _installed("cel")) is not None:
        rust = cel.compile(RULE)
        theirs, found = _each(rust.execute, cases)
        if found != answers:
            raise AssertionError("the rule and common-expression-language disagree")
        _print_ratio("common-expression-language (Rust)", theirs, step, None)


def _installed(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"{name}: not installed, not compared")
        return None


def _each(act: Callable[[dict[str, Any]], Any], cases: list[dict[str, Any]]) -> tuple[float, Any]:
    """Microseconds of CPU for one case, the best of five rounds, and the answers."""
    rounds = []
    for _ in range(5):
        started = time.process_time_ns()
        answers = [act(case) for case in cases]
        rounds.append((time.process_time_ns() - started) / len(cases) / 1000)
    return min(rounds), answers


def _print_ratio(peer: str, theirs: float, ours: float, goal: float | None) -> None:
    ratio = theirs / ours
    verdict = "" if goal is None else f", goal {goal}x: {'met' if ratio >= goal else 'MISSED'}"
    print(f"{peer}: {theirs:.2f} us, {ratio:.1f}x ours{verdict}")


if __name__ == "__main__":
    main()
