"""`przystan ask`, `search` and `evaluate`: the assistant from a terminal and for batches."""

import argparse
import json
import sys
import time
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.utils import translation

from przystan.assistant import api
from przystan.assistant.danger import commands as danger_commands  # noqa: F401
from przystan.assistant.data import Answer, Line
from przystan.assistant.facts import commands as fact_commands  # noqa: F401
from przystan.assistant.lines import commands as line_commands  # noqa: F401  registers its own
from przystan.core import clock
from przystan.core.cli import command
from przystan.core.errors import PrzystanError
from przystan.core.jsonlines import rows
from przystan.core.languages import CONTENT_TAGS
from przystan.directory import api as directory
from przystan.knowledge import finding


def _ask_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", nargs="?")
    parser.add_argument("--lang", choices=CONTENT_TAGS, help="language of the answer")
    parser.add_argument("--on", type=date.fromisoformat, help="read the law of this day")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--batch", type=Path, help="JSON lines of {id, lang?, question}")
    parser.add_argument("--out", type=Path, help="where the batch's answers go; - or none: stdout")


@command("ask", help="answer a question, or a file of them", arguments=_ask_arguments)
def ask(arguments: argparse.Namespace) -> int:
    on = arguments.on or clock.today()
    if arguments.batch:
        return _batch(arguments.batch, arguments.out, on)
    if not arguments.question:
        print('przystan ask "your question", or --batch FILE', file=sys.stderr)
        return 2
    document = answer_document(
        {"id": "1", "lang": arguments.lang, "question": arguments.question}, on
    )
    print(json.dumps(document, ensure_ascii=False, indent=2) if arguments.json else _page(document))
    return 0 if "error" not in document else 1


def _batch(source: Path, target: Path | None, on: date) -> int:
    with ExitStack() as stack:
        out: TextIO = sys.stdout
        if target and str(target) != "-":
            out = stack.enter_context(target.open("w", encoding="utf-8"))
        for row in rows(source, {"id", "question"}):
            print(json.dumps(answer_document(row, on), ensure_ascii=False), file=out)
    return 0


def answer_document(row: dict[str, Any], on: date) -> dict[str, Any]:
    """One answer in the shape that others measure: docs/reference/command-line.md."""
    chosen = row.get("lang") if row.get("lang") in CONTENT_TAGS else None
    started = time.perf_counter()
    try:
        answer = api.ask(
            str(row["question"]), interface=chosen or "pl", chosen=chosen, on=on, patience_s=2.0
        )
    except PrzystanError as error:
        with translation.override(chosen or "pl"):
            return {"id": row["id"], "lang": chosen, "error": str(error.reason), "refused": True}
    offered = api.offer(str(row["question"]), answer, lang=answer.lang, on=on)
    return {
        "id": row["id"],
        "lang": answer.lang,
        "answer_text": spoken_text(answer, on),
        "citations": [_citation(line) for line in answer.lines],
        "refused": answer.refused,
        "handover": answer.handover,
        "danger": answer.danger,
        "verdict": answer.verdict,
        "reason": answer.reason,
        "confidence": answer.confidence,
        "procedure": offered.procedure if offered else None,
        "facts": dict(offered.facts) if offered else {},
        "latency_ms": round((time.perf_counter() - started) * 1000, 1),
    }


def spoken_text(answer: Answer, on: date) -> str:
    """The answer's text with the help lines that the page shows where danger was seen."""
    text = api.as_text(answer)
    lines = directory.organisations(answer.lang, on, ids=answer.services)
    called = [f"{one.name}: {', '.join(p.value for p in one.phones)}" for one in lines]
    return "\n".join([text, *called])


def _citation(line: Line) -> dict[str, Any]:
    cited = line.citation
    return {
        "title": cited.title,
        "url": f"{settings.PUBLIC_URL}/{cited.lang}/guide/{cited.article}/#{cited.paragraph}",
        "quote": cited.quote,
        "law": [
            {"act": law.act, "edition": law.edition, "provision": law.provision}
            for law in cited.law
        ],
        "pages": [page.url for page in cited.pages],
        "version": str(cited.version_id),
        "paragraph": cited.paragraph,
        "checked_on": cited.checked_on.isoformat() if cited.checked_on else None,
    }


def _page(document: dict[str, Any]) -> str:
    if "error" in document:
        return str(document["error"])
    lines = [document["answer_text"], ""]
    for number, cited in enumerate(document["citations"], 1):
        law = "; ".join(f"{one['act']} {one['provision']}" for one in cited["law"])
        lines.append(f"[{number}] {cited['title']}: {law or ', '.join(cited['pages'])}")
        lines.append(f"    {cited['url']} ({cited['checked_on']})")
    return "\n".join(lines).rstrip()


def _search_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query")
    parser.add_argument("--lang", choices=CONTENT_TAGS, default="pl")
    parser.add_argument("--on", type=date.fromisoformat)


@command("search", help="passages near a query", arguments=_search_arguments)
def search(arguments: argparse.Namespace) -> int:
    found = api.search(arguments.query, lang=arguments.lang, on=arguments.on or clock.today())
    for one in found:
        print(f"{one.score:.3f}  {one.article}#{one.paragraph}  {one.title}\n       {one.text}")
    return 0 if found else 1


def _training_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("questions", nargs="+", type=Path, help="labelled questions, JSON lines")


@command(
    "train choice",
    help="fit the choice of answers, and refusal, to labelled questions",
    arguments=_training_arguments,
)
def train_choice(arguments: argparse.Namespace) -> int:
    from przystan.assistant import training

    rows = [row for path in arguments.questions for row in rows(path, {"question", "answers"})]
    for name, value in training.train(finding.library(), rows, clock.today()).items():
        print(f"{name}: {value}")
    return 0
