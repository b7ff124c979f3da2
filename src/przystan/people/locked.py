"""Short-lived and technical secrets, locked under keys derived from SECRET_KEY.

Sessions, letters waiting in the outbox and TOTP secrets hold codes and addresses; none of them
belongs to one person's data key (`people.vault`), because they exist before there is a person or
must open without knowing whose they are. Changing SECRET_KEY keeps them open as long as the old
key stands in SECRET_KEY_FALLBACKS.
"""

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE_BYTES = 12


class LockBrokenError(ValueError):
    """The bytes were changed, or locked for another purpose or under a key that is gone."""


def lock(purpose: str, plain: bytes) -> bytes:
    """12 bytes nonce, then AES-256-GCM ciphertext with its tag; opens for this purpose alone."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _cipher(settings.SECRET_KEY, purpose).encrypt(nonce, plain, None)


def unlock(purpose: str, locked: bytes) -> bytes:
    """What `lock` was given, or LockBrokenError."""
    nonce, ciphertext = locked[:_NONCE_BYTES], locked[_NONCE_BYTES:]
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return _cipher(key, purpose).decrypt(nonce, ciphertext, None)
        except (InvalidTag, ValueError):
            continue
    # from None: an inner error must not carry the bytes into a report.
    raise LockBrokenError(f"A value locked for {purpose} does not open.") from None


@lru_cache(maxsize=16)
def _cipher(secret: str, purpose: str) -> AESGCM:
    info = b"przystan.locked." + purpose.encode()
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info)
    return AESGCM(kdf.derive(secret.encode()))
