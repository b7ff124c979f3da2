from datetime import timedelta

import pytest
from django.db import transaction

from przystan.core import outbox
from przystan.core.models import OutboxMessage
from przystan.core.models.outbox import MAX_ATTEMPTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch):
    """A topic with one listener that remembers what it was told."""
    told = []
    monkeypatch.setitem(outbox._HANDLERS, "test.said", [told.append])
    return told


@pytest.fixture
def deaf(monkeypatch):
    def refuse(payload):
        raise ConnectionError("the other side is away")

    monkeypatch.setitem(outbox._HANDLERS, "test.said", [refuse])


def put(key="k", **payload):
    with transaction.atomic():
        outbox.put("test.said", key=key, **payload)


def later():
    return OutboxMessage.objects.latest("id").due_at + timedelta(seconds=1)


@pytest.mark.django_db(transaction=True)
def test_a_message_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="outside a transaction"):
        outbox.put("test.said", key="k")


def test_what_was_put_is_delivered_once_and_in_order(heard):
    for number in range(3):
        put(number=number)

    assert outbox.drain(at=later()) == 3
    assert [payload["number"] for payload in heard] == [0, 1, 2]
    assert outbox.drain(at=later_than_all()) == 0


def later_than_all():
    from przystan.core import clock

    return clock.now() + timedelta(days=1)


def test_a_failing_message_waits_longer_and_holds_back_its_own_key_alone(deaf, heard, monkeypatch):
    def only_good(payload):
        if payload.get("bad"):
            raise ConnectionError
        heard.append(payload)

    monkeypatch.setitem(outbox._HANDLERS, "test.said", [only_good])
    put(key="a", bad=True)
    put(key="a", number=2)
    put(key="b", number=3)

    outbox.drain(at=later())

    assert [payload["number"] for payload in heard] == [3]
    assert OutboxMessage.objects.filter(key="a").count() == 2
    assert OutboxMessage.objects.get(payload__bad=True).attempts == 1


def test_after_the_last_attempt_a_message_is_a_dead_letter_that_can_be_sent_again(
    deaf, monkeypatch
):
    put()
    at = later()
    for _ in range(MAX_ATTEMPTS):
        outbox.dispatch(at=at)
        at = OutboxMessage.objects.get().due_at + timedelta(seconds=1)

    [dead] = outbox.dead_letters()
    assert dead.last_error == "ConnectionError"
    assert outbox.dispatch(at=at) == 0

    told = []
    monkeypatch.setitem(outbox._HANDLERS, "test.said", [told.append])
    assert outbox.send_again(dead.pk, at=at)
    assert outbox.dispatch(at=at) == 1
    assert told == [{}]


def test_two_dispatchers_do_not_deliver_the_same_message(heard):
    put()
    at = later()
    [message_id] = outbox._due(at, 10)
    OutboxMessage.objects.filter(pk=message_id).update(due_at=at + timedelta(minutes=1))

    assert outbox._deliver(message_id, at) == 0
    assert heard == []


def test_a_message_put_while_the_clock_stood_a_day_ahead_leaves_when_it_is_right_again(heard):
    put(number=1)
    now = later()
    OutboxMessage.objects.update(due_at=now + timedelta(days=1))

    assert outbox.drain(at=now) == 1
    assert [payload["number"] for payload in heard] == [1]
