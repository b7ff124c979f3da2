"""The shared vocabulary: what facts there are, who can know them, what asking them costs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final

from .faults import DefinitionError, Fault, Where
from .values import Kind, Type


class KnownBy(StrEnum):
    PERSON = "person"
    OFFICIAL = "official"  # an assessment; never asked of the person


class Sensitivity(IntEnum):
    """How much it costs a person to say it; weighs in the order of questions."""

    ORDINARY = 1
    PERSONAL = 2
    SPECIAL = 4  # GDPR art. 9 and 10: health, beliefs, origin, offences


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that may be known about a person's matter.

    `effort` is what an answer costs in taps: 1 for what everybody knows, 5 for what must be
    looked up in papers. A birth date of which only the year is known is a partial one.
    """

    id: str
    type: Type
    known_by: KnownBy = KnownBy.PERSON
    is_changeable: bool = False
    may_be_partial: bool = False
    effort: int = 1
    sensitivity: Sensitivity = Sensitivity.ORDINARY
    where: Where = field(default=Where(), compare=False)

    @property
    def cost(self) -> int:
        return self.effort * self.sensitivity


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated value of the law (`knowledge` owns values and sources); here its type."""

    id: str
    type: Type
    where: Where = field(default=Where(), compare=False)


RESERVED: Final = frozenset({"on", "true", "false", "in"})


class Vocabulary:
    """Facts and parameters by id.

    Raises:
        DefinitionError: an id used twice or reserved, a type that cannot be.
    """

    def __init__(self, facts: Iterable[Fact], parameters: Iterable[Parameter] = ()) -> None:
        known: dict[str, Fact | Parameter] = {}
        faults: list[Fault] = []
        entries: list[Fact | Parameter] = [*facts, *parameters]
        for entry in entries:
            faults += _faults(entry, known)
            known.setdefault(entry.id, entry)
        if faults:
            raise DefinitionError(faults)
        self.facts: Mapping[str, Fact] = MappingProxyType(
            {id: entry for id, entry in known.items() if isinstance(entry, Fact)}
        )
        self.parameters: Mapping[str, Parameter] = MappingProxyType(
            {id: entry for id, entry in known.items() if isinstance(entry, Parameter)}
        )


def _faults(entry: Fact | Parameter, known: Mapping[str, object]) -> Iterable[Fault]:
    if not is_name(entry.id):
        yield Fault(
            entry.where,
            f"`{entry.id}` cannot be the id of a fact or parameter.",
            "Use small ASCII letters, digits and _, and none of: " + ", ".join(sorted(RESERVED)),
        )
    if entry.id in known:
        yield Fault(entry.where, f"The id `{entry.id}` is used twice.", "Rename one of them.")
    yield from (Fault(entry.where, f"{entry.id}: {wrong}") for wrong in _wrong(entry.type, 0))
    if isinstance(entry, Fact) and entry.may_be_partial and entry.type.kind is not Kind.DATE:
        yield Fault(entry.where, f"{entry.id}: only a date may be partial.")


def is_name(id: str) -> bool:
    return id.isascii() and id.isidentifier() and id == id.lower() and id not in RESERVED


def _wrong(type_: Type, depth: int) -> Iterable[str]:
    match type_.kind:
        case Kind.CHOICE if not type_.options or len(set(type_.options)) != len(type_.options):
            yield "a choice needs options, each once."
        case Kind.PERIOD if type_.unit not in ("days", "months"):
            yield "the unit of a period is days or months."
        case Kind.RECORD:
            if not type_.fields or depth > 1:
                yield "a record needs fields and may stand in a list, not deeper."
            for name, inner in type_.fields:
                if not is_name(name):
                    yield f"`{name}` cannot be the name of a field."
                if inner.kind in (Kind.RECORD, Kind.LIST):
                    yield f"the field `{name}` cannot itself be a {inner.kind}."
                yield from _wrong(inner, depth + 1)
        case Kind.LIST:
            if type_.item is None or type_.item.kind is Kind.LIST or depth:
                yield "a list needs one type of item, which is no list."
            else:
                yield from _wrong(type_.item, depth + 1)
    if type_.low is not None and type_.high is not None and type_.low > type_.high:  # type: ignore[operator]  # both of the type's kind
        yield "the lowest value is above the highest."
