"""Promises that the database itself keeps, on SQLite and on PostgreSQL.

Installed after every `migrate`, because SQLite drops a table's triggers whenever Django
rebuilds the table for a schema change. Installing twice does no harm.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

# table, column whose rows must not share a day
NO_SHARED_DAY = (
    ("knowledge_parametervalue", "parameter_id"),
    ("knowledge_versionperiod", "article_id"),
)
NEVER_CHANGED = ("knowledge_articleversion",)


def install(*, using: str = "default", **signal: Any) -> None:
    """Set the guards of every table that exists; a receiver of `post_migrate`."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    for table, key in NO_SHARED_DAY:
        if table in existing:
            _run(connection, _no_shared_day(connection, table, key))
    for table in NEVER_CHANGED:
        if table in existing:
            _run(connection, _never_changed(connection, table))


@contextmanager
def lifted(using: str = "default") -> Iterator[None]:
    """Let published versions be emptied: for test teardown and for restoring a backup."""
    connection = connections[using]
    for table in NEVER_CHANGED:
        on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
        drop = [f"DROP TRIGGER IF EXISTS {table}_{act}{on_table}" for act in ("update", "delete")]
        _run(connection, drop)
    try:
        yield
    finally:
        install(using=using)


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _no_shared_day(connection: BaseDatabaseWrapper, table: str, key: str) -> list[str]:
    name = f"{table}_no_shared_day"
    if connection.vendor == "postgresql":
        # int8range stands for equality: gist compares ranges without any extension.
        constraint = (
            f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist ("
            f"int8range({key}, {key}, '[]') WITH &&, "
            "daterange(valid_from, valid_to, '[]') WITH &&)"
        )
        return [
            "DO $$ BEGIN IF NOT EXISTS "  # noqa: S608  our own names
            f"(SELECT 1 FROM pg_constraint WHERE conname = '{name}') "
            f"THEN {constraint}; END IF; END $$"
        ]
    overlap = (
        f"SELECT 1 FROM {table} AS other "  # noqa: S608  our own names
        f"WHERE other.{key} = NEW.{key} AND other.id <> NEW.id "
        "AND COALESCE(other.valid_from, '0001-01-01') <= COALESCE(NEW.valid_to, '9999-12-31') "
        "AND COALESCE(NEW.valid_from, '0001-01-01') <= COALESCE(other.valid_to, '9999-12-31')"
    )
    # After, not before: until then a new row's id is -1.
    return [
        f"CREATE TRIGGER IF NOT EXISTS {name}_{act} AFTER {act} ON {table} "
        f"WHEN EXISTS ({overlap}) "
        f"BEGIN SELECT RAISE(ABORT, '{name}: two rows share a day'); END"
        for act in ("insert", "update")
    ]


def _never_changed(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    message = f"{table}: a published version is never changed"
    if connection.vendor == "postgresql":
        function = (
            f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'"
            "; END $$"
        )
        triggers = [
            statement
            for act in ("update", "delete")
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
        for act in ("update", "delete")
    ]
