"""Everything that writes to a thread: ask, hand over, claim, reply, close, forget."""

import json
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from przystan.assistant import api as assistant
from przystan.assistant.data import Answer, Turn
from przystan.conversations import words
from przystan.conversations.models import Message, Thread, UnansweredQuestion
from przystan.conversations.redaction import redact
from przystan.core import clock, events, idempotency, outbox
from przystan.core.errors import AbsentError, PrzystanError
from przystan.core.ids import new_id, new_token
from przystan.people import audit, policy
from przystan.people.actor import Actor, system

DANGER_TEAM = "danger"
# Turns of the conversation that a follow-up question may lean on.
CONTEXT_TURNS = 3
LONGEST_REPLY = 10_000


def absent() -> AbsentError:
    return AbsentError(
        _("There is no such conversation here, or its link has expired. Ask your question anew.")
    )


def ask(
    question: str,
    *,
    actor: Actor,
    lang: str,
    key: str,
    at: datetime,
    chosen: str | None = None,
    browser: str = "",
) -> str:
    """Store a question with its answer as a new thread and return its secret token.

    The answer is found before the transaction begins: reading may take a tenth of a second,
    and the database is not held meanwhile.

    Args:
        lang: interface language; `chosen`: the language the person picked for answers.
        key: idempotency key of this submission; the same key gives the same thread.
        browser: what a browser without a session of its own is told by, for that key alone:
            each of its repeated first submissions begins another session.

    Raises:
        PrzystanError: the text cannot be a question (empty, too long, not text).
    """
    question = assistant.readable(question)
    answer = assistant.ask(question, interface=lang, chosen=chosen, on=clock.law_day(at))

    def store() -> str:
        return str(_new_thread(question, answer, actor=actor, at=at).pk)

    with transaction.atomic():
        scope = f"ask:{actor.account_id or browser or actor.session}"
        body = {"question": question, "lang": lang, "chosen": chosen}
        thread_id, _is_new = idempotency.once(scope, key, body, store)
        thread = Thread.objects.get(pk=thread_id)
        return words.read(thread.pk, thread.token_sealed, field="token")


def _new_thread(question: str, answer: Answer, *, actor: Actor, at: datetime) -> Thread:
    thread_id, token = new_id(), new_token()
    is_danger = answer.danger is not None
    thread = Thread(
        pk=thread_id,
        token_index=words.index_of(token),
        token_sealed=words.seal(thread_id, token, field="token"),
        # Sealed at birth: no list of the person, nor of this browser, may show it.
        account_id=None if is_danger else actor.account_id,
        session="" if is_danger else actor.session,
        team=DANGER_TEAM if is_danger else "",
        is_urgent=is_danger,
        lang=answer.lang,
        question_lang=answer.question_lang,
        created_at=at,
        updated_at=at,
    )
    if answer.handover:
        thread.wait_for_human(answer.reason, at=at)
    thread.save(force_insert=True)
    _add_turn(thread, question, answer, at=at)
    audit.record(
        actor, "thread.asked", subject=actor.subject, ids=[thread.pk], sealed=thread.is_sealed
    )
    tell(thread, "asked")
    return thread


def follow_up(thread_id: UUID, question: str, *, actor: Actor, key: str, at: datetime) -> Answer:
    """Ask again in the same conversation, with what was said before as context.

    A follow-up that shows danger seals the whole thread from then on.
    """
    question = assistant.readable(question)
    thread = _thread(thread_id)
    answer = assistant.ask(
        question,
        interface=thread.lang,
        chosen=thread.lang if thread.lang in assistant.content_languages() else None,
        on=clock.law_day(at),
        context=_turns(thread),
    )

    def store() -> str:
        fresh = Thread.objects.select_for_update().get(pk=thread_id)
        if answer.danger is not None:
            seal(fresh)
        if answer.handover:
            fresh.wait_for_human(answer.reason, at=at)
        elif fresh.state in {Thread.State.REPLIED, Thread.State.CLOSED}:
            fresh.state = Thread.State.ANSWERED
        fresh.updated_at = at
        fresh.save()
        _add_turn(fresh, question, answer, at=at)
        audit.record(
            actor, "thread.asked", subject=actor.subject, ids=[fresh.pk], sealed=fresh.is_sealed
        )
        tell(fresh, "asked")
        return str(fresh.pk)

    with transaction.atomic():
        idempotency.once(f"follow-up:{thread_id}", key, {"question": question}, store)
    return answer


def seal(thread: Thread) -> None:
    thread.team, thread.is_urgent = DANGER_TEAM, True
    thread.session, thread.account_id, thread.email_sealed = "", None, None


def _add_turn(thread: Thread, question: str, answer: Answer, *, at: datetime) -> None:
    document = json.dumps(answer.as_json(), ensure_ascii=False)
    Message.objects.bulk_create(
        [
            Message(
                thread=thread,
                author=Message.Author.PERSON,
                at=at,
                words_sealed=words.seal(thread.pk, question, field="message"),
            ),
            Message(
                thread=thread,
                author=Message.Author.ASSISTANT,
                at=at + timedelta(microseconds=1),
                words_sealed=words.seal(thread.pk, assistant.as_text(answer), field="message"),
                answer_sealed=words.seal(thread.pk, document, field="answer"),
            ),
        ]
    )
    if answer.refused and not thread.is_sealed and answer.reason in {"no_source", "to_verify"}:
        UnansweredQuestion.objects.create(
            lang=answer.question_lang,
            text=redact(question),
            reason=answer.reason,
            asked_on=clock.law_day(at),
        )


def ask_human(thread_id: UUID, *, actor: Actor, email: str, at: datetime) -> None:
    """Put a thread into the queue; keep the address if one was left and the thread is not sealed.

    Raises:
        PrzystanError: what was left is not an e-mail address.
    """
    address = _email(email)
    with transaction.atomic():
        thread = _locked(thread_id)
        if thread.state in {Thread.State.WAITING, Thread.State.CLAIMED} and not address:
            return  # the form was sent again: a human is called already
        thread.wait_for_human(thread.reason or "wants_human", at=at)
        if address and not thread.is_sealed:
            thread.email_sealed = words.seal(thread.pk, address, field="email")
        thread.updated_at = at
        thread.save()
        audit.record(
            actor,
            "thread.human_asked",
            subject=actor.subject,
            ids=[thread.pk],
            sealed=thread.is_sealed,
        )
        tell(thread, "waiting")


def _email(text: str) -> str:
    address = text.strip()
    if not address:
        return ""
    try:
        validate_email(address)
    except ValidationError as error:
        raise PrzystanError(
            _(
                "This is not an e-mail address. Write it like name@example.com, "
                "or leave the field empty and come back to this page."
            ),
            status=422,
        ) from error
    return address


def rate(message_id: UUID, *, thread_id: UUID, actor: Actor, was_right: bool) -> None:
    """Keep the person's word on an answer."""
    with transaction.atomic():
        changed = Message.objects.filter(
            pk=message_id, thread_id=thread_id, author=Message.Author.ASSISTANT
        ).update(was_right=was_right)
        if not changed:
            raise absent()
        audit.record(actor, "answer.rated", subject=actor.subject, ids=[message_id])


def claim(thread_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Take a waiting thread; of two who try at once, one gets it.

    Raises:
        AbsentError: it is not there, or not for this desk.
        PrzystanError: somebody else has it.
    """
    policy.require(actor, "thread.claim")
    with transaction.atomic():
        thread = _locked(thread_id, actor)
        if thread.state == Thread.State.CLAIMED and thread.claimed_by == actor.account_id:
            return
        if thread.state != Thread.State.WAITING:
            raise PrzystanError(
                _("Another consultant took this conversation. Choose the next one in the queue."),
                status=409,
            )
        thread.state, thread.claimed_by = Thread.State.CLAIMED, actor.account_id
        thread.updated_at = at
        thread.save()
        _audit_desk(actor, "thread.claimed", thread)
        tell(thread, "claimed")


def release(thread_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Put a claimed thread back to its old place in the queue."""
    with transaction.atomic():
        thread = _claimed(thread_id, actor)
        thread.state, thread.claimed_by, thread.updated_at = Thread.State.WAITING, None, at
        thread.save()
        _audit_desk(actor, "thread.released", thread)
        tell(thread, "waiting")


def reply(thread_id: UUID, text: str, *, actor: Actor, key: str, at: datetime) -> None:
    """Answer the person; they see it live, on reload, and by e-mail if they left an address.

    Raises:
        PrzystanError: the reply is empty or too long; nothing is sent.
    """
    text = text.strip()
    if not text or len(text) > LONGEST_REPLY:
        raise PrzystanError(
            _("Write a reply of at most %(longest)s characters; your text is kept.")
            % {"longest": LONGEST_REPLY},
            status=422,
        )

    def store() -> str:
        thread = _claimed(thread_id, actor)
        message = Message.objects.create(
            thread=thread,
            author=Message.Author.CONSULTANT,
            at=at,
            words_sealed=words.seal(thread.pk, text, field="message"),
            written_by=actor.account_id,
        )
        thread.state, thread.updated_at, thread.waiting_since = Thread.State.REPLIED, at, None
        thread.save()
        _audit_desk(actor, "thread.replied", thread)
        tell(thread, "replied")
        if thread.email_sealed:
            outbox.put(
                "conversations.reply_posted",
                key=f"thread:{thread.pk}",
                thread_id=str(thread.pk),
                message_id=str(message.pk),
            )
        return str(message.pk)

    with transaction.atomic():
        idempotency.once(f"reply:{thread_id}", key, {"text": text}, store)


def close(thread_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Nothing more is expected; the person may still write, which opens it again."""
    with transaction.atomic():
        thread = _locked(thread_id, actor)
        if thread.state == Thread.State.CLAIMED and thread.claimed_by != actor.account_id:
            raise absent()
        thread.state, thread.claimed_by, thread.updated_at = Thread.State.CLOSED, None, at
        thread.waiting_since = None
        thread.save()
        _audit_desk(actor, "thread.closed", thread)
        tell(thread, "closed")


def forget_old(*, at: datetime) -> int:
    """Destroy the words of anonymous threads after their days; counts and audit rows stay.

    A thread that still waits for a human is kept until it was answered.
    """
    edge = at - timedelta(days=settings.ANONYMOUS_TEXT_DAYS)
    old = Thread.objects.filter(created_at__lt=edge, account_id=None, forgotten_at=None).exclude(
        state__in=[Thread.State.WAITING, Thread.State.CLAIMED]
    )
    count = 0
    for thread in old.only("pk", "team")[:500]:
        with transaction.atomic():
            forget(thread.pk, at=at)
            audit.record(
                system("keep no old words"),
                "thread.forgotten",
                ids=[thread.pk],
                sealed=thread.is_sealed,
            )
        count += 1
    return count


def forget(thread_id: UUID, *, at: datetime) -> None:
    """Make the words of a thread unreadable for ever, in every copy and backup."""
    with transaction.atomic():
        words.forget(thread_id)
        Message.objects.filter(thread_id=thread_id).update(words_sealed=b"", answer_sealed=None)
        Thread.objects.filter(pk=thread_id).update(
            forgotten_at=at, email_sealed=None, session="", token_sealed=b"", account_id=None
        )


def _thread(thread_id: UUID) -> Thread:
    thread = Thread.objects.filter(pk=thread_id, forgotten_at=None).first()
    if thread is None:
        raise absent()
    return thread


def _locked(thread_id: UUID, actor: Actor | None = None) -> Thread:
    rows = Thread.objects.visible_to(actor) if actor and actor.is_staff else Thread.objects.all()
    thread = rows.select_for_update().filter(pk=thread_id, forgotten_at=None).first()
    if thread is None:
        raise absent()
    return thread


def _claimed(thread_id: UUID, actor: Actor) -> Thread:
    policy.require(actor, "thread.answer")
    thread = _locked(thread_id, actor)
    if thread.state != Thread.State.CLAIMED or thread.claimed_by != actor.account_id:
        raise PrzystanError(
            _("You have not taken this conversation. Claim it first; your text is kept."),
            status=409,
        )
    return thread


def _audit_desk(actor: Actor, act: str, thread: Thread) -> None:
    audit.record(
        actor,
        act,
        subject=None,
        ids=[thread.pk],
        office_id=actor.office_id,
        sealed=thread.is_sealed,
    )


def tell(thread: Thread, kind: str) -> None:
    """News for the pages that show this thread; the open desk hears of its queue alone."""
    events.publish(thread.stream, kind, {})
    events.publish(f"desk:{thread.team or 'open'}", "queue", {})


def _turns(thread: Thread) -> tuple[Turn, ...]:
    said = list(thread.messages.filter(check_id=None).order_by("-at", "-id")[: CONTEXT_TURNS * 2])
    turns: list[Turn] = []
    articles: tuple[str, ...] = ()
    for message in said:
        if message.answer_sealed:
            document = json.loads(words.read(thread.pk, message.answer_sealed, field="answer"))
            lines = Answer.from_json(document).lines
            articles = tuple(dict.fromkeys(line.citation.article for line in lines))
        elif message.author == Message.Author.PERSON:
            asked = words.read(thread.pk, message.words_sealed, field="message")
            turns.append(Turn(asked, articles))
            articles = ()
    return tuple(reversed(turns))
