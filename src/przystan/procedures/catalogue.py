"""Definitions made ready: one vocabulary, each version compiled when it is first asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from przystan.core.errors import AbsentError
from przystan.procedures.authoring.folder import Library
from przystan.procedures.forms import FactForm, Version
from przystan.procedures.law import Law
from przystan.rules import DefinitionError, Fault, Program, Vocabulary, compiled


@dataclass(frozen=True, slots=True)
class Procedure:
    """One version, ready to be checked; shared by threads."""

    version: Version
    program: Program

    @property
    def id(self) -> str:
        return self.version.id


@dataclass(slots=True)
class Catalogue:
    """What can be checked. Raises `DefinitionError` on a definition with faults."""

    library: Library
    law: Law
    vocabulary: Vocabulary
    _ready: dict[tuple[str, date, int], Procedure] = field(default_factory=dict)

    @property
    def facts(self) -> Mapping[str, FactForm]:
        return self.library.facts

    def ids(self) -> Sequence[str]:
        """In the order in which they are offered."""
        latest = [found[-1] for found in self.library.versions.values() if found]
        latest.sort(key=lambda version: (version.topic, version.order, version.id))
        return [version.id for version in latest]

    def on(self, id: str, day: date) -> Procedure:
        """The version of the day: the latest that had begun, in its last revision.

        Raises:
            AbsentError: there is no such definition, or none in force on that day.
        """
        versions = self.library.versions.get(id, ())
        begun = [version for version in versions if version.valid_from <= day]
        if not begun:
            raise AbsentError(f"There is no procedure {id[:60]} on {day.isoformat()}.")
        return self.ready(max(begun, key=lambda found: (found.valid_from, found.revision)))

    def ready(self, version: Version) -> Procedure:
        key = (version.id, version.valid_from, version.revision)
        if (found := self._ready.get(key)) is None:
            found = Procedure(version, compiled(version.definition, self.vocabulary))
            self._ready[key] = found
        return found


def catalogue(library: Library, law: Law) -> Catalogue:
    """Put a library and the law together.

    Raises:
        DefinitionError: the vocabulary has faults, or a fact has the name of a parameter.
    """
    both = library.facts.keys() & law.parameters.keys()
    if both:
        raise DefinitionError(
            [
                Fault(
                    library.facts[id].where,
                    f"`{id}` is the name of a parameter too.",
                    "Rename the fact.",
                )
                for id in sorted(both)
            ]
        )
    facts = [form.fact for form in library.facts.values()]
    return Catalogue(library, law, Vocabulary(facts, law.parameters.values()))
