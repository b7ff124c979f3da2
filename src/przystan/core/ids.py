"""Identifiers: time-ordered UUIDs for rows, random tokens for links, short codes for phones."""

import secrets
from uuid import UUID

import uuid_utils.compat

from przystan.core.errors import READABLE


def new_id() -> UUID:
    """A UUIDv7: sorts by time of making, so indexes stay dense."""
    return uuid_utils.compat.uuid7()


def new_token() -> str:
    """128 random bits for a link that grants access."""
    return secrets.token_urlsafe(16)


def new_code(length: int = 9) -> str:
    """A code to read out, at least 40 bits (27^9 > 2^42); throttle it and use it once."""
    return "".join(secrets.choice(READABLE) for _ in range(length))
