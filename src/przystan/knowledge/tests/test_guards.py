"""What the database itself refuses, and how a test or a restore may still empty it."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from przystan.knowledge import guards
from przystan.knowledge.models import ArticleVersion
from przystan.knowledge.tests.factories import article, loaded

pytestmark = pytest.mark.django_db


def emptied():
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("passage", "versionperiod", "citation", "articleversion"):
            cursor.execute(f"DELETE FROM knowledge_{table}")


def test_guards_may_be_installed_again_and_again():
    guards.install()
    guards.install()

    loaded(article())
    with pytest.raises(IntegrityError, match="never changed"):
        emptied()


def test_lifted_guards_come_back_even_after_a_failure():
    loaded(article())

    with guards.lifted():
        emptied()
    assert not ArticleVersion.objects.exists()
    with pytest.raises(ZeroDivisionError), guards.lifted():
        raise ZeroDivisionError
    loaded(article())

    with pytest.raises(IntegrityError, match="never changed"):
        emptied()


def test_every_migration_run_sets_the_guards_that_a_rebuilt_table_has_lost():
    with guards.lifted():
        pass
    for table in guards.NEVER_CHANGED:
        on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {table}_update{on_table}")
            cursor.execute(f"DROP TRIGGER {table}_delete{on_table}")

    call_command("migrate", "knowledge", verbosity=0)

    loaded(article())
    with pytest.raises(IntegrityError, match="never changed"):
        emptied()


@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_may_publish():
    """Passes only if its own teardown can empty the tables; see `guard.py`."""
    loaded(article())

    assert ArticleVersion.objects.count() == 1
