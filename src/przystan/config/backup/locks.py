"""Which secret opens a backup: the master key of the product, or a key file of its own.

The master key is what a restore needs in any case, since it opens the words in the rows; so it
locks a backup unless the operator names another secret. Either is stretched into a key that is
used for one backup alone.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from przystan.config.backup.faults import BackupError
from przystan.people import vault

SALT_BYTES = 32
SHORTEST_SECRET = 12
# 128 MiB and about half a second for each guess at a passphrase. Part of format 1: never read
# from a file, which could ask for more memory than there is.
_SCRYPT = {"n": 2**17, "r": 8, "p": 1, "maxmem": 2**28}


@dataclass(frozen=True, slots=True)
class Lock:
    """A secret that may lock or open a backup; `id` names a master key and says nothing of it."""

    kind: Literal["master", "key-file"]
    id: str
    secret: bytes = field(repr=False)

    def key(self, salt: bytes) -> bytes:
        """The AES-256 key of the one backup that has this salt."""
        if self.kind == "key-file":
            return hashlib.scrypt(self.secret, salt=salt, dklen=32, **_SCRYPT)
        return HKDF(SHA256(), 32, salt, b"przystan.backup.1").derive(self.secret)


def from_master_key(value: str) -> Lock:
    """The lock of a MASTER_KEY (32 bytes, base64url).

    Raises:
        BackupError: it is missing or malformed; the value is never shown.
    """
    try:
        secret = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        secret = b""
    if len(secret) != vault.KEY_BITS // 8:
        raise BackupError(
            "MASTER_KEY is not set to a key of 32 bytes in base64url. Set it, or restore with "
            "--keys FILE, which `przystan keys save FILE` wrote."
        )
    return Lock("master", vault.key_id(secret), secret)


def from_key_file(path: Path) -> Lock:
    """The lock of a file's content: a passphrase or random bytes, line end and spaces apart.

    Raises:
        BackupError: unreadable, or too short to be a secret.
    """
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        raise BackupError(f"Key file {path} cannot be read ({type(error).__name__}).") from error
    if len(secret) < SHORTEST_SECRET:
        raise BackupError(
            f"Key file {path} holds less than {SHORTEST_SECRET} characters. Put a long random "
            "secret into it, for example from `przystan vault key`."
        )
    return Lock("key-file", "", secret)


def opening(header: dict[str, Any], known: list[Lock]) -> Lock:
    """The one of the known locks that a backup's header asks for.

    Raises:
        BackupError: none of them is; says which secret is missing.
    """
    if header.get("lock") == "key-file":
        if found := next((one for one in known if one.kind == "key-file"), None):
            return found
        raise BackupError("This backup was locked with a key file. Name it: --key-file FILE.")
    wanted = str(header.get("key_id", ""))
    if found := next((one for one in known if one.kind == "master" and one.id == wanted), None):
        return found
    raise BackupError(
        f"This backup was locked by master key {wanted[:16]!r}, which is not here. Set MASTER_KEY "
        "(or MASTER_KEYS_OLD) to the key of that system, or name its saved keys: --keys FILE."
    )
