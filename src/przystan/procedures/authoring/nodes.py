"""A YAML file as typed pieces that know where they stand.

Nothing is guessed from the spelling of a value: `no` is a text until somebody asks for a yes or
a no. What does not fit is noted in `faults` and reading goes on, so that one call names it all.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import yaml

from przystan.rules import Fault, Source, Where

LARGEST_FILE = 1_000_000  # characters
_YES = {"true": True, "false": False}
_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a file: a scalar, a sequence or a mapping.

    `lines` are those of the file: an expression is cut out of them as it was written, so that
    an error inside it has its line and column.
    """

    node: yaml.Node
    file: str
    lines: Sequence[str]
    faults: list[Fault]

    @property
    def where(self) -> Where:
        mark = self.node.start_mark
        return Where(self.file, mark.line + 1, mark.column + 1)

    def fail(self, message: str, hint: str = "") -> None:
        self.faults.append(Fault(self.where, message, hint))

    # --- mappings and sequences ---------------------------------------------------------------

    def entries(self) -> dict[str, "Item"]:
        """What stands under each key; a key twice is a fault."""
        if not isinstance(self.node, yaml.MappingNode):
            self.fail("This must be a mapping: keys with values.")
            return {}
        found: dict[str, Item] = {}
        for key_node, value_node in self.node.value:
            key = replace(self, node=key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                key.fail("A key must be a word.")
            elif key_node.value in found:
                key.fail(f"`{key_node.value}` stands here twice.", "Keep one of them.")
            else:
                found[key_node.value] = replace(self, node=value_node)
        return found

    def fields(self, needed: Iterable[str] = (), offered: Iterable[str] = ()) -> dict[str, "Item"]:
        """The entries of a mapping whose keys are known; what is strange or missing is a fault."""
        found = self.entries()
        needed, known = list(needed), [*needed, *offered]
        for key in [key for key in found if key not in known]:
            item = found.pop(key)
            item.fail(f"`{key}` is not known here.", f"Known are: {', '.join(known)}.")
        if isinstance(self.node, yaml.MappingNode):
            for key in needed:
                if key not in found:
                    self.fail(f"`{key}` is missing.")
        return found

    def items(self) -> list["Item"]:
        if not isinstance(self.node, yaml.SequenceNode):
            self.fail("This must be a list.", "Write it as [a, b] or with a dash on each line.")
            return []
        return [replace(self, node=node) for node in self.node.value]

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.node, yaml.MappingNode)

    # --- scalars ------------------------------------------------------------------------------

    def text(self) -> str:
        if not isinstance(self.node, yaml.ScalarNode):
            self.fail("This must be one value.")
            return ""
        value: str = self.node.value
        if not value.strip():
            self.fail("This is empty.")
        return value.strip()

    def texts(self) -> tuple[str, ...]:
        return tuple(item.text() for item in self.items())

    def one_of(self, *options: str) -> str:
        value = self.text()
        if value in options:
            return value
        self.fail(f"`{value}` is none of the options.", f"Use: {', '.join(options)}.")
        return options[0]

    def truth(self) -> bool:
        return _YES[self.one_of("true", "false")]

    def whole(self) -> int:
        value = self.text()
        try:
            return int(value)
        except ValueError:
            self.fail(f"`{value}` is not a whole number.")
            return 0

    def day(self) -> date:
        value = self.text()
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"`{value}` is not a day.", "Write it as 2026-11-23.")
            return date.max

    def source(self) -> Source:
        """The text of an expression as it stands in the file, lines included."""
        value = self.text()
        node = self.node
        if not isinstance(node, yaml.ScalarNode):
            return Source("false", self.where)
        start, end = node.start_mark, node.end_mark
        match node.style:
            case "|" | ">":
                body = self.lines[start.line + 1 : end.line]
                return Source("\n".join(body), Where(self.file, start.line + 2, 1))
            case '"' | "'":
                return Source(value, Where(self.file, start.line + 1, start.column + 2))
        written = list(self.lines[start.line : end.line + 1])
        written[-1] = written[-1][: end.column]
        written[0] = written[0][start.column :]
        return Source("\n".join(written), self.where)

    def plain(self) -> object:
        """The value as JSON knows it: what examples state."""
        try:
            return _plain(self.node)
        except (yaml.YAMLError, ValueError) as error:
            self.fail(f"This cannot be read: {error}")
            return None


def _plain(node: yaml.Node) -> object:
    """Days stay texts; numbers, yes and no, and null are what YAML 1.2 takes them for."""
    match node:
        case yaml.MappingNode():
            return {str(_plain(key)): _plain(value) for key, value in node.value}
        case yaml.SequenceNode():
            return [_plain(item) for item in node.value]
        case yaml.ScalarNode():
            text: str = node.value
            if node.style in ("'", '"', "|", ">"):
                return text
            if text in _YES:
                return _YES[text]
            if text in ("", "null", "~"):
                return None
            return int(text) if text.removeprefix("-").isdigit() else text
    raise ValueError("an unknown kind of node")


def read(text: str, file: str, faults: list[Fault]) -> Item | None:
    """The top of a YAML file; None, with the fault noted, where it is none."""
    if len(text) > LARGEST_FILE:
        faults.append(Fault(Where(file), f"The file is longer than {LARGEST_FILE} characters."))
        return None
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = Where(file, mark.line + 1, mark.column + 1) if mark else Where(file)
        faults.append(Fault(where, f"This is not YAML: {error.problem}."))
        return None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        faults.append(Fault(Where(file), f"This is not YAML: {error}."))
        return None
    if node is None:
        faults.append(Fault(Where(file), "The file is empty."))
        return None
    if _has_alias(node):
        faults.append(Fault(Where(file), "An alias (*) is used.", "Write the value out."))
        return None
    return Item(node, file, text.split("\n"), faults)


def _has_alias(top: yaml.Node) -> bool:
    """An alias makes a piece stand in two places; a few of them can make a file endless."""
    seen: set[int] = set()
    for node in _nodes(top):
        if id(node) in seen:
            return True
        seen.add(id(node))
    return False


def _nodes(top: yaml.Node) -> Iterator[yaml.Node]:
    waiting = [top]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, yaml.MappingNode):
            waiting.extend(each for pair in node.value for each in pair)
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
