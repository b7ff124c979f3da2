"""Making a backup of a system that goes on working."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from przystan.config.backup import manifest as manifests
from przystan.config.backup import packing, system
from przystan.config.backup.database import Snapshot
from przystan.config.backup.faults import BackupError
from przystan.config.backup.locks import Lock, from_master_key
from przystan.config.backup.manifest import Manifest, Member
from przystan.config.backup.system import System
from przystan.people import vault

ENDING: Final = ".przystan"
_SPARE = 64 * 2**20
_SCRATCH: Final = ".backup-"
_STALE_S: Final = 24 * 60 * 60


def make(
    target: Path, *, at: datetime, of: System, lock: Lock | None = None
) -> tuple[Path, Manifest]:
    """Write one sealed file with everything that was committed before this moment.

    The database is copied first and the files after it: whatever a row names is there. The file
    is written aside, flushed to the disk and then given its name, so that no half of a backup
    ever carries the name of one.

    Args:
        target: the file to make, or a folder in which it gets a name of its own.
        lock: opens it later; without one, the master key of the system does.

    Raises:
        BackupError: nothing is left behind at the target.
    """
    of.data_dir.mkdir(parents=True, exist_ok=True)
    place = _place(target, at, of)
    chosen = lock or from_master_key(of.keys["MASTER_KEY"])
    _require_room(of)
    _sweep(of.data_dir, before=at)
    try:
        with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=of.data_dir) as scratch:
            snapshot = of.database.snapshot(Path(scratch))
            sources = {manifests.DATABASE: snapshot.path} | _pinned(of, Path(scratch) / "kept")
            members = tuple(packing.describe(path, source) for path, source in sources.items())
            manifest = _manifest(of, snapshot, members, at)
            _write(place, manifest, sources, chosen)
    except OSError as error:
        raise BackupError(f"{place} could not be made: {error.strerror or error}.") from error
    return place, manifest


def _sweep(data_dir: Path, *, before: datetime) -> None:
    """Remove what backups that were killed left behind: it holds a copy of the database."""
    for folder in data_dir.glob(f"{_SCRATCH}*"):
        if folder.stat().st_mtime < before.timestamp() - _STALE_S:
            shutil.rmtree(folder, ignore_errors=True)


def _place(target: Path, at: datetime, of: System) -> Path:
    name = f"przystan-{at.astimezone(UTC):%Y-%m-%dT%H%M%SZ}{ENDING}"
    place = target.absolute() / name if target.is_dir() else target.absolute()
    if place.exists() or place.is_symlink():
        raise BackupError(f"{place} is there already; a backup never replaces another file.")
    if not place.parent.is_dir():
        raise BackupError(f"There is no folder {place.parent}. Make it, or name another target.")
    own = (of.files, of.vectors, of.stage)
    if any(place.resolve().is_relative_to(folder.resolve()) for folder in own):
        raise BackupError(f"{place} lies among the files that are backed up. Name another target.")
    return place


def _require_room(of: System) -> None:
    needed, free = of.database.size_bytes() + _SPARE, shutil.disk_usage(of.data_dir).free
    if free < needed:
        raise BackupError(
            f"The copy of the database needs {needed // 2**20} MiB in {of.data_dir} for a while; "
            f"{free // 2**20} MiB are free. Make room; the running system was left alone."
        )


def _pinned(of: System, folder: Path) -> dict[str, Path]:
    """Files by their path in the backup, linked aside so that none disappears meanwhile."""
    found = {}
    for name, root in zip(manifests.FOLDERS, (of.files, of.vectors), strict=True):
        for number, path in enumerate(_files(root)):
            kept = folder / name / str(number)
            if _pin(path, kept):
                found[f"{name}/{path.relative_to(root).as_posix()}"] = kept
    return found


def _files(root: Path) -> Iterator[Path]:
    # Links are not followed: what they point to is not ours to copy.
    for folder, _folders, names in os.walk(root):
        for name in sorted(names):
            path = Path(folder) / name
            if path.is_file() and not path.is_symlink():
                yield path


def _pin(path: Path, kept: Path) -> bool:
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, kept)
    except FileNotFoundError:
        return False  # erased since it was listed, and the backup has nothing of it
    except OSError:
        shutil.copyfile(path, kept)  # another file system
    return True


def _manifest(
    of: System, snapshot: Snapshot, members: tuple[Member, ...], at: datetime
) -> Manifest:
    return Manifest(
        release=system.release(),
        made_at=at.astimezone(UTC).isoformat(timespec="seconds"),
        engine=of.database.engine,
        engine_version=snapshot.engine_version,
        migrations=snapshot.migrations,
        tables=snapshot.tables,
        members=members,
        master_key_ids=snapshot.master_key_ids,
        index_key_id=key_name(of.keys["INDEX_KEY"]),
        settings=system.described_settings(),
    )


def key_name(value: str) -> str:
    """A name for a key that says nothing about it; empty for none."""
    return vault.key_id(value.rstrip("=").encode()) if value else ""


def _write(place: Path, manifest: Manifest, sources: dict[str, Path], lock: Lock) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)  # mode 0600
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            packing.pack(manifest, sources, out, lock)
            out.flush()
            os.fsync(out.fileno())
        _name(aside, place)
    finally:
        aside.unlink(missing_ok=True)
    flush_folder(place.parent)


def _name(aside: Path, place: Path) -> None:
    try:
        os.link(aside, place)  # unlike a rename it never replaces another file
    except FileExistsError as error:
        raise BackupError(f"{place} was made by somebody else meanwhile.") from error
    except OSError:
        aside.rename(place)  # a file system without links


def flush_folder(folder: Path) -> None:
    """Make the names in a folder as durable as the files."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
