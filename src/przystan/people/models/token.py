"""Keys of connected systems: what they may do, for which office, until when."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from przystan.core.ids import new_id
from przystan.people.models.office import Office


class ApiToken(models.Model):
    """A key that a system of an office shows; only its SHA-256 is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Which system uses it, as the office calls it.
    name = models.CharField(max_length=120)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # Names of people/tokens.py; what is not listed is refused.
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    # The day alone: enough to find keys that nobody uses.
    last_used_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="api_token_has_an_end"
            )
        ]

    def __str__(self) -> str:
        return f"API token {self.pk}"
