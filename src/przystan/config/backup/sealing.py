"""The file of a backup: a readable line about it, then pieces that only its key opens.

    magic · length of the header · header (JSON) · pieces of length, sealed bytes

Each piece is AES-256-GCM of at most 1 MiB under a key of this backup alone. Its nonce is its
number and whether it is the last, and every piece is bound to the header: a piece that was
changed, left out, repeated, moved or put in from another backup does not open, and a file that
was cut off is known by the missing last piece (the STREAM construction of Hoang, Reyhanitabar,
Rogaway and Vizár, 2015).
"""

import hashlib
import io
import json
import os
import struct
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from przystan.config.backup.faults import BackupError
from przystan.config.backup.locks import SALT_BYTES, Lock, opening

MAGIC = b"PRZYSTAN BACKUP\n"
FORMAT = 1
PIECE = 2**20
_LENGTH = struct.Struct(">I")
_TAG = 16
_LONGEST_HEADER = 4096


class SealedWriter(io.RawIOBase):
    """Seals what is written into `out`; only `finish` makes the file complete."""

    def __init__(self, out: BinaryIO, lock: Lock, *, made_at: str) -> None:
        salt = os.urandom(SALT_BYTES)
        described = {"format": FORMAT, "lock": lock.kind, "key_id": lock.id, "made_at": made_at}
        header = json.dumps(described | {"salt": salt.hex()}).encode()
        out.write(MAGIC + _LENGTH.pack(len(header)) + header)
        self._out, self._waiting, self._number = out, bytearray(), 0
        self._cipher = AESGCM(lock.key(salt))
        self._bound_to = hashlib.sha256(header).digest()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]), is_last=False)
            del self._waiting[:PIECE]
        return len(data)

    def finish(self) -> None:
        self._put(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._number, is_last=is_last)
        sealed = self._cipher.encrypt(nonce, piece, self._bound_to)
        self._out.write(_LENGTH.pack(len(sealed)) + sealed)
        self._number += 1


class SealedReader(io.RawIOBase):
    """Reads what a `SealedWriter` wrote; nothing unauthentic is ever handed out.

    Raises:
        BackupError: no backup, of another format, cut off, changed, or another key.
    """

    def __init__(self, source: BinaryIO, known: list[Lock]) -> None:
        header = _header_of(source)
        self.header = _parsed(header)
        salt = bytes.fromhex(self.header["salt"])
        self._source, self._open, self._at, self._number = source, b"", 0, 0
        self._is_over = False
        self._cipher = AESGCM(opening(self.header, known).key(salt))
        self._bound_to = hashlib.sha256(header).digest()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while self._at == len(self._open) and not self._is_over:
            self._next()
        count = min(len(buffer), len(self._open) - self._at)
        buffer[:count] = self._open[self._at : self._at + count]
        self._at += count
        return count

    def close_at_end(self) -> None:
        """Make sure that the last piece was reached and that nothing follows it."""
        while not self._is_over:
            self._next()
        if self._source.read(1):
            raise BackupError("Something was added to the end of this backup. Use another copy.")

    def _next(self) -> None:
        length = _LENGTH.unpack(_exactly(self._source, _LENGTH.size))[0]
        if not _TAG <= length <= PIECE + _TAG:
            raise BackupError(_DAMAGED)
        sealed = _exactly(self._source, length)
        self._open, self._at = self._unsealed(sealed), 0
        self._number += 1

    def _unsealed(self, sealed: bytes) -> bytes:
        for is_last in (False, True):
            try:
                nonce = _nonce(self._number, is_last=is_last)
                opened = self._cipher.decrypt(nonce, sealed, self._bound_to)
            except InvalidTag:
                continue
            self._is_over = is_last
            return opened
        raise BackupError(_WRONG_KEY if self._number == 0 else _DAMAGED)


_DAMAGED = "This backup is damaged: a part of it was changed. Use another copy of it."
_CUT_OFF = "This backup is cut off: its end is missing. Copy it again, or use another one."
_WRONG_KEY = (
    "This backup does not open: the key is not the one that locked it, or its beginning was "
    "changed."
)
_NO_BACKUP = "This file is not a backup of Przystań."


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _header_of(source: BinaryIO) -> bytes:
    if source.read(len(MAGIC)) != MAGIC:
        raise BackupError(_NO_BACKUP)
    length = _LENGTH.unpack(_exactly(source, _LENGTH.size))[0]
    if length > _LONGEST_HEADER:
        raise BackupError(_DAMAGED)
    return _exactly(source, length)


def _parsed(header: bytes) -> dict[str, Any]:
    try:
        described = json.loads(header)
        is_good = isinstance(described, dict) and len(bytes.fromhex(described["salt"])) >= 16
    except (KeyError, RecursionError, TypeError, ValueError):
        is_good = False
    if not is_good:
        raise BackupError(_DAMAGED)
    if described.get("format") != FORMAT:
        raise BackupError(
            f"This backup has format {str(described.get('format'))[:20]}; this release reads "
            f"format {FORMAT}. Restore it with the release that made it, or a newer one."
        )
    return dict(described)


def _exactly(source: BinaryIO, length: int) -> bytes:
    data = source.read(length)
    if len(data) != length:
        raise BackupError(_CUT_OFF)
    return data
