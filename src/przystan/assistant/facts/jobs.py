"""The job or jobs that a message tells of: contract, gross pay, part of full time, hours."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from przystan.assistant.facts import pay, phrases
from przystan.assistant.facts.clauses import Clause
from przystan.assistant.facts.days import days
from przystan.assistant.facts.denial import is_denied

_KEYS: Final = ("contract", "gross_monthly", "fte_percent")
_BOTH: Final = re.compile(r"\b(?:obie|oba|obydwie|obidwi|obie|obe|both|two|dwa|dwie|dwi|dwe)\b")


@dataclass(slots=True)
class _Told:
    """A detail of a job, at a place of the message."""

    place: tuple[int, int]
    key: str
    value: Any


@dataclass(slots=True)
class Jobs:
    """Details of jobs, in the order in which they are told."""

    language: str
    on: date
    _told: list[_Told] = field(default_factory=list)
    _clauses: list[Clause] = field(default_factory=list)

    def take(self, clause: Clause) -> Iterator[tuple[str, Any]]:
        """Note the details of a clause; yield those of one job, as facts."""
        self._clauses.append(clause)
        number = len(self._clauses)
        found = [*self._contracts(clause), *self._parts(clause), *self._monthly(clause)]
        for place, key, value in found:
            self._told.append(_Told((number, place), key, value))
        for _place, key, value in found:
            yield ("work_time_percent" if key == "fte_percent" else key), value
        if (grosz := self._hourly(clause)) is not None:
            yield "gross_hourly", grosz
        if (hours := pay.weekly_hours(clause.figures)) is not None:
            yield "hours_weekly_over_20", hours > 20

    def several(self) -> list[dict[str, Any]]:
        """Two jobs or more, each with details; none where only one is told."""
        jobs: list[dict[str, Any]] = []
        for told in sorted(self._told, key=lambda each: each.place):
            if not jobs or told.key in jobs[-1]:
                jobs.append({})
            jobs[-1][told.key] = told.value
        contracts = [job["contract"] for job in jobs if "contract" in job]
        said = " ".join(clause.folded for clause in self._clauses)
        if len(contracts) == 1 and len(jobs) > 1 and _BOTH.search(said):
            jobs = [{"contract": contracts[0]} | job for job in jobs]
        is_told = len(jobs) > 1 and all("contract" in job and len(job) > 1 for job in jobs)
        return [{key: job[key] for key in _KEYS if key in job} for job in jobs] if is_told else []

    def quote(self) -> str:
        """The clauses that tell of jobs."""
        told = {told.place[0] for told in self._told}
        return ", ".join(self._clauses[number - 1].text for number in sorted(told))

    def _contracts(self, clause: Clause) -> Iterator[tuple[int, str, str]]:
        for option in phrases.options("choices", "contract"):
            found = phrases.pattern(self.language, "choices", "contract", option)
            for match in found.finditer(clause.folded):
                if not is_denied(clause.folded, match.start(), match.end(), self.language):
                    yield match.start(), "contract", option
                    break

    def _parts(self, clause: Clause) -> Iterator[tuple[int, str, int]]:
        for start, percent in pay.parts_of_full_time(clause.figures):
            yield len(phrases.folded(clause.figures[:start])), "fte_percent", percent

    def _monthly(self, clause: Clause) -> Iterator[tuple[int, str, int]]:
        if self._is_gross(clause) and not self._is("hourly", clause):
            for start, grosz in pay.amounts(self._without_days(clause), is_hourly=False):
                yield len(phrases.folded(clause.figures[:start])), "gross_monthly", grosz

    def _hourly(self, clause: Clause) -> int | None:
        if not self._is_gross(clause) or not self._is("hourly", clause):
            return None
        found = [grosz for _, grosz in pay.amounts(self._without_days(clause), is_hourly=True)]
        return found[0] if len(found) == 1 else None

    def _without_days(self, clause: Clause) -> str:
        text = clause.figures
        for day in reversed(days(text, self.on)):
            text = f"{text[: day.start]}{'|' * (day.end - day.start)}{text[day.end :]}"
        return text

    def _is_gross(self, clause: Clause) -> bool:
        return self._is("gross", clause) and not self._is("net", clause)

    def _is(self, name: str, clause: Clause) -> bool:
        return phrases.pattern(self.language, name).search(clause.folded) is not None
