"""Promises that the database itself keeps, on SQLite and on PostgreSQL.

Set after every `migrate`, as `core.guards` explains.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from przystan.core import guards

# table, column whose rows must not share a day
NO_SHARED_DAY = (
    ("knowledge_parametervalue", "parameter_id"),
    ("knowledge_versionperiod", "article_id"),
)
NEVER_CHANGED = {"knowledge_articleversion": ("update", "delete")}


def install(*, using: str = "default", **signal: Any) -> None:
    """Set the guards of every table that exists; a receiver of `post_migrate`."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    for table, key in NO_SHARED_DAY:
        if table in existing:
            guards.run(connection, _no_shared_day(connection, table, key))
    guards.refuse(connection, NEVER_CHANGED)


@contextmanager
def lifted(using: str = "default") -> Iterator[None]:
    """Let published versions be emptied: for test teardown and for restoring a backup."""
    guards.allow(connections[using], NEVER_CHANGED)
    try:
        yield
    finally:
        install(using=using)


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
