"""A system comes back as it was; who was forgotten stays so; a refused restore changes nothing."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from przystan.config.backup import making, restoring, switching
from przystan.config.backup.faults import BackupError
from przystan.config.backup.restoring import Wishes
from przystan.config.backup.sqlite import Sqlite
from przystan.config.backup.tests.conftest import KEYS
from przystan.config.backup.tests.life import QUESTION
from przystan.conftest import NOON

# The database of the tests gives its tables to the systems here.
pytestmark = pytest.mark.django_db

# Rows that a restore adds: its own audit row, and that row's place in its chain.
ADDS = {"people_auditrow", "people_auditchain"}
OTHER_KEY = "b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItMTI="


@pytest.fixture
def backup(lived_in, tmp_path):
    made, _manifest = making.make(tmp_path / "one.przystan", at=NOON, of=lived_in.system)
    return made


def refuse(source, place, system, match, **wishes):
    before = place.contents()
    with pytest.raises(BackupError, match=match):
        restoring.restore(source, to=system, wishes=Wishes(**wishes))
    assert place.contents() == before
    assert not place.system.stage.exists()


def test_a_system_comes_back_on_an_empty_machine(lived_in, backup, bare, use, tmp_path):
    before = lived_in.tables()

    done = restoring.restore(backup, to=use(bare), wishes=Wishes())

    after = bare.tables()
    assert {name for name in before if before[name] != after[name]} <= ADDS
    assert before.keys() == after.keys() == done.manifest.tables.keys()
    [file] = (path for path in bare.system.files.rglob("*") if path.is_file())
    assert file.name == "karta ąę.pdf"
    assert file.read_bytes() == (lived_in.system.files / "documents" / file.name).read_bytes()
    told = bare.ask("tell", tokens=[lived_in.told["theirs"], lived_in.told["other"]])
    assert told["shown"] == [QUESTION, QUESTION]
    assert (told["breaks"], told["restored"], told["accounts"]) == (0, 1, 1)
    assert done.settled["audit_rows"] == told["rows"]
    assert (bare.system.data_dir / "index" / "passages.index").exists()
    assert not bare.system.stage.exists()


def test_who_was_erased_after_the_backup_stays_erased(lived_in, backup, use):
    tokens = [lived_in.told["theirs"], lived_in.told["other"]]
    lived_in.ask("erase", account=lived_in.told["account"], token=tokens[1])
    use(lived_in)
    refuse(backup, lived_in, lived_in.system, "a system here already")

    done = restoring.restore(backup, to=lived_in.system, wishes=Wishes(is_replacing=True))

    told = lived_in.ask("tell", tokens=tokens)
    assert told["accounts"] == 0
    assert told["shown"] == ["AbsentError", "AbsentError"]
    assert told["breaks"] == 0
    assert done.settled["forgotten"] == told["destroyed"] == 3


def test_a_list_kept_outside_forgets_on_another_machine(lived_in, backup, bare, tmp_path):
    lived_in.ask("erase", account=lived_in.told["account"], token=lived_in.told["other"])
    listed = lived_in.przystan("erased")
    (tmp_path / "erased").write_text(listed.stdout)

    done = bare.przystan("restore", str(backup), "--erased", str(tmp_path / "erased"))

    assert done.returncode == 0, done.stderr
    assert "3 forgotten again" in done.stdout
    told = bare.ask("tell", tokens=[lived_in.told["theirs"], lived_in.told["other"]])
    assert (told["accounts"], told["shown"]) == (0, ["AbsentError", "AbsentError"])


def test_a_backup_of_a_later_release_is_refused(lived_in, bare, use, tmp_path):
    lived_in.ask("migrate_on")
    later, _manifest = making.make(tmp_path, at=NOON, of=lived_in.system)
    refuse(later, bare, use(bare), "newer release")


def test_another_master_key_or_index_key_is_refused(lived_in, backup, bare, use, tmp_path):
    (tmp_path / "key").write_text("a passphrase of its own")
    from przystan.config.backup.locks import from_key_file

    lock = from_key_file(tmp_path / "key")
    locked, _manifest = making.make(tmp_path / "two", at=NOON, of=lived_in.system, lock=lock)
    system = use(bare)
    system.keys["MASTER_KEY"] = OTHER_KEY
    refuse(backup, bare, system, "Set MASTER_KEY")
    refuse(locked, bare, system, "sealed under master key", lock=lock)
    system.keys.update(KEYS | {"INDEX_KEY": OTHER_KEY})
    refuse(backup, bare, system, "INDEX_KEY is not the one")


def test_a_damaged_backup_changes_nothing(lived_in, backup, use):
    system = use(lived_in)
    whole = backup.read_bytes()
    for broken in (whole[:-1], whole[: len(whole) // 2], whole[:-200] + bytes(200), b""):
        backup.write_bytes(broken)
        refuse(backup, lived_in, system, "backup", is_replacing=True)
    refuse(backup.with_name("none"), lived_in, system, "No such file", is_replacing=True)


def test_a_failure_while_settling_changes_nothing(lived_in, backup, use, monkeypatch):
    monkeypatch.setenv("CONTENT_DIR", "/nowhere")
    monkeypatch.setenv("ANONYMOUS_TEXT_DAYS", "not a number")
    refuse(backup, lived_in, use(lived_in), "made whole", is_replacing=True)


def test_a_system_in_use_is_not_replaced(lived_in, backup, use):
    system = use(lived_in)
    holding = subprocess.Popen(
        [sys.executable, "-c", _HOLD], env=lived_in.environment, stdout=subprocess.PIPE
    )
    try:
        assert holding.stdout.readline()
        refuse(backup, lived_in, system, "in use", is_replacing=True)
    finally:
        holding.kill()
        holding.wait()


_HOLD = """
import os, time, django
os.environ["DJANGO_SETTINGS_MODULE"] = "przystan.config.settings"
django.setup()
from przystan.core.models import Event
Event.objects.count()
print("held", flush=True)
time.sleep(60)
"""


class _Killed(BaseException):
    """Stands for SIGKILL: nothing of ours catches it."""


@pytest.fixture
def unsettled(monkeypatch):
    """Restores without the work on the rows, which other tests see: only the moves matter."""

    def settle(to, manifest, erased):
        (to.stage / "settling" / "index").mkdir(parents=True)
        to.database.finish_stage()
        return {}

    monkeypatch.setattr(restoring, "_settle", settle)


@pytest.mark.parametrize("step", range(6))
def test_a_restore_killed_while_things_change_places_is_finished(
    step, lived_in, backup, use, unsettled, monkeypatch
):
    system = use(lived_in)
    before = lived_in.contents()
    (system.files / "later").write_text("later")
    _change_a_row(system)
    assert lived_in.contents() != before
    with monkeypatch.context() as patched:
        patched.setattr(restoring.switching, "switch", _killed_at(step))
        with pytest.raises(_Killed):
            restoring.restore(backup, to=system, wishes=Wishes(is_replacing=True))
    assert switching.is_interrupted(system.data_dir)

    switching.finish_interrupted(system)

    if not isinstance(system.database, Sqlite) and step == 0:
        # The rows had not changed places, so nothing has: the restore is to be called again.
        assert (system.files / "later").exists()
        restoring.restore(backup, to=system, wishes=Wishes(is_replacing=True))
    assert lived_in.contents() == before
    assert not system.stage.exists()


def _killed_at(step):
    """A switch that is killed at its n-th move; at 0, right after its journal was written."""
    switch, rename, done = switching.switch, Path.rename, 0

    def counted(self, target):
        nonlocal done
        if self.suffix == ".new":  # the journal itself
            return rename(self, target)
        if done == step:
            raise _Killed
        done += 1
        return rename(self, target)

    def killed(to):
        Path.rename = counted
        try:
            if step == 0 and not isinstance(to.database, Sqlite):
                to.database.take_place = _kill
            switch(to)
            raise _Killed  # fewer moves than steps: killed at the end
        finally:
            Path.rename = rename
            vars(to.database).pop("take_place", None)
            if not switching.is_interrupted(to.data_dir):
                _leave_a_done_journal(to)

    return killed


def _kill():
    raise _Killed


def _leave_a_done_journal(to):
    """The last moment before the end: everything has moved, only the journal is still there."""
    to.stage.mkdir(exist_ok=True)
    (to.stage / "moves.json").write_text("[]")


def _change_a_row(system):
    statement = "UPDATE conversations_thread SET lang = 'xx'"
    if isinstance(system.database, Sqlite):
        with closing(sqlite3.connect(system.database.path)) as db:
            db.execute(statement)
            db.commit()
    else:
        with system.database._connected() as db:
            db.execute(statement)


class TestMaking:
    def test_nothing_readable_is_in_it_and_only_its_owner_reads_it(self, backup):
        data = backup.read_bytes()
        for secret in (*KEYS.values(), "oleg@example.org", "karta", "CREATE TABLE"):
            assert secret.encode() not in data
        assert backup.stat().st_mode & 0o777 == 0o600
        assert list(backup.parent.glob(".one*")) == []

    def test_it_never_replaces_a_file(self, lived_in, backup):
        before = backup.read_bytes()
        with pytest.raises(BackupError, match="there already"):
            making.make(backup, at=NOON, of=lived_in.system)
        assert backup.read_bytes() == before

    def test_it_never_lies_among_what_it_holds(self, lived_in):
        with pytest.raises(BackupError, match="Name another target"):
            making.make(lived_in.system.files, at=NOON, of=lived_in.system)

    def test_a_folder_that_is_missing_is_named(self, lived_in, tmp_path):
        with pytest.raises(BackupError, match="There is no folder"):
            making.make(tmp_path / "none" / "x", at=NOON, of=lived_in.system)

    def test_a_full_disk_leaves_nothing_behind(self, lived_in, tmp_path):
        done = subprocess.run(
            ["bash", "-c", 'ulimit -f 100; exec "$0" -m przystan.config.cli backup "$1"',
             sys.executable, str(tmp_path / "full")],
            env=lived_in.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode != 0
        assert "Traceback" not in done.stderr
        assert not (tmp_path / "full").exists()
        assert not list(lived_in.system.data_dir.glob(".backup-*"))

    def test_little_room_stops_it_before_it_takes_any(self, lived_in, tmp_path, monkeypatch):
        little = shutil.disk_usage(tmp_path)._replace(free=1000)
        monkeypatch.setattr(shutil, "disk_usage", lambda path: little)
        with pytest.raises(BackupError, match="are free"):
            making.make(tmp_path / "x", at=NOON, of=lived_in.system)

    def test_what_a_killed_backup_left_is_removed_by_the_next(self, lived_in, tmp_path):
        old, young = (lived_in.system.data_dir / f".backup-{name}" for name in ("old", "young"))
        for folder in (old, young):
            folder.mkdir()
            (folder / "database").write_text("rows")
        os.utime(old, (0, 0))
        os.utime(young, (NOON.timestamp(), NOON.timestamp()))
        making.make(tmp_path / "x", at=NOON, of=lived_in.system)
        assert not old.exists()
        assert young.exists()

    def test_links_out_of_the_files_are_not_followed(self, lived_in, tmp_path):
        (tmp_path / "secret").write_text("secret")
        (lived_in.system.files / "link").symlink_to(tmp_path / "secret")
        _place, manifest = making.make(tmp_path / "x", at=NOON, of=lived_in.system)
        assert [m.path for m in manifest.members] == ["database", "files/documents/karta ąę.pdf"]


class TestCommands:
    def test_keys_kept_apart_open_it_on_a_new_machine(self, lived_in, backup, bare, tmp_path):
        kept = tmp_path / "keys"
        assert lived_in.przystan("keys", "save", str(kept)).returncode == 0
        assert kept.stat().st_mode & 0o777 == 0o600
        assert lived_in.przystan("keys", "save", str(kept)).returncode == 1
        for name in KEYS:
            del bare.environment[name]

        closed = bare.przystan("restore", str(backup))
        done = bare.przystan("restore", str(backup), "--keys", str(kept))

        assert closed.returncode == 1
        assert "--keys FILE" in closed.stderr
        assert done.returncode == 0, done.stderr
        told = bare.ask("tell", tokens=[lived_in.told["other"]])
        assert told["shown"] == [QUESTION]

    def test_a_backup_is_verified_without_being_restored(self, lived_in, backup):
        before = lived_in.contents()
        done = lived_in.przystan("restore", str(backup), "--check")
        assert (done.returncode, done.stdout[:5]) == (0, "Whole")
        assert lived_in.contents() == before

    def test_a_command_that_makes_one_says_what_is_in_it(self, lived_in, tmp_path):
        done = lived_in.przystan("backup", str(tmp_path))
        assert done.returncode == 0, done.stderr
        assert "1 files" in done.stdout
        assert len(list(tmp_path.glob("przystan-*.przystan"))) == 1

    @pytest.mark.parametrize(
        ("option", "content", "said"),
        [
            ("--keys", "MASTER_KEY=x", "is missing"),
            ("--keys", "what is this", "line 1"),
            ("--erased", "not an id", "line 1"),
        ],
    )
    def test_a_broken_list_is_named_with_its_line(
        self, option, content, said, bare, tmp_path, backup
    ):
        (tmp_path / "list").write_text(content)
        done = bare.przystan("restore", str(backup), option, str(tmp_path / "list"))
        assert done.returncode == 1
        assert said in done.stderr

    def test_every_command_of_the_contract_is_there(self, bare):
        listed = bare.przystan("help").stdout
        for words in ("backup", "restore", "audit verify", "vault rotate", "up", "ask"):
            assert f"przystan {words} " in listed


def test_a_database_that_cannot_be_read_needs_a_word_on_erasures(tmp_path, backup, use, lived_in):
    """Only a file can be broken like this; a server's schema is taken away instead."""
    system = use(lived_in)
    if isinstance(system.database, Sqlite):
        system.database.path.write_bytes(b"SQLite format 3\0" + os.urandom(8000))
    else:
        lived_in.run("django", "dbshell", "--", "-c", "x")
        with system.database._connected() as db:
            db.execute("DROP TABLE people_datakey CASCADE")
    with pytest.raises(BackupError, match="--without-erasures"):
        restoring.restore(backup, to=system, wishes=Wishes(is_replacing=True))

    restoring.restore(backup, to=system, wishes=Wishes(is_replacing=True, without_erasures=True))

    assert lived_in.ask("tell", tokens=[lived_in.told["other"]])["shown"] == [QUESTION]


def test_the_hash_of_a_table_sees_every_change(lived_in):
    before = lived_in.tables()
    _change_a_row(lived_in.system)
    after = lived_in.tables()
    assert {name for name in after if after[name] != before[name]} == {"conversations_thread"}


def test_the_manifest_is_json_that_a_person_can_read(lived_in, tmp_path):
    _place, manifest = making.make(tmp_path / "x", at=NOON, of=lived_in.system)
    said = json.loads(manifest.as_json())
    assert said["made_at"] == "2026-11-23T11:00:00+00:00"
    assert said["tables"]["conversations_thread"]["rows"] == 2
    assert "core.0001_initial" in said["migrations"]
    assert all(len(one["sha256"]) == 64 for one in said["tables"].values())
