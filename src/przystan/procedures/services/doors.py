"""Ways to a check: a link and a short code to come back by, a code for a clerk."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from przystan.core.errors import AbsentError, PrzystanError
from przystan.core.ids import new_code, new_token
from przystan.people import policy
from przystan.people.actor import Actor
from przystan.procedures import sealing
from przystan.procedures.data import SavedDoors
from przystan.procedures.models import Check, Door
from przystan.procedures.reaching import locked, record

DESK_HOURS = (1, 8)  # a talk, or a working day


def save_for_later(check_id: UUID, *, actor: Actor, at: datetime) -> SavedDoors:
    """Keep a check and return a link and a code to it; those made before end.

    Raises:
        AbsentError: it is not there, or not the actor's own.
        PrzystanError: nothing of it is kept, on purpose.
    """
    with transaction.atomic():
        check = _own(check_id, actor)
        if check.keeps_nothing:
            raise PrzystanError(
                _("Nothing of these pages is kept, for your safety. They cannot be saved."),
                status=409,
            )
        check.doors.filter(kind__in=[Door.Kind.LINK, Door.Kind.CODE]).delete()
        ends_at = at + timedelta(days=settings.CHECK_SAVED_DAYS)
        token, code = new_token(), new_code()
        _open(check, Door.Kind.LINK, token, ends_at=ends_at)
        _open(check, Door.Kind.CODE, code, ends_at=ends_at)
        check.is_saved, check.updated_at = True, at
        check.save(update_fields=["is_saved", "updated_at"])
        record(actor, "check.saved", check)
    return SavedDoors(token, code, ends_at)


def resume_by_link(token: str, *, actor: Actor, at: datetime) -> UUID:
    """Open a saved check in this browser; in the one where it was open it no longer is.

    Raises:
        AbsentError: no such link, or its check was forgotten.
    """
    return _resume(Door.Kind.LINK, token, actor=actor, at=at)


def resume_by_code(code: str, *, actor: Actor, at: datetime) -> UUID:
    """As `resume_by_link`, by the short code, which opens once.

    Raises:
        AbsentError: no such code, or it was used.
    """
    return _resume(Door.Kind.CODE, plain(code), actor=actor, at=at)


def is_link(token: str, *, at: datetime) -> bool:
    """Whether a link still opens something; nothing is opened by asking."""
    index = sealing.index_of(Door.Kind.LINK, token)
    door = Door.objects.filter(kind=Door.Kind.LINK, secret_index=index).first()
    return door is not None and door.is_open(at)


def _resume(kind: str, secret: str, *, actor: Actor, at: datetime) -> UUID:
    with transaction.atomic():
        door = _door(kind, secret, at=at)
        check = Check.objects.select_for_update().get(pk=door.of_id)
        # One browser at a time: a link that was passed on shows itself by closing here.
        check.session, check.updated_at = actor.session, at
        check.save(update_fields=["session", "updated_at"])
        record(actor, "check.resumed", check)
        return check.pk


def share_with_desk(check_id: UUID, *, scope: str, hours: int, actor: Actor, at: datetime) -> str:
    """Make a code that a clerk types at the desk to see this check for some hours.

    Args:
        scope: "see", or "fill": the clerk answers together with the person.
        hours: one of `DESK_HOURS`, counted from now.

    Raises:
        AbsentError: it is not there, or not the actor's own.
        PrzystanError: no such scope or time.
    """
    if scope not in Door.Scope or hours not in DESK_HOURS:
        raise PrzystanError(_("Choose what the clerk may do, and for how long."), status=422)
    with transaction.atomic():
        check = _own(check_id, actor)
        code = new_code()
        ends_at = at + timedelta(hours=hours)
        _open(check, Door.Kind.DESK, code, ends_at=ends_at, scope=scope)
        record(actor, "check.shared", check, {"scope": scope, "hours": hours})
    return code


def stop_sharing(check_id: UUID, *, actor: Actor) -> None:
    """Close a check to every office at once."""
    with transaction.atomic():
        check = _own(check_id, actor)
        check.doors.filter(kind=Door.Kind.DESK).delete()
        record(actor, "check.sharing_stopped", check)


def open_at_desk(code: str, *, actor: Actor, at: datetime) -> UUID:
    """A clerk types a person's code: the check is open to the clerk's office until it ends.

    Raises:
        AbsentError: the actor is no clerk, or there is no such code.
    """
    policy.require(actor, "thread.read")
    with transaction.atomic():
        door = _door(Door.Kind.DESK, plain(code), at=at)
        door.office_id = actor.office_id
        door.save(update_fields=["office_id"])
        record(actor, "check.opened_at_desk", door.of, {"scope": door.scope})
        return door.of_id


def plain(code: str) -> str:
    """A code as it was made, however it was typed: without spaces and dashes, in capitals."""
    return "".join(letter for letter in code.upper() if letter.isalnum())[:20]


def _own(check_id: UUID, actor: Actor) -> Check:
    check = locked(check_id, actor)
    if actor.is_staff and check.session != actor.session:
        raise _closed()
    return check


def _open(
    check: Check, kind: Door.Kind, secret: str, *, ends_at: datetime, scope: str = Door.Scope.FILL
) -> None:
    index = sealing.index_of(kind, secret)
    Door.objects.create(of=check, kind=kind, scope=scope, secret_index=index, ends_at=ends_at)


def _door(kind: str, secret: str, *, at: datetime) -> Door:
    """The open door of a secret; a code is spent by it."""
    index = sealing.index_of(kind, secret)
    door = Door.objects.select_for_update().filter(kind=kind, secret_index=index).first()
    if door is None or not door.is_open(at):
        raise _closed()
    door.used_at = at
    door.save(update_fields=["used_at"])
    return door


def _closed() -> AbsentError:
    return AbsentError(
        _(
            "This code or link opens nothing: it was used, it has ended, or a letter is wrong. "
            "Check each letter, or make a new one where the check is open."
        )
    )
