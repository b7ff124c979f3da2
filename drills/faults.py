"""R2 and R3: the same submission many times, and what the product stands on taken away.

    python drills/faults.py [--engine sqlite|postgresql|both] [--only NAME …] [--down-s 60]
                            [--kills 20] [--folder DIR] [--port 8640]

Each check starts a real server of its own kind and prints what it saw; the last lines say which
held. No page may have status 500 or more without the reference number that the person reads out.
"""

import argparse
import json
import os
import random
import re
import resource
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from copy import copy
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from serving import (
    PYTHON,
    QUESTIONS,
    Browser,
    Page,
    Postgres,
    Server,
    fresh_folder,
    postgres,
    visitor,
)

AT_ONCE = 50
NOBODY_KNOWS = "Jak upiec chleb na zakwasie w domu?"
MODEL_PATIENCE_S = 2.0


@dataclass
class Drill:
    """One engine's run: its server, and what was found."""

    engine: str
    server: Server
    databases: Postgres | None
    down_s: float
    kills: int
    held: dict[str, bool] = field(default_factory=dict)

    def check(self, name: str, is_good: bool, saw: object) -> None:
        self.held[name] = self.held.get(name, True) and is_good
        print(f"{'good' if is_good else 'BAD '}  {self.engine}: {name}: {saw}", flush=True)

    def pages(self, name: str, pages: list[Page]) -> None:
        """No page without a number, whatever else happened."""
        broken = [page for page in pages if page.is_broken_without_number]
        counts = dict(sorted(Counter(page.status for page in pages).items()))
        self.check(f"{name}: every broken page has its number", not broken, counts)

    def tell(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.server.within(_TELL))
        return told


_TELL = """
from przystan.conversations.models import Message, Thread
from przystan.core.models import IdempotentAct, OutboxMessage
from przystan.people import audit
from przystan.people.models import Account, AuditRow
from django.db.models import Count
acts = dict(AuditRow.objects.values_list("act").annotate(Count("id")))
print(json.dumps({"threads": Thread.objects.count(), "messages": Message.objects.count(),
    "by": dict(Message.objects.values_list("author").annotate(Count("id"))),
    "states": dict(Thread.objects.values_list("state").annotate(Count("id"))),
    "acts": acts, "keys": IdempotentAct.objects.count(), "outbox": OutboxMessage.objects.count(),
    "dead": OutboxMessage.objects.exclude(dead_at=None).count(),
    "accounts": Account.objects.count(), "breaks": len(audit.verify().breaks)}))
"""

_SIGN_IN_STAFF = """
from django.conf import settings
from django.test import Client
from przystan.people.tests.factories import sign_in_staff, staff
settings.ALLOWED_HOSTS = ["*"]
cookies = []
for number in range(int(sys.argv[1])):
    client = Client()
    sign_in_staff(client, staff("agent", email=f"agent{number}-{sys.argv[2]}@office.example"))
    assert client.get("/pl/desk/").status_code == 200
    cookies.append(client.cookies["sessionid"].value)
print(json.dumps(cookies))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--only", nargs="*", choices=sorted(CHECKS), default=sorted(CHECKS))
    parser.add_argument("--down-s", type=float, default=60)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--port", type=int, default=8640)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "ops-faults")
    arguments = parser.parse_args()
    engines = ["sqlite", "postgresql"] if arguments.engine == "both" else [arguments.engine]
    held: dict[str, bool] = {}
    for engine in engines:
        drill = run(engine, arguments)
        held |= {f"{engine}: {name}": is_good for name, is_good in drill.held.items()}
    bad = [name for name, is_good in held.items() if not is_good]
    print(f"\n{len(held) - len(bad)} held, {len(bad)} did not")
    for name in bad:
        print(f"  NOT HELD {name}")
    return 1 if bad or not held else 0


def run(engine: str, arguments: argparse.Namespace) -> Drill:
    folder = fresh_folder(arguments.folder / engine)
    with ExitStack() as stack:
        databases = stack.enter_context(postgres()) if engine == "postgresql" else None
        url = databases.new_database() if databases else ""
        server = stack.enter_context(Server(folder, arguments.port, url))
        server.prepare()
        drill = Drill(engine, server, databases, arguments.down_s, arguments.kills)
        for name in arguments.only:
            started = time.monotonic()
            server.settings = {}
            try:
                CHECKS[name](drill)
            except Exception as error:  # a check that breaks is a finding, not the end
                drill.check(name, False, f"the check broke: {type(error).__name__} {error}"[:600])
            server.stop()
            print(f"      {engine}: {name} took {time.monotonic() - started:.0f} s", flush=True)
    return drill


def at_once(acts: list[Callable[[], Page]]) -> list[Page]:
    """Do all of them at the same moment, each in a thread of its own."""
    gate = threading.Barrier(len(acts))

    def act(one: Callable[[], Page]) -> Page:
        gate.wait()
        return one()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def flood(browsers: list[Browser], path: str, fields: dict[str, str]) -> list[Page]:
    return at_once([partial(one.post, path, fields) for one in browsers])


def tabs(browser: Browser) -> list[Browser]:
    return [browser.twin() for _ in range(AT_ONCE)]


def new_key() -> str:
    return os.urandom(16).hex()


# --- R2: the same submission, many times ------------------------------------------------


def same_question(drill: Drill) -> None:
    """Asking: by somebody known to the site, and by somebody who has just come."""
    drill.server.start("serve")
    for name, is_known in (("known visitor", True), ("first visit", False)):
        browser = visitor(drill.server)
        if is_known:
            browser.ask(QUESTIONS[1])
        before, key = drill.tell()["threads"], new_key()
        twins = [browser.twin() for _ in range(AT_ONCE)]
        pages = at_once([partial(one.ask, NOBODY_KNOWS, key=key) for one in twins])
        made = drill.tell()["threads"] - before
        places = {page.location for page in pages}
        drill.check(
            f"same question x {AT_ONCE}, {name}: one thread, one place",
            made == len(places) == 1,
            f"{made} threads, {len(places)} places",
        )
        drill.pages(f"same question, {name}", pages)
        again = browser.twin().ask(NOBODY_KNOWS, key=key)
        back = twins[0].ask(NOBODY_KNOWS, key=key)  # the browser's "back", then "send"
        drill.check(
            f"sent again after coming back, {name}",
            {back.location} <= places and {again.location} <= places,
            "same place",
        )
        other = twins[0].ask(QUESTIONS[0], key=key)
        drill.check(
            f"another question under the same key, {name}: 409", other.status == 409, other.status
        )
    _after_time_out(drill)
    _two_tabs(drill)


def _after_time_out(drill: Drill) -> None:
    browser = visitor(drill.server)
    browser.ask(QUESTIONS[1])
    before, key = drill.tell()["threads"], new_key()
    hasty = [browser.twin().ask(NOBODY_KNOWS, key=key, timeout_s=0.01) for _ in range(5)]
    page = browser.ask(NOBODY_KNOWS, key=key)
    time.sleep(1)
    made = drill.tell()["threads"] - before
    drill.check(
        "retries after a time-out: one thread",
        made == 1 and page.status == 302,
        f"{[one.status for one in hasty]}, then {page.status}; {made} thread",
    )


def _two_tabs(drill: Drill) -> None:
    browser = visitor(drill.server)
    browser.ask(QUESTIONS[1])
    one, other = browser.twin(), browser.twin()
    pages = at_once([lambda: one.ask(NOBODY_KNOWS), lambda: other.ask(NOBODY_KNOWS)])
    drill.check(
        "two tabs, two forms: two questions",
        len({p.location for p in pages}) == 2,
        [p.status for p in pages],
    )


def same_follow_up(drill: Drill) -> None:
    """Asking again, asking for a human, and saying whether an answer was right."""
    drill.server.start("serve")
    browser = visitor(drill.server)
    link = browser.ask(QUESTIONS[0]).location
    for name, path, fields, other in (
        ("follow-up", "more/", {"question": "a ile to kosztuje?"}, {"question": "a kiedy?"}),
        ("ask for a human", "human/", {"email": "somebody@example.org"}, None),
    ):
        before, key = drill.tell(), new_key()
        pages = flood(tabs(browser), link + path, {**fields, "key": key})
        after = drill.tell()
        added = after["messages"] - before["messages"]
        wanted = 2 if name == "follow-up" else 0
        places = {page.location for page in pages}
        drill.check(
            f"{name} x {AT_ONCE}: once",
            added == wanted and len(places) == 1,
            f"{added} messages, {len(places)} places",
        )
        drill.check(f"{name}: one thread", after["threads"] == before["threads"], "no new thread")
        if name != "follow-up":
            rows = after["acts"].get("thread.human_asked", 0)
            drill.check("ask for a human: one audit row", rows == 1, f"{rows} rows")
        drill.pages(name, pages)
        if other:
            page = browser.post(link + path, {**other, "key": key})
            drill.check(f"{name}: another body, 409", page.status == 409, page.status)
    found = re.search(r"right/[0-9a-f-]{36}/", browser.get(link).text)
    if found:
        rated = flood(tabs(browser), link + found.group(), {"right": "yes"})
        drill.pages("rating", rated)


def same_reply(drill: Drill) -> None:
    """The desk: 50 claims of two consultants, 50 times the same reply."""
    drill.server.start("serve")
    link = visitor(drill.server).ask(NOBODY_KNOWS).location
    visitor(drill.server).post(f"{link}human/", {"email": "somebody@example.org"})
    thread_id = json.loads(drill.server.within(_NEWEST))["id"]
    desks = staff(drill, 2)
    path = f"/pl/desk/{thread_id}/"
    before = drill.tell()
    both = [desks[number % 2].twin() for number in range(AT_ONCE)]
    claims = flood(both, f"{path}claim/", {})
    acts = drill.tell()["acts"].get("thread.claimed", 0) - before["acts"].get("thread.claimed", 0)
    drill.check(f"claim x {AT_ONCE} by two: one has it", acts == 1, f"{acts} claims")
    drill.pages("claim", claims)
    holder = desks[0] if any(p.location.endswith(path) for p in claims[::2]) else desks[1]
    key = new_key()
    said_once = {"reply": "Zapytaj w urzędzie.", "key": key, "act": "send"}
    replies = flood(tabs(holder), f"{path}reply/", said_once)
    after = drill.tell()
    said = after["by"].get("consultant", 0) - before["by"].get("consultant", 0)
    drill.check(f"reply x {AT_ONCE}: one message", said == 1, f"{said} messages")
    drill.check(
        "reply: one letter to send",
        after["outbox"] - before["outbox"] == 1,
        after["outbox"] - before["outbox"],
    )
    drill.pages("reply", replies)
    good = Counter(page.status for page in replies)
    drill.check("reply: every sending is told that it was sent", good == {302: AT_ONCE}, dict(good))
    other = holder.post(f"{path}reply/", {"reply": "Coś innego.", "key": key, "act": "send"})
    drill.check("reply: another text under the same key, 409", other.status == 409, other.status)


_NEWEST = """
from przystan.conversations.models import Thread
thread = Thread.objects.order_by("-created_at")[0]
print(json.dumps({"id": str(thread.pk), "state": thread.state}))
"""


def staff(drill: Drill, count: int) -> list[Browser]:
    """Consultants with a second factor, signed in, each with a form token of the site."""
    said = drill.server.within(_SIGN_IN_STAFF, str(count), os.urandom(3).hex())
    browsers = []
    for session in json.loads(said.splitlines()[-1]):
        browser = visitor(drill.server)
        browser.get("/pl/")
        cookie = copy(next(iter(browser.cookies)))
        cookie.name, cookie.value = "sessionid", session
        browser.cookies.set_cookie(cookie)
        browsers.append(browser)
    return browsers


def same_sign_in(drill: Drill) -> None:
    """A code typed in two tabs, and fifty times at once: one account."""
    drill.server.start("serve", "tick")
    browser = visitor(drill.server)
    address = f"new-{os.urandom(3).hex()}@example.org"
    before = drill.tell()["accounts"]
    browser.post("/account/sign-in/", {"address": address})
    code = _code_for(drill, address)
    pages = flood(tabs(browser), "/account/sign-in/code/", {"code": code})
    made = drill.tell()["accounts"] - before
    drill.check(f"sign-in code x {AT_ONCE}: one account", made == 1, f"{made} accounts")
    drill.pages("sign-in code", pages)


def _code_for(drill: Drill, address: str) -> str:
    for _ in range(300):
        for path in (drill.server.folder / "mail").glob("*"):
            text = path.read_text(errors="replace")
            if address in text and (
                found := re.search(r"^\s*([A-Z0-9]{3}(?:-[A-Z0-9]{3})+)\s*$", text, re.M)
            ):
                return found.group(1)
        time.sleep(0.1)
    raise RuntimeError("no letter with a code came")


# --- R3: what the product stands on, taken away -----------------------------------------


def database_down(drill: Drill) -> None:
    """60 seconds without the database: pages say so, nothing acknowledged is lost."""
    drill.server.start()
    browser = visitor(drill.server)
    asked = [browser.ask(QUESTIONS[0])]
    before, key = drill.tell(), new_key()
    pages: list[Page] = []
    with _without_database(drill):
        until = time.monotonic() + drill.down_s
        while time.monotonic() < until:
            pages += at_once(
                [
                    lambda: visitor(drill.server).get("/pl/"),
                    lambda: browser.twin().get("/pl/"),
                    lambda: browser.twin().get("/pl/help/"),
                    lambda: browser.twin().get("/healthz"),
                    lambda: browser.twin().ask(NOBODY_KNOWS, key=key),
                    lambda: visitor(drill.server).ask(NOBODY_KNOWS),
                ]
            )
            time.sleep(1)
        ready = browser.get("/readyz")
        alive = {n: p.poll() is None for n, p in drill.server.processes.items()}
    drill.pages("database down", pages)
    slowest = max(page.seconds for page in pages)
    drill.check("database down: an answer within 30 s", slowest < 30, f"slowest {slowest:.1f} s")
    drill.check(
        "database down: nobody hangs up",
        all(page.status for page in pages),
        sum(not page.status for page in pages),
    )
    print(
        f"      {drill.engine}: home page {Counter(p.status for p in pages[0::6])}, "
        f"asking {Counter(p.status for p in pages[4::6])}, readyz {ready.status}"
    )
    drill.check("database down: every process lives on", all(alive.values()), alive)
    began, back = time.monotonic(), browser.ask(NOBODY_KNOWS, key=key)
    while back.status != 302 and time.monotonic() - began < 30:
        time.sleep(0.5)
        back = browser.ask(NOBODY_KNOWS, key=key)
    drill.check(
        "database back: asking works within 10 s",
        back.status == 302 and time.monotonic() - began < 10,
        f"{time.monotonic() - began:.1f} s",
    )
    time.sleep(6)  # the audit trail is sealed within seconds
    after, alive = drill.tell(), {n: p.poll() is None for n, p in drill.server.processes.items()}
    accepted = [p for p in pages if p.status == 302 and p.token] + asked + [back]
    lost = json.loads(drill.server.within(_LOST, json.dumps([p.token for p in accepted])))
    drill.check("database back: nothing acknowledged is lost", lost == 0, f"{lost} lost")
    drill.check("database back: the audit trail holds", after["breaks"] == 0, after["breaks"])
    works = _ticks(drill)
    drill.check("database back: scheduler and outbox work", works, f"{alive}, ticks: {works}")
    mine = after["keys"] - before["keys"]
    print(f"      {drill.engine}: {mine} submissions stored in all")


_LOST = """
from przystan.conversations.models import Thread
tokens = json.loads(sys.argv[1])
print(sum(not Thread.objects.by_token(token).exists() for token in tokens))
"""

_LAST_TICK = """
from przystan.core.models import ScheduledJob
print(ScheduledJob.objects.get(name="core.outbox").next_at.timestamp())
"""


def _ticks(drill: Drill) -> bool:
    """Whether the scheduler takes its jobs: the outbox is due every second."""
    first = float(drill.server.within(_LAST_TICK))
    time.sleep(3)
    return float(drill.server.within(_LAST_TICK)) > first


@contextmanager
def _without_database(drill: Drill) -> Iterator[None]:
    if drill.databases:
        with drill.databases.stopped():
            yield
        return
    with closing(sqlite3.connect(drill.server.folder / "db.sqlite3", timeout=30)) as db:
        db.isolation_level = None
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("ROLLBACK")


def mail_server_down(drill: Drill) -> None:
    """Letters wait while nobody takes them, and come in order once somebody does."""
    port = drill.server.port + 5
    drill.server.settings = {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    drill.server.start()
    pages = [visitor(drill.server).get("/pl/")]
    wanted = json.loads(drill.server.within(_REPLIES, "10"))
    time.sleep(min(drill.down_s, 20))
    pages.append(visitor(drill.server).ask(QUESTIONS[0]))
    down = drill.tell()
    drill.check("mail down: letters wait", down["outbox"] >= len(wanted), down["outbox"])
    with _mail_server(port) as taken:
        deadline = time.monotonic() + 150
        while time.monotonic() < deadline and len(set(taken)) < len(wanted):
            time.sleep(0.5)
    drill.check(
        "mail back: every letter once",
        Counter(taken) == Counter(wanted),
        f"{len(set(taken) & set(wanted))} of {len(wanted)}, {len(taken)} in all",
    )
    drill.pages("mail down", pages)


# Threads whose person left an address, each with a reply under way.
_REPLIES = """
from django.db import transaction
from przystan.conversations import words
from przystan.conversations.models import Message, Thread
from przystan.core import clock, outbox
from przystan.core.ids import new_id, new_token
made = []
for _ in range(int(sys.argv[1])):
    at = clock.now()
    with transaction.atomic():
        pk, token = new_id(), new_token()
        thread = Thread.objects.create(pk=pk, token_index=words.index_of(token), created_at=at,
            updated_at=at, token_sealed=words.seal(pk, token, field="token"), lang="pl",
            question_lang="pl", state="replied",
            email_sealed=words.seal(pk, "somebody@example.org", field="email"))
        message = Message.objects.create(thread=thread, author="consultant", at=at,
            words_sealed=words.seal(pk, "x", field="message"))
        outbox.put("conversations.reply_posted", key=f"thread:{pk}", thread_id=str(pk),
            message_id=str(message.pk))
    made.append(str(message.pk))
print(json.dumps(made))
"""


@contextmanager
def _mail_server(port: int) -> Iterator[list[str]]:
    """Takes every letter and notes its Message-ID."""
    taken: list[str] = []
    listening = socket.create_server(("127.0.0.1", port))
    threading.Thread(target=_take_letters, args=(listening, taken), daemon=True).start()
    try:
        yield taken
    finally:
        listening.close()


def _take_letters(listening: socket.socket, taken: list[str]) -> None:
    while True:
        try:
            talk, _address = listening.accept()
        except OSError:
            return
        threading.Thread(target=_take_letter, args=(talk, taken), daemon=True).start()


def _take_letter(talk: socket.socket, taken: list[str]) -> None:
    with talk, talk.makefile("rwb") as lines, suppress(OSError):
        lines.write(b"220 ready\r\n")
        lines.flush()
        is_body = False
        for line in lines:
            if is_body:
                if line.lower().startswith(b"message-id:"):
                    taken.append(line.split(b"<")[1].split(b"@")[0].decode())
                if line != b".\r\n":
                    continue
                is_body, said = False, b"250 taken\r\n"
            else:
                is_body = line.upper().startswith(b"DATA")
                said = b"354 go on\r\n" if is_body else b"250 good\r\n"
            lines.write(said)
            lines.flush()


def model_broken(drill: Drill) -> None:
    """The embedding server is slow, talks nonsense, stops in the middle, or is gone."""
    with _model_server(drill.server.port + 6) as model:
        drill.server.settings = {"EMBEDDINGS_BACKEND": f"openai:{model.url}"}
        drill.server.within(_INDEX, timeout_s=600)
        drill.server.start()
        browser = visitor(drill.server)
        for mood in ("good", "slow", "garbage", "numbers", "half", "error", "gone", "good"):
            model.mood = mood
            pages = []
            for number in range(10):
                # A question of its own each time: what is known already needs no model.
                pages.append(browser.ask(f"{QUESTIONS[number % 8]} {mood} {number}"))
            slowest = max(page.seconds for page in pages)
            is_good = all(page.status == 302 for page in pages) and slowest <= MODEL_PATIENCE_S
            drill.check(
                f"model {mood}: an answer or a hand-over within {MODEL_PATIENCE_S:.0f} s",
                is_good,
                f"slowest {slowest:.2f} s; asked it {model.asked} times",
            )
            drill.pages(f"model {mood}", pages)


_INDEX = """
from przystan.core import clock
from przystan.knowledge import finding
print(finding.rebuild(clock.today()))
"""


@dataclass
class Model:
    url: str
    mood: str = "good"
    asked: int = 0


@contextmanager
def _model_server(port: int) -> Iterator[Model]:
    """An OpenAI-compatible embedding server of small vectors, with moods."""
    model = Model(f"http://127.0.0.1:{port}/v1")

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_arguments: object) -> None:
            pass

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            texts = asked["input"] if isinstance(asked["input"], list) else [asked["input"]]
            model.asked += 1
            self._answer(model.mood, texts)

        def _answer(self, mood: str, texts: list[str]) -> None:
            if mood == "gone":
                self.connection.close()
                return
            if mood == "slow":
                time.sleep(20)
            body = json.dumps(
                {
                    "data": [
                        {"index": number, "embedding": _small_vector(text, mood)}
                        for number, text in enumerate(texts)
                    ]
                }
            ).encode()
            body = b"<html>Bad gateway" if mood == "garbage" else body
            with suppress(OSError):
                self.send_response(500 if mood == "error" else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[: len(body) // 2] if mood == "half" else body)
            self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()


def _small_vector(text: str, mood: str) -> list[float]:
    chance = random.Random(text)
    vector = [chance.uniform(-1, 1) for _ in range(16)]
    return [float("nan")] * 7 if mood == "numbers" else vector


def disk_full(drill: Drill) -> None:
    """No room for another byte: pages are read, submissions refused with a number, none half."""
    if drill.databases:
        print("      postgresql: its disk is its own server's; the data folder is tried on sqlite")
        return
    path = drill.server.folder / "db.sqlite3"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = drill.tell()
    # The log beside the database grows by some 30 kB with each question.
    limit = 1_500_000
    _start_limited(drill, limit)
    browser = visitor(drill.server)
    pages = []
    for number in range(150):
        page = browser.ask(f"{NOBODY_KNOWS} {number}")
        pages += [page, browser.get("/pl/")]
        if sum(one.status >= 500 for one in pages) > 10:
            break
    drill.pages("disk full", pages)
    refused = [page for page in pages[0::2] if page.status >= 500]
    read = Counter(page.status for page in pages[1::2])
    drill.check("disk full: submissions are refused", bool(refused), len(refused))
    drill.check("disk full: pages are read", read == {200: len(pages) // 2}, dict(read))
    drill.server.stop()
    drill.server.settings = {}
    drill.server.start()
    again = browser.ask(NOBODY_KNOWS)
    drill.check("room again: asking works", again.status == 302, again.status)
    after = drill.tell()
    kept = [page for page in [*pages, again] if page.token]
    lost = json.loads(drill.server.within(_LOST, json.dumps([p.token for p in kept])))
    grown = after["threads"] - before["threads"]
    drill.check(
        "room again: what was acknowledged is there, and nothing else",
        lost == 0 and grown == len(kept),
        f"{grown} threads, {len(kept)} acknowledged",
    )
    found = drill.server.within(_QUICK_CHECK).strip()
    drill.check("room again: the database is whole", found == "ok" and not after["breaks"], found)


_QUICK_CHECK = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("PRAGMA quick_check")
    print(cursor.fetchone()[0])
"""


def _start_limited(drill: Drill, limit: int) -> None:
    """The web process may write no file beyond `limit` bytes: the kernel refuses it."""
    drill.server.processes["serve"] = subprocess.Popen(
        [PYTHON, "-m", "przystan.config.cli", "serve"],
        env=drill.server.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),  # noqa: PLW1509
    )
    drill.server.wait_until_ready()


def worker_killed(drill: Drill) -> None:
    """The scheduler is killed at random moments while letters leave: each of them leaves."""
    count = drill.kills * 40
    wanted = json.loads(drill.server.within(_REPLIES, str(count), timeout_s=900))
    chance = random.Random(7)
    for _ in range(drill.kills):
        drill.server.start("tick")
        log = drill.server.folder / "tick.log"
        size = log.stat().st_size
        for _ in range(400):  # until it works, then a random moment of its work
            if log.stat().st_size > size:
                break
            time.sleep(0.05)
        time.sleep(chance.uniform(0, 0.35))
        drill.server.kill("tick")
    left = drill.tell()["outbox"]
    drill.server.start("tick")
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline and drill.tell()["outbox"]:
        time.sleep(2)
    sent = Counter(_message_ids(drill.server.folder / "mail"))
    missing = [one for one in wanted if not sent[one]]
    twice = sum(sent[one] > 1 for one in wanted)
    told = drill.tell()
    drill.check(
        f"scheduler killed {drill.kills} times: every letter left",
        not missing,
        f"{count} letters, {left} left after the last kill, {len(missing)} missing",
    )
    drill.check(
        "scheduler killed: at most one letter again for each kill, same Message-ID",
        twice <= drill.kills,
        f"{twice} twice",
    )
    drill.check(
        "scheduler killed: nothing waits, nothing dead, audit holds",
        told["outbox"] == told["dead"] == told["breaks"] == 0,
        told["outbox"],
    )


def _message_ids(folder: Path) -> list[str]:
    found = []
    for path in folder.glob("*"):
        found += re.findall(
            r"^Message-ID: <([0-9a-f-]{36})@", path.read_text(errors="replace"), re.M
        )
    return found


def clock_jumps(drill: Drill) -> None:
    """The clock stands a day ahead for a minute, then right again: jobs and letters go on."""
    told = json.loads(drill.server.within(_JUMP))
    drill.check("clock a day ahead: jobs run", "core.outbox" in told["ahead"], len(told["ahead"]))
    drill.check("clock set back: jobs go on at once", "core.outbox" in told["back"], told["back"])
    drill.check(
        "clock set back: a letter of the wrong day leaves",
        told["waiting"] == 0,
        f"{told['waiting']} wait",
    )
    drill.server.start()
    browser = visitor(drill.server)
    page = browser.ask(QUESTIONS[0])
    drill.check("clock set back: asking works", page.status == 302, page.status)
    drill.pages("clock", [page, browser.get(page.location)])


# Time is an argument of every service, so the day ahead is real to all of them.
_JUMP = """
from datetime import timedelta
from unittest import mock
from django.db import transaction
from przystan.core import clock, outbox, schedule
from przystan.core.models import OutboxMessage
from django.utils.module_loading import autodiscover_modules
now = clock.now()
schedule.run_due(at=now)
ahead = now + timedelta(days=1)
with mock.patch("przystan.core.clock.now", return_value=ahead):
    ran_ahead = schedule.run_due(at=ahead)
    with transaction.atomic():
        outbox.put("drill.nothing", key="drill:jump", none=1)
later = clock.now() + timedelta(seconds=4)
ran_back = schedule.run_due(at=later)
outbox.drain(at=later)
waiting = OutboxMessage.objects.filter(topic="drill.nothing").count()
print(json.dumps({"ahead": ran_ahead, "back": ran_back, "waiting": waiting}))
"""

CHECKS: dict[str, Callable[[Drill], None]] = {
    "same-question": same_question,
    "same-follow-up": same_follow_up,
    "same-reply": same_reply,
    "same-sign-in": same_sign_in,
    "database-down": database_down,
    "mail-server-down": mail_server_down,
    "model-broken": model_broken,
    "disk-full": disk_full,
    "worker-killed": worker_killed,
    "clock-jumps": clock_jumps,
}

if __name__ == "__main__":
    sys.exit(main())
