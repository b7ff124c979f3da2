"""One script, three channels: the same people by pages, in chat and by the API, byte for byte.

    python drills/channels.py --people 200 --seed 4 [--folder PREPARED]

Facts, outcome, documents, fee, terms, explanation and the stored snapshot have to be equal.
"""

import argparse
import http.cookiejar
import json
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from reading_pages import ByApi, Fields, InChat, LostError, OnPages, Reply, Transport, check_of
from serving import Server

PARTS = ("facts", "outcome", "documents", "fee", "terms", "explanation", "snapshot")
CHANNELS = ("pages", "chat", "api")
HERE = str(Path(__file__).resolve().parent)
_BEGIN = f"sys.path.insert(0, {HERE!r})\nimport scripting\n"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object) -> None:
        return None


class Browser:
    """One visitor over HTTP."""

    def __init__(self, server: Server) -> None:
        self._url = server.url
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(cookies, _NoRedirect)

    def get(self, path: str) -> Reply:
        return self._sent(urllib.request.Request(self._url + urllib.parse.quote(path, "/?=&#%")))

    def post(self, path: str, fields: Fields) -> Reply:
        body = urllib.parse.urlencode(fields).encode()
        return self._sent(urllib.request.Request(self._url + path, data=body))

    def _sent(self, request: urllib.request.Request) -> Reply:
        try:
            with self._opener.open(request, timeout=60) as answer:
                return Reply(answer.status, answer.read().decode(), "")
        except urllib.error.HTTPError as error:
            with error:
                return Reply(
                    error.code, error.read().decode("utf-8", "replace"),
                    error.headers.get("Location", ""),
                )  # fmt: skip


def caller(server: Server, key: str) -> Callable[[str, str, Any], tuple[int, Any]]:
    def call(method: str, path: str, body: Any) -> tuple[int, Any]:
        request = urllib.request.Request(
            f"{server.url}/api/v1/{path}",
            data=json.dumps(body).encode(),
            method=method,
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    return call


# --- the run ----------------------------------------------------------------------------------


def walked(
    scripts: Iterable[Mapping[str, Any]],
    visitor: Callable[[], Transport],
    call: Callable[[str, str, Any], tuple[int, Any]],
) -> tuple[dict[str, dict[str, str]], list[str], Counter[str]]:
    """Send everybody through each channel: ids of their checks, who got lost, pages opened."""
    checks: dict[str, dict[str, str]] = {}
    lost: list[str] = []
    pages: Counter[str] = Counter()
    for script in scripts:
        by_pages, in_chat = OnPages(visitor(), script), InChat(visitor(), script)
        ways: dict[str, Callable[[], str]] = {
            "pages": lambda one=by_pages: check_of(one.run()),  # type: ignore[misc]
            "chat": lambda one=in_chat: check_of(one.run()),  # type: ignore[misc]
            "api": ByApi(call, script).run,
        }
        found: dict[str, str] = {}
        for channel, go in ways.items():
            try:
                found[channel] = go()
            except LostError as error:
                where = f"{script['id']} {script['procedure']} {script['lang']}"
                lost.append(f"{where} by {channel}: {error}")
        pages.update({"pages": by_pages.steps, "chat": in_chat.steps})
        checks[script["id"]] = found
    return checks, lost, pages


def compared(
    scripts: Sequence[Mapping[str, Any]], kept: Mapping[str, Mapping[str, Mapping[str, str]]]
) -> tuple[Counter[str], list[str]]:
    """Parts that are the same in every channel, and what differs for whom."""
    equal: Counter[str] = Counter()
    differences: list[str] = []
    for script in scripts:
        ways = kept.get(script["id"], {})
        if len(ways) < len(CHANNELS):
            continue
        for part in PARTS:
            told = {way[part] for way in ways.values()}
            equal[part] += len(told) == 1
            if len(told) > 1:
                shown = " | ".join(f"{name}: {way[part][:300]}" for name, way in ways.items())
                differences.append(f"{script['id']} {script['procedure']} {part}: {shown}")
    return equal, differences


def table(scripts: Sequence[Mapping[str, Any]], equal: Counter[str], pages: Counter[str]) -> str:
    turns = sum(len(script["turns"]) for script in scripts)
    procedures = {script["procedure"] for script in scripts}
    languages = Counter(script["lang"] for script in scripts)
    lines = [
        f"people {len(scripts)}, procedures {len(procedures)}, answers {turns}, "
        + ", ".join(f"{lang} {number}" for lang, number in sorted(languages.items())),
        f"pages opened: {pages['pages']} by pages, {pages['chat']} in chat",
        "",
        "| part | byte-equal in all three |",
        "|---|---|",
    ]
    lines += [f"| {part} | {equal[part]} of {len(scripts)} |" for part in PARTS]
    return "\n".join(lines)


def kept_of(server: Server, checks: Mapping[str, Any], langs: Mapping[str, str]) -> Any:
    script = (
        _BEGIN + "checks, langs = json.load(sys.stdin)\n"
        "print(json.dumps({person: {way: {part: text.decode() for part, text in "
        "scripting.stored(id, langs[person])} for way, id in ways.items()} "
        "for person, ways in checks.items()}))"
    )
    return json.loads(server.within(script, given=json.dumps([checks, langs])))


def run(server: Server, count: int, seed: int) -> int:
    begun = time.monotonic()
    scripts = json.loads(
        server.within(_BEGIN + f"print(json.dumps(scripting.people({count}, {seed})))")
    )
    key = server.within(_BEGIN + "print(scripting.key_of_an_office())").strip()
    checks, lost, pages = walked(scripts, lambda: Browser(server), caller(server, key))
    kept = kept_of(server, checks, {script["id"]: script["lang"] for script in scripts})
    equal, differences = compared(scripts, kept)
    print(table(scripts, equal, pages))
    print(f"\n{len(lost)} got lost, {len(differences)} differences, "
          f"{time.monotonic() - begun:.0f} s")  # fmt: skip
    for line in [*lost, *differences]:
        print(line)
    return 1 if lost or differences or len(scripts) < count else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--port", type=int, default=8794)
    parser.add_argument("--folder", type=Path, help="a data folder that is prepared already")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        settings = {"EMBEDDINGS_BACKEND": "lexical", "ACCESS_LOG": ""}
        server = Server(arguments.folder or Path(made), arguments.port, settings=settings)
        if arguments.folder is None:
            server.prepare()
        with server:
            server.start("serve")
            return run(server, arguments.people, arguments.seed)


if __name__ == "__main__":
    sys.exit(main())
