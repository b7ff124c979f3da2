"""What backup and restore ask of a database: a snapshot of a running one, a copy put in place.

Two engines keep this promise, `sqlite.py` and `postgresql.py`. A snapshot is one moment of the
whole database: rows, counts and hashes are read in the same transaction as the copy.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from przystan.config.backup.manifest import Engine, Table

_MODULUS = 2**256


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment of a database, in a file that its engine can put back."""

    path: Path
    engine_version: str
    tables: dict[str, Table]
    migrations: tuple[str, ...]
    master_key_ids: tuple[str, ...]


class Database(Protocol):
    """The database of a system, running or not yet there."""

    engine: Engine

    def size_bytes(self) -> int:
        """How much room a snapshot of it takes at the most."""

    def snapshot(self, folder: Path) -> Snapshot:
        """Copy the running database into `folder`; nobody who writes waits for it."""

    def is_empty(self) -> bool:
        """Whether there is no table in it."""

    def is_in_use(self) -> bool:
        """Whether another process holds it open."""

    def destroyed_owners(self) -> list[UUID]:
        """`vault.destroyed_owners` of what stands there now, of whichever release.

        Raises:
            BackupError: it cannot be read.
        """

    def stage(self, copy: Path, tables: dict[str, Table]) -> None:
        """Set up a snapshot beside what is there and compare every row with `tables`.

        Raises:
            BackupError: it is not what was backed up; what is there is unchanged.
        """

    def staged_environment(self) -> dict[str, str]:
        """The environment in which a process of ours works on the staged database."""

    def finish_stage(self) -> None:
        """Make the staged database ready to take the other's place; nobody works on it now."""

    def discard_stage(self) -> None:
        """Throw the staged database away, if there is one."""


class RowSum:
    """Count and order-free hash of the rows of a table."""

    def __init__(self) -> None:
        self._count, self._sum = 0, 0

    def add(self, rows: Iterable[bytes]) -> "RowSum":
        sha256, total, count = hashlib.sha256, 0, 0
        for row in rows:
            total += int.from_bytes(sha256(row).digest(), "big")
            count += 1
        self._count += count
        self._sum = (self._sum + total) % _MODULUS
        return self

    def table(self) -> Table:
        return Table(self._count, f"{self._sum:064x}")


def differing(expected: dict[str, Table], found: dict[str, Table]) -> list[str]:
    """Names of tables that are not the same in both."""
    names = expected.keys() | found.keys()
    return sorted(name for name in names if expected.get(name) != found.get(name))
