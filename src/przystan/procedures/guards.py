"""What the database itself refuses: to change what was published, or a finished check.

Published rows are never deleted either; a snapshot is, when its check is forgotten.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections

from przystan.core import guards

GUARDED = {
    "procedures_publisheddefinition": ("update", "delete"),
    "procedures_publishedtexts": ("update", "delete"),
    "procedures_publishedvocabulary": ("update", "delete"),
    "procedures_snapshot": ("update",),
}


def install(*, using: str = "default", **signal: Any) -> None:
    """Set the guards; a receiver of `post_migrate`."""
    guards.refuse(connections[using], GUARDED)


@contextmanager
def lifted(using: str = "default") -> Iterator[None]:
    """Let the tables be emptied: for test teardown and for restoring a backup."""
    guards.allow(connections[using], GUARDED)
    try:
        yield
    finally:
        install(using=using)
