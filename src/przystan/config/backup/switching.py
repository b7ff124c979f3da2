"""Putting a restored system in the place of another, whole or not at all.

Several folders and files change places, which no single rename can do. So the moves are first
written down and flushed; from then on every command of ours that starts finishes them. Until
then nothing has changed.
"""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from przystan.config.backup.making import flush_folder
from przystan.config.backup.postgresql import PostgreSql
from przystan.config.backup.sqlite import Sqlite, beside
from przystan.config.backup.system import STAGE, System

_JOURNAL: Final = "moves.json"
NEW: Final = "new"
_OLD: Final = "old"


@dataclass(frozen=True, slots=True)
class Move:
    """`new` takes the place of `current`, which goes to `old`; an empty `new` only clears it."""

    new: str
    current: str
    old: str


def switch(target: System) -> None:
    """Let what lies ready in `target.stage` take its place; survives being killed at any step."""
    journal = target.stage / _JOURNAL
    aside = journal.with_suffix(".new")
    with aside.open("w", encoding="utf-8") as file:
        json.dump([asdict(move) for move in _moves(target)], file)
        file.flush()
        os.fsync(file.fileno())
    os.sync()  # every file that was unpacked, before the journal says that they are there
    aside.rename(journal)
    flush_folder(target.stage)
    if isinstance(target.database, PostgreSql):
        target.database.take_place()
    _perform(journal)


def finish_interrupted(target: System) -> bool:
    """Finish the moves of a restore that was stopped in the middle; True when there was one.

    Where the database had not changed places yet, nothing had: the rest of the try is removed.
    """
    journal = target.stage / _JOURNAL
    if not journal.exists():
        return False
    if isinstance(target.database, PostgreSql) and target.database.is_staged():
        target.database.discard_stage()
        shutil.rmtree(target.stage)
        return False
    _perform(journal)
    return True


def is_interrupted(data_dir: Path) -> bool:
    return (data_dir / STAGE / _JOURNAL).exists()


def _moves(target: System) -> list[Move]:
    stage, moves = target.stage, []
    if isinstance(target.database, Sqlite):
        current = target.database.path
        old = stage / _OLD
        # What belongs to the old file must be gone before a new one has its name.
        moves += [Move("", str(path), str(old / path.name)) for path in beside(current)]
        moves.append(Move(str(target.database.stage_path), str(current), str(old / current.name)))
    for name in ("files", "index", "keys"):
        if (stage / NEW / name).exists():
            places = (stage / NEW / name, target.data_dir / name, stage / _OLD / name)
            moves.append(Move(*map(str, places)))
    return moves


def _perform(journal: Path) -> None:
    """Do what is not done yet of the moves; twice does no harm."""
    moves = [Move(**one) for one in json.loads(journal.read_text(encoding="utf-8"))]
    (journal.parent / _OLD).mkdir(exist_ok=True)
    for number, move in enumerate(moves):
        _make(move, is_before_its_database=_is_pending(moves[number + 1 :]))
    for folder in {Path(move.current).parent for move in moves}:
        flush_folder(folder)
    journal.unlink()
    shutil.rmtree(journal.parent)


def _is_pending(later: list[Move]) -> bool:
    """Whether the first move with something new, among those after a clearing one, is to come."""
    first = next((move for move in later if move.new), None)
    return first is not None and Path(first.new).exists()


def _make(move: Move, *, is_before_its_database: bool) -> None:
    new, current, old = Path(move.new), Path(move.current), Path(move.old)
    if not move.new:
        # After the database has changed places, a file beside it is the new one's own.
        if current.exists() and is_before_its_database:
            _aside(current, old)
        return
    if not new.exists():
        return
    if current.exists():
        _aside(current, old)
    current.parent.mkdir(parents=True, exist_ok=True)
    new.rename(current)


def _aside(current: Path, old: Path) -> None:
    try:
        current.rename(old)
    except OSError:  # on another file system than the data folder
        current.unlink()
