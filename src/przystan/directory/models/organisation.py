"""Who helps, how to reach them, and the day on which that was last seen to be true.

Names follow Open Referral HSDS 3 where it has one: organization (id, name, description),
phone and schedule; the languages of a line are HSDS `languages`.
"""

from typing import ClassVar

from django.db import models


class Organisation(models.Model):
    """An institution or a help line; `id` is stable and stands in texts as `{service:id}`."""

    class Kind(models.TextChoices):
        HELP_LINE = "help_line"
        OFFICE = "office"
        INSPECTORATE = "inspectorate"
        NGO = "ngo"
        LIST = "list"

    id = models.SlugField(primary_key=True, max_length=60)
    kind = models.CharField(max_length=20, choices=Kind)
    # Language → words.
    names = models.JSONField()
    descriptions = models.JSONField(default=dict)
    # Weekly opening: [{"days": ["mo", "fr"], "from": "09:00", "to": "16:00"}], [] when unknown.
    opening = models.JSONField(default=list)
    is_always_open = models.BooleanField(default=False)
    hours_note = models.JSONField(default=dict)
    languages = models.JSONField(default=list)
    # Voivodeship (two digits of TERC) that the office serves; "" for the whole country.
    terc = models.CharField(max_length=7, blank=True)
    seen_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)
    is_verified = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["order", "id"]

    def __str__(self) -> str:
        return str(self.pk)


class Contact(models.Model):
    """One way to reach an organisation."""

    class Kind(models.TextChoices):
        PHONE = "phone"
        EMAIL = "email"
        WEB = "web"
        ADDRESS = "address"

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="contacts"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    value = models.CharField(max_length=300)
    note = models.JSONField(default=dict)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["order", "id"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.organisation_id}"
