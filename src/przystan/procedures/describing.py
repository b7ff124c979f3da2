"""Answers and procedures as JSON, a public contract, and as words."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from babel.dates import format_date
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from przystan.core import countries
from przystan.core.errors import AbsentError
from przystan.core.money import format_grosz
from przystan.knowledge import api as knowledge
from przystan.knowledge.data import ProvisionView
from przystan.procedures import explaining, wording
from przystan.procedures.catalogue import Catalogue
from przystan.procedures.data import Answer, AskedFact, CheckStatus, MissingFact, Reason
from przystan.procedures.forms import LANGUAGES, FactForm, FactWords, Words
from przystan.procedures.several import Several
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
        "excludes": list(answer.excludes),
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


def several_as_json(several: Several) -> dict[str, Any]:
    """Several procedures over one set of facts."""
    return {
        "answers": [as_json(answer) for answer in several.answers],
        "next_question": _asked(several.next_question),
        "order": list(several.order),
        "conflicts": [
            {"procedure": each.procedure, "outcome": each.outcome, "other": each.other}
            for each in several.conflicts
        ],
    }


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
    """Everything that an answer says, as lines of plain text: for a terminal and for an e-mail."""
    found = explaining.explained(catalogue, answer, language)
    named = {one for why in found.why for one in why.sources}
    views = knowledge.sources(sorted(named), language)
    with translation.override(language):
        parts = [
            [found.procedure_title, found.title or _("This cannot be decided yet"), found.text],
            _caution(answer),
            [conflict.sentence for conflict in found.conflicts],
            _part(_("Why"), (_reasoned(why, views) for why in found.why)),
            _part(_("What would change this"), found.changes),
            _part(_("These results are still possible:"), found.possible),
            _part(_("What is still missing"), map(_lacking, found.missing)),
            _next(catalogue, answer, language),
            _part(_("What to do next"), found.steps),
            _part(_("Days that matter"), (_dated(term, language) for term in found.terms)),
            _part(_("Documents to bring"), map(_paper, found.papers)),
            _part(_("What you pay"), _paid(found, language)),
            _part(_("Where"), _place(found, answer)),
            _part(_("Law as of"), [day_words(answer.law_day, language), *_editions(answer)]),
            [_("This is information, not a decision. The office decides, and you can contest "
               "its decision.")],
        ]  # fmt: skip
    return "\n\n".join("\n".join(filter(None, part)) for part in parts if any(part))


def _part(title: str, lines: Iterable[str]) -> list[str]:
    listed = [f"- {line}" for line in lines if line]
    return [title, *listed] if listed else []


def _pair(name: str, value: str) -> str:
    return _("%(fact)s: %(value)s") % {"fact": name, "value": value}


def _caution(answer: Answer) -> list[str]:
    told = {
        CheckStatus.TO_VERIFY: _("This rests on rules that nobody has confirmed yet. Ask a human "
                                 "before you act."),
        CheckStatus.NEEDS_OFFICIAL: _("An official has to assess this."),
        CheckStatus.CONTRADICTORY: _("Two answers do not fit together"),
    }  # fmt: skip
    return [told.get(answer.status, "")]


def _reasoned(why: explaining.Why, views: Mapping[str, Any]) -> str:
    """A sentence with the provisions and pages that it stands on, in their editions."""
    shown = [views[one] for one in why.sources if one in views]
    told = [
        f"{one.label}, {one.act_title} ({one.edition})"
        if isinstance(one, ProvisionView)
        else f"{one.title} ({one.publisher})"
        for one in shown
    ]
    told += [one for one in why.sources if one not in views]
    return f"{why.sentence} [{'; '.join(told)}]" if told else why.sentence


def _lacking(one: explaining.Missing) -> str:
    note = _("only an official can assess this") if one.is_for_official else one.how
    return _pair(one.label, note) if note else one.label


def _next(catalogue: Catalogue, answer: Answer, language: str) -> list[str]:
    if answer.next_question is None:
        return []
    words = wording.fact_words(catalogue, answer.next_question.fact, language)
    question = wording.rendered(catalogue, words.question, language, answer.law_day)
    return [_("Next question"), f"- {question}"]


def _dated(term: explaining.Term, language: str) -> str:
    day = day_words(term.day, language) if term.day else _("not known")
    return " ".join(filter(None, [_pair(term.name, day), term.note]))


def _paper(paper: explaining.Paper) -> str:
    more = [
        _pair(_("Issued by"), paper.issuer) if paper.issuer else "",
        _pair(pgettext("document", "Valid"), paper.validity) if paper.validity else "",
        _("With a sworn translation into Polish, if it is in another language.")
        if paper.needs_translation
        else "",
        "" if paper.is_sure else _("If it applies to you"),
        paper.note,
    ]
    told = "; ".join(one.rstrip(".") for one in more if one)
    return f"{paper.name} ({told})" if told else paper.name


def _paid(found: explaining.Explained, language: str) -> Iterator[str]:
    def amount(grosz: int | None) -> str:
        return _("not known") if grosz is None else format_grosz(grosz, language)

    yield from (_pair(fee.name, amount(fee.grosz)) for fee in found.fees)
    if found.fees:
        yield _pair(_("Together"), amount(found.fee_grosz))


def _place(found: explaining.Explained, answer: Answer) -> Iterator[str]:
    if found.authority_name:
        yield " ".join(filter(None, [found.authority_name, found.authority_where]))
    yield {
        "mos": _("You file in the MOS system, on the internet."),
        "praca_gov": _("It is filed on praca.gov.pl."),
        "paper": _("You file on paper."),
        "office": _("You go to the office in person."),
        "zus": _("You file with ZUS, on the internet."),
        "consul": _("You go to the consul of Poland."),
    }.get(answer.files_with, "")


def _editions(answer: Answer) -> list[str]:
    return [f"{act}: {edition}" for act, edition in sorted(answer.editions.items())]


__all__ = ["LANGUAGES", "as_json", "day_words", "described", "in_words", "value_words"]
