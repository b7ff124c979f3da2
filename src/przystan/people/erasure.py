"""Forgetting a person: every room's part, the keys, the mapping; the audit chains stay whole.

One transaction asks the legal holds, lets every registered part erase its rows, destroys the
person's data key and deletes the account, and with it the only link from the random subject key
to the person. What lies outside the database (files, caches, freed pages) follows through the
outbox, at least once.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction
from django.utils.translation import gettext as _

from przystan.core import logs, outbox
from przystan.core.errors import AbsentError, PrzystanError
from przystan.people import actor as actors
from przystan.people import audit, personal_data, vault
from przystan.people.actor import Actor
from przystan.people.models import Account
from przystan.people.personal_data import Owner

_LOG = logs.get(__name__)


class HeldError(PrzystanError):
    """The law keeps some of the data for now; `reasons` are complete sentences."""

    status = 409

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(" ".join([_("Your data cannot be erased yet."), *reasons]))


class ScrubDelayedError(PrzystanError):
    """Readers kept the database from overwriting what was freed; the outbox tries again."""

    def __init__(self) -> None:
        super().__init__("The write-ahead log could not be emptied yet: it is still being read.")


def erase_person(account_id: UUID, *, actor: Actor, at: datetime) -> dict[str, int]:
    """Erase a person everywhere and return how many rows each part erased.

    Args:
        actor: the person, signed in to this account, or the platform acting on a written request.
        at: moment of the request; legal holds are asked as of then.

    Raises:
        AbsentError: there is no such account, or it is another person's.
        HeldError: the law keeps something; nothing was erased.
    """
    require_own(actor, account_id)
    with transaction.atomic():
        owner = personal_data.owner_of(account_id)
        if reasons := personal_data.holds(owner, at):
            raise HeldError(reasons)
        counts = _erase(owner, actor, at)
    _LOG.info("people.person_erased", rows=sum(counts.values()))
    return counts


def erase_again(erased: Iterable[UUID], *, at: datetime) -> int:
    """Erase anew what a restored backup brought back; return how many accounts came back.

    No hold is asked: the law had let go of it when it was erased first.

    Args:
        erased: `vault.destroyed_owners()` of the database that the backup replaced.
    """
    came_back = 0
    for owner_id in erased:
        with transaction.atomic():
            if Account.objects.filter(pk=owner_id).exists():
                _erase(personal_data.owner_of(owner_id), actors.system("restore"), at)
                came_back += 1
            else:
                vault.destroy_key(owner_id)
    return came_back


def require_own(actor: Actor, account_id: UUID) -> None:
    """Only the person and the platform itself reach these doors; other staff never do."""
    if actor.role != "system" and actor.account_id != account_id:
        raise AbsentError(_("There is no such account, or it was erased already."))


def _erase(owner: Owner, actor: Actor, at: datetime) -> dict[str, int]:
    vault.overwrite_freed_bytes()
    counts = {part.label: part.erase(owner, at) for part in personal_data.parts()}
    vault.destroy_key(owner.account_id)
    Account.objects.filter(pk=owner.account_id).delete()
    outbox.put(
        "people.person_erased", key=f"erased:{owner.subject}", account_id=str(owner.account_id)
    )
    audit.record(actor, "people.person_erased", subject=owner.subject, detail=_totals(counts))
    transaction.on_commit(clear_caches)
    return counts


def _totals(counts: dict[str, int]) -> dict[str, str | int]:
    return {"parts": len(counts), "rows": sum(counts.values())}


# --- outside the database ---------------------------------------------------------------


def clear_caches() -> None:
    """Empty every cache: a cache holds only what can be made again, and its keys cannot be listed.

    Entries in another process's own memory live until they expire (minutes).
    """
    for cache in caches.all(initialized_only=False):
        cache.clear()


def scrub() -> None:
    """Overwrite what is left of destroyed keys; run outside a transaction, by the outbox.

    Raises:
        ScrubDelayedError: try again later.
    """
    if not vault.scrub():
        raise ScrubDelayedError


def vacuum_parts() -> None:
    """PostgreSQL keeps deleted rows until a vacuum; run outside a transaction, by the outbox."""
    if connection.vendor != "postgresql":
        return
    tables = {Account._meta.db_table, *personal_data.tables()}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f'VACUUM "{table}"')


def erase_mail(owner: Owner, at: datetime) -> int:
    """Delete letters to or about the person that a demo keeps as files; return how many."""
    traces = [trace.encode() for trace in owner.traces]
    theirs = [path.name for path in _letters() if _mentions(path, traces)]
    if theirs:
        outbox.put("people.mail_erased", key="people.mail_erased", names=theirs)
    return len(theirs)


def delete_mail(names: Iterable[str]) -> None:
    """Deliver `erase_mail`: deleting what is gone already is no error."""
    gone = set(names)
    for path in _letters():
        if path.name in gone:
            path.unlink(missing_ok=True)


def _letters() -> list[Path]:
    """Files of Django's file mail backend and of `sms.FileSms`."""
    folders = [getattr(settings, "EMAIL_FILE_PATH", None), Path(settings.DATA_DIR) / "sms"]
    kept = [Path(folder) for folder in folders if folder and Path(folder).is_dir()]
    return [path for folder in kept for path in folder.iterdir() if path.is_file()]


def _mentions(path: Path, traces: list[bytes]) -> bool:
    text = path.read_bytes()
    return any(trace in text for trace in traces)
