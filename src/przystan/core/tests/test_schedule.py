from datetime import timedelta

import pytest

from przystan.core import schedule
from przystan.core.models import ScheduledJob

pytestmark = pytest.mark.django_db


@pytest.fixture
def ran(monkeypatch):
    """One registered job that counts its runs."""
    runs = []
    monkeypatch.setattr(schedule, "_JOBS", {})
    schedule.every(name="test.job", minutes=5)(lambda: runs.append(1))
    return runs


def test_a_job_runs_when_it_is_due_and_not_before(ran, noon):
    assert schedule.run_due(at=noon) == ["test.job"]
    assert schedule.run_due(at=noon + timedelta(minutes=4)) == []
    assert schedule.run_due(at=noon + timedelta(minutes=5)) == ["test.job"]
    assert len(ran) == 2


def test_a_failing_job_is_noted_and_does_not_stop_the_others(ran, noon):
    def fail():
        raise ValueError("a word that must not be kept")

    schedule.every(name="test.failing", minutes=5)(fail)

    assert schedule.run_due(at=noon) == ["test.job"]
    assert ScheduledJob.objects.get(name="test.failing").last_error == "ValueError"


def test_a_job_set_while_the_clock_stood_a_day_ahead_runs_when_it_is_right_again(ran, noon):
    assert schedule.run_due(at=noon + timedelta(days=1)) == ["test.job"]
    assert schedule.run_due(at=noon) == ["test.job"]
    assert schedule.run_due(at=noon + timedelta(minutes=1)) == []
