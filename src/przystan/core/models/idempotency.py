"""Acts that were done under a key, so that a repeated submission is the same submission."""

from typing import ClassVar

from django.db import models


class IdempotentAct(models.Model):
    scope = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    body_hash = models.CharField(max_length=64)
    result = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["scope", "key"], name="one_act_per_key")
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.pk}"
