"""What people said, sealed under the key of their thread: forgetting the key forgets the words."""

from uuid import UUID

from przystan.people import vault


def seal(thread_id: UUID, text: str, *, field: str) -> bytes:
    """Seal a text of a thread; `field` keeps a reply from being passed off as an address."""
    return vault.seal_for(thread_id, text, field=f"conversations.{field}", kind="thread")


def read(thread_id: UUID, sealed: bytes | memoryview, *, field: str) -> str:
    """Open a text of a thread.

    Raises:
        ErasedError: the thread was forgotten.
    """
    return vault.open_text(thread_id, sealed, field=f"conversations.{field}")


def forget(thread_id: UUID) -> None:
    vault.destroy_key(thread_id, kind="thread")


def index_of(token: str) -> bytes:
    """By this a secret link is found; the link itself stands nowhere in clear."""
    return vault.blind_index("record", f"thread-link:{token}")
