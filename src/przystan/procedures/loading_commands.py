"""Command: `procedures load`."""

import argparse
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from przystan.core import clock
from przystan.core.cli import command
from przystan.people.actor import system
from przystan.procedures import services


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path(settings.PROCEDURES_DIR),
        help="folder of procedures; default: the one in the settings",
    )


@command("procedures load", help="publish new definitions and words", arguments=_arguments)
def procedures_load(arguments: argparse.Namespace) -> int:
    """Store what is new; refuse everything while one published file says something else."""
    done = services.publish(arguments.folder, actor=system("load procedures"), at=clock.now())
    words = {"definitions": done.definitions, "texts": done.texts}
    print(_("%(definitions)d definitions and %(texts)d texts were published.") % words)
    if done.vocabulary:
        print(_("The vocabulary is in state %(number)d.") % {"number": done.vocabulary})
    return 0
