"""What other apps receive from `directory`: frozen, in one language, with the day it was seen."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ContactView:
    kind: str  # phone, email, web, address
    value: str  # as it is shown: "22 628 01 20"
    href: str  # as it is dialled or opened: "tel:+48226280120"; "" for an address
    note: str


@dataclass(frozen=True, slots=True)
class OpeningView:
    """Hours that several days share, "09:00" to "16:00", Warsaw time."""

    days: tuple[str, ...]  # mo tu we th fr sa su
    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class OrganisationView:
    id: str
    kind: str
    name: str
    description: str
    contacts: tuple[ContactView, ...]
    opening: tuple[OpeningView, ...]
    is_always_open: bool
    hours_note: str
    languages: tuple[str, ...]
    terc: str
    seen_on: date | None
    # Seen more than six months before the day asked for, or never: "check before you call".
    is_old: bool
    is_verified: bool
    source: str

    @property
    def phones(self) -> tuple[ContactView, ...]:
        return tuple(contact for contact in self.contacts if contact.kind == "phone")

    @property
    def web(self) -> ContactView | None:
        return next((contact for contact in self.contacts if contact.kind == "web"), None)
