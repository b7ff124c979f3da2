"""What the tests across rooms share: published knowledge, an index, accounts of every role."""

import re
import shutil

import pytest

from przystan.conftest import *  # noqa: F403  the same fixtures as the rooms' own tests
from przystan.core import clock
from przystan.directory.services import load as load_directory
from przystan.knowledge import finding
from przystan.knowledge.services import load_content
from przystan.people.actor import system
from przystan.procedures.tests.folder import written as sample_procedures

# The gate checks and loads all of the content elsewhere; pages and rights need some of it.
ARTICLES = ("declaration", "work-permit", "residence-card", "unpaid-wages", "help-lines")


@pytest.fixture(scope="session")
def some_content(tmp_path_factory):
    """A content folder with a few of the starter articles, which do not refer to others."""
    from django.conf import settings

    folder = tmp_path_factory.mktemp("content") / "starter"
    shutil.copytree(settings.CONTENT_DIR, folder, ignore=shutil.ignore_patterns("articles"))
    for slug in ARTICLES:
        shutil.copytree(settings.CONTENT_DIR / "articles" / slug, folder / "articles" / slug)
        file = folder / "articles" / slug / "article.yaml"
        text = re.sub(r"(?m)^related: .*$", "related: []", file.read_text(encoding="utf-8"))
        file.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def knowledge(db, settings, data_folder, some_content):
    """Some of the starter content, published and searchable by words."""
    settings.CONTENT_DIR = some_content
    settings.PROCEDURES_DIR = sample_procedures(data_folder / "procedures")
    load_directory(actor=system("test"))
    load_content(some_content, at=clock.now(), actor=system("test"), with_gates=False)
    finding.rebuild(clock.today(), embed=False)
