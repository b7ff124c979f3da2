"""Checks of which nothing is stored, as JSON: what the API and other systems get."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from przystan.core.errors import AbsentError
from przystan.procedures import describing, library, running
from przystan.procedures.forms import Words
from przystan.rules import DefinitionError


def checked(id: str, facts: Mapping[str, Any], on: date) -> dict[str, Any]:
    """Check facts against a procedure as of a day; the shape is that of `przystan check --json`.

    Raises:
        AbsentError: no such procedure on that day.
        FactError: a fact that nobody knows, of the wrong type, or that cannot be.
    """
    return describing.as_json(running.check(library.current(), id, facts, on))


def described_on(on: date) -> dict[str, Any]:
    """All procedures in force on a day, with the schema of the facts that they read."""
    return describing.described(library.current(), on)


def described_one(id: str, on: date) -> dict[str, Any]:
    """One procedure and its facts.

    Raises:
        AbsentError: there is no such procedure on that day.
    """
    everything = described_on(on)
    found = next((each for each in everything["procedures"] if each["id"] == id), None)
    if found is None:
        raise AbsentError(_("There is no procedure %(id)s on that day.") % {"id": id[:60]})
    facts = {name: everything["facts"][name] for name in found["facts"]}
    return {**found, "facts": facts}


def facts_of(id: str, on: date) -> frozenset[str]:
    """The facts that a procedure reads on a day; none where there is no such procedure."""
    try:
        return frozenset(library.current().on(id, on).program.facts)
    except (AbsentError, DefinitionError):
        return frozenset()


def titles(language: str, on: date) -> dict[str, str]:
    """The title of each procedure in force on a day, in a language that it has."""
    return {id: words[language].title for id, words in _in_force(on) if language in words}


def asked_for(on: date) -> list[tuple[str, str]]:
    """(procedure, how people ask for it): example messages in all languages, and its title."""
    return [
        (id, text)
        for id, words in _in_force(on)
        for each in words.values()
        for text in (each.title, *each.asked)
    ]


def _in_force(on: date) -> list[tuple[str, Mapping[str, Words]]]:
    try:
        found = library.current().library
    except DefinitionError:
        return []
    return [
        (id, found.words[id])
        for id, versions in found.versions.items()
        if any(version.valid_from <= on for version in versions)
    ]
