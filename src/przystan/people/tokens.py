"""Keys of connected systems: made once and shown once, scoped, with an end, revocable."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from przystan.core.errors import AbsentError, PrzystanError
from przystan.people import audit
from przystan.people.actor import Actor
from przystan.people.models import ApiToken, Office

SCOPES: Final = {
    "procedures.check": "check facts against procedures; nothing is stored",
    "checks.write": "start checks, state facts and read what they come to",
}
PREFIX: Final = "przystan_"  # leaked keys are found by it
LONGEST_DAYS: Final = 730


@dataclass(frozen=True, slots=True)
class Key:
    """A key that was shown: who acts with it, and what it may do."""

    id: UUID
    actor: Actor
    scopes: frozenset[str]


def issue(
    name: str, office_slug: str, scopes: Sequence[str], *, days: int, actor: Actor, at: datetime
) -> tuple[ApiToken, str]:
    """Make a key and return it with its secret, which is not kept.

    Raises:
        AbsentError: there is no such office.
        PrzystanError: a scope that is none, or a life that is too long.
    """
    if strange := sorted(set(scopes) - SCOPES.keys()):
        raise PrzystanError(
            _("%(scope)s is no scope. Use: %(scopes)s.")
            % {"scope": strange[0], "scopes": ", ".join(SCOPES)}
        )
    if not scopes or not 1 <= days <= LONGEST_DAYS:
        raise PrzystanError(
            _("A key needs at least one scope and lives 1 to %(days)d days.")
            % {"days": LONGEST_DAYS}
        )
    office = Office.objects.filter(slug=office_slug).first()
    if office is None:
        raise AbsentError(_("There is no office %(slug)s.") % {"slug": office_slug[:60]})
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = ApiToken.objects.create(
            name=name[:120],
            office=office,
            digest=_digest(secret),
            scopes=sorted(set(scopes)),
            created_at=at,
            expires_at=at + timedelta(days=days),
        )
        audit.record(
            actor,
            "token.issued",
            ids=[token.pk],
            office_id=office.pk,
            detail={"scopes": " ".join(token.scopes), "days": days},
        )
    return token, secret


def revoke(token_id: UUID, *, actor: Actor, at: datetime) -> None:
    """End a key at once; ending it again changes nothing.

    Raises:
        AbsentError: there is no such key.
    """
    with transaction.atomic():
        token = ApiToken.objects.select_for_update().filter(pk=token_id).first()
        if token is None:
            raise AbsentError(_("There is no such key."))
        if token.revoked_at is None:
            token.revoked_at = at
            token.save(update_fields=["revoked_at"])
            audit.record(actor, "token.revoked", ids=[token.pk], office_id=token.office_id)


def of_secret(secret: str, *, at: datetime) -> Key | None:
    """Who shows this key; None for one that is unknown, ended or revoked."""
    if not secret.startswith(PREFIX) or len(secret) > 120:
        return None
    token = ApiToken.objects.filter(
        digest=_digest(secret), revoked_at=None, expires_at__gt=at
    ).first()
    if token is None:
        return None
    if token.last_used_on != at.date():
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=at.date())
    # What one key of an office began, its other keys find; no visitor's session looks like this.
    actor = Actor(
        role="service",
        office_id=token.office_id,
        purpose="api",
        assurance="substantial",
        session=f"office:{token.office_id}",
    )
    return Key(token.pk, actor, frozenset(token.scopes))


def all_tokens() -> Sequence[ApiToken]:
    return list(ApiToken.objects.select_related("office").order_by("created_at"))


def _digest(secret: str) -> str:
    # The secret has 256 bits of its own: a plain hash cannot be turned back.
    return hashlib.sha256(secret.encode()).hexdigest()
