"""What is kept of pages between requests, under the version of the knowledge it was made of.

A publication changes the version, so nothing old is shown for longer than `STAMP_S`; what has
no version (a help line's number) is read anew every `KEPT_S`.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token

from przystan.core import clock
from przystan.core.ids import new_token
from przystan.knowledge import api as knowledge

STAMP_S = 2
KEPT_S = 60
T = TypeVar("T")
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

# The two values of a page that are made for one reader: a form's token and its key.
_OWN = re.compile(rb'(name="(csrfmiddlewaretoken|key)" value=")[^"]*"')


def stamp(on: date) -> str:
    """The version of everything that articles of a day say; at most `STAMP_S` old."""
    return str(cache.get_or_set(f"web:stamp:{on}", lambda: knowledge.corpus_version(on), STAMP_S))


def _key(kind: str, on: date, name: str) -> str:
    # Hashed: an address may be long, and hold what some caches do not take in a key.
    digest = hashlib.blake2s(name.encode("utf-8", "replace"), digest_size=16).hexdigest()
    return f"web:{kind}:{stamp(on)}:{on}:{digest}"


def fragment(name: str, on: date, make: Callable[[], T]) -> T:
    """A part of a page that is the same for every reader of a language."""
    key = _key("fragment", on, name)
    if (kept := cache.get(key)) is None:
        kept = make()
        cache.set(key, kept, KEPT_S)
    return cast(T, kept)


def for_visitors(view: View[P]) -> View[P]:
    """Keep the whole page for those who bring nothing that could change it.

    Who has a session, a message or a question in the address gets the page made anew. The
    form's token and key are never shared: they are taken out and put in for each reader.
    """

    @wraps(view)
    def kept_or_made(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not _is_like_any_other(request):
            return view(request, *args, **kwargs)
        today = clock.today()
        key = _key("page", today, request.path)
        parts = cache.get(key)
        if parts is None:
            response = view(request, *args, **kwargs)
            if response.status_code == 200:
                cache.set(key, _parts(response.content), KEPT_S)
            return response
        return HttpResponse(_for_this_reader(request, parts))

    return kept_or_made


def _is_like_any_other(request: HttpRequest) -> bool:
    brought = {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys()
    return request.method == "GET" and not request.META.get("QUERY_STRING") and not brought


def _parts(body: bytes) -> list[bytes]:
    """The page cut where a reader's own value stands: text, name of the value, text, …"""
    cut: list[bytes] = []
    end = 0
    for found in _OWN.finditer(body):
        cut += [body[end : found.end(1)], found[2]]
        end = found.end() - 1
    return [*cut, body[end:]]


def _for_this_reader(request: HttpRequest, parts: list[bytes]) -> bytes:
    own = {b"csrfmiddlewaretoken": get_token(request), b"key": new_token()}
    return b"".join(
        part if place % 2 == 0 else own[part].encode() for place, part in enumerate(parts)
    )
