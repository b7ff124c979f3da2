"""E-mail and SMS of the sign-in: written now, left in the outbox, sent after the commit.

A letter holds a code and an address, so it waits locked. Nothing in a request talks to a mail
server: a slow one delays no page, and known and unknown addresses take the same time.
"""

import base64
import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from przystan.core import clock, logs, outbox
from przystan.core.ids import new_token
from przystan.people import locked, sms

MAIL, SMS = "people.mail", "people.sms"
# A code is dead after a quarter of an hour: an old letter helps nobody and holds an address.
GOOD_FOR = timedelta(hours=1)
_LOG = logs.get(__name__)


def post_mail(to: str, subject: str, body: str) -> None:
    _leave(MAIL, {"to": to, "subject": subject, "body": body})


def post_sms(to: str, text: str) -> None:
    """`to` is E.164; a text longer than a message is cut, which ours never are."""
    _leave(SMS, {"to": to, "text": text[: sms.MAX_CHARS]})


@outbox.on(MAIL)
def send_mail(payload: dict[str, Any]) -> None:
    if letter := _opened(payload):
        EmailMessage(
            letter["subject"], letter["body"], settings.DEFAULT_FROM_EMAIL, [letter["to"]]
        ).send()


@outbox.on(SMS)
def send_sms(payload: dict[str, Any]) -> None:
    if letter := _opened(payload):
        sms.sender().send(letter["to"], letter["text"])


def _leave(topic: str, letter: dict[str, str]) -> None:
    dated = json.dumps({**letter, "at": clock.now().timestamp()})
    box = base64.b64encode(locked.lock("letter", dated.encode())).decode("ascii")
    with transaction.atomic():
        # A key of its own: one mailbox that refuses letters holds back no other.
        outbox.put(topic, key=f"letter:{new_token()}", box=box)


def _opened(payload: dict[str, Any]) -> dict[str, Any] | None:
    """The letter, or None for one that a broken mail server held back too long."""
    letter: dict[str, Any] = json.loads(
        locked.unlock("letter", base64.b64decode(payload["box"], validate=True))
    )
    age_s = clock.now().timestamp() - letter["at"]
    if age_s > GOOD_FOR.total_seconds():
        _LOG.warning("people.letter_dropped", age_s=round(age_s))
        return None
    return letter
