"""R7: backups of a live, loaded system, each restored into an empty place and compared.

    python drills/restore.py [--trials 100] [--engine sqlite|postgresql|both] [--answers-every 10]
                             [--fill-mib 0] [--folder DIR] [--port 8610]

Visitors ask questions over HTTP all the time. Each trial calls `przystan backup`, then
`przystan restore` into an empty folder (and database), and checks:

- every row: count and hash of every table are those of the backup's moment, but for the row with
  which the restore itself enters the audit trail;
- RPO 0: every question acknowledged before the backup began is there, and its words open;
- nothing half: each thread has its key, question, answer, idempotency row and audit row;
- every file has the hash it had; `przystan audit verify` holds;
- with `--answers-every N`, each Nth trial: `przystan ask` gives the same 50 answers.

`--fill-mib` adds that much in files and messages, for the time per size.
"""

import argparse
import hashlib
import json
import os
import resource
import secrets
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from serving import QUESTIONS, ROOT, Postgres, Server, fresh_folder, postgres, visitor

VISITORS = 4
ASKED = 50


class Load:
    """Visitors who ask without a pause, and remember what was acknowledged and when."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.acknowledged: list[tuple[float, str]] = []
        self.statuses: Counter[int] = Counter()
        self.files: dict[str, str] = {}
        self._stopping, self._working = threading.Event(), threading.Event()
        self._working.set()
        self._threads = [
            threading.Thread(target=self._visit, args=(number,)) for number in range(VISITORS)
        ]
        self._threads.append(threading.Thread(target=self._upload))

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopping.set()
        self._working.set()
        for thread in self._threads:
            thread.join()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Restoring is another machine's work: nobody asks here meanwhile."""
        self._working.clear()
        try:
            yield
        finally:
            self._working.set()

    def before(self, moment: float) -> list[str]:
        return [token for at, token in self.acknowledged if at < moment]

    def _visit(self, number: int) -> None:
        browser, asked = visitor(self.server), 0
        while not self._stopping.is_set():
            self._working.wait()
            question = f"{QUESTIONS[(number + asked) % len(QUESTIONS)]} ({number}/{asked})"
            page = browser.ask(question)
            self.statuses[page.status] += 1
            if page.token:
                self.acknowledged.append((time.monotonic(), page.token))
            asked += 1

    def _upload(self) -> None:
        """Files come and are never changed, as the storage keeps them."""
        folder = self.server.folder / "files" / "documents"
        folder.mkdir(parents=True, exist_ok=True)
        number = 0
        while not self._stopping.wait(0.3):
            self._working.wait()
            data = os.urandom(20_000 + number % 7)
            aside = folder.parent / f".{number}"
            aside.write_bytes(data)
            name = f"documents/{number:06}.pdf"
            self.files[name] = hashlib.sha256(data).hexdigest()
            aside.rename(folder / f"{number:06}.pdf")
            number += 1


# What a restored system says of itself; tokens come on standard input.
_TELL = """
import tempfile
from collections import Counter
from pathlib import Path
from przystan.config.backup import packing, system
from przystan.config.backup.locks import from_master_key
from przystan.conversations.models import Message, Thread
from przystan.conversations import words
from przystan.core.models import IdempotentAct
from przystan.people import audit
from przystan.people.models import AuditRow, DataKey

tokens = json.load(open(sys.argv[1]))
missing = unreadable = half = 0
for token in tokens:
    thread = Thread.objects.by_token(token).first()
    if thread is None:
        missing += 1
        continue
    try:
        first = thread.messages.first()
        assert words.read(thread.pk, first.words_sealed, field="message")
    except Exception:
        unreadable += 1
said = Counter(Message.objects.values_list("thread_id", flat=True))
acts = set(IdempotentAct.objects.values_list("result", flat=True))
audited = set()
for ids in AuditRow.objects.filter(act="thread.asked", is_about_sealed=False).values_list(
        "ids", flat=True):
    audited |= set(ids)
keys = set(DataKey.objects.values_list("owner_id", flat=True))
for pk, team in Thread.objects.values_list("pk", "team"):
    is_whole = said[pk] == 2 and str(pk) in acts and pk in keys and (team or str(pk) in audited)
    half += not is_whole
found = audit.verify()
with open(sys.argv[2], "rb") as file:
    lock = from_master_key(system.here().keys["MASTER_KEY"])
    said_tables = packing.read_manifest(file, [lock]).tables
with tempfile.TemporaryDirectory() as folder:
    found_tables = system.here().database.snapshot(Path(folder)).tables
sums = [{name: [t.rows, t.sha256] for name, t in tables.items()}
        for tables in (said_tables, found_tables)]
print(json.dumps({"said": sums[0], "found": sums[1], "missing": missing,
    "threads": Thread.objects.count(), "unreadable": unreadable,
    "half": half, "breaks": len(found.breaks), "audit": sum(h.length for h in found.heads),
    "restored": AuditRow.objects.filter(act="platform.restored").count()}))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--engine", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--answers-every", type=int, default=10)
    parser.add_argument("--fill-mib", type=int, default=0)
    parser.add_argument("--port", type=int, default=8610)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "ops-restore")
    arguments = parser.parse_args()
    engines = ["sqlite", "postgresql"] if arguments.engine == "both" else [arguments.engine]
    return max(drill(engine, arguments) for engine in engines)


def drill(engine: str, arguments: argparse.Namespace) -> int:
    folder = fresh_folder(arguments.folder / engine)
    with ExitStack() as stack:
        server_of = stack.enter_context(postgres()) if engine == "postgresql" else None
        url = server_of.new_database() if server_of else ""
        server = stack.enter_context(Server(folder / "live", arguments.port, url))
        server.folder.mkdir()
        server.prepare()
        fill(server, arguments.fill_mib)
        server.start()
        keys = folder / "keys"
        server.command("keys", "save", str(keys))
        questions = write_questions(folder / "questions.jsonl")
        truth = answers(server, questions, folder / "truth.jsonl")
        place = Place(server, server_of, folder, keys, questions, truth)
        trials: list[dict[str, Any]] = []
        with Load(server) as load:
            for number in range(arguments.trials):
                time.sleep(2)
                with_answers = number % arguments.answers_every == 0
                trials.append(trial(number, place, load, with_answers=with_answers))
                print(f"{engine} {number + 1}: {trials[-1]}", flush=True)
        return report(engine, trials, load)


@dataclass(frozen=True, slots=True)
class Place:
    """What every trial uses."""

    live: Server
    databases: Postgres | None
    folder: Path
    keys: Path
    questions: Path
    truth: dict[str, Any]


def trial(number: int, place: Place, load: Load, *, with_answers: bool) -> dict[str, Any]:
    """One backup under load and its restore; `faults` lists what was not as it must be."""
    began, cpu = time.monotonic(), children_cpu_s()
    promised, files = load.before(began), dict(load.files)
    target = place.folder / f"{number}.przystan"
    made = place.live.command("backup", str(target))
    result: dict[str, Any] = {
        "faults": [], "promised": len(promised), "files": len(files), "answers": with_answers,
        "backup_s": round(time.monotonic() - began, 1),
        "backup_cpu_s": round(children_cpu_s() - cpu, 1),
    }  # fmt: skip
    if made.returncode:
        return result | {"faults": ["backup: " + made.stderr.strip()[-300:]]}
    result["size_mib"] = round(target.stat().st_size / 2**20, 1)
    url = place.databases.new_database() if place.databases else ""
    empty = Server(place.folder / f"restored-{number}", place.live.port + 1, url)
    try:
        with load.paused():
            return result | restored(empty, target, place, promised, files, with_answers)
    finally:
        shutil.rmtree(empty.folder, ignore_errors=True)
        target.unlink()
        if place.databases:
            place.databases.drop(url)


def restored(
    empty: Server, target: Path, place: Place, promised: list[str], files: dict[str, str],
    with_answers: bool,
) -> dict[str, Any]:  # fmt: skip
    began, cpu = time.monotonic(), children_cpu_s()
    done = empty.command("restore", str(target), "--keys", str(place.keys))
    result: dict[str, Any] = {
        "restore_s": round(time.monotonic() - began, 1),
        "restore_cpu_s": round(children_cpu_s() - cpu, 1),
    }
    if done.returncode:
        return result | {"faults": ["restore: " + done.stderr.strip()[-300:]]}
    tokens = place.folder / "tokens.json"
    tokens.write_text(json.dumps(promised))
    told = json.loads(empty.within(_TELL, str(tokens), str(target)))
    faults = [name for name in ("missing", "unreadable", "half", "breaks") if told[name]]
    faults += differing(told["said"], told["found"]) + wrong_files(empty, files)
    if with_answers:
        given = answers(empty, place.questions, place.folder / "given.jsonl")
        faults += [f"answer {one}" for one in place.truth if given[one] != place.truth[one]]
    return result | {"faults": faults, "threads": told["threads"], "audit": told["audit"]}


def children_cpu_s() -> float:
    """CPU time of the commands that have ended; the servers have not."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


# The restore writes one audit row and gives it its place; sealing may place waiting rows too.
_TOUCHED = {"people_auditrow", "people_auditchain"}


def differing(said: dict[str, list[Any]], found: dict[str, list[Any]]) -> list[str]:
    """Tables that are not what the backup's manifest says, row for row."""
    faults = [f"rows of {name}" for name in said.keys() | found.keys()
              if name not in _TOUCHED and said.get(name) != found.get(name)]  # fmt: skip
    if found["people_auditrow"][0] != said["people_auditrow"][0] + 1:
        faults.append("count of audit rows")
    return faults


def wrong_files(restored: Server, files: dict[str, str]) -> list[str]:
    root = restored.folder / "files"
    return [
        f"file {name}"
        for name, digest in files.items()
        if not (root / name).is_file()
        or hashlib.sha256((root / name).read_bytes()).hexdigest() != digest
    ]


def write_questions(path: Path) -> Path:
    """The first 50 questions of the evaluation, over its files in turn."""
    found = []
    for source in sorted((ROOT / "evaluation").glob("questions_*.jsonl")):
        rows = [json.loads(line) for line in source.open(encoding="utf-8")]
        found += [{"id": row["id"], "question": row["question"]} for row in rows[:ASKED]]
    chosen = found[:: max(1, len(found) // ASKED)][:ASKED]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in chosen))
    return path


def answers(server: Server, questions: Path, target: Path) -> dict[str, Any]:
    """What `przystan ask` says to each; the time it took and the address of the site apart."""
    done = server.command("ask", "--batch", str(questions), "--out", str(target))
    if done.returncode:
        raise SystemExit(f"przystan ask failed: {done.stderr[-1000:]}")
    rows = [json.loads(line) for line in target.open(encoding="utf-8")]
    for row in rows:
        row.pop("latency_ms", None)
        for citation in row.get("citations", []):
            citation["url"] = citation["url"].split("/", 3)[-1]
    return {row["id"]: row for row in rows}


_FILL = """
from przystan.conversations.models import Message, Thread
from przystan.conversations import words
from przystan.core import clock
from przystan.core.ids import new_id, new_token
import os
from django.db import transaction
at = clock.now()
for _ in range(int(sys.argv[1])):
    with transaction.atomic():
        pk, token = new_id(), new_token()
        Thread.objects.create(pk=pk, token_index=words.index_of(token), created_at=at,
            updated_at=at, token_sealed=words.seal(pk, token, field="token"), lang="pl",
            question_lang="pl", state="closed")
        Message.objects.bulk_create(Message(thread_id=pk, author="person", at=at,
            words_sealed=words.seal(pk, "x" * 3900, field="message")) for _ in range(128))
"""


def fill(server: Server, mib: int) -> None:
    """Half in rows (messages of 4 kB, sealed), half in files of 1 MiB."""
    if not mib:
        return
    folder = server.folder / "files" / "filling"
    folder.mkdir(parents=True)
    for number in range(mib // 2):
        (folder / f"{number}.bin").write_bytes(secrets.token_bytes(2**20))
    server.within(_FILL, str(mib), timeout_s=3600)


def report(engine: str, trials: list[dict[str, Any]], load: Load) -> int:
    bad = [one for one in trials if one["faults"]]
    print(f"\n{engine}: {len(trials)} backups under load, {len(bad)} with a fault")
    print(f"  questions answered {load.statuses[302]}, other statuses "
          f"{ {k: v for k, v in load.statuses.items() if k != 302} }")  # fmt: skip
    for name in ("backup_s", "backup_cpu_s", "restore_s", "restore_cpu_s", "size_mib"):
        values = [one[name] for one in trials if name in one]
        print(f"  {name}: median {statistics.median(values):.1f}, most {max(values):.1f}")
    promised = sum(one.get("promised", 0) for one in trials)
    compared = sum(one.get("answers", False) for one in trials)
    print(f"  promised and found {promised}; {ASKED} answers compared in {compared} trials")
    for one in bad[:10]:
        print(f"  FAULT {one['faults'][:5]}")
    return 1 if bad or not trials else 0


if __name__ == "__main__":
    sys.exit(main())
