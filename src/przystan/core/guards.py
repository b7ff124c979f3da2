"""Tables whose rows the database itself refuses to change, on SQLite and on PostgreSQL.

A room sets its guards after every `migrate`, because SQLite drops a table's triggers whenever
Django rebuilds the table for a schema change. Setting them twice does no harm.
"""

from collections.abc import Iterable, Mapping

from django.db.backends.base.base import BaseDatabaseWrapper

# table -> what is refused: "update", "delete"
Refused = Mapping[str, tuple[str, ...]]


def refuse(connection: BaseDatabaseWrapper, tables: Refused) -> None:
    """Set the guards of those tables that exist."""
    existing = set(connection.introspection.table_names())
    for table, acts in tables.items():
        if table in existing:
            run(connection, _statements(connection, table, acts))


def allow(connection: BaseDatabaseWrapper, tables: Refused) -> None:
    """Take the guards away: for test teardown and for restoring a backup."""
    for table, acts in tables.items():
        on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
        run(connection, [f"DROP TRIGGER IF EXISTS {table}_{act}{on_table}" for act in acts])


def run(connection: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
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
