"""Restoring: everything is verified and made whole aside; then it takes its place at once."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from przystan.config.backup import manifest as manifests
from przystan.config.backup import packing, switching
from przystan.config.backup.faults import BackupError
from przystan.config.backup.locks import Lock
from przystan.config.backup.making import key_name
from przystan.config.backup.manifest import Manifest
from przystan.config.backup.system import KEYS, System


@dataclass(frozen=True, slots=True)
class Wishes:
    """How to restore.

    Args:
        is_replacing: the present system, if there is one, may be replaced.
        erased: owners forgotten since the backup, from a list kept outside.
        without_erasures: go on though the present system's own list cannot be read.
        lock: a key file's, if the backup was locked with one.
        saved_keys: the keys of the system that was backed up; they become this one's.
    """

    is_replacing: bool = False
    erased: tuple[UUID, ...] = ()
    without_erasures: bool = False
    lock: Lock | None = None
    saved_keys: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Restored:
    manifest: Manifest
    settled: dict[str, Any]


def restore(source: Path, *, to: System, wishes: Wishes) -> Restored:
    """Put a backup in the place of a system, or leave everything as it is.

    Raises:
        BackupError: says what is wrong; the system that was there is unchanged.
    """
    to = _with_keys(to, wishes)
    _require_place(to, wishes)
    erased = {*_erased_here(to, wishes), *wishes.erased}
    _clear(to)
    try:
        manifest = _unpack(source, to, wishes)
        to.database.stage(to.stage / "unpacked" / manifests.DATABASE, manifest.tables)
        settled = _settle(to, manifest, erased)
        _arrange(to, wishes)
        _require_idle(to)  # somebody may have started it meanwhile
        switching.switch(to)
    except BaseException:
        if not switching.is_interrupted(to.data_dir):
            _clear(to)
        raise
    return Restored(manifest, settled)


def inspect(source: Path, *, to: System, wishes: Wishes) -> Manifest:
    """Verify a backup from end to end and say what it holds; nothing is restored."""
    to = _with_keys(to, wishes)
    _clear(to)
    try:
        return _unpack(source, to, wishes)
    finally:
        _clear(to)


# --- before -----------------------------------------------------------------------------


def _with_keys(to: System, wishes: Wishes) -> System:
    """The system with the keys it will have; saved ones must not contradict what is set."""
    if not wishes.saved_keys:
        return to
    for name, value in wishes.saved_keys.items():
        if os.environ.get(name, value) != value:
            raise BackupError(
                f"{name} is set to another key than the saved one. Set it to the saved key, or "
                "leave it out of the environment."
            )
    old = tuple(one for one in wishes.saved_keys.get("MASTER_KEYS_OLD", "").split(",") if one)
    return replace(
        to,
        keys={name: wishes.saved_keys[name] for name in KEYS},
        old_master_keys=(*to.old_master_keys, *old),
    )


def _require_place(to: System, wishes: Wishes) -> None:
    has_files = to.files.is_dir() and any(to.files.iterdir())
    if not wishes.is_replacing and (has_files or not to.database.is_empty()):
        raise BackupError(
            "There is a system here already. Restore into an empty data folder and database, or "
            "say --replace; make a backup of what is here first."
        )
    _require_idle(to)


def _require_idle(to: System) -> None:
    if to.database.is_in_use():
        raise BackupError(
            "The database is in use. Stop every `przystan up`, `serve`, `work` and `tick` of this "
            "system, then restore."
        )


def _erased_here(to: System, wishes: Wishes) -> list[UUID]:
    try:
        return to.database.destroyed_owners()
    except BackupError as error:
        if wishes.without_erasures:
            return []
        raise BackupError(
            f"Who was erased in the system that is to be replaced is not known: {error.reason} "
            "Name a list that `przystan erased` made (--erased FILE) and say "
            "--without-erasures, or say it alone to do without."
        ) from error


def _unpack(source: Path, to: System, wishes: Wishes) -> Manifest:
    known = [*([wishes.lock] if wishes.lock else []), *to.locks()]
    folder = to.stage / "unpacked"
    folder.mkdir(parents=True, mode=0o700)
    try:
        with source.open("rb") as file:
            _require_fitting(packing.read_manifest(file, known), to)
        with source.open("rb") as file:
            return packing.unpack(file, known, folder)
    except OSError as error:
        raise BackupError(f"{source}: {error.strerror or error}.") from error


def _require_fitting(manifest: Manifest, to: System) -> None:
    if manifest.engine != to.database.engine:
        raise BackupError(
            f"This backup holds a {manifest.engine} database and DATABASE_URL names a "
            f"{to.database.engine} one. Restore it to an engine of its own kind."
        )
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations} | {
        f"{app}.{name}" for migration in loader.disk_migrations.values()
        for app, name in migration.replaces
    }  # fmt: skip
    if unknown := sorted(set(manifest.migrations) - known):
        raise BackupError(
            f"This backup was made by a newer release ({manifest.release}); this one does not "
            f"know {unknown[0]}. Install that release, then restore."
        )
    here = {lock.id for lock in to.locks()}
    if missing := sorted(set(manifest.master_key_ids) - here):
        raise BackupError(
            f"Words in this backup are sealed under master key {missing[0]}, which is not among "
            "MASTER_KEY and MASTER_KEYS_OLD. Add it, or name the saved keys: --keys FILE."
        )
    if manifest.index_key_id != key_name(to.keys["INDEX_KEY"]):
        raise BackupError(
            "INDEX_KEY is not the one of the system that was backed up: nobody would be found by "
            "address or link. Set it to that key, or name the saved keys: --keys FILE."
        )


# --- aside ------------------------------------------------------------------------------


def _settle(to: System, manifest: Manifest, erased: Iterable[UUID]) -> dict[str, Any]:
    data_dir = to.stage / "settling"
    data_dir.mkdir(mode=0o700)
    vectors = to.stage / "unpacked" / "vectors"
    if vectors.exists():
        (data_dir / "index").mkdir()
        vectors.rename(data_dir / "index" / "vectors")
    environment = {
        **os.environ, **to.environment(), **to.database.staged_environment(),
        "DATA_DIR": str(data_dir), "OMP_NUM_THREADS": "1", "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    asked = {
        "erased": [str(one) for one in erased],
        "made_at": manifest.made_at,
        "release": manifest.release,
    }
    done = subprocess.run(
        [sys.executable, "-m", "przystan.config.backup.settling"],
        input=json.dumps(asked).encode(),
        stdout=subprocess.PIPE,
        env=environment,
        check=False,
    )
    if done.returncode:
        raise BackupError("The restored system could not be made whole; the reason stands above.")
    settled: dict[str, Any] = json.loads(done.stdout)
    if settled["audit_breaks"]:
        raise BackupError(
            "The audit chains of this backup do not verify: " + "; ".join(settled["audit_breaks"])
        )
    to.database.finish_stage()
    return settled


def _arrange(to: System, wishes: Wishes) -> None:
    """Lay out below `stage/new` what takes its place in the data folder."""
    new = to.stage / switching.NEW
    new.mkdir(mode=0o700)
    unpacked = to.stage / "unpacked" / "files"
    if unpacked.exists():
        unpacked.rename(new / "files")
    else:
        (new / "files").mkdir()
    (to.stage / "settling" / "index").rename(new / "index")
    # On loopback the product keeps its keys in the data folder; elsewhere they are set.
    if wishes.saved_keys and settings.IS_LOOPBACK:
        _lay_keys(new / "keys", to)


def _lay_keys(folder: Path, to: System) -> None:
    folder.mkdir(mode=0o700)
    for name, file_name in zip(KEYS, ("secret", "master", "index"), strict=True):
        path = folder / file_name
        path.touch(mode=0o600)
        path.write_text(to.keys[name], encoding="ascii")


def _clear(to: System) -> None:
    """Remove what an earlier try left behind."""
    to.database.discard_stage()
    shutil.rmtree(to.stage, ignore_errors=True)
