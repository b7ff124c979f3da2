"""What tests of checks and of their pages share: the sample folder in force."""

import pytest

from przystan.procedures.tests.folder import written


@pytest.fixture
def sample(tmp_path, settings):
    """The folder with a fact of every type is the one that this process works with."""
    folder = written(tmp_path / "procedures")
    settings.PROCEDURES_DIR = folder
    return folder
