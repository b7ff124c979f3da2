from przystan.core.models.event import Event
from przystan.core.models.idempotency import IdempotentAct
from przystan.core.models.outbox import OutboxMessage
from przystan.core.models.schedule import ScheduledJob

__all__ = ["Event", "IdempotentAct", "OutboxMessage", "ScheduledJob"]
