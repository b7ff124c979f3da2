"""How often one address or one session may ask, counted in the cache by fixed windows."""

import hashlib
import time
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from przystan.core.errors import TooManyRequestsError


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` acts in `window_s` seconds; `name` keeps counters apart."""

    name: str
    count: int
    window_s: int = 60


def spend(limit: Limit, who: str) -> int:
    """Count one act of `who`; return 0, or the seconds after which the next is allowed."""
    window, into = divmod(int(time.time()), limit.window_s)
    # Hashed: an address is personal data, and caches are dumped by operators.
    digest = hashlib.blake2s(who.encode(), digest_size=12).hexdigest()
    key = f"limit:{limit.name}:{digest}:{window}"
    cache.add(key, 0, timeout=limit.window_s + 5)
    try:
        used = cache.incr(key)
    except ValueError:  # the window ended between the two calls
        return 0
    return limit.window_s - into if used > limit.count else 0


def require(limit: Limit, who: str) -> None:
    """Raise TooManyRequestsError when `who` is over the limit."""
    if wait_s := spend(limit, who):
        raise TooManyRequestsError(
            _("Too many requests came from here. Wait %(seconds)s seconds and try again.")
            % {"seconds": wait_s},
            retry_after_s=wait_s,
        )


def address_of(request: HttpRequest) -> str:
    """The peer's address. Behind a proxy the server is told whom to believe, not this code."""
    return str(request.META.get("REMOTE_ADDR", ""))
