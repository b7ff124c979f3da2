"""Command line of the directory."""

import argparse
from pathlib import Path

from przystan.core.cli import command
from przystan.directory import services


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", type=Path, default=services.STARTER)


@command(
    "directory load", help="load institutions and help lines from a file", arguments=_arguments
)
def load(arguments: argparse.Namespace) -> int:
    print(f"{services.load(arguments.file)} organisations loaded")
    return 0
