"""What every service of a check begins and ends with: reaching it, and its audit row."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from przystan.core.errors import AbsentError, PrzystanError
from przystan.people import api as people
from przystan.people import audit
from przystan.people.actor import Actor
from przystan.procedures.models import Check, Door


def absent() -> AbsentError:
    return AbsentError(
        _(
            "There is no such check here: it was erased, or it is open in another browser. "
            "Use its link or code, or start anew."
        )
    )


def locked(check_id: UUID, actor: Actor) -> Check:
    """The check, held until the transaction ends.

    Raises:
        AbsentError: it is not there, or not for this actor.
    """
    check = Check.objects.visible_to(actor).select_for_update().filter(pk=check_id).first()
    if check is None:
        raise absent()
    return check


def to_answer(check_id: UUID, actor: Actor) -> Check:
    """As `locked`, for somebody who may state facts in it.

    Raises:
        PrzystanError: a clerk to whom the person opened it for reading alone.
    """
    check = locked(check_id, actor)
    if scope_of(check, actor) == Door.Scope.SEE:
        raise PrzystanError(
            _("This check was opened to you for reading. Ask the person for a code to answer."),
            status=403,
        )
    return check


def scope_of(check: Check, actor: Actor) -> str:
    """ "own", or what the person opened to the actor's office."""
    if not actor.is_staff or (actor.session and check.session == actor.session):
        return "own"
    doors = check.doors.filter(kind=Door.Kind.DESK, office_id=actor.office_id)
    scopes = set(doors.values_list("scope", flat=True))
    return str(Door.Scope.FILL if Door.Scope.FILL in scopes else Door.Scope.SEE)


def record(
    actor: Actor, act: str, check: Check, detail: Mapping[str, str | int] | None = None
) -> None:
    """The audit row of an act on a check, naming its person by subject key."""
    subject = people.subject_of(check.account_id) if check.account_id else actor.subject
    if actor.is_staff and not check.account_id:
        subject = None
    audit.record(
        actor,
        act,
        subject=subject,
        ids=[check.pk],
        sealed=check.keeps_nothing,
        detail=detail,
    )
