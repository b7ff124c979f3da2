"""What the tests across rooms share: published knowledge, an index, accounts of every role."""

import pytest

from przystan.conftest import *  # noqa: F403  the same fixtures as the rooms' own tests
from przystan.core import clock
from przystan.directory.services import load as load_directory
from przystan.knowledge import finding
from przystan.knowledge.services import load_content
from przystan.people.actor import system


@pytest.fixture
def knowledge(db, settings, data_folder):
    """The starter content, published and searchable by words."""
    load_directory()
    load_content(settings.CONTENT_DIR, at=clock.now(), actor=system("test"), with_gates=False)
    finding.rebuild(clock.today(), embed=False)
