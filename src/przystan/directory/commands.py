"""Command line of the directory."""

import argparse
from pathlib import Path

from przystan.core.cli import command
from przystan.directory import services
from przystan.people.actor import system


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", type=Path, default=services.STARTER)


@command(
    "directory load", help="load institutions and help lines from a file", arguments=_arguments
)
def load(arguments: argparse.Namespace) -> int:
    count = services.load(arguments.file, actor=system("load the directory"))
    print(f"{count} organisations loaded")
    return 0
