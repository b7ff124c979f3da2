"""The system that is backed up or replaced: where its parts lie, which keys it has."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection

from przystan.config.backup.database import Database
from przystan.config.backup.faults import BackupError
from przystan.config.backup.locks import Lock, from_master_key
from przystan.config.backup.postgresql import PostgreSql
from przystan.config.backup.sqlite import Sqlite

KEYS: Final = ("SECRET_KEY", "MASTER_KEY", "INDEX_KEY")
# Settings that a restored system needs as they were; none of them is a secret.
_SAID: Final = (
    "BIND", "PUBLIC_URL", "DEMO", "ALLOWED_HOSTS", "EMBEDDINGS_BACKEND", "CONTENT_DIR",
    "DEFAULT_FROM_EMAIL", "ANONYMOUS_TEXT_DAYS", "DESK_OPENS", "DESK_CLOSES",
)  # fmt: skip
# Of these only that they were set: they hold passwords or keys.
_HIDDEN: Final = (
    *KEYS, "SECRET_KEY_FALLBACKS", "MASTER_KEYS_OLD", "DATABASE_URL", "EMAIL_URL", "CACHE_URL",
    "CHAT_URL",
)  # fmt: skip
# libpq does not know what Django and psycopg add.
_NOT_LIBPQ: Final = {"context", "cursor_factory", "prepare_threshold", "client_encoding"}
STAGE: Final = ".restore"


@dataclass(frozen=True, slots=True)
class System:
    """Where a system's parts lie. What a restore sets up first lies in `stage`."""

    data_dir: Path
    database: Database
    keys: dict[str, str] = field(repr=False)
    old_master_keys: tuple[str, ...] = field(default=(), repr=False)

    @property
    def stage(self) -> Path:
        return self.data_dir / STAGE

    @property
    def files(self) -> Path:
        return self.data_dir / "files"

    @property
    def vectors(self) -> Path:
        return self.data_dir / "index" / "vectors"

    def locks(self) -> list[Lock]:
        """Locks of all master keys that are known; an unusable old one is passed over."""
        found = []
        for value in (self.keys["MASTER_KEY"], *self.old_master_keys):
            try:
                found.append(from_master_key(value))
            except BackupError:
                continue
        return found

    def environment(self) -> dict[str, str]:
        """The keys as a process of ours reads them."""
        old = {"MASTER_KEYS_OLD": ",".join(self.old_master_keys)} if self.old_master_keys else {}
        return self.keys | old


def here() -> System:
    """The system of the settings."""
    data_dir = Path(settings.DATA_DIR)
    return System(
        data_dir=data_dir,
        database=_database(data_dir),
        keys={
            name: str(settings.MASTER_KEY) if name == "MASTER_KEY" else _key(name) for name in KEYS
        },
        old_master_keys=tuple(settings.MASTER_KEYS_OLD),
    )


def _key(name: str) -> str:
    try:
        return str(getattr(settings, name))
    except Exception:  # Django refuses to hand out an empty SECRET_KEY
        return ""


def _database(data_dir: Path) -> Database:
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        is_inside = path.parent.resolve() == data_dir.resolve()
        stage = data_dir / STAGE / path.name if is_inside else path.with_name(f".{path.name}.new")
        return Sqlite(path, stage)
    if connection.vendor != "postgresql":
        raise BackupError(f"A {connection.vendor} database cannot be backed up by this command.")
    parameters: dict[str, Any] = connection.get_connection_params()
    return PostgreSql({k: v for k, v in parameters.items() if k not in _NOT_LIBPQ})


def release() -> str:
    try:
        return version("przystan")
    except PackageNotFoundError:
        return "unknown"


def described_settings() -> dict[str, str]:
    """What was set, for whoever sets up another machine; secrets only by name."""
    return dict(_said()) | {name: "(set)" for name in _HIDDEN if os.environ.get(name)}


def _said() -> Iterator[tuple[str, str]]:
    for name in _SAID:
        value = getattr(settings, name, "")
        yield name, ",".join(map(str, value)) if isinstance(value, list) else str(value)
