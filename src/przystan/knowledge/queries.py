"""Reads of knowledge. Their number of queries does not grow with an article's length."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Case, Exists, F, JSONField, OuterRef, Q, QuerySet, Value, When
from django.utils import translation

from przystan.knowledge import assembling, placeholders
from przystan.knowledge.assembling import Evidence, References
from przystan.knowledge.content.forms import Reference
from przystan.knowledge.data import (
    ActView,
    ArticleCard,
    ArticleView,
    CitedParagraph,
    IntentView,
    ParagraphKey,
    ParagraphView,
    ParameterView,
    PassageView,
    ProvisionPage,
    ProvisionText,
    ProvisionView,
    SourceView,
    TopicView,
)
from przystan.knowledge.law import labels
from przystan.knowledge.models import (
    Act,
    Article,
    ArticleVersion,
    Citation,
    Edition,
    OfficialText,
    ParameterValue,
    Passage,
    Provision,
    Source,
    VersionPeriod,
)
from przystan.knowledge.topics import TOPICS

# What a list of articles does not need and a page does.
_HEAVY = ("paragraphs", "intents", "expectations", "figures")


def _on(day: date, prefix: str = "") -> Q:
    """Rows whose days, both ends included, hold a day."""
    begun = Q(**{f"{prefix}valid_from__lte": day})
    return begun & (Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gte": day}))


def topics(lang: str) -> tuple[TopicView, ...]:
    with translation.override(lang):
        return tuple(TopicView(id, str(title), str(text)) for id, (title, text) in TOPICS.items())


# --- articles -------------------------------------------------------------------------------


def articles(lang: str, on: date) -> tuple[ArticleCard, ...]:
    versions = ArticleVersion.objects.on(on).select_related("article").defer(*_HEAVY)
    return _cards(versions, lang)


def _cards(versions: Iterable[ArticleVersion], lang: str) -> tuple[ArticleCard, ...]:
    place = {id: position for position, id in enumerate(TOPICS)}
    cards = (assembling.card(version, lang) for version in versions if version.titles.get(lang))
    return tuple(sorted(cards, key=lambda card: (place[card.topic], card.order, card.slug)))


def article(slug: str, lang: str, on: date) -> ArticleView | None:
    """Four queries: the version with its neighbours, its passages, pages, provisions."""
    version, related = _version_and_related(slug, on)
    if version is None or not version.titles.get(lang):
        return None
    evidence = _evidence(assembling.references_of(version.paragraphs), lang)
    rows = {
        (row.paragraph, row.lang): row
        for row in version.passages.filter(_on(on), lang__in={lang, "pl"})
    }
    refs = References(on)
    paragraphs = tuple(
        assembling.paragraph(version, entry, lang, row, evidence, refs)
        for entry in version.paragraphs
        if (row := rows.get((entry["id"], assembling.language_of(entry, lang))))
    )
    checked = [paragraph.checked_on for paragraph in paragraphs if paragraph.checked_on]
    return ArticleView(
        slug=slug,
        version_id=version.pk,
        number=version.number,
        lang=lang,
        topic=version.topic,
        title=version.titles[lang],
        summary=version.summaries.get(lang, ""),
        status="published" if version.status == "published" else "to_verify",
        owner=version.owner,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        review_on=version.review_on,
        checked_on=min(checked, default=None),
        paragraphs=paragraphs,
        questions=_examples(version, lang),
        related=_in_order(_cards(related, lang), version.related),
        services=tuple(version.services),
        languages=assembling.languages(version),
    )


def _version_and_related(slug: str, on: date) -> tuple[ArticleVersion | None, list[ArticleVersion]]:
    """The article's version of the day, and the heads of those it names, in one query."""
    named = Article.objects.filter(related_from__slug=slug)
    whole = {
        name: Case(When(article__slug=slug, then=F(name)), default=Value(None, JSONField()))
        for name in ("paragraphs", "intents")
    }
    versions = list(
        ArticleVersion.objects.on(on)
        .filter(Q(article__slug=slug) | Q(article__in=named))
        .select_related("article")
        .defer(*_HEAVY)
        .annotate(**{f"whole_{name}": case for name, case in whole.items()})
    )
    version = next((found for found in versions if found.article.slug == slug), None)
    if version is None:
        return None, []
    # Set as if they had been loaded, so that nothing fetches them again.
    version.paragraphs = version.whole_paragraphs  # type: ignore[attr-defined]
    version.intents = version.whole_intents  # type: ignore[attr-defined]
    return version, [found for found in versions if found is not version]


def _examples(version: ArticleVersion, lang: str) -> tuple[str, ...]:
    asked = (intent["phrasings"].get(lang, []) for intent in version.intents)
    return tuple(phrasings[0] for phrasings in asked if phrasings)


def _in_order(cards: Iterable[ArticleCard], slugs: Sequence[str]) -> tuple[ArticleCard, ...]:
    by_slug = {card.slug: card for card in cards}
    return tuple(by_slug[slug] for slug in slugs if slug in by_slug)


def sources(named: Iterable[str], lang: str) -> Evidence:
    """The sources named "law:act#provision" or "page:id", by name, in two queries at most."""
    references = (Reference.parse(one) for one in named)
    return _evidence([one for one in references if one is not None], lang)


def _evidence(named: Iterable[Reference], lang: str) -> Evidence:
    """The sources that references name, in two queries at most."""
    named = set(named)
    found: dict[str, SourceView | ProvisionView] = {}
    if pages := {reference.id for reference in named if reference.kind == "page"}:
        for page in Source.objects.filter(id__in=pages):
            found[f"page:{page.id}"] = assembling.source(page)
    if law := {(ref.id, ref.provision) for ref in named if ref.kind == "law"}:
        for row in _provisions(law):
            found[f"law:{row.act.slug}#{row.key}"] = assembling.provision(row, lang)
    return found


def _provisions(named: set[tuple[str, str]]) -> Iterator[Provision]:
    rows = Provision.objects.select_related("act", "edition").filter(
        act__slug__in={act for act, _ in named}, key__in={key for _, key in named}
    )
    # Act and key were filtered apart; a key of one act may be cited of another only.
    return (row for row in rows if (row.act.slug, row.key) in named)


# --- what search and answers read -----------------------------------------------------------


def passages(on: date) -> Iterator[PassageView]:
    versions = {version.pk: version for version in _whole(on)}
    rows: dict[UUID, list[Passage]] = {id: [] for id in versions}
    for row in Passage.objects.filter(_on(on), version__in=ArticleVersion.objects.on(on)):
        rows[row.version_id].append(row)
    refs = References(on)
    for id, version in versions.items():
        yield from assembling.passages(version, rows[id], on, refs)


def _whole(on: date) -> QuerySet[ArticleVersion]:
    return (
        ArticleVersion.objects.on(on)
        .select_related("article")
        .defer("expectations", "figures")
        .order_by("article__slug")
    )


def intents(on: date) -> tuple[IntentView, ...]:
    versions = _whole(on).defer("paragraphs", "expectations", "figures")
    return tuple(intent for version in versions for intent in assembling.intents(version))


def paragraph(
    version_id: UUID, paragraph_id: str, lang: str, on: date | None = None
) -> CitedParagraph | None:
    key = ParagraphKey(version_id, paragraph_id, lang)
    return paragraphs([key], on).get(key)


def paragraphs(
    keys: Sequence[ParagraphKey], on: date | None = None
) -> dict[ParagraphKey, CitedParagraph]:
    """Four queries, however many keys; the title's language decides the sources' words."""
    ids = {key.version_id for key in keys}
    versions = {
        version.pk: version
        for version in ArticleVersion.objects.filter(pk__in=ids).select_related("article")
    }
    entries = {
        (version.pk, entry["id"]): entry
        for version in versions.values()
        for entry in version.paragraphs
    }
    wanted = [key for key in keys if (key.version_id, key.paragraph_id) in entries]
    rows = _rows(wanted, on)
    named = assembling.references_of(entries[key.version_id, key.paragraph_id] for key in wanted)
    # Summaries and titles of sources come in the language of the first key: callers quote in one.
    evidence = _evidence(named, wanted[0].lang) if wanted else {}
    found = {}
    for key in wanted:
        version, entry = versions[key.version_id], entries[key.version_id, key.paragraph_id]
        if key not in rows:
            continue
        row = rows[key]
        refs = References(on or row.valid_from)
        view = assembling.paragraph(version, entry, key.lang, row, evidence, refs)
        found[key] = _cited(key, version, row, view)
    return found


def _rows(keys: Sequence[ParagraphKey], on: date | None) -> dict[ParagraphKey, Passage]:
    """The passage of each key on a day, or its last one."""
    rows = Passage.objects.filter(
        version__in={key.version_id for key in keys},
        paragraph__in={key.paragraph_id for key in keys},
        lang__in={key.lang for key in keys},
    ).order_by("valid_from")
    if on is not None:
        rows = rows.filter(_on(on))
    found = {ParagraphKey(row.version_id, row.paragraph, row.lang): row for row in rows}
    return {key: found[key] for key in keys if key in found}


def _cited(
    key: ParagraphKey, version: ArticleVersion, row: Passage, view: ParagraphView
) -> CitedParagraph:
    return CitedParagraph(
        key=key,
        article=version.article.slug,
        number=version.number,
        title=assembling.in_language(version.titles, key.lang),
        article_status="published" if version.status == "published" else "to_verify",
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        paragraph=view,
    )


def corpus_version(on: date) -> str:
    """A hash over the versions that speak on a day and the values that hold on it.

    Passages follow from these two; services are read live and do not count.
    """
    speaking = VersionPeriod.objects.filter(_on(on)).order_by("version_id")
    holding = ParameterValue.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on)
    ).order_by("id")
    seen = [
        *speaking.values_list("version_id", flat=True),
        *holding.values_list("parameter_id", "valid_from", "value", "status"),
    ]
    return hashlib.sha256(repr(seen).encode()).hexdigest()


# --- law and parameters ---------------------------------------------------------------------


def acts(lang: str) -> tuple[ActView, ...]:
    with_text = Exists(OfficialText.objects.filter(edition__act=OuterRef("pk")))
    newest: dict[int, Edition] = {}
    for edition in Edition.objects.order_by("state_on"):
        newest[edition.act_id] = edition
    cited: dict[int, list[str]] = {}
    for act_id, key in Provision.objects.values_list("act_id", "key"):
        cited.setdefault(act_id, []).append(key)
    return tuple(
        ActView(
            slug=act.slug,
            code=act.code,
            title=assembling.in_language(act.titles, lang),
            short=assembling.in_language(act.shorts, lang),
            edition=newest[act.pk].eli,
            state_on=newest[act.pk].state_on,
            read_on=newest[act.pk].read_on,
            url=newest[act.pk].url,
            has_official_text=act.has_text,
            provisions=tuple(sorted(cited.get(act.pk, []), key=labels.order)),
        )
        for act in Act.objects.annotate(has_text=with_text).order_by("id")
        if act.pk in newest
    )


def provision(act_slug: str, provision_id: str, lang: str, on: date) -> ProvisionPage | None:
    act = Act.objects.filter(slug=act_slug).first()
    if act is None:
        return None
    row = Provision.objects.select_related("act", "edition").filter(act=act, key=provision_id)
    own = row.first()
    edition = _edition_with_text(act, on)
    texts = _official(edition, provision_id) if edition else []
    if own is None and not texts:
        return None
    view = assembling.provision(own, lang) if own else _unsummarised(act, edition, texts[0], lang)
    return ProvisionPage(
        provision=view,
        act_full_title=assembling.in_language(act.titles, lang),
        official=tuple(_unit(text, texts[0].depth) for text in texts),
        official_edition=edition.eli if edition and texts else "",
        official_state_on=edition.state_on if edition and texts else None,
        parent=(texts[0].parent or None) if texts else labels.parent(provision_id),
        articles=_citing(act_slug, provision_id, lang, on),
    )


def _edition_with_text(act: Act, on: date) -> Edition | None:
    """The newest imported edition of the day, or else the oldest imported one."""
    editions = list(act.editions.exclude(text_hash="").order_by("state_on"))
    of_the_day = [edition for edition in editions if edition.state_on <= on]
    return of_the_day[-1] if of_the_day else next(iter(editions), None)


def _official(edition: Edition, provision_id: str) -> list[OfficialText]:
    """The unit and everything below it, in the act's order."""
    below = Q(key=provision_id) | Q(key__startswith=f"{provision_id}-")
    texts = list(edition.texts.filter(below).order_by("position"))
    return texts if texts and texts[0].key == provision_id else []


def _unsummarised(
    act: Act, edition: Edition | None, text: OfficialText, lang: str
) -> ProvisionView:
    assert edition is not None
    return ProvisionView(
        act=act.slug,
        act_code=act.code,
        act_title=assembling.in_language(act.shorts, lang),
        edition=edition.eli,
        state_on=edition.state_on,
        provision=text.key,
        label=text.label,
        url=edition.url,
        summary="",
        read_on=edition.read_on,
    )


def _unit(text: OfficialText, top: int) -> ProvisionText:
    return ProvisionText(
        id=text.key,
        label=text.label,
        depth=text.depth - top,
        text=text.text,
        closing=text.closing,
        coming=text.coming,
        is_repealed=text.is_repealed,
        footnotes=tuple(text.footnotes),
        notes=tuple(text.notes),
    )


def _citing(act: str, provision_id: str, lang: str, on: date) -> tuple[ArticleCard, ...]:
    """Articles of the day that cite a provision or a part of it."""
    cited = Citation.objects.filter(
        Q(provision=provision_id) | Q(provision__startswith=f"{provision_id}-"),
        act=act,
        version=OuterRef("pk"),
    )
    versions = ArticleVersion.objects.on(on).filter(Exists(cited)).select_related("article")
    return _cards(versions.defer(*_HEAVY), lang)


def parameter(id: str, on: date) -> ParameterView | None:
    value = (
        ParameterValue.objects.select_related("parameter")
        .filter(Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on))
        .filter(parameter__slug=id)
        .first()
    )
    reference = Reference.parse(value.source) if value else None
    source = _evidence([reference], "pl").get(value.source) if value and reference else None
    return _parameter(value, source) if value and source else None


def _parameter(value: ParameterValue, source: SourceView | ProvisionView) -> ParameterView:
    row = value.parameter
    return ParameterView(
        id=row.slug,
        kind=placeholders.kind(row.kind),
        labels=row.labels,
        value=placeholders.typed(row.kind, value.value),
        rendered={
            lang: placeholders.render_value(row.kind, value.value, lang) for lang in row.labels
        },
        valid_from=value.valid_from,
        valid_to=value.valid_to,
        status="verified" if value.status == "verified" else "to_verify",
        source=source,
        read_on=value.read_on,
    )
