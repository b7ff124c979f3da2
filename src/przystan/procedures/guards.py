"""What the database itself refuses: to change what was published, or a finished check.

Set after every `migrate`, as `knowledge/guards.py` explains. Published rows are never deleted
either; a snapshot is, when its check is forgotten.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

GUARDED = {
    "procedures_publisheddefinition": ("update", "delete"),
    "procedures_publishedtexts": ("update", "delete"),
    "procedures_publishedvocabulary": ("update", "delete"),
    "procedures_snapshot": ("update",),
}


def install(*, using: str = "default", **signal: Any) -> None:
    """Set the guards of every table that exists; a receiver of `post_migrate`."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    for table, acts in GUARDED.items():
        if table in existing:
            _run(connection, _statements(connection, table, acts))


@contextmanager
def lifted(using: str = "default") -> Iterator[None]:
    """Let the tables be emptied: for test teardown and for restoring a backup."""
    connection = connections[using]
    for table, acts in GUARDED.items():
        on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
        _run(connection, [f"DROP TRIGGER IF EXISTS {table}_{act}{on_table}" for act in acts])
    try:
        yield
    finally:
        install(using=using)


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _statements(connection: BaseDatabaseWrapper, table: str, acts: tuple[str, ...]) -> list[str]:
    message = f"{table}: what was published or finished is never changed"
    if connection.vendor == "postgresql":
        function = (
            f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'"
            "; END $$"
        )
        triggers = [
            statement
            for act in acts
            for statement in (
                f"DROP TRIGGER IF EXISTS {table}_{act} ON {table}",
                f"CREATE TRIGGER {table}_{act} BEFORE {act} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
            )
        ]
        return [function, *triggers]
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_{act} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        for act in acts
    ]
