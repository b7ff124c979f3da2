"""`przystan up`: prepare the data and serve; `przystan serve`, `work`, `tick`: its processes."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.core.management import call_command
from django.db import Error, connections

from przystan.core import clock, health, logs, schedule
from przystan.core.cli import command
from przystan.directory.services import load as load_directory
from przystan.knowledge import api as knowledge
from przystan.knowledge import finding
from przystan.knowledge.editors import seeding
from przystan.knowledge.services import load_content
from przystan.people import demo, offices
from przystan.people.actor import system
from przystan.people.checks import refuse_unsafe_start
from przystan.procedures import api as procedures

_PROCESSES = ("serve", "work", "tick")
_STOP_S = 10
# Longer than this and a process had worked; its end is an accident.
_SETTLED_S = 10.0
_LONGEST_PAUSE_S = 30.0
# What `refuse_unsafe_start` ends with.
_REFUSED = 2
# Between two tries while the database is away.
_OUTAGE_S = 2.0
_LOG = logs.get(__name__)


def _up_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--prepare-only", action="store_true", help="stop before serving")


@command(
    "up", help="prepare the data and serve web, workers and scheduler", arguments=_up_arguments
)
def up(arguments: argparse.Namespace) -> int:
    refuse_unsafe_start()
    prepare()
    if arguments.prepare_only:
        return 0
    return _supervise()


def prepare() -> None:
    """Bring the data folder up to this release; safe to repeat, quick when nothing is to do."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, act in _PREPARATIONS.items():
        started = time.monotonic()
        print(f"{name} … ", end="", flush=True)
        act()
        print(f"{time.monotonic() - started:.1f} s")


def _migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)


def _static() -> None:
    """Collect and compress static files once per version of them."""
    stamp = settings.DATA_DIR / "static.stamp"
    package = Path(__file__).resolve().parent.parent
    newest = str(max(_newest(folder) for folder in package.glob("**/static")))
    if not stamp.exists() or stamp.read_text() != newest:
        call_command("collectstatic", interactive=False, verbosity=0, clear=False)
        stamp.write_text(newest)


def _newest(folder: Path) -> int:
    return max((path.stat().st_mtime_ns for path in folder.rglob("*")), default=0)


def _directory() -> None:
    load_directory(actor=system("first load"))


def _articles() -> None:
    """Publish the starter content once; afterwards the editors' room is where texts change."""
    if not knowledge.articles("pl", clock.today()):
        # Its tests were asked before it was shipped (tests/test_starter_content.py).
        load_content(
            Path(settings.CONTENT_DIR), at=clock.now(), actor=system("first load"), with_gates=False
        )


def _procedures() -> None:
    """Publish new definitions. A folder with faults is told about and does not stop the portal."""
    try:
        procedures.publish(Path(settings.PROCEDURES_DIR), actor=system("start"), at=clock.now())
    except procedures.PublicationRefusedError as refused:
        print(refused.reason, file=sys.stderr)


def _editors() -> None:
    seeding.seed(at=clock.now(), actor=system("first load"))


def _index() -> None:
    """Serve at once, by meaning too: the starter content's vectors come with the package."""
    kept = finding.folder() / "vectors"
    kept.mkdir(parents=True, exist_ok=True)
    for shipped in (Path(knowledge.__file__).parent / "vectors").glob("*.vectors"):
        if not (kept / shipped.name).exists():
            shutil.copy(shipped, kept / shipped.name)
    finding.rebuild(clock.today(), embed=False)


def _accounts() -> None:
    offices.ensure_portal(actor=system("first load"))
    if settings.DEMO:
        demo.create_demo(clock.now())


_PREPARATIONS: dict[str, Callable[[], None]] = {
    "database": _migrate,
    "pages' files": _static,
    "directory": _directory,
    "articles": _articles,
    "procedures": _procedures,
    "editors' room": _editors,
    "search index": _index,
    "accounts": _accounts,
}


class _Child:
    """A process of ours that is started again when it ends: a database may be away for a while."""

    def __init__(self, name: str) -> None:
        self.name, self._failures = name, 0
        self._command = [sys.executable, "-m", "przystan.config.cli", name]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self._command, env={**os.environ, "OMP_NUM_THREADS": "1"})
        self._started = time.monotonic()
        self._again_at: float | None = None

    def is_hopeless(self) -> bool:
        """It refused to start, or never worked: starting it again would hide the reason."""
        code = self.process.poll()
        if code is None or self._again_at is not None:
            return False
        return code == _REFUSED or (not self._failures and self._age_s < _SETTLED_S)

    def keep(self) -> None:
        """Start it again if it ended, after a pause that grows."""
        if self.process.poll() is None:
            return
        if self._again_at is None:
            self._failures = 1 if self._age_s > _SETTLED_S else self._failures + 1
            self._again_at = time.monotonic() + min(2.0**self._failures, _LONGEST_PAUSE_S)
            print(f"przystan up: {self.name} ended; it is started again.", file=sys.stderr)
        elif time.monotonic() >= self._again_at:
            self.start()

    @property
    def _age_s(self) -> float:
        return time.monotonic() - self._started


def _supervise() -> int:
    """Keep the processes running until somebody stops us, or one of them cannot be started."""
    children = [_Child(name) for name in _PROCESSES]
    _say_where()
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    hopeless: list[str] = []
    while not stopping and not hopeless:
        time.sleep(0.2)
        hopeless = [child.name for child in children if child.is_hopeless()]
        for child in children:
            child.keep()
    _end([child.process for child in children])
    if hopeless and not stopping:
        print(f"przystan up: {', '.join(hopeless)} ended; everything was stopped.", file=sys.stderr)
        return 1
    return 0


def _end(processes: list["subprocess.Popen[bytes]"]) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + _STOP_S
    for process in processes:
        try:
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()


def _say_where() -> None:
    print(f"\nPrzystań: {settings.PUBLIC_URL}/")
    if settings.DEMO:
        print(demo.introduction())


@command("serve", help="the web process: pages and live streams")
def serve(arguments: argparse.Namespace) -> int:
    import uvicorn

    host, _, port = settings.BIND.rpartition(":")
    uvicorn.run(
        "przystan.config.asgi:application",
        host=host.strip("[]"),
        port=int(port),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    return 0


@command("work", help="the worker: long jobs such as building the index")
def work(arguments: argparse.Namespace) -> int:
    while True:
        with _through_an_outage("work"):
            call_command("db_worker", interval=1.0, verbosity=0)
            return 0


@command("tick", help="the scheduler: periodic jobs and the outbox")
def tick(arguments: argparse.Namespace) -> int:
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not stopping:
        with _through_an_outage("tick"):
            schedule.run_due(at=clock.now())
        time.sleep(0.5)
    return 0


@contextmanager
def _through_an_outage(process: str) -> Iterator[None]:
    """Outlive a database that is away: note it, let go of the connection, try again soon."""
    try:
        yield
    except Error as error:
        _LOG.warning("database.away", process=process, error=type(error).__name__)
        connections.close_all()
        time.sleep(_OUTAGE_S)


health.ready_when("search", finding.is_ready)
