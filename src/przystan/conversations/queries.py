"""Reads worth a name: a thread as its reader may see it, the queue, a person's own threads."""

import json
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction

from przystan.assistant.data import Answer
from przystan.conversations import checks, words
from przystan.conversations.data import MessageView, QueueRow, ThreadView, Unanswered
from przystan.conversations.models import Message, Thread, UnansweredQuestion
from przystan.conversations.services import absent
from przystan.people import api as people
from przystan.people import audit
from przystan.people.actor import Actor

PREVIEW = 120


def by_token(token: str) -> ThreadView:
    """The thread of a secret link.

    Raises:
        AbsentError: no such link, or its words were already forgotten.
    """
    thread = Thread.objects.by_token(token).filter(forgotten_at=None).first()
    if thread is None:
        raise absent()
    return _view(thread, token=token)


@transaction.atomic
def for_desk(thread_id: UUID, *, actor: Actor) -> ThreadView:
    """A thread as the desk reads it; each reading leaves an audit row.

    Raises:
        AbsentError: it is not there, or not for this desk.
    """
    thread = Thread.objects.visible_to(actor).filter(pk=thread_id, forgotten_at=None).first()
    if thread is None:
        raise absent()
    audit.record_view(
        actor,
        "thread.read",
        subject=people.subject_of(thread.account_id),
        ids=[thread.pk],
        office_id=actor.office_id,
        sealed=thread.is_sealed,
    )
    return _view(thread, token="")


@transaction.atomic
def queue(actor: Actor) -> list[QueueRow]:
    """Waiting threads and those the actor has claimed, danger first, then by time of waiting."""
    states = [Thread.State.WAITING, Thread.State.CLAIMED]
    threads = list(
        Thread.objects.visible_to(actor)
        .filter(state__in=states, forgotten_at=None)
        .order_by("-is_urgent", "waiting_since", "id")[:500]
    )
    questions = _first_words(thread for thread in threads if not thread.is_sealed)
    _record_queue(actor, threads)
    return [_row(thread, questions.get(thread.pk, "")) for thread in threads]


def _record_queue(actor: Actor, threads: Sequence[Thread]) -> None:
    """Two rows for a page with open and sealed threads on it; persons find the open one."""
    open_ones = [thread for thread in threads if not thread.is_sealed]
    sealed = [thread.pk for thread in threads if thread.is_sealed]
    audit.record_view(
        actor,
        "queue.read",
        subjects=[people.subject_of(one) for one in {t.account_id for t in open_ones}],
        ids=[thread.pk for thread in open_ones],
        office_id=actor.office_id,
    )
    if sealed:
        audit.record_view(actor, "queue.read", ids=sealed, office_id=actor.office_id, sealed=True)


def mine(actor: Actor) -> list[ThreadView]:
    """The visitor's or person's own threads, newest first; sealed ones are in no list."""
    if actor.is_staff:
        return []
    threads = (
        Thread.objects.visible_to(actor)
        .filter(forgotten_at=None)
        .prefetch_related("messages")
        .order_by("-created_at")[:50]
    )
    return [
        _view(thread, token=words.read(thread.pk, thread.token_sealed, field="token"))
        for thread in threads
    ]


def token_of_check(check_id: UUID, *, actor: Actor) -> str:
    """The secret token of the actor's own thread in which a check goes on, else "".

    Whoever was given a link to the check alone does not get to the conversation by it.
    """
    found = Message.objects.filter(check_id=check_id).values("thread")
    mine = Thread.objects.visible_to(actor).filter(pk__in=found, forgotten_at=None, team="")
    thread = None if actor.is_staff else mine.first()
    return words.read(thread.pk, thread.token_sealed, field="token") if thread else ""


def message_question(thread_id: UUID) -> str:
    """What the person asked last, for suggestions at the desk."""
    own = Message.objects.filter(thread_id=thread_id, author=Message.Author.PERSON, check_id=None)
    last = own.last()
    return _text(last) if last else ""


def email_of(thread_id: UUID) -> tuple[str, str, str] | None:
    """Address, secret token and language of a thread that may be written to, else None."""
    thread = Thread.objects.filter(pk=thread_id, team="", forgotten_at=None).first()
    if thread is None or not thread.email_sealed:
        return None
    address = words.read(thread.pk, thread.email_sealed, field="email")
    token = words.read(thread.pk, thread.token_sealed, field="token")
    return address, token, thread.lang


def unanswered(limit: int = 200) -> list[Unanswered]:
    rows = UnansweredQuestion.objects.filter(settled_by="")[:limit]
    return [
        Unanswered(row.pk, row.lang, row.text, row.reason, row.asked_on.isoformat()) for row in rows
    ]


def _view(thread: Thread, *, token: str) -> ThreadView:
    return ThreadView(
        id=thread.pk,
        token=token,
        lang=thread.lang,
        question_lang=thread.question_lang,
        state=thread.state,  # type: ignore[arg-type]  # TextChoices are str
        is_sealed=thread.is_sealed,
        created_at=thread.created_at,
        waiting_since=thread.waiting_since,
        position=_position(thread),
        has_email=bool(thread.email_sealed),
        messages=tuple(_message(thread, message) for message in thread.messages.all()),
        claimed_by=thread.claimed_by,
    )


def _message(thread: Thread, message: Message) -> MessageView:
    answer = outcome = None
    if message.answer_sealed:
        document = json.loads(words.read(thread.pk, message.answer_sealed, field="answer"))
        # A sealed outcome is answered as every danger is.
        if "outcome" in document:
            outcome = checks.outcome_of(document["outcome"])
        else:
            answer = Answer.from_json(document)
    return MessageView(
        id=message.pk,
        author=message.author,  # type: ignore[arg-type]  # TextChoices are str
        at=message.at,
        text=_text(message),
        answer=answer,
        was_right=message.was_right,
        check_id=message.check_id,
        outcome=outcome,
    )


def _position(thread: Thread) -> int | None:
    if thread.state != Thread.State.WAITING or thread.waiting_since is None:
        return None
    ahead = Thread.objects.in_queue().filter(
        team=thread.team, lang=thread.lang, waiting_since__lt=thread.waiting_since
    )
    return ahead.count() + 1


def _first_words(threads: Iterable[Thread]) -> dict[UUID, str]:
    """The beginning of each thread's last question, in one query."""
    wanted = [thread.pk for thread in threads]
    messages = Message.objects.filter(
        thread_id__in=wanted, author=Message.Author.PERSON, check_id=None
    )
    return {
        message.thread_id: words.read(message.thread_id, message.words_sealed, field="message")[
            :PREVIEW
        ]
        for message in messages.order_by("at", "id")
    }


def _row(thread: Thread, preview: str) -> QueueRow:
    return QueueRow(
        id=thread.pk,
        lang=thread.lang,
        state=thread.state,  # type: ignore[arg-type]  # TextChoices are str
        is_sealed=thread.is_sealed,
        waiting_since=thread.waiting_since or thread.updated_at,
        reason=thread.reason,
        claimed_by=thread.claimed_by,
        preview=preview,
    )


def _text(message: Message) -> str:
    return words.read(message.thread_id, message.words_sealed, field="message")
