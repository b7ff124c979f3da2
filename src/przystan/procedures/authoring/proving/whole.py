"""The proof of one version: every question, and other days for what is impossible today."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from przystan.procedures.authoring.proving import claims
from przystan.procedures.authoring.proving.data import About, Finding, Holds, Proof
from przystan.procedures.authoring.proving.law import Law
from przystan.procedures.authoring.proving.parameters import five_years_after, parameters
from przystan.procedures.authoring.proving.prover import Prover, prover
from przystan.procedures.authoring.proving.questions import questions
from przystan.rules import Dated, Program
from przystan.rules.meaning import Constant, Meaning, children

MOST_DAYS: Final = 6
_TIMELESS: Final = frozenset({About.OUTCOME, About.ROW, About.FACT})
"""What is a fault only when it is impossible on every day."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A version to be proved: `last` is the day before the next version begins, `seconds` the
    time that all questions may take, `verdicts` those of the outcomes."""

    program: Program
    law: Law
    last: date | None = None
    verdicts: Mapping[str, str] | None = None
    seconds: float = 30.0

    @property
    def first(self) -> date:
        return self.program.definition.valid_from


def proved(asked: Asked) -> Proof:
    """Ask everything of a version as of the day of the law."""
    begun = time.process_time()
    today = prover(asked.program, asked.law, begun + asked.seconds)
    findings = [
        *parameters(asked.program, asked.law.parameters, asked.first, asked.last, asked.law.on),
        *claims.outcomes(today),
        *claims.gaps(today),
        *claims.tables(today),
        *claims.facts(today),
        *questions(today),
        *claims.orders(today, asked.verdicts or {}),
    ]
    provers = [today]
    findings = list(_on_other_days(asked, findings, begun + asked.seconds, provers))
    definition = asked.program.definition
    return Proof(
        procedure=definition.id,
        valid_from=definition.valid_from,
        revision=definition.revision,
        on=asked.law.on,
        findings=tuple(findings),
        seconds=time.process_time() - begun,
        queries=sum(each.solving.queries for each in provers),
        disagreements=sum(each.solving.disagreements for each in provers),
    )


def _on_other_days(
    asked: Asked, findings: list[Finding], until: float, provers: list[Prover]
) -> Iterator[Finding]:
    """What is impossible today is asked as of the days on which something changes."""
    impossible = {
        _key(each): each
        for each in findings
        if each.about in _TIMELESS and each.holds is Holds.IMPOSSIBLE
    }
    later: dict[object, Finding] = {}
    for day in days(asked) if impossible else ():
        if later.keys() == impossible.keys() or time.process_time() >= until:
            break
        that_day = prover(asked.program, asked.law.as_of(day), until)
        provers.append(that_day)
        abouts = {each.about for key, each in impossible.items() if key not in later}
        for about in abouts:
            for finding in _ASKED[about](that_day):
                key = _key(finding)
                if key in impossible and finding.holds is not Holds.IMPOSSIBLE:
                    later.setdefault(key, finding.on(day))
    for each in findings:
        yield later.get(_key(each), each)


_ASKED: Final[Mapping[About, Callable[[Prover], Iterator[Finding]]]] = {
    About.OUTCOME: claims.outcomes,
    About.ROW: claims.tables,
    About.FACT: claims.facts,
}


def _key(finding: Finding) -> object:
    return finding.about, finding.id, finding.other


def days(asked: Asked) -> list[date]:
    """Days on which the answers may change: those written in the rules, those of the parameters."""
    program, on = asked.program, asked.law.on
    found: set[date] = {asked.first}
    for part in (*program.parts.values(), *program.conditions):
        for meaning in part.meanings:
            found.update(_written(meaning))
    for id in program.parameters:
        value = asked.law.parameters.get(id)
        if isinstance(value, Dated):
            found.update(start for start, _ in value.spans)
            found.update(each for _, each in value.spans if isinstance(each, date))
    near = {
        each + timedelta(days=shift) for each in found if 1 < each.year < 9999 for shift in (0, 1)
    }
    end = min(five_years_after(asked.first, on), asked.last or date.max)
    chosen = [each for each in near if asked.first <= each <= end and each != on]
    return sorted(sorted(chosen, key=lambda each: abs(each - on))[:MOST_DAYS])


def _written(meaning: Meaning) -> Iterator[date]:
    if isinstance(meaning, Constant) and isinstance(meaning.value, date):
        yield meaning.value
    for part in children(meaning):
        yield from _written(part)
