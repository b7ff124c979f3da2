"""`definitions/<id>/texts/<lang>.yaml` and `examples.yaml`."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from przystan.procedures.authoring.nodes import Item
from przystan.procedures.forms import (
    DocumentWords,
    Example,
    OutcomeWords,
    RuleWords,
    TermWords,
    Words,
)

T = TypeVar("T")


def words(top: Item, language: str) -> Words:
    """The texts of a definition in one language."""
    found = top.fields(
        needed=["revision", "title", "summary", "outcomes"],
        offered=["asked", "rules", "contradictions", "fees", "documents", "terms"],
    )
    return Words(
        language=language,
        revision=found["revision"].whole() if "revision" in found else 1,
        title=_text(found, "title"),
        summary=_text(found, "summary"),
        outcomes=_each(found, "outcomes", _outcome),
        rules=_each(found, "rules", _rule),
        contradictions=_each(found, "contradictions", Item.text),
        fees=_each(found, "fees", Item.text),
        documents=_each(found, "documents", _document),
        terms=_each(found, "terms", _term),
        asked=found["asked"].texts() if "asked" in found else (),
    )


def _text(found: Mapping[str, Item], key: str) -> str:
    return found[key].text() if key in found else ""


def _each(found: Mapping[str, Item], key: str, read: Callable[[Item], T]) -> dict[str, T]:
    return {id: read(item) for id, item in found[key].entries().items()} if key in found else {}


def _outcome(item: Item) -> OutcomeWords:
    found = item.fields(needed=["title"], offered=["text", "steps"])
    steps = found["steps"].texts() if "steps" in found else ()
    return OutcomeWords(_text(found, "title"), _text(found, "text"), steps)


def _rule(item: Item) -> RuleWords:
    found = item.fields(offered=["true", "false"])
    return RuleWords(_text(found, "true"), _text(found, "false"))


def _document(item: Item) -> DocumentWords:
    found = item.fields(needed=["name"], offered=["issuer", "validity", "note"])
    return DocumentWords(*(_text(found, key) for key in ("name", "issuer", "validity", "note")))


def _term(item: Item) -> TermWords:
    found = item.fields(needed=["name"], offered=["note"])
    return TermWords(_text(found, "name"), _text(found, "note"))


def examples(top: Item) -> list[Example]:
    return [_example(item) for item in top.items()]


def _example(item: Item) -> Example:
    found = item.fields(
        needed=["id", "on", "facts"],
        offered=["golden", "outcome", "status", "fee", "terms", "documents", "asks"],
    )
    if "outcome" not in found and "asks" not in found:
        item.fail("An example says its outcome, or what it asks.")
    facts = found["facts"].plain() if "facts" in found else {}
    if not isinstance(facts, dict):
        item.fail("Facts are a mapping.")
        facts = {}
    return Example(
        id=_text(found, "id"),
        on=found["on"].day() if "on" in found else date.min,
        facts=facts,
        golden=_text(found, "golden"),
        outcome=_text(found, "outcome") or None,
        status=_text(found, "status"),
        fee_grosz=found["fee"].whole() if "fee" in found else None,
        terms=_each(found, "terms", Item.text),
        documents=found["documents"].texts() if "documents" in found else None,
        asks=_text(found, "asks"),
        where=item.where,
    )
