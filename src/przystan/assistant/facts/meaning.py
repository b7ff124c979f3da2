"""What a day of a message is the day of: an arrival, the end of a visa, the loss of a job."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from przystan.assistant.facts import phrases
from przystan.assistant.facts.clauses import Clause
from przystan.assistant.facts.days import Day, days

_ENDING, _RECEIVED, _TOLD = "ending", "received", "voivode_told_on"
_AHEAD_OF_US: Final = frozenset({"stay_until", "work_ends_on", "work_starts_on", "filed_on"})
_EVENTS: Final = (
    "entered_on", "job_lost_on", "married_on", "application_filed_on", "work_starts_on",
    "birth_date",
)  # fmt: skip
_FURTHEST: Final = 80  # letters between a day and the words that explain it
_AFTER: Final = 25  # what words after the day stand further away for
_MOST_DAYS: Final = 6  # in one clause; more are no story
_SHORT: Final = 6  # words of a clause that only adds a day to the one before
_NOT_RECEIVED: Final = re.compile(
    r"^(?:got|get|gotten|came|come)"
    r" (?:here|to|in|into|married|fired|sacked|laid|the (?:sack|boot))\b"
)
_FROM_THE_LAST: Final = re.compile(
    r"\b(?:(?P<same>wtedy|wowczas|tego dnia|tego samego dnia|todi|toho dnia|togo dnia|toho z dnia"
    r"|togo z dnia|cogo dnia|cioho dnia|ciogo dnia|togda|w tot ze den|w tot den|same day|that day"
    r"|then)|nastepnego dnia|dzien pozniej|nazajutrz|nastupnogo dnia|na sleduiuszczii den"
    r"|czerez den pislia|czerez den posle|the next day|next day|the day after|following day"
    r"|day later)\b"
)
# The folded form of "wyjechał" is that of "wjechał": who left did not arrive.
_LEFT: Final = re.compile(
    r"\b(?:wyjech|wyjazd|wylec|виїх|виїзд|вилет|выех|выезд|вылет|left|departed)"
)
_ARRIVED: Final = re.compile(r"(?<= )(?:arriwed|came|landed|dotarl\w*)\b")
_RANGE: Final = re.compile(r"\s?(?:to|do|до|по|till|until|[-–—])\s?")


@dataclass(frozen=True, slots=True)
class Dated:
    """A fact whose value is a day."""

    fact: str
    day: date


class Meanings:
    """Tells what days are the days of, in the clauses of one message in order."""

    def __init__(self, language: str, on: date) -> None:
        self._language, self._on = language, on
        self._said = ""  # what the writer has said so far, folded
        self._last: date | None = None

    def read(self, clause: Clause, before: Sequence[Clause]) -> Iterator[Dated]:
        """The dated facts of a clause; `before` are the clauses of its sentence before it."""
        told = days(clause.figures, self._on)[:_MOST_DAYS]
        for number, day in enumerate(told):
            fact = self._meaning(clause, day, before)
            if number + 1 < len(told) and _is_range(clause, day, told[number + 1]):
                fact = self._start_of(clause, told[number + 1])
            self._last = day.near(True)
            if fact and (found := self._value(fact, day, clause)) is not None:
                yield found
                self._last = found.day
        if self._last and not told:
            yield from self._told_from_the_last(clause, before)
        self._said = f"{self._said} {clause.folded}"[-600:]

    def _told_from_the_last(self, clause: Clause, before: Sequence[Clause]) -> Iterator[Dated]:
        """ "The next day I told the voivode", "that is when I applied"."""
        found = _FROM_THE_LAST.search(clause.folded)
        if found is None or self._last is None:
            return
        shift = timedelta(days=0 if found["same"] else 1)
        place = Day(0, 0, lambda is_past: self._on, year_is_said=True)
        fact = self._meaning(clause, place, before)
        events = (_TOLD, *_EVENTS, "decision_delivered_on", "call_delivered_on")
        if fact in events and (day := self._last + shift) <= self._on:
            yield Dated(fact, day)

    def _start_of(self, clause: Clause, following: Day) -> str:
        """The first day of a range: when work starts, where the range is that of a job."""
        said = f"{self._said} {phrases.folded(clause.figures[: following.start])}"
        return "work_starts_on" if self._lasting(said, clause) == "work_ends_on" else ""

    def _value(self, fact: str, day: Day, clause: Clause) -> Dated | None:
        """The day itself; none where what has happened would lie ahead."""
        is_past = fact not in _AHEAD_OF_US or clause.is_past
        if fact == "entered_on" and _LEFT.search(clause.figures.lower()):
            return None
        if fact == "work_starts_on" and self._is("begun", clause.folded):
            is_past = True
        found = day.near(is_past)
        if fact == "job_lost_on":
            following = day.near(False)
            is_last_day = self._is("last_day", clause.folded)
            is_nearer = is_last_day and self._on <= following < self._on + (self._on - found)
            if found > self._on or is_nearer or self._is("later", clause.folded):
                return Dated("work_ends_on", following)
        if fact not in _AHEAD_OF_US and found > self._on:
            return None
        if fact == "work_ends_on" and found < self._on:
            return Dated("job_lost_on", found) if not self._is_paper(clause) else None
        return Dated(fact, found)

    def _is_paper(self, clause: Clause) -> bool:
        return phrases.words("work_paper").search(clause.folded) is not None

    def _is(self, name: str, folded: str) -> bool:
        return phrases.pattern(self._language, name).search(folded) is not None

    def _meaning(self, clause: Clause, day: Day, before: Sequence[Clause]) -> str:
        ahead = phrases.folded(clause.figures[: day.start])
        said = f"{self._said} {ahead}"
        word = (ahead.split() or [""])[-1]
        if phrases.pattern(self._language, "until").fullmatch(word):
            return "" if self._is_deadline(clause) else self._lasting(said, clause)
        kind = self._nearest(clause, len(ahead))
        if not kind and len(clause.folded.split()) <= _SHORT + 3:
            kind = self._carried(before)
        if kind == _ENDING:
            return self._lasting(said, clause)
        if kind == _RECEIVED:
            return self._received(clause, before)
        is_start = phrases.pattern(self._language, "since").fullmatch(word)
        if not kind and is_start and self._has_contract(said):
            return "work_starts_on"
        return kind

    def _is_deadline(self, clause: Clause) -> bool:
        """ "I must file until 5 May": the day is no end of a paper."""
        return phrases.words("lodge_plan").search(clause.folded) is not None

    def _has_contract(self, said: str) -> bool:
        found = phrases.words("contract_noun", "full_time").search(said)
        return found is not None

    # --- what stands nearest -------------------------------------------------------------------

    def _cues(self, folded: str) -> Iterator[tuple[str, int, int]]:
        came = phrases.words("decision", "call", "other_papers").search(folded)
        for fact in _EVENTS:
            if fact == "entered_on" and came and _ARRIVED.search(folded, came.end()):
                continue  # "the summons arrived"
            for match in phrases.pattern(self._language, "days", fact).finditer(folded):
                yield fact, match.start(), match.end()
        told = phrases.pattern(self._language, "said", "voivode_told")
        for match in () if self._is("telling_later", folded) else told.finditer(folded):
            yield _TOLD, match.start(), match.end()
        for match in phrases.words("ends").finditer(folded):
            yield _ENDING, match.start(), match.end()
        for match in phrases.words("got").finditer(folded):
            if not _NOT_RECEIVED.match(folded[match.start() :]):
                yield _RECEIVED, match.start(), match.end()

    def _nearest(self, clause: Clause, place: int) -> str:
        """The cue that stands nearest, before the day rather than after it."""
        nearest, best = "", (_FURTHEST + 1, 0)
        for kind, start, end in self._cues(clause.folded):
            if kind not in ("job_lost_on", _ENDING) and self._is_denied(clause.folded[:start]):
                continue
            distance = place - end if place >= end - 1 else max(start - place, 0) + _AFTER
            # Of two cues at one place the longer says more: "stopped working", "working".
            rank = (max(distance, 0), start - end)
            if rank < best:
                nearest, best = kind, rank
        return nearest

    def _is_denied(self, ahead: str) -> bool:
        return self._is("negation", " ".join(ahead.split()[-3:]))

    def _carried(self, before: Sequence[Clause]) -> str:
        """A day alone in its clause belongs to the event of the clause before."""
        for clause in reversed(before[-2:]):
            found = [cue for cue in self._cues(clause.folded) if cue[0] != _ENDING]
            if found and not clause.is_asked:
                return max(found, key=lambda cue: cue[2])[0]
        return ""

    # --- what lasts, what was received ---------------------------------------------------------

    def _lasting(self, said: str, clause: Clause) -> str:
        """What lasts until the day: the thing named last before it, or else after it."""
        return self._thing(said) or self._thing(clause.folded)

    def _thing(self, said: str) -> str:
        other = _last_end(phrases.words("not_of_stay"), said)
        work = _last_end(phrases.words("contract_noun", "work_paper", "notice"), said)
        stay = _last_end(phrases.words("stay_paper"), said)
        choices = [
            _last_end(phrases.pattern(self._language, "choices", fact, option), said)
            for fact in ("stay_basis", "permit_kind")
            for option in phrases.options("choices", fact)
        ]
        stay = max(stay, *choices)
        if max(work, stay) <= other:
            return ""
        # "Work permit" is a permit too: of two at one place the one of work says more.
        return "stay_until" if stay > work else "work_ends_on"

    def _received(self, clause: Clause, before: Sequence[Clause]) -> str:
        """The letter that was received: a decision, or a call to supply what is missing."""
        said = " ".join([*(each.folded for each in before), clause.folded])
        decision = _last_end(phrases.words("decision"), said)
        call = _last_end(phrases.words("call"), said)
        if max(decision, call) < 0:
            return ""
        own = phrases.words("decision", "call").search(clause.folded)
        if not own and phrases.words("other_papers").search(clause.folded):
            return ""
        return "decision_delivered_on" if decision > call else "call_delivered_on"


def _is_range(clause: Clause, day: Day, following: Day) -> bool:
    return _RANGE.fullmatch(clause.figures[day.end : following.start]) is not None


def _last_end(pattern: re.Pattern[str], said: str) -> int:
    return max((match.end() for match in pattern.finditer(said)), default=-1)
