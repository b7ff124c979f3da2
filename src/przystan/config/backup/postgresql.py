"""PostgreSQL: `pg_dump` and our own reading of every row in one snapshot; restored in a schema.

A backup is set up in a schema of its own, checked there, and takes the place of `public` in one
transaction. Nobody needs the right to make databases for that, only to own this one.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast
from uuid import UUID

from przystan.config.backup.database import RowSum, Snapshot, differing
from przystan.config.backup.faults import BackupError
from przystan.config.backup.manifest import Engine, Table

if TYPE_CHECKING:
    import psycopg

SCHEMA: Final = "public"
STAGE: Final = "przystan_restore"
_ASIDE: Final = "przystan_present"
_REPLACED: Final = "przystan_replaced"
Output = Callable[[list[str]], None]


class PostgreSql:
    """The database of a system.

    Args:
        parameters: how libpq reaches it: host, port, user, password, dbname and others.
    """

    engine: Engine = "postgresql"

    def __init__(self, parameters: dict[str, Any]) -> None:
        self._parameters = parameters

    def size_bytes(self) -> int:
        with self._connected() as db:
            return int(_value(db, "SELECT pg_database_size(current_database())"))

    def snapshot(self, folder: Path) -> Snapshot:
        pg_dump = program("pg_dump")
        target = folder / "database"
        with self._connected() as db:
            db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            moment = str(_value(db, "SELECT pg_export_snapshot()"))
            command = [pg_dump, "--format=custom", "--compress=0", "--no-owner", "--no-privileges"]
            command += [f"--schema={SCHEMA}", f"--snapshot={moment}", f"--file={target}"]
            self._run([*command, f"--dbname={self._address()}"])
            return Snapshot(
                target,
                str(_value(db, "SHOW server_version")),
                _table_sums(db, SCHEMA),
                tuple(f"{app}.{name}" for app, name in db.execute(_MIGRATIONS)),
                tuple(row[0] for row in db.execute(_MASTER_KEYS)),
            )

    def is_empty(self) -> bool:
        with self._connected() as db:
            return not _tables(db, SCHEMA)

    def is_in_use(self) -> bool:
        with self._connected() as db:
            return bool(_value(db, _OTHERS))

    def destroyed_owners(self) -> list[UUID]:
        import psycopg

        if self.is_empty():
            return []
        try:
            with self._connected() as db:
                return [row[0] for row in db.execute(_DESTROYED)]
        except psycopg.Error as error:
            raise BackupError(f"The database cannot be read: {_said(error)}.") from error

    def stage(self, copy: Path, tables: dict[str, Table]) -> None:
        pg_restore, psql = program("pg_restore"), program("psql")
        self.discard_stage()
        with subprocess.Popen(
            [psql, "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-o", os.devnull,
             "-d", self._address(), "-f", "-"],
            stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=self._environment(),
        ) as loading:  # fmt: skip
            script = cast(BinaryIO, loading.stdin)
            try:
                # The dump makes `public`; it is loaded under that name and moved aside, all in
                # one transaction, so that nobody ever sees it there.
                script.write(_rename(SCHEMA, _ASIDE))
                self._write_script([pg_restore, "--no-owner", "--no-privileges", str(copy)], script)
                script.write(_rename(SCHEMA, STAGE) + _rename(_ASIDE, SCHEMA))
                script.close()
            except (BrokenPipeError, BackupError) as error:
                loading.kill()
                if isinstance(error, BackupError):
                    raise
            said = (loading.stderr.read() if loading.stderr else b"").decode("utf-8", "replace")
            if loading.wait() != 0:
                raise BackupError(f"PostgreSQL refused the backup: {_first_line(said)}")
        with self._connected() as db:
            if others := differing(tables, _table_sums(db, STAGE)):
                raise BackupError(
                    f"Rows of {', '.join(others[:5])} are not as they were backed up."
                )

    def staged_environment(self) -> dict[str, str]:
        return {"PGOPTIONS": f"-c search_path={STAGE}"}

    def finish_stage(self) -> None:
        """Nothing is left to do: it was committed, and waits for `take_place`."""

    def discard_stage(self) -> None:
        with self._connected() as db:
            db.execute(f"DROP SCHEMA IF EXISTS {STAGE} CASCADE")

    def is_staged(self) -> bool:
        with self._connected() as db:
            return _value(db, f"SELECT to_regnamespace('{STAGE}')") is not None

    def take_place(self) -> None:
        """Let the staged schema be the one that is used, and drop the other: one transaction."""
        with self._connected() as db, db.transaction():
            db.execute(_rename(SCHEMA, _REPLACED))
            db.execute(_rename(STAGE, SCHEMA))
            db.execute(f"DROP SCHEMA {_REPLACED} CASCADE")

    @contextmanager
    def _connected(self) -> "Iterator[psycopg.Connection]":
        import psycopg

        try:
            db = psycopg.connect(**self._parameters, autocommit=True, prepare_threshold=None)
        except psycopg.Error as error:
            raise BackupError(f"The database cannot be reached: {_said(error)}.") from error
        with db:
            # One way of writing every value, whatever the server's own settings are.
            for setting in _CANONICAL:
                db.execute(setting)
            yield db

    def _address(self) -> str:
        from psycopg.conninfo import make_conninfo

        # The password goes by the environment: arguments are seen by everybody on the machine.
        open_ones = {k: v for k, v in self._parameters.items() if k != "password"}
        return make_conninfo(**open_ones)

    def _environment(self) -> dict[str, str]:
        password = self._parameters.get("password")
        kept = {name: value for name, value in os.environ.items() if name != "PGOPTIONS"}
        return kept | ({"PGPASSWORD": str(password)} if password else {})

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(command, env=self._environment(), capture_output=True, check=False)
        if done.returncode:
            said = _first_line(done.stderr.decode("utf-8", "replace"))
            raise BackupError(f"{Path(command[0]).name} failed: {said}")

    def _write_script(self, command: list[str], script: BinaryIO) -> None:
        with subprocess.Popen(
            [*command, "--file=-"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as reading:
            shutil.copyfileobj(cast(BinaryIO, reading.stdout), script, 2**20)
            said = (reading.stderr.read() if reading.stderr else b"").decode("utf-8", "replace")
            if reading.wait() != 0:
                raise BackupError(f"The database in this backup is damaged: {_first_line(said)}")


def program(name: str) -> str:
    """The path of a client program of PostgreSQL.

    Raises:
        BackupError: it is not installed; says which package has it.
    """
    if found := shutil.which(name):
        return found
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if newest:
        return str(newest[-1])
    raise BackupError(
        f"The program {name} is not installed. A PostgreSQL database is backed up and restored "
        "with PostgreSQL's own client programs, of the server's version or newer "
        "(Debian: apt-get install postgresql-client)."
    )


def _rename(name: str, to: str) -> bytes:
    return f"ALTER SCHEMA {name} RENAME TO {to};\n".encode()


def _value(db: "psycopg.Connection", query: str) -> Any:
    row = db.execute(query.encode()).fetchone()
    return row[0] if row else None


def _tables(db: "psycopg.Connection", schema: str) -> list[str]:
    rows = db.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY tablename", [schema]
    )
    return [row[0] for row in rows]


def _table_sums(db: "psycopg.Connection", schema: str) -> dict[str, Table]:
    return {name: _table_sum(db, schema, name) for name in _tables(db, schema)}


def _table_sum(db: "psycopg.Connection", schema: str, name: str) -> Table:
    from psycopg import sql

    query = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(schema, name))
    with db.cursor() as cursor, cursor.copy(query) as rows:
        # libpq hands out one row at a time.
        return RowSum().add(bytes(row) for row in rows).table()


def _said(error: Exception) -> str:
    return _first_line(str(error)).rstrip(".")


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "no reason was given")


_CANONICAL = (
    "SET TIME ZONE 'UTC'",
    "SET datestyle = 'ISO, YMD'",
    "SET intervalstyle = 'iso_8601'",
    "SET bytea_output = 'hex'",
    "SET extra_float_digits = 1",
    "SET client_encoding = 'UTF8'",
)
_MIGRATIONS = "SELECT app, name FROM public.django_migrations ORDER BY app, name"
_MASTER_KEYS = (
    "SELECT DISTINCT master_key_id FROM public.people_datakey "
    "WHERE length(wrapped) > 0 ORDER BY master_key_id"
)
_DESTROYED = "SELECT owner_id FROM public.people_datakey WHERE length(wrapped) = 0"
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)
