"""`przystan backup`, `restore`, `erased` and `keys save`: for operators."""

import argparse
import os
import signal
import sys
import time
from pathlib import Path
from uuid import UUID

from django.conf import settings

from przystan.config.backup import making, restoring, switching, system
from przystan.config.backup.faults import BackupError
from przystan.config.backup.locks import Lock, from_key_file
from przystan.config.backup.manifest import Manifest
from przystan.core import clock
from przystan.core.cli import command
from przystan.core.errors import BadFileError


def _backup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", type=Path, metavar="TARGET", help="a new file, or a folder")
    _key_file(parser)


def _key_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--key-file",
        type=Path,
        metavar="FILE",
        help="a passphrase or random key of its own that locks it, instead of MASTER_KEY",
    )


@command(
    "backup", help="one sealed file with all data, of a running system", arguments=_backup_arguments
)
def backup(arguments: argparse.Namespace) -> int:
    _clean_up_when_stopped()
    started = time.monotonic()
    place, manifest = making.make(
        arguments.target, at=clock.now(), of=system.here(), lock=_lock(arguments)
    )
    size = place.stat().st_size / 2**20
    print(f"{place}: {_contents(manifest)}; {size:.1f} MiB, {time.monotonic() - started:.1f} s.")
    print(
        "The index is not in it; a restore builds it anew. Keys are not in it either: "
        "`przystan keys save FILE` keeps them, in another place."
    )
    return 0


def _restore_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", type=Path, metavar="SOURCE", help="a file that backup made")
    parser.add_argument("--replace", action="store_true", help="a system is here; replace it")
    parser.add_argument("--check", action="store_true", help="verify the backup, restore nothing")
    parser.add_argument(
        "--keys", type=Path, metavar="FILE", help="saved keys of the system that was backed up"
    )
    parser.add_argument(
        "--erased",
        type=Path,
        metavar="FILE",
        help="who was erased since, as `przystan erased` printed it",
    )
    parser.add_argument(
        "--without-erasures",
        action="store_true",
        help="go on though the list of the system that is replaced cannot be read",
    )
    _key_file(parser)


@command(
    "restore",
    help="verify a backup and put it in the place of a system",
    arguments=_restore_arguments,
)
def restore(arguments: argparse.Namespace) -> int:
    _clean_up_when_stopped()
    started = time.monotonic()
    wishes = restoring.Wishes(
        is_replacing=arguments.replace,
        erased=_read_erased(arguments.erased) if arguments.erased else (),
        without_erasures=arguments.without_erasures,
        lock=_lock(arguments),
        saved_keys=_read_keys(arguments.keys) if arguments.keys else {},
    )
    to = system.here()
    to.data_dir.mkdir(parents=True, exist_ok=True)
    if arguments.check:
        manifest = restoring.inspect(arguments.source, to=to, wishes=wishes)
        print(f"Whole: {_contents(manifest)}, made {manifest.made_at} by {manifest.release}.")
        _print_settings(manifest)
        return 0
    done = restoring.restore(arguments.source, to=to, wishes=wishes)
    print(
        f"Restored: {_contents(done.manifest)}, as of {done.manifest.made_at}; "
        f"{done.settled['forgotten']} forgotten again, {done.settled['migrated']} migrations, "
        f"index built anew, {done.settled['audit_rows']} audit rows verified; "
        f"{time.monotonic() - started:.1f} s."
    )
    _print_settings(done.manifest)
    return 0


def _clean_up_when_stopped() -> None:
    """SIGTERM ends us as an exception, so that copies of the database are removed on the way."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))


def _lock(arguments: argparse.Namespace) -> Lock | None:
    return from_key_file(arguments.key_file) if arguments.key_file else None


def _contents(manifest: Manifest) -> str:
    files = len(manifest.members) - 1
    return (
        f"{manifest.rows} rows in {len(manifest.tables)} tables and {files} files, "
        f"{manifest.size_bytes / 2**20:.1f} MiB"
    )


def _print_settings(manifest: Manifest) -> None:
    print("It ran with these settings:")
    for name, value in sorted(manifest.settings.items()):
        print(f"  {name}={value}")


@command("erased", help="ids of who was forgotten, for `restore --erased` on another machine")
def erased(arguments: argparse.Namespace) -> int:
    for owner_id in sorted(system.here().database.destroyed_owners(), key=str):
        print(owner_id)
    return 0


def _read_erased(path: Path) -> tuple[UUID, ...]:
    found = []
    for number, line in enumerate(_lines(path), 1):
        if line.strip():
            try:
                found.append(UUID(line.strip()))
            except ValueError as error:
                raise BadFileError(path, number, "An id was expected.") from error
    return tuple(found)


def _keys_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", type=Path, metavar="FILE", help="a new file")


@command(
    "keys save",
    help="keep the keys without which no backup opens, away from the backups",
    arguments=_keys_arguments,
)
def save_keys(arguments: argparse.Namespace) -> int:
    of = system.here()
    if missing := [name for name, value in of.keys.items() if not value]:
        raise BackupError(f"{', '.join(missing)} is not set: there is nothing to keep.")
    try:
        handle = os.open(arguments.target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BackupError(f"{arguments.target}: {error.strerror}.") from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.writelines(f"{name}={value}\n" for name, value in of.environment().items())
        file.flush()
        os.fsync(file.fileno())
    print(f"{arguments.target}: whoever has it and a backup reads everything. Keep them apart.")
    return 0


def _read_keys(path: Path) -> dict[str, str]:
    found = {}
    for number, line in enumerate(_lines(path), 1):
        name, is_pair, value = line.strip().partition("=")
        if not line.strip():
            continue
        if not is_pair or name not in {*system.KEYS, "MASTER_KEYS_OLD"}:
            raise BadFileError(path, number, "A key such as MASTER_KEY=… was expected.")
        found[name] = value
    if missing := set(system.KEYS) - found.keys():
        raise BadFileError(path, None, f"{', '.join(sorted(missing))} is missing.")
    return found


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadFileError(path, None, "It cannot be read as text.") from error


def finish_interrupted() -> None:
    """Finish a restore that was stopped while things changed places, before anything opens them."""
    data_dir = Path(settings.DATA_DIR)
    if switching.is_interrupted(data_dir) and switching.finish_interrupted(system.here()):
        print("A restore that had been interrupted was finished.")
