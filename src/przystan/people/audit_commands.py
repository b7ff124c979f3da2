"""`przystan audit …` and `przystan vault …`: for operators and for those who check them."""

import argparse
from pathlib import Path

from przystan.core.cli import command
from przystan.core.errors import BadFileError
from przystan.people import audit, rotation, vault
from przystan.people.actor import system
from przystan.people.audit import Head

# A row put in between breaks every place after it; the first ones say what happened.
SHOWN = 50


def _verify_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--heads",
        type=Path,
        metavar="FILE",
        help="chain heads kept outside, as `przystan audit heads --json` printed them",
    )


@command(
    "audit verify",
    help="Walk every audit chain; exit 1 if a row was changed, removed or moved.",
    arguments=_verify_arguments,
)
def verify(arguments: argparse.Namespace) -> int:
    found = audit.verify(_read_heads(arguments.heads) if arguments.heads else ())
    for one in found.heads:
        print(f"chain {one.chain}: {one.length} rows, head {one.head}")
    for broken in found.breaks[:SHOWN]:
        print(f"BROKEN {broken}")
    if len(found.breaks) > SHOWN:
        print(f"BROKEN and {len(found.breaks) - SHOWN} places more")
    print(
        f"{sum(one.length for one in found.heads)} rows in {len(found.heads)} chains, "
        f"{found.unsealed} not chained yet, {len(found.breaks)} breaks"
    )
    return 1 if found.breaks else 0


def _read_heads(path: Path) -> list[Head]:
    try:
        return audit.from_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadFileError(path, None, f"could not be read ({type(error).__name__}).") from error
    except ValueError as error:
        raise BadFileError(path, None, f"{error}.") from error


def _heads_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for `przystan audit verify --heads`")


@command(
    "audit heads",
    help="Print the chain heads for somebody outside to keep.",
    arguments=_heads_arguments,
)
def heads(arguments: argparse.Namespace) -> int:
    found = audit.heads()
    if arguments.json:
        print(audit.as_json(found))
        return 0
    for one in found:
        print(f"chain {one.chain}: {one.length} rows, head {one.head}")
    return 0


@command("vault rotate", help="Wrap every data key anew under the current MASTER_KEY.")
def rotate(arguments: argparse.Namespace) -> int:
    count = rotation.rotate(actor=system("change the master key"))
    print(f"{count} data keys wrapped anew; MASTER_KEYS_OLD may go once backups are too.")
    return 0


@command("vault key", help="Print a new random key for MASTER_KEY or INDEX_KEY.")
def key(arguments: argparse.Namespace) -> int:
    print(vault.new_master_key())
    return 0
