"""An answer in words: what every page, paper and message that shows an outcome is made of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from przystan.procedures import wording
from przystan.procedures.catalogue import Catalogue
from przystan.procedures.data import Answer, CheckStatus
from przystan.procedures.forms import DocumentWords, RuleWords, TermWords


@dataclass(frozen=True, slots=True)
class Why:
    """A sentence that decided, with the sources it stands on: "law:act#art-1" and "page:id".

    `is_main` where it speaks for the outcome itself; the others rule out earlier outcomes.
    """

    sentence: str
    sources: tuple[str, ...]
    is_main: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A document to bring. `is_sure` is False while it depends on what is not known."""

    id: str
    name: str
    issuer: str
    validity: str
    note: str
    needs_translation: bool
    is_sure: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fee:
    name: str
    grosz: int | None


@dataclass(frozen=True, slots=True)
class Term:
    id: str
    name: str
    note: str
    day: date | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that would still matter: what it is, why it is not known, how to find it out."""

    fact: str
    label: str
    is_for_official: bool
    how: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Statements that cannot all be true."""

    sentence: str
    facts: tuple[tuple[str, str], ...]  # fact, label


@dataclass(frozen=True, slots=True)
class Explained:
    """Everything an outcome page says, in one language.

    `possible` are titles of outcomes while none is settled. `changes` are complete sentences.
    `big_term` is the day that matters most: the first one that is still to come.
    """

    lang: str
    procedure_title: str
    title: str
    text: str
    steps: tuple[str, ...]
    verdict: str
    status: str
    why: tuple[Why, ...]
    possible: tuple[str, ...]
    changes: tuple[str, ...]
    changes_on: date | None
    papers: tuple[Paper, ...]
    fees: tuple[Fee, ...]
    fee_grosz: int | None
    terms: tuple[Term, ...]
    big_term: Term | None
    authority_name: str
    authority_where: str
    missing: tuple[Missing, ...]
    conflicts: tuple[Conflict, ...]


def explained(catalogue: Catalogue, answer: Answer, language: str) -> Explained:
    """The answer in the words of a language; English where the definition has no such words."""
    made = _Explaining(catalogue, answer, language)
    with translation.override(language):
        return made.whole()


@dataclass(frozen=True, slots=True)
class _Explaining:
    catalogue: Catalogue
    answer: Answer
    lang: str

    def whole(self) -> Explained:
        answer, words = self.answer, self._words
        outcome = words.outcomes.get(answer.outcome or "")
        terms = tuple(self._terms())
        name, where = self._authority()
        change = answer.changes_on
        return Explained(
            lang=self.lang,
            procedure_title=words.title,
            title=self._text(outcome.title) if outcome else "",
            text=self._text(outcome.text) if outcome else "",
            steps=tuple(self._text(step) for step in outcome.steps) if outcome else (),
            verdict=answer.verdict,
            status=answer.status.value,
            why=tuple(self._why()),
            possible=self._possible(),
            changes=tuple(self._changes()),
            changes_on=change[0] if change else None,
            papers=tuple(self._papers()),
            fees=tuple(
                Fee(self._text(words.fees.get(line.id, line.id)), line.grosz)
                for line in answer.fees
            ),
            fee_grosz=answer.fee_grosz if answer.fees else None,
            terms=terms,
            big_term=_nearest(terms, answer.on),
            authority_name=name,
            authority_where=where,
            missing=tuple(self._missing()),
            conflicts=conflicts(self.catalogue, answer.procedure, answer.contradictions, self.lang,
                                answer.on),
        )  # fmt: skip

    @property
    def _words(self) -> Any:
        return wording.words_of(self.catalogue, self.answer.procedure, self.lang)

    def _text(self, source: str) -> str:
        return wording.rendered(self.catalogue, source, self.lang, self.answer.law_day)

    def _title(self, outcome: str) -> str:
        found = self._words.outcomes.get(outcome)
        return self._text(found.title) if found else outcome

    def _possible(self) -> tuple[str, ...]:
        if self.answer.outcome is not None:
            return ()
        return tuple(self._title(each) for each in self.answer.possible)

    def _why(self) -> Iterator[Why]:
        """Sentences of the rules that settled it; a rule without one is part of another."""
        sources: dict[tuple[str, str], list[str]] = {}
        main: set[str] = set()
        for reason in self.answer.because:
            if reason.speaks_for == self.answer.outcome:
                main.add(reason.rule)
            found = sources.setdefault((reason.rule, str(reason.holds)), [])
            if reason.act:
                found.append(f"law:{reason.act}#{reason.provision}")
            elif reason.page:
                found.append(f"page:{reason.page}")
        for (rule, holds), named in sources.items():
            words = self._words.rules.get(rule, RuleWords())
            sentence = {"True": words.when_true, "False": words.when_false}.get(holds, "")
            if sentence:
                yield Why(self._text(sentence), tuple(dict.fromkeys(named)), rule in main)

    def _changes(self) -> Iterator[str]:
        for change in self.answer.would_change:
            told = [
                _("%(fact)s: %(value)s") % {
                    "fact": wording.fact_words(self.catalogue, fact, self.lang).label,
                    "value": wording.said(self.catalogue, fact, value, self.lang),
                }
                for fact, value in change.facts.items()
                if fact in self.catalogue.facts
            ]  # fmt: skip
            if told and change.outcome is None:
                yield _(
                    "If this were so – %(facts)s – another result would be possible; "
                    "it would depend on more answers."
                ) % {"facts": "; ".join(told)}
            elif told:
                yield _("If this were so – %(facts)s – the result would be: %(outcome)s") % {
                    "facts": "; ".join(told), "outcome": self._title(str(change.outcome))
                }  # fmt: skip
        if self.answer.changes_on and self.answer.changes_on[1]:
            day, outcome = self.answer.changes_on
            yield _("From %(day)s, if nothing else changes, the result is: %(outcome)s") % {
                "day": wording.day(day, self.lang), "outcome": self._title(str(outcome))
            }  # fmt: skip

    def _papers(self) -> Iterator[Paper]:
        for line in self.answer.documents:
            words = self._words.documents.get(line.id, DocumentWords(line.id))
            yield Paper(
                id=line.id,
                name=self._text(words.name),
                issuer=self._text(words.issuer),
                validity=self._text(words.validity),
                note=self._text(words.note),
                needs_translation=line.needs_translation,
                is_sure=line.is_needed is True,
                sources=line.sources,
            )

    def _terms(self) -> Iterator[Term]:
        for line in self.answer.terms:
            words = self._words.terms.get(line.id, TermWords(line.id))
            yield Term(
                line.id, self._text(words.name), self._text(words.note), line.day, line.sources
            )

    def _authority(self) -> tuple[str, str]:
        named = self.catalogue.library.authorities
        by_language = named.get(self.lang) or named.get("en", {})
        found = by_language.get(self.answer.authority)
        if found is None:
            return "", ""
        return self._text(found.name), self._text(found.where)

    def _missing(self) -> Iterator[Missing]:
        if self.answer.outcome is not None and self.answer.status is not CheckStatus.NEEDS_FACTS:
            return
        seen: set[str] = set()
        for each in self.answer.missing:
            if each.kind != "fact" or each.id in seen or each.id not in self.catalogue.facts:
                continue
            seen.add(each.id)
            words = wording.fact_words(self.catalogue, each.id, self.lang)
            is_official = each.why == "only_an_official"
            yield Missing(each.id, self._text(words.label), is_official, self._text(words.how))


def _nearest(terms: Sequence[Term], on: date) -> Term | None:
    dated = sorted((term for term in terms if term.day), key=lambda term: term.day or date.max)
    coming = [term for term in dated if term.day and term.day >= on]
    return next(iter(coming or dated), None)


def conflicts(
    catalogue: Catalogue, procedure: str, ids: Sequence[str], language: str, on: date
) -> tuple[Conflict, ...]:
    """What contradicts what, with the facts of which one has to be corrected."""
    words = wording.words_of(catalogue, procedure, language)
    version = catalogue.on(procedure, on).version
    forms: Mapping[str, tuple[str, ...]] = {each.id: each.facts for each in version.contradictions}
    return tuple(
        Conflict(
            wording.rendered(catalogue, words.contradictions.get(id, id), language, on),
            tuple(
                (fact, wording.fact_words(catalogue, fact, language).label)
                for fact in forms.get(id, ())
            ),
        )
        for id in ids
    )
