"""What happened on a stream, kept so that a reader who was away catches up."""

from typing import ClassVar

from django.db import models


class Event(models.Model):
    """A line of a live stream. `id` is the Last-Event-ID that a browser sends back."""

    stream = models.CharField(max_length=120)
    kind = models.CharField(max_length=60)
    # Ids and states only: the page that hears of an event fetches what it may see.
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["stream", "id"], name="event_stream")
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.kind} {self.pk}"
