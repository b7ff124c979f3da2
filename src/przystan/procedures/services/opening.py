"""A check begun with what is known already: both are stored, or neither is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from przystan.core import idempotency
from przystan.people import vault
from przystan.people.actor import Actor
from przystan.procedures import running
from przystan.procedures.catalogue import Catalogue
from przystan.procedures.data import Answer
from przystan.procedures.services.checking import start_check, state_facts
from przystan.rules import FactError


@dataclass(frozen=True, slots=True)
class Begun:
    """A check that has begun. `sealed` is the answer of a sealed outcome: the check is gone."""

    id: UUID
    is_new: bool
    sealed: Answer | None = None


def begin_check(
    catalogue: Catalogue,
    procedure: str,
    facts: Mapping[str, Any],
    *,
    actor: Actor,
    lang: str,
    channel: str,
    on: date,
    at: datetime,
    key: str = "",
    holder: str = "",
) -> Begun:
    """Begin a check and state facts in it.

    Args:
        key: idempotency key of `holder`: the same key and content begin one check.

    Raises:
        AbsentError: no such procedure on that day.
        FactError: a fact that the procedure does not read, or that does not fit.
        KeyReusedError: the key was used for other content.
    """
    only_read(catalogue, procedure, facts, on)
    sealed: list[Answer] = []

    def store() -> str:
        words: dict[str, Any] = {"actor": actor, "at": at}
        id = start_check(procedure, lang=lang, channel=channel, on=on, **words)
        if facts and (step := state_facts(id, facts, source=channel, **words)).sealed:
            sealed.append(step.sealed)
        return str(id)

    with transaction.atomic():
        if not key:
            id, is_new = store(), True
        else:
            # Yes and no would be guessed from a plain hash: the facts go in under a key of ours.
            spelled = json.dumps(facts, sort_keys=True, ensure_ascii=False)
            index = vault.blind_index("record", f"begun-with:{spelled}").hex()
            body = {"procedure": procedure, "on": on.isoformat(), "lang": lang, "facts": index}
            id, is_new = idempotency.once(f"begin-check:{holder}", key, body, store)
    return Begun(UUID(id), is_new, sealed[0] if sealed else None)


def only_read(catalogue: Catalogue, procedure: str, facts: Mapping[str, Any], on: date) -> None:
    """Refuse to keep what a procedure never reads.

    Raises:
        AbsentError: no such procedure on that day.
        FactError: names the first fact that makes no difference.
    """
    found, _day = running.governing(catalogue, procedure, facts, on)
    for fact in facts:
        if fact in catalogue.facts and fact not in found.program.facts:
            raise FactError(fact, "is not read by this procedure.", "Leave it out.")
