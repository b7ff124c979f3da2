"""Answers and procedures as JSON, a public contract, and as words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date

from przystan.core import countries
from przystan.core.errors import AbsentError
from przystan.core.money import format_grosz
from przystan.procedures.catalogue import Catalogue
from przystan.procedures.data import Answer, AskedFact, MissingFact, Reason
from przystan.procedures.forms import LANGUAGES, FactForm, FactWords, Words
from przystan.rules import Kind, Type

_DATE_LOCALES = {"en": "en_GB"}


def as_json(answer: Answer) -> dict[str, Any]:
    """The answer as `przystan check --json` and the API give it; without an id of the caller's."""
    terms = [_term(term.id, term.day) for term in answer.terms]
    changes_on = None
    if answer.changes_on:
        changes_on = {"on": answer.changes_on[0].isoformat(), "outcome": answer.changes_on[1]}
    return {
        "procedure": answer.procedure,
        "version": {"valid_from": answer.valid_from.isoformat(), "revision": answer.revision},
        "on": answer.on.isoformat(),
        "law_day": answer.law_day.isoformat(),
        "outcome": answer.outcome,
        "status": answer.status.value,
        "verdict": answer.verdict or None,
        "possible": list(answer.possible),
        "because": [_reason(reason) for reason in answer.because],
        "decisive_facts": dict(answer.decisive_facts),
        "missing": [_missing(each) for each in answer.missing],
        "next_question": _asked(answer.next_question),
        "documents": [
            {"id": each.id, "needed": each.is_needed, "translation": each.needs_translation}
            for each in answer.documents
        ],
        "fees": [{"id": line.id, "grosz": line.grosz} for line in answer.fees],
        "fee_grosz": answer.fee_grosz,
        "term": next((term for term in terms if term["day"]), None),
        "terms": terms,
        "authority": answer.authority or None,
        "files_with": answer.files_with or None,
        "leads_to": list(answer.leads_to),
        "services": list(answer.services),
        "articles": list(answer.articles),
        "law_edition": dict(answer.editions),
        "would_change": [
            {"facts": dict(change.facts), "outcome": change.outcome}
            for change in answer.would_change
        ],
        "changes_on": changes_on,
        "contradictions": list(answer.contradictions),
        "offers_human": answer.offers_human,
        "sealed": answer.is_sealed,
    }


def _term(id: str, day: date | None) -> dict[str, Any]:
    return {"id": id, "day": day.isoformat() if day else None}


def _reason(reason: Reason) -> dict[str, Any]:
    found: dict[str, Any] = {"rule": reason.rule, "holds": reason.holds}
    if reason.act:
        found |= {"act": reason.act, "provision": reason.provision}
    if reason.page:
        found["page"] = reason.page
    if reason.row:
        found["row"] = reason.row
    return found


def _missing(each: MissingFact) -> dict[str, Any]:
    found: dict[str, Any] = {each.kind: each.id, "why": each.why}
    if each.index is not None:
        found |= {"index": each.index, "field": each.field}
    return found


def _asked(asked: AskedFact | None) -> dict[str, Any] | None:
    if asked is None:
        return None
    found: dict[str, Any] = {"fact": asked.fact}
    if asked.index is not None:
        found |= {"index": asked.index, "field": asked.field}
    if asked.is_more:
        found["is_more"] = True
    return found


# --- the list of procedures, with the schema of their facts -----------------------------------


def described(catalogue: Catalogue, on: date) -> dict[str, Any]:
    """Every procedure in force on a day, and the facts that they read, with words and types."""
    listed: list[dict[str, Any]] = []
    used: set[str] = set()
    for id in catalogue.ids():
        try:
            procedure = catalogue.on(id, on)
        except AbsentError:
            continue
        version, words = procedure.version, catalogue.library.words.get(id, {})
        used.update(procedure.program.facts)
        listed.append(
            {
                "id": id,
                "valid_from": version.valid_from.isoformat(),
                "revision": version.revision,
                "topic": version.topic,
                "audience": list(version.audience),
                "law_of": version.law_of or None,
                "title": {lang: found.title for lang, found in words.items()},
                "summary": {lang: found.summary for lang, found in words.items()},
                "facts": sorted(procedure.program.facts),
                "parameters": sorted(procedure.program.parameters),
                "outcomes": [_outcome(outcome.id, version, words) for outcome in
                             version.outcomes.values()],
            }
        )  # fmt: skip
    facts = {id: _fact(id, catalogue) for id in sorted(used)}
    return {"on": on.isoformat(), "procedures": listed, "facts": facts}


def _outcome(id: str, version: Any, words: Mapping[str, Words]) -> dict[str, Any]:
    form = version.outcomes[id]
    return {
        "id": id,
        "verdict": form.verdict.value,
        "verified": form.is_verified,
        "title": {lang: found.outcomes[id].title for lang, found in words.items()},
    }


def _fact(id: str, catalogue: Catalogue) -> dict[str, Any]:
    form = catalogue.facts[id]
    found = {
        **_type(form.fact.type, "" in form.countries, form),
        "known_by": form.fact.known_by.value,
        "changeable": form.fact.is_changeable,
        "sensitivity": form.fact.sensitivity.name.lower(),
    }
    words = {lang: texts[id] for lang, texts in catalogue.library.fact_words.items() if id in texts}
    if words:
        found["label"] = {lang: each.label for lang, each in words.items()}
        found["question"] = {lang: each.question for lang, each in words.items()}
    return found


def _type(type_: Type, is_country: bool, form: FactForm) -> dict[str, Any]:
    found: dict[str, Any] = {"type": type_.kind.value}
    if type_.unit:
        found["unit"] = type_.unit
    if is_country:
        found["options"] = "ISO 3166-1 alpha-2"
    elif type_.options:
        found["options"] = list(type_.options)
    if type_.item is not None:
        found["of"] = _type(type_.item, is_country, form)
    if type_.fields:
        found["fields"] = {
            name: _type(inner, name in form.countries, form) for name, inner in type_.fields
        }
    for key, bound in (("low", type_.low), ("high", type_.high)):
        if bound is not None:
            found[key] = bound.isoformat() if isinstance(bound, date) else int(bound)
    if type_.kind is Kind.DATE and form.fact.may_be_partial:
        found["partial"] = True
    return found


# --- words ------------------------------------------------------------------------------------


def value_words(catalogue: Catalogue, id: str, value: Any, language: str) -> str:
    """A stated value as a person reads it: "Ukraina", "31 grudnia 2026", "4806 zł"."""
    form = catalogue.facts[id]
    words = catalogue.library.fact_words.get(language, {}).get(id)
    return _value(form.fact.type, value, language, "" in form.countries, words)


def _value(
    type_: Type, value: Any, language: str, is_country: bool, words: FactWords | None
) -> str:
    match type_.kind:
        case _ if isinstance(value, Mapping) and value.keys() == {"unknown"}:
            return "?"
        case Kind.CHOICE if is_country:
            return countries.name(str(value), language)
        case Kind.CHOICE:
            return words.options.get(str(value), str(value)) if words else str(value)
        case Kind.MONEY:
            return format_grosz(int(value), language)
        case Kind.DATE if isinstance(value, str) and len(value) == 10:
            return day_words(date.fromisoformat(value), language)
        case Kind.LIST if type_.item is not None:
            items = value["items"] if isinstance(value, Mapping) else value
            if type_.item.fields:
                return str(len(items))
            return ", ".join(
                _value(type_.item, item, language, is_country, words) for item in items
            )
    return str(value)


def day_words(day: date, language: str) -> str:
    return format_date(day, "long", locale=_DATE_LOCALES.get(language, language))


def in_words(catalogue: Catalogue, answer: Answer, language: str) -> str:
    """The answer as lines of plain text: for a terminal and for an e-mail."""
    words = catalogue.library.words[answer.procedure][language]
    lines = [words.title]
    if answer.outcome is None:
        lines.append(f"… {answer.status.value}: {', '.join(answer.possible)}")
        if answer.next_question:
            asked = catalogue.library.fact_words[language].get(answer.next_question.fact)
            lines.append(f"? {asked.question if asked else answer.next_question.fact}")
        return "\n".join(lines)
    outcome = words.outcomes[answer.outcome]
    lines += [outcome.title, outcome.text, *(f"- {step}" for step in outcome.steps)]
    for term in answer.terms:
        if term.day:
            lines.append(f"{words.terms[term.id].name}: {day_words(term.day, language)}")
    if answer.fees and answer.fee_grosz is not None:
        lines.append(format_grosz(answer.fee_grosz, language))
    lines += [f"* {words.documents[each.id].name}" for each in answer.documents]
    return "\n".join(line for line in lines if line)


__all__ = ["LANGUAGES", "as_json", "day_words", "described", "in_words", "value_words"]
