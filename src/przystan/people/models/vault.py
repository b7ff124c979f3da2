"""The data keys: what is sealed under one is forgotten when it is destroyed."""

from typing import ClassVar

from django.db import models


class DataKey(models.Model):
    """The key under which one owner's words and files are sealed, itself wrapped by the master key.

    An empty `wrapped` is a tombstone: the key was destroyed and none may be made again for this
    owner, so that a late writer fails instead of storing what nobody would erase. Only
    `people.vault` reads `wrapped`.
    """

    class Kind(models.TextChoices):
        ACCOUNT = "account"
        THREAD = "thread"
        CASE = "case"

    owner_id = models.UUIDField(primary_key=True)
    owner_kind = models.CharField(max_length=10, choices=Kind)
    wrapped = models.BinaryField()
    # Which master key wraps it (vault.key_id); empty for a destroyed key.
    master_key_id = models.CharField(max_length=16, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["master_key_id"], name="datakey_master")
        ]

    def __str__(self) -> str:
        return f"data key of {self.owner_kind} {self.pk}"
