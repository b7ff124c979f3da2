"""The guards of published definitions, set aside to empty the tables after a test."""

from collections.abc import Iterator

import pytest
from django.test import TransactionTestCase

from przystan.procedures import guards


@pytest.fixture(autouse=True, scope="session")
def published_can_be_emptied() -> Iterator[None]:
    """Django empties the tables after a transactional test, under whatever guards them."""
    empty = TransactionTestCase._fixture_teardown

    def empty_all(self: TransactionTestCase) -> None:
        with guards.lifted():
            empty(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_all)
        yield
