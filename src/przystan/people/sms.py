"""Sending a text message: the port, and the implementation that works with nothing installed."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from django.conf import settings

# Ten concatenated UCS-2 parts of 67 characters: what gateways and phones take as one message.
MAX_CHARS = 670


class SmsSender(Protocol):
    """Hands a text to a phone network.

    `send` returns an id for the message, or raises an exception: the outbox then tries again.
    `to` is E.164; `text` has at most MAX_CHARS characters.
    """

    def send(self, to: str, text: str) -> str: ...


class FileSms:
    """Messages as files that only their owner reads: a demo's and a test's phone network."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, to: str, text: str) -> str:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        message_id = secrets.token_hex(8)
        path = self.folder / f"{message_id}.txt"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"To: {to}\n\n{text}\n")
        return message_id


def _to_files() -> SmsSender:
    return FileSms(Path(settings.DATA_DIR) / "sms")


_SENDER: Callable[[], SmsSender] = _to_files


def use(make: Callable[[], SmsSender]) -> None:
    """Send through another network from now on; for the room that has a gateway's adapter."""
    global _SENDER  # noqa: PLW0603  one network per process, chosen when it starts
    _SENDER = make


def sender() -> SmsSender:
    return _SENDER()
