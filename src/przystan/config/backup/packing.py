"""Many files into one stream and back: a compressed tar whose first member lists all others.

Reading trusts nothing: only plain files that the manifest lists are written, each once, of its
stated size and hash, and no more bytes are unpacked than all of them have together.
"""

import gzip
import hashlib
import io
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from przystan.config.backup import manifest as manifests
from przystan.config.backup.faults import BackupError
from przystan.config.backup.locks import Lock
from przystan.config.backup.manifest import Manifest, Member
from przystan.config.backup.sealing import SealedReader, SealedWriter

_BLOCK = 2**20
# A tar header, a longer name and padding: what each member may take beside its bytes.
_ROOM_EACH = 4096
_ENDING = 64 * 1024


def pack(manifest: Manifest, sources: dict[str, Path], out: BinaryIO, lock: Lock) -> None:
    """Write manifest and members, sealed, to `out`.

    Args:
        sources: where each member of the manifest lies; its first `size_bytes` are taken.

    Raises:
        BackupError: a file became shorter or other than the manifest says.
    """
    sealed = SealedWriter(out, lock, made_at=manifest.made_at)
    # Level 1: what is sealed does not get smaller, and the rest is small.
    with (
        gzip.GzipFile(
            "", "wb", compresslevel=1, fileobj=cast(BinaryIO, sealed), mtime=0
        ) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        text = manifest.as_json()
        tar.addfile(_entry(manifests.NAME, len(text)), io.BytesIO(text))
        for member in manifest.members:
            with sources[member.path].open("rb") as file:
                hashed = _Hashed(file)
                try:
                    tar.addfile(_entry(member.path, member.size_bytes), cast(BinaryIO, hashed))
                except OSError as error:
                    raise _changed(member) from error
                if hashed.hexdigest != member.sha256:
                    raise _changed(member)
    sealed.finish()


def describe(path: str, source: Path) -> Member:
    """The manifest's line for a file as it is now."""
    size = source.stat().st_size
    digest, left = hashlib.sha256(), size
    with source.open("rb") as file:
        while left and (block := file.read(min(_BLOCK, left))):
            digest.update(block)
            left -= len(block)
    return Member(manifests.safe_path(path), size - left, digest.hexdigest())


def read_manifest(source: BinaryIO, known: list[Lock]) -> Manifest:
    """What a backup holds, without unpacking it; the rest of it is not verified."""
    with _opened(source, known) as (tar, _budget, _sealed):
        return _manifest(tar)


def unpack(source: BinaryIO, known: list[Lock], into: Path) -> Manifest:
    """Verify a whole backup while writing its members below the new, empty folder `into`.

    Raises:
        BackupError: anything about it is not as its manifest says; `into` is to be thrown away.
    """
    with _opened(source, known) as (tar, budget, sealed):
        manifest = _manifest(tar)
        budget.allow_only(manifest.size_bytes + (len(manifest.members) + 1) * _ROOM_EACH + _ENDING)
        _require_room(manifest, into)
        _write_members(tar, manifest, into)
        while budget.read(_BLOCK):
            pass
        sealed.close_at_end()
    return manifest


def _write_members(tar: tarfile.TarFile, manifest: Manifest, into: Path) -> None:
    expected = {member.path: member for member in manifest.members}
    while (entry := tar.next()) is not None:
        member = expected.pop(entry.name, None)
        if member is None or not _is_plain(entry) or entry.size != member.size_bytes:
            raise BackupError(
                f"This backup holds something that its list does not: {entry.name[:80]!r}."
            )
        _write(tar, entry, member, into / member.path)
        # tarfile remembers every entry; a backup may have very many.
        tar.members = []  # type: ignore[attr-defined]  # its own documentation says so
    if expected:
        raise BackupError(f"This backup lacks {min(expected)!r} and {len(expected) - 1} more.")


def _write(tar: tarfile.TarFile, entry: tarfile.TarInfo, member: Member, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    stream = tar.extractfile(entry)
    digest = hashlib.sha256()
    with target.open("xb") as file:
        target.chmod(0o600)
        while stream and (block := stream.read(_BLOCK)):
            digest.update(block)
            file.write(block)
    if digest.hexdigest() != member.sha256:
        raise BackupError(f"In this backup {member.path!r} is not what its list says.")


def _is_plain(entry: tarfile.TarInfo) -> bool:
    return entry.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and not entry.issparse()


def _manifest(tar: tarfile.TarFile) -> Manifest:
    entry = tar.next()
    if entry is None or entry.name != manifests.NAME or not _is_plain(entry):
        raise BackupError("This backup does not begin with its list of contents.")
    stream = tar.extractfile(entry) if entry.size <= manifests.LONGEST else None
    if stream is None:
        raise BackupError("The list of contents of this backup is too long.")
    return manifests.from_json(stream.read())


@contextmanager
def _opened(
    source: BinaryIO, known: list[Lock]
) -> Iterator[tuple[tarfile.TarFile, "_Budget", SealedReader]]:
    """A tar over the sealed stream; whatever is wrong with any layer is a BackupError."""
    sealed = SealedReader(source, known)
    squeezed = gzip.GzipFile(fileobj=io.BufferedReader(sealed, _BLOCK))
    budget = _Budget(cast(BinaryIO, squeezed), manifests.LONGEST + _ENDING)
    try:
        with tarfile.open(
            fileobj=cast(BinaryIO, budget), mode="r|", bufsize=_BLOCK, errorlevel=2
        ) as tar:
            yield tar, budget, sealed
    except (tarfile.TarError, zlib.error, gzip.BadGzipFile, EOFError, ValueError) as error:
        raise BackupError("This backup cannot be unpacked: it was not made by us.") from error
    except RecursionError as error:
        raise BackupError("This backup cannot be unpacked: it is nested too deeply.") from error


def _require_room(manifest: Manifest, into: Path) -> None:
    free = shutil.disk_usage(into).free
    # Twice for the database: it is checked and settled before it takes its place.
    database = next(m for m in manifest.members if m.path == manifests.DATABASE)
    needed = manifest.size_bytes + database.size_bytes
    if free < needed:
        raise BackupError(
            f"Restoring needs {needed // 2**20 + 1} MiB in {into.parent}; "
            f"{free // 2**20} MiB are free."
        )


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def _changed(member: Member) -> BackupError:
    return BackupError(f"{member.path!r} changed while it was read. Make the backup again.")


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self._digest.update(block)
        return block

    @property
    def hexdigest(self) -> str:
        return self._digest.hexdigest()


class _Budget:
    """A stream that refuses to give more than was announced: against what swells when unpacked."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._left = file, size

    def allow_only(self, size: int) -> None:
        self._left = size

    def read(self, size: int) -> bytes:
        block = self._file.read(min(size, self._left + 1))
        self._left -= len(block)
        if self._left < 0:
            raise BackupError("This backup holds more than it announces; it was not unpacked.")
        return block
