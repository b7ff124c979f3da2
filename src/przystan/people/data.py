"""What other rooms get from `people`: frozen values, never rows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ControllerData:
    """Who answers for personal data; `notice_key` names the privacy notice to show."""

    id: UUID
    name: str
    contact: str
    notice_key: str


@dataclass(frozen=True, slots=True)
class OfficeData:
    id: UUID
    slug: str
    name: str
    kind: str
    path: str
    controller: ControllerData


@dataclass(frozen=True, slots=True)
class MembershipData:
    """A role in an office; `valid_to` is the first moment at which it no longer holds."""

    id: UUID
    account_id: UUID
    email: str
    office: OfficeData
    role: str
    teams: tuple[str, ...]
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A way into the demo; persons have neither password nor TOTP secret, they get a code."""

    email: str
    role: str
    password: str = ""
    totp_secret: str = ""
