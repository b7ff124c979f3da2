"""Everything that writes offices, controllers and memberships."""

from collections.abc import Sequence
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from przystan.core.errors import AbsentError, PrzystanError
from przystan.people import audit, policy, roles
from przystan.people.actor import Actor
from przystan.people.data import MembershipData, OfficeData
from przystan.people.models import Account, Controller, Membership, Office
from przystan.people.queries import membership_data, office_data


def ensure_office(
    slug: str,
    *,
    name: str,
    kind: str,
    controller: tuple[str, str, str],
    actor: Actor,
    parent: str = "",
    terc: str = "",
) -> OfficeData:
    """Create an office, or return the one with this slug as it is.

    Args:
        slug: names it for good, in commands and settings.
        kind: one of Office.Kind.
        controller: name, contact and notice key of who answers for its data; made if new.
        parent: slug of the office above it; empty for a root.
        terc: territorial code (TERYT), empty where it covers no territory.

    Raises:
        AbsentError: there is no parent of that slug, or `actor` may not manage offices.
        PrzystanError: a value does not fit; names it.
    """
    policy.require(actor, "office.manage")
    with transaction.atomic():
        if existing := Office.objects.select_related("controller").filter(slug=slug).first():
            return office_data(existing)
        above = _office(parent) if parent else None
        answers, _is_new = Controller.objects.get_or_create(
            name=controller[0], defaults={"contact": controller[1], "notice_key": controller[2]}
        )
        row = Office(
            slug=slug,
            name=name,
            kind=kind,
            parent=above,
            path=f"{above.path if above else '/'}{slug}/",
            controller=answers,
            terc=terc,
        )
        _check(row)
        row.save(force_insert=True)
        audit.record(actor, "people.office_created", ids=[row.pk], office_id=row.pk)
    return office_data(row)


def grant(
    email: str,
    role: str,
    office: str,
    *,
    actor: Actor,
    at: datetime,
    teams: Sequence[str] = (),
    until: datetime | None = None,
) -> MembershipData:
    """Give somebody a role in an office; their account is made if there is none.

    A new account has no password: its holder sets one by "forgotten password" at the staff's
    sign-in, and is then led to the second factor before any other page opens.

    Raises:
        AbsentError: no such office, or not one whose roles `actor` may grant.
        PrzystanError: no such staff role or team, or no e-mail address.
    """
    _check_grant(email, role, teams)
    if until is not None and until <= at:
        raise PrzystanError(_("A role has to end after it begins. Give a later day."))
    with transaction.atomic():
        row = _office(office)
        _require_reach(actor, row)
        account = _staff_account(email)
        membership, is_new = Membership.objects.get_or_create(
            account=account,
            office=row,
            role=role,
            valid_to=None,
            defaults={"teams": sorted(teams), "valid_from": at},
        )
        if membership.teams != sorted(teams) or until is not None:
            membership.teams, membership.valid_to = sorted(teams), until
            membership.save(update_fields=["teams", "valid_to"])
        _set_groups(account, at=at)
        audit.record(
            actor,
            "people.role_granted",
            subject=account.subject,
            ids=[membership.pk],
            office_id=row.pk,
            detail={"role": role, "is_new": int(is_new)},
        )
    return membership_data(membership)


def revoke(email: str, role: str, office: str, *, actor: Actor, at: datetime) -> int:
    """End a role now and return how many memberships ended; their rows stay.

    Raises:
        AbsentError: no such office, or not one whose roles `actor` may end.
    """
    with transaction.atomic():
        row = _office(office)
        _require_reach(actor, row)
        found = Membership.objects.active(at).filter(
            account__email=email.strip().lower(), role=role, office=row
        )
        ended = list(found.select_related("account").select_for_update(of=("self",)))
        for membership in ended:
            membership.valid_to = at
            membership.save(update_fields=["valid_to"])
            _set_groups(membership.account, at=at)
            audit.record(
                actor,
                "people.role_ended",
                subject=membership.account.subject,
                ids=[membership.pk],
                office_id=row.pk,
                detail={"role": role},
            )
    return len(ended)


def ensure_portal(*, actor: Actor) -> OfficeData:
    """The ministry and its contact centre, which owns what the portal's visitors ask."""
    controller = (
        "Minister Rodziny, Pracy i Polityki Społecznej",
        "https://www.gov.pl/web/rodzina",
        "ministry",
    )
    ensure_office(
        "ministry",
        name="Ministerstwo Rodziny, Pracy i Polityki Społecznej",
        kind=Office.Kind.MINISTRY,
        controller=controller,
        actor=actor,
    )
    return ensure_office(
        "contact-centre",
        name="Centrum kontaktowe Przystani",
        kind=Office.Kind.CONTACT_CENTRE,
        controller=controller,
        actor=actor,
        parent="ministry",
    )


def _office(slug: str) -> Office:
    row = Office.objects.select_related("controller").filter(slug=slug).first()
    if row is None:
        raise AbsentError(_("There is no office %(slug)s.") % {"slug": slug})
    return row


def _require_reach(actor: Actor, office: Office) -> None:
    """Roles are granted in the actor's own office and below it; the product reaches all."""
    policy.require(actor, "membership.grant")
    if actor.role == "system":
        return
    own = Office.objects.filter(pk=actor.office_id).first() if actor.office_id else None
    if own is None or not office.path.startswith(own.path):
        raise AbsentError(_("There is no office %(slug)s.") % {"slug": office.slug})


def _check_grant(email: str, role: str, teams: Sequence[str]) -> None:
    book = roles.book()
    try:
        validate_email(email.strip())
    except ValidationError as error:
        raise PrzystanError(_("This is not an e-mail address. Correct it.")) from error
    staff = sorted(one.id for one in book.roles.values() if one.is_staff)
    if role not in staff:
        raise PrzystanError(
            _("There is no staff role %(role)s. The roles are: %(roles)s.")
            % {"role": role, "roles": ", ".join(staff)}
        )
    for team in teams:
        if team not in book.teams:
            raise PrzystanError(
                _("There is no team %(team)s. The teams are: %(teams)s.")
                % {"team": team, "teams": ", ".join(sorted(book.teams))}
            )


def _check(office: Office) -> None:
    try:
        office.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise PrzystanError(
            _("The office was not created: %(field)s: %(problem)s")
            % {"field": field, "problem": messages[0]}
        ) from error


def _staff_account(email: str) -> Account:
    address = email.strip().lower()
    account = Account.objects.filter(email=address).first()
    if account is None:
        account = Account.objects.create_user(address)
    # Verified by whoever grants the role: the first password goes to this address.
    EmailAddress.objects.update_or_create(
        user=account, email=address, defaults={"verified": True, "primary": True}
    )
    return account


def _set_groups(account: Account, *, at: datetime) -> None:
    """Mirror the roles in Django's groups, by which the editors' room grants its own rights.

    A role that ends by its date leaves its group at the next change; the editors' door asks the
    policy, so nobody passes it meanwhile.
    """
    held = Membership.objects.active(at).filter(account=account).values_list("role", flat=True)
    account.groups.set([Group.objects.get_or_create(name=role)[0] for role in sorted(set(held))])
