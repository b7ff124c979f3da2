"""YAML with line numbers and nothing clever: words stay words, so `no` is a verdict, not False.

Only mappings, lists and scalars are read. Aliases, tags and repeated keys are refused: content
never needs them, and a small file with aliases can be made to unfold without end.
"""

import re
import unicodedata
from collections.abc import Set
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from przystan.knowledge.content.problems import Report

MAX_FILE_BYTES = 1_000_000
MAX_DEPTH = 12
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
# The C parser is ten times faster; both give the same nodes.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Node:
    """A value and the line it stands on. Exactly one of the three is what the file has."""

    line: int
    scalar: str | None = None
    entries: dict[str, "Node"] | None = None
    items: list["Node"] | None = None
    key_lines: dict[str, int] = field(default_factory=dict)


EMPTY = Node(0, entries={})


class _RefusedError(Exception):
    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line, self.reason = line, reason


def read(path: Path, report: Report) -> Node:
    """Return the document's node; an unreadable file is reported and reads as empty."""
    with report.of(path):
        try:
            return _read(path)
        except _RefusedError as refused:
            report.add(refused.line, refused.reason, "Write plain mappings, lists and values.")
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            report.add(
                mark.line + 1 if mark else 0,
                f"The file is not YAML: {error.problem or error.context}.",
                "Check the indentation, and put a text with a colon or a brace in quotes.",
            )
        except (yaml.YAMLError, RecursionError) as error:
            report.add(
                0, f"The file is not YAML: {type(error).__name__}.", "Save it as UTF-8 text."
            )
        except UnicodeDecodeError:
            report.add(0, "The file is not UTF-8.", "Save it as UTF-8 text.")
        except OSError as error:
            report.add(0, f"The file cannot be read: {error.strerror}.", "Check its permissions.")
    return EMPTY


def _read(path: Path) -> Node:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise _RefusedError(0, f"The file is longer than {MAX_FILE_BYTES} bytes.")
    text = path.read_bytes().decode("utf-8")
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            mark = event.start_mark
            line = mark.line + 1 if mark else 0
            raise _RefusedError(line, f"The alias *{event.anchor} is refused.")
    composed = yaml.compose(text, Loader=_LOADER)
    if composed is None:
        return EMPTY
    node = _converted(composed, 0)
    if node.entries is None:
        raise _RefusedError(node.line, "The file does not begin with a mapping.")
    return node


def _converted(node: yaml.Node, depth: int) -> Node:
    line = node.start_mark.line + 1
    if depth > MAX_DEPTH:
        raise _RefusedError(line, "Values are nested too deep.")
    if isinstance(node, yaml.ScalarNode):
        is_null = not node.style and node.value in {"", "~", "null"}
        return Node(line, scalar=None if is_null else node.value)
    if isinstance(node, yaml.SequenceNode):
        return Node(line, items=[_converted(item, depth + 1) for item in node.value])
    entries: dict[str, Node] = {}
    key_lines: dict[str, int] = {}
    for key, value in node.value:
        key_line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise _RefusedError(key_line, "A key is not a word.")
        if key.value in entries:
            raise _RefusedError(key_line, f"The key {key.value} is repeated.")
        entries[key.value] = _converted(value, depth + 1)
        key_lines[key.value] = key_line
    return Node(line, entries=entries, key_lines=key_lines)


class Fields:
    """Typed reading of one mapping; what is missing, unknown or of the wrong kind is reported."""

    def __init__(self, node: Node, report: Report, what: str, file: str = "") -> None:
        self.what, self.line = what, node.line
        self._report, self._file = report, file or report.file
        self._entries = node.entries or {}
        self._key_lines = node.key_lines
        if node.entries is None:
            self.fault(node.line, f"{what} is not a mapping.", "Write keys and values.")

    def fault(self, line: int, reason: str, remedy: str) -> None:
        self._report.add(line, reason, remedy, file=self._file)

    def only(self, required: Set[str], optional: Set[str] = frozenset()) -> "Fields":
        for key in self._entries.keys() - required - optional:
            allowed = ", ".join(sorted(required | optional))
            line = self._key_lines[key]
            self.fault(line, f"{self.what}: the key {key} is unknown.", f"Use only: {allowed}.")
        for key in required - self._entries.keys():
            self.fault(self.line, f"{self.what}: {key} is missing.", f"Add {key}.")
        return self

    def has(self, key: str) -> bool:
        return key in self._entries

    @property
    def ids(self) -> list[str]:
        return list(self._entries)

    def node(self, key: str) -> Node | None:
        return self._entries.get(key)

    def line_of(self, key: str) -> int:
        node = self._entries.get(key)
        return node.line if node else self.line

    def inside(self, key: str, what: str = "") -> "Fields":
        node = self._entries.get(key) or Node(self.line, entries={})
        return Fields(node, self._report, what or f"{self.what}.{key}", self._file)

    def text(self, key: str) -> str:
        """A text in NFC without surrounding space, or "" where it is missing or empty."""
        node = self._entries.get(key)
        if node is None:
            return ""
        words = self._scalar(key, node)
        if words and not unicodedata.is_normalized("NFC", words):
            self._wrong(key, "holds letters that are not composed", "Save the text in NFC.")
        return words.strip()

    def choice(self, key: str, options: set[str], default: str = "") -> str:
        node = self._entries.get(key)
        if node is None:
            return default
        word = self._scalar(key, node)
        if word and word not in options:
            known = ", ".join(sorted(options))
            self._wrong(key, f"is {word}, which is not known", f"Choose one of: {known}.")
            return default
        return word

    def day(self, key: str, *, may_be_open: bool = False) -> date | None:
        node = self._entries.get(key)
        if node is None or (may_be_open and node.scalar is None and node.items is None):
            return None
        word = self._scalar(key, node)
        try:
            # Only the one form: fromisoformat also knows weeks and days without dashes.
            found = date.fromisoformat(word) if _DAY.fullmatch(word) else None
        except ValueError:
            found = None
        if found is None:
            reason = f"is {word or 'empty'}, which is not a day"
            self._wrong(key, reason, "Write it as 2026-07-18.")
        return found

    def integer(self, key: str) -> int:
        word = self.text(key)
        if not word:
            return 0
        try:
            return int(word)
        except ValueError:
            self._wrong(key, f"is {word}, which is not a whole number", "Write digits only.")
            return 0

    def decimal(self, key: str) -> Decimal | None:
        word = self.text(key)
        try:
            number = Decimal(word)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) >= 10**12:
            self._wrong(key, f"is {word or 'empty'}, which is not a number", "Write it as 1234.56.")
            return None
        return number

    def boolean(self, key: str) -> bool:
        return self.choice(key, {"true", "false"}, "false") == "true"

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; an absent list is empty."""
        node = self._entries.get(key)
        if node is None:
            return ()
        if node.items is None:
            self._wrong(key, "is not a list", "Write it as [one, two].")
            return ()
        return tuple(self._scalar(key, item).strip() for item in node.items)

    def mappings(self, key: str, what: str) -> list["Fields"]:
        node = self._entries.get(key)
        if node is None:
            return []
        if node.items is None:
            self._wrong(key, "is not a list", "Begin each entry with a dash.")
            return []
        return [Fields(item, self._report, what, self._file) for item in node.items]

    def _scalar(self, key: str, node: Node) -> str:
        if node.entries is not None or node.items is not None:
            self._wrong(key, "is not a single value", "Write one value, in quotes if need be.")
            return ""
        if not (node.scalar or "").strip():
            self._wrong(key, "is empty", "Write a value.")
        return node.scalar or ""

    def _wrong(self, key: str, reason: str, remedy: str) -> None:
        self.fault(self.line_of(key), f"{self.what}: {key} {reason}.", remedy)
