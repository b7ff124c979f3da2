"""Hostile backups that their key opens: clear errors, nothing outside the folder, nothing extra."""

import gzip
import io
import tarfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from przystan.config.backup import manifest as manifests
from przystan.config.backup import packing
from przystan.config.backup.faults import BackupError
from przystan.config.backup.manifest import DATABASE, NAME, Member, from_json, safe_path
from przystan.config.backup.tests.archives import (
    LOCK,
    backup,
    manifest,
    plain,
    sealed,
    special,
    tarred,
    with_member,
)

DATA = plain(DATABASE, b"rows")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "into").mkdir()
    return tmp_path / "into"


def unpack(data, folder):
    return packing.unpack(io.BytesIO(data), [LOCK], folder)


def refused(data, folder, match):
    before = sorted(folder.parent.rglob("*"))
    with pytest.raises(BackupError, match=match):
        unpack(data, folder)
    outside = [path for path in folder.parent.rglob("*") if folder not in path.parents]
    assert sorted(outside) == [path for path in before if folder not in path.parents]


def test_files_come_back_with_names_of_every_script(folder, tmp_path):
    sources = {DATABASE: b"rows", "files/ą/зж/ملف.pdf": b"%PDF", "vectors/m.vectors": b""}
    for number, data in enumerate(sources.values()):
        (tmp_path / str(number)).write_bytes(data)
    places = {path: tmp_path / str(number) for number, path in enumerate(sources)}
    members = tuple(packing.describe(path, place) for path, place in places.items())
    out = io.BytesIO()
    packing.pack(replace(manifest(), members=members), places, out, LOCK)

    said = unpack(out.getvalue(), folder)

    assert {m.path: (folder / m.path).read_bytes() for m in said.members} == sources
    assert all((folder / m.path).stat().st_mode & 0o077 == 0 for m in said.members)


@pytest.mark.parametrize(
    "path",
    [
        "../evil",
        "/etc/passwd",
        "files/../../evil",
        "files/./x",
        "files//x",
        "files",
        "other/x",
        "database/x",
        "files/a\\b",
        "files/a\nb",
        "files/a\0b",
        "",
        ".",
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(path, folder):
    said = with_member(manifest(), path)
    refused(backup(said, DATA, plain("files/x", b"x")), folder, "leads elsewhere")


@given(path=st.text(max_size=60))
def test_every_path_that_is_accepted_stays_inside(path):
    try:
        safe = safe_path(path)
    except BackupError:
        return
    assert safe == DATABASE or safe.split("/")[0] in manifests.FOLDERS
    assert ".." not in safe.split("/")
    assert not safe.startswith("/")


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(special("files/x", tarfile.SYMTYPE, "/etc/passwd"), id="symbolic link"),
        pytest.param(special("files/x", tarfile.LNKTYPE, "database"), id="hard link"),
        pytest.param(special("files/x", tarfile.DIRTYPE), id="folder"),
        pytest.param(special("files/x", tarfile.CHRTYPE), id="device"),
        pytest.param(special("files/x", tarfile.FIFOTYPE), id="pipe"),
        pytest.param(plain("files/y", b"x"), id="not listed"),
        pytest.param(plain("../x", b"x"), id="upwards"),
        pytest.param(plain("files/x", b"xx"), id="longer"),
    ],
)
def test_an_entry_that_is_not_as_listed_is_refused(entry, folder):
    refused(backup(with_member(manifest(), "files/x"), DATA, entry), folder, "its list does not")


def test_a_file_twice_is_refused(folder):
    refused(backup(manifest(), DATA, DATA), folder, "its list does not")


def test_a_missing_file_is_named(folder):
    refused(backup(with_member(manifest(), "files/x"), DATA), folder, "lacks 'files/x'")


def test_a_file_with_another_content_is_named(folder):
    data = backup(with_member(manifest(), "files/x", b"a"), DATA, plain("files/x", b"b"))
    refused(data, folder, "'files/x' is not what")


def test_what_swells_when_unpacked_is_not_unpacked(folder):
    swelling = plain("files/x", bytes(300 * 2**20))
    refused(backup(manifest(), DATA, swelling), folder, "its list does not")


def test_what_follows_the_last_file_is_not_unpacked(folder):
    listed = tarred(plain(NAME, manifest().as_json()), DATA)
    refused(sealed(gzip.compress(listed + bytes(20 * 2**20))), folder, "more than it announces")


def test_a_name_of_gigabytes_is_not_unpacked(folder):
    entry, data = plain("files/x", b"")
    entry.pax_headers = {"comment": "x" * (100 * 2**20)}
    refused(backup(manifest(), DATA, (entry, data)), folder, "more than it announces")


def test_a_list_of_contents_that_is_too_long_is_not_read(folder, monkeypatch):
    monkeypatch.setattr(manifests, "LONGEST", 10)
    refused(backup(manifest(), DATA), folder, "too long|more than")


def test_more_than_the_disk_has_is_refused_before_unpacking(folder):
    said = manifest()
    huge = replace(said, members=(*said.members, Member("files/x", 2**60, "00")))
    refused(backup(huge, DATA), folder, "MiB are free")
    assert not any(folder.iterdir())


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"not gzip", id="not compressed"),
        pytest.param(gzip.compress(b""), id="no tar"),
        pytest.param(gzip.compress(b"x" * 5000), id="not a tar"),
        pytest.param(gzip.compress(tarred(DATA)), id="no list"),
        pytest.param(gzip.compress(tarred(special(NAME, tarfile.SYMTYPE, "x"))), id="linked list"),
        pytest.param(gzip.compress(tarred(plain(NAME, b"{}"), DATA)), id="empty list"),
        pytest.param(gzip.compress(tarred(plain(NAME, b"[" * 9000), DATA)), id="nested list"),
        pytest.param(
            gzip.compress(tarred(plain(NAME, manifest().as_json()), DATA))[:-30], id="cut inside"
        ),
    ],
)
def test_something_else_under_the_right_key_is_refused(content, folder):
    refused(sealed(content), folder, "backup")


@given(data=st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["members", "tables", "path", "engine", "settings", "rows"]), inner),
    max_leaves=12,
))  # fmt: skip
def test_a_list_of_any_shape_is_a_clear_error(data):
    import json

    with pytest.raises(BackupError):
        from_json(json.dumps(data).encode())


def test_a_file_that_changes_meanwhile_stops_the_backup(tmp_path):
    place = tmp_path / "file"
    place.write_bytes(b"before")
    said = replace(manifest(), members=(packing.describe(DATABASE, place),))
    for content in (b"after!", b"cut"):
        place.write_bytes(content)
        with pytest.raises(BackupError, match="changed while"):
            packing.pack(said, {DATABASE: place}, io.BytesIO(), LOCK)


def test_a_list_comes_back_as_it_was_written():
    said = with_member(manifest(files__a=b"1"), "vectors/b")
    assert from_json(said.as_json()) == said
