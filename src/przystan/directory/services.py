"""Loading the directory from a file of entries, all or nothing."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from przystan.core.errors import BadFileError
from przystan.directory.models import Contact, Organisation
from przystan.people import audit
from przystan.people.actor import Actor

STARTER = Path(__file__).parent / "starter" / "organisations.yaml"
_DAYS = {"mo", "tu", "we", "th", "fr", "sa", "su"}
_LANGUAGES = ("pl", "en", "uk", "ru")


def load(path: Path = STARTER, *, actor: Actor) -> int:
    """Replace the directory's entries by those of a file and return how many there are.

    Raises:
        BadFileError: names the file, the entry and the reason; nothing of it was kept.
    """
    entries = _read(path)
    problems = [problem for entry in entries for problem in _problems(entry)]
    if problems:
        raise BadFileError(path, None, " ".join(problems))
    with transaction.atomic():
        kept = [_store(entry, order) for order, entry in enumerate(entries)]
        gone, _by_table = Organisation.objects.exclude(pk__in=kept).delete()
        words = {"organisations": len(kept), "removed_rows": gone}
        audit.record(actor, "directory.loaded", detail=words)
    return len(kept)


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise BadFileError(path, mark.line + 1 if mark else None, error.problem) from error
    except (OSError, UnicodeDecodeError, RecursionError, yaml.YAMLError) as error:
        raise BadFileError(path, None, "cannot be read as UTF-8 YAML.") from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadFileError(path, 1, "A list of entries was expected.")
    return entries


def _problems(entry: Mapping[str, Any]) -> Iterable[str]:
    name = entry.get("id", "(without id)")
    if not isinstance(entry.get("id"), str):
        yield f"Entry {name}: give it an id of small letters and hyphens."
    if entry.get("kind") not in Organisation.Kind.values:
        yield f"Entry {name}: kind must be one of {', '.join(Organisation.Kind.values)}."
    if missing := [lang for lang in _LANGUAGES if not (entry.get("name") or {}).get(lang)]:
        yield f"Entry {name}: the name is missing in {', '.join(missing)}."
    for span in entry.get("opening") or []:
        if not set(span.get("days", [])) <= _DAYS or not span.get("days"):
            yield f"Entry {name}: days must be of {', '.join(sorted(_DAYS))}."
        elif not str(span.get("from", "")) < str(span.get("to", "")):
            yield f"Entry {name}: it never opens: from must come before to."
    for contact in entry.get("contacts") or []:
        if contact.get("kind") not in Contact.Kind.values or not contact.get("value"):
            yield f"Entry {name}: a contact needs a kind and a value."
    if entry.get("contacts") and not isinstance(entry.get("seen_on"), date):
        yield f"Entry {name}: seen_on must say the day its contacts were seen."


def _store(entry: Mapping[str, Any], order: int) -> str:
    hours = entry.get("hours") or {}
    row, _ = Organisation.objects.update_or_create(
        pk=entry["id"],
        defaults={
            "kind": entry["kind"],
            "names": entry["name"],
            "descriptions": entry.get("description") or {},
            "opening": entry.get("opening") or [],
            "is_always_open": bool(entry.get("always")),
            "hours_note": hours if isinstance(hours, dict) else {"pl": str(hours)},
            "languages": entry.get("languages") or [],
            "terc": str(entry.get("terc") or ""),
            "seen_on": entry.get("seen_on"),
            "source": str(entry.get("source") or ""),
            "is_verified": entry.get("status", "to_verify") == "verified",
            "order": order,
        },
    )
    row.contacts.all().delete()
    Contact.objects.bulk_create(
        Contact(
            organisation=row,
            kind=contact["kind"],
            value=str(contact["value"]),
            note=contact.get("note") if isinstance(contact.get("note"), dict) else {},
            order=number,
        )
        for number, contact in enumerate(entry.get("contacts") or [])
    )
    return row.pk
