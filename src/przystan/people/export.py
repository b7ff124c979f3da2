"""Everything the product keeps about a person, as one document and the files beside it.

GDPR art. 15 and 20: every registered part, in JSON that another program reads back without loss.
"""

import base64
import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from przystan.people import audit, personal_data
from przystan.people.actor import Actor
from przystan.people.erasure import require_own
from przystan.people.personal_data import ExportedFile

FORMAT: Final = "przystan-person/1"


@dataclass(frozen=True, slots=True)
class PersonExport:
    """`document` holds JSON values only; `files` are named as the document names them."""

    document: dict[str, Any] = field(repr=False)
    files: dict[str, bytes] = field(repr=False)

    def as_json(self) -> str:
        return json.dumps(self.document, ensure_ascii=False, indent=2)

    def as_zip(self) -> bytes:
        """`data.json` and the files in one archive."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("data.json", self.as_json())
            for name, content in self.files.items():
                archive.writestr(name, content)
        return packed.getvalue()


def export_person(account_id: UUID, *, actor: Actor, at: datetime) -> PersonExport:
    """Collect what every room keeps about a person.

    The document is `{"format", "made_at", "account_id", "records": {label: [record, …]}}`; a file
    stands in its record as `{"file": name in files}`.

    Raises:
        AbsentError: there is no such account, or it is another person's.
    """
    require_own(actor, account_id)
    files: dict[str, bytes] = {}
    with transaction.atomic():
        owner = personal_data.owner_of(account_id)
        records = {
            part.label: [_plain(record, part.label, files) for record in part.export(owner)]
            for part in reversed(personal_data.parts())
        }
        audit.record(actor, "people.person_exported", subject=owner.subject)
    document = {
        "format": FORMAT,
        "made_at": at,
        "account_id": account_id,
        "records": {label: rows for label, rows in records.items() if rows},
    }
    return PersonExport(_as_json_values(document), files)


def _plain(record: personal_data.Record, label: str, files: dict[str, bytes]) -> dict[str, Any]:
    return {name: _value(value, label, files) for name, value in record.items()}


def _value(value: object, label: str, files: dict[str, bytes]) -> object:
    match value:
        case ExportedFile():
            # Numbered, so that two files of one name both travel, and no name leaves the folder.
            name = f"files/{label}/{len(files) + 1}-{value.name.rsplit('/', 1)[-1]}"
            files[name] = value.read()
            return {"file": name}
        case bytes() | memoryview():
            return base64.b64encode(value).decode("ascii")
        case list() | tuple() | set() | frozenset():
            return [_value(one, label, files) for one in value]
        case dict():
            return {str(key): _value(one, label, files) for key, one in value.items()}
        case _:
            return value


def _as_json_values(document: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(document, cls=_Encoder))
    return plain


class _Encoder(DjangoJSONEncoder):
    """Moments keep their microseconds: what is exported is what was stored."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)
