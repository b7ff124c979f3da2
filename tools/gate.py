"""The gate: every step that must hold, run in order, each with its time; the first fault is kept.

    python tools/gate.py [quick]

Prints pytest's closing lines as they come, coverage, a table of the steps, and last
`N passed, N failed` over all steps and tests.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
CLOSING = re.compile(r"(\d+) (passed|failed|errors?|skipped)")


@dataclass
class Gate:
    failures: list[str] = field(default_factory=list)
    steps: list[tuple[str, float, bool]] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def step(self, name: str, *command: str | Path, env: dict[str, str] | None = None) -> bool:
        """Run one command; its output is shown, and its failure remembered."""
        print(f"\n── {name}", flush=True)
        started = time.monotonic()
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        lines = []
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line)
        is_good = process.wait() == 0
        self._note(name, started, is_good)
        if closing := [line for line in lines[-30:] if CLOSING.search(line)]:
            found = CLOSING.findall(closing[-1])
            self.counts[name] = {kind.rstrip("s"): int(number) for number, kind in found}
        return is_good

    def check(self, name: str, act: Callable[[], str]) -> bool:
        """Run one Python check that returns "" or what is wrong."""
        print(f"\n── {name}", flush=True)
        started = time.monotonic()
        problem = act()
        print(problem or "good", flush=True)
        self._note(name, started, not problem)
        return not problem

    def _note(self, name: str, started: float, is_good: bool) -> None:
        self.steps.append((name, time.monotonic() - started, is_good))
        if not is_good:
            self.failures.append(name)


def main(arguments: list[str]) -> int:
    is_quick = arguments[:1] == ["quick"]
    gate = Gate()
    with tempfile.TemporaryDirectory(prefix="przystan-gate-") as scratch:
        os.environ["DATA_DIR"] = scratch
        os.environ["OMP_NUM_THREADS"] = "1"
        static_checks(gate)
        tests(gate, is_quick=is_quick)
    return report(gate)


def static_checks(gate: Gate) -> None:
    gate.step("ruff", BIN / "ruff", "check", ".")
    gate.step("ruff format", BIN / "ruff", "format", "--check", ".")
    gate.step("mypy", BIN / "mypy")
    gate.step("import rules", BIN / "lint-imports")
    gate.step("templates", BIN / "djlint", "--lint", "--quiet", "src/przystan")
    gate.step("translations", sys.executable, "tools/translations.py", "check")
    gate.step("settings", sys.executable, "tools/settings_reference.py", "--check")
    gate.step("content", BIN / "przystan", "content", "check")
    django = [BIN / "python", "-m", "django"]
    settings = ["--settings", "przystan.config.settings"]
    gate.step("missing migrations", *django, "makemigrations", "--check", "--dry-run", *settings)
    gate.step("system checks", *django, "check", "--fail-level", "WARNING", *settings)


def tests(gate: Gate, *, is_quick: bool) -> None:
    pytest = [BIN / "python", "-m", "pytest"]
    workers = ["-n", str(min(os.cpu_count() or 1, 4))]
    unit = ["-m", "not browser and not planted", *workers]
    (ROOT / ".coverage").unlink(missing_ok=True)
    coverage = ["--cov", "--cov-report="]
    gate.step("tests on SQLite", *pytest, *unit, *coverage)
    gate.step(
        "coverage", BIN / "coverage", "report", "--skip-covered", "--sort=cover", "--precision=1"
    )
    if is_quick:
        return
    with postgres() as url:
        gate.step("tests on PostgreSQL", *pytest, *unit, env={"DATABASE_URL": url})
    gate.check("both databases ran the same tests", lambda: same_counts(gate))
    gate.step("browser", *pytest, "-m", "browser")
    gate.step("planted defects", *pytest, "-m", "planted")


def same_counts(gate: Gate) -> str:
    one, other = gate.counts.get("tests on SQLite"), gate.counts.get("tests on PostgreSQL")
    return "" if one and one == other else f"SQLite: {one}, PostgreSQL: {other}"


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL of our own on loopback, thrown away afterwards; its absence is a failure."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaries:
        raise SystemExit("PostgreSQL could not be found: install the package postgresql.")
    folder = Path(tempfile.mkdtemp(prefix="przystan-pg-", dir="/tmp"))
    # initdb refuses to run as root.
    become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if become:
        shutil.chown(folder, "postgres")
    data, port = folder / "data", str(54000 + os.getpid() % 1000)
    options = (
        f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=60"
    )

    def run(*command: str | Path) -> None:
        subprocess.run(
            [*become, *map(str, command)], check=True, cwd="/", stdout=subprocess.DEVNULL
        )

    run(
        binaries[-1] / "initdb",
        "-D",
        data,
        "-A",
        "trust",
        "-U",
        "przystan",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    )
    run(binaries[-1] / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    try:
        yield f"postgres://przystan@127.0.0.1:{port}/postgres"
    finally:
        run(binaries[-1] / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def report(gate: Gate) -> int:
    print("\n── the gate")
    for name, seconds, is_good in gate.steps:
        print(f"{'good' if is_good else 'BAD ':4}  {seconds:7.1f} s  {name}")
    passed = sum(counts.get("passed", 0) for counts in gate.counts.values())
    failed = sum(c.get("failed", 0) + c.get("error", 0) for c in gate.counts.values())
    others = [name for name in gate.failures if name not in gate.counts]
    if gate.failures:
        print(f"\nNot good: {', '.join(gate.failures)}")
    print(f"\n{passed} passed, {max(failed + len(others), bool(gate.failures))} failed")
    return 1 if gate.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
