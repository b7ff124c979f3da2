"""A check inside a conversation: its questions and answers as turns, its outcome as a message.

The facts stand in the check; the thread keeps what was said. Where a procedure has a sealed
outcome nothing of the turns is kept, and the outcome seals the thread as danger does.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from przystan.assistant.data import Answer as Given
from przystan.assistant.data import DangerKind, HelpBlock
from przystan.conversations import services, words
from przystan.conversations.data import CheckOutcome, OutcomeDay
from przystan.conversations.models import Message, Thread
from przystan.core import clock, idempotency
from przystan.core.money import format_grosz
from przystan.people import audit, vault
from przystan.people.actor import Actor
from przystan.procedures import api as procedures
from przystan.procedures.data import Answer, AskedFact, CheckView, Step

# Messages of one turn keep their order.
_AFTER = timedelta(microseconds=1)
# Sentences of "why" in the message; the page of the outcome has them all.
MOST_SENTENCES = 4
# All sealed outcomes are about trafficking and forced labour; their own words say the rest.
SEALED_KIND: Final[DangerKind] = "trafficking"


def begin_check(
    thread_id: UUID,
    procedure: str,
    facts: Mapping[str, Any],
    *,
    actor: Actor,
    lang: str,
    key: str,
    at: datetime,
) -> UUID:
    """Begin a check in a thread with the facts that the person has confirmed.

    Raises:
        AbsentError: no such thread or procedure, or the thread is sealed.
        FactError: a fact that does not fit; nothing was begun.
    """
    with transaction.atomic():
        thread = _open(thread_id)
        begun = procedures.begin_check(
            procedures.catalogue(),
            procedure,
            facts,
            actor=actor,
            lang=lang,
            channel="chat",
            on=clock.law_day(at),
            at=at,
            key=key,
            holder=str(thread_id),
        )
        if begun.sealed is not None:
            _seal(thread, begun.sealed, actor=actor, lang=lang, at=at)
        elif begun.is_new:
            first = _beginning(procedure, facts, lang)
            _say(thread, begun.id, Message.Author.ASSISTANT, first, at=at)
            _note(thread, actor, at=at)
            _settle(thread, begun.id, actor=actor, lang=lang, at=at + _AFTER)
    return begun.id


def _beginning(procedure: str, facts: Mapping[str, Any], lang: str) -> str:
    catalogue = procedures.catalogue()
    on = clock.today()
    if any(form.is_sealed for form in catalogue.on(procedure, on).version.outcomes.values()):
        with translation.override(lang):
            return _("A check began here. Nothing of its answers is kept in this conversation.")
    told = [_pair(catalogue, fact, value, lang) for fact, value in facts.items()]
    title = procedures.words_of(catalogue, procedure, lang).title
    return "\n".join([title, *told])


def _pair(catalogue: procedures.Catalogue, fact: str, value: Any, lang: str) -> str:
    with translation.override(lang):
        return _("%(fact)s: %(value)s") % {
            "fact": procedures.fact_words(catalogue, fact, lang).label,
            "value": procedures.said(catalogue, fact, value, lang),
        }


def turn(
    thread_id: UUID,
    check_id: UUID,
    asked: str,
    said: str,
    act: Callable[[], Step | None],
    *,
    actor: Actor,
    lang: str,
    key: str,
    at: datetime,
) -> None:
    """One turn: `act` states something in the check, the thread keeps question and answer.

    Args:
        asked, said: the words of the question and of the answer; "" keeps no turn.
        key: idempotency key of the form; the same key and answer are one turn.

    Raises:
        AbsentError: no such thread, a sealed one, or the check is not one of its.
        FactError: an answer that does not fit; nothing was stored.
    """

    def store() -> str:
        step = act()
        view = None if step and step.sealed else procedures.check(check_id, actor=actor)
        if step is not None and step.sealed is not None:
            _seal(thread, step.sealed, actor=actor, lang=lang, at=at)
            return ""
        if view is not None and said and not view.keeps_nothing:
            _say(thread, check_id, Message.Author.ASSISTANT, asked, at=at)
            _say(thread, check_id, Message.Author.PERSON, said, at=at + _AFTER)
        _note(thread, actor, at=at)
        _settle(thread, check_id, actor=actor, lang=lang, at=at + 2 * _AFTER)
        return ""

    with transaction.atomic():
        thread = _open(thread_id)
        if not thread.messages.filter(check_id=check_id).exists():
            raise services.absent()
        # A yes would be guessed from a plain hash.
        spoken = vault.blind_index("record", f"turn:{thread_id}:{asked}:{said}").hex()
        idempotency.once(f"turn:{thread_id}", key, {"turn": spoken}, store)


def finish_check(thread_id: UUID, check_id: UUID, *, actor: Actor, lang: str, at: datetime) -> None:
    """Put what a check came to into the thread, for one that was answered to its end elsewhere."""
    with transaction.atomic():
        thread = _open(thread_id)
        last = thread.messages.filter(check_id=check_id).last()
        if last is None:
            raise services.absent()
        if last.answer_sealed is None:
            _note(thread, actor, at=at)
            _settle(thread, check_id, actor=actor, lang=lang, at=at)


def _settle(thread: Thread, check_id: UUID, *, actor: Actor, lang: str, at: datetime) -> None:
    """Finish a check in which no question is open, and tell what it came to."""
    view = procedures.check(check_id, actor=actor)
    course = procedures.course(view)
    if asked_next(view, course) is not None or course.contradictions():
        return
    answer = procedures.finish(check_id, actor=actor, at=at)
    if answer.is_sealed:
        _seal(thread, answer, actor=actor, lang=lang, at=at)
        return
    outcome = told(answer, lang)
    document = json.dumps({"outcome": asdict(outcome)}, ensure_ascii=False, default=date.isoformat)
    _say(thread, check_id, Message.Author.ASSISTANT, in_words(outcome), at=at, document=document)


def asked_next(view: CheckView, course: procedures.Course) -> AskedFact | None:
    """The next question; a list that was begun is asked to its end first, as on pages."""
    for fact, value in view.facts.items():
        if not isinstance(value, Mapping) or fact not in course.procedure.program.facts:
            continue
        type_ = course.catalogue.facts[fact].fact.type
        if value.get("items") and not value.get("complete") and type_.item and type_.item.fields:
            return AskedFact(fact, is_more=True)
    return course.next_question()


def told(answer: Answer, lang: str) -> CheckOutcome:
    """The outcome as a message has it: title, days, fee and the sentences that decided."""
    found = procedures.explained(procedures.catalogue(), answer, lang)
    main = [why.sentence for why in found.why if why.is_main]
    return CheckOutcome(
        procedure=answer.procedure,
        procedure_title=found.procedure_title,
        lang=lang,
        title=found.title,
        verdict=found.verdict,
        status=found.status,
        days=tuple(OutcomeDay(term.name, term.day) for term in found.terms if term.day),
        fee_grosz=found.fee_grosz,
        why=tuple((main or [why.sentence for why in found.why])[-MOST_SENTENCES:]),
    )


def outcome_of(document: Mapping[str, Any]) -> CheckOutcome:
    days = tuple(
        OutcomeDay(each["name"], date.fromisoformat(each["day"])) for each in document["days"]
    )
    return CheckOutcome(**{**document, "days": days, "why": tuple(document["why"])})


def in_words(outcome: CheckOutcome) -> str:
    """The outcome as plain text, for copies and other channels."""
    with translation.override(outcome.lang):
        lines = [outcome.procedure_title, outcome.title or _("This cannot be decided yet")]
        lines += outcome.why
        lines += [
            _("%(fact)s: %(value)s") % {
                "fact": each.name, "value": procedures.day_words(each.day, outcome.lang)
            }
            for each in outcome.days
        ]  # fmt: skip
        if outcome.fee_grosz is not None:
            amount = format_grosz(outcome.fee_grosz, outcome.lang)
            lines.append(_("To pay in all: %(amount)s") % {"amount": amount})
    return "\n".join(lines)


# --- the thread -------------------------------------------------------------------------------


def _open(thread_id: UUID) -> Thread:
    thread = Thread.objects.select_for_update().filter(pk=thread_id, forgotten_at=None).first()
    if thread is None or thread.is_sealed:
        raise services.absent()
    return thread


def _say(
    thread: Thread, check_id: UUID, author: str, text: str, *, at: datetime, document: str = ""
) -> None:
    Message.objects.create(
        thread=thread,
        check_id=check_id,
        author=author,
        at=at,
        words_sealed=words.seal(thread.pk, text, field="message"),
        answer_sealed=words.seal(thread.pk, document, field="answer") if document else None,
    )


def _note(thread: Thread, actor: Actor, *, at: datetime) -> None:
    thread.updated_at = at
    thread.save(update_fields=["updated_at"])
    audit.record(actor, "thread.checked", subject=actor.subject, ids=[thread.pk])
    services.tell(thread, "asked")


def _seal(thread: Thread, answer: Answer, *, actor: Actor, lang: str, at: datetime) -> None:
    """A sealed outcome: the thread is its team's alone from now on, help stands first in it."""
    found = procedures.explained(procedures.catalogue(), answer, lang)
    blocks = [HelpBlock(found.title, "lead"), HelpBlock(found.text), *map(HelpBlock, found.steps)]
    blocks += [HelpBlock("", "service", service) for service in answer.services]
    given = Given(
        lang=lang,
        question_lang=thread.question_lang,
        on=answer.on,
        handover=True,
        reason="danger",
        danger=SEALED_KIND,
        help=tuple(block for block in blocks if block.text or block.service),
        services=answer.services,
    )
    services.seal(thread)
    thread.wait_for_human("danger", at=at)
    thread.updated_at = at
    thread.save()
    # Nothing leads from the sealed thread to what was asked in the check.
    thread.messages.exclude(check_id=None).delete()
    Message.objects.create(
        thread=thread,
        author=Message.Author.ASSISTANT,
        at=at,
        words_sealed=words.seal(thread.pk, found.title, field="message"),
        answer_sealed=words.seal(
            thread.pk, json.dumps(given.as_json(), ensure_ascii=False), field="answer"
        ),
    )
    audit.record(actor, "thread.sealed", ids=[thread.pk], sealed=True)
    services.tell(thread, "asked")
