"""Commands: `content check`, `content load`, `import law`."""

import argparse
import sys
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _

from przystan.core import clock
from przystan.core.cli import command
from przystan.knowledge import services
from przystan.knowledge.content.checking import check, knows_any
from przystan.knowledge.search import commands as search_commands  # noqa: F401  registers its own
from przystan.knowledge.services import known
from przystan.people.actor import system


def _folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(settings.CONTENT_DIR),
        help="content folder; default: the one in the settings",
    )


@command("content check", help="list every fault of a content folder", arguments=_folder)
def content_check(arguments: argparse.Namespace) -> int:
    knows = known.knows_service(clock.today())
    try:
        library, problems = check(arguments.folder, knows)
    except DatabaseError:
        # No database yet: the folder is checked on its own.
        knows = None
        library, problems = check(arguments.folder)
    for problem in problems:
        print(problem)
    if not knows_any(library, knows):
        print(_("Services were not checked: the directory is empty."), file=sys.stderr)
    words = {"articles": len(library.articles), "faults": len(problems)}
    print(_("%(articles)d articles read, %(faults)d faults found.") % words)
    return 1 if problems else 0


def _load(parser: argparse.ArgumentParser) -> None:
    _folder(parser)
    parser.add_argument(
        "--without-tests",
        action="store_true",
        help="do not ask the articles' test questions before publishing",
    )


@command("content load", help="publish what a content folder says", arguments=_load)
def content_load(arguments: argparse.Namespace) -> int:
    loaded = services.load_content(
        arguments.folder,
        at=clock.now(),
        actor=system("load content"),
        with_gates=not arguments.without_tests,
    )
    words = {"articles": loaded.articles, "new": loaded.new_versions}
    print(_("%(articles)d articles loaded, %(new)d new versions.") % words)
    return 0


def _law(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="JSON lines, one article each; may be gzipped")
    parser.add_argument("--act", required=True, help="the act's slug, as in acts.yaml")
    parser.add_argument("--eli", required=True, help="ELI id of the edition, such as DU/2025/1079")
    parser.add_argument(
        "--state-on",
        required=True,
        type=date.fromisoformat,
        help="the day whose law the text shows, such as 2026-07-18",
    )
    parser.add_argument(
        "--read-on",
        type=date.fromisoformat,
        help="the day on which the text was taken from its publisher; default: --state-on",
    )


@command("import law", help="import the official text of an act", arguments=_law)
def import_law(arguments: argparse.Namespace) -> int:
    done = services.import_law(
        arguments.file,
        act_slug=arguments.act,
        eli=arguments.eli,
        state_on=arguments.state_on,
        read_on=arguments.read_on or arguments.state_on,
        actor=system("import law"),
    )
    words = {"eli": done.eli, "articles": done.articles, "units": done.units}
    if done.is_new:
        print(_("%(eli)s: %(articles)d articles imported, %(units)d provisions.") % words)
    else:
        print(_("%(eli)s is imported already; nothing was changed.") % words)
    if done.missing:
        cited = {"provisions": ", ".join(done.missing)}
        print(_("Cited, but not in this text: %(provisions)s.") % cited, file=sys.stderr)
    return 0
