"""Findings as faults: where, what, with which facts, and what to do."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from przystan.procedures.authoring.proving.data import About, Finding, Proof
from przystan.rules import Fault, Where

_SENTENCES: Final = {
    About.OUTCOME: (
        "Proved: no facts lead to the outcome `{id}`.",
        "Remove it, or correct its condition or those before it.",
    ),
    About.GAP: ("No outcome holds with {facts}.", "Add an outcome, or end with `when: true`."),
    About.SILENT: (
        "The table `{id}` says nothing with {facts}: nothing is decided.",
        "Add a row, or correct the rows.",
    ),
    About.ROW: (
        "Proved: row {other} of the table `{id}` never counts.",
        "Remove it, or move it before the rows that take its place.",
    ),
    About.OVERLAP: (
        "Rows {other} of the table `{id}` both fit with {facts}, and only one may.",
        "Tell them apart, or use the policy first.",
    ),
    About.FACT: (
        "Proved: the fact `{id}` never changes the answer (read by {other}).",
        "Remove it, or correct the rules that read it.",
    ),
    About.QUESTION: (
        "With {facts} the fact `{id}` is asked though its answer cannot matter.",
        "Write the condition so that it reads the fact once, or name the repeated part.",
    ),
    About.PARAMETER: (
        "The parameter `{id}` has no value from {day} to {until}.",
        "Add the value with its source, or begin the version later.",
    ),
}


def told(proof: Proof, file: str = "") -> Iterator[Fault]:
    """What is surely wrong; what could not be settled never is."""
    for finding in proof.findings:
        if finding.is_fault:
            message, hint = _SENTENCES[finding.about]
            where = finding.where if finding.where.file else Where(file, finding.where.line)
            yield Fault(where, _filled(message, finding), hint)


def _filled(message: str, finding: Finding) -> str:
    return message.format(
        id=finding.id,
        other=finding.other or "an outcome",
        facts=in_words(finding.facts),
        day=finding.day,
        until=finding.until,
    )


def in_words(facts: Iterable[tuple[str, Any]]) -> str:
    """Facts in one line, each value as JSON would have it, shortened."""
    return ", ".join(f"{id}={_short(value)}" for id, value in facts) or "no facts at all"


def _short(value: Any) -> str:
    if isinstance(value, dict) and value.keys() == {"items", "complete"}:
        value = value["items"]
    text = str(value)
    return text if len(text) <= 120 else text[:119] + "…"
