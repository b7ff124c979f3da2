"""Periodic jobs: registered by the apps, run by the scheduler, each by one process at a time."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from przystan.core import logs
from przystan.core.models import ScheduledJob

Work = Callable[[], object]
_LOG = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    name: str
    every: timedelta
    work: Work


_JOBS: dict[str, Job] = {}


def every(*, name: str, minutes: float = 0, seconds: float = 0) -> Callable[[Work], Work]:
    """Register a job; it may run late or twice, so it does only what is due."""

    def register(work: Work) -> Work:
        _JOBS[name] = Job(name, timedelta(minutes=minutes, seconds=seconds), work)
        return work

    return register


def jobs() -> list[Job]:
    return sorted(_JOBS.values(), key=lambda job: job.name)


def run_due(*, at: datetime) -> list[str]:
    """Run every job whose time has come and return the names of those that ran."""
    return [job.name for job in jobs() if _take(job, at) and _run(job)]


def _take(job: Job, at: datetime) -> bool:
    with transaction.atomic():
        row, is_new = ScheduledJob.objects.select_for_update().get_or_create(
            name=job.name, defaults={"next_at": at + job.every}
        )
        if not is_new:
            # Further away than one interval: set while the clock stood ahead, so it means nothing.
            if at < row.next_at <= at + job.every:
                return False
            row.next_at = at + job.every
            row.save(update_fields=["next_at"])
    return True


def _run(job: Job) -> bool:
    started, problem = time.monotonic(), ""
    try:
        job.work()
    except Exception as error:  # one failing job must not stop the others
        problem = type(error).__name__
        _LOG.error("schedule.failed", job=job.name, exc_info=True)
    elapsed_ms = round((time.monotonic() - started) * 1000)
    ScheduledJob.objects.filter(name=job.name).update(last_ms=elapsed_ms, last_error=problem)
    return not problem
