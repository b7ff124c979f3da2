"""A small content folder on disk, and ways to spoil it."""

import shutil
from pathlib import Path

FAULTLESS = Path(__file__).with_name("content")


def content_folder(path: Path) -> Path:
    """A copy of the folder beside this file, in which the check finds nothing."""
    return Path(shutil.copytree(FAULTLESS, path, dirs_exist_ok=True))


def write(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    """Replace a text that stands in a file once or more."""
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{name} has no {old!r}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def remove(folder: Path, name: str) -> None:
    target = folder / name
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink()
