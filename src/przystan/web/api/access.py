"""Who may call: a key in the Authorization header, its scopes, its pace."""

from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from przystan.core import clock, ratelimit
from przystan.core.errors import PrzystanError
from przystan.people import tokens

PER_KEY: Final = ratelimit.Limit("api-key", 6_000)  # a minute


class KeyRefusedError(PrzystanError):
    """The key may not do this; absent, ended and too narrow look different only to its owner."""

    status = 403


class WithScope(HttpBearer):
    """A key that has a scope. `request.auth` is then the `tokens.Key`."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self._scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> tokens.Key | None:
        key = tokens.of_secret(token, at=clock.now())
        if key is None:
            return None
        ratelimit.require(PER_KEY, str(key.id))
        if self._scope not in key.scopes:
            raise KeyRefusedError(
                _("This key has no scope %(scope)s. Ask your office for one that has it.")
                % {"scope": self._scope}
            )
        return key
