"""Sessions in the database that are of no use to somebody who stole the database.

A row is found by a keyed hash of the cookie, so a copy of the table signs nobody in, and its
content (sign-in codes, addresses typed a minute ago) is locked.
"""

import base64
import hmac
import json
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone

from przystan.people import locked


class SessionStore(db.SessionStore):
    """Django's database sessions with hashed keys and locked content."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        plain = json.dumps(session_dict, separators=(",", ":")).encode()
        return base64.b64encode(locked.lock("session", plain)).decode("ascii")

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """The session, or an empty one when it does not open (a changed SECRET_KEY)."""
        try:
            plain = locked.unlock("session", base64.b64decode(session_data))
        except ValueError:
            return {}
        session: dict[str, Any] = json.loads(plain)
        return session

    def exists(self, session_key: str) -> bool:
        return self.model.objects.filter(session_key=row_key(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            self.model.objects.filter(session_key=row_key(key)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.session_key = row_key(row.session_key)
        return row

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        rows = self.model.objects.filter(expire_date__gt=timezone.now())
        row = rows.filter(session_key=row_key(self.session_key)).first()
        if row is None:
            # A cookie of our choosing or of nobody's: the visitor gets a fresh one when needed.
            self._session_key = None
        return row

    async def aexists(self, session_key: str) -> bool:
        return await sync_to_async(self.exists)(session_key)

    async def adelete(self, session_key: str | None = None) -> None:
        await sync_to_async(self.delete)(session_key)

    async def acreate_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        return await sync_to_async(self.create_model_instance)(data)

    async def _aget_session_from_db(self) -> AbstractBaseSession | None:
        return await sync_to_async(self._get_session_from_db)()


def row_key(session_key: str | None) -> str:
    """Under which key a session's row lies: 40 characters of an HMAC of the cookie."""
    message = f"session:{session_key}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, "sha256").hexdigest()[:40]
