"""What must hold before definitions are loaded: words, sources, parameters, examples."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from przystan.core.errors import AbsentError
from przystan.knowledge.api import text_faults
from przystan.procedures import running
from przystan.procedures.authoring.definitions import sources_of
from przystan.procedures.authoring.folder import Library
from przystan.procedures.catalogue import Catalogue, Procedure, catalogue
from przystan.procedures.data import Answer, CheckStatus
from przystan.procedures.forms import LANGUAGES, Example, FactForm, FactWords, Version, Words
from przystan.procedures.law import Law
from przystan.rules import DefinitionError, FactError, Fault, Kind, Where

FEWEST_ASKED = 6  # messages in a language from which a procedure is recognised


def check(
    library: Library, law: Law, only: Collection[str] = ()
) -> tuple[Catalogue | None, list[Fault]]:
    """Every fault of a library (or of some definitions), and the catalogue if its facts hold."""
    faults: list[Fault] = []
    try:
        ready = catalogue(library, law)
    except DefinitionError as error:
        return None, list(error.faults)
    used: set[str] = set()
    for id, versions in library.versions.items():
        if only and id not in only:
            continue
        for version in versions:
            faults += _version_faults(version, library, law)
            try:
                procedure = ready.ready(version)
            except DefinitionError as error:
                faults += error.faults
                continue
            used.update(procedure.program.facts)
            faults += _words_faults(procedure, library.words.get(id, {}))
        faults += _example_faults(id, ready)
    faults += _fact_faults(library, used)
    return ready, faults


# --- one version ------------------------------------------------------------------------------


def _version_faults(version: Version, library: Library, law: Law) -> Iterator[Fault]:
    where = Where(version.file)
    for place, source in sources_of(version):
        if not law.has_source(source):
            yield Fault(
                place,
                f"The source {source} is not in the knowledge base.",
                "Add the provision or page, or correct the id.",
            )
    if version.law_of:
        form = library.facts.get(version.law_of)
        if form is None or form.fact.type.kind is not Kind.DATE:
            yield Fault(where, f"law_of: `{version.law_of}` is no fact that is a date.")
    for slug in version.articles:
        yield from _unknown(where, "article", slug, law.view.articles)
    for contradiction in version.contradictions:
        for fact in contradiction.facts:
            yield from _unknown(where, "fact", fact, library.facts)
    outcomes = list(version.outcomes.values())
    if outcomes and version.definition.outcomes[-1].when.text.strip() != "true":
        yield Fault(outcomes[-1].where, "The last outcome may not hold.", "End with `when: true`.")
    for outcome in outcomes:
        if outcome.authority:
            known = library.authorities.get("pl", {})
            yield from _unknown(outcome.where, "authority", outcome.authority, known)
        for slug in outcome.articles:
            yield from _unknown(outcome.where, "article", slug, law.view.articles)
        for id in (*outcome.leads_to, *outcome.excludes):
            yield from _unknown(outcome.where, "definition", id, _known_ids(library))


def _known_ids(library: Library) -> Collection[str]:
    return library.versions


def _unknown(where: Where, what: str, id: str, known: Collection[str]) -> Iterator[Fault]:
    if id not in known:
        yield Fault(where, f"The {what} `{id}` is unknown.", "Correct the id, or add it.")


# --- words ------------------------------------------------------------------------------------


def _words_faults(procedure: Procedure, words: Mapping[str, Words]) -> Iterator[Fault]:
    version = procedure.version
    polish = words.get("pl")
    for language, found in words.items():
        where = Where(f"definitions/{version.id}/texts/{language}.yaml")
        wanted = {
            "outcomes": (found.outcomes, set(version.outcomes)),
            "fees": (found.fees, set(version.fees)),
            "documents": (found.documents, set(version.documents)),
            "terms": (found.terms, set(version.terms)),
            "contradictions": (found.contradictions, {c.id for c in version.contradictions}),
        }
        for group, (present, ids) in wanted.items():
            for id in sorted(ids - present.keys()):
                yield Fault(where, f"{group}: `{id}` has no words.", "Add them.")
            for id in sorted(present.keys() - ids):
                yield Fault(where, f"{group}: `{id}` is not in the definition.", "Remove it.")
        if len(found.asked) < FEWEST_ASKED:
            yield Fault(where, f"asked: {len(found.asked)} messages.", f"Add {FEWEST_ASKED}.")
        for message in found.asked:
            for reason, remedy in text_faults(message, language):
                yield Fault(where, f"asked: {reason}", remedy)
        yield from _rule_faults(procedure, found, where)
        yield from _text_faults(where, language, _texts(found), _texts(polish) if polish else {})


def _rule_faults(procedure: Procedure, found: Words, where: Where) -> Iterator[Fault]:
    """A condition with a source of its own can decide: it needs its sentences."""
    kinds = {id: part.type.kind for (_, id), part in procedure.program.parts.items()}
    for rule in procedure.version.definition.rules:
        if not rule.sources or kinds.get(rule.id) is not Kind.BOOL:
            continue
        if rule.id.startswith(("document_", "contradiction_", "term_", "fee_")):
            continue
        sentences = found.rules.get(rule.id)
        if sentences is None or not (sentences.when_true or sentences.when_false):
            yield Fault(where, f"rules: `{rule.id}` has no sentence.", "Add true: and false:.")
    for id in sorted(found.rules.keys() - kinds.keys()):
        yield Fault(where, f"rules: `{id}` is not in the definition.", "Remove it.")


def _texts(words: Words) -> dict[str, str]:
    """Every text with the place it has."""
    found = {"title": words.title, "summary": words.summary}
    for id, outcome in words.outcomes.items():
        found[f"outcomes.{id}.title"] = outcome.title
        found[f"outcomes.{id}.text"] = outcome.text
        found |= {f"outcomes.{id}.steps.{n}": step for n, step in enumerate(outcome.steps)}
    for id, rule in words.rules.items():
        found[f"rules.{id}.true"], found[f"rules.{id}.false"] = rule.when_true, rule.when_false
    for id, document in words.documents.items():
        found[f"documents.{id}.name"] = document.name
        found[f"documents.{id}.issuer"] = document.issuer
        found[f"documents.{id}.validity"] = document.validity
        found[f"documents.{id}.note"] = document.note
    for id, term in words.terms.items():
        found[f"terms.{id}.name"], found[f"terms.{id}.note"] = term.name, term.note
    found |= {f"contradictions.{id}": text for id, text in words.contradictions.items()}
    found |= {f"fees.{id}": text for id, text in words.fees.items()}
    return {place: text for place, text in found.items() if text}


def _text_faults(
    where: Where, language: str, texts: Mapping[str, str], polish: Mapping[str, str]
) -> Iterator[Fault]:
    """Letters of another alphabet, amounts written out, other numbers than the Polish text."""
    for place, text in texts.items():
        for reason, remedy in text_faults(text, language, polish.get(place, "")):
            yield Fault(where, f"{place}: {reason}", remedy)
    for place in polish.keys() - texts.keys():
        yield Fault(where, f"{place} is in the Polish texts and not here.", "Translate it.")
    for place in texts.keys() - polish.keys():
        if polish:
            yield Fault(where, f"{place} is here and not in the Polish texts.", "Remove it.")


# --- facts ------------------------------------------------------------------------------------


def _fact_faults(library: Library, used: Collection[str]) -> Iterator[Fault]:
    for id in used:
        form = library.facts.get(id)
        if form is None or form.fact.known_by.value == "official":
            continue
        polish = library.fact_words.get("pl", {}).get(id)
        for language in LANGUAGES:
            words = library.fact_words.get(language, {}).get(id)
            where = Where(f"facts/texts/{language}/{form.theme}.yaml")
            if words is None:
                yield Fault(where, f"The fact `{id}` has no words.", "Add them.")
                continue
            yield from _asked_faults(form, words, where)
            texts = _fact_texts(words)
            yield from _text_faults(where, language, _under(id, texts),
                                    _under(id, _fact_texts(polish)) if polish else {})  # fmt: skip


def _under(id: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {f"{id}.{place}": text for place, text in texts.items()}


def _asked_faults(form: FactForm, words: FactWords, where: Where) -> Iterator[Fault]:
    id, type_ = form.fact.id, form.fact.type
    if len(words.short) > 80:
        yield Fault(where, f"{id}: the short question has {len(words.short)} characters.",
                    "At most 80.")  # fmt: skip
    item = type_.item if type_.kind is Kind.LIST else None
    options: Sequence[str] = ()
    if "" not in form.countries:
        options = (item or type_).options
    yield from _same(where, f"{id}.options", options, words.options)
    shape = (item or type_).fields
    yield from _same(where, f"{id}.fields", [name for name, _ in shape], words.fields)
    for name, inner in shape:
        if name in words.fields and name not in form.countries:
            place = f"{id}.fields.{name}.options"
            yield from _same(where, place, inner.options, words.fields[name].options)


def _same(
    where: Where, place: str, wanted: Sequence[str], present: Mapping[str, object]
) -> Iterator[Fault]:
    for name in wanted:
        if name not in present:
            yield Fault(where, f"{place}: `{name}` has no words.", "Add them.")
    for name in present:
        if name not in wanted:
            yield Fault(where, f"{place}: `{name}` is not in the vocabulary.", "Remove it.")


def _fact_texts(words: FactWords) -> dict[str, str]:
    found = {
        "label": words.label,
        "question": words.question,
        "short": words.short,
        "why": words.why,
        "how": words.how,
        "item": words.item,
    }
    found |= {f"options.{code}": text for code, text in words.options.items()}
    for name, field in words.fields.items():
        found[f"fields.{name}"] = field.label
        found |= {f"fields.{name}.{code}": text for code, text in field.options.items()}
    return {place: text for place, text in found.items() if text}


# --- examples ---------------------------------------------------------------------------------


def _example_faults(id: str, ready: Catalogue) -> Iterator[Fault]:
    reached: set[str] = set()
    named: set[str] = set()
    for example in ready.library.examples.get(id, ()):
        if example.id in named:
            yield Fault(example.where, f"The example {example.id} stands here twice.")
        named.add(example.id)
        try:
            found = running.check(ready, id, example.facts, example.on)
        except DefinitionError:
            return  # reported already
        except (FactError, AbsentError) as error:
            yield Fault(example.where, f"{example.id}: {error}", "Correct the facts.")
            continue
        if found.outcome:
            reached.add(found.outcome)
        for message in differences(example, found, ready):
            yield Fault(example.where, f"{example.id}: {message}", "Correct rule or example.")
    for version in ready.library.versions[id][-1:]:
        for outcome in version.outcomes.values():
            if outcome.id not in reached:
                yield Fault(
                    outcome.where,
                    f"No example comes to the outcome `{outcome.id}`.",
                    "Add one, or remove an outcome that cannot be reached.",
                )


def differences(example: Example, found: Answer, ready: Catalogue) -> Iterator[str]:
    """Where an answer is not what the example says."""
    if example.asks:
        asked = found.next_question.fact if found.next_question else "nothing"
        if asked != example.asks:
            yield f"asks {asked}, not {example.asks}."
        if example.outcome is None and not example.status:
            return
    if found.outcome != example.outcome:
        which = found.outcome or f"open ({', '.join(found.possible)})"
        yield f"comes to {which}, not {example.outcome or 'an open end'}; {_known(found)}"
        return
    wanted = example.status or _usual(example, found, ready)
    if found.status != wanted:
        yield f"is {found.status}, not {wanted}; {_known(found)}"
    if example.fee_grosz is not None and found.fee_grosz != example.fee_grosz:
        yield f"costs {found.fee_grosz} grosz, not {example.fee_grosz}."
    days = {term.id: term.day.isoformat() if term.day else "" for term in found.terms}
    for term, day in example.terms.items():
        if days.get(term) != day:
            yield f"the term {term} is {days.get(term) or 'not known'}, not {day}."
    if example.documents is not None:
        needed = [document.id for document in found.documents if document.is_needed]
        if sorted(needed) != sorted(example.documents):
            yield f"needs {', '.join(needed) or 'no document'}."


def _usual(example: Example, found: Answer, ready: Catalogue) -> str:
    version = ready.on(found.procedure, max(found.law_day, found.valid_from)).version
    form = version.outcomes.get(example.outcome or "")
    if example.outcome is None:
        return CheckStatus.NEEDS_FACTS
    if form is not None and not form.is_verified:
        return CheckStatus.TO_VERIFY
    official = any(
        each.id == example.outcome and each.kind.value == "official"
        for each in version.definition.outcomes
    )
    return CheckStatus.NEEDS_OFFICIAL if official else CheckStatus.DECIDED


def _known(found: Answer) -> str:
    rules = [f"{reason.rule}={reason.holds}" for reason in found.because[:12]]
    missing = [f"{each.id}({each.why})" for each in found.missing[:8]]
    return f"because {', '.join(rules) or 'nothing'}; missing {', '.join(missing) or 'nothing'}."


def gaps_of_golden(ready: Catalogue, wanted: Sequence[str]) -> list[str]:
    """Golden scenarios that no example names."""
    named = {each.golden for examples in ready.library.examples.values() for each in examples}
    return [id for id in wanted if id not in named]
