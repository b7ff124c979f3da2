"""What other rooms may call of `people`. Data classes are in `people.data`."""

from uuid import UUID

from przystan.people.actor import Actor, Assurance, system, visitor
from przystan.people.audit import Look
from przystan.people.audit import who_looked as _who_looked
from przystan.people.checks import refuse_unsafe_start
from przystan.people.demo import create_demo
from przystan.people.erasure import erase_person
from przystan.people.export import export_person
from przystan.people.http import ActorRequest, guard_prefix, guards, signed_in, staff_only
from przystan.people.models import Account
from przystan.people.offices import ensure_office, ensure_portal, grant, revoke
from przystan.people.policy import NOTHING, VisibleQuerySet, can, may_see, require
from przystan.people.queries import (
    account_id_of,
    memberships,
    office,
    office_by_id,
    offices_under,
    portal_office,
    team_members,
)
from przystan.people.sms import SmsSender
from przystan.people.sms import use as use_sms
from przystan.people.standing import ensure_session


def who_looked(account_id: UUID) -> list[Look]:
    """The newest looks of others at this person's data; empty for an account that is gone."""
    account = Account.objects.filter(pk=account_id).first()
    return _who_looked(account) if account else []


def subject_of(account_id: UUID | None) -> UUID | None:
    """The key under which audit rows name the person of an account."""
    if account_id is None:
        return None
    return Account.objects.filter(pk=account_id).values_list("subject", flat=True).first()


__all__ = [
    "NOTHING",
    "Actor",
    "ActorRequest",
    "Assurance",
    "SmsSender",
    "VisibleQuerySet",
    "account_id_of",
    "can",
    "create_demo",
    "ensure_office",
    "ensure_portal",
    "ensure_session",
    "erase_person",
    "export_person",
    "grant",
    "guard_prefix",
    "guards",
    "may_see",
    "memberships",
    "office",
    "office_by_id",
    "offices_under",
    "portal_office",
    "refuse_unsafe_start",
    "require",
    "revoke",
    "signed_in",
    "staff_only",
    "subject_of",
    "system",
    "team_members",
    "use_sms",
    "visitor",
    "who_looked",
]
