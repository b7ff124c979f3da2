"""Checks of which nothing is stored, as JSON: what the API and other systems get."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from przystan.core.errors import AbsentError
from przystan.procedures import describing, library, running


def checked(id: str, facts: Mapping[str, Any], on: date) -> dict[str, Any]:
    """Check facts against a procedure as of a day; the shape is that of `przystan check --json`.

    Raises:
        AbsentError: no such procedure on that day.
        FactError: a fact that nobody knows, of the wrong type, or that cannot be.
    """
    return describing.as_json(running.check(library.current(), id, facts, on))


def described(on: date) -> dict[str, Any]:
    """All procedures in force on a day, with the schema of the facts that they read."""
    return describing.described(library.current(), on)


def described_one(id: str, on: date) -> dict[str, Any]:
    """One procedure and its facts.

    Raises:
        AbsentError: there is no such procedure on that day.
    """
    everything = described(on)
    found = next((each for each in everything["procedures"] if each["id"] == id), None)
    if found is None:
        raise AbsentError(_("There is no procedure %(id)s on that day.") % {"id": id[:60]})
    facts = {name: everything["facts"][name] for name in found["facts"]}
    return {**found, "facts": facts}
