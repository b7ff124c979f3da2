"""From rows to the frozen data classes that other apps receive. No query is made here, except
what resolvers of other rooms make to say what a service is called today."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from przystan.core import references
from przystan.knowledge import placeholders
from przystan.knowledge.content.forms import (
    LANGUAGES,
    ArticleForm,
    IntentForm,
    ParagraphForm,
    Reference,
)
from przystan.knowledge.data import (
    ArticleCard,
    Expectation,
    IntentView,
    ParagraphView,
    PassageView,
    ProvisionView,
    SourceView,
    TextPart,
)
from przystan.knowledge.models import ArticleVersion, Passage, Provision, Source

DOUBTFUL = "to_verify"
Evidence = Mapping[str, SourceView | ProvisionView]


class References:
    """What placeholders of other rooms say on a day; each is asked once."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._known: dict[tuple[str, str, str], tuple[str, str]] = {}

    def parts(self, text: str, lang: str) -> tuple[TextPart, ...]:
        cut = placeholders.split(text, lambda kind, name: self._resolved(kind, name, lang))
        return tuple(TextPart(words, url) for words, url in cut)

    def text(self, text: str, lang: str) -> str:
        return "".join(part.text for part in self.parts(text, lang))

    def _resolved(self, kind: str, id: str, lang: str) -> tuple[str, str]:
        key = (kind, id, lang)
        if key not in self._known:
            found = references.resolve(kind, id, lang, self._on)
            self._known[key] = (found.text, found.url) if found else (_being_checked(lang), "")
        return self._known[key]


def _being_checked(lang: str) -> str:
    with translation.override(lang):
        return _("(contact details are being checked)")


# --- sources --------------------------------------------------------------------------------


def source(row: Source) -> SourceView:
    return SourceView(row.id, row.title, row.url, row.publisher, row.is_official, row.read_on)


def provision(row: Provision, lang: str) -> ProvisionView:
    return ProvisionView(
        act=row.act.slug,
        act_code=row.act.code,
        act_title=in_language(row.act.shorts, lang),
        edition=row.edition.eli,
        state_on=row.edition.state_on,
        provision=row.key,
        label=row.label,
        url=row.edition.url,
        summary=in_language(row.summaries, lang),
        read_on=row.read_on,
    )


def in_language(words: Mapping[str, str], lang: str) -> str:
    """The words in a language, or in Polish, the language of the law."""
    return words.get(lang) or words.get("pl") or next(iter(words.values()), "")


# --- articles -------------------------------------------------------------------------------


def languages(version: ArticleVersion) -> tuple[str, ...]:
    return tuple(lang for lang in LANGUAGES if version.titles.get(lang))


def card(version: ArticleVersion, lang: str) -> ArticleCard:
    return ArticleCard(
        slug=version.article.slug,
        version_id=version.pk,
        topic=version.topic,
        order=version.order,
        title=version.titles[lang],
        summary=version.summaries.get(lang, ""),
        status="published" if version.status == "published" else "to_verify",
        review_on=version.review_on,
        languages=languages(version),
    )


def language_of(entry: Mapping[str, Any], lang: str) -> str:
    """The language a paragraph is shown in: Polish while its translation is missing."""
    return lang if lang in entry["texts"] else "pl"


def paragraph(
    version: ArticleVersion,
    entry: Mapping[str, Any],
    lang: str,
    row: Passage,
    evidence: Evidence,
    refs: References,
) -> ParagraphView:
    shown = language_of(entry, lang)
    sources = tuple(evidence[name] for name in entry["sources"] if name in evidence)
    parts = refs.parts(row.text, shown)
    polish_since = entry["since"].get("pl", version.number)
    return ParagraphView(
        id=entry["id"],
        kind=entry["kind"],
        status=status(version, entry, row),
        lang=shown,
        text="".join(part.text for part in parts),
        parts=parts,
        sources=sources,
        checked_on=min((found.read_on for found in sources), default=None),
        unchanged_since=entry["since"][shown],
        follows_polish=entry["follows"][shown],
        is_stale=shown != lang or entry["follows"][shown] < polish_since,
    )


def status(version: ArticleVersion, entry: Mapping[str, Any], row: Passage) -> Any:
    if version.status == DOUBTFUL or entry["status"] == DOUBTFUL or row.is_doubtful:
        return DOUBTFUL
    return "verified"


def intents(version: ArticleVersion) -> Iterator[IntentView]:
    for intent in version.intents:
        yield IntentView(
            article=version.article.slug,
            version_id=version.pk,
            id=intent["id"],
            verdict=intent["verdict"],
            answers=tuple(intent["answers"]),
            phrasings=_frozen(intent["phrasings"]),
        )


def _frozen(phrasings: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {lang: tuple(asked) for lang, asked in phrasings.items()}


def expectations(version: ArticleVersion) -> Iterator[Expectation]:
    for test in version.expectations:
        yield Expectation(
            article=version.article.slug,
            lang=test["lang"],
            question=test["question"],
            expect=test["expect"],
            facts=tuple(test["facts"]),
        )


def passages(
    version: ArticleVersion, rows: Iterable[Passage], on: date, refs: References | None = None
) -> Iterator[PassageView]:
    """What search indexes of a version: statements with their heading and their questions."""
    refs = refs or References(on)
    questions = _questions(version)
    found = {(row.paragraph, row.lang): row for row in rows}
    headings: dict[str, str] = {}
    for position, entry in enumerate(version.paragraphs):
        # Not as the row has them: PostgreSQL sorts the keys of JSON its own way.
        for lang in LANGUAGES:
            row = found.get((entry["id"], lang))
            if row is None:
                continue
            text = refs.text(row.text, lang)
            if entry["kind"] == "heading":
                headings[lang] = text
                continue
            yield PassageView(
                id=f"{version.pk}/{entry['id']}/{lang}/{row.valid_from}",
                version_id=version.pk,
                paragraph_id=entry["id"],
                position=position,
                kind=entry["kind"],
                article=version.article.slug,
                topic=version.topic,
                lang=lang,
                text=text,
                heading=headings.get(lang, ""),
                title=version.titles.get(lang, ""),
                titles=version.titles,
                questions=questions.get(entry["id"], {}),
                status=status(version, entry, row),
                valid_from=row.valid_from,
                valid_to=row.valid_to,
            )


def _questions(version: ArticleVersion) -> dict[str, dict[str, tuple[str, ...]]]:
    """Paragraph → language → the questions that it answers."""
    asked: dict[str, dict[str, tuple[str, ...]]] = {}
    for intent in version.intents:
        for answer in intent["answers"]:
            mine = asked.setdefault(answer, {})
            for lang, phrasings in intent["phrasings"].items():
                mine[lang] = (*mine.get(lang, ()), *phrasings)
    return asked


def form(version: ArticleVersion) -> ArticleForm:
    """The content of a version, to publish it again or to seed an editor's page with."""
    return ArticleForm(
        slug=version.article.slug,
        topic=version.topic,
        order=version.order,
        owner=version.owner,
        status="published" if version.status == "published" else "to_verify",
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        review_on=version.review_on,
        related=tuple(version.related),
        services=tuple(version.services),
        titles=version.titles,
        summaries=version.summaries,
        paragraphs=tuple(
            ParagraphForm(
                entry["id"], entry["kind"], entry["status"], tuple(entry["sources"]), entry["texts"]
            )
            for entry in version.paragraphs
        ),
        intents=tuple(
            IntentForm(
                intent["id"],
                tuple(intent["answers"]),
                intent["verdict"],
                _frozen(intent["phrasings"]),
            )
            for intent in version.intents
        ),
        expectations=tuple(expectations(version)),
    )


def references_of(entries: Iterable[Mapping[str, Any]]) -> set[Reference]:
    parsed = (Reference.parse(name) for entry in entries for name in entry["sources"])
    return {reference for reference in parsed if reference}


def name_of(reference: Reference) -> str:
    return (
        f"law:{reference.id}#{reference.provision}"
        if reference.kind == "law"
        else f"page:{reference.id}"
    )
