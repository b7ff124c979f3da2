import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.db import connections, transaction

from przystan.core import events, live

pytestmark = pytest.mark.django_db(transaction=True)


def scope(token, last_id=None):
    headers = [(b"last-event-id", last_id)] if last_id is not None else []
    return {
        "type": "http",
        "method": "GET",
        "path": "/live/events",
        "query_string": f"token={token}".encode(),
        "headers": headers,
    }


async def listen(scope, *, seconds=0.1):
    """What a page hears in a short time before it goes away."""
    sent, leave = [], asyncio.Event()

    async def receive():
        await leave.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    page = asyncio.create_task(live.application(scope, receive, send))
    await asyncio.sleep(seconds)
    leave.set()
    await asyncio.wait_for(page, 5)
    # The reader's thread ends with this loop; its connection must not outlive it.
    live.HUB.__init__()
    await asyncio.sleep(0.3)
    await sync_to_async(connections.close_all, thread_sensitive=True)()
    return sent


def heard(sent):
    return b"".join(message.get("body", b"") for message in sent).decode()


def test_a_page_without_a_signed_token_hears_nothing():
    sent = asyncio.run(listen(scope("forged")))

    assert sent[0]["status"] == 403


def test_a_page_that_comes_back_hears_what_it_missed_and_nothing_of_others():
    with transaction.atomic():
        first = events.publish("thread:1", "asked", {})
        events.publish("thread:2", "asked", {})
        second = events.publish("thread:1", "replied", {})

    sent = asyncio.run(listen(scope(events.token("thread:1"), str(first).encode()), seconds=0.5))

    assert sent[0]["status"] == 200
    assert f"id: {second}\nevent: replied\n" in heard(sent)
    assert heard(sent).count("event:") == 1


@pytest.mark.parametrize("last_id", [b"", b"-1", b"x", b"9" * 40, b"\xff\xfe"])
def test_a_strange_last_event_id_is_taken_for_none(last_id):
    sent = asyncio.run(listen(scope(events.token("thread:1"), last_id)))

    assert sent[0]["status"] == 200
    assert "event:" not in heard(sent)


def test_an_old_token_opens_nothing(monkeypatch):
    token = events.token("thread:1")
    monkeypatch.setattr(events, "TOKEN_AGE_S", -1)

    assert events.streams_of(token) is None
