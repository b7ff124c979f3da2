"""Who may do what, decided in one place: role, office, assurance, and the object's own rule."""

from django.db import models
from django.utils.translation import gettext as _

from przystan.core.errors import AbsentError
from przystan.people import roles
from przystan.people.actor import Actor
from przystan.people.visible import NOTHING, VisibleQuerySet

__all__ = ["NOTHING", "VisibleQuerySet", "can", "may_see", "require"]


def can(actor: Actor, permission: str, obj: models.Model | None = None) -> bool:
    """Whether `actor` may do `permission`, on `obj` if one is given.

    An object is asked through its model's `visible_to`, so seals and offices count here too.

    Raises:
        LookupError: roles.yaml defines no such permission or role (a mistake in the code).
    """
    book = roles.book()
    if permission not in book.permissions:
        raise LookupError(f"There is no permission {permission!r} in {roles.ROLES_FILE.name}.")
    role = book.role(actor.role)
    if permission not in role.may or (role.is_staff and actor.office_id is None):
        return False
    if roles.level(actor.assurance) < roles.level(role.assurance):
        return False
    return obj is None or may_see(actor, obj)


def may_see(actor: Actor, obj: models.Model) -> bool:
    """Whether the object exists for `actor`, by its model's one rule."""
    rows = type(obj)._default_manager.all()
    if not isinstance(rows, VisibleQuerySet):
        raise TypeError(f"{type(obj).__name__} has no rule: give it a VisibleQuerySet.")
    return rows.visible_to(actor).filter(pk=obj.pk).exists()


def require(actor: Actor, permission: str, obj: models.Model | None = None) -> None:
    """Raise AbsentError unless `actor` may: absent and not theirs look the same."""
    if not can(actor, permission, obj):
        raise AbsentError(
            _("There is no such page, or it is not open to you. Start again from the home page.")
        )
