"""Fixtures that every room's tests share: a data folder of their own, moments, actors."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from przystan.knowledge.tests.guard import versions_can_be_emptied  # noqa: F401  a fixture
from przystan.people.actor import Actor, visitor
from przystan.people.tests.guard import tables_can_be_emptied  # noqa: F401  a fixture
from przystan.procedures.tests.guard import published_can_be_emptied  # noqa: F401  a fixture

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # a Monday, noon in Warsaw


@pytest.fixture(autouse=True)
def data_folder(tmp_path, settings):
    """Files of a test go to a folder of its own; passwords are hashed fast."""
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMBEDDINGS_BACKEND = "lexical"
    return tmp_path


@pytest.fixture(autouse=True)
def in_the_language_of_the_sources():
    """Sentences are compared in English; pages speak the language of their address."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def fresh_cache():
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def newcomer() -> Actor:
    return visitor("session-of-a-newcomer")


@pytest.fixture
def stranger() -> Actor:
    return visitor("session-of-a-stranger")
