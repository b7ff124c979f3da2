"""Facts out of a message: only what the writer says of themselves, and says as so.

Rules and word lists, no model: what is read is shown for confirmation, and a fact read wrongly
costs more than one asked again. A clause that asks, supposes, denies or speaks of somebody else
gives nothing (a yes/no fact denied gives no).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from przystan.assistant.facts import phrases, places, settling
from przystan.assistant.facts.citizenship import citizenships, is_eu_citizen
from przystan.assistant.facts.clauses import Clause, clauses
from przystan.assistant.facts.days import born, days
from przystan.assistant.facts.denial import is_denied
from przystan.assistant.facts.jobs import Jobs
from przystan.assistant.facts.meaning import Meanings
from przystan.assistant.facts.spelling import language_of
from przystan.assistant.facts.subjects import Subject

_MOST_WORDS, _MOST_LETTERS = 400, 4000
_WITH_A_PERMIT: Final = "temporary_permit"
# What else a choice states: a Blue Card is a temporary permit.
_IMPLIED: Final[dict[str, tuple[str, Any]]] = {
    "permit_kind": ("stay_basis", _WITH_A_PERMIT),
    "seasonal_permit": ("is_seasonal_work", True),
}
# Options that "had" and "was" turn into the past; a school that was finished stays finished.
_HELD: Final = frozenset({"work_document", "visa_purpose"})
# "By the Polish Card": what a permit rests on, not what is in the hand.
_IS_GROUND: Final = re.compile(r"\b(?:po|przez|na podstawie|via|by|on|dzieki|zawdiaki) $")
_OF_THE_JOB: Final = frozenset({"work_starts_on", "work_ends_on"})
_CALL_DAYS: Final = re.compile(
    r"\b(\d{1,3})[\s-]*(?:dni|дн\w*|день|days?)\b(?!\s*(?:temu|тому|назад|ago))"
)


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
    text = " ".join(message[:_MOST_LETTERS].split()[:_MOST_WORDS])
    spoken = language_of(text, language)
    reading = _Reading(spoken, on, is_employer=_has(text, spoken, "employer"))
    for sentence in clauses(text, spoken):
        for number, clause in enumerate(sentence):
            reading.take(clause, sentence[:number])
    reading.conclude()
    return tuple(reading.found())


def _has(text: str, language: str, *path: str) -> bool:
    return phrases.pattern(language, *path).search(phrases.folded(text)) is not None


class _Reading:
    """What was read of one message so far."""

    def __init__(self, language: str, on: date, *, is_employer: bool) -> None:
        self.language, self.on, self.is_employer = language, on, is_employer
        self._subject = Subject(language)
        self._jobs, self._meanings = Jobs(language, on), Meanings(language, on)
        self._signs: dict[str, tuple[bool, Clause]] = {}
        self._said: list[Clause] = []  # the clauses in which the writer speaks of themselves
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
            if not clause.is_asked and not clause.is_supposed:
                self._job(clause)
                self._days(clause, before)
                self._states(clause, only="is_seasonal_work")
            return
        is_of_a_thing = phrases.words("ends").search(clause.folded) is not None
        self._subject.take(clause.folded, is_of_a_thing=is_of_a_thing)
        if clause.is_asked or clause.is_supposed:
            return
        if not self._subject.is_writer:
            if self._subject.is_relative:
                self._sponsor(clause)
                self._family(clause, before)
        elif self._is("hypothetical", clause) or self._goes_on_wishing(clause, before):
            self._said.append(clause)
            self._plans(clause)
        else:
            self._said.append(clause)
            self._own(clause, before)

    def _goes_on_wishing(self, clause: Clause, before: Sequence[Clause]) -> bool:
        """ "I want a card, that is, a stay for business": the clause has no verb of its own."""
        wishes = bool(before) and self._is("hypothetical", before[-1])
        return wishes and self._is("that_is", clause)

    def _own(self, clause: Clause, before: Sequence[Clause]) -> None:
        is_seeking = self._seeks(clause)
        if self._is_only_a_role(clause):
            return
        self._plans(clause)
        self._role(clause)
        listed = before[-1].folded if before else ""
        for code in citizenships(clause.folded, self.language, listed):
            self._say("citizenships", [code], clause)
        self._added_kind(clause, before)
        self._truths(clause)
        self._states(clause)
        self._place(clause)
        if clause.is_past or self._is("applying_from", clause):
            self._before(clause)
        elif not is_seeking:
            self._chosen("choices", clause)
            self._job(clause)
        elif self._is_waiting(clause):
            self._waits(clause)
        self._chosen("options", clause)
        self._family(clause, before)
        self._days(clause, before)
        if found := born(clause.figures):
            self._say("birth_date", found, clause)
        self._called(clause)

    def conclude(self) -> None:
        """What several clauses say together."""
        for fact, value, clause in settling.signing(self._signs):
            self._say(fact, value, clause)
        if several := self._jobs.several():
            for fact in ("contract", "gross_monthly", "work_time_percent"):
                self._values.pop(fact, None)
            self._values["jobs"] = [Stated("jobs", several, self._jobs.quote())]
        elif _any(self._said, self.language, "several_jobs"):
            for fact in ("contract", "gross_monthly", "work_time_percent"):
                self._values.pop(fact, None)
        settling.settle(self._values, self._said, self.language, self.on)

    # --- helpers ------------------------------------------------------------------------------

    def _is(self, name: str, clause: Clause) -> bool:
        return phrases.pattern(self.language, name).search(clause.folded) is not None

    def _say(self, fact: str, value: Any, clause: Clause) -> None:
        self._values.setdefault(fact, []).append(Stated(fact, value, clause.text))

    def _found(self, clause: Clause, *path: str) -> re.Match[str] | None:
        """The first place of the clause that says it and is not denied."""
        for match in phrases.pattern(self.language, *path).finditer(clause.folded):
            if not is_denied(clause.folded, match.start(), match.end(), self.language):
                return match
        return None

    def _seeks(self, clause: Clause) -> bool:
        return phrases.words("seek", "filed").search(clause.folded) is not None

    # --- what somebody is or has ---------------------------------------------------------------

    def _chosen(self, table: str, clause: Clause) -> None:
        for fact in phrases.data()[table]:
            if fact == "contract" or (fact in _HELD and clause.is_past):
                continue
            if fact == "work_document" and (
                self._seeks(clause) or phrases.words("decision").search(clause.folded)
            ):
                continue
            for option in phrases.options(table, fact):
                if self._found(clause, table, fact, option) is None:
                    continue
                if option == "application_pending" and not self._is_of_residence(clause):
                    continue
                self._say(fact, option, clause)
                if implied := _IMPLIED.get(option) or _IMPLIED.get(fact):
                    self._say(*implied, clause)
                break

    def _added_kind(self, clause: Clause, before: Sequence[Clause]) -> None:
        """ "Karta pobytu polska, na pracę": the kind stands apart from the card."""
        held = before and not before[-1].is_past and not self._seeks(before[-1])
        if not held or not phrases.words("card").search(before[-1].folded):
            return
        for option in ("work", "study"):
            if phrases.pattern(self.language, "for", option).fullmatch(clause.folded):
                self._say("permit_kind", option, clause)
                self._say("stay_basis", _WITH_A_PERMIT, clause)

    def _is_of_residence(self, clause: Clause) -> bool:
        return not self._is("other_matter", clause)

    def _is_waiting(self, clause: Clause) -> bool:
        return phrases.words("wait").search(clause.folded) is not None

    def _waits(self, clause: Clause) -> None:
        for option in ("asylum_application", "application_pending"):
            if self._found(clause, "choices", "stay_basis", option):
                if option == "asylum_application" or self._is_of_residence(clause):
                    self._say("stay_basis", option, clause)
                return

    def _before(self, clause: Clause) -> None:
        """What was held before the application that is waited for."""
        for option in phrases.options("choices", "stay_basis"):
            if option in settling.HELD_BEFORE and self._found(
                clause, "choices", "stay_basis", option
            ):
                self._say("basis_before_application", option, clause)
                return

    def _place(self, clause: Clause) -> None:
        is_here = places.is_in_poland(clause.folded)
        if is_here is None and self._is("here", clause) and not clause.is_past:
            is_here = True
        if is_here is not None and not clause.is_past:
            self._say("in_poland", is_here, clause)

    def _plans(self, clause: Clause) -> None:
        """The kind of permit that somebody wants or has asked for; the day of filing."""
        is_plan = phrases.words("lodge_plan").search(clause.folded) is not None
        if not (is_plan or self._seeks(clause) or self._is_waiting(clause)):
            return
        kinds = [kind for kind in settling.PURPOSES if self._found(clause, "purposes", kind)]
        if kinds and (len(kinds) == 1 or kinds[0] == "highly_skilled_work"):
            self._say("purpose_of_stay", kinds[0], clause)
        told = days(clause.figures, self.on)
        if is_plan and len(told) == 1 and (day := told[0].near(False)) >= self.on:
            ahead = phrases.folded(clause.figures[: told[0].start]).split() or [""]
            if not phrases.pattern(self.language, "until").fullmatch(ahead[-1]):
                self._say("filed_on", day.isoformat(), clause)

    def _called(self, clause: Clause) -> None:
        """How many days a letter of the office gives."""
        said = " ".join(each.folded for each in self._said[-4:])
        found = _CALL_DAYS.search(clause.figures.lower())
        if found and phrases.words("call").search(said):
            self._say("call_days", int(found[1]), clause)

    def _truths(self, clause: Clause) -> None:
        for fact in phrases.data()["truths"]:
            match = phrases.pattern(self.language, "truths", fact).search(clause.folded)
            if match is None or _IS_GROUND.search(clause.folded[: match.start()]):
                continue
            is_not = is_denied(clause.folded, match.start(), match.end(), self.language)
            ahead = clause.folded[: match.start()]
            is_wished = phrases.words("seek", "wait").search(ahead) is not None
            if is_not or not (clause.is_past or is_wished):
                self._say(fact, not is_not, clause)
        for name in ("profile", "signature"):
            if match := phrases.pattern(self.language, "signing", name).search(clause.folded):
                is_not = is_denied(clause.folded, match.start(), match.end(), self.language)
                self._signs[name] = (not is_not, clause)
        self._told_the_voivode(clause)

    def _told_the_voivode(self, clause: Clause) -> None:
        if phrases.pattern(self.language, "said", "voivode_told").search(clause.folded) is None:
            return
        is_not = self._is("negation", clause)
        is_open = self._is("telling_later", clause)
        if not is_open or (is_not and self._is("telling_missed", clause)):
            self._say("voivode_told", not is_not, clause)

    def _states(self, clause: Clause, only: str = "") -> None:
        for fact, values in phrases.data()["states"].items():
            if only and fact != only:
                continue
            for value in reversed(list(values)):  # "not in Poland" before "in Poland"
                match = phrases.pattern(self.language, "states", fact, value).search(clause.folded)
                if match is None:
                    continue
                is_not = is_denied(
                    clause.folded, match.start(), match.end(), self.language
                ) or bool(phrases.pattern(self.language, "negation").search(match.group()))
                if value not in ("true", "false"):
                    self._say(fact, value, clause)
                elif value == "false" or not is_not:
                    self._say(fact, value == "true", clause)
                elif fact == "is_seasonal_work":
                    self._say(fact, False, clause)
                break

    # --- relatives -----------------------------------------------------------------------------

    def _is_only_a_role(self, clause: Clause) -> bool:
        """ "I'm the wife of a Ukrainian with a card": the card is the husband's."""
        role = self._subject.role
        if not role or phrases.words("polish").search(clause.folded):
            return False
        found = phrases.words("relative").search(clause.folded)
        if found and phrases.words("resident_paper").search(clause.folded[: found.start()]):
            return False
        if status := self._status(clause):
            self._stated_sponsor(role, status, clause)
        elif "sponsor_status" in self._values:
            self._relate(role, clause)
        return bool(found and len(clause.folded) > found.end())

    def _relate(self, relation: str, clause: Clause) -> None:
        """What the writer says to be of a relative told of before counts, not what was guessed."""
        self._values["relation_to_sponsor"] = [Stated("relation_to_sponsor", relation, clause.text)]

    def _role(self, clause: Clause) -> None:
        """ "I'm her son", "married to a Pole", "card as the wife of a Pole"."""
        relation = self._subject.role
        if not relation and self._found(clause, "married_to_a_pole"):
            relation = "spouse"
        for kind in ("spouse", "child", "parent"):
            if not relation and self._found(clause, "polish_relative", kind):
                relation = kind
        if not relation:
            return
        if phrases.words("polish").search(clause.folded):
            self._stated_sponsor(relation, "polish_citizen", clause)
        elif "sponsor_status" in self._values:
            self._relate(relation, clause)

    def _sponsor(self, clause: Clause) -> None:
        """A relative's status counts where it is said who the relative is."""
        if clause.is_past or self._is("hypothetical", clause):
            return
        if status := self._status(clause):
            self._stated_sponsor(self._subject.relation, status, clause)
        elif self._subject.relation == "spouse" and self._is_not_polish(clause):
            self._say("has_polish_spouse", False, clause)

    def _stated_sponsor(self, relation: str, status: str, clause: Clause) -> None:
        self._say("relation_to_sponsor", relation, clause)
        self._say("sponsor_status", status, clause)
        if relation == "spouse" and status == "polish_citizen":
            self._say("has_polish_spouse", True, clause)

    def _is_not_polish(self, clause: Clause) -> bool:
        match = phrases.words("polish").search(clause.folded)
        return match is not None and is_denied(
            clause.folded, match.start(), match.end(), self.language
        )

    def _status(self, clause: Clause) -> str:
        if match := phrases.words("polish").search(clause.folded):
            is_not = is_denied(clause.folded, match.start(), match.end(), self.language)
            return "" if is_not else "polish_citizen"
        if is_eu_citizen(clause.folded, self.language):
            return "eu_efta_citizen"
        if self._seeks(clause):
            return ""
        for fact in ("permit_kind", "stay_basis"):
            for option in phrases.options("choices", fact):
                if self._found(clause, "choices", fact, option):
                    if fact == "permit_kind":
                        return option if option == "blue_card" else _WITH_A_PERMIT
                    return settling.SPONSORS.get(option, "")
        return ""

    def _family(self, clause: Clause, before: Sequence[Clause]) -> None:
        """The wedding, and whether the family lives together."""
        if phrases.words("apart").search(clause.folded):
            self._say("lives_with_sponsor", False, clause)
        elif self._found(clause, "together"):
            self._say("lives_with_sponsor", True, clause)
        if self._subject.is_relative and phrases.words("married").search(clause.folded):
            self._days(clause, before, only="married_on")

    # --- the job and the days ------------------------------------------------------------------

    def _job(self, clause: Clause) -> None:
        for fact, value in self._jobs.take(clause):
            self._say(fact, value, clause)

    def _days(self, clause: Clause, before: Sequence[Clause], only: str = "") -> None:
        for dated in self._meanings.read(clause, before):
            if only and dated.fact != only:
                continue
            if not (self.is_employer and dated.fact not in _OF_THE_JOB):
                self._say(dated.fact, dated.day.isoformat(), clause)


def _any(said: Sequence[Clause], language: str, name: str) -> bool:
    found = phrases.pattern(language, name)
    return any(found.search(clause.folded) for clause in said)
