"""What must be told to others once a transaction is committed."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

# Attempts before a message is set aside for a human: 1 s, 4 s, 16 s … about 6 hours in all.
MAX_ATTEMPTS = 8
LONGEST_WAIT = timedelta(seconds=4 ** (MAX_ATTEMPTS - 1))


class OutboxMessage(models.Model):
    """One thing to tell, at least once; messages of one key leave in the order they came.

    `dead_at` marks a dead letter: the desk shows it, and a human sends it again or drops it.
    """

    topic = models.CharField(max_length=80)
    # Messages of one key keep their order; a failing one holds back those behind it.
    key = models.CharField(max_length=160)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["dead_at", "due_at", "id"], name="outbox_due"),
            models.Index(fields=["key", "id"], name="outbox_key"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.pk}"

    def failed(self, error: str, *, at: datetime) -> None:
        """Wait longer before each new attempt; after the last one become a dead letter."""
        self.attempts += 1
        self.last_error = error[:200]
        if self.attempts >= MAX_ATTEMPTS:
            self.dead_at = at
        self.due_at = at + timedelta(seconds=4 ** (self.attempts - 1))
