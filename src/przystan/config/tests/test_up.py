"""`przystan up` keeps its processes running, and says so when one cannot be started."""

import sys
import time

import pytest
from django.db import OperationalError

from przystan.config import up


@pytest.fixture
def child(monkeypatch):
    """A process of ours that does what it is told; pauses are short."""
    monkeypatch.setattr(up, "_LONGEST_PAUSE_S", 0.05)
    made = []

    def make(code: str, *, settled_s: float = 10.0) -> up._Child:
        monkeypatch.setattr(up, "_SETTLED_S", settled_s)
        started = up._Child.__new__(up._Child)
        started.name, started._failures = "tick", 0
        started._command = [sys.executable, "-c", code]
        started.start()
        made.append(started)
        return started

    yield make
    for one in made:
        one.process.kill()
        one.process.wait()


def after(one, seconds=5.0):
    one.process.wait(timeout=seconds)
    return one


def test_a_process_that_had_worked_is_started_again(child, capsys):
    ended = after(child("pass", settled_s=0.0))
    first = ended.process

    assert not ended.is_hopeless()
    ended.keep()
    time.sleep(0.1)
    ended.keep()

    assert ended.process is not first
    assert "tick ended; it is started again" in capsys.readouterr().err


def test_a_process_that_never_worked_is_not_hidden(child):
    assert after(child("raise SystemExit(1)")).is_hopeless()


def test_a_process_that_refused_to_start_is_not_started_again(child):
    assert after(child("raise SystemExit(2)", settled_s=0.0)).is_hopeless()


def test_a_process_that_works_is_left_alone(child):
    working = child("import time; time.sleep(60)")
    first = working.process
    working.keep()
    assert working.process is first
    assert not working.is_hopeless()


@pytest.mark.django_db
def test_a_database_that_is_away_is_outlived_and_another_fault_is_not(monkeypatch):
    monkeypatch.setattr(up, "_OUTAGE_S", 0)
    monkeypatch.setattr(up.connections, "close_all", lambda: None)
    with up._through_an_outage("tick"):
        raise OperationalError("server closed the connection")
    with pytest.raises(KeyError), up._through_an_outage("tick"):
        raise KeyError
