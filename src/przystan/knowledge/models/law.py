"""Acts, their editions and provisions. Identifiers follow ELI, the European Legislation Identifier.

A provision's id is its place in the act: art. 114(1)(5) is `art-114-1-5`, regulation § 3 is
`par-3`, art. 39¹ is `art-39sup1`. Ids mean the same in every edition of the act.
"""

from typing import ClassVar

from django.db import models


class Act(models.Model):
    slug = models.SlugField(unique=True, max_length=80)
    code = models.CharField(unique=True, max_length=10)
    # language → words
    titles = models.JSONField(default=dict)
    shorts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.slug


class Edition(models.Model):
    """The text of an act as it stood on a day; a later edition never replaces an earlier one."""

    act = models.ForeignKey(Act, models.PROTECT, related_name="editions")
    eli = models.CharField(max_length=40)  # "DU/2025/1079"
    state_on = models.DateField()
    read_on = models.DateField()
    url = models.URLField(max_length=500)
    # SHA-256 of the file that the official text came from; empty while none was imported.
    text_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["act", "eli", "state_on"], name="edition_once")
        ]

    def __str__(self) -> str:
        return f"{self.eli} of {self.state_on}"


class Provision(models.Model):
    """A provision that the product cites: our own words, and the edition they were read in."""

    act = models.ForeignKey(Act, models.PROTECT, related_name="provisions")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="provisions")
    key = models.SlugField(max_length=60)  # "art-114-1-5"
    # "art. 114 ust. 1 pkt 5"; the importer corrects it from the official text.
    label = models.CharField(max_length=120)
    summaries = models.JSONField(default=dict)  # language → one or two sentences
    read_on = models.DateField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["act", "key"], name="provision_once")
        ]

    def __str__(self) -> str:
        return f"{self.act_id}#{self.key}"


class OfficialText(models.Model):
    """One unit of an edition's official text, as imported; footnotes and notes kept apart."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="texts")
    key = models.SlugField(max_length=60)
    parent = models.CharField(max_length=60, blank=True)
    position = models.PositiveIntegerField()  # in the act, from 0
    depth = models.PositiveSmallIntegerField()  # 0: article
    label = models.CharField(max_length=120)
    # Where the unit stands: "Dział V, Rozdział 1. …"; articles only.
    division = models.CharField(max_length=600, blank=True)
    text = models.TextField(blank=True)  # the opening part; what is below are rows of their own
    closing = models.TextField(blank=True)  # the part common to the list below
    # Wording that is enacted but not yet in force on the edition's day.
    coming = models.TextField(blank=True)
    is_repealed = models.BooleanField(default=False)
    footnotes = models.JSONField(default=list)  # list of str
    notes = models.JSONField(default=list)  # margin notes on when a change enters into force

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["edition", "key"], name="official_text_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["edition", "position"], name="official_text_order")
        ]

    def __str__(self) -> str:
        return self.key
