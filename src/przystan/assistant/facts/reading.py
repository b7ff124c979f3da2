"""Facts out of a message: only what the writer says of themselves, and says as so.

Rules and word lists, no model: what is read is shown for confirmation, and a fact read wrongly
costs more than one asked again. A clause that asks, supposes, denies or speaks of somebody else
gives nothing (a yes/no fact denied gives no).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from przystan.assistant.facts import pay, phrases
from przystan.assistant.facts.citizenship import citizenships
from przystan.assistant.facts.clauses import Clause, clauses
from przystan.assistant.facts.days import Day, born, days
from przystan.assistant.language import detect
from przystan.core import writing
from przystan.core.languages import CONTENT_TAGS

_FUTURE: Final = frozenset({"stay_until", "filed_on", "work_ends_on", "work_starts_on"})
_WITH_A_PERMIT: Final = "temporary_permit"
# What else a choice states: a Blue Card is a temporary permit.
_IMPLIED: Final = {"permit_kind": ("stay_basis", _WITH_A_PERMIT)}
_MOST_WORDS: Final = 400
_DENIED_BEFORE: Final = 3  # words between a negation and what it denies


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact read out of a message, with the words that state it."""

    fact: str
    value: Any
    quote: str


def read(message: str, on: date, language: str = "") -> tuple[Stated, ...]:
    """The facts of a message, each at most once; what contradicts itself is left out.

    `on` is the day on which it was written: "yesterday" counts from it.
    """
    text = " ".join(message.split()[:_MOST_WORDS])
    spoken = language_of(text, language)
    reading = _Reading(spoken, on, is_employer=_has(text, spoken, "employer"))
    if not _has(text, spoken, "several_jobs"):
        reading.has_one_job = True
    for sentence in clauses(text, spoken):
        reading.is_of_another = False
        for number, clause in enumerate(sentence):
            reading.take(clause, sentence[:number])
    reading.conclude(phrases.folded(text))
    return tuple(reading.found())


def language_of(text: str, language: str = "") -> str:
    """The language whose phrases are looked for; Latin-letter Ukrainian counts as Ukrainian."""
    if romanised := writing.romanised_language(text):
        return romanised
    found = detect(text)
    told = [(found.tag.split("-")[0], found.confidence), *found.alternatives]
    ours = [(share, tag) for tag, share in told if tag in CONTENT_TAGS]
    return max(ours)[1] if ours else language or "pl"


def _has(text: str, language: str, *path: str) -> bool:
    return phrases.pattern(language, *path).search(phrases.folded(text)) is not None


class _Reading:
    """What was read of one message so far."""

    def __init__(self, language: str, on: date, *, is_employer: bool) -> None:
        self.language, self.on, self.is_employer = language, on, is_employer
        self.has_one_job = False
        self.is_of_another = False  # a clause of this sentence spoke of somebody else
        self._values: dict[str, list[Stated]] = {}

    def found(self) -> Iterator[Stated]:
        for fact, stated in self._values.items():
            values = {repr(each.value) for each in stated}
            if fact == "citizenships":
                codes = list(dict.fromkeys(code for each in stated for code in each.value))
                yield Stated(fact, codes, stated[0].quote)
            elif len(values) == 1:
                yield stated[0]

    def take(self, clause: Clause, before: Sequence[Clause]) -> None:
        """Read one clause. What it speaks of decides what may be taken from it."""
        if self.is_employer:
            if not clause.is_question:
                self._job(clause)
                self._days(clause, before)
            return
        if clause.is_question or self._is("hypothetical", clause):
            self._planned(clause, before)
            return
        if self._is("others", clause):
            self._relative(clause)
            self.is_of_another = True
            return
        if self.is_of_another and not self._is("own", clause):
            return
        is_of_now = not self._is("formerly", clause)
        if self._is("applying", clause):
            self._purpose(clause)
        self._citizenships(clause)
        self._truths(clause)
        self._states(clause)
        self._place(clause)
        if is_of_now and not self._is("applying", clause):
            self._choices(clause)
        elif not is_of_now:
            self._before(clause)
        self._options(clause)
        if is_of_now:
            self._job(clause)
        self._days(clause, before)
        self._birth(clause)
        self._called(clause, before)
        if self._is("together", clause):
            self._say("lives_with_sponsor", True, clause)

    def conclude(self, folded: str) -> None:
        """What several clauses say together: an application filed and waited for."""
        spoken = self.language
        applied = phrases.pattern(spoken, "applying").search(folded)
        is_waiting = phrases.pattern(spoken, "pending").search(folded)
        filed = self._values.get("application_filed_on")
        if filed and applied and is_waiting and "stay_basis" not in self._values:
            self._values["stay_basis"] = [
                Stated("stay_basis", "application_pending", filed[0].quote)
            ]

    # --- helpers ------------------------------------------------------------------------------

    def _is(self, name: str, clause: Clause) -> bool:
        return phrases.pattern(self.language, name).search(clause.folded) is not None

    def _say(self, fact: str, value: Any, clause: Clause) -> None:
        self._values.setdefault(fact, []).append(Stated(fact, value, clause.text.strip()))

    def _is_denied(self, clause: Clause, place: int) -> bool:
        """Whether a negation stands just before the place, or the clause ends with one."""
        before = " ".join(clause.folded[:place].split()[-_DENIED_BEFORE:])
        negation = phrases.pattern(self.language, "negation")
        last = " ".join(clause.folded.split()[-1:])
        return bool(negation.search(before)) or negation.fullmatch(last) is not None

    def _is_denied_after(self, clause: Clause, place: int) -> bool:
        """ "PESEL I do not have": a negation soon after, at the end of the clause."""
        after = clause.folded[place:].split()
        is_near = len(after) <= _DENIED_BEFORE
        negation = phrases.pattern(self.language, "negation")
        return is_near and negation.search(" ".join(after)) is not None

    # --- what somebody is or has ---------------------------------------------------------------

    def _choices(self, clause: Clause) -> None:
        self._chosen(phrases.data()["choices"], "choices", clause)

    def _before(self, clause: Clause) -> None:
        """What was held before the application that is waited for."""
        for option in phrases.data()["choices"]["stay_basis"]:
            found = phrases.pattern(self.language, "choices", "stay_basis", option)
            if found.search(clause.folded) and option in _HELD_BEFORE:
                self._say("basis_before_application", option, clause)
                return

    def _place(self, clause: Clause) -> None:
        """In Poland, by the town somebody lives in, or by "here"."""
        lives = _lives_in_town(self.language).search(clause.folded)
        if lives or self._is("here", clause):
            self._say("in_poland", True, clause)

    def _planned(self, clause: Clause, before: Sequence[Clause]) -> None:
        """The day on which somebody is going to file."""
        if clause.is_question or not self._is("applying", clause):
            return
        self._purpose(clause)
        found = days(clause.text, self.on)
        if len(found) == 1 and (day := found[0].near(False)) >= self.on:
            self._say("filed_on", day.isoformat(), clause)

    def _called(self, clause: Clause, before: Sequence[Clause]) -> None:
        """How many days a letter of the office gives."""
        said = " ".join(each.folded for each in (*before, clause))
        found = _CALL_DAYS.search(clause.text.lower())
        if found and phrases.pattern(self.language, "days", "call_delivered_on").search(said):
            self._say("call_days", int(found[1]), clause)

    def _purpose(self, clause: Clause) -> None:
        """The kind of permit that somebody wants or has asked for."""
        for option, purpose in _PURPOSES.items():
            table = (
                "permit_kind"
                if option in phrases.data()["choices"]["permit_kind"]
                else "stay_basis"
            )
            found = phrases.pattern(self.language, "choices", table, option).search(clause.folded)
            if found and not self._is_denied(clause, found.start()):
                self._say("purpose_of_stay", purpose, clause)
                return

    def _birth(self, clause: Clause) -> None:
        if found := born(clause.text):
            self._say("birth_date", found, clause)

    def _options(self, clause: Clause) -> None:
        self._chosen(phrases.data()["options"], "options", clause)

    def _chosen(self, table: Mapping[str, Any], name: str, clause: Clause) -> None:
        for fact, options in table.items():
            if fact == "contract":
                continue  # of the job, an employer's too
            for option in options:
                match = phrases.pattern(self.language, name, fact, option).search(clause.folded)
                if match and not self._is_denied(clause, match.start()):
                    self._say(fact, option, clause)
                    if fact in _IMPLIED:
                        implied, value = _IMPLIED[fact]
                        self._say(implied, value, clause)
                    break

    def _truths(self, clause: Clause) -> None:
        for fact in phrases.data()["truths"]:
            match = phrases.pattern(self.language, "truths", fact).search(clause.folded)
            if match and not _IS_GROUND.search(clause.folded[: match.start()]):
                is_denied = self._is_denied(clause, match.start()) or self._is_denied_after(
                    clause, match.end()
                )
                self._say(fact, not is_denied, clause)
        if match := phrases.pattern(self.language, "said", "voivode_told").search(clause.folded):
            whole = phrases.pattern(self.language, "negation").search(clause.folded)
            self._say("voivode_told", whole is None, clause)

    def _states(self, clause: Clause) -> None:
        for fact, values in phrases.data()["states"].items():
            for value in reversed(list(values)):  # "not in Poland" before "in Poland"
                match = phrases.pattern(self.language, "states", fact, value).search(clause.folded)
                if match:
                    if value == "false" or not self._is_denied(clause, match.start()):
                        self._say(fact, value == "true", clause)
                    break

    def _citizenships(self, clause: Clause) -> None:
        for code in citizenships(clause.folded, self.language):
            self._say("citizenships", [code], clause)

    def _relative(self, clause: Clause) -> None:
        """A relative's status counts where it is said who the relative is."""
        if self.is_employer:
            return
        for relation in phrases.data()["relatives"]:
            match = phrases.pattern(self.language, "relatives", relation).search(clause.folded)
            if match is None:
                continue
            status = self._status(clause)
            if status:
                self._say("relation_to_sponsor", relation, clause)
                self._say("sponsor_status", status, clause)
                if relation == "spouse" and status == "polish_citizen":
                    self._say("has_polish_spouse", True, clause)
            return

    def _status(self, clause: Clause) -> str:
        if match := phrases.pattern(self.language, "polish").search(clause.folded):
            return "" if self._is_denied(clause, match.start()) else "polish_citizen"
        for fact in ("permit_kind", "stay_basis"):
            for option in phrases.data()["choices"][fact]:
                found = phrases.pattern(self.language, "choices", fact, option)
                match = found.search(clause.folded)
                if match and not self._is_denied(clause, match.start()):
                    if fact == "permit_kind" and option != "blue_card":
                        return _WITH_A_PERMIT
                    return option if option in _SPONSORS else ""
        return ""

    # --- the job -------------------------------------------------------------------------------

    def _job(self, clause: Clause) -> None:
        if not self.has_one_job:
            return
        for option in phrases.data()["choices"]["contract"]:
            found = phrases.pattern(self.language, "choices", "contract", option)
            match = found.search(clause.folded)
            if match and not self._is_denied(clause, match.start()):
                self._say("contract", option, clause)
                break
        self._pay(clause)
        self._hours(clause)

    def _pay(self, clause: Clause) -> None:
        if not self._is("gross", clause) or self._is("net", clause):
            return
        text = clause.text
        for day in reversed(days(text, self.on)):
            text = f"{text[: day.start]} | {text[day.end :]}"
        is_hourly = self._is("hourly", clause)
        if (grosz := pay.amount(text, is_hourly=is_hourly)) is not None:
            self._say("gross_hourly" if is_hourly else "gross_monthly", grosz, clause)

    def _hours(self, clause: Clause) -> None:
        if (hours := pay.weekly_hours(clause.text)) is not None:
            self._say("hours_weekly_over_20", hours > 20, clause)
        if (percent := pay.part_of_full_time(clause.text)) is not None:
            self._say("work_time_percent", percent, clause)

    # --- days ----------------------------------------------------------------------------------

    def _days(self, clause: Clause, before: Sequence[Clause]) -> None:
        for day in days(clause.text, self.on):
            fact = self._meaning(clause, day, before)
            if fact and not (self.is_employer and fact not in _OF_THE_JOB):
                self._say(fact, self._day(fact, day, clause), clause)

    def _day(self, fact: str, day: Day, clause: Clause) -> str:
        is_past = fact not in _FUTURE
        if fact == "work_starts_on" and self._is("begun", clause):
            is_past = True
        return day.near(is_past).isoformat()

    def _meaning(self, clause: Clause, day: Day, before: Sequence[Clause]) -> str:
        """What the day is the day of."""
        if self._is_at("said", "voivode_told", clause) and not self._is("negation", clause):
            return "voivode_told_on"
        ahead = phrases.folded(clause.text[: day.start])
        said = " ".join([*(each.folded for each in before), ahead])
        word = ahead.split()[-1:] or [""]
        if phrases.pattern(self.language, "until").fullmatch(word[0]) and (
            fact := self._lasting(said)
        ):
            return fact
        fact = self._nearest(clause, len(ahead))
        if fact == "job_lost_on" and self._is("later", clause):
            return "work_ends_on"
        is_start = phrases.pattern(self.language, "since").fullmatch(word[0])
        if not fact and is_start and self._has_contract(said):
            return "work_starts_on"
        return fact

    def _is_at(self, group: str, name: str, clause: Clause) -> bool:
        return phrases.pattern(self.language, group, name).search(clause.folded) is not None

    def _has_contract(self, said: str) -> bool:
        return self._last(said, "choices", "contract") >= 0 or bool(_FULL_TIME.search(said))

    def _lasting(self, said: str) -> str:
        """What lasts until the day: the thing named last before it."""
        places = {
            "work_ends_on": max(
                self._last(said, "choices", "contract"),
                self._last(said, "options", "work_document"),
            ),
            "stay_until": max(
                self._last(said, "choices", "stay_basis"),
                self._last(said, "choices", "permit_kind"),
                self._last_words(said, "lasting"),
            ),
        }
        fact = max(places, key=lambda name: places[name])
        return fact if places[fact] >= 0 else ""

    def _last(self, said: str, table: str, fact: str) -> int:
        found = [
            match.start()
            for option in phrases.data()[table][fact]
            for match in phrases.pattern(self.language, table, fact, option).finditer(said)
        ]
        return max(found, default=-1)

    def _last_words(self, said: str, name: str) -> int:
        found = [match.start() for match in phrases.pattern(self.language, name).finditer(said)]
        return max(found, default=-1)

    def _nearest(self, clause: Clause, place: int) -> str:
        """The cue that stands nearest, before the day rather than after it."""
        nearest, best = "", 10_000
        for fact in phrases.data()["days"]:
            for match in phrases.pattern(self.language, "days", fact).finditer(clause.folded):
                if self._is_denied(clause, match.start()) and fact != "job_lost_on":
                    continue
                before = place - match.end()
                distance = before if before >= -1 else (match.start() - place) + 25
                if -1 <= distance < best and distance <= 80:
                    nearest, best = fact, max(distance, 0)
        return nearest


@cache
def _lives_in_town(language: str) -> re.Pattern[str]:
    living = phrases.pattern(language, "living").pattern
    near = r"(?:w|we|u|in|pod|kolo|near)"
    return re.compile(rf"{living}(?: \S+){{0,3}} {near} (?:{_towns()})\w*")


@cache
def _towns() -> str:
    with (Path(__file__).parent / "cities.yaml").open(encoding="utf-8") as file:
        stems = [stem for town in yaml.safe_load(file) for stem in town]
    return "|".join(sorted({phrases.folded(stem) for stem in stems}, key=len, reverse=True))


_FULL_TIME: Final = re.compile(r"\b(?:etat|etatu|full time|stawk\w*|gross|brutto)\b")
_PURPOSES: Final = {
    "blue_card": "highly_skilled_work",
    "study": "study",
    "business": "business",
    "family_of_polish_citizen": "family",
    "permanent_permit": "settling",
    "eu_long_term_permit": "settling",
    "work": "work",
}
_HELD_BEFORE: Final = frozenset(
    {"visa_free", "visa_c_pl", "visa_d_pl", "temporary_permit", "permanent_permit",
     "temporary_protection"}
)  # fmt: skip
# "By the Polish Card": what a permit rests on, not what is in the hand.
_IS_GROUND: Final = re.compile(r"\b(?:po|przez|na podstawie|via|by|on) $")
_SPONSORS: Final = frozenset(
    {"permanent_permit", "eu_long_term_permit", "refugee", "subsidiary_protection",
     "humanitarian_permit", "temporary_permit", "temporary_protection"}
)  # fmt: skip
_OF_THE_JOB: Final = frozenset({"work_starts_on", "work_ends_on"})
_CALL_DAYS: Final = re.compile(r"\b(\d{1,3})\s*(?:dni|дн\w*|day|days)\b")
