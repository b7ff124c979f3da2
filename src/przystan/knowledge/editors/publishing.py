"""From pages to a snapshot: the Polish page and its translations become one article."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import NoReturn, cast

from django.utils.translation import gettext as _

from przystan.core import clock
from przystan.knowledge import services
from przystan.knowledge.content import texts
from przystan.knowledge.content.forms import ArticleForm, IntentForm, ParagraphForm
from przystan.knowledge.data import (
    ArticleStatus,
    Expectation,
    Failure,
    ParagraphKind,
    Status,
    Verdict,
)
from przystan.knowledge.editors.blocks import list_of
from przystan.knowledge.editors.models import ArticlePage
from przystan.knowledge.gates import PublicationStoppedError
from przystan.knowledge.services.publishing import Prepared
from przystan.people.actor import Actor

PURPOSE = "publish an article"


def prepare(page: ArticlePage) -> Prepared:
    """Check what the article becomes with this page in its language, and ask the gates.

    Raises:
        PublicationStoppedError: names every fault of this page and every gate's reason.
    """
    at = clock.now()
    form = article_form(page.slug, [page, *_live_siblings(page)], page.lang)
    services.stop_at_faults(form, at=at)
    return services.prepare([form], at=at)


def commit(prepared: Prepared, actor: Actor) -> None:
    services.commit(prepared, actor=actor)


def prepare_without(page: ArticlePage) -> Prepared | None:
    """The article without this page's language; None where nothing of it remains."""
    siblings = list(_live_siblings(page))
    if page.lang == "pl" or not page.live or not any(other.lang == "pl" for other in siblings):
        return None
    return services.prepare([article_form(page.slug, siblings, "pl")], at=clock.now())


def commit_without(page: ArticlePage, prepared: Prepared | None, actor: Actor) -> None:
    if prepared:
        services.commit(prepared, actor=actor)
    elif page.lang == "pl":
        services.withdraw(page.slug, at=clock.now(), actor=actor)


def _live_siblings(page: ArticlePage) -> Iterable[ArticlePage]:
    """The article's other languages as they are published now."""
    siblings = ArticlePage.objects.filter(translation_key=page.translation_key, live=True)
    return list(siblings.exclude(pk=page.pk).select_related("locale"))


# --- one article of several pages -----------------------------------------------------------


def article_form(slug: str, pages: Iterable[ArticlePage], lang: str) -> ArticleForm:
    """Put an article together from its pages.

    Args:
        lang: the language being published. A paragraph of another language that no longer has
            the numbers or figures of the Polish text is left out until it is translated anew.

    Raises:
        PublicationStoppedError: there is no Polish page, or it lacks its days.
    """
    by_lang = {page.lang: page for page in pages}
    polish = by_lang.get("pl")
    if polish is None:
        _stop(_("Publish the Polish page first: it is the source of the others."), slug, lang)
    for field, label in (("valid_from", _("first day")), ("review_on", _("day of review"))):
        if getattr(polish, field) is None:
            _stop(_("The Polish page lacks its %(field)s.") % {"field": label}, slug, "pl")
    words = {code: dict(_paragraph_texts(page)) for code, page in by_lang.items()}
    asked = {code: dict(_phrasings(page)) for code, page in by_lang.items()}
    form = ArticleForm(
        slug=polish.slug,
        topic=polish.topic,
        order=polish.order,
        owner=polish.desk,
        status=cast(ArticleStatus, polish.status),
        valid_from=cast(date, polish.valid_from),
        valid_to=polish.valid_to,
        review_on=cast(date, polish.review_on),
        related=tuple(polish.related.split()),
        services=tuple(polish.services.split()),
        titles={code: page.title.strip() for code, page in by_lang.items()},
        summaries={code: page.summary.strip() for code, page in by_lang.items()},
        paragraphs=tuple(_paragraphs(polish, words)),
        intents=tuple(_intents(polish, asked)),
        expectations=tuple(_expectations(polish)),
        confirmed=frozenset(_confirmed(by_lang.get(lang))),
    )
    return _without_contradictions(form, published_now={lang, "pl"} if lang != "pl" else {"pl"})


def _stop(reason: str, slug: str, lang: str) -> NoReturn:
    raise PublicationStoppedError([Failure(reason, slug, lang)])


def _paragraph_texts(page: ArticlePage) -> Iterator[tuple[str, str]]:
    for block in page.body:
        if text := block.value["text"].strip():
            yield block.value["paragraph_id"], text


def _phrasings(page: ArticlePage) -> Iterator[tuple[str, tuple[str, ...]]]:
    for block in page.questions:
        yield block.value["intent_id"], list_of(block.value["phrasings"])


def _paragraphs(
    polish: ArticlePage, words: Mapping[str, Mapping[str, str]]
) -> Iterator[ParagraphForm]:
    for block in polish.body:
        id = block.value["paragraph_id"]
        yield ParagraphForm(
            id=id,
            kind=cast(ParagraphKind, block.value["kind"]),
            status=cast(Status, block.value["status"]),
            sources=list_of(block.value["sources"]),
            texts={lang: found[id] for lang, found in words.items() if id in found},
        )


def _intents(
    polish: ArticlePage, asked: Mapping[str, Mapping[str, tuple[str, ...]]]
) -> Iterator[IntentForm]:
    for block in polish.questions:
        id = block.value["intent_id"]
        yield IntentForm(
            id=id,
            answers=list_of(block.value["answers"]),
            verdict=cast("Verdict | None", block.value["verdict"] or None),
            phrasings={lang: found[id] for lang, found in asked.items() if id in found},
        )


def _expectations(polish: ArticlePage) -> Iterator[Expectation]:
    for block in polish.expectations:
        expect = block.value["expect"]
        yield Expectation(
            article=polish.slug,
            lang=block.value["lang"],
            question=block.value["question"],
            expect="refuse" if expect == "refuse" else "answer",
            facts=list_of(block.value["facts"]),
        )


def _confirmed(page: ArticlePage | None) -> Iterator[tuple[str, str]]:
    """What the translator ticks counts when their page is published, not when another is."""
    if page is None:
        return
    for block in page.body:
        if block.value["is_confirmed"]:
            yield page.lang, block.value["paragraph_id"]


def _without_contradictions(form: ArticleForm, published_now: set[str]) -> ArticleForm:
    """Leave out old translations that now say another number than the Polish text."""

    def fits(lang: str, text: str, polish: str) -> bool:
        return lang in published_now or not any(texts.translation_faults(polish, text))

    paragraphs = tuple(
        replace(
            paragraph,
            texts={
                lang: text
                for lang, text in paragraph.texts.items()
                if fits(lang, text, paragraph.texts.get("pl", ""))
            },
        )
        for paragraph in form.paragraphs
    )
    return replace(form, paragraphs=paragraphs)
