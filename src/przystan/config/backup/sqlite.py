"""SQLite: one file, copied in one read transaction while others write."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote
from uuid import UUID

from django.db.backends.sqlite3._functions import register  # type: ignore[import-untyped]

from przystan.config.backup.database import RowSum, Snapshot, differing
from przystan.config.backup.faults import BackupError
from przystan.config.backup.manifest import Engine, Table

# A writer may hold the file for as long as its transaction; ours are short.
_PATIENCE_S: Final = 60.0
BESIDE: Final = ("-wal", "-shm", "-journal")


class Sqlite:
    """The database file of a system.

    Args:
        path: where it is, or will be.
        stage_path: where a restored one waits; on the file system of `path`.
    """

    engine: Engine = "sqlite"

    def __init__(self, path: Path, stage_path: Path) -> None:
        self.path, self.stage_path = path, stage_path

    def size_bytes(self) -> int:
        if not self.path.exists():
            raise BackupError(f"There is no database at {self.path}. `przystan up` makes one.")
        return sum(one.stat().st_size for one in (self.path, _wal(self.path)) if one.exists())

    def snapshot(self, folder: Path) -> Snapshot:
        target = folder / "database"
        try:
            with opened(self.path) as db, closing(sqlite3.connect(target)) as copy:
                # All pages in one step are one read transaction: one moment of the database.
                db.backup(copy, pages=-1)
            with opened(target) as copy:
                # One file, whole in itself, that no log beside it can change.
                copy.execute("PRAGMA journal_mode = DELETE")
                return Snapshot(
                    target,
                    sqlite3.sqlite_version,
                    table_sums(copy),
                    tuple(f"{app}.{name}" for app, name in copy.execute(_MIGRATIONS)),
                    tuple(row[0] for row in copy.execute(_MASTER_KEYS)),
                )
        except sqlite3.Error as error:
            raise BackupError(f"The database {self.path} cannot be read: {error}.") from error

    def is_empty(self) -> bool:
        if not self.path.exists() or not self.path.stat().st_size:
            return True
        try:
            with opened(self.path) as db:
                return not _tables(db)
        except sqlite3.Error:
            return False  # whatever it is, it is something

    def is_in_use(self) -> bool:
        """A process that has the file open in WAL mode shares its lock; only one alone gets all."""
        if not self.path.exists():
            return False
        try:
            with opened(self.path, patience_s=0.5) as db:
                db.execute("PRAGMA locking_mode = EXCLUSIVE")
                db.execute("BEGIN EXCLUSIVE")
                db.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            return error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
        except sqlite3.Error:
            pass  # a file that is no database is held by nobody
        return False

    def destroyed_owners(self) -> list[UUID]:
        if self.is_empty():
            return []
        try:
            with opened(self.path) as db:
                return [UUID(row[0]) for row in db.execute(_DESTROYED)]
        except (sqlite3.Error, TypeError, ValueError) as error:
            raise BackupError(f"{self.path} cannot be read: {error}.") from error

    def stage(self, copy: Path, tables: dict[str, Table]) -> None:
        try:
            with opened(copy) as db:
                problems = [str(row[0]) for row in db.execute("PRAGMA integrity_check(5)")]
                strays = db.execute("PRAGMA foreign_key_check").fetchmany(5)
                found = table_sums(db)
        except sqlite3.Error as error:
            raise BackupError(f"The database in this backup cannot be read: {error}.") from error
        if problems != ["ok"] or strays:
            raise BackupError("The database in this backup is not whole. Use another backup.")
        if others := differing(tables, found):
            raise BackupError(f"Rows of {', '.join(others[:5])} are not as they were backed up.")
        self.stage_path.parent.mkdir(parents=True, exist_ok=True)
        copy.replace(self.stage_path)

    def staged_environment(self) -> dict[str, str]:
        return {"DATABASE_URL": f"sqlite:///{quote(str(self.stage_path))}"}

    def finish_stage(self) -> None:
        with opened(self.stage_path) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if _wal(self.stage_path).exists():
            raise BackupError("The restored database is still in use by another process.")

    def discard_stage(self) -> None:
        for path in (self.stage_path, *(beside(self.stage_path))):
            path.unlink(missing_ok=True)


def beside(path: Path) -> list[Path]:
    """The files that SQLite keeps beside a database: they belong to that very file."""
    return [path.with_name(path.name + ending) for ending in BESIDE]


@contextmanager
def opened(path: Path, *, patience_s: float = _PATIENCE_S) -> Iterator[sqlite3.Connection]:
    address = f"file:{quote(str(path))}?mode=rw"
    with closing(
        sqlite3.connect(address, uri=True, timeout=patience_s, isolation_level=None)
    ) as db:
        # Constraints of ours call functions that Django adds, REGEXP for one.
        register(db)
        yield db


def table_sums(db: sqlite3.Connection) -> dict[str, Table]:
    return {name: _table_sum(db, name) for name in _tables(db)}


def _table_sum(db: sqlite3.Connection, name: str) -> Table:
    quoted = name.replace('"', '""')
    rows = db.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608  a name that the schema gave us
    # `ascii` writes numbers, texts, bytes and nulls apart, the same under every release.
    return RowSum().add(ascii(row).encode("ascii") for row in rows).table()


def _tables(db: sqlite3.Connection) -> list[str]:
    return [row[0] for row in db.execute(_TABLES)]


def _wal(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' "
    "ORDER BY name"
)
_MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY app, name"
_MASTER_KEYS = (
    "SELECT DISTINCT master_key_id FROM people_datakey WHERE wrapped <> x'' ORDER BY master_key_id"
)
_DESTROYED = "SELECT owner_id FROM people_datakey WHERE wrapped = x''"
