"""Several procedures over one set of answers: all outcomes, what to ask, in which order to apply.

Nothing is asked twice: a fact stated once serves every procedure that reads it, and the next
question is the one that settles most in all of them together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Any

from przystan.procedures import running
from przystan.procedures.catalogue import Catalogue
from przystan.procedures.data import Answer, AskedFact, CheckStatus
from przystan.procedures.forms import Verdict
from przystan.rules import Check, next_across

_OPEN_TO_APPLY = {Verdict.YES.value, Verdict.DEPENDS.value, Verdict.LATER.value}


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two procedures that cannot both be gone through, as an outcome of the first says."""

    procedure: str
    outcome: str
    other: str


@dataclass(frozen=True, slots=True)
class Several:
    """The answers in the order asked for; `order` has those that can be applied for.

    Earlier in the order is what another one needs first, then what ends first.
    """

    answers: tuple[Answer, ...]
    next_question: AskedFact | None
    order: tuple[str, ...]
    conflicts: tuple[Conflict, ...]


def check_several(
    catalogue: Catalogue, ids: Sequence[str], facts: Mapping[str, Any], on: date
) -> Several:
    """Check one set of facts against several procedures as of a day.

    Raises:
        AbsentError: one of them is none on that day.
        FactError: a fact that nobody knows, of the wrong type, or that cannot be.
    """
    answers: list[Answer] = []
    runs: list[Check] = []
    for id in dict.fromkeys(ids):
        procedure, law_day = running.governing(catalogue, id, facts, on)
        run = running.started(catalogue, procedure, facts, on, law_day)
        answers.append(running.answer(procedure, run, law_day, catalogue))
        runs.append(run)
    asked = next_across(runs)
    return Several(
        answers=tuple(answers),
        next_question=(
            AskedFact(asked.fact, asked.index, asked.field, asked.is_more) if asked else None
        ),
        order=_order(answers),
        conflicts=tuple(_conflicts(answers)),
    )


def _order(answers: Sequence[Answer]) -> tuple[str, ...]:
    """What may be applied for: what leads to another first, then what ends soonest."""
    open_ = [answer for answer in answers if answer.verdict in _OPEN_TO_APPLY]
    ends = {answer.procedure: _end(answer) for answer in open_}
    soonest = [id for _, id in sorted((end, id) for id, end in ends.items())]
    graph = TopologicalSorter(dict.fromkeys(soonest, ()))
    for answer in open_:
        for after in answer.leads_to:
            if after in ends:
                graph.add(after, answer.procedure)
    try:
        graph.prepare()
    except CycleError:  # two that lead to each other: then only the days tell
        return tuple(soonest)
    order: list[str] = []
    while graph.is_active():
        ready = sorted(graph.get_ready(), key=soonest.index)
        order += ready
        graph.done(*ready)
    return tuple(order)


def _end(answer: Answer) -> date:
    days = [term.day for term in answer.terms if term.day and term.day >= answer.on]
    return min(days, default=date.max)


def _conflicts(answers: Sequence[Answer]) -> list[Conflict]:
    found = []
    settled = {answer.procedure: answer for answer in answers if answer.outcome}
    for answer in settled.values():
        for other in answer.excludes:
            if other in settled and settled[other].verdict in _OPEN_TO_APPLY:
                found.append(Conflict(answer.procedure, answer.outcome or "", other))
    return found


def is_settled(several: Several) -> bool:
    """Whether nothing more needs to be asked."""
    return several.next_question is None and all(
        answer.status is not CheckStatus.NEEDS_FACTS for answer in several.answers
    )
