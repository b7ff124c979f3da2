"""The first thing in a backup: what it holds, to the byte, and which release made it."""

import json
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any, Literal

from przystan.config.backup.faults import BackupError

Engine = Literal["sqlite", "postgresql"]
NAME = "manifest.json"
# 64 MiB hold the lines of about 400,000 files.
LONGEST = 64 * 2**20
# What a backup may hold, and nothing else: the database, uploaded files, kept vectors.
DATABASE = "database"
FOLDERS = ("files", "vectors")


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the backup: its path in it, its size, the SHA-256 of its bytes in hex."""

    path: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Table:
    """How many rows a table holds, and one hash over them that no order changes.

    The hash is the sum of the SHA-256 of each row, modulo 2^256, in hex.
    """

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself.

    Args:
        migrations: applied ones, "app.name"; a release that lacks one of them is too old.
        master_key_ids: names of the master keys that wrap its data keys; index_key_id: the name
            of the key under which people and links are found.
        settings: what was set and is no secret; of secrets only that they were set.
    """

    release: str
    made_at: str
    engine: Engine
    engine_version: str
    migrations: tuple[str, ...]
    tables: dict[str, Table]
    members: tuple[Member, ...]
    master_key_ids: tuple[str, ...]
    index_key_id: str
    settings: dict[str, str]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    @property
    def size_bytes(self) -> int:
        return sum(member.size_bytes for member in self.members)

    def as_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=True, indent=1).encode()


def from_json(text: bytes) -> Manifest:
    """Read what `as_json` wrote; every path in it is safe to write below a folder.

    Raises:
        BackupError: it is no manifest, or names a path that leads elsewhere.
    """
    try:
        said = json.loads(text)
        manifest = Manifest(
            release=str(said["release"]),
            made_at=str(said["made_at"]),
            engine=_engine(said["engine"]),
            engine_version=str(said["engine_version"]),
            migrations=tuple(map(str, said["migrations"])),
            tables={str(name): _table(one) for name, one in said["tables"].items()},
            members=tuple(_member(one) for one in said["members"]),
            master_key_ids=tuple(map(str, said["master_key_ids"])),
            index_key_id=str(said["index_key_id"]),
            settings={str(name): str(value) for name, value in said["settings"].items()},
        )
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise BackupError("The list of contents of this backup cannot be read.") from error
    paths = [member.path for member in manifest.members]
    if paths.count(DATABASE) != 1 or len(set(paths)) != len(paths):
        raise BackupError("The list of contents of this backup names no database, or a file twice.")
    return manifest


def _engine(value: object) -> Engine:
    if value == "sqlite":
        return "sqlite"
    if value == "postgresql":
        return "postgresql"
    raise ValueError("unknown engine")


def _table(said: Any) -> Table:
    return Table(_count(said["rows"]), str(said["sha256"]))


def _member(said: Any) -> Member:
    return Member(safe_path(said["path"]), _count(said["size_bytes"]), str(said["sha256"]))


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("not a count")
    return value


def safe_path(value: Any) -> str:
    """The path, if it is the database's or that of a file below one of the known folders.

    Raises:
        BackupError: absolute, upwards, with a control character, or elsewhere.
    """
    text = str(value)
    parts = text.split("/")
    is_plain = text.isprintable() or all(c.isprintable() or ord(c) > 127 for c in text)
    is_inside = text == DATABASE or (
        len(parts) > 1 and parts[0] in FOLDERS and not {"", ".", ".."} & set(parts)
    )
    if not (isinstance(value, str) and is_plain and is_inside and "\\" not in text):
        raise BackupError(f"This backup names a file that leads elsewhere: {text[:80]!r}.")
    return str(PurePosixPath(text))
