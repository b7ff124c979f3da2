"""The registry behind `przystan <words> …`: apps register commands, this runs the one named.

A command is a function that takes parsed arguments and returns an exit code: 0 done,
1 the work failed or found faults, 2 the call itself was wrong.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from przystan.core.errors import PrzystanError

Run = Callable[[argparse.Namespace], int]


@dataclass(frozen=True, slots=True)
class Command:
    words: tuple[str, ...]
    help: str
    run: Run
    add_arguments: Callable[[argparse.ArgumentParser], None]


_COMMANDS: dict[tuple[str, ...], Command] = {}


def command(
    name: str, *, help: str, arguments: Callable[[argparse.ArgumentParser], None] | None = None
) -> Callable[[Run], Run]:
    """Register a function as `przystan <name>`; `name` may have several words ("import law")."""

    def register(run: Run) -> Run:
        words = tuple(name.split())
        _COMMANDS[words] = Command(words, help, run, arguments or (lambda parser: None))
        return run

    return register


def commands() -> list[Command]:
    return [_COMMANDS[words] for words in sorted(_COMMANDS)]


def run(argv: Sequence[str]) -> int:
    """Find the longest command that `argv` starts with, parse the rest, run it."""
    for length in range(len(argv), 0, -1):
        if found := _COMMANDS.get(tuple(argv[:length])):
            return _run(found, argv[length:])
    asked_for_help = not argv or argv[0] in {"-h", "--help", "help"}
    print(_overview(), file=sys.stdout if asked_for_help else sys.stderr)
    return 0 if asked_for_help else 2


def _run(found: Command, rest: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog=f"przystan {' '.join(found.words)}", description=found.help
    )
    found.add_arguments(parser)
    arguments = parser.parse_args(rest)
    try:
        return found.run(arguments)
    except PrzystanError as error:
        print(f"{parser.prog}: {error.reason}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1


def _overview() -> str:
    width = max((len(" ".join(c.words)) for c in commands()), default=0)
    lines = [f"  przystan {' '.join(c.words):<{width}}  {c.help}" for c in commands()]
    return "\n".join(
        ["usage: przystan COMMAND [arguments]; -h after a command explains it", *lines]
    )
