"""Backups made by hand, honest and hostile ones, for the tests of reading them."""

import gzip
import hashlib
import io
import tarfile
from dataclasses import replace

from przystan.config.backup.locks import Lock
from przystan.config.backup.manifest import NAME, Manifest, Member, Table
from przystan.config.backup.sealing import SealedWriter

LOCK = Lock("master", "0123456789abcdef", b"k" * 32)
OTHER_LOCK = Lock("master", "0123456789abcdef", b"o" * 32)


def manifest(**contents: bytes) -> Manifest:
    """A manifest of the database and, by path with dots for slashes, some files."""
    members = tuple(
        Member(path.replace("__", "/"), len(data), hashlib.sha256(data).hexdigest())
        for path, data in {"database": b"rows", **contents}.items()
    )
    return Manifest(
        release="1",
        made_at="2026-11-22T12:00:00+00:00",
        engine="sqlite",
        engine_version="3",
        migrations=("core.0001_initial",),
        tables={"t": Table(1, "00")},
        members=members,
        master_key_ids=(),
        index_key_id="",
        settings={},
    )


def plain(name: str, data: bytes) -> tuple[tarfile.TarInfo, bytes]:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    return entry, data


def special(name: str, kind: bytes, to: str = "") -> tuple[tarfile.TarInfo, bytes]:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, to
    return entry, b""


def tarred(*entries: tuple[tarfile.TarInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for entry, data in entries:
            tar.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def sealed(content: bytes, *, lock: Lock = LOCK) -> bytes:
    out = io.BytesIO()
    writer = SealedWriter(out, lock, made_at="2026-11-22T12:00:00+00:00")
    writer.write(content)
    writer.finish()
    return out.getvalue()


def backup(said: Manifest, *entries: tuple[tarfile.TarInfo, bytes]) -> bytes:
    """A sealed backup with this list of contents and these entries after it."""
    return sealed(gzip.compress(tarred(plain(NAME, said.as_json()), *entries)))


def with_member(said: Manifest, path: str, data: bytes = b"x") -> Manifest:
    member = Member(path, len(data), hashlib.sha256(data).hexdigest())
    return replace(said, members=(*said.members, member))
