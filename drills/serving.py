"""What the drills share: a real server in a folder of its own, a browser without JavaScript,
databases of both kinds.

Every server is a process group of ours, started with its own data folder and port and killed by
its own id. Addresses are loopback only.
"""

import contextlib
import http.client
import http.cookiejar
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
sys.path.insert(0, str(ROOT / "tools"))

# A drill that is stopped stops its servers on the way out.
signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))

QUESTIONS = (
    "Ile kosztuje oświadczenie o powierzeniu pracy?",
    "How long does the residence card procedure take?",
    "Скільки коштує карта побиту?",
    "Как получить PESEL?",
    "Jak upiec chleb na zakwasie w domu?",
    "Czy mogę pracować, gdy czekam na kartę pobytu?",
    "Do I need a driving licence exchange?",
    "Що таке CUKR?",
)


@dataclass
class Server:
    """`przystan up` (or some of its processes) on a folder, a port and a database."""

    folder: Path
    port: int
    database_url: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "DATA_DIR": str(self.folder),
            "BIND": f"127.0.0.1:{self.port}",
            "OMP_NUM_THREADS": "1",
            "RATE_LIMIT_ADDRESS": "1000000",
            "RATE_LIMIT_SESSION": "1000000",
            "RATE_LIMIT_QUESTIONS": "1000000",
            "RATE_LIMIT_QUESTIONS_ADDRESS": "1000000",
        }
        database = {"DATABASE_URL": self.database_url} if self.database_url else {}
        return {**os.environ, **own, **database, **self.settings}

    def command(self, *words: str, timeout_s: float = 600) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [PYTHON, "-m", "przystan.config.cli", *words],
            env=self.environment, capture_output=True, text=True, check=False, timeout=timeout_s,
        )  # fmt: skip

    def prepare(self) -> None:
        done = self.command("up", "--prepare-only")
        if done.returncode:
            raise SystemExit(f"The system could not be prepared: {done.stderr[-2000:]}")

    def start(self, *names: str) -> None:
        for name in names or ("serve", "work", "tick"):
            log = (self.folder / f"{name}.log").open("ab")
            self.processes[name] = subprocess.Popen(
                [PYTHON, "-m", "przystan.config.cli", name],
                env=self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        if "serve" in self.processes:
            self.wait_until_ready()

    def wait_until_ready(self, timeout_s: float = 60) -> None:
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if Browser(self).get("/readyz", timeout_s=5).status == 200:
                return
            time.sleep(0.1)
        raise SystemExit(f"The server on port {self.port} did not become ready.")

    def kill(self, *names: str, with_signal: int = signal.SIGKILL) -> None:
        for name in names or tuple(self.processes):
            process = self.processes.pop(name, None)
            if process is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, with_signal)
                process.wait(timeout=30)

    def stop(self) -> None:
        for name in list(self.processes):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.kill(name, with_signal=signal.SIGTERM)

    def logs(self) -> str:
        return "".join(
            path.read_text(encoding="utf-8", errors="replace") for path in self.folder.glob("*.log")
        )

    def within(self, script: str, *arguments: str, given: str = "", timeout_s: float = 300) -> str:
        """Run Python in this system's settings, Django set up; what it prints."""
        begin = "import django, sys, json\ndjango.setup()\n"
        done = subprocess.run(
            [PYTHON, "-c", begin + script, *arguments],
            env=self.environment | {"DJANGO_SETTINGS_MODULE": "przystan.config.settings",
                                    "LOG_LEVEL": "CRITICAL"},
            capture_output=True, text=True, check=False, timeout=timeout_s, input=given,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return done.stdout

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


@dataclass(frozen=True, slots=True)
class Page:
    """An answer of the server; status 0 when there was none."""

    status: int
    text: str
    location: str
    reference: str
    seconds: float

    @property
    def token(self) -> str:
        found = re.search(r"/question/([^/]+)/", self.location)
        return found.group(1) if found else ""

    @property
    def is_broken_without_number(self) -> bool:
        """A page of status 500 or more that gives the person nothing to read out."""
        return self.status >= 500 and not (self.reference and self.reference in self.text)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object) -> None:
        return None


class Browser:
    """One visitor: cookies, forms with their tokens, no JavaScript."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies), _NoRedirect
        )

    def get(self, path: str, *, timeout_s: float = 60) -> Page:
        return self._send(path, None, timeout_s)

    def post(self, path: str, fields: dict[str, str], *, timeout_s: float = 60) -> Page:
        token = next((c.value or "" for c in self.cookies if c.name == "csrftoken"), "")
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        return self._send(path, body, timeout_s)

    def ask(self, question: str, *, key: str = "", lang: str = "pl", timeout_s: float = 60) -> Page:
        fields = {"question": question, "key": key or secrets.token_hex(16)}
        return self.post(f"/{lang}/ask/", fields, timeout_s=timeout_s)

    def twin(self) -> "Browser":
        """Another tab of the same browser."""
        other = Browser(self.server)
        for cookie in self.cookies:
            other.cookies.set_cookie(cookie)
        return other

    def _send(self, path: str, body: bytes | None, timeout_s: float) -> Page:
        request = urllib.request.Request(self.server.url + path, data=body)
        started = time.monotonic()
        try:
            with self._opener.open(request, timeout=timeout_s) as answer:
                return _page(answer.status, answer, started)
        except urllib.error.HTTPError as error:
            with error:
                return _page(error.code, error, started)
        except (OSError, http.client.HTTPException):
            return Page(0, "", "", "", time.monotonic() - started)


def _page(status: int, answer: "http.client.HTTPResponse | urllib.error.HTTPError",
          started: float) -> Page:  # fmt: skip
    text = answer.read().decode("utf-8", "replace")
    headers = answer.headers
    return Page(
        status, text, headers.get("Location", ""), headers.get("X-Request-Reference", ""),
        time.monotonic() - started,
    )  # fmt: skip


def visitor(server: Server) -> Browser:
    """A browser that has opened the home page: it has its form token."""
    browser = Browser(server)
    browser.get("/pl/")
    return browser


@contextmanager
def postgres() -> Iterator["Postgres"]:
    """A PostgreSQL of our own (tools/gate.py starts it), durable as in service."""
    import gate  # type: ignore[import-not-found]  # in tools/, which is no package

    with gate.postgres() as url:
        yield Postgres(url)


class Postgres:
    """Databases on a server of ours, and its stopping and starting."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.port = urllib.parse.urlsplit(url).port or 0

    def new_database(self, *, like: str = "template1") -> str:
        name = f"drill_{secrets.token_hex(5)}"
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        return self.url.rsplit("/", 1)[0] + f"/{name}"

    def drop(self, url: str) -> None:
        self.run(f'DROP DATABASE IF EXISTS "{url.rsplit("/", 1)[1]}" WITH (FORCE)')

    def run(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as db:
            db.execute(statement.encode())

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """No server there, as after a crash, until the block ends."""
        import psycopg

        with psycopg.connect(self.url) as db:
            row = db.execute("SHOW data_directory").fetchone()
            options = db.execute("SHOW unix_socket_directories").fetchone()
        if row is None or options is None:
            raise RuntimeError("The server does not say where it is.")
        data, sockets = Path(row[0]), options[0]
        become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        binary = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))[-1]
        control = [*become, str(binary), "-D", str(data), "-w"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
        subprocess.run([*control, "-m", "fast", "stop"], check=True, **quiet)  # type: ignore[call-overload]
        try:
            yield
        finally:
            arguments = f"-p {self.port} -k {sockets} -c listen_addresses=127.0.0.1 -c fsync=off"
            log = str(data.parent / "log")
            subprocess.run(  # type: ignore[call-overload]
                [*control, "-l", log, "-o", arguments + " -c max_connections=60", "start"],
                check=True, **quiet,
            )  # fmt: skip


def fresh_folder(path: Path) -> Path:
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path
