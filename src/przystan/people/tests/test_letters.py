"""Letters and text messages: locked while they wait, sent once the transaction is over."""

import stat
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction

from przystan.core import clock, outbox
from przystan.core.models import OutboxMessage
from przystan.people import letters, sms
from przystan.people.sms import FileSms

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def to_files_again():
    yield
    sms.use(sms._to_files)


def test_a_waiting_letter_shows_neither_address_nor_words():
    letters.post_mail("olena@example.org", "Code", "K4T-X9Q-WMB")
    row = OutboxMessage.objects.get()

    assert "olena" not in str(row.payload) + row.key
    assert "K4T" not in str(row.payload)


def test_a_letter_leaves_once_and_its_row_is_gone():
    letters.post_mail("olena@example.org", "Code", "K4T-X9Q-WMB")
    outbox.drain(at=clock.now())

    assert [one.to for one in mail.outbox] == [["olena@example.org"]]
    assert not OutboxMessage.objects.exists()


def test_a_letter_of_a_transaction_that_failed_never_leaves():
    with pytest.raises(ZeroDivisionError):
        _post_and_fail()
    outbox.drain(at=clock.now())

    assert mail.outbox == []


def _post_and_fail():
    with transaction.atomic():
        letters.post_mail("olena@example.org", "Code", "K4T-X9Q-WMB")
        raise ZeroDivisionError


def test_a_letter_that_a_broken_server_held_for_an_hour_is_dropped(monkeypatch):
    letters.post_mail("olena@example.org", "Code", "K4T-X9Q-WMB")
    letters.post_sms("+48501234567", "K4T-X9Q-WMB")
    later = clock.now() + timedelta(minutes=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    outbox.drain(at=later)

    assert mail.outbox == []
    assert not OutboxMessage.objects.exists()


def test_one_network_that_is_down_holds_back_no_letter():
    class Down:
        def send(self, to, text):
            raise ConnectionError

    sms.use(Down)
    letters.post_sms("+48501234567", "K4T-X9Q-WMB")
    letters.post_mail("olena@example.org", "Code", "K4T-X9Q-WMB")
    outbox.drain(at=clock.now())

    assert len(mail.outbox) == 1
    assert OutboxMessage.objects.get().attempts == 1


class Recording:
    """A second implementation of the port, to hold both to one promise."""

    def __init__(self):
        self.sent = []

    def send(self, to, text):
        self.sent.append((to, text))
        return f"id-{len(self.sent)}"


@pytest.mark.parametrize("make", [FileSms, lambda folder: Recording()], ids=["files", "memory"])
def test_every_network_takes_any_words_and_gives_each_message_its_own_id(tmp_path, make):
    network = make(tmp_path / "sms")
    texts = ["Kod: K4T", "Код: К4Т", "الرمز", "🚢" * 300, "line\nline", ""]
    ids = [network.send("+48501234567", text) for text in texts]

    assert len(set(ids)) == len(texts)
    assert all(ids)


def test_messages_on_disk_are_read_by_their_owner_alone(tmp_path):
    FileSms(tmp_path / "sms").send("+48501234567", "K4T")
    (path,) = (tmp_path / "sms").iterdir()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_message_is_never_longer_than_a_network_takes():
    network = Recording()
    sms.use(lambda: network)
    letters.post_sms("+48501234567", "x" * 5000)
    outbox.drain(at=clock.now())

    assert len(network.sent[0][1]) == sms.MAX_CHARS
