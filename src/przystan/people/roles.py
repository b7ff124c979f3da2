"""Roles, permissions and teams, read from roles.yaml and checked before anything runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

import yaml
from django.utils.translation import gettext

from przystan.core.errors import BadFileError
from przystan.people.actor import Assurance

ROLES_FILE = Path(__file__).with_name("roles.yaml")
LEVELS: tuple[Assurance, ...] = get_args(Assurance)
_LINE = "__line__"
_ROLE_KEYS = {"id", "label", "staff", "assurance", "teams", "may"}


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody is in an office (staff) or towards it (visitor, person)."""

    id: str
    msgid: str
    is_staff: bool
    assurance: Assurance
    may: frozenset[str]
    teams: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """The role's name in the language of the page."""
        return gettext(self.msgid)


@dataclass(frozen=True, slots=True)
class Book:
    """All of roles.yaml. Keys are ids."""

    permissions: Mapping[str, str]
    teams: Mapping[str, str]
    roles: Mapping[str, Role]

    def role(self, role_id: str) -> Role:
        """The role, or LookupError: a role id comes from our own code or database."""
        if role_id not in self.roles:
            raise LookupError(f"There is no role {role_id!r} in {ROLES_FILE.name}.")
        return self.roles[role_id]


def level(assurance: Assurance) -> int:
    """0 for none to 3 for high."""
    return LEVELS.index(assurance)


@cache
def book() -> Book:
    """The product's own roles.

    Raises:
        BadFileError: names file, line and reason.
    """
    return read(ROLES_FILE)


def read(path: Path) -> Book:
    """Read and check a file of roles; see the comment on top of roles.yaml for its form."""
    return _Reader(path).book()


class _LineLoader(yaml.SafeLoader):
    """Remembers the line of each mapping, so that an error can name it."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        mapping = super().construct_mapping(node, deep=deep)
        mapping[_LINE] = node.start_mark.line + 1
        return mapping


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path

    def book(self) -> Book:
        top = self._mapping(self._parse(), None, "the file")
        permissions = self._words(top, "permissions")
        teams = self._words(top, "teams")
        listed = top.get("roles")
        if not isinstance(listed, list) or not listed:
            raise self._bad(None, "expected `roles` to be a list of at least one role.")
        roles: dict[str, Role] = {}
        for entry in listed:
            role, line = self._role(entry, permissions, teams)
            if role.id in roles:
                raise self._bad(line, f"role {role.id!r} is defined twice; remove one.")
            roles[role.id] = role
        for needed in ("visitor", "person", "system"):
            if needed not in roles:
                raise self._bad(None, f"role {needed!r} is missing; the product cannot do without.")
        return Book(permissions, teams, roles)

    def _parse(self) -> Any:
        try:
            # _LineLoader is a SafeLoader: it builds plain values only.
            return yaml.load(self.path.read_text(encoding="utf-8"), Loader=_LineLoader)  # noqa: S506
        except OSError as error:
            raise self._bad(None, f"could not be read ({type(error).__name__}).") from error
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            raise self._bad(mark.line + 1 if mark else None, "is not YAML in UTF-8.") from error

    def _words(self, top: Mapping[str, Any], name: str) -> dict[str, str]:
        found = self._mapping(top.get(name), None, f"`{name}`")
        line = found.get(_LINE)
        words = {key: value for key, value in found.items() if key != _LINE}
        for key, value in words.items():
            if not isinstance(key, str) or not isinstance(value, str):
                raise self._bad(line, f"{name}: expected `id: words`, found {key!r}: {value!r}.")
        return words

    def _role(
        self, entry: Any, permissions: Mapping[str, str], teams: Mapping[str, str]
    ) -> tuple[Role, int]:
        found = self._mapping(entry, None, "a role")
        line: int = found[_LINE]
        name = found.get("id")
        if not isinstance(name, str) or not name.isidentifier():
            raise self._bad(line, f"a role needs an `id` of letters and _, found {name!r}.")
        if unknown := set(found) - _ROLE_KEYS - {_LINE}:
            raise self._bad(line, f"role {name}: unknown key {sorted(map(str, unknown))[0]!r}.")
        if not isinstance(found.get("label"), str) or not isinstance(found.get("staff"), bool):
            raise self._bad(line, f"role {name}: expected `label: words` and `staff: true|false`.")
        if found.get("assurance") not in LEVELS:
            expected = ", ".join(LEVELS)
            raise self._bad(
                line, f"role {name}: assurance {found.get('assurance')!r} is none of {expected}."
            )
        if found["staff"] and level(found["assurance"]) < level("substantial"):
            raise self._bad(line, f"role {name}: staff need assurance substantial or high.")
        may = found.get("may")
        allowed = permissions if may == "all" else self._ids(found, "may", permissions, name)
        role = Role(
            id=name,
            msgid=found["label"],
            is_staff=found["staff"],
            assurance=found["assurance"],
            may=frozenset(allowed),
            teams=frozenset(self._ids(found, "teams", teams, name)),
        )
        return role, line

    def _ids(
        self, found: Mapping[str, Any], key: str, known: Mapping[str, str], role: str
    ) -> Sequence[str]:
        listed = found.get(key, [])
        if not isinstance(listed, list):
            raise self._bad(found[_LINE], f"role {role}: expected `{key}` to be a list of ids.")
        for item in listed:
            if item not in known:
                raise self._bad(
                    found[_LINE],
                    f"role {role}: {item!r} in `{key}` is not defined; define or correct it.",
                )
        return listed

    def _mapping(self, value: Any, line: int | None, what: str) -> dict[Any, Any]:
        if not isinstance(value, dict):
            raise self._bad(line, f"expected {what} to be `key: value` lines.")
        return value

    def _bad(self, line: int | None, reason: str) -> BadFileError:
        return BadFileError(self.path, line, reason)
