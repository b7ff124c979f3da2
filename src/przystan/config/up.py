"""`przystan up`: prepare the data and serve; `przystan serve`, `work`, `tick`: its processes."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.core.management import call_command

from przystan.core import clock, health, schedule
from przystan.core.cli import command
from przystan.directory.services import load as load_directory
from przystan.knowledge import api as knowledge
from przystan.knowledge import finding
from przystan.knowledge.editors import seeding
from przystan.knowledge.services import load_content
from przystan.people import demo, offices
from przystan.people.actor import system
from przystan.people.checks import refuse_unsafe_start

_PROCESSES = ("serve", "work", "tick")
_STOP_S = 10


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
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
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
    load_directory()


def _articles() -> None:
    """Publish the starter content once; afterwards the editors' room is where texts change."""
    if not knowledge.articles("pl", clock.today()):
        # Its tests were asked before it was shipped (tests/test_starter_content.py).
        load_content(
            Path(settings.CONTENT_DIR), at=clock.now(), actor=system("first load"), with_gates=False
        )


def _editors() -> None:
    seeding.seed(at=clock.now())


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
    "editors' room": _editors,
    "search index": _index,
    "accounts": _accounts,
}


def _supervise() -> int:
    """Run the processes until one of them ends or somebody stops us; then stop them all."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    program = [sys.executable, "-m", "przystan.config.cli"]
    running = {name: subprocess.Popen([*program, name], env=environment) for name in _PROCESSES}
    _say_where()
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not stopping and all(process.poll() is None for process in running.values()):
        time.sleep(0.2)
    ended = [name for name, process in running.items() if process.poll() is not None]
    _end(list(running.values()))
    if ended and not stopping:
        print(f"przystan up: {', '.join(ended)} ended; everything was stopped.", file=sys.stderr)
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
        schedule.run_due(at=clock.now())
        time.sleep(0.5)
    return 0


health.ready_when("search", finding.is_ready)
