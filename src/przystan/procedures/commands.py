"""Commands: `procedures`, `procedures check`, `check`."""

import argparse
import contextlib
import json
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from przystan.core import clock
from przystan.core.cli import command
from przystan.core.errors import PrzystanError
from przystan.knowledge import api as knowledge
from przystan.procedures import describing, library, running
from przystan.procedures import loading_commands as _loading  # noqa: F401  registers its own
from przystan.procedures.authoring import proving, survey
from przystan.procedures.authoring.checking import check
from przystan.procedures.authoring.folder import read_folder
from przystan.procedures.catalogue import Catalogue
from przystan.procedures.law import law
from przystan.procedures.several import check_several
from przystan.rules import DefinitionError, FactError, Fault


def _listing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="with the facts of each, as JSON")
    parser.add_argument("--on", type=date.fromisoformat, help="the day; default: today")


@command("procedures", help="list the procedures, with --json their facts", arguments=_listing)
def procedures(arguments: argparse.Namespace) -> int:
    on = arguments.on or clock.today()
    found = describing.described(library.current(), on)
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    for each in found["procedures"]:
        print(f"{each['id']:<28} {each['valid_from']} r{each['revision']}  {each['title']['pl']}")
    return 0


def _checking(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", help="definitions; default: all")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(settings.PROCEDURES_DIR),
        help="folder of procedures; default: the one in the settings",
    )
    parser.add_argument(
        "--deep", action="store_true", help="also follow all ways through each definition (slow)"
    )
    parser.add_argument(
        "--prove", action="store_true", help="also prove with z3 what holds for all facts (slow)"
    )


@command("procedures check", help="list every fault of the definitions", arguments=_checking)
def procedures_check(arguments: argparse.Namespace) -> int:
    """Reads sources and parameters from the content folder: nothing needs to be loaded."""
    view, problems = knowledge.law_of_folder(Path(settings.CONTENT_DIR))
    for problem in problems:
        print(problem)
    whole, faults = read_folder(arguments.folder)
    ready, found = check(whole, law(view), arguments.ids)
    faults += found
    if arguments.deep and ready is not None:
        faults += [fault for each in whole.versions for fault in _deep(ready, each, arguments.ids)]
    if arguments.prove and ready is not None:
        faults += [
            fault for each in whole.versions for fault in _proved(ready, each, arguments.ids)
        ]
    chosen = set(arguments.ids)
    shown = [fault for fault in faults if not chosen or _is_of(fault.where.file, chosen)]
    for fault in sorted(shown, key=lambda fault: (fault.where.file, fault.where.line)):
        print(fault)
    words = {"definitions": len(whole.versions), "faults": len(shown) + len(problems)}
    print(_("%(definitions)d definitions read, %(faults)d faults found.") % words)
    return 1 if shown or problems or ready is None else 0


def _deep(ready: Catalogue, id: str, chosen: Sequence[str]) -> Iterator[Fault]:
    if chosen and id not in chosen:
        return
    for version in ready.library.versions[id]:
        with contextlib.suppress(DefinitionError):  # its faults are listed already
            on = max(version.valid_from, clock.today())
            yield from survey.faults(ready, ready.ready(version), on)


def _proved(ready: Catalogue, id: str, chosen: Sequence[str]) -> Iterator[Fault]:
    if chosen and id not in chosen:
        return
    for version in ready.library.versions[id]:
        with contextlib.suppress(DefinitionError):  # its faults are listed already
            on = max(version.valid_from, clock.today())
            yield from proving.faults(ready, ready.ready(version), on)


def _is_of(file: str, chosen: set[str]) -> bool:
    """Faults of the chosen definitions, and of the vocabulary that all share."""
    parts = file.split("/")
    return parts[0] != "definitions" or (len(parts) > 1 and parts[1] in chosen)


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", nargs="?", help="the procedure")
    parser.add_argument(
        "--also",
        action="append",
        default=[],
        metavar="ID",
        help="check these too, over the same facts: all outcomes, the order of applying, conflicts",
    )
    parser.add_argument("--facts", type=Path, help="a JSON file of facts; - reads standard input")
    parser.add_argument("--on", type=date.fromisoformat, help="the day; default: today")
    parser.add_argument("--json", action="store_true", help="the whole answer as JSON")
    parser.add_argument(
        "--lang", choices=describing.LANGUAGES, default="pl", help="language of the words"
    )
    parser.add_argument(
        "--batch", type=Path, help="JSON lines {id, procedure, facts, on}; - reads standard input"
    )
    parser.add_argument("--out", type=Path, help="where the answers of a batch go; default: stdout")


@command("check", help="check facts against a procedure", arguments=_check)
def check_facts(arguments: argparse.Namespace) -> int:
    if arguments.batch:
        return _batch(arguments)
    if not arguments.id:
        print(_("Name a procedure, or give --batch."), file=sys.stderr)
        return 2
    facts = json.loads(_text(arguments.facts)) if arguments.facts else {}
    on = arguments.on or clock.today()
    try:
        if arguments.also:
            found = check_several(library.current(), [arguments.id, *arguments.also], facts, on)
            print(json.dumps(describing.several_as_json(found), ensure_ascii=False, indent=1))
            return 0
        answer = running.check(library.current(), arguments.id, facts, on)
    except FactError as error:
        print(error, file=sys.stderr)
        return 1
    if arguments.json:
        print(json.dumps(describing.as_json(answer), ensure_ascii=False, indent=1))
    else:
        print(describing.in_words(library.current(), answer, arguments.lang))
    return 0


def _text(path: Path) -> str:
    return sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")


def _batch(arguments: argparse.Namespace) -> int:
    catalogue = library.current()
    out = arguments.out.open("w", encoding="utf-8") if arguments.out else sys.stdout
    begun, number, failed = time.perf_counter(), 0, 0
    try:
        for line in _lines(arguments.batch):
            found = _one(catalogue, line)
            number += 1
            failed += "error" in found
            out.write(json.dumps(found, ensure_ascii=False) + "\n")
    finally:
        if arguments.out:
            out.close()
    seconds = time.perf_counter() - begun
    words = {"number": number, "failed": failed, "rate": round(number / max(seconds, 1e-9))}
    print(_("%(number)d checks, %(failed)d refused, %(rate)d a second.") % words, file=sys.stderr)
    return 1 if failed else 0


def _lines(path: Path) -> Iterator[str]:
    if str(path) == "-":
        yield from (line for line in sys.stdin if line.strip())
        return
    with path.open(encoding="utf-8") as lines:
        yield from (line for line in lines if line.strip())


def _one(catalogue: Any, line: str) -> dict[str, Any]:
    """The answer to one line; what is wrong with a line is said in its place."""
    id = None
    try:
        asked = json.loads(line)
        id = asked.get("id")
        on = date.fromisoformat(asked["on"]) if asked.get("on") else clock.today()
        answer = running.check(catalogue, asked["procedure"], asked.get("facts", {}), on)
    except FactError as error:
        return {
            "id": id,
            "error": {"fact": error.fact, "reason": error.reason, "remedy": error.remedy},
        }
    except PrzystanError as error:
        return {"id": id, "error": {"reason": str(error.reason)}}
    except (ValueError, KeyError, AttributeError, TypeError):
        return {"id": id, "error": {"reason": "The line is not {id, procedure, facts, on}."}}
    return {"id": id, **describing.as_json(answer)}
