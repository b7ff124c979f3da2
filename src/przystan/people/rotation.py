"""A new master key: every data key wrapped anew, so that the old one may be thrown away."""

from django.db import transaction

from przystan.people import audit, vault
from przystan.people.actor import Actor


def rotate(*, actor: Actor, batch: int = 500) -> int:
    """Wrap every data key anew under the current MASTER_KEY and return how many were.

    The master keys that wrapped them until now stand in MASTER_KEYS_OLD. It may be stopped and
    run again: each batch is a transaction with its audit row.

    Raises:
        MasterKeyError: a data key is wrapped by a key that neither setting holds.
    """
    count = 0
    while wrapped := _rotate_batch(actor, batch):
        count += wrapped
    return count


@transaction.atomic
def _rotate_batch(actor: Actor, batch: int) -> int:
    if wrapped := vault.wrap_anew(batch):
        audit.record(
            actor,
            "people.data_keys_rotated",
            detail={"keys": wrapped, "master_key": vault.master_key_id()},
        )
    return wrapped
