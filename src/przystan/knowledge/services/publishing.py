"""Publishing: an article in all its languages becomes an immutable version.

A version speaks from its first day on. What was published for a later day keeps that day:
a correction of today's text does not hide the text of next January.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from przystan.core import clock, outbox
from przystan.core.errors import AbsentError, PrzystanError
from przystan.knowledge import assembling, gates
from przystan.knowledge.content.checking import article_faults
from przystan.knowledge.content.forms import ArticleForm, Reference
from przystan.knowledge.data import Candidate, Failure
from przystan.knowledge.models import (
    Article,
    ArticleVersion,
    Citation,
    Passage,
    VersionPeriod,
)
from przystan.knowledge.services import figures, known, passages
from przystan.knowledge.services.figures import Book
from przystan.people import audit
from przystan.people.actor import Actor

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Published:
    """What became of an article: its version, and whether it is a new one."""

    slug: str
    version_id: UUID
    number: int
    is_new: bool


def publish(form: ArticleForm, *, at: datetime, actor: Actor) -> Published:
    """Check an article, ask the gates, and write its version.

    Content that equals the newest version makes no new one.

    Raises:
        PublicationStoppedError: a fault or a gate; nothing was changed.
    """
    stop_at_faults(form, at=at)
    return publish_all([form], at=at, actor=actor)[0]


def stop_at_faults(form: ArticleForm, *, at: datetime) -> None:
    """Raise PublicationStoppedError with every fault of the article, if it has any."""
    allowed = known.from_database(clock.law_day(at), {form.slug})
    failures = [
        Failure(f"{fault.reason} {fault.remedy}", article=form.slug, lang=_lang_of(fault.place))
        for fault in article_faults(form, allowed)
    ]
    if not form.titles.get("pl"):
        failures.append(
            Failure(_("The Polish text is missing: it is the source of the others."), form.slug)
        )
    if failures:
        raise gates.PublicationStoppedError(failures)


def _lang_of(place: tuple[str, ...]) -> str:
    return place[1] if len(place) > 1 and place[0] not in {"paragraph", "intent"} else ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A publication that was checked and asked about, and is ready to be written.

    Nothing of it is in the database. `drafts` are the versions to come, `rows` their passages.
    """

    forms: tuple[ArticleForm, ...]
    newest: Mapping[str, ArticleVersion]
    articles: Mapping[str, Article]
    drafts: tuple[ArticleVersion, ...]
    rows: Mapping[UUID, list[Passage]]
    at: datetime


def publish_all(
    forms: Sequence[ArticleForm], *, at: datetime, actor: Actor, with_gates: bool = True
) -> list[Published]:
    """Publish checked articles together: all of them, or none. Queries do not grow with them.

    Raises:
        PublicationStoppedError: a gate refused one of them.
    """
    return commit(prepare(forms, at=at, with_gates=with_gates), actor=actor)


def prepare(forms: Sequence[ArticleForm], *, at: datetime, with_gates: bool = True) -> Prepared:
    """Build the versions and ask the gates, outside any transaction of the caller.

    A gate searches and answers: it must not hold a lock on the database meanwhile.
    """
    book = figures.book()
    newest = _newest(form.slug for form in forms)
    articles = _articles(form.slug for form in forms)
    drafts = tuple(
        _draft(form, articles[form.slug], newest.get(form.slug), book, at)
        for form in forms
        if _is_changed(form, newest.get(form.slug), book)
    )
    rows = {draft.pk: passages.rendered(draft, book) for draft in drafts}
    if with_gates and drafts:
        gates.ask(_candidate(drafts, rows, clock.law_day(at)))
    return Prepared(tuple(forms), newest, articles, drafts, rows, at)


def commit(prepared: Prepared, *, actor: Actor) -> list[Published]:
    """Write what was prepared, with its audit rows and its messages, in one transaction.

    Raises:
        PrzystanError: somebody published one of the articles in between (409).
    """
    drafts, newest = prepared.drafts, prepared.newest
    made = {draft.article.slug: draft for draft in drafts}
    with transaction.atomic():
        try:
            _save(drafts, prepared.rows, prepared.articles, prepared.forms)
        except IntegrityError as clash:
            raise PrzystanError(
                _("Somebody published this article at the same time. Look at it and try again."),
                status=409,
            ) from clash
        spoken = _set_periods({**newest, **made}, drafts, prepared.at)
        for version in spoken:
            _tell(version, "knowledge.published", actor)
    return [_outcome(form.slug, made, newest) for form in prepared.forms]


def _tell(version: ArticleVersion, act: str, actor: Actor) -> None:
    """Leave the audit row, and the message for whoever keeps an index or a cache."""
    audit.record(
        actor,
        act,
        ids=[version.pk],
        detail={"article": version.article.slug, "version": version.number},
    )
    outbox.put(
        "knowledge.published", key=f"article:{version.article_id}", version_id=str(version.pk)
    )


def _outcome(
    slug: str, made: Mapping[str, ArticleVersion], newest: Mapping[str, ArticleVersion]
) -> Published:
    version = made.get(slug) or newest[slug]
    return Published(slug, version.pk, version.number, is_new=slug in made)


def _newest(slugs: Iterable[str]) -> dict[str, ArticleVersion]:
    versions = ArticleVersion.objects.filter(article__slug__in=set(slugs)).select_related("article")
    return {version.article.slug: version for version in versions.order_by("number")}


def _articles(slugs: Iterable[str]) -> dict[str, Article]:
    """The article rows by slug; those not there yet are not saved yet."""
    wanted = list(dict.fromkeys(slugs))
    found = {article.slug: article for article in Article.objects.filter(slug__in=wanted)}
    return {slug: found.get(slug) or Article(slug=slug) for slug in wanted}


def _is_changed(form: ArticleForm, newest: ArticleVersion | None, book: Book) -> bool:
    if newest is None or newest.content_hash != form.content_hash:
        return True
    return passages.is_corrected(newest, book) or _confirms_anew(form, newest)


def _confirms_anew(form: ArticleForm, newest: ArticleVersion) -> bool:
    """A translator confirms a text that was marked as older than the Polish one."""
    return any(
        (lang, entry["id"]) in form.confirmed and follows < entry["since"].get("pl", 0)
        for entry in newest.paragraphs
        for lang, follows in entry["follows"].items()
    )


# --- building a version ---------------------------------------------------------------------


def _draft(
    form: ArticleForm, article: Article, before: ArticleVersion | None, book: Book, at: datetime
) -> ArticleVersion:
    number = before.number + 1 if before else 1
    draft = ArticleVersion(
        article=article,
        number=number,
        topic=form.topic,
        order=form.order,
        owner=form.owner,
        status=form.status,
        valid_from=form.valid_from,
        valid_to=form.valid_to,
        review_on=form.review_on,
        titles=dict(form.titles),
        summaries=dict(form.summaries),
        related=list(form.related),
        services=list(form.services),
        paragraphs=_paragraphs(form, before, number),
        intents=[
            {
                "id": intent.id,
                "verdict": intent.verdict,
                "answers": list(intent.answers),
                "phrasings": {lang: list(asked) for lang, asked in intent.phrasings.items()},
            }
            for intent in form.intents
        ],
        expectations=[
            {
                "lang": test.lang,
                "question": test.question,
                "expect": test.expect,
                "facts": list(test.facts),
            }
            for test in form.expectations
        ],
        content_hash=form.content_hash,
        published_at=at,
    )
    draft.figures = _figures(draft, book)
    return draft


def _figures(draft: ArticleVersion, book: Book) -> dict[str, list[list[Any]]]:
    return {
        id: [
            [figure.valid_from.isoformat() if figure.valid_from else None, figure.value]
            for figure in book[id].figures
        ]
        for id in sorted(passages.parameters_of(draft))
        if id in book
    }


def _paragraphs(
    form: ArticleForm, before: ArticleVersion | None, number: int
) -> list[dict[str, Any]]:
    earlier = {entry["id"]: entry for entry in before.paragraphs} if before else {}
    return [
        {
            "id": paragraph.id,
            "kind": paragraph.kind,
            "status": paragraph.status,
            "sources": list(paragraph.sources),
            "texts": dict(paragraph.texts),
            **_history(paragraph.id, paragraph.texts, earlier.get(paragraph.id), number, form),
        }
        for paragraph in form.paragraphs
    ]


def _history(
    id: str,
    texts: Mapping[str, str],
    before: Mapping[str, Any] | None,
    number: int,
    form: ArticleForm,
) -> dict[str, dict[str, int]]:
    """Since which version each text reads so, and which version's Polish text it follows."""
    old = before or {"texts": {}, "since": {}, "follows": {}}
    since = {
        lang: old["since"][lang] if old["texts"].get(lang) == text else number
        for lang, text in texts.items()
    }
    follows = {
        lang: old["follows"][lang]
        if since[lang] != number and (lang, id) not in form.confirmed and lang != "pl"
        else since.get("pl", number)
        for lang in texts
    }
    return {"since": since, "follows": follows}


def _candidate(
    drafts: Sequence[ArticleVersion], rows: Mapping[UUID, list[Passage]], on: date
) -> Candidate:
    return Candidate(
        articles=tuple(draft.article.slug for draft in drafts),
        on=on,
        passages=tuple(
            passage
            for draft in drafts
            for passage in assembling.passages(draft, _on(rows[draft.pk], on), on)
        ),
        intents=tuple(intent for draft in drafts for intent in assembling.intents(draft)),
        expectations=tuple(test for draft in drafts for test in assembling.expectations(draft)),
    )


def _on(rows: Iterable[Passage], day: date) -> list[Passage]:
    return [
        row for row in rows if row.valid_from <= day and (not row.valid_to or day <= row.valid_to)
    ]


# --- writing --------------------------------------------------------------------------------


def _save(
    drafts: Sequence[ArticleVersion],
    rows: Mapping[UUID, list[Passage]],
    articles: Mapping[str, Article],
    forms: Sequence[ArticleForm],
) -> None:
    new = [article for article in articles.values() if article.pk is None]
    Article.objects.bulk_create(new)
    for draft in drafts:
        draft.article = articles[draft.article.slug]
    ArticleVersion.objects.bulk_create(drafts)
    passages.save(passage for draft in drafts for passage in rows[draft.pk])
    Citation.objects.bulk_create(citation for draft in drafts for citation in _citations(draft))
    changed = {draft.article.slug for draft in drafts}
    _relate([form for form in forms if form.slug in changed], articles)


def _citations(draft: ArticleVersion) -> list[Citation]:
    parsed = (
        Reference.parse(source) for paragraph in draft.paragraphs for source in paragraph["sources"]
    )
    named = {(ref.id, ref.provision) for ref in parsed if ref and ref.kind == "law"}
    return [Citation(version=draft, act=act, provision=key) for act, key in sorted(named)]


def _relate(forms: Sequence[ArticleForm], articles: Mapping[str, Article]) -> None:
    """Keep the "see also" of the newest versions; an article not published yet is left out."""
    if not forms:
        return
    through = Article.related.through
    own = [articles[form.slug].pk for form in forms]
    through.objects.filter(from_article_id__in=own).delete()
    named = {slug for form in forms for slug in form.related}
    ids = dict(Article.objects.filter(slug__in=named).values_list("slug", "pk"))
    through.objects.bulk_create(
        through(from_article_id=articles[form.slug].pk, to_article_id=ids[slug])
        for form in forms
        for slug in dict.fromkeys(form.related)
        if slug in ids
    )


def _set_periods(
    newest: Mapping[str, ArticleVersion], drafts: Sequence[ArticleVersion], at: datetime
) -> list[ArticleVersion]:
    """Give each published version its days; take them from those that spoke on them before.

    Returns the versions that speak anew, among them unchanged ones that had been withdrawn.
    """
    fresh = {draft.article_id for draft in drafts}
    present: dict[int, list[VersionPeriod]] = {}
    for period in VersionPeriod.objects.filter(
        article__in=[version.article_id for version in newest.values()]
    ).select_for_update():
        present.setdefault(period.article_id, []).append(period)
    coming = []
    for version in newest.values():
        periods = present.get(version.article_id, [])
        # An unchanged article that was withdrawn speaks again when it is published again.
        if version.article_id in fresh or not _speaks_after(periods, clock.law_day(at)):
            coming.append(_period(version, periods, clock.law_day(at)))
    VersionPeriod.objects.bulk_create(coming)
    return [period.version for period in coming]


def _speaks_after(periods: Iterable[VersionPeriod], day: date) -> bool:
    return any(not period.valid_to or period.valid_to >= day for period in periods)


def _period(
    version: ArticleVersion, present: Iterable[VersionPeriod], today: date
) -> VersionPeriod:
    first, last = version.valid_from, version.valid_to
    scheduled = [period for period in present if period.valid_from > max(first, today)]
    for period in present:
        if period not in scheduled:
            _shorten(period, first - ONE_DAY)
    if scheduled:
        border = min(period.valid_from for period in scheduled) - ONE_DAY
        last = min(last, border) if last else border
    return VersionPeriod(article=version.article, version=version, valid_from=first, valid_to=last)


def _shorten(period: VersionPeriod, last: date) -> None:
    if period.valid_from > last:
        period.delete()
    elif not period.valid_to or period.valid_to > last:
        period.valid_to = last
        period.save(update_fields=["valid_to"])


def withdraw(slug: str, *, at: datetime, actor: Actor) -> None:
    """Take an article from the portal from this day on; its past days and versions stay.

    Raises:
        AbsentError: there is no such article.
    """
    article = Article.objects.filter(slug=slug).first()
    if article is None:
        raise AbsentError(_("There is no such article."))
    today = clock.law_day(at)
    with transaction.atomic():
        periods = article.periods.select_for_update().filter(
            Q(valid_to=None) | Q(valid_to__gte=today)
        )
        for period in periods.select_related("version__article").order_by("valid_from"):
            _shorten(period, today - ONE_DAY)
            _tell(period.version, "knowledge.withdrawn", actor)


def republish_corrected(*, at: datetime, actor: Actor) -> list[Published]:
    """Give a new version to each article whose figures were put right since it was published."""
    book = figures.book()
    corrected = [
        assembling.form(version)
        for version in ArticleVersion.objects.on(clock.law_day(at)).select_related("article")
        if passages.is_corrected(version, book)
    ]
    return publish_all(corrected, at=at, actor=actor) if corrected else []
