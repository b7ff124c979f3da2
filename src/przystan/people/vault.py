"""Sealing what must be forgettable: one data key per person, thread or case.

Words and files of a person are stored only as `seal_for(owner_id, …)` returns them: AES-256-GCM
under the owner's data key, bound to the owner and to the field, so that a value moved to another
row of another owner or to another column does not open. Data keys lie in the database wrapped by
MASTER_KEY, which lies outside it and never in a backup. `destroy_key` is erasure: afterwards
nothing sealed for that owner opens. What a disk or an old backup still holds of a wrapped key is
void once the master key was changed (`przystan vault rotate`) and the old one thrown away.

A model keeps a sealed text in a plain column and shows it through a property:

    text_sealed = models.BinaryField()
    text = vault.SealedText(
        "conversations.message.text", column="text_sealed", owner="thread_id", kind="thread"
    )

This module alone reads MASTER_KEY, INDEX_KEY and unwrapped keys; backups read the settings to be
locked by them.
"""

import base64
import binascii
import hashlib
import hmac
import os
import threading
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any, Final, Literal, Self, overload
from uuid import UUID

import phonenumbers
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core import checks
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from przystan.core import outbox
from przystan.core.errors import PrzystanError
from przystan.core.ids import new_token
from przystan.people.models import DataKey

OwnerKind = Literal["account", "thread", "case"]
IndexKind = Literal["pesel", "document", "phone", "email", "name", "record"]

# First byte of everything sealed: the form below. Another form takes another byte.
FORM: Final = b"\x01"
NONCE_BYTES: Final = 12
# A data key is random and seals far fewer than 2^32 values, so random nonces do not repeat
# (NIST SP 800-38D, 8.3).
KEY_BITS: Final = 256


class ErasedError(PrzystanError):
    """The owner's key was destroyed: this was forgotten, on purpose and for good."""

    status = 410

    def __init__(self) -> None:
        super().__init__(_("This was erased on request and can no longer be shown."))


class SealBrokenError(PrzystanError):
    """Sealed bytes do not open: changed, cut short, or of another owner or field."""

    status = 500

    def __init__(self) -> None:
        super().__init__(
            _("A stored text is damaged and was not shown. Tell the operator of this site.")
        )


class MasterKeyError(PrzystanError):
    """A master key is missing or malformed; names the setting or key id, never the key."""

    status = 500


# --- sealing and opening ----------------------------------------------------------------


def seal_for(
    owner_id: UUID, plaintext: bytes | str, *, field: str = "", kind: OwnerKind = "account"
) -> bytes:
    """Seal words or a file for an owner; the owner's key is made on first use.

    Args:
        owner_id: id of the account, thread or case that the words belong to.
        plaintext: text is kept as UTF-8.
        field: "room.model.field"; the same must be given to open. A stable id, never renamed.
        kind: what the owner is; read when its key is first made.

    Returns:
        form byte, 12 bytes nonce, ciphertext with its 16-byte tag: 29 bytes more than given.

    Raises:
        ErasedError: the owner was erased; nothing may be stored for it any more.
    """
    # surrogatepass: a lone surrogate typed by somebody must not end in an error quoting it.
    data = plaintext.encode("utf-8", "surrogatepass") if isinstance(plaintext, str) else plaintext
    nonce = os.urandom(NONCE_BYTES)
    cipher = _cipher_to_seal(owner_id, kind)
    return FORM + nonce + cipher.encrypt(nonce, data, _bound_to(owner_id, field))


def open_for(owner_id: UUID, sealed: bytes | memoryview, *, field: str = "") -> bytes:
    """Open what `seal_for` returned for the same owner and field.

    Raises:
        ErasedError: the owner's key was destroyed.
        SealBrokenError: one byte was changed, or this is another owner's or field's value.
    """
    sealed = bytes(sealed)
    cipher = _cipher_of(owner_id)
    if cipher is None or sealed[:1] != FORM:
        raise SealBrokenError
    nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return cipher.decrypt(nonce, ciphertext, _bound_to(owner_id, field))
    except (InvalidTag, ValueError):
        # from None: no inner error may carry bytes of the text or the key into a report.
        raise SealBrokenError from None


def open_text(owner_id: UUID, sealed: bytes | memoryview, *, field: str = "") -> str:
    return open_for(owner_id, sealed, field=field).decode("utf-8", "surrogatepass")


class SealedText:
    """A property of a model: reads and writes a text that its column holds sealed.

    Set it after the owner is known; an empty column reads as an empty text. Lists that must not
    open hundreds of texts `defer` the column, not this property.
    """

    def __init__(self, field: str, *, column: str, owner: str, kind: OwnerKind = "account") -> None:
        self.field, self.column, self.owner = field, column, owner
        self._kind: OwnerKind = kind

    @overload
    def __get__(self, row: None, model: type[models.Model]) -> Self: ...
    @overload
    def __get__(self, row: models.Model, model: type[models.Model]) -> str: ...
    def __get__(self, row: models.Model | None, model: type[models.Model]) -> "Self | str":
        if row is None:
            return self
        sealed = getattr(row, self.column)
        return open_text(self._owner_of(row), sealed, field=self.field) if sealed else ""

    def __set__(self, row: models.Model, text: str) -> None:
        owner_id = self._owner_of(row)
        setattr(row, self.column, seal_for(owner_id, text, field=self.field, kind=self._kind))

    def _owner_of(self, row: models.Model) -> UUID:
        owner_id = getattr(row, self.owner)
        if not isinstance(owner_id, UUID):
            raise TypeError(f"{self.field} is sealed for {self.owner}, which is not set yet.")
        return owner_id


def destroy_key(owner_id: UUID, *, kind: OwnerKind = "account") -> None:
    """Make everything sealed for this owner unreadable, for good, in the caller's transaction.

    What the database freed is overwritten by the worker soon after (topic people.key_destroyed).
    Another process may still open for KEY_AGE_S what it opened just before.
    """
    # A key of its own: hundreds may be destroyed at once, and none waits for another.
    outbox.put("people.key_destroyed", key=f"scrub:{new_token()}")
    overwrite_freed_bytes()
    # The row stays as a tombstone, made where there was no key: a late writer must not get one.
    DataKey.objects.update_or_create(
        owner_id=owner_id,
        defaults={"wrapped": b"", "master_key_id": ""},
        create_defaults={"owner_kind": kind, "wrapped": b""},
    )
    _KEYS.forget(owner_id)
    # Once more at commit: somebody may have read the old row in between.
    transaction.on_commit(partial(_KEYS.forget, owner_id))


def destroyed_owners() -> list[UUID]:
    """Owners whose keys were destroyed: kept by a restore, which must destroy them again."""
    return list(DataKey.objects.filter(wrapped=b"").values_list("owner_id", flat=True))


def scrub() -> bool:
    """Overwrite what the database still holds of destroyed keys; False when it must be tried again.

    Runs outside a transaction. SQLite keeps old pages in its write-ahead log until a checkpoint;
    PostgreSQL keeps dead rows until a vacuum.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f'VACUUM "{DataKey._meta.db_table}"')
            return True
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy: int = cursor.fetchone()[0]
        return not is_busy


def overwrite_freed_bytes() -> None:
    """Let SQLite write zeros over what this connection deletes from now on.

    Settings turn it on for every connection; an erasure may not depend on them.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
            cursor.fetchall()


# --- data keys --------------------------------------------------------------------------


class _KeyCache:
    """A few opened keys of this process: bounded in number and age, emptied on erasure."""

    def __init__(self, *, size: int, age_s: float) -> None:
        self._size, self._age_s = size, age_s
        self._ciphers: OrderedDict[UUID, tuple[float, AESGCM]] = OrderedDict()
        self._lock = threading.Lock()
        self._erasures = 0

    def __repr__(self) -> str:
        return f"<{len(self._ciphers)} keys>"

    def get(self, owner_id: UUID) -> AESGCM | None:
        with self._lock:
            expires, cipher = self._ciphers.get(owner_id, (0.0, None))
            if cipher is None or expires < time.monotonic():
                self._ciphers.pop(owner_id, None)
                return None
            self._ciphers.move_to_end(owner_id)
            return cipher

    def erasures(self) -> int:
        """A counter to read before a key is read, so that `put` can tell whether it is stale."""
        return self._erasures

    def put(self, owner_id: UUID, cipher: AESGCM, erasures: int) -> None:
        with self._lock:
            if erasures != self._erasures:
                return
            self._ciphers[owner_id] = (time.monotonic() + self._age_s, cipher)
            self._ciphers.move_to_end(owner_id)
            while len(self._ciphers) > self._size:
                self._ciphers.popitem(last=False)

    def forget(self, owner_id: UUID) -> None:
        with self._lock:
            self._erasures += 1
            self._ciphers.pop(owner_id, None)

    def clear(self) -> None:
        with self._lock:
            self._erasures += 1
            self._ciphers.clear()


# A minute is how long another process may still open what was erased meanwhile.
KEY_AGE_S: Final = 60.0
_KEYS = _KeyCache(size=1024, age_s=KEY_AGE_S)


def _cipher_of(owner_id: UUID) -> AESGCM | None:
    """The owner's cipher, or None where no key was ever made."""
    if cipher := _KEYS.get(owner_id):
        return cipher
    erasures = _KEYS.erasures()
    row = DataKey.objects.filter(owner_id=owner_id).first()
    return None if row is None else _opened(row, erasures)


def _cipher_to_seal(owner_id: UUID, kind: OwnerKind) -> AESGCM:
    if cipher := _cipher_of(owner_id):
        return cipher
    erasures = _KEYS.erasures()
    master_id, master = _current_master()
    wrapped = _wrap(AESGCM.generate_key(KEY_BITS), owner_id, master_id, master)
    # Of two first writers one makes the row and both take its key.
    row, _is_new = DataKey.objects.get_or_create(
        owner_id=owner_id,
        defaults={"owner_kind": kind, "wrapped": wrapped, "master_key_id": master_id},
    )
    return _opened(row, erasures)


def _opened(row: DataKey, erasures: int) -> AESGCM:
    if not row.wrapped:
        raise ErasedError
    cipher = AESGCM(_unwrap(row))
    # Kept from commit on: a key whose row is rolled back must never seal anything again.
    transaction.on_commit(partial(_KEYS.put, row.owner_id, cipher, erasures))
    return cipher


def _bound_to(owner_id: UUID, field: str) -> bytes:
    return b"przystan.sealed" + FORM + owner_id.bytes + field.encode()


# --- master keys ------------------------------------------------------------------------


def new_master_key() -> str:
    """A fresh key for the setting MASTER_KEY: 32 random bytes, base64url."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BITS // 8)).decode("ascii")


def wrap_anew(limit: int) -> int:
    """Wrap up to `limit` data keys anew under the current MASTER_KEY, in the caller's transaction.

    Others may work meanwhile; sealed values stay as they are. See `people.rotation`.

    Raises:
        MasterKeyError: a data key is wrapped by a key that neither setting holds.
    """
    master_id, master = _current_master()
    stale = DataKey.objects.exclude(master_key_id__in=[master_id, ""]).order_by("owner_id")
    rows = list(stale.select_for_update()[:limit])
    for row in rows:
        row.wrapped = _wrap(_unwrap(row), row.owner_id, master_id, master)
        row.master_key_id = master_id
    DataKey.objects.bulk_update(rows, ["wrapped", "master_key_id"])
    return len(rows)


def master_key_id() -> str:
    """The name of the current MASTER_KEY."""
    return _current_master()[0]


def _wrap(key: bytes, owner_id: UUID, master_id: str, master: AESGCM) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + master.encrypt(nonce, key, _wrapped_for(owner_id, master_id))


def _unwrap(row: DataKey) -> bytes:
    master = _master(row.master_key_id)
    wrapped = bytes(row.wrapped)
    try:
        return master.decrypt(
            wrapped[:NONCE_BYTES],
            wrapped[NONCE_BYTES:],
            _wrapped_for(row.owner_id, row.master_key_id),
        )
    except (InvalidTag, ValueError):
        raise SealBrokenError from None


def _wrapped_for(owner_id: UUID, master_id: str) -> bytes:
    return b"przystan.datakey" + owner_id.bytes + master_id.encode()


def _current_master() -> tuple[str, AESGCM]:
    key = _key_setting("MASTER_KEY", settings.MASTER_KEY)
    return key_id(key), AESGCM(key)


def _master(master_id: str) -> AESGCM:
    known = [("MASTER_KEY", settings.MASTER_KEY)]
    known += [("MASTER_KEYS_OLD", key) for key in getattr(settings, "MASTER_KEYS_OLD", [])]
    for name, value in known:
        key = _key_setting(name, value)
        if key_id(key) == master_id:
            return AESGCM(key)
    raise MasterKeyError(
        f"A data key is wrapped by master key {master_id}, which is not among MASTER_KEY and "
        "MASTER_KEYS_OLD. Add the key with this id to MASTER_KEYS_OLD."
    )


def key_id(key: bytes) -> str:
    """A name for a master key that says nothing about it: 16 hex digits of a hash."""
    return hashlib.sha256(b"przystan.master-key-id" + key).hexdigest()[:16]


def _key_setting(name: str, value: str) -> bytes:
    key = _decoded(value)
    if len(key) != KEY_BITS // 8:
        raise MasterKeyError(
            f"{name} is not a key of 32 bytes in base64url. `przystan vault key` prints a new one."
        )
    return key


def _decoded(value: str) -> bytes:
    # Nothing is raised from here: the errors of the decoder hold the value.
    try:
        padded = value + "=" * (-len(value) % 4)
        return base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return b""


@checks.register(checks.Tags.security)
def keys_are_good(**_kwargs: Any) -> list[checks.CheckMessage]:
    """System check: stop the start on a missing or malformed key, or one used for two things."""
    named = [("MASTER_KEY", settings.MASTER_KEY), ("INDEX_KEY", settings.INDEX_KEY)]
    named += [("MASTER_KEYS_OLD", key) for key in getattr(settings, "MASTER_KEYS_OLD", [])]
    found: list[checks.CheckMessage] = []
    for name, value in named:
        try:
            _key_setting(name, value)
        except MasterKeyError as error:
            found.append(checks.Error(str(error.reason), id="people.E001"))
    if settings.MASTER_KEY == settings.INDEX_KEY and not found:
        found.append(checks.Error("MASTER_KEY and INDEX_KEY are the same key.", id="people.E002"))
    return found


# --- blind indexes ----------------------------------------------------------------------


def blind_index(kind: IndexKind, value: str) -> bytes:
    """A keyed hash to find a row by a value that is stored only sealed: HMAC-SHA256, 32 bytes.

    Two spellings of one value give one index: see NORMAL_FORMS. An empty value has an index too;
    callers store null instead.
    """
    normal = NORMAL_FORMS[kind](unicodedata.normalize("NFC", value))
    message = kind.encode() + b"\x00" + normal.encode("utf-8", "surrogatepass")
    key = _key_setting("INDEX_KEY", settings.INDEX_KEY)
    return hmac.digest(key, message, "sha256")


def _digits(value: str) -> str:
    # Arabic-Indic and full-width digits are digits too.
    return "".join(str(unicodedata.decimal(c)) for c in value if c.isdecimal())


def _phone(value: str) -> str:
    """E.164; a number without a country is Polish; what is no number keeps its digits."""
    try:
        number = phonenumbers.parse(value, "PL")
    except phonenumbers.NumberParseException:
        return _digits(value)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _document(value: str) -> str:
    """Letters and digits of a passport or card number, capital."""
    folded = unicodedata.normalize("NFKC", value).upper()
    return "".join(c for c in folded if c.isalnum())


def _name(value: str) -> str:
    """A name in Latin letters without marks and case; transliterate other scripts before."""
    plain = unicodedata.normalize("NFKD", value.casefold().replace("ł", "l"))
    letters = "".join(" " if c in "-'’." else c for c in plain if not unicodedata.combining(c))
    return " ".join(letters.split())


NORMAL_FORMS: Final[dict[IndexKind, Callable[[str], str]]] = {
    "pesel": _digits,
    "document": _document,
    "phone": _phone,
    "email": lambda value: value.strip().casefold(),
    "name": _name,
    "record": str,
}
