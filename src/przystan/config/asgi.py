"""One process, two doors on one origin: live streams in async code, everything else in Django.

Django runs under WSGI through a thread pool: a small page costs a third of the CPU that
Django's own ASGI handler takes (docs/decisions/0002-one-process-two-doors.md).
"""

import asyncio
import os
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "przystan.config.settings")

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

django = get_wsgi_application()

from przystan.assistant import api as assistant  # noqa: E402  after Django is set up
from przystan.core import live  # noqa: E402
from przystan.people.checks import refuse_unsafe_start  # noqa: E402

refuse_unsafe_start()

# Two cores serve pages; more threads than this only queue on the database.
_pages = WSGIMiddleware(cast(Any, django), workers=8)


_WARMING: set[asyncio.Task[None]] = set()


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"].startswith("/live/"):
        await live.application(scope, receive, send)
    elif scope["type"] == "http":
        await _pages(scope, receive, send)


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            # Beside the first pages, which need no model: the first question finds it loaded.
            warming = asyncio.create_task(asyncio.to_thread(assistant.warm_up))
            _WARMING.add(warming)
            warming.add_done_callback(_WARMING.discard)
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
