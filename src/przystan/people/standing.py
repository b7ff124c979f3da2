"""From a session to an Actor: who is signed in, how surely, and for which office they act."""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, cast
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from przystan.core.ids import new_token
from przystan.people.actor import Actor, Assurance, visitor
from przystan.people.models import Account, Membership

if TYPE_CHECKING:
    from przystan.people.http import ActorRequest

# What a session remembers of ours.
VISITOR, OFFICE = "people.visitor", "people.office"
STRONG_TYPES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True)
class Standing:
    actor: Actor
    is_second_factor_missing: bool = False


def of_request(request: HttpRequest, *, at: datetime) -> Standing:
    """Who acts in this request.

    Staff are staff only with a second factor that the account still has and the session has
    shown; until then they act as a person and are led to it.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return Standing(visitor())
    session = session_hash(request)
    if not isinstance(account := request.user, Account):
        return Standing(visitor(session))
    person = Actor(
        role="person",
        account_id=account.pk,
        subject=account.subject,
        assurance=assurance_of(request, account),
        session=session,
    )
    membership = _chosen(memberships_of(account.pk, at=at), request.session.get(OFFICE))
    if membership is None:
        return Standing(person)
    if person.assurance != "substantial" or not has_second_factor(account.pk):
        return Standing(replace(person, assurance="low"), is_second_factor_missing=True)
    return Standing(
        replace(
            person,
            role=membership.role,
            office_id=membership.office_id,
            purpose="office-work",
            teams=membership.all_teams,
        )
    )


def memberships_of(account_id: UUID, *, at: datetime) -> list[Membership]:
    """The account's memberships in force, oldest first."""
    found = Membership.objects.active(at).filter(account_id=account_id)
    return list(found.select_related("office"))


def is_staff(account_id: UUID, *, at: datetime) -> bool:
    return Membership.objects.active(at).filter(account_id=account_id).exists()


def has_second_factor(account_id: UUID) -> bool:
    """A confirmed authenticator app or a passkey; recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user_id=account_id, type__in=STRONG_TYPES).exists())


def assurance_of(request: HttpRequest, account: Account) -> Assurance:
    """`substantial` when this session used TOTP, passkey or recovery code; else `low`."""
    records = get_authentication_records(request, account)
    return "substantial" if any(one.get("method") == "mfa" for one in records) else "low"


def proved(request: HttpRequest, account: Account, method: str, **extra: object) -> None:
    """Note in the session that its holder has just proved to be this account's."""
    record_authentication(request, account, method, reauthenticated=True, **extra)


def session_hash(request: HttpRequest) -> str:
    """Tells two visitors apart: a keyed hash of a random value in the session, or empty.

    Not of the cookie: the cookie changes at sign-in, and what was asked before belongs to the
    same visitor after it.
    """
    token = request.session.get(VISITOR)
    if not isinstance(token, str):
        return ""
    message = f"visitor:{token}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, "sha256").hexdigest()[:32]


def ensure_session(request: HttpRequest) -> Actor:
    """Give a visitor a session of their own, if they have none, and return the actor with it."""
    asked = cast("ActorRequest", request)
    if not asked.actor.session:
        request.session[VISITOR] = new_token()
        asked.actor = replace(asked.actor, session=session_hash(request))
    return asked.actor


def _chosen(found: list[Membership], chosen: object) -> Membership | None:
    """The membership that the session names, else the oldest; None for somebody without one."""
    for membership in found:
        if str(membership.pk) == chosen:
            return membership
    return found[0] if found else None
