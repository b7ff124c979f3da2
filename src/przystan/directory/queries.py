"""Reads of the directory."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import phonenumbers

from przystan.core.references import Resolved
from przystan.directory.data import ContactView, OpeningView, OrganisationView
from przystan.directory.models import Contact, Organisation

# A number older than this says so: numbers and hours age fastest of all.
STALE_AFTER = timedelta(days=183)


def organisation(id: str, lang: str, on: date) -> OrganisationView | None:
    found = Organisation.objects.filter(pk=id).prefetch_related("contacts").first()
    return _view(found, lang, on) if found else None


def organisations(
    lang: str, on: date, *, ids: Sequence[str] | None = None, kind: str | None = None
) -> tuple[OrganisationView, ...]:
    """Organisations in the order of `ids`, or all of a kind in the directory's order."""
    rows = Organisation.objects.prefetch_related("contacts")
    if kind is not None:
        rows = rows.filter(kind=kind)
    if ids is None:
        return tuple(_view(row, lang, on) for row in rows)
    by_id = {row.pk: row for row in rows.filter(pk__in=ids)}
    return tuple(_view(by_id[id], lang, on) for id in ids if id in by_id)


def resolve(id: str, lang: str, on: date) -> Resolved | None:
    """The words for `{service:id}`: name, number, and the day the number was seen."""
    found = organisation(id, lang, on)
    if found is None:
        return None
    numbers = ", ".join(phone.value for phone in found.phones)
    text = f"{found.name}: {numbers}" if numbers else found.name
    return Resolved(text, f"/{lang}/help/{id}/")


def _view(row: Organisation, lang: str, on: date) -> OrganisationView:
    return OrganisationView(
        id=row.pk,
        kind=row.kind,
        name=_in(row.names, lang),
        description=_in(row.descriptions, lang),
        contacts=tuple(_contact(contact, lang) for contact in row.contacts.all()),
        opening=tuple(
            OpeningView(tuple(span["days"]), span["from"], span["to"]) for span in row.opening
        ),
        is_always_open=row.is_always_open,
        hours_note=_in(row.hours_note, lang),
        languages=tuple(row.languages),
        terc=row.terc,
        seen_on=row.seen_on,
        is_old=row.seen_on is None or on - row.seen_on > STALE_AFTER,
        is_verified=row.is_verified,
        source=row.source,
    )


def _in(words: Any, lang: str) -> str:
    """The words in a language; languages without content read English, the names' lingua franca."""
    return str(words.get(lang) or words.get("en") or words.get("pl") or "")


def _contact(contact: Contact, lang: str) -> ContactView:
    href = {
        Contact.Kind.PHONE: lambda: f"tel:{_dialled(contact.value)}",
        Contact.Kind.EMAIL: lambda: f"mailto:{contact.value}",
        Contact.Kind.WEB: lambda: contact.value,
    }.get(Contact.Kind(contact.kind), lambda: "")()
    return ContactView(contact.kind, contact.value, href, _in(contact.note, lang))


def _dialled(number: str) -> str:
    """E.164, so that a foreign SIM dials it too; short numbers (112) stay as they are."""
    digits = "".join(c for c in number if c.isdigit() or c == "+")
    if len(digits) < 7:
        return digits
    parsed = phonenumbers.parse(number, "PL")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
