"""Who acts, in which role and office, for what purpose, on whose behalf."""

from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

# none: nobody signed in; low: a code by e-mail or phone; substantial: a second factor or a
# passkey; high: a qualified or trusted signature (eIDAS levels, with "none" below them).
Assurance = Literal["none", "low", "substantial", "high"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Every service, query and audit row takes one.

    `subject` is the random key under which audit rows know the person; it is destroyed on
    erasure while the row stays. `session` tells two anonymous visitors apart and is never a
    cookie value.
    """

    role: str
    account_id: UUID | None = None
    subject: UUID | None = None
    office_id: UUID | None = None
    purpose: str = "self-service"
    assurance: Assurance = "none"
    on_behalf_of: UUID | None = None
    session: str = ""
    teams: frozenset[str] = frozenset()

    @property
    def is_staff(self) -> bool:
        return self.office_id is not None

    def acting_for(self, purpose: str) -> "Actor":
        return replace(self, purpose=purpose)


def visitor(session: str = "") -> Actor:
    """Somebody on the portal who is not signed in."""
    return Actor(role="visitor", session=session)


def system(purpose: str) -> Actor:
    """The product itself: scheduler, dispatcher, importer."""
    return Actor(role="system", purpose=purpose, assurance="high")
