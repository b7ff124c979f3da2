"""What `people` does between requests: seal the audit trail, finish an erasure."""

from typing import Any

from przystan.core import clock, outbox, schedule
from przystan.people import audit, erasure, known_links, personal_data
from przystan.people.sessions import SessionStore

known_links.register()


# Ten seconds after an act its row has its place in the chain; three leave room for a slow one.
@schedule.every(name="people.seal-audit", seconds=3)
def seal_audit() -> None:
    audit.seal_pending(at=clock.now())


@outbox.on("people.key_destroyed")
def key_destroyed(payload: dict[str, Any]) -> None:
    erasure.scrub()


@outbox.on("people.person_erased")
def person_erased(payload: dict[str, Any]) -> None:
    # The process of the request has emptied its own; this is the worker's.
    erasure.clear_caches()
    erasure.vacuum_parts()


@outbox.on("people.files_erased")
def files_erased(payload: dict[str, Any]) -> None:
    personal_data.delete_files(payload["names"])


@outbox.on("people.mail_erased")
def mail_erased(payload: dict[str, Any]) -> None:
    erasure.delete_mail(payload["names"])


@schedule.every(name="people.forget-sessions", minutes=60)
def forget_sessions() -> None:
    """Expired sessions hold what was typed in them."""
    SessionStore.clear_expired()
