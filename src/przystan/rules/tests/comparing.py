"""The engine beside the naive interpreter; used by tests at a small size, by the drill at a large.

Each function raises AssertionError with what is needed to repeat the case.
"""

from datetime import date
from random import Random

from przystan.rules.check import Check
from przystan.rules.definitions import Definition, Outcome, Rule
from przystan.rules.faults import Source
from przystan.rules.program import compiled
from przystan.rules.syntax import parse
from przystan.rules.tests import generating, naive
from przystan.rules.values import Unknown

COMPLETIONS = 4


def one_expression(random: Random, cases: int) -> int:
    """Compare one random expression (with its rules) on so many random sets of facts."""
    make = generating.Expressions(random)
    kind = random.random()
    if kind < 0.7:
        text = make.condition(random.randint(1, 4))
    elif kind < 0.85:
        text = make.number(3)
    else:
        text = make.day(3)
    rules = (*make.rules, Rule("asked", Source(text)))
    definition = Definition(
        "one", date(2026, 1, 1), (Outcome("any", Source("true"), details=("asked",)),), rules
    )
    program = compiled(definition, generating.VOCABULARY)
    trees = [(rule.id, parse(rule.value)) for rule in rules]
    for _ in range(cases):
        known = generating.assignment(random)
        partial = generating.blurred(random, known, random.choice([0.0, 0.2, 0.5, 0.9]))
        check = Check(program, partial, {}, generating.ON)
        found = check.value_of("asked")
        for _ in range(COMPLETIONS):
            completed = generating.completed(random, partial)
            expected = slow(trees, completed)
            assert agrees(found, expected), (
                f"{[(r.id, r.value.text) for r in rules]}\nfacts {partial}\ncompleted {completed}"
                f"\nengine {found!r}, naive {expected!r}"
            )
    return cases


def one_shared_expression(random: Random, cases: int, cel) -> dict[str, int]:
    """Compare one expression with the CEL library, where it can say anything.

    The library gives an error where a variable that it needs is missing: our unknown. It does so
    too for `c ? a : a` without c, which we know: the one difference there is, counted apart.
    """
    text = generating.SharedExpressions(random).condition(random.randint(1, 4))
    definition = Definition("one", date(2026, 1, 1), (Outcome("any", Source(text)),))
    condition = compiled(definition, generating.SHARED)
    theirs = cel.compile(text)
    counts = {"known": 0, "unknown": 0, "ours alone": 0}
    for _ in range(cases):
        known = {id: random.choice(generating.DOMAINS[id]) for id in generating.SHARED.facts}
        share = random.choice([0.0, 0.3, 0.7])
        facts = {id: value for id, value in known.items() if random.random() >= share}
        check = Check(condition, facts, {}, generating.ON)
        ours = condition.conditions[0].read(check.env)
        try:
            expected = theirs.execute(facts)
        except Exception:  # the library names its errors by their text alone
            expected = None
        if expected is not None:
            assert ours is expected, f"{text}\nfacts {facts}\nengine {ours!r}, CEL {expected!r}"
            counts["known"] += 1
        elif isinstance(ours, Unknown):
            counts["unknown"] += 1
        else:
            assert "?" in text, f"{text}\nfacts {facts}\nengine {ours!r}, CEL unknown"
            assert ours is theirs.execute(known), f"{text}\nfacts {facts}\nengine {ours!r}"
            counts["ours alone"] += 1
    return counts


def slow(trees, facts):
    """The last expression's value, the others being rules that it may name."""
    values = {**facts, "on": generating.ON}
    for id, tree in trees:
        values[id] = naive.value(tree, values)
    return values[trees[-1][0]]


def agrees(found, expected):
    """Whether what the engine found leaves room for the value."""
    if isinstance(expected, tuple):
        expected = expected[1]
    if not isinstance(found, Unknown):
        return found == expected and isinstance(found, bool) == isinstance(expected, bool)
    above = found.low is None or found.low <= expected
    return above and (found.high is None or expected <= found.high)
