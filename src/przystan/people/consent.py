"""What people agreed to: per purpose and controller, in a version of a text, until taken back."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from przystan.people import audit, vault
from przystan.people.actor import Actor
from przystan.people.models import Account, ConsentEntry

PURPOSE: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,59}")
EVIDENCE: Final = "people.consententry.evidence"


@dataclass(frozen=True, slots=True)
class Consent:
    """One entry of the ledger, as the person is shown it."""

    purpose: str
    controller_id: UUID | None
    is_given: bool
    at: datetime
    text_version: str
    language: str
    evidence: str


def give(
    account: Account,
    purpose: str,
    *,
    actor: Actor,
    at: datetime,
    text_version: str,
    language: str,
    controller_id: UUID | None = None,
    evidence: str = "",
) -> None:
    """Enter that the person agreed.

    Args:
        purpose: id of what the data will be used for, for example "newsletter".
        text_version: version of the text that was shown, so that it can be shown again.
        language: BCP 47 tag in which it was shown.
        controller_id: office that is the data controller; None: the platform's operator.
        evidence: how it was said ("box ticked on the form", "said on the phone"); kept sealed.

    Raises:
        ValueError: `purpose` is not an id.
    """
    _enter(account, purpose, True, actor, at, text_version, language, controller_id, evidence)


def withdraw(
    account: Account,
    purpose: str,
    *,
    actor: Actor,
    at: datetime,
    text_version: str = "",
    language: str = "",
    controller_id: UUID | None = None,
    evidence: str = "",
) -> None:
    """Enter that the person took it back: as easy as giving it (GDPR art. 7(3)).

    Taking back what was never given is entered too: it is an objection. Arguments as in `give`.
    """
    _enter(account, purpose, False, actor, at, text_version, language, controller_id, evidence)


def has(account: Account, purpose: str, at: datetime, *, controller_id: UUID | None = None) -> bool:
    """Whether consent for this purpose, given to this controller, stood at that moment."""
    entries = ConsentEntry.objects.filter(
        subject=account.subject, purpose=purpose, controller_id=controller_id, at__lte=at
    )
    # Ids count up: they decide between two entries of one moment.
    newest = entries.order_by("-at", "-id").first()
    return newest is not None and newest.is_given


def history(account: Account) -> list[Consent]:
    """Everything that the person ever gave or took back, oldest first."""
    entries = ConsentEntry.objects.filter(subject=account.subject).order_by("at", "id")
    return [_shown(account.pk, entry) for entry in entries]


@transaction.atomic
def _enter(
    account: Account,
    purpose: str,
    is_given: bool,
    actor: Actor,
    at: datetime,
    text_version: str,
    language: str,
    controller_id: UUID | None,
    evidence: str,
) -> None:
    if not PURPOSE.fullmatch(purpose):
        raise ValueError(f"Consent purpose {purpose!r} is not an id of letters, digits, . _ or -.")
    entry = ConsentEntry.objects.create(
        subject=account.subject,
        purpose=purpose,
        controller_id=controller_id,
        is_given=is_given,
        at=at,
        text_version=text_version,
        language=language,
        evidence_sealed=vault.seal_for(account.pk, evidence, field=EVIDENCE) if evidence else b"",
    )
    audit.record(
        actor,
        "people.consent_given" if is_given else "people.consent_withdrawn",
        subject=account.subject,
        ids=[str(entry.pk)],
        office_id=controller_id,
        detail={"purpose": purpose, "text_version": text_version},
    )


def _shown(account_id: UUID, entry: ConsentEntry) -> Consent:
    sealed = entry.evidence_sealed
    return Consent(
        purpose=entry.purpose,
        controller_id=entry.controller_id,
        is_given=entry.is_given,
        at=entry.at,
        text_version=entry.text_version,
        language=entry.language,
        evidence=vault.open_text(account_id, sealed, field=EVIDENCE) if sealed else "",
    )
