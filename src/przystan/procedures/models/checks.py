"""A run of a procedure's rules, what was stated in it, and the doors that lead to it.

Everything that a person said is sealed under the check's own data key: forgetting a check is
destroying that key. In clear stand ids, states, the procedure and days.
"""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from przystan.core.ids import new_id
from przystan.people import policy
from przystan.people.actor import Actor
from przystan.people.visible import NOTHING, VisibleQuerySet


class CheckQuerySet(VisibleQuerySet["Check"]):
    """One's own checks; for staff those that a person opened to their office, for a time."""

    def rule(self, actor: Actor) -> Q:
        if actor.is_staff:
            # What a clerk began at the desk is open in that clerk's session.
            return _shared_with(actor) | (Q(session=actor.session) if actor.session else NOTHING)
        return _own(actor)


def _own(actor: Actor) -> Q:
    own = Q(session=actor.session) if actor.session else NOTHING
    return own | Q(account_id=actor.account_id) if actor.account_id else own


def _shared_with(actor: Actor) -> Q:
    # The desk's own permission; a check is shown to it only where the person opened it.
    if not policy.can(actor, "thread.read"):
        return NOTHING
    open_doors = Door.objects.filter(
        kind=Door.Kind.DESK, office_id=actor.office_id, ends_at__gt=Now()
    )
    return Q(pk__in=open_doors.values("of"))


class Check(models.Model):
    """One run. `facts_sealed` is what is stated now; `Statement` is how it came about.

    `valid_from`, `revision` and `definition_hash` name the version that governed when it was last
    looked at: a fact may choose the law of another day.
    """

    class State(models.TextChoices):
        OPEN = "open"
        FINISHED = "finished"

    class Channel(models.TextChoices):
        WEB = "web"
        CHAT = "chat"
        API = "api"
        DESK = "desk"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    procedure = models.CharField(max_length=80)
    valid_from = models.DateField()
    revision = models.PositiveIntegerField()
    definition_hash = models.CharField(max_length=64, blank=True)
    words_revision = models.PositiveIntegerField()
    lang = models.CharField(max_length=12)
    # The day as of which it is checked, in Warsaw; after `started_at` for an announced version.
    on = models.DateField()
    channel = models.CharField(max_length=8, choices=Channel)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    account_id = models.UUIDField(null=True, blank=True, db_index=True)
    # A keyed hash of the visitor's session in which it is open.
    session = models.CharField(max_length=64, blank=True, db_index=True)
    facts_sealed = models.BinaryField()
    # Somebody wants to come back: by an account, a link or a code.
    is_saved = models.BooleanField(default=False)
    # One of its outcomes is sealed: it hangs on no account and is never saved.
    keeps_nothing = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = CheckQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["is_saved", "updated_at"], name="check_age"),
            models.Index(fields=["procedure", "valid_from", "revision"], name="check_version"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="what_keeps_nothing_is_nobodys",
                condition=Q(keeps_nothing=False) | Q(account_id=None, is_saved=False),
            ),
        ]

    def __str__(self) -> str:
        return f"check {self.pk}"


class Statement(models.Model):
    """One entry of the ledger: a fact, its value, and who said it how, sealed together.

    "I do not know" is a value like others. Entries are added, never changed; forgetting a fact
    deletes its entries.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # A person is named by the subject key, as in the trail; None: a visitor without account.
    by_subject = models.UUIDField(null=True, blank=True)
    # `check` is a method of every model.
    of = models.ForeignKey(Check, models.CASCADE, related_name="statements")
    source = models.CharField(max_length=8, choices=Check.Channel)
    at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"statement {self.pk}"


class Snapshot(models.Model):
    """A check as it was when it was finished: inputs, law and everything that came out.

    `sealed` is the canonical record of the engine beside the answer that was shown; never changed
    (`procedures/guards.py`). A check that is taken up again gets another one.
    """

    of = models.ForeignKey(Check, models.CASCADE, related_name="snapshots")
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    revision = models.PositiveIntegerField()
    definition_hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["of", "number"], name="snapshot_number_once")
        ]

    def __str__(self) -> str:
        return f"snapshot {self.number} of {self.of_id}"


class Door(models.Model):
    """A way to a check: a secret link, a short code, or a code for a clerk.

    The secret stands nowhere; it is found by its blind index. A code opens once.
    """

    class Kind(models.TextChoices):
        LINK = "link"
        CODE = "code"
        DESK = "desk"

    class Scope(models.TextChoices):
        SEE = "see"
        FILL = "fill"  # see, and answer together with the person

    of = models.ForeignKey(Check, models.CASCADE, related_name="doors")
    kind = models.CharField(max_length=4, choices=Kind)
    scope = models.CharField(max_length=4, choices=Scope, default=Scope.SEE)
    secret_index = models.BinaryField(unique=True, max_length=32)
    # The office whose clerk typed the code; the check is open to it until `ends_at`.
    office_id = models.UUIDField(null=True, blank=True)
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["office_id", "ends_at"], name="door_office")
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.of_id}"

    def is_open(self, at: datetime) -> bool:
        is_spent = self.used_at is not None and self.kind != self.Kind.LINK
        return at < self.ends_at and not is_spent
