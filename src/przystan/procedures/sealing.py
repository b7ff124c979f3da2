"""What is stated in a check, sealed under the check's own key: its loss forgets it all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from przystan.people import vault
from przystan.procedures.models import Check

# Owners of data keys are accounts, threads and cases; a check is sealed like a case.
_KIND: vault.OwnerKind = "case"


@dataclass(slots=True)
class Stated:
    """The facts of a check as JSON, and the names of the entries of its lists."""

    facts: dict[str, Any] = field(default_factory=dict)
    entries: dict[str, list[str]] = field(default_factory=dict)


def seal(check_id: UUID, document: Mapping[str, Any] | bytes, *, field: str) -> bytes:
    """Seal JSON or canonical bytes of a check; `field` keeps one kind from passing as another."""
    text = document if isinstance(document, bytes) else json.dumps(document, ensure_ascii=False)
    return vault.seal_for(check_id, text, field=f"procedures.{field}", kind=_KIND)


def opened(check_id: UUID, sealed: bytes | memoryview, *, field: str) -> bytes:
    """The bytes again. Raises `ErasedError` for a check that was forgotten."""
    return vault.open_for(check_id, sealed, field=f"procedures.{field}")


def stated(check: Check) -> Stated:
    document = json.loads(opened(check.pk, check.facts_sealed, field="facts"))
    return Stated(document["facts"], document["entries"])


def keep(check: Check, known: Stated) -> None:
    """Put what is stated into the row; the caller saves it."""
    document = {"facts": known.facts, "entries": known.entries}
    check.facts_sealed = seal(check.pk, document, field="facts")


def forget(check_id: UUID) -> None:
    vault.destroy_key(check_id, kind=_KIND)


def index_of(kind: str, secret: str) -> bytes:
    """By this a link or a code is found; the secret itself stands nowhere in clear."""
    return vault.blind_index("record", f"check-{kind}:{secret}")
