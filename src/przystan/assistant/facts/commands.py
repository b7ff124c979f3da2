"""`przystan evaluate facts`: what is read out of messages, and how well."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from django.utils.translation import gettext as _

from przystan.assistant.facts.reading import read
from przystan.core import clock
from przystan.core.cli import command
from przystan.core.errors import BadFileError
from przystan.core.jsonlines import rows


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="{id, message, on?, facts?} a line")
    parser.add_argument("--out", type=Path, help="where {id, facts} goes, a line each; - : stdout")


@command("evaluate facts", help="read facts out of messages", arguments=_arguments)
def evaluate_facts(arguments: argparse.Namespace) -> int:
    """With `facts` in the file, precision and recall over the facts that the file labels."""
    counts: Counter[str] = Counter()
    lines = list(rows(arguments.file, {"id", "message"}))
    scope = {fact for row in lines for fact in row.get("facts", {})}
    with ExitStack() as stack:
        out: TextIO | None = None
        if arguments.out:
            is_file = str(arguments.out) != "-"
            out = sys.stdout
            if is_file:
                out = stack.enter_context(arguments.out.open("w", encoding="utf-8"))
        for row in lines:
            stated = read(row["message"], _day(row, arguments.file))
            found = {each.fact: each.value for each in stated}
            if out is not None:
                print(json.dumps({"id": row["id"], "facts": found}, ensure_ascii=False), file=out)
            if "facts" in row:
                counts += compared(found, row["facts"], scope)
    if counts:
        print(_summary(counts), file=sys.stderr)
    return 0


def _day(row: Mapping[str, Any], path: Path) -> date:
    try:
        return date.fromisoformat(row["on"]) if row.get("on") else clock.today()
    except (TypeError, ValueError) as error:
        raise BadFileError(path, None, f"{row['id']}: on is no day such as 2026-11-23.") from error


def compared(
    found: Mapping[str, Any], labelled: Mapping[str, Any], scope: set[str]
) -> Counter[str]:
    """Facts read rightly, read wrongly, and not read or read wrongly; of those that are labelled.

    Facts that no line of the file labels are outside what its author looked for.
    """
    counts: Counter[str] = Counter()
    for fact, value in found.items():
        if fact in scope:
            counts["right" if _same(value, labelled.get(fact)) else "wrong"] += 1
    for fact, value in labelled.items():
        counts["missed"] += not _same(found.get(fact), value)
    return counts


def _same(found: Any, labelled: Any) -> bool:
    """A list of plain values says the same in any order."""
    if isinstance(found, list) and isinstance(labelled, list):
        return sorted(map(str, found)) == sorted(map(str, labelled))
    return bool(found == labelled)


def _summary(counts: Counter[str]) -> str:
    read_, stated = counts["right"] + counts["wrong"], counts["right"] + counts["missed"]
    said = _("%(read)d facts read of %(stated)d: precision %(precision)s, recall %(recall)s.")
    return said % {
        "precision": f"{counts['right'] / max(1, read_):.3f}",
        "recall": f"{counts['right'] / max(1, stated):.3f}",
        "read": read_,
        "stated": stated,
    }
