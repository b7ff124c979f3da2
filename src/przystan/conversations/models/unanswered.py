"""Questions that found nothing, redacted: what the guide still lacks (F17)."""

from typing import ClassVar

from django.db import models


class UnansweredQuestion(models.Model):
    """Words without names, numbers and addresses, without a link to who asked or when exactly."""

    lang = models.CharField(max_length=12)
    text = models.CharField(max_length=300)
    reason = models.CharField(max_length=20)
    asked_on = models.DateField()
    # An editor's answer to it: the article that now covers it, or "" while none does.
    settled_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-asked_on", "-id"]

    def __str__(self) -> str:
        return f"unanswered {self.pk}"
