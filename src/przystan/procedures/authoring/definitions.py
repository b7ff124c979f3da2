"""`definitions/<id>/<valid-from>.r<n>.yaml`: the rules of one version of a procedure."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import PurePath
from typing import Final, TypeVar

from przystan.procedures.authoring.nodes import Item
from przystan.procedures.forms import Contradiction, FilesWith, OutcomeForm, Part, Verdict, Version
from przystan.rules import (
    Definition,
    HitPolicy,
    Outcome,
    OutcomeKind,
    Row,
    Rule,
    Source,
    Table,
    Where,
)

FILE_NAME: Final = re.compile(r"(\d{4}-\d\d-\d\d)\.r([1-9]\d*)\.yaml\Z")
KEBAB: Final = re.compile(r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z")
TOPICS: Final = ("stay", "work", "ukraine", "family", "life", "return", "rights")
AUDIENCES: Final = ("person", "employer", "official")
E = TypeVar("E", bound=StrEnum)
# The value of a fee or term whose `when` does not hold; it is never shown.
_NOT_MEANT: Final = {"fees": "pln(0)", "terms": 'date("9999-12-31")'}


def named(path: PurePath) -> tuple[date, int] | None:
    """First day and revision out of a file's name; None where it is no definition's name."""
    found = FILE_NAME.match(path.name)
    try:
        return (date.fromisoformat(found[1]), int(found[2])) if found else None
    except ValueError:
        return None


def content_hash(text: str) -> str:
    """SHA-256 of a file's text: what is published never changes."""
    return hashlib.sha256(text.encode()).hexdigest()


def version(top: Item, id: str, valid_from: date, revision: int, text: str) -> Version:
    """A version out of its file; faults go to the item's list."""
    found = top.fields(
        needed=["topic", "outcomes"],
        offered=[
            "audience", "order", "law_of", "articles", "rules", "tables", "contradictions",
            "fees", "documents", "terms",
        ],
    )  # fmt: skip
    if not KEBAB.match(id):
        top.fail(f"`{id}` cannot be the id of a definition.", "Use small letters, digits and -.")
    reading = _Reading()
    for name, item in _entries(found, "rules").items():
        reading.rules.append(_rule(name, item))
    tables = tuple(_table(name, item) for name, item in _entries(found, "tables").items())
    fees = _parts(reading, found, "fees", "amount")
    documents = _parts(reading, found, "documents", "when")
    terms = _parts(reading, found, "terms", "day")
    contradictions = tuple(
        _contradiction(reading, name, item)
        for name, item in _entries(found, "contradictions").items()
    )
    parts = {"fees": fees, "documents": documents, "terms": terms}
    outcomes = [
        _outcome(reading, item, parts)
        for item in (found["outcomes"].items() if "outcomes" in found else [])
    ]
    return Version(
        definition=Definition(
            id=id,
            valid_from=valid_from,
            revision=revision,
            rules=tuple(reading.rules),
            tables=tables,
            outcomes=tuple(outcome for outcome, _ in outcomes),
            where=top.where,
        ),
        topic=found["topic"].one_of(*TOPICS) if "topic" in found else TOPICS[0],
        audience=_audience(found),
        order=found["order"].whole() if "order" in found else 100,
        law_of=found["law_of"].text() if "law_of" in found else "",
        articles=_texts(found, "articles"),
        fees=fees,
        documents=documents,
        terms=terms,
        contradictions=contradictions,
        outcomes={form.id: form for _, form in outcomes},
        content_hash=content_hash(text),
        file=top.file,
    )


@dataclass(slots=True)
class _Reading:
    """Rules found so far: written ones, and those behind fees, documents, terms."""

    rules: list[Rule] = field(default_factory=list)

    def add(
        self, id: str, item: Item, sources: tuple[str, ...] = (), is_verified: bool = True
    ) -> str:
        self.rules.append(Rule(id, item.source(), sources, is_verified, item.where))
        return id


def _entries(found: Mapping[str, Item], key: str) -> dict[str, Item]:
    return found[key].entries() if key in found else {}


def _texts(found: Mapping[str, Item], key: str) -> tuple[str, ...]:
    return found[key].texts() if key in found else ()


def _is(found: Mapping[str, Item], key: str, default: bool) -> bool:
    return found[key].truth() if key in found else default


def _audience(found: Mapping[str, Item]) -> tuple[str, ...]:
    if "audience" not in found:
        return ("person",)
    return tuple(item.one_of(*AUDIENCES) for item in found["audience"].items())


def _rule(name: str, item: Item) -> Rule:
    found = item.fields(needed=["value"], offered=["sources", "verified"])
    value = found["value"].source() if "value" in found else Source("false")
    return Rule(name, value, _texts(found, "sources"), _is(found, "verified", True), item.where)


def _table(name: str, item: Item) -> Table:
    found = item.fields(needed=["inputs", "rows"], offered=["policy"])
    policies = [policy.value for policy in HitPolicy]
    rows = [_row(row) for row in (found["rows"].items() if "rows" in found else [])]
    return Table(
        name,
        tuple(each.source() for each in (found["inputs"].items() if "inputs" in found else [])),
        tuple(row for row in rows if row is not None),
        HitPolicy(found["policy"].one_of(*policies)) if "policy" in found else HitPolicy.FIRST,
        item.where,
    )


def _row(item: Item) -> Row | None:
    """[tests, value] or [tests, value, sources]."""
    cells = item.items()
    if len(cells) not in (2, 3):
        item.fail("A row is [tests, value] or [tests, value, sources].")
        return None
    tests = tuple(cell.source() for cell in cells[0].items())
    sources = cells[2].texts() if len(cells) == 3 else ()
    return Row(tests, cells[1].source(), sources, item.where)


def _snake(id: str) -> str:
    return id.replace("-", "_")


def _parts(
    reading: _Reading, found: Mapping[str, Item], group: str, expression: str
) -> dict[str, Part]:
    """Fees, documents or terms; only a document may do without an expression."""
    parts = {}
    for id, item in _entries(found, group).items():
        offered = ["sources", "verified", "when"]
        needed = [expression]
        if group == "documents":
            needed, offered = [], [expression, "translation", "sources", "verified"]
        fields = item.fields(needed, offered)
        if not KEBAB.match(id):
            item.fail(f"`{id}` cannot be an id here.", "Use small letters, digits and -.")
        sources = _texts(fields, "sources")
        is_verified = _is(fields, "verified", True)
        rule = applies = ""
        if expression in fields:
            rule = f"{group[:-1]}_{_snake(id)}"
            if group != "documents" and "when" in fields:
                applies = reading.add(f"{rule}_if", fields["when"])
                then = reading.add(f"{rule}_then", fields[expression], sources, is_verified)
                text = f"{applies} ? {then} : {_NOT_MEANT[group]}"
                reading.rules.append(Rule(rule, Source(text, item.where), where=item.where))
            else:
                reading.add(rule, fields[expression], sources, is_verified)
        parts[id] = Part(id, rule, sources, _is(fields, "translation", False), applies)
    return parts


def _contradiction(reading: _Reading, id: str, item: Item) -> Contradiction:
    found = item.fields(needed=["when", "facts"])
    rule = f"contradiction_{_snake(id)}"
    if "when" in found:
        reading.add(rule, found["when"])
    return Contradiction(id, rule, _texts(found, "facts"))


def _outcome(
    reading: _Reading, item: Item, parts: Mapping[str, Mapping[str, Part]]
) -> tuple[Outcome, OutcomeForm]:
    found = item.fields(
        needed=["id", "when", "verdict"],
        offered=[
            "kind", "sources", "fees", "documents", "terms", "authority", "files_with", "leads_to",
            "excludes", "services", "articles", "verified", "human", "sealed",
        ],
    )  # fmt: skip
    id = found["id"].text() if "id" in found else ""
    chosen = {group: _chosen(found, group, known) for group, known in parts.items()}
    authority, rule = _authority(reading, id, found)
    form = OutcomeForm(
        id=id,
        verdict=_option(found, "verdict", Verdict, Verdict.DEPENDS),
        fees=chosen["fees"],
        documents=chosen["documents"],
        terms=chosen["terms"],
        authority=authority,
        authority_rule=rule,
        files_with=_option(found, "files_with", FilesWith, FilesWith.NONE),
        leads_to=_texts(found, "leads_to"),
        excludes=_texts(found, "excludes"),
        services=_texts(found, "services"),
        articles=_texts(found, "articles"),
        is_verified=_is(found, "verified", True),
        offers_human=_is(found, "human", False),
        is_sealed=_is(found, "sealed", False),
        where=item.where,
    )
    details = [
        parts[group][each].rule
        for group in ("fees", "documents", "terms")
        for each in chosen[group]
        if parts[group][each].rule
    ]
    outcome = Outcome(
        id,
        found["when"].source() if "when" in found else Source("false"),
        _texts(found, "sources"),
        _option(found, "kind", OutcomeKind, OutcomeKind.RESULT),
        tuple([*details, rule] if rule else details),
        item.where,
    )
    return outcome, form


def _option(found: Mapping[str, Item], key: str, options: type[E], default: E) -> E:
    if key not in found:
        return default
    return options(found[key].one_of(*(each.value for each in options)))


def _chosen(found: Mapping[str, Item], group: str, known: Mapping[str, Part]) -> tuple[str, ...]:
    """The parts an outcome names, of those that the definition has."""
    chosen = []
    for item in found[group].items() if group in found else []:
        id = item.text()
        if id in known:
            chosen.append(id)
        else:
            item.fail(f"`{id}` is none of the {group}.", f"Add it under {group}, or correct it.")
    return tuple(chosen)


def _authority(reading: _Reading, id: str, found: Mapping[str, Item]) -> tuple[str, str]:
    """A code, or the name of the rule that gives one."""
    if "authority" not in found:
        return "", ""
    item = found["authority"]
    if not item.is_mapping:
        return item.text(), ""
    fields = item.fields(needed=["value"])
    if "value" not in fields:
        return "", ""
    return "", reading.add(f"authority_{_snake(id)}", fields["value"])


def sources_of(version: Version) -> Sequence[tuple[Where, str]]:
    """Every source that the version names, with its place."""
    found: list[tuple[Where, str]] = []
    definition = version.definition
    for rule in definition.rules:
        found += [(rule.where, source) for source in rule.sources]
    for table in definition.tables:
        found += [(row.where, source) for row in table.rows for source in row.sources]
    for outcome in definition.outcomes:
        found += [(outcome.where, source) for source in outcome.sources]
    for part in version.documents.values():
        if not part.rule:
            found += [(definition.where, source) for source in part.sources]
    return found
