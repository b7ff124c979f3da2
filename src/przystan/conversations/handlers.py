"""Periodic work of conversations, and their part in export and erasure."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from przystan.conversations import services, words
from przystan.conversations.models import Message, Thread
from przystan.core import clock, schedule
from przystan.people.personal_data import register_personal_data


@schedule.every(name="conversations.forget-old", minutes=60)
def forget_old() -> None:
    services.forget_old(at=clock.now())


def export_threads(account_id: UUID) -> Iterable[dict[str, Any]]:
    """The person's own threads in words; sealed ones hang on no account and are not here."""
    for thread in Thread.objects.filter(account_id=account_id, forgotten_at=None):
        yield {
            "thread": str(thread.pk),
            "language": thread.lang,
            "began": thread.created_at.isoformat(),
            "messages": [
                {
                    "author": message.author,
                    "at": message.at.isoformat(),
                    "text": words.read(thread.pk, message.words_sealed, field="message"),
                }
                for message in thread.messages.all()
            ],
        }


def erase_threads(account_id: UUID) -> int:
    threads = list(Thread.objects.filter(account_id=account_id).values_list("pk", flat=True))
    for thread_id in threads:
        services.forget(thread_id, at=clock.now())
    return len(threads)


def export_replies(account_id: UUID) -> Iterable[dict[str, Any]]:
    """A consultant's replies belong to the threads; of the consultant only the count is told."""
    yield {"replies_written": Message.objects.filter(written_by=account_id).count()}


def erase_replies(account_id: UUID) -> int:
    """Take the consultant's account off replies, and put back what it still had claimed."""
    claimed = Thread.objects.filter(claimed_by=account_id)
    claimed.filter(state=Thread.State.CLAIMED).update(state=Thread.State.WAITING, claimed_by=None)
    claimed.update(claimed_by=None)
    return Message.objects.filter(written_by=account_id).update(written_by=None)


register_personal_data(
    "conversations.Thread",
    export=lambda owner: export_threads(owner.account_id),
    erase=lambda owner, at: erase_threads(owner.account_id),
)
register_personal_data(
    "conversations.Message",
    export=lambda owner: export_replies(owner.account_id),
    erase=lambda owner, at: erase_replies(owner.account_id),
)
