"""A check: facts as of a day go in, an answer with its reasons comes out. Nothing is stored."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from przystan.procedures.catalogue import Catalogue, Procedure
from przystan.procedures.data import (
    Answer,
    AskedFact,
    Change,
    CheckStatus,
    DocumentLine,
    FeeLine,
    MissingFact,
    Reason,
    TermLine,
)
from przystan.procedures.forms import OutcomeForm
from przystan.procedures.law import Law
from przystan.procedures.stating import looked_at
from przystan.rules import (
    Check,
    Explanation,
    FactError,
    Result,
    Status,
    Unknown,
    explain,
    next_question,
    result,
)
from przystan.rules.canonical import plain, stated_facts


def check(catalogue: Catalogue, id: str, facts: Mapping[str, Any], on: date) -> Answer:
    """Check facts against a procedure as of a day.

    Raises:
        AbsentError: no such procedure on that day.
        FactError: a fact that nobody knows, of the wrong type, or that cannot be.
    """
    procedure, law_day = governing(catalogue, id, facts, on)
    return answer(procedure, started(catalogue, procedure, facts, on, law_day), law_day, catalogue)


def governing(
    catalogue: Catalogue, id: str, facts: Mapping[str, Any], on: date
) -> tuple[Procedure, date]:
    """The version that applies and the day of its law: the day itself, or what the rule names."""
    procedure = catalogue.on(id, on)
    stated = facts.get(procedure.version.law_of) if procedure.version.law_of else None
    if not isinstance(stated, str):
        return procedure, on
    try:
        day = date.fromisoformat(stated)
    except ValueError:
        return procedure, on  # the check itself refuses it, with the fact's name
    versions = catalogue.library.versions[id]
    first = min(version.valid_from for version in versions)
    return catalogue.on(id, max(day, first)), day


def started(
    catalogue: Catalogue,
    procedure: Procedure,
    facts: Mapping[str, Any],
    on: date,
    law_day: date,
) -> Check:
    """The engine's check with every fact looked at."""
    for name, raw in facts.items():
        form = catalogue.facts.get(name)
        if form is None:
            raise FactError(name[:60], "is no fact of the vocabulary.", "Correct its id.")
        looked_at(form, raw, on)
    values: Mapping[str, Any] = catalogue.law.values
    if law_day != on:
        values = {id: dated.on(law_day) for id, dated in values.items()}
    return Check(procedure.program, facts, values, on)


def answer(procedure: Procedure, run: Check, law_day: date, catalogue: Catalogue) -> Answer:
    """Everything that can be said of a check as it stands."""
    version, found = procedure.version, result(run)
    wrong = tuple(each.id for each in version.contradictions if run.value_of(each.rule) is True)
    form = version.outcomes.get(found.outcome or "")
    explained = explain(run)
    reasons = tuple(_reasons(explained))
    fees = tuple(_fees(procedure, run, form))
    return Answer(
        procedure=version.id,
        valid_from=version.valid_from,
        revision=version.revision,
        on=run.on,
        law_day=law_day,
        status=CheckStatus.CONTRADICTORY if wrong else _status(found, form),
        outcome=None if wrong else found.outcome,
        verdict=form.verdict.value if form and not wrong else "",
        possible=found.possible,
        because=reasons,
        decisive_facts=_stated(run, dict(explained.decisive_facts)),
        missing=tuple(
            MissingFact(each.of, each.id, each.why.value, each.index, each.field)
            for each in found.missing
        ),
        next_question=_asked(run),
        documents=tuple(_documents(procedure, run, form)),
        fees=fees,
        fee_grosz=_sum(fees) if form else None,
        terms=tuple(_terms(procedure, run, form)),
        authority=_authority(run, form),
        files_with=form.files_with.value if form else "",
        leads_to=form.leads_to if form else (),
        excludes=form.excludes if form else (),
        services=form.services if form else (),
        articles=(form.articles or version.articles) if form else version.articles,
        would_change=tuple(
            Change(_json(run, dict(change.facts)), change.outcome)
            for change in explained.would_change
        ),
        changes_on=explained.by_time,
        contradictions=wrong,
        editions=_editions(catalogue.law, reasons),
        offers_human=bool(form and (form.offers_human or not form.is_verified)),
        is_sealed=bool(form and form.is_sealed),
    )


def _status(found: Result, form: OutcomeForm | None) -> CheckStatus:
    if found.status is Status.DECIDED and form and not form.is_verified:
        return CheckStatus.TO_VERIFY
    return CheckStatus(found.status.value)


def _asked(run: Check) -> AskedFact | None:
    asked = next_question(run)
    return AskedFact(asked.fact, asked.index, asked.field, asked.is_more) if asked else None


def _stated(run: Check, chosen: Mapping[str, Any]) -> dict[str, Any]:
    return {id: value for id, value in stated_facts(run).items() if id in chosen}


def _json(run: Check, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of the engine in the form in which facts are stated."""
    return {id: plain(value) for id, value in values.items()}


def _reasons(explained: Explanation) -> Iterator[Reason]:
    for because in explained.because:
        holds = plain(because.holds) if not isinstance(because.holds, Unknown) else None
        for source in because.sources or ("",):
            kind, _, rest = source.partition(":")
            act, _, provision = rest.partition("#")
            is_law = kind == "law"
            yield Reason(
                rule=because.id,
                holds=holds,
                act=act if is_law else "",
                provision=provision if is_law else "",
                page=rest if kind == "page" else "",
                row=because.row,
                speaks_for=because.speaks_for,
            )


def _editions(law: Law, reasons: tuple[Reason, ...]) -> dict[str, str]:
    acts = sorted({reason.act for reason in reasons if reason.act})
    return {act: law.edition(f"law:{act}#") for act in acts}


# --- what belongs to a settled outcome --------------------------------------------------------


def _fees(procedure: Procedure, run: Check, form: OutcomeForm | None) -> Iterator[FeeLine]:
    for id in form.fees if form else ():
        part = procedure.version.fees[id]
        applies = run.value_of(part.applies) if part.applies else True
        if applies is not False:
            value = run.value_of(part.rule)
            is_known = applies is True and not isinstance(value, Unknown)
            yield FeeLine(id, round(value) if is_known else None)


def _sum(lines: tuple[FeeLine, ...]) -> int | None:
    total = 0
    for line in lines:
        if line.grosz is None:
            return None
        total += line.grosz
    return total


def _documents(
    procedure: Procedure, run: Check, form: OutcomeForm | None
) -> Iterator[DocumentLine]:
    """Those that are needed, or may be; what is surely not needed is left out."""
    for id in form.documents if form else ():
        part = procedure.version.documents[id]
        needed = run.value_of(part.rule) if part.rule else True
        if needed is not False:
            is_needed = None if isinstance(needed, Unknown) else True
            yield DocumentLine(id, is_needed, part.needs_translation, part.sources)


def _terms(procedure: Procedure, run: Check, form: OutcomeForm | None) -> Iterator[TermLine]:
    """Days of the terms that apply; None while a day depends on what is not known."""
    for id in form.terms if form else ():
        part = procedure.version.terms[id]
        applies = run.value_of(part.applies) if part.applies else True
        if applies is not False:
            day = run.value_of(part.rule)
            is_known = applies is True and isinstance(day, date)
            yield TermLine(id, day if is_known else None, part.sources)


def _authority(run: Check, form: OutcomeForm | None) -> str:
    if form is None or not form.authority_rule:
        return form.authority if form else ""
    value = run.value_of(form.authority_rule)
    return value if isinstance(value, str) else ""
