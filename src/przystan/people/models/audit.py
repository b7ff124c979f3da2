"""Who did or saw what, for what purpose: rows that are only ever added."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from przystan.core import clock

# The chain of acts that belong to no office: the platform's own.
PLATFORM = UUID(int=0)


class AuditRow(models.Model):
    """One act or one page viewed. People are named by random subject keys alone.

    Once the worker has given a row its place in its office's chain (`sequence` and the two
    hashes), the database refuses to change or delete it (migration 0002_audit_guard); what the
    row says cannot be changed even before that.
    """

    at = models.DateTimeField(default=clock.now)
    # The office that owns the record, or PLATFORM: each has its own chain.
    chain = models.UUIDField(default=PLATFORM)
    # "room.what_happened", for example "conversations.reply_posted".
    act = models.CharField(max_length=80)
    is_view = models.BooleanField(default=False)
    # Subject key of who acted; null for a visitor and for the product itself.
    actor_subject = models.UUIDField(null=True)
    actor_role = models.CharField(max_length=40)
    actor_office_id = models.UUIDField(null=True)
    on_behalf_of = models.UUIDField(null=True)
    purpose = models.CharField(max_length=60)
    assurance = models.CharField(max_length=12)
    # Subject key of the person whom the act concerns.
    subject = models.UUIDField(null=True)
    # Subject keys of all persons on a viewed list; AuditMention finds them again.
    subjects = models.JSONField(default=list)
    # Ids of the records; for sealed records keyed hashes of them.
    ids = models.JSONField(default=list)
    is_about_sealed = models.BooleanField(default=False)
    detail = models.JSONField(default=dict)

    # The place in the chain, given by audit.seal_pending within seconds.
    sequence = models.PositiveBigIntegerField(null=True)
    previous_hash = models.BinaryField(null=True, max_length=32)
    row_hash = models.BinaryField(null=True, max_length=32)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="audit_one_place_each")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["chain", "id"], condition=Q(sequence=None), name="audit_unsealed"),
            models.Index(
                fields=["subject", "-id"],
                condition=Q(subject__isnull=False),
                name="audit_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.pk}"


class AuditMention(models.Model):
    """Finds a viewed list by the persons on it; made from `AuditRow.subjects`, which is chained."""

    row = models.ForeignKey(AuditRow, on_delete=models.CASCADE, related_name="mentions")
    subject = models.UUIDField(db_index=True)

    def __str__(self) -> str:
        return f"mention in {self.row_id}"


class AuditChain(models.Model):
    """Length and head of an office's chain; locked while rows are added to it."""

    chain = models.UUIDField(primary_key=True)
    length = models.PositiveBigIntegerField(default=0)
    head = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"chain {self.pk}, {self.length} rows"
