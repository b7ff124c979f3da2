"""A question with the page that may answer it, and the files that hold many of them.

The form is the one of OMoS-QA: JSON lines of `{id, question, context, language}`, the context
being the page as one text whose lines are split at "\\n". A list of lines is taken as well.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from przystan.core.errors import BadFileError

MAX_FILE_BYTES = 512 * 1024 * 1024  # unpacked; a small archive may unfold without end
MAX_LINES = 5_000  # of one page: about a minute of reading for the model
_NEEDED = ("id", "question", "context")


@dataclass(frozen=True, slots=True)
class Page:
    """One question and the lines that may answer it, in their order."""

    id: str
    question: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A page of which it is known which lines answer; no answers: this page does not."""

    page: Page
    answers: frozenset[int]
    lang: str

    @property
    def page_key(self) -> str:
        """Equal for equal pages, whatever is asked of them."""
        joined = "\n".join(line.strip() for line in self.page.lines)
        return hashlib.blake2b(joined.encode("utf-8", "replace"), digest_size=12).hexdigest()


def read_pages(path: Path) -> Iterator[Page]:
    """Questions with their pages from a JSON lines file, plain or gzipped.

    Raises:
        BadFileError: names the line that is not in this form, or says that an id came twice.
    """
    for _, _, page in _read(path):
        yield page


def read_examples(path: Path) -> Iterator[Example]:
    """Like `read_pages`, with `answers`: the 0-based indices of the lines that answer.

    Raises:
        BadFileError: also when an answer is not the index of a line.
    """
    for number, row, page in _read(path):
        answers = row.get("answers")
        indices = range(len(page.lines))
        if not isinstance(answers, list) or not all(
            type(one) is int and one in indices for one in answers
        ):
            reason = "`answers` was expected to be a list of indices of the page's lines."
            raise BadFileError(path, number, reason)
        yield Example(page, frozenset(answers), str(row.get("language", "")))


def _read(path: Path) -> Iterator[tuple[int, dict[str, Any], Page]]:
    seen: set[str] = set()
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        row = _row(path, number, line)
        page = _page(path, number, row)
        if page.id in seen:
            raise BadFileError(path, number, f"The id {page.id[:40]!r} came before.")
        seen.add(page.id)
        yield number, row, page


def _lines(path: Path) -> list[bytes]:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise BadFileError(path, None, "It cannot be read or unpacked.") from error
    if len(content) > MAX_FILE_BYTES:
        raise BadFileError(path, None, "It holds more than 512 MB. Split it.")
    # Only \n ends a row: JSON may hold other line ends inside its strings.
    return content.split(b"\n")


def _row(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except UnicodeDecodeError as error:
        raise BadFileError(path, number, "It is not UTF-8 text.") from error
    except json.JSONDecodeError as error:
        raise BadFileError(path, number, f"It is not JSON: {error.msg}.") from error
    except (RecursionError, ValueError) as error:
        raise BadFileError(path, number, "It is nested too deeply or too large.") from error
    if not isinstance(row, dict) or any(field not in row for field in _NEEDED):
        raise BadFileError(path, number, f"An object with {', '.join(_NEEDED)} was expected.")
    return row


def _page(path: Path, number: int, row: dict[str, Any]) -> Page:
    id, question, context = (row[field] for field in _NEEDED)
    if type(id) not in {int, str} or id == "":
        raise BadFileError(path, number, "`id` was expected to be a number or a text.")
    if not isinstance(question, str):
        raise BadFileError(path, number, "`question` was expected to be a text.")
    if isinstance(context, str):
        context = context.split("\n") if context else []
    if not isinstance(context, list) or not all(isinstance(line, str) for line in context):
        raise BadFileError(path, number, "`context` was expected to be a text or a list of lines.")
    if len(context) > MAX_LINES:
        raise BadFileError(path, number, f"A page of at most {MAX_LINES} lines was expected.")
    return Page(str(id), question, tuple(context))
