"""Where three values are not exact: facts that the engine asks for though they cannot matter.

Two ways lead to them. Whoever was found to come to an outcome, or to hang on a fact, is asked as
the engine asks, and of each question the solver says whether its answer can still change
anything. And for a fact that has no cells and is read in several places of a condition, facts are
looked for that, all stated, leave the condition open for the engine though it is settled.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from przystan.procedures.authoring.proving.data import About, Finding, Holds
from przystan.procedures.authoring.proving.kleene import apart, is_known
from przystan.procedures.authoring.proving.law import reads
from przystan.procedures.authoring.proving.prover import (
    Facts,
    Prover,
    answer,
    as_stated,
    changes,
    shrunk,
)
from przystan.procedures.authoring.proving.terms import (
    TRUE,
    Codes,
    Term,
    Value,
    every,
    negation,
    some,
    z3,
)
from przystan.procedures.authoring.proving.translating import Translation
from przystan.procedures.authoring.proving.turning import turns
from przystan.procedures.authoring.proving.world import Given, equals, unknown
from przystan.rules import KnownBy, Program, Where, next_question
from przystan.rules.meaning import Of
from przystan.rules.program import Part

MOST_ATTEMPTS: Final = 12
MOST_PEOPLE: Final = 20
MOST_TURNS: Final = 10


def questions(prover: Prover) -> Iterator[Finding]:
    """One finding for each fact asked for in vain; else one that says what was looked at."""
    found: dict[str, Finding] = {}
    for finding in (*_on_the_way(prover), *_when_all_else_is_known(prover)):
        known = found.get(finding.id)
        if known is None or known.holds is not Holds.SHOWN:
            found[finding.id] = finding
    yield from found.values()


class Asking:
    """Whether a fact can still matter once others are stated; worked out once for each."""

    def __init__(self, prover: Prover) -> None:
        self._prover = prover
        self._known: dict[tuple[str, str], bool] = {}

    def is_vain(self, fact: str, stated: Facts) -> bool:
        """That the engine asks for the fact, and proved that no answer to it can matter."""
        asked = next_question(self._prover.check(stated))
        return asked is not None and asked.fact == fact and self.cannot_matter(fact, stated)

    def cannot_matter(self, fact: str, stated: Facts) -> bool:
        key = (fact, repr(sorted(stated.items())))
        if key not in self._known:
            is_settled = self._is_settled(fact, stated)
            self._known[key] = is_settled and not self._is_denied(fact, stated)
        return self._known[key]

    def _is_denied(self, fact: str, stated: Facts) -> bool:
        """The engine's word: whether answers of others make a difference after all.

        Everybody known answers the question as each of the others does.
        """
        prover = self._prover
        people = list(prover.witnesses.values())[:MOST_PEOPLE]
        answers = [facts[fact] for facts in people]
        for facts in people:
            checks = [prover.check({**facts, **stated, fact: raw}) for raw in answers]
            possible = [check for check in checks if prover.is_possible(check)]
            if any(answer(check) != answer(possible[0]) for check in possible[1:]):
                prover.solving.disagreements += 1
                return True
        return False

    def _is_settled(self, fact: str, stated: Facts) -> bool:
        prover = self._prover
        other = prover.other(fact)

        def parts(model: Any) -> bool | None:
            """Whether two answers to the question make two answers of the engine."""
            facts = prover.facts(model)
            changed = {**facts, fact: other.given.read(model)}
            return answer(prover.check(facts)) != answer(prover.check(changed)) or None

        condition = every([other.changed, prover.stated(stated)])
        return prover.solving.is_impossible(condition, parts)


def _on_the_way(prover: Prover) -> Iterator[Finding]:
    """Each witness answers what the engine asks."""
    asking = Asking(prover)
    vain: set[str] = set()
    for facts in prover.witnesses.values():
        stated: Facts = {}
        while (asked := next_question(prover.check(stated))) is not None:
            if asked.fact in stated or prover.solving.is_over:
                break
            if asked.fact not in vain and asking.cannot_matter(asked.fact, stated):
                vain.add(asked.fact)
                yield _vain(prover, asking, asked.fact, stated)
            stated[asked.fact] = facts[asked.fact]


def _vain(prover: Prover, asking: Asking, fact: str, stated: Facts) -> Finding:
    fewest = shrunk(stated, lambda fewer: asking.is_vain(fact, fewer))
    shown = as_stated(prover.check(fewest))
    where = _place(prover.program, fact)
    return Finding(About.QUESTION, fact, Holds.SHOWN, shown, where=where)


# --- everything known but one fact ----------------------------------------------------------------


def _when_all_else_is_known(prover: Prover) -> Iterator[Finding]:
    asking = Asking(prover)
    program = prover.program
    for id in program.facts:
        if program.vocabulary.facts[id].known_by is not KnownBy.PERSON or id in program.cells:
            continue
        numbers = [
            number
            for number, part in enumerate(program.conditions)
            if _times_read(program, part)[id] > 1
        ]
        if numbers:
            yield _of_fact(prover, asking, id, numbers)


def _of_fact(prover: Prover, asking: Asking, fact: str, numbers: Iterable[int]) -> Finding:
    where = _place(prover.program, fact)
    is_open = False
    for number in numbers:
        if prover.solving.is_over:
            is_open = True
            break
        stated, is_settled = _of_condition(prover, asking, fact, number)
        if stated is not None:
            return _vain(prover, asking, fact, stated)
        is_open |= not is_settled
    if is_open:
        why = "Whether it is always asked in earnest was not found out."
        return Finding(About.QUESTION, fact, Holds.NOT_SETTLED, why=why, where=where)
    return Finding(About.QUESTION, fact, Holds.IMPOSSIBLE, where=where)


def _of_condition(
    prover: Prover, asking: Asking, fact: str, number: int
) -> tuple[Facts | None, bool]:
    """All facts but one that leave the condition open for the engine in vain, and if settled.

    What the law leaves open is left aside. No two answers may part the condition. Those near what
    it compares the fact with are tried at once; where two others part what was found, they are
    tried from then on too.
    """
    blank = prover.translated({fact: unknown(prover.given[fact].value)})
    own = blank.condition(number)
    wanted = [
        *(each.false for each in blank.conditions[:number]),
        negation(own.true),
        negation(own.false),
        *prover.without_contradiction(),
    ]
    plain = prover.translation.condition(number)
    copies = [
        _with_answer(prover, fact, near).condition(number) for near in _near(prover, fact, blank)
    ]
    wanted += [is_known(copy) for copy in copies]
    wanted += [negation(apart(plain, copy)) for copy in copies]
    is_settled = True
    for truth in (plain.true, plain.false):
        if prover.solving.is_over:
            return None, False
        found, is_exact = _vainly_asked(prover, asking, fact, number, [truth, *wanted])
        if found is not None:
            return found, True
        is_settled &= is_exact
    return None, is_settled


def _vainly_asked(
    prover: Prover, asking: Asking, fact: str, number: int, wanted: list[Term]
) -> tuple[Facts | None, bool]:
    for _ in range(MOST_ATTEMPTS):
        found = prover.solving.shown(every(wanted), prover.facts)
        if found.found is None:
            return None, found.holds is Holds.IMPOSSIBLE
        stated = {id: raw for id, raw in found.found.items() if id != fact}
        if asking.is_vain(fact, stated):
            return stated, True
        wanted.append(_excluded(prover, fact, number, stated))
    return None, False


def _excluded(prover: Prover, fact: str, number: int, stated: Facts) -> Term:
    """What candidates must not have in common with one that is none.

    Two answers part the condition with it, or what else the engine comes to; or the engine sees
    without them that the condition is settled: then the like is left out one by one.
    """
    other = prover.other(fact)
    one, two = prover.translation.condition(number), other.translation.condition(number)
    parted = _answers(prover, fact, every([apart(one, two), prover.stated(stated)]))
    if parted is not None:
        return negation(apart(*(copy.condition(number) for copy in parted)))
    parted = _answers(prover, fact, every([other.changed, prover.stated(stated)]))
    if parted is not None:
        return negation(some([changes(*parted), changes(*reversed(parted))]))
    read = prover.program.conditions[number].facts
    return negation(prover.stated({id: raw for id, raw in stated.items() if id in read}))


def _answers(prover: Prover, fact: str, condition: Term) -> list[Translation] | None:
    """The program with each of two answers for which the condition holds."""
    other = prover.other(fact)

    def answers(model: Any) -> tuple[Any, Any]:
        return prover.given[fact].read(model), other.given.read(model)

    found = prover.solving.shown(condition, answers)
    if found.found is None:
        return None
    codes = prover.solving.world.codes
    return [_with_answer(prover, fact, _exactly(raw, codes)) for raw in found.found]


Answer = Callable[[Given], Term]
"""What an answer to a question is, said of a variable for the fact."""


def _with_answer(prover: Prover, fact: str, answer: Answer) -> Translation:
    """The program when the question is answered so."""
    given = prover.solving.world.answer(fact)
    prover.solving.tell([*given.bound, answer(given)])
    return prover.translated({fact: given.value})


def _near(prover: Prover, fact: str, blank: Translation) -> Iterator[Answer]:
    """Answers at which a comparison of the fact may turn: what it is compared with, and beside."""
    type_ = prover.program.vocabulary.facts[fact].type
    span = prover.law.spans.get(fact, (None, None))
    found = {term.get_id(): term for term in turns(blank, fact, type_, span)}
    for term in list(found.values())[:MOST_TURNS] if not prover.solving.is_over else ():
        for beside in (-1, 0, 1):
            yield _if_possible(term + beside)


def _exactly(raw: Any, codes: Codes) -> Answer:
    return lambda given: equals(given, raw, codes)


def _if_possible(term: Term) -> Answer:
    """That the fact is this, if it can be."""

    def answer(given: Given) -> Term:
        own = given.value
        if not isinstance(own, Value):
            return TRUE
        bounds = z3.substitute(z3.And(list(given.bound)), (own.term, term))
        return z3.Implies(bounds, own.term == term)

    return answer


def _times_read(program: Program, part: Part) -> Counter[str]:
    """How often each fact is read, over rules and tables too."""
    found: Counter[str] = Counter()
    for meaning in part.meanings:
        for read in reads(meaning):
            if read.of is Of.FACT:
                found[read.id] += 1
            elif read.of in (Of.RULE, Of.TABLE):
                found += _times_read(program, program.parts[read.of, read.id])
    return found


def _place(program: Program, fact: str) -> Where:
    """Where the first condition stands that reads the fact."""
    definition = program.definition
    for outcome, part in zip(definition.outcomes, program.conditions, strict=True):
        if fact in part.facts:
            return outcome.where
    return definition.where
