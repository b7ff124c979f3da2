"""Looking at a definition as a whole: outcomes nobody reaches, ways that end in nothing.

Slower than `checking`: all ways through a definition are followed (`rules.analysis`). Where a way
depends on a list or on an age, likely values stand for all and nothing is proved; what is found
then is still true, what is not found may exist.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from przystan.procedures.catalogue import Catalogue, Procedure
from przystan.procedures.forms import Version
from przystan.rules import Fault, Where
from przystan.rules.analysis import Difference, Survey, Way, differences, survey
from przystan.rules.canonical import plain


def surveyed(ready: Catalogue, version: Version, on: date) -> Survey:
    procedure = ready.ready(version)
    return survey(procedure.program, ready.law.values, on)


def faults(ready: Catalogue, procedure: Procedure, on: date) -> Iterator[Fault]:
    """What a survey finds wrong, each with facts that show it."""
    version = procedure.version
    found = surveyed(ready, version, on)
    where = Where(version.file)
    for way in found.gaps:
        yield Fault(where, f"No outcome holds with {_facts(way)}.", "Add an outcome.")
    for way in found.undecided[:5]:
        if not _rests_on_law(version, way):
            yield Fault(
                where,
                f"Everything is answered and {', '.join(way.possible)} are still possible "
                f"with {_facts(way)}.",
                "Give the open rule a value, or mark it as not verified.",
            )
    if not found.is_complete:
        return
    for id in found.unreached:
        yield Fault(version.outcomes[id].where, f"No facts lead to the outcome `{id}`.")
    for id in found.unasked:
        yield Fault(where, f"The fact `{id}` is read and never asked for.", "Remove it.")


def _rests_on_law(version: Version, way: Way) -> bool:
    """Ways end open on purpose where a rule is not verified."""
    return any(not rule.is_verified for rule in version.definition.rules)


def _facts(way: Way) -> str:
    return ", ".join(f"{id}={_short(value)}" for id, value in way.facts) or "no facts"


def _short(value: Any) -> str:
    return str(plain(value))[:40]


def compared(ready: Catalogue, before: Version, after: Version, on: date) -> list[Difference]:
    """Facts under which two versions of a definition come to different outcomes."""
    old, new = ready.ready(before).program, ready.ready(after).program
    return list(differences(old, new, ready.law.values, on))
