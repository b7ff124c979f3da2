"""Periodic work of procedures, their part in export and erasure, and links to them from texts."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop

from przystan.core import clock, references, schedule
from przystan.people import audit
from przystan.people.personal_data import Owner, register_personal_data
from przystan.procedures import library, queries, sealing, services
from przystan.procedures.models import Check, Statement
from przystan.rules import DefinitionError


@schedule.every(name="procedures.forget-old", minutes=30)
def forget_old() -> None:
    services.forget_old(at=clock.now())


def export_checks(account_id: UUID) -> Iterable[dict[str, Any]]:
    """The person's own checks: what was stated, and what each came to when it was finished."""
    for check in Check.objects.filter(account_id=account_id).order_by("started_at"):
        yield {
            "check": str(check.pk),
            "procedure": check.procedure,
            "version": f"{check.valid_from.isoformat()}.r{check.revision}",
            "on": check.on.isoformat(),
            "began": check.started_at.isoformat(),
            "facts": sealing.stated(check).facts,
            "answers": [queries.snapshot(row)["answer"] for row in check.snapshots.all()],
        }


def erase_checks(account_id: UUID) -> int:
    checks = list(Check.objects.filter(account_id=account_id))
    for check in checks:
        sealing.forget(check.pk)
        check.delete()
    return len(checks)


def export_statements(owner: Owner) -> Iterable[dict[str, Any]]:
    """The ledger: each thing that the person stated, where and when."""
    mine = Statement.objects.filter(by_subject=owner.subject, of__account_id=owner.account_id)
    for row in mine:
        said = queries.entry(row)
        yield {
            "fact": said.fact,
            "value": said.value,
            "source": row.source,
            "at": row.at.isoformat(),
            "check": str(row.of_id),
        }


def erase_statements(owner: Owner) -> int:
    """Entries that this person made in the checks of others, as a clerk, lose their author."""
    return Statement.objects.filter(by_subject=owner.subject).update(by_subject=None)


def resolve(id: str, lang: str, on: date) -> references.Resolved | None:
    """The words for `{procedure:id}`: its title, and where it begins."""
    try:
        found = library.current().library
    except DefinitionError:
        return None
    words = found.words.get(id, {})
    shown = words.get(lang) or words.get("en")
    return references.Resolved(shown.title, f"/{lang}/procedures/{id}/") if shown else None


references.register("procedure", resolve)
audit.name("check.read", gettext_noop("A check of yours"))
register_personal_data(
    "procedures.Check",
    export=lambda owner: export_checks(owner.account_id),
    erase=lambda owner, at: erase_checks(owner.account_id),
)
register_personal_data(
    "procedures.Statement",
    export=export_statements,
    erase=lambda owner, at: erase_statements(owner),
)
