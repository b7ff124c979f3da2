"""What people agreed to and took back: entries that are only ever added."""

from typing import ClassVar

from django.db import models


class ConsentEntry(models.Model):
    """Consent given or withdrawn (GDPR art. 7): the newest entry of a purpose counts.

    It names the person by the random subject key and seals the evidence under the person's data
    key, so that after erasure it proves that *somebody* was asked, and no longer who.
    """

    subject = models.UUIDField()
    purpose = models.CharField(max_length=60)
    # Office that is the data controller; null: the operator of this platform.
    controller_id = models.UUIDField(null=True)
    is_given = models.BooleanField()
    at = models.DateTimeField()
    # Version and BCP 47 language of the text that the person saw.
    text_version = models.CharField(max_length=40)
    language = models.CharField(max_length=12)
    evidence_sealed = models.BinaryField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject", "purpose", "-at"], name="consent_newest")
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"
