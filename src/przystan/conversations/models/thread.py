"""One conversation: who may see it, whose move it is, and how long its words are kept."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from przystan.conversations import words
from przystan.core.ids import new_id
from przystan.people import policy
from przystan.people.actor import Actor
from przystan.people.visible import NOTHING, VisibleQuerySet


class ThreadQuerySet(VisibleQuerySet["Thread"]):
    """A person's own threads, or those that wait at the actor's desk.

    A sealed thread exists for its team alone; a person reaches it by its secret link only.
    """

    sealed_field = "team"

    def rule(self, actor: Actor) -> Q:
        if not actor.is_staff:
            return _own(actor)
        # What the assistant settled with the person is nobody's business at the desk.
        return ~Q(state=Thread.State.ANSWERED) if policy.can(actor, "thread.read") else NOTHING

    def by_token(self, token: str) -> "ThreadQuerySet":
        return self.filter(token_index=words.index_of(token))

    def in_queue(self) -> "ThreadQuerySet":
        """Those that wait for a human: danger first, then in order of waiting."""
        return self.filter(state=Thread.State.WAITING).order_by("-is_urgent", "waiting_since", "id")


def _own(actor: Actor) -> Q:
    if actor.account_id:
        return Q(account_id=actor.account_id)
    return Q(session=actor.session) if actor.session else NOTHING


class Thread(models.Model):
    """A person's matter in one place. Its words are encrypted under the thread's own key."""

    class State(models.TextChoices):
        ANSWERED = "answered"
        WAITING = "waiting"
        CLAIMED = "claimed"
        REPLIED = "replied"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # The secret link: found by its blind index, shown again from its sealed copy.
    token_index = models.BinaryField(unique=True, max_length=32)
    token_sealed = models.BinaryField()
    account_id = models.UUIDField(null=True, blank=True, db_index=True)
    # A keyed hash of the visitor's session; empty on sealed threads, which no list may show.
    session = models.CharField(max_length=64, blank=True, db_index=True)
    lang = models.CharField(max_length=12)
    question_lang = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=State, default=State.ANSWERED)
    reason = models.CharField(max_length=20, blank=True)
    # "" is the open desk; "danger" and other teams are sealed: theirs alone.
    team = models.CharField(max_length=20, blank=True)
    is_urgent = models.BooleanField(default=False)
    claimed_by = models.UUIDField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    email_sealed = models.BinaryField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    # When the words of an anonymous conversation were destroyed; its counts stay.
    forgotten_at = models.DateTimeField(null=True, blank=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "team", "lang", "waiting_since"], name="thread_queue"),
            models.Index(fields=["created_at"], name="thread_age"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="waiting_threads_know_since_when",
                condition=~Q(state="waiting") | Q(waiting_since__isnull=False),
            ),
            models.CheckConstraint(
                name="claimed_threads_know_by_whom",
                condition=~Q(state="claimed") | Q(claimed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="sealed_threads_are_in_no_list",
                condition=Q(team="") | Q(session="", account_id=None, email_sealed=None),
            ),
        ]

    def __str__(self) -> str:
        return f"thread {self.pk}"

    @property
    def is_sealed(self) -> bool:
        return bool(self.team)

    @property
    def stream(self) -> str:
        return f"thread:{self.pk}"

    def wait_for_human(self, reason: str, *, at: datetime) -> None:
        self.reason = reason
        if self.state not in {self.State.WAITING, self.State.CLAIMED}:
            self.state = self.State.WAITING
            self.waiting_since = at
            self.claimed_by = None
