"""Reads worth a name: a check as its reader may see it, what it comes to, what is known already."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from przystan.people import api as people
from przystan.people import audit
from przystan.people.actor import Actor
from przystan.procedures import library, running, sealing
from przystan.procedures.catalogue import Catalogue, Procedure
from przystan.procedures.data import Answer, AskedFact, CheckView, KnownFact
from przystan.procedures.models import Check, PublishedVocabulary, Snapshot, Statement
from przystan.procedures.reaching import absent, scope_of
from przystan.procedures.stating import looked_at
from przystan.rules import Check as Run
from przystan.rules import FactError, Question, next_question
from przystan.rules.canonical import stated_facts
from przystan.rules.stating import stated

# The newest statements of an account that are looked through for what is known already.
MOST_REMEMBERED = 500


def check(check_id: UUID, *, actor: Actor) -> CheckView:
    """A check as the actor may see it; the look of a clerk or a system leaves an audit row.

    Raises:
        AbsentError: it is not there, or not the actor's.
    """
    with transaction.atomic():
        row = Check.objects.visible_to(actor).filter(pk=check_id).first()
        if row is None:
            raise absent()
        view = _view(row, actor)
        if view.scope != "own" or actor.role == "service":
            _note_look(row, actor)
    return view


def _note_look(row: Check, actor: Actor) -> None:
    audit.record_view(
        actor,
        "check.read",
        subject=people.subject_of(row.account_id),
        ids=[row.pk],
        office_id=actor.office_id,
        sealed=row.keeps_nothing,
    )


def mine(actor: Actor) -> list[CheckView]:
    """The person's own checks, newest first; what keeps nothing is in no list."""
    if actor.is_staff:
        return []
    rows = Check.objects.visible_to(actor).filter(keeps_nothing=False).order_by("-updated_at")[:50]
    return [_view(row, actor) for row in rows]


def _view(row: Check, actor: Actor) -> CheckView:
    known = sealing.stated(row)
    return CheckView(
        id=row.pk,
        procedure=row.procedure,
        valid_from=row.valid_from,
        revision=row.revision,
        lang=row.lang,
        on=row.on,
        channel=row.channel,
        is_finished=row.state == Check.State.FINISHED,
        is_saved=row.is_saved,
        is_of_account=row.account_id is not None,
        keeps_nothing=row.keeps_nothing,
        started_at=row.started_at,
        updated_at=row.updated_at,
        scope=scope_of(row, actor),
        facts=known.facts,
        entries={
            fact: names_of(items_of(known.facts.get(fact))[0], names)
            for fact, names in known.entries.items()
        },
    )


def items_of(value: Any) -> tuple[list[Any], bool]:
    """The items of a stated list and whether they are all; nothing stated is an open empty list."""
    if isinstance(value, Mapping) and "items" in value:
        return list(value["items"]), bool(value.get("complete"))
    return (list(value), True) if isinstance(value, list) else ([], False)


def names_of(items: Sequence[Any], names: Sequence[str]) -> tuple[str, ...]:
    """A name for each item; one that another channel added gets one of its place and content."""
    found = list(names[: len(items)])
    for place, item in enumerate(items[len(found) :], len(found)):
        text = json.dumps([place, item], sort_keys=True, ensure_ascii=False)
        found.append(hashlib.blake2s(text.encode(), digest_size=6).hexdigest())
    return tuple(found)


# --- what it comes to -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Course:
    """A check put over the law: the version, the run, the day of the law."""

    catalogue: Catalogue
    procedure: Procedure
    run: Run
    law_day: date

    def next_question(self) -> AskedFact | None:
        return asked_fact(next_question(self.run))

    def contradictions(self) -> tuple[str, ...]:
        return contradictions(self.procedure, self.run)

    def facts(self) -> dict[str, Any]:
        """What is stated, in one spelling whatever channel stated it."""
        return stated_facts(self.run)

    def answer(self) -> Answer:
        return running.answer(self.procedure, self.run, self.law_day, self.catalogue)


def course(view: CheckView) -> Course:
    """Answers that fit no longer, because a question changed since, are left out: asked again.

    Raises:
        DefinitionError: the folder of procedures cannot be read.
    """
    try:
        return course_of(view.procedure, view.facts, view.on)
    except FactError:
        facts = fitting(library.current(), view.facts, view.on)
        return course_of(view.procedure, facts, view.on)


def fitting(catalogue: Catalogue, facts: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The facts that the vocabulary of today still takes."""

    def fits(id: str, value: Any) -> bool:
        form = catalogue.facts.get(id)
        if form is None:
            return False
        try:
            looked_at(form, value, on)
            stated(form.fact, value)
        except FactError:
            return False
        return True

    return {id: value for id, value in facts.items() if fits(id, value)}


def kept_answer(check_id: UUID, *, actor: Actor) -> tuple[dict[str, Any], datetime] | None:
    """What a check came to when it was last finished, as JSON, and when; None before that."""
    visible = Check.objects.visible_to(actor).filter(pk=check_id)
    row = Snapshot.objects.filter(of__in=visible).order_by("-number").first()
    return (snapshot(row)["answer"], row.at) if row else None


def course_of(id: str, facts: Mapping[str, Any], on: date) -> Course:
    catalogue = library.current()
    procedure, law_day = running.governing(catalogue, id, facts, on)
    run = running.started(catalogue, procedure, facts, on, law_day)
    return Course(catalogue, procedure, run, law_day)


def asked_fact(asked: Question | None) -> AskedFact | None:
    return AskedFact(asked.fact, asked.index, asked.field, asked.is_more) if asked else None


def contradictions(procedure: Procedure, run: Run) -> tuple[str, ...]:
    found = procedure.version.contradictions
    return tuple(each.id for each in found if run.value_of(each.rule) is True)


def words_revision(procedure: str, lang: str) -> int:
    words = library.current().library.words.get(procedure, {})
    found = words.get(lang) or words.get("en")
    return found.revision if found else 0


# --- the ledger -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    fact: str
    value: Any


def entry(row: Statement) -> Entry:
    document = json.loads(sealing.opened(row.of_id, row.sealed, field="statement"))
    return Entry(document["fact"], document["value"])


def known_already(
    actor: Actor, facts: Collection[str], *, other_than: UUID | None = None
) -> dict[str, KnownFact]:
    """What a signed-in person stated last of these facts, in other checks of their account."""
    if actor.account_id is None or actor.is_staff:
        return {}
    rows = (
        Statement.objects.filter(of__account_id=actor.account_id)
        .exclude(of=other_than)
        .select_related("of")
        .order_by("-at", "-id")[:MOST_REMEMBERED]
    )
    found: dict[str, KnownFact] = {}
    for row in rows:
        said = entry(row)
        if said.fact in facts and said.fact not in found and not is_unknown(said.value):
            found[said.fact] = KnownFact(
                said.fact, said.value, row.source, row.at, row.of.procedure
            )
    return found


def is_unknown(value: Any) -> bool:
    return isinstance(value, Mapping) and value.keys() == {"unknown"}


def statements(check_id: UUID) -> Iterable[tuple[Statement, Entry]]:
    return [(row, entry(row)) for row in Statement.objects.filter(of_id=check_id)]


def snapshot(row: Snapshot) -> dict[str, Any]:
    """What was kept when the check was finished."""
    found: dict[str, Any] = json.loads(sealing.opened(row.of_id, row.sealed, field="snapshot"))
    return found


def newest_vocabulary() -> int:
    """The number of the newest state of the vocabulary; 0 before anything was published."""
    rows = PublishedVocabulary.objects.order_by("-number").values_list("number", flat=True)
    return rows.first() or 0
