"""The database's guard against changing what was published, set aside to empty the tables."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import TransactionTestCase

from przystan.knowledge import guards


@pytest.fixture(autouse=True, scope="session")
def versions_can_be_emptied() -> Iterator[None]:
    """Django empties the tables after a transactional test: SQLite row by row, under triggers."""
    empty = TransactionTestCase._fixture_teardown

    def empty_all(self: TransactionTestCase) -> None:
        if connection.vendor != "sqlite":
            empty(self)
            return
        with guards.lifted():
            empty(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_all)
        yield
