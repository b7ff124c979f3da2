"""The course of a check: begun, answered fact by fact, finished."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from przystan.core import idempotency
from przystan.core.errors import PrzystanError
from przystan.core.ids import new_id
from przystan.people.actor import Actor
from przystan.procedures import describing, library, queries, running, sealing
from przystan.procedures.catalogue import Catalogue, Procedure
from przystan.procedures.data import Answer, Step
from przystan.procedures.models import Check, Snapshot, Statement
from przystan.procedures.reaching import absent, locked, record, scope_of, to_answer
from przystan.procedures.sealing import Stated
from przystan.procedures.services import forgetting
from przystan.rules import Check as Run
from przystan.rules import next_question, verdict
from przystan.rules.canonical import FORMAT, definition_hash, spelled
from przystan.rules.canonical import record as canonical_record

MOST_ENTRIES = 40


def start_check(
    procedure: str,
    *,
    actor: Actor,
    lang: str,
    channel: str,
    on: date,
    at: datetime,
    key: str = "",
    carried: Mapping[str, Any] | None = None,
) -> UUID:
    """Begin a check of a procedure as of a day and return its id.

    Args:
        key: idempotency key of the form; the same key begins one check.
        carried: facts of another check that the person has just been shown and agreed to take.

    Raises:
        AbsentError: no such procedure on that day.
    """
    catalogue = library.current()
    found = catalogue.on(procedure, on)
    facts = {id: value for id, value in (carried or {}).items() if id in found.program.facts}

    def store() -> str:
        check = _new(found, actor=actor, lang=lang, channel=channel, on=on, at=at)
        _look(catalogue, check, Stated(facts))
        sealing.keep(check, Stated(facts))
        check.save(force_insert=True)
        _note(check, facts, actor=actor, source=channel, at=at)
        record(actor, "check.started", check, {"procedure": procedure})
        return str(check.pk)

    with transaction.atomic():
        if not key:
            return UUID(store())
        scope = f"check:{actor.account_id or actor.session}"
        body = {"procedure": procedure, "on": on.isoformat(), "carried": sorted(facts)}
        return UUID(idempotency.once(scope, key, body, store)[0])


def _new(
    found: Procedure, *, actor: Actor, lang: str, channel: str, on: date, at: datetime
) -> Check:
    keeps_nothing = any(form.is_sealed for form in found.version.outcomes.values())
    return Check(
        pk=new_id(),
        procedure=found.id,
        valid_from=found.version.valid_from,
        revision=found.version.revision,
        words_revision=queries.words_revision(found.id, lang),
        lang=lang,
        on=on,
        channel=channel,
        account_id=None if keeps_nothing or actor.is_staff else actor.account_id,
        session=actor.session,
        is_saved=bool(actor.account_id) and not keeps_nothing and not actor.is_staff,
        keeps_nothing=keeps_nothing,
        started_at=at,
        updated_at=at,
    )


def state_facts(
    check_id: UUID, stated: Mapping[str, Any], *, actor: Actor, source: str, at: datetime
) -> Step:
    """State facts, in the form of JSON that the engine takes; each is kept with source and time.

    Raises:
        AbsentError: the check is not there, or not the actor's.
        FactError: a value that does not fit its type, or cannot be; nothing was stored.
    """

    def change(known: Stated) -> Mapping[str, Any]:
        known.facts.update(stated)
        for fact in stated:
            known.entries.pop(fact, None)
        return stated

    return _changed(check_id, change, "check.stated", actor=actor, source=source, at=at)


def confirm_known(check_id: UUID, fact: str, *, actor: Actor, source: str, at: datetime) -> Step:
    """State a fact as the person stated it earlier, because they say that it still holds.

    Raises:
        AbsentError: nothing is known of it.
    """
    known = queries.known_already(actor, [fact], other_than=check_id)
    if fact not in known:
        raise absent()
    return state_facts(check_id, {fact: known[fact].value}, actor=actor, source=source, at=at)


def put_entry(
    check_id: UUID,
    fact: str,
    entry: str,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    source: str,
    at: datetime,
) -> Step:
    """Add an entry to a list, or change the one of that name; sending it twice adds it once.

    Raises:
        FactError: a field that does not fit; nothing was stored.
        PrzystanError: the list is full.
    """

    def change(known: Stated) -> Mapping[str, Any]:
        items, names, is_complete = _entries(known, fact)
        if entry in names:
            items[names.index(entry)] = dict(values)
        elif len(items) >= MOST_ENTRIES:
            raise PrzystanError(
                _("A list has at most %(most)s entries. Remove one to add another.")
                % {"most": MOST_ENTRIES},
                status=422,
            )
        else:
            items.append(dict(values))
            names.append(entry)
            is_complete = False
        return _put(known, fact, items, names, is_complete)

    return _changed(check_id, change, "check.stated", actor=actor, source=source, at=at)


def remove_entry(
    check_id: UUID, fact: str, entry: str, *, actor: Actor, source: str, at: datetime
) -> Step:
    """Take an entry off a list; one that is gone already is no error."""

    def change(known: Stated) -> Mapping[str, Any]:
        items, names, is_complete = _entries(known, fact)
        if entry not in names:
            return {}
        place = names.index(entry)
        del items[place], names[place]
        return _put(known, fact, items, names, is_complete and bool(items))

    return _changed(check_id, change, "check.stated", actor=actor, source=source, at=at)


def complete_list(check_id: UUID, fact: str, *, actor: Actor, source: str, at: datetime) -> Step:
    """Say that a list is all there is; a list without entries says "none"."""

    def change(known: Stated) -> Mapping[str, Any]:
        items, names, _is_complete = _entries(known, fact)
        return _put(known, fact, items, names, True)

    return _changed(check_id, change, "check.stated", actor=actor, source=source, at=at)


def _entries(known: Stated, fact: str) -> tuple[list[Any], list[str], bool]:
    """Items of a list, their names, and whether it is all."""
    items, is_complete = queries.items_of(known.facts.get(fact))
    return items, list(queries.names_of(items, known.entries.get(fact, ()))), is_complete


def _put(
    known: Stated, fact: str, items: list[Any], names: list[str], is_complete: bool
) -> Mapping[str, Any]:
    known.facts[fact] = {"items": items, "complete": is_complete}
    known.entries[fact] = names
    return {fact: known.facts[fact]}


def forget_fact(check_id: UUID, fact: str, *, actor: Actor, at: datetime) -> None:
    """Take an answer back: the fact and everything that the ledger of this check says of it."""
    with transaction.atomic():
        check = to_answer(check_id, actor)
        known = sealing.stated(check)
        if known.facts.pop(fact, None) is None:
            return
        known.entries.pop(fact, None)
        _reopen(library.current(), check, known, at)
        gone = [row.pk for row in check.statements.all() if queries.entry(row).fact == fact]
        check.statements.filter(pk__in=gone).delete()
        record(actor, "check.fact_forgotten", check)


def _changed(
    check_id: UUID,
    change: Callable[[Stated], Mapping[str, Any]],
    act: str,
    *,
    actor: Actor,
    source: str,
    at: datetime,
) -> Step:
    """Change what is stated, look whether it can be, store it with its ledger entries."""
    catalogue = library.current()
    with transaction.atomic():
        check = to_answer(check_id, actor)
        known = sealing.stated(check)
        # What fits no longer, because a question changed since, must not stop other answers.
        known.facts = queries.fitting(catalogue, known.facts, check.on)
        stated = change(known)
        procedure, run, law_day = _reopen(catalogue, check, known, at)
        step = _step(catalogue, check, procedure, run, law_day)
        if step.sealed is not None:
            forgetting.forget(check, actor=actor)
            return step
        _note(check, stated, actor=actor, source=source, at=at)
        record(actor, act, check, {"facts": len(stated)})
        return step


def _reopen(
    catalogue: Catalogue, check: Check, known: Stated, at: datetime
) -> tuple[Procedure, Run, date]:
    """Store what is stated now; a finished check is open again, its snapshots stay."""
    found = _look(catalogue, check, known)
    sealing.keep(check, known)
    check.state, check.updated_at = Check.State.OPEN, at
    check.save()
    return found


def _look(catalogue: Catalogue, check: Check, known: Stated) -> tuple[Procedure, Run, date]:
    """The version that governs these facts, put into the row, and the run over them."""
    procedure, law_day = running.governing(catalogue, check.procedure, known.facts, check.on)
    run = running.started(catalogue, procedure, known.facts, check.on, law_day)
    check.valid_from = procedure.version.valid_from
    check.revision = procedure.version.revision
    return procedure, run, law_day


def _step(
    catalogue: Catalogue, check: Check, procedure: Procedure, run: Run, law_day: date
) -> Step:
    outcome = verdict(run).outcome
    form = procedure.version.outcomes.get(outcome or "")
    if form is not None and form.is_sealed:
        return Step(None, (), running.answer(procedure, run, law_day, catalogue))
    wrong = queries.contradictions(procedure, run)
    asked = next_question(run)
    return Step(queries.asked_fact(asked), wrong)


def _note(
    check: Check, stated: Mapping[str, Any], *, actor: Actor, source: str, at: datetime
) -> None:
    """The ledger's entries. What is never kept for a person has none."""
    if check.keeps_nothing:
        return
    Statement.objects.bulk_create(
        Statement(
            of=check,
            by_subject=actor.subject,
            source=source,
            at=at,
            sealed=sealing.seal(check.pk, {"fact": fact, "value": value}, field="statement"),
        )
        for fact, value in stated.items()
    )


def finish(check_id: UUID, *, actor: Actor, at: datetime) -> Answer:
    """Settle a check and keep it as it is, word for word; give what it came to.

    Finishing it twice without a change in between keeps it once.

    Raises:
        AbsentError: the check is not there, or not the actor's.
        PrzystanError: a question is still open, or two answers contradict each other.
    """
    catalogue = library.current()
    with transaction.atomic():
        check = locked(check_id, actor)
        if scope_of(check, actor) == "see":
            raise absent()
        known = sealing.stated(check)
        known.facts = queries.fitting(catalogue, known.facts, check.on)
        procedure, run, law_day = _look(catalogue, check, known)
        answer = running.answer(procedure, run, law_day, catalogue)
        if answer.is_sealed:
            forgetting.forget(check, actor=actor)
            return answer
        if answer.next_question is not None or answer.contradictions:
            raise PrzystanError(
                _("A question is still open. Answer it, or say that you do not know."), status=409
            )
        if check.state != Check.State.FINISHED:
            _snapshot(check, run, answer, at=at)
            check.state, check.updated_at = Check.State.FINISHED, at
            check.definition_hash = definition_hash(run.program)
            check.save()
            record(actor, "check.finished", check)
        return answer


def _snapshot(check: Check, run: Run, answer: Answer, *, at: datetime) -> None:
    document = {
        "format": FORMAT,
        "record": canonical_record(run),
        "answer": describing.as_json(answer),
        "words": {"language": check.lang, "revision": check.words_revision},
    }
    Snapshot.objects.create(
        of=check,
        number=check.snapshots.count() + 1,
        valid_from=check.valid_from,
        revision=check.revision,
        definition_hash=definition_hash(run.program),
        at=at,
        sealed=sealing.seal(check.pk, spelled(document), field="snapshot"),
    )
