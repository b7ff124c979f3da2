"""Forgetting checks: their key is destroyed and their rows go; the trail says that it happened."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from przystan.people.actor import Actor, system
from przystan.procedures import sealing
from przystan.procedures.models import Check
from przystan.procedures.reaching import locked, record

MOST_AT_ONCE = 500


def forget_check(check_id: UUID, *, actor: Actor) -> None:
    """Erase a check now, because its person wants it.

    Raises:
        AbsentError: it is not there, or not the actor's.
    """
    with transaction.atomic():
        forget(locked(check_id, actor), actor=actor)


def forget(check: Check, *, actor: Actor) -> None:
    """Destroy the check's key and its rows, in the caller's transaction."""
    record(actor, "check.forgotten", check)
    sealing.forget(check.pk)
    check.delete()


def forget_old(*, at: datetime) -> int:
    """Erase checks that nobody saved after their hours, saved ones after their days of rest."""
    unsaved = at - timedelta(hours=settings.CHECK_UNSAVED_HOURS)
    rested = at - timedelta(days=settings.CHECK_SAVED_DAYS)
    old = Check.objects.filter(
        Q(is_saved=False, updated_at__lt=unsaved) | Q(is_saved=True, updated_at__lt=rested)
    )
    count = 0
    for check in old.defer("facts_sealed")[:MOST_AT_ONCE]:
        with transaction.atomic():
            forget(check, actor=system("keep no old checks"))
        count += 1
    return count
