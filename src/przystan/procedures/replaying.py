"""A finished check worked out again from what was published: the same bytes, in any year."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from przystan.core.errors import AbsentError
from przystan.knowledge import api as knowledge
from przystan.procedures.authoring import definitions, vocabulary
from przystan.procedures.authoring.nodes import read
from przystan.procedures.law import law
from przystan.procedures.models import PublishedDefinition, PublishedVocabulary, Snapshot
from przystan.rules import Fact, Fault, Program, Vocabulary, compiled
from przystan.rules.canonical import definition_hash, replayed


def replay(snapshot: Snapshot, record: Mapping[str, Any]) -> dict[str, Any]:
    """The record of a snapshot again, by the definition and vocabulary that it was made under.

    Raises:
        AbsentError: that definition was never published here.
    """
    return replayed(_program(snapshot), record)


def _program(snapshot: Snapshot) -> Program:
    row = PublishedDefinition.objects.filter(
        procedure=snapshot.of.procedure,
        valid_from=snapshot.valid_from,
        revision=snapshot.revision,
    ).first()
    if row is not None:
        for facts in _vocabularies():
            program = _compiled(row, facts)
            if definition_hash(program) == snapshot.definition_hash:
                return program
    raise AbsentError(
        _("The definition of this check is not published here. Load its folder of procedures.")
    )


def _compiled(row: PublishedDefinition, facts: list[Fact]) -> Program:
    faults: list[Fault] = []
    top = read(row.text, f"{row.procedure}/{row.valid_from}.r{row.revision}.yaml", faults)
    assert top is not None  # it was read when it was published
    version = definitions.version(top, row.procedure, row.valid_from, row.revision, row.text)
    parameters = law(knowledge.law()).parameters.values()
    return compiled(version.definition, Vocabulary(facts, parameters))


def _vocabularies() -> Iterator[list[Fact]]:
    """The facts of each published state, newest first."""
    for row in PublishedVocabulary.objects.order_by("-number").iterator():
        found: list[Fact] = []
        for path, text in row.files.items():
            if path.startswith("facts/") and "/texts/" not in path:
                top = read(text, path, [])
                forms = vocabulary.facts(top, path) if top is not None else []
                found += [form.fact for form in forms]
        yield found
