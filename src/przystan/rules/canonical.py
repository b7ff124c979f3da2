"""One spelling for each definition, set of facts and result, and its SHA-256.

Canonical JSON: keys sorted, no spaces, UTF-8 (texts are NFC already), no floats: decimals are
texts such as `"1.5"` (`"1/3"` where no finite decimal exists), dates ISO 8601, money whole grosz.
Places in files are left out: moving a line does not change a definition.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any

from .check import Check
from .explanation import Explanation, explain
from .faults import Source
from .program import Program
from .questions import next_question
from .results import Result, result
from .values import Dated, Kind, Listing, PartialDate, Type, Why
from .vocabulary import Fact

FORMAT = 1  # of what is hashed and stored; a change of spelling gives the next number


def plain(value: Any) -> Any:
    """The value as JSON knows it: mappings, lists, texts, whole numbers, yes and no, null."""
    match value:
        case None | bool() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return value.value
        case int():
            return value
        case Fraction():
            return decimal(value)
        case date():
            return value.isoformat()
        case PartialDate():
            return str(value)
        case Source():
            return value.text
        case Mapping():
            return {str(key): plain(each) for key, each in value.items()}
        case frozenset() | set():
            return sorted(map(plain, value))
        case list() | tuple():
            return [plain(each) for each in value]
    if is_dataclass(value):
        return {
            each.name: plain(getattr(value, each.name))
            for each in fields(value)
            if each.name != "where"
        }
    raise TypeError(f"no spelling for a {type(value).__name__}")


def decimal(value: Fraction) -> str:
    """`1.5`; `1/3` where the decimals have no end."""
    numerator, denominator = value.numerator, value.denominator
    places = 0
    while denominator != 1:
        places += 1
        shared = value * 10**places
        numerator, denominator = shared.numerator, shared.denominator
        if places > 18:
            return f"{value.numerator}/{value.denominator}"
    digits = f"{abs(numerator):0{places + 1}}"
    sign = "-" if numerator < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def spelled(value: Any) -> bytes:
    """Canonical JSON of the value."""
    return json.dumps(
        plain(value), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    ).encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(spelled(value)).hexdigest()


def definition_hash(program: Program) -> str:
    """The hash of a definition together with the facts and parameters that it reads.

    A fact's effort and sensitivity change the order of questions, not an outcome; its type does.
    """
    return digest(
        {
            "format": FORMAT,
            "definition": program.definition,
            "facts": {id: _typed(program.vocabulary.facts[id]) for id in program.facts},
            "parameters": {id: program.vocabulary.parameters[id].type for id in program.parameters},
        }
    )


def _typed(fact: Fact) -> dict[str, Any]:
    return {
        "type": fact.type,
        "known_by": fact.known_by,
        "is_changeable": fact.is_changeable,
        "may_be_partial": fact.may_be_partial,
    }


def stated_facts(check: Check) -> dict[str, Any]:
    """The facts of a check in the form that `Check` takes again."""
    facts = check.program.vocabulary.facts
    return {id: _fact(facts[id].type, value) for id, value in sorted(check.facts.items())}


def _fact(type_: Type, value: Any) -> Any:
    if isinstance(value, Why):
        return {"unknown": value.value}
    if isinstance(value, Listing) and type_.item is not None:
        items = [_fact(type_.item, item) for item in value.items]
        return {"items": items, "complete": value.is_complete}
    if type_.kind is Kind.RECORD:
        pairs = zip(type_.fields, value, strict=True)
        return {
            name: _fact(inner, each) for (name, inner), each in pairs if each is not Why.NOT_ASKED
        }
    return plain(value)


def record(check: Check) -> dict[str, Any]:
    """A check as it is stored: hashes, inputs and everything that came out.

    `replayed` of the same program and record gives the same bytes, in any process and year.
    """
    return {
        "format": FORMAT,
        "definition": definition_hash(check.program),
        "on": check.on.isoformat(),
        "facts": stated_facts(check),
        "parameters": {id: plain(_as_of(check, id)) for id in sorted(check.program.parameters)},
        "result": _said(result(check)),
        "explanation": _explained(explain(check)),
        "next_question": plain(next_question(check)),
    }


def _as_of(check: Check, id: str) -> Any:
    """A dated parameter with its days: explanations look ahead."""
    value = check.parameters.get(id)
    if isinstance(value, Dated):
        return {"dated": [[start, each] for start, each in value.spans]}
    return value


def _said(found: Result) -> dict[str, Any]:
    return {**plain(found), "details": plain(dict(found.details))}


def _explained(found: Explanation) -> dict[str, Any]:
    """Decisive facts by id: their values stand under `facts`."""
    return {
        **plain(found),
        "decisive_facts": [id for id, _ in found.decisive_facts],
        "would_change": [
            {"facts": plain(dict(change.facts)), "outcome": change.outcome}
            for change in found.would_change
        ],
    }


def replayed(program: Program, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The record of a stored check worked out again from its inputs.

    Raises:
        ValueError: the record is of another definition or format.
    """
    if stored["format"] != FORMAT or stored["definition"] != definition_hash(program):
        raise ValueError("The stored check is of another definition; load that version.")
    parameters = {
        id: _parameter(program.vocabulary.parameters[id].type, value)
        for id, value in stored["parameters"].items()
    }
    on = date.fromisoformat(stored["on"])
    return record(Check(program, stored["facts"], parameters, on))


def _parameter(type_: Type, value: Any) -> Any:
    if isinstance(value, Mapping):
        return Dated(
            tuple(
                (date.fromisoformat(start), _parameter(type_, each))
                for start, each in value["dated"]
            )
        )
    if value is None:
        return None
    match type_.kind:
        case Kind.DATE:
            return date.fromisoformat(value)
        case Kind.DECIMAL:
            return Fraction(value)
    return value
