"""The law as of a day for a proof, and the engine's own answer to facts under it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from przystan.procedures.authoring.proving.data import Span
from przystan.procedures.catalogue import Catalogue, Procedure
from przystan.rules import Check, Dated, Program
from przystan.rules.meaning import Meaning, Of, Read, children


@dataclass(frozen=True, slots=True)
class Law:
    """As of which day, with which parameters; `law_of` names the fact whose day governs them.

    `barred` are rules that, where they hold, show that the facts contradict each other; `spans`
    the days between which facts of dates lie.
    """

    on: date
    parameters: Mapping[str, Any] = field(default_factory=dict)
    law_of: str = ""
    barred: tuple[str, ...] = ()
    spans: Mapping[str, Span] = field(default_factory=dict)

    def as_of(self, day: date) -> "Law":
        moved = {
            id: (low, day if high == self.on else high) for id, (low, high) in self.spans.items()
        }
        return replace(self, on=day, spans=moved)

    def for_any_version(self) -> "Law":
        """The same law without regard to the days that one version governs."""
        return replace(self, spans={id: s for id, s in self.spans.items() if id != self.law_of})

    def check(self, program: Program, facts: Mapping[str, Any]) -> Check:
        """A check as `running.started` makes it."""
        law_day = facts.get(self.law_of, self.on) if self.law_of else self.on
        values = {
            id: value.on(law_day) if isinstance(value, Dated) else value
            for id, value in self.parameters.items()
        }
        return Check(program, facts, values, self.on)

    def is_contradicted(self, check: Check) -> bool:
        return any(check.value_of(rule) is True for rule in self.barred)


def law_of(ready: Catalogue, procedure: Procedure, on: date) -> Law:
    """The law under which a version of the catalogue is proved."""
    version = procedure.version
    spans: dict[str, Span] = {id: (None, on) for id, form in ready.facts.items() if form.is_past}
    if version.law_of:
        low, high = governed(ready, procedure)
        latest = [day for day in (high, spans.get(version.law_of, (None, None))[1]) if day]
        spans[version.law_of] = (low, min(latest, default=None))
    return Law(
        on=on,
        parameters=ready.law.values,
        law_of=version.law_of,
        barred=tuple(each.rule for each in version.contradictions),
        spans=spans,
    )


def governed(ready: Catalogue, procedure: Procedure) -> Span:
    """The days whose law is this version; the first one takes what lies before it too."""
    version = procedure.version
    starts = sorted({each.valid_from for each in ready.library.versions[version.id]})
    later = [start for start in starts if start > version.valid_from]
    low = None if version.valid_from == starts[0] else version.valid_from
    return low, date.fromordinal(later[0].toordinal() - 1) if later else None


# --- what a program reads -------------------------------------------------------------------------


def reads(meaning: Meaning) -> Iterator[Read]:
    if isinstance(meaning, Read):
        yield meaning
    for part in children(meaning):
        yield from reads(part)


def reading_rules(program: Program, fact: str) -> Iterator[str]:
    """Rules and tables that read the fact themselves."""
    for (_, id), part in program.parts.items():
        if any(
            read.of is Of.FACT and read.id == fact
            for meaning in part.meanings
            for read in reads(meaning)
        ):
            yield id
