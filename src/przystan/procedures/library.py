"""The definitions that this process works with, read once and read again when they change."""

import threading
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

from przystan.knowledge import api as knowledge
from przystan.procedures.authoring.folder import read_folder
from przystan.procedures.catalogue import Catalogue, catalogue
from przystan.procedures.law import law
from przystan.rules import DefinitionError

# Seconds for which the knowledge base's version is believed: a page asks several times.
STAMP_S = 2


class _Shelf:
    """One catalogue for all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[object, Catalogue] | None = None

    def current(self) -> Catalogue:
        stamp = _stamp()
        with self._lock:
            if self._kept is None or self._kept[0] != stamp:
                self._kept = (stamp, _read())
            return self._kept[1]


_SHELF = _Shelf()


def current() -> Catalogue:
    """The catalogue of this process.

    Raises:
        DefinitionError: a file of the folder has faults; `przystan procedures check` lists them.
    """
    return _SHELF.current()


def _stamp() -> object:
    """What tells whether something changed: the folder's name, the knowledge base's version."""
    on = datetime.now(UTC).date()
    version = cache.get_or_set(
        f"procedures:stamp:{on}", lambda: knowledge.corpus_version(on), STAMP_S
    )
    return str(settings.PROCEDURES_DIR), version


def _read() -> Catalogue:
    found, faults = read_folder(Path(settings.PROCEDURES_DIR))
    if faults:
        raise DefinitionError(faults)
    return catalogue(found, law(knowledge.law()))
