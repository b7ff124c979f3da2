"""Interface translations: collect, compile and check the catalogues in src/przystan/locale.

python tools/translations.py update    collect msgids from code and templates (needs xgettext)
python tools/translations.py compile   write the .mo files that are shipped
python tools/translations.py check     stale or unfinished catalogues, wrong letters, numbers
"""

import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "przystan"
LOCALES = ("pl", "uk", "ru", "ar")
# English is the language of the msgids; its own catalogue would repeat them.
FOREIGN_LETTERS = {"uk": "ыэъё", "ru": "іїєґ"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd%]|\{(\w*)\}")
NUMBER = re.compile(r"\d+")
# Words that are the same in Polish and in another language on purpose.
SAME_AS_POLISH = ROOT / "tools" / "same_as_polish.txt"


def po_path(lang: str) -> Path:
    return PACKAGE / "locale" / lang / "LC_MESSAGES" / "django.po"


def catalogue(lang: str) -> Catalog:
    with po_path(lang).open("rb") as file:
        return read_po(file, locale=lang)


def update() -> None:
    """Bring every catalogue up to the msgids of the sources; obsolete ones are dropped."""
    for lang in LOCALES:
        po_path(lang).parent.mkdir(parents=True, exist_ok=True)
    _makemessages(PACKAGE)


def _makemessages(folder: Path) -> None:
    command = [sys.executable, "-m", "django", "makemessages", "--no-location", "--no-obsolete"]
    command += ["--no-wrap", "-v", "0", "--ignore", "tests", "-e", "html,txt,py"]
    for lang in LOCALES:
        command += ["-l", lang]
    # No settings module: msgids are read from the files alone.
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=folder, check=True, env=environment)
    for path in folder.glob("locale/*/LC_MESSAGES/django.po"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith('"POT-Creation-Date')]
        path.write_text("".join(kept), encoding="utf-8")


def compile_all() -> None:
    for lang in LOCALES:
        po_path(lang).with_suffix(".mo").write_bytes(compiled(lang))


def compiled(lang: str) -> bytes:
    buffer = io.BytesIO()
    read = catalogue(lang)
    # Babel puts the present moment where a catalogue has no date: the same texts, the same file.
    read.creation_date = read.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    write_mo(buffer, read)
    return buffer.getvalue()


def problems() -> Iterator[str]:
    yield from _stale()
    polish = {_id(message): _text(message) for message in _messages("pl")}
    allowed = set(SAME_AS_POLISH.read_text(encoding="utf-8").split("\n"))
    for lang in LOCALES:
        mo = po_path(lang).with_suffix(".mo")
        if not mo.exists() or mo.read_bytes() != compiled(lang):
            yield f"{lang}: the .mo file is older; run tools/translations.py compile"
        for message in _messages(lang):
            for reason in _faults(message, lang, polish, allowed):
                yield f"{lang}: {_id(message)[:60]!r}: {reason}"


def _messages(lang: str) -> list[Message]:
    return [message for message in catalogue(lang) if message.id]


def _faults(
    message: Message, lang: str, polish: dict[str, str], allowed: set[str]
) -> Iterator[str]:
    text, source = _text(message), _id(message)
    if not text:
        yield "not translated"
        return
    if message.fuzzy:
        yield "marked fuzzy: check it and take the mark away"
    if wrong := set(text.lower()) & set(FOREIGN_LETTERS.get(lang, "")):
        yield f"letters of another language: {' '.join(sorted(wrong))}"
    if not isinstance(message.id, tuple):
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(source)):
            yield "its placeholders differ from the source"
        if sorted(NUMBER.findall(text)) != sorted(NUMBER.findall(source)):
            yield "its numbers differ from the source"
    if lang != "pl" and text == polish.get(source) and text not in allowed and len(text) > 3:
        yield "equal to the Polish; translate it or list it in tools/same_as_polish.txt"


def _id(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, tuple) else message.id)


def _text(message: Message) -> str:
    if isinstance(message.string, tuple):
        return " ".join(message.string) if all(message.string) else ""
    return str(message.string)


def _stale() -> Iterator[str]:
    """Msgids of the sources that a catalogue lacks, or has too many."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "przystan"
        subprocess.run(["cp", "-r", str(PACKAGE), str(copy)], check=True)
        _makemessages(copy)
        for lang in LOCALES:
            fresh_path = copy / "locale" / lang / "LC_MESSAGES" / "django.po"
            with fresh_path.open("rb") as file:
                fresh = {_id(m) for m in read_po(file, locale=lang) if m.id}
            known = {_id(m) for m in _messages(lang)}
            for source in sorted(fresh - known):
                yield f"{lang}: {source[:60]!r} is missing; run tools/translations.py update"
            for source in sorted(known - fresh):
                yield f"{lang}: {source[:60]!r} is used nowhere; run tools/translations.py update"


def main(arguments: list[str]) -> int:
    match arguments:
        case ["update"]:
            update()
        case ["compile"]:
            compile_all()
        case ["check"]:
            found = list(problems())
            print("\n".join(found[:60]))
            print(f"{len(found)} problems in the catalogues")
            return 1 if found else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
