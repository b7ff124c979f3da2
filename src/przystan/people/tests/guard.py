"""The database's guards against changing history, set aside where a test has to."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import TransactionTestCase

GUARDED = ("people_auditrow", "people_consententry")


@contextmanager
def lifted() -> Iterator[None]:
    """What somebody with the database's own password can do, for the time of a test."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _switch(cursor, "DISABLE")
            yield
            _switch(cursor, "ENABLE")
            return
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (%s, %s)",
            GUARDED,
        )
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _name, sql in triggers:
            cursor.execute(sql)


def _switch(cursor, how: str) -> None:
    # Foreign keys are checked at commit; a table with checks to come cannot be altered.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for table in GUARDED:
        cursor.execute(f"ALTER TABLE {table} {how} TRIGGER USER")


@pytest.fixture(autouse=True, scope="session")
def tables_can_be_emptied() -> Iterator[None]:
    """Django empties the tables after a transactional test, the guarded ones too."""
    empty = TransactionTestCase._fixture_teardown

    def empty_all(self: TransactionTestCase) -> None:
        with lifted():
            empty(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_all)
        yield
