"""A small house that tests of all rooms at once start from, and its addresses."""

from types import SimpleNamespace

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from django.utils.module_loading import autodiscover_modules

from przystan.config import up  # noqa: F401  registers its commands
from przystan.knowledge import finding
from przystan.knowledge.editors.seeding import seed
from przystan.knowledge.tests.factories import EDITOR, NOON, TODAY, article, loaded
from przystan.procedures.tests.folder import written as sample_procedures

autodiscover_modules("commands")


@pytest.fixture
def room(db, settings, data_folder):
    """One article, searchable, with its pages in the editors' room; limits that let all pass."""
    settings.RATE_LIMIT_ADDRESS = settings.RATE_LIMIT_SESSION = 10**6
    settings.RATE_LIMIT_QUESTIONS = settings.RATE_LIMIT_QUESTIONS_ADDRESS = 10**6
    settings.PROCEDURES_DIR = sample_procedures(data_folder / "procedures")
    loaded(article())
    finding.rebuild(TODAY, embed=False)
    seed(at=NOON, actor=EDITOR)
    return SimpleNamespace(folder=data_folder)


def routes(resolver=None, prefix=""):
    """Every address pattern with its view, libraries' included."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry
