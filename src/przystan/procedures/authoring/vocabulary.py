"""`facts/<theme>.yaml`: the shared vocabulary, and its words."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from przystan.core import countries
from przystan.procedures.authoring.nodes import Item
from przystan.procedures.forms import AuthorityWords, FactForm, FactWords, FieldWords
from przystan.rules import (
    BOOL,
    DATE,
    DECIMAL,
    TEXT,
    Fact,
    Kind,
    KnownBy,
    Sensitivity,
    Type,
    choice,
    list_of,
)

FORMATS: Final = ("pesel", "nip", "regon", "phone", "passport", "pkd", "postcode", "email")
KINDS: Final = (*(kind.value for kind in Kind), "country")
_BOUNDED: Final = frozenset({Kind.INT, Kind.DECIMAL, Kind.MONEY, Kind.DATE, Kind.PERIOD})
_SHAPE: Final = ("unit", "options", "low", "high", "of")
_SENSITIVITY: Final = {each.name.lower(): each for each in Sensitivity}


def facts(top: Item, theme: str) -> list[FactForm]:
    """The facts of one theme's file."""
    return [_fact(id, item, theme) for id, item in top.entries().items()]


def _fact(id: str, item: Item, theme: str) -> FactForm:
    found = item.fields(
        needed=["type"],
        offered=[
            *_SHAPE, "partial", "past", "known_by", "changeable", "effort", "sensitivity",
            "unknown", "format",
        ],
    )  # fmt: skip
    type_, is_of_countries = _type(item, found)
    effort = found["effort"].whole() if "effort" in found else 1
    if not 1 <= effort <= 5:
        item.fail(f"An effort of {effort} is none.", "Use 1 (everybody knows) to 5 (in papers).")
    fact = Fact(
        id,
        type_,
        known_by=KnownBy(_option(found, "known_by", "person", "official")),
        is_changeable=_is(found, "changeable"),
        may_be_partial=_is(found, "partial"),
        effort=max(1, effort),
        sensitivity=_SENSITIVITY[_option(found, "sensitivity", *_SENSITIVITY)],
        where=item.where,
    )
    format = found["format"].one_of(*FORMATS) if "format" in found else ""
    if format and type_.kind is not Kind.TEXT:
        item.fail("Only a text has a format.")
    return FactForm(
        fact=fact,
        theme=theme,
        is_past=_is(found, "past"),
        may_be_unknown=_is(found, "unknown") if "unknown" in found else True,
        format=format,
        countries=frozenset({""} if is_of_countries else _country_fields(found)),
        where=item.where,
    )


def _is(found: Mapping[str, Item], key: str) -> bool:
    return key in found and found[key].truth()


def _option(found: Mapping[str, Item], key: str, *options: str) -> str:
    return found[key].one_of(*options) if key in found else options[0]


def _type(item: Item, found: Mapping[str, Item]) -> tuple[Type, bool]:
    """The type, and whether its codes are countries."""
    if "type" not in found:
        return BOOL, False
    name = found["type"].one_of(*KINDS)
    match name:
        case "country":
            return choice(*countries.codes()), True
        case "choice":
            options = found["options"].texts() if "options" in found else ()
            if not options:
                item.fail("A choice needs options.")
            return choice(*(options or ("none",))), False
        case "list" | "record":
            return _compound(name, item, found)
        case "bool":
            return BOOL, False
        case "text":
            return TEXT, False
    kind = Kind(name)
    type_ = Type(kind, found["unit"].text() if "unit" in found else "")
    bare = {"date": DATE, "decimal": DECIMAL}.get(name, type_)
    return replace(bare, unit=type_.unit, low=_bound(kind, found, "low"),
                   high=_bound(kind, found, "high")), False  # fmt: skip


def _compound(name: str, item: Item, found: Mapping[str, Item]) -> tuple[Type, bool]:
    if "of" not in found:
        item.fail(f"A {name} needs `of`: the fields, or the kind of its items.")
        return list_of(TEXT), False
    inner = found["of"]
    if not inner.is_mapping:
        type_, is_of_countries = _type(item, {**found, "type": inner})
        return list_of(type_), is_of_countries
    fields = tuple((id, _field(each)[0]) for id, each in inner.entries().items())
    shape = Type(Kind.RECORD, fields=fields)
    return (list_of(shape) if name == "list" else shape), False


def _field(item: Item) -> tuple[Type, bool]:
    return _type(item, item.fields(needed=["type"], offered=_SHAPE))


def _country_fields(found: Mapping[str, Item]) -> set[str]:
    if "of" not in found or not found["of"].is_mapping:
        return set()
    return {
        id
        for id, each in found["of"].entries().items()
        if each.is_mapping and "type" in (shape := each.entries())
        and shape["type"].text() == "country"
    }  # fmt: skip


def _bound(kind: Kind, found: Mapping[str, Item], key: str) -> int | date | None:
    if key not in found:
        return None
    if kind not in _BOUNDED:
        found[key].fail(f"A {kind} has no {key}est value.")
        return None
    return found[key].day() if kind is Kind.DATE else found[key].whole()


# --- words ------------------------------------------------------------------------------------


def words(top: Item) -> dict[str, FactWords]:
    """`facts/texts/<lang>/<theme>.yaml`: how each fact of a theme is asked for."""
    return {id: _words(item) for id, item in top.entries().items()}


def _words(item: Item) -> FactWords:
    found = item.fields(
        needed=["label", "question", "short", "why"], offered=["how", "options", "item", "fields"]
    )

    def text(key: str) -> str:
        return found[key].text() if key in found else ""

    fields = found["fields"].entries() if "fields" in found else {}
    return FactWords(
        label=text("label"),
        question=text("question"),
        short=text("short"),
        why=text("why"),
        how=text("how"),
        options=_texts(found.get("options")),
        item=text("item"),
        fields={id: _field_words(each) for id, each in fields.items()},
    )


def _field_words(item: Item) -> FieldWords:
    found = item.fields(needed=["label"], offered=["options"])
    label = found["label"].text() if "label" in found else ""
    return FieldWords(label, _texts(found.get("options")))


def _texts(item: Item | None) -> dict[str, str]:
    return {key: each.text() for key, each in item.entries().items()} if item else {}


def authorities(top: Item) -> dict[str, AuthorityWords]:
    """`authorities/<lang>.yaml`: code to name, and which one is competent."""
    found = {}
    for code, item in top.entries().items():
        fields = item.fields(needed=["name"], offered=["where"])
        found[code] = AuthorityWords(
            fields["name"].text() if "name" in fields else code,
            fields["where"].text() if "where" in fields else "",
        )
    return found
