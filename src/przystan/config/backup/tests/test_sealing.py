"""The sealed file of a backup: nothing opens that is not exactly what was sealed."""

import io
import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from przystan.config.backup import locks, sealing
from przystan.config.backup.faults import BackupError
from przystan.config.backup.sealing import MAGIC, SealedReader
from przystan.config.backup.tests.archives import LOCK, OTHER_LOCK, sealed

WORDS = b"karta pobytu " * 7


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(sealing, "PIECE", 16)


def opened(data, *known):
    reader = SealedReader(io.BytesIO(data), list(known) or [LOCK])
    content = io.BufferedReader(reader, 7).read()
    reader.close_at_end()
    return content


@given(content=st.binary(max_size=200))
def test_what_was_sealed_comes_back(content):
    assert opened(sealed(content)) == content


@given(cut=st.integers(0, len(sealed(WORDS)) - 1))
def test_a_backup_cut_off_anywhere_is_refused(cut):
    with pytest.raises(BackupError):
        opened(sealed(WORDS)[:cut])


@given(place=st.integers(0, len(sealed(WORDS)) - 1), bit=st.integers(0, 7))
def test_a_backup_with_one_bit_changed_is_refused(place, bit):
    data = bytearray(sealed(WORDS))
    data[place] ^= 1 << bit
    with pytest.raises(BackupError):
        opened(bytes(data))


@given(junk=st.binary(max_size=400), has_magic=st.booleans())
def test_any_other_file_is_refused(junk, has_magic):
    with pytest.raises(BackupError):
        opened((MAGIC if has_magic else b"") + junk)


def test_pieces_that_change_places_are_refused():
    data = sealed(WORDS)
    start = len(MAGIC) + 4 + struct.unpack_from(">I", data, len(MAGIC))[0]
    size = 4 + 16 + 16
    first, second = data[start : start + size], data[start + size : start + 2 * size]
    swapped = data[:start] + second + first + data[start + 2 * size :]
    with pytest.raises(BackupError):
        opened(swapped)


def test_what_follows_the_end_is_refused():
    with pytest.raises(BackupError, match="added to the end"):
        opened(sealed(WORDS) + b"more")


def test_another_key_is_named_as_the_reason():
    with pytest.raises(BackupError, match="key is not the one"):
        opened(sealed(WORDS), OTHER_LOCK)


def test_a_master_key_that_is_not_here_is_named_by_its_id():
    missing = locks.Lock("master", "ffffffffffffffff", b"x" * 32)
    with pytest.raises(BackupError, match="0123456789abcdef"):
        opened(sealed(WORDS), missing)


def test_a_key_file_opens_what_it_locked_and_is_asked_for(tmp_path):
    (tmp_path / "key").write_text("correct horse battery staple\n")
    lock = locks.from_key_file(tmp_path / "key")
    data = sealed(WORDS, lock=lock)

    assert opened(data, LOCK, lock) == WORDS
    with pytest.raises(BackupError, match="--key-file"):
        opened(data, LOCK)


@pytest.mark.parametrize("content", [b"", b"short", b" " * 40])
def test_a_key_file_that_is_no_secret_is_refused(content, tmp_path):
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(BackupError, match="less than 12"):
        locks.from_key_file(tmp_path / "key")


def test_an_unreadable_key_file_is_named(tmp_path):
    with pytest.raises(BackupError, match="cannot be read"):
        locks.from_key_file(tmp_path / "none")


@pytest.mark.parametrize("value", ["", "short", "ą" * 44, "A" * 43 + "!"])
def test_a_master_key_that_is_none_is_refused_without_being_shown(value):
    with pytest.raises(BackupError) as refused:
        locks.from_master_key(value)
    assert not value or value not in str(refused.value.reason)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"[" * 4000, id="nested"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"format": 1}', id="no salt"),
        pytest.param(b'{"format": 1, "salt": "zz"}', id="salt is no hex"),
        pytest.param(b'{"format": 1, "salt": 5}', id="salt is a number"),
        pytest.param(b'{"format": 1, "salt": "00"}', id="short salt"),
    ],
)
def test_a_broken_header_is_refused(header):
    data = MAGIC + struct.pack(">I", len(header)) + header + b"\0" * 50
    with pytest.raises(BackupError, match="damaged"):
        opened(data)


def test_a_header_of_gigabytes_is_not_read():
    with pytest.raises(BackupError, match="damaged"):
        opened(MAGIC + struct.pack(">I", 2**32 - 1) + b"x" * 100)


def test_a_later_format_is_named():
    header = json.dumps({"format": 2, "salt": "00" * 32}).encode()
    with pytest.raises(BackupError, match="format 2"):
        opened(MAGIC + struct.pack(">I", len(header)) + header)
