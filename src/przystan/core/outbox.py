"""The outbox: say in a transaction what must happen after it, and it will, at least once.

A handler runs outside the transaction that put the message, may run twice, and so must make
its effect once (an idempotency key, a unique row). Dead letters are shown at the desk.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Min, Q

from przystan.core import clock, logs
from przystan.core.models import OutboxMessage
from przystan.core.models.outbox import LONGEST_WAIT

Handler = Callable[[dict[str, Any]], None]
_HANDLERS: dict[str, list[Handler]] = {}
_LOG = logs.get(__name__)
BATCH = 50


def on(topic: str) -> Callable[[Handler], Handler]:
    """Register a handler for a topic; several may listen, each is called."""

    def register(handler: Handler) -> Handler:
        _HANDLERS.setdefault(topic, []).append(handler)
        return handler

    return register


def put(topic: str, *, key: str, **payload: Any) -> None:
    """Leave a message in the caller's transaction.

    Args:
        topic: "room.happened", for example "conversations.reply_posted".
        key: messages of one key are delivered in order.
        payload: ids and states, JSON; never words of a person.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"outbox.put({topic}) outside a transaction could be lost.")
    OutboxMessage.objects.create(topic=topic, key=key, payload=payload, due_at=clock.now())


def dispatch(*, at: datetime, limit: int = BATCH) -> int:
    """Deliver what is due, oldest of each key first; return how many messages left.

    Each message is taken, handled and deleted on its own, so one failure holds back its own
    key alone. Two dispatchers at once do no harm: a message taken is due later for the other.
    """
    delivered = 0
    for message_id in _due(at, limit):
        delivered += _deliver(message_id, at)
    return delivered


def _due(at: datetime, limit: int) -> list[int]:
    heads = (
        OutboxMessage.objects.filter(dead_at=None)
        .values("key")
        .annotate(head=Min("id"))
        .values_list("head", flat=True)
    )
    waiting = OutboxMessage.objects.filter(_is_due(at), id__in=heads).order_by("id")
    return list(waiting.values_list("id", flat=True)[:limit])


def _is_due(at: datetime) -> Q:
    # Further away than any wait of ours: put while the clock stood ahead, so it is due as well.
    return Q(due_at__lte=at) | Q(due_at__gt=at + LONGEST_WAIT)


def _deliver(message_id: int, at: datetime) -> int:
    # The lease: whoever moves `due_at` first has the message for a minute.
    leased = OutboxMessage.objects.filter(_is_due(at), id=message_id, dead_at=None).update(
        due_at=at + timedelta(minutes=1)
    )
    message = OutboxMessage.objects.filter(id=message_id).first() if leased else None
    if message is None:
        return 0
    started = time.monotonic()
    try:
        for handler in _HANDLERS.get(message.topic, []):
            handler(message.payload)
    except Exception as error:  # a handler may fail in any way; none may stop the others
        message.failed(type(error).__name__, at=at)
        message.save(update_fields=["attempts", "last_error", "dead_at", "due_at"])
        _LOG.warning(
            "outbox.failed",
            topic=message.topic,
            id=message.pk,
            attempts=message.attempts,
            is_dead=message.dead_at is not None,
            exc_info=True,
        )
        return 0
    message.delete()
    elapsed_ms = round((time.monotonic() - started) * 1000)
    _LOG.info("outbox.delivered", topic=message.topic, id=message_id, ms=elapsed_ms)
    return 1


def dead_letters() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.exclude(dead_at=None).order_by("-id")[:200])


def send_again(message_id: int, *, at: datetime) -> bool:
    """Give a dead letter a new life; False when there is none with this id."""
    return bool(
        OutboxMessage.objects.filter(id=message_id)
        .exclude(dead_at=None)
        .update(dead_at=None, attempts=0, due_at=at)
    )


def drain(*, at: datetime, rounds: int = 100) -> int:
    """Deliver until nothing is due: for commands and tests."""
    total = 0
    for _ in range(rounds):
        if not (count := dispatch(at=at)):
            break
        total += count
    return total
