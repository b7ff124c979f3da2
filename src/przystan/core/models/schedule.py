"""When each periodic job last ran, so that one of several schedulers runs it."""

from django.db import models


class ScheduledJob(models.Model):
    name = models.CharField(max_length=80, primary_key=True)
    next_at = models.DateTimeField()
    last_ms = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name
