"""Long work of knowledge, done by the worker; each may run twice without harm."""

from django_tasks import task

from przystan.core import clock
from przystan.knowledge import api, finding


def is_index_current() -> bool:
    """Whether the index was built from what speaks today."""
    stamp = finding.folder() / "corpus"
    return stamp.is_file() and stamp.read_text() == api.corpus_version(clock.today())


@task()
def renew_index() -> None:
    """Build the index anew if anything was published, or a figure changed with the day."""
    if is_index_current():
        return
    today = clock.today()
    # Read before building: what is published meanwhile leaves the index out of date again.
    version = api.corpus_version(today)
    finding.rebuild(today)
    (finding.folder() / "corpus").write_text(version)
