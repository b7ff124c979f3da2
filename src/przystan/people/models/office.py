"""Offices as one tree, who answers for their data, and who works in them as what."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from przystan.core.ids import new_id
from przystan.people import roles
from przystan.people.actor import Actor
from przystan.people.models.account import Account
from przystan.people.visible import VisibleQuerySet


class Controller(models.Model):
    """Who decides why and how personal data are used (GDPR art. 4(7))."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200, unique=True)
    # Where a person turns with a request about their data.
    contact = models.CharField(max_length=300)
    # Names the privacy notice that the portal shows for this controller's pages.
    notice_key = models.SlugField(max_length=60)

    def __str__(self) -> str:
        return self.name


class OfficeQuerySet(models.QuerySet["Office"]):
    def under(self, office: "Office") -> Self:
        """The office itself and everything below it in the tree."""
        return self.filter(path__startswith=office.path)


class Office(models.Model):
    """A place in the one tree of offices; every record has one that owns it.

    `path` holds the slugs from the root down ("/mrpips/contact-centre/"), so that a subtree is
    a prefix; only `people.offices` writes it.
    """

    class Kind(models.TextChoices):
        MINISTRY = "ministry", _("Ministry")
        VOIVODESHIP = "voivodeship", _("Voivodeship office")
        COUNTY = "county", _("County office")
        CENTRE = "centre", _("Integration centre")
        NGO = "ngo", _("Non-governmental organisation")
        CONTACT_CENTRE = "contact_centre", _("Contact centre")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=500, unique=True, editable=False)
    controller = models.ForeignKey(Controller, on_delete=models.PROTECT, related_name="offices")
    # Territorial code (TERYT TERC): two digits a voivodeship, four a county, seven a commune.
    terc = models.CharField(max_length=7, blank=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["path"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(terc="") | Q(terc__regex=r"^(\d{2}|\d{4}|\d{7})$"),
                name="office_terc_digits",
            )
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(VisibleQuerySet["Membership"]):
    def rule(self, actor: Actor) -> Q:
        """Everybody sees their own; who may grant roles sees those of the offices below."""
        mine = Q(account_id=actor.account_id) if actor.account_id else Q(pk__in=[])
        if actor.role != "admin" or actor.office_id is None:
            return mine
        own_office = Office.objects.filter(pk=actor.office_id).values("path")[:1]
        return mine | Q(office__path__startswith=models.Subquery(own_office))

    def active(self, at: datetime) -> Self:
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)


class Membership(models.Model):
    """An account's role in an office, for a time; ended by a date, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="memberships")
    # Ids of people/roles.yaml.
    role = models.CharField(max_length=40)
    teams = models.JSONField(default=list, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["valid_from", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="membership_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["account", "office", "role"],
                condition=Q(valid_to=None),
                name="membership_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"membership {self.pk}"

    @property
    def all_teams(self) -> frozenset[str]:
        """Teams of this membership and those that its role always belongs to."""
        return frozenset(self.teams) | roles.book().role(self.role).teams
