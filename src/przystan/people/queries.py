"""Reads worth a name: offices, who answers for data, who works where."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from przystan.core.errors import AbsentError
from przystan.people.data import ControllerData, MembershipData, OfficeData
from przystan.people.models import Account, Membership, Office

# The office that receives what the portal's visitors ask, unless another one is named.
PORTAL_OFFICE = "contact-centre"


def office(slug: str) -> OfficeData:
    """The office of that slug, or AbsentError."""
    if row := Office.objects.select_related("controller").filter(slug=slug).first():
        return office_data(row)
    raise AbsentError(_("There is no office %(slug)s.") % {"slug": slug})


def office_by_id(office_id: UUID) -> OfficeData:
    """The office of that id, or AbsentError."""
    if row := Office.objects.select_related("controller").filter(pk=office_id).first():
        return office_data(row)
    raise AbsentError(_("There is no such office."))


def portal_office() -> OfficeData:
    """The office that owns what visitors of the portal ask."""
    return office(PORTAL_OFFICE)


def offices_under(office_id: UUID) -> list[UUID]:
    """Ids of the office itself and of every office below it; empty for an unknown one."""
    root = Office.objects.filter(pk=office_id).first()
    return list(Office.objects.under(root).values_list("id", flat=True)) if root else []


def account_id_of(email: str) -> UUID | None:
    """Id of the account that signs in with this address; for commands, never for pages."""
    rows = Account.objects.filter(email=email.strip().lower()).values_list("pk", flat=True)
    return rows.first()


def memberships(*, at: datetime) -> list[MembershipData]:
    """Every membership in force at that moment, by office and role."""
    rows = Membership.objects.active(at).select_related("account", "office__controller")
    return [membership_data(row) for row in rows.order_by("office__path", "role", "id")]


def team_members(team: str, *, at: datetime) -> list[UUID]:
    """Ids of the accounts that belong to a team now, by membership or by role."""
    return sorted(
        {found.account_id for found in memberships(at=at) if team in found.teams}, key=str
    )


def office_data(row: Office) -> OfficeData:
    controller = row.controller
    return OfficeData(
        id=row.pk,
        slug=row.slug,
        name=row.name,
        kind=row.kind,
        path=row.path,
        controller=ControllerData(
            id=controller.pk,
            name=controller.name,
            contact=controller.contact,
            notice_key=controller.notice_key,
        ),
    )


def membership_data(row: Membership) -> MembershipData:
    """Teams are those of the membership and those that the role always belongs to."""
    return MembershipData(
        id=row.pk,
        account_id=row.account_id,
        email=row.account.email or "",
        office=office_data(row.office),
        role=row.role,
        teams=tuple(sorted(row.all_teams)),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
