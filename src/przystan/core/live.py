"""`/live/`: server-sent events beside Django, one reader of the database per process.

A small ASGI application: it holds a queue per open page and never touches Django's request
cycle, so a thousand idle pages cost memory only. Access was checked by the view that signed
the token; here only the signature is.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeVar
from urllib.parse import parse_qs

from asgiref.sync import sync_to_async
from django.db import Error, close_old_connections, connection

from przystan.core import events
from przystan.core.models import Event

T = TypeVar("T")
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

POLL_S = 0.25
# Proxies cut a silent connection after about a minute.
HEARTBEAT_S = 20.0
# A page that does not read is dropped; it reconnects and catches up by Last-Event-ID.
QUEUE_SIZE = 100


class Hub:
    """The one reader: notices new events and hands them to the pages that listen."""

    def __init__(self) -> None:
        self._listeners: dict[asyncio.Queue[Event], frozenset[str]] = {}
        self._reader: asyncio.Task[None] | None = None

    def listen(self, streams: tuple[str, ...]) -> "asyncio.Queue[Event]":
        queue: asyncio.Queue[Event] = asyncio.Queue(QUEUE_SIZE)
        self._listeners[queue] = frozenset(streams)
        if self._reader is None or self._reader.done():
            self._reader = asyncio.get_running_loop().create_task(self._read())
        return queue

    def leave(self, queue: "asyncio.Queue[Event]") -> None:
        self._listeners.pop(queue, None)

    async def _read(self) -> None:
        last, version = await _in_thread(events.newest_id), -1
        while self._listeners:
            await asyncio.sleep(POLL_S)
            try:
                last, version = await self._look(last, version)
            except Error:  # the database is away for a while; the pages stay and hear of it later
                version = -1
                await asyncio.sleep(1)

    async def _look(self, last: int, version: int) -> tuple[int, int]:
        """Hand out what is new; the id up to which that is so, and the database's version."""
        seen = await _in_thread(_data_version)
        # SQLite counts other connections' commits; unchanged means nothing to look for.
        if seen is not None and seen == version:
            return last, version
        for event in await _in_thread(_newer_than, last):
            last = max(last, event.pk)
            self._hand_out(event)
        return last, -1 if seen is None else seen

    def _hand_out(self, event: Event) -> None:
        for queue, streams in list(self._listeners.items()):
            if event.stream in streams:
                try:
                    queue.put_nowait(event)
                except asyncio.QueueFull:
                    self.leave(queue)


def _data_version() -> int | None:
    """SQLite's counter of commits by others; None on a database that has none."""
    if connection.vendor != "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0])


def _newer_than(last: int) -> list[Event]:
    return list(Event.objects.filter(id__gt=last).order_by("id")[:500])


async def _in_thread(work: Callable[..., T], *arguments: Any) -> T:
    def call() -> T:
        close_old_connections()
        return work(*arguments)

    return await sync_to_async(call, thread_sensitive=True)()


HUB = Hub()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one `/live/events?token=…` connection until the page goes away."""
    query = parse_qs(scope.get("query_string", b"").decode("ascii", "replace"))
    streams = events.streams_of(query.get("token", [""])[0])
    if scope["path"] != "/live/events" or scope["method"] != "GET":
        return await _plain(send, 404, "There is no such stream.")
    if streams is None:
        return await _plain(send, 403, "This link to live news has expired. Reload the page.")
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"content-type", b"text/event-stream; charset=utf-8"),
                (b"cache-control", b"no-store"),
                (b"x-accel-buffering", b"no"),
                (b"x-content-type-options", b"nosniff"),
            ],
        }
    )
    queue = HUB.listen(streams)
    leaving = asyncio.ensure_future(_until_gone(receive))
    try:
        await _stream(queue, streams, _last_id(scope), leaving, send)
    finally:
        HUB.leave(queue)
        leaving.cancel()


async def _stream(
    queue: "asyncio.Queue[Event]",
    streams: tuple[str, ...],
    last: int,
    leaving: "asyncio.Future[None]",
    send: Send,
) -> None:
    await _write(send, "retry: 3000\n\n")
    if last:
        for event in await _in_thread(events.since, streams, last):
            last = event.pk
            await _write(send, _frame(event))
    while not leaving.done():
        getting = asyncio.ensure_future(queue.get())
        waited: set[asyncio.Future[Any]] = {getting, leaving}
        await asyncio.wait(waited, timeout=HEARTBEAT_S, return_when="FIRST_COMPLETED")
        if getting.done():
            event = getting.result()
            if event.pk > last:
                last = event.pk
                await _write(send, _frame(event))
        else:
            getting.cancel()
            if not leaving.done():
                await _write(send, ": still here\n\n")


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _last_id(scope: Scope) -> int:
    headers = dict(scope["headers"])
    value = headers.get(b"last-event-id", b"").decode("ascii", "replace")
    return int(value) if value.isdecimal() and len(value) < 19 else 0


def _frame(event: Event) -> str:
    return f"id: {event.pk}\nevent: {event.kind}\ndata: {json.dumps(event.data)}\n\n"


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _plain(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
