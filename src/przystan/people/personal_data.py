"""The registry of everything that the product keeps about a person.

Each room says for each of its models with a link to a person how its part is exported and how it
is erased; `people.export` and `people.erasure` call all of them. A test fails for a model with
such a link and no entry. What is no model (a cache, outgoing mail on disk) has an entry too.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial, reduce
from inspect import getattr_static
from operator import or_
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from przystan.core import outbox
from przystan.core.errors import AbsentError
from przystan.people.models import Account
from przystan.people.vault import SealedText


@dataclass(frozen=True, slots=True)
class Owner:
    """The person whose data it is: what rooms may have linked it by."""

    account_id: UUID
    subject: UUID
    # E-mail addresses and phone numbers by which letters and sessions know the person.
    addresses: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def traces(self) -> frozenset[str]:
        """Strings by which loose text (a payload, a session, a mail) is known to be theirs."""
        return frozenset({str(self.account_id), str(self.subject), *self.addresses})


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file of the person: stands as a value in an exported record, travels beside it."""

    name: str
    read: Callable[[], bytes] = field(repr=False)


Record = dict[str, Any]
ExportPart = Callable[[Owner], Iterable[Record]]
ErasePart = Callable[[Owner, datetime], int]
HoldCheck = Callable[[Owner, datetime], str | None]
FindAddresses = Callable[[Account], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Part:
    label: str
    export: ExportPart
    erase: ErasePart
    # Erased before all others, which may leave messages of their own for after the commit.
    is_loose_text: bool = False


_PARTS: dict[str, Part] = {}
_HOLDS: list[HoldCheck] = []
_ADDRESS_BOOKS: list[FindAddresses] = []


def register_personal_data(
    label: str, *, export: ExportPart, erase: ErasePart, is_loose_text: bool = False
) -> None:
    """Say how one model's part of a person's data is exported and erased.

    Args:
        label: the model, "conversations.Thread", or a name for what is no model ("mail").
        export: yields one dict per record: JSON values, moments, UUIDs, `ExportedFile`s; sealed
            texts opened; nothing that would harm somebody else or open a door (a key, a code).
        erase: removes or anonymises, in the caller's transaction, what is linked to the person,
            and returns how many rows; files through `erase_files`.
        is_loose_text: what waits to be sent or done: erased before all other parts, which may
            leave messages of their own for after the commit.

    Raises:
        ValueError: the label is taken.
    """
    if label in _PARTS:
        raise ValueError(f"Personal data of {label} is registered twice.")
    _PARTS[label] = Part(label, export, erase, is_loose_text)


def register_legal_hold(check: HoldCheck) -> None:
    """Add a check that may forbid erasure: it returns a complete sentence saying why, or None."""
    _HOLDS.append(check)


def register_addresses(find: FindAddresses) -> None:
    """Add a way to find e-mail addresses and phone numbers (E.164) of a person."""
    _ADDRESS_BOOKS.append(find)


def parts() -> list[Part]:
    """All entries in the order of erasing: loose text, then the highest room's rows first."""
    top_down = list(_PARTS.values())[::-1]
    return sorted(top_down, key=lambda part: not part.is_loose_text)


def tables() -> set[str]:
    """Tables of the registered models."""
    return {apps.get_model(label)._meta.db_table for label in _PARTS if "." in label}


def holds(owner: Owner, at: datetime) -> list[str]:
    return [reason for check in _HOLDS if (reason := check(owner, at))]


def owner_of(account_id: UUID) -> Owner:
    """The person behind an account, locked in the caller's transaction.

    Raises:
        AbsentError: there is no such account.
    """
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise AbsentError(_("There is no such account, or it was erased already."))
    addresses = {address for find in _ADDRESS_BOOKS for address in find(account) if address}
    return Owner(account.pk, account.subject, frozenset(addresses))


# --- the usual kinds of parts -----------------------------------------------------------


def register_linked_rows(
    label: str,
    *,
    delete: Iterable[str] = (),
    unlink: Iterable[str] = (),
    hidden: Iterable[str] = (),
) -> None:
    """Register a model whose rows name the account in a column.

    Args:
        delete: links by which the row is the person's: it is deleted with its files, and
            exported with every column but sealed bytes, passwords and `hidden`, and with every
            `SealedText` opened.
        unlink: links on rows that others need (a published page, a log): emptied, not exported.
        hidden: columns that open a door: keys, codes.
    """
    register_personal_data(
        label,
        export=partial(_export_rows, label, tuple(delete), frozenset(hidden)),
        erase=partial(_erase_rows, label, tuple(delete), tuple(unlink)),
    )


def register_loose_text(label: str, *columns: str) -> None:
    """Register a model without a link whose JSON or text may mention the person (a payload).

    Rows that hold a trace of the person (`Owner.traces`) are deleted; nothing is exported: such
    rows are the product's own notes, and what they are about is exported by its room.
    """
    erase = partial(_delete_mentions, label, columns)
    register_personal_data(label, export=lambda owner: (), erase=erase, is_loose_text=True)


def erase_files(names: Iterable[str]) -> None:
    """Delete files of the default storage once the caller's transaction is committed."""
    if kept := sorted({name for name in names if name}):
        outbox.put("people.files_erased", key=f"files:{kept[0]}"[:160], names=kept)


def delete_files(names: Iterable[str]) -> None:
    """Deliver `erase_files`: deleting what is gone already is no error."""
    for name in names:
        default_storage.delete(name)


def _rows(label: str, links: tuple[str, ...], owner: Owner) -> models.QuerySet[models.Model]:
    theirs = (Q(**{link: owner.account_id}) for link in links)
    rows: models.QuerySet[models.Model] = apps.get_model(label)._base_manager.all()
    return rows.filter(reduce(or_, theirs)) if links else rows.none()


def _export_rows(
    label: str, links: tuple[str, ...], hidden: frozenset[str], owner: Owner
) -> Iterator[Record]:
    for row in _rows(label, links, owner).order_by("pk"):
        yield exported(row, hidden=hidden)


def exported(row: models.Model, *, hidden: Iterable[str] = ()) -> Record:
    """A row as a record of the export: its columns and its sealed texts, opened."""
    skipped = {"password", *hidden}
    record: Record = {}
    for column in row._meta.concrete_fields:
        if column.name not in skipped and not isinstance(column, models.BinaryField):
            record[column.name] = _exported_value(getattr(row, column.attname))
    for name in dir(type(row)):
        if isinstance(getattr_static(type(row), name, None), SealedText) and name not in skipped:
            record[name] = getattr(row, name)
    return record


def _exported_value(value: object) -> object:
    if isinstance(value, FieldFile):
        return ExportedFile(str(value.name), partial(_file_bytes, str(value.name))) if value else ""
    return value


def _file_bytes(name: str) -> bytes:
    with default_storage.open(name) as file:
        return bytes(file.read())


def _erase_rows(
    label: str, delete: tuple[str, ...], unlink: tuple[str, ...], owner: Owner, at: datetime
) -> int:
    deleted = _delete_rows(_rows(label, delete, owner)) if delete else 0
    return deleted + sum(_rows(label, (one,), owner).update(**{one: None}) for one in unlink)


def _delete_rows(rows: models.QuerySet[models.Model]) -> int:
    files = [f.name for f in rows.model._meta.concrete_fields if isinstance(f, models.FileField)]
    if files:
        erase_files(str(name) for names in rows.values_list(*files) for name in names)
    return rows.delete()[0]


def _delete_mentions(label: str, columns: tuple[str, ...], owner: Owner, at: datetime) -> int:
    every: models.QuerySet[models.Model] = apps.get_model(label)._base_manager.all()
    rows = every
    for column in columns:
        rows = rows.annotate(**{f"{column}_text": Cast(column, models.TextField())})
    # JSON may hold a letter beyond ASCII as an escape.
    spelled = {form for trace in owner.traces for form in (trace, json.dumps(trace)[1:-1])}
    mentioned = (Q(**{f"{column}_text__icontains": s}) for column in columns for s in spelled)
    found = rows.filter(reduce(or_, mentioned)).values_list("pk", flat=True)
    return every.filter(pk__in=list(found)).delete()[0]
