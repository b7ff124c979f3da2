"""A small system in a folder and a database of its own, of the engine that the tests run on."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import connection

from przystan.config.backup.postgresql import PostgreSql
from przystan.config.backup.sqlite import Sqlite
from przystan.config.backup.system import STAGE, System

KEYS = {
    "SECRET_KEY": "s" * 50,
    "MASTER_KEY": "bWFzdGVyLW1hc3Rlci1tYXN0ZXItbWFzdGVyLTEyMzQ=",
    "INDEX_KEY": "aW5kZXgtaW5kZXgtaW5kZXgtaW5kZXgtaW5kZXgtMTI=",
}


class Place:
    """Somewhere a system is or may be: its environment, and what a process of it says."""

    def __init__(self, folder: Path, url: str, database) -> None:
        self.system = System(folder, database, dict(KEYS))
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "COV_CORE_SOURCE"},
            **KEYS,
            "DATA_DIR": str(folder),
            "DATABASE_URL": url,
            "EMBEDDINGS_BACKEND": "lexical",
            "LOG_LEVEL": "ERROR",
        }

    def run(self, module: str, *arguments: str, **more: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", module, *arguments],
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            check=False,
        )

    def ask(self, what: str, **given) -> dict:
        """Let a process of this system do or tell something: `life.py` says what."""
        done = self.run("przystan.config.backup.tests.life", what, json.dumps(given))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def przystan(self, *words: str, **more: str) -> subprocess.CompletedProcess:
        return self.run("przystan.config.cli", *words, **more)

    def contents(self) -> tuple:
        """Every byte of it: what a refused restore must leave as it was."""
        folder = self.system.data_dir
        kept = [p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("db.sqlite3")]
        return (
            {str(path.relative_to(folder)): path.read_bytes() for path in kept},
            self.tables(),
        )

    def tables(self) -> dict:
        database = self.system.database
        if database.is_empty():
            return {}
        folder = self.system.data_dir / ".sums"
        folder.mkdir()
        try:
            return database.snapshot(folder).tables
        finally:
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()


class Machine:
    """Makes places: with tables, lived in, or bare as a new machine."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.databases = folder, []
        self.parameters = connection.get_connection_params()
        self.tables = self._tables()

    def place(self, *, like: Place | None = None, is_bare: bool = False) -> Place:
        folder = self.folder / f"place{uuid4().hex[:8]}"
        folder.mkdir()
        if connection.vendor == "sqlite":
            return self._with_file(folder, like, is_bare=is_bare)
        name = f"przystan_{uuid4().hex[:12]}"
        template = like.name if like else "template1" if is_bare else self.tables
        self.administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self.databases.append(name)
        base = urlsplit(os.environ["DATABASE_URL"])
        place = Place(
            folder,
            f"postgres://{base.netloc}/{name}",
            PostgreSql(self._server() | {"dbname": name}),
        )
        place.name = name
        return place

    def _with_file(self, folder: Path, like: Place | None, *, is_bare: bool) -> Place:
        path = folder / "db.sqlite3"
        if not is_bare:
            source = like.system.database.path if like else self.tables
            path.write_bytes(source.read_bytes())
        return Place(folder, f"sqlite:///{path}", Sqlite(path, folder / STAGE / path.name))

    def _tables(self) -> "str | Path":
        """A database with every table and no row of ours: that of the tests."""
        if connection.vendor != "sqlite":
            connection.close()
            return connection.settings_dict["NAME"]
        path = self.folder / "tables.sqlite3"
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
        return path

    def _server(self) -> dict:
        names = ("host", "port", "user", "password")
        return {name: self.parameters[name] for name in names if name in self.parameters}

    def administer(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(**self._server(), dbname="postgres", autocommit=True) as db:
            db.execute(statement)


@pytest.fixture(scope="session")
def machine(tmp_path_factory, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        machine = Machine(tmp_path_factory.mktemp("machine"))
        # Where others' rows came before, as on a server, tests would share them.
        machine.lived = machine.place()
        machine.lived.told = machine.lived.ask("begin")
    yield machine
    for name in machine.databases:
        machine.administer(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def bare(machine):
    """A machine on which nothing was ever installed."""
    return machine.place(is_bare=True)


@pytest.fixture
def lived_in(machine):
    """A system with an account, conversations, a file and a sealed audit trail."""
    place = machine.place(like=machine.lived)
    place.told = machine.lived.told
    folder = place.system.files / "documents"
    folder.mkdir(parents=True)
    (folder / "karta ąę.pdf").write_bytes(b"%PDF" + os.urandom(3000))
    return place


@pytest.fixture
def use(monkeypatch):
    """Let processes that a restore starts see a place's settings."""

    def use(place: Place) -> System:
        for name in ("DATABASE_URL", "EMBEDDINGS_BACKEND", "DATA_DIR"):
            monkeypatch.setenv(name, place.environment[name])
        return place.system

    return use
