"""Passages: the paragraphs of a version in words, for the days on which they read so."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q

from przystan.core import outbox
from przystan.knowledge import placeholders
from przystan.knowledge.models import ArticleVersion, Passage
from przystan.knowledge.services import figures
from przystan.knowledge.services.figures import Book


def rendered(version: ArticleVersion, book: Book) -> list[Passage]:
    """The passages of a version, not yet saved."""
    return [
        Passage(
            version=version,
            paragraph=paragraph["id"],
            lang=lang,
            valid_from=stretch.valid_from,
            valid_to=stretch.valid_to,
            text=stretch.text,
            is_doubtful=stretch.is_doubtful,
        )
        for paragraph in version.paragraphs
        for lang, text in paragraph["texts"].items()
        for stretch in figures.stretches(text, lang, version.valid_from, version.valid_to, book)
    ]


def parameters_of(version: ArticleVersion) -> set[str]:
    texts = (text for paragraph in version.paragraphs for text in paragraph["texts"].values())
    return {id for text in texts for id in placeholders.ids(text, "param")}


def is_corrected(version: ArticleVersion, book: Book) -> bool:
    """A value that this version was published with has been put right since.

    Its passages have been quoted, so they stay; the article needs a new version.
    """
    for id, known in version.figures.items():
        now = {
            figure.valid_from.isoformat() if figure.valid_from else None: figure.value
            for figure in (book[id].figures if id in book else ())
        }
        if any(first not in now or now[first] != value for first, value in known):
            return True
    return False


def refresh_passages(on: date) -> int:
    """Render what follows from values added since publishing; return how many versions changed.

    Run ahead of time: a wage of next January is in the passages as soon as it is known here.
    """
    versions = (
        ArticleVersion.objects.filter(Q(periods__valid_to=None) | Q(periods__valid_to__gte=on))
        .distinct()
        # An article without figures reads the same for ever.
        .exclude(figures={})
    )
    current = list(versions)
    book = figures.book()
    changed = [
        version
        for version in current
        if not is_corrected(version, book) and _refresh(version, book)
    ]
    return len(changed)


def _refresh(version: ArticleVersion, book: Book) -> bool:
    wanted = {_identity(passage): passage for passage in rendered(version, book)}
    with transaction.atomic():
        present = {_identity(passage): passage for passage in version.passages.all()}
        stale = [passage.pk for key, passage in present.items() if key not in wanted]
        missing = [passage for key, passage in wanted.items() if key not in present]
        if not stale and not missing:
            return False
        Passage.objects.filter(pk__in=stale).delete()
        Passage.objects.bulk_create(missing)
        outbox.put(
            "knowledge.published", key=f"article:{version.article_id}", version_id=str(version.pk)
        )
    return True


def _identity(passage: Passage) -> tuple[object, ...]:
    return (
        passage.paragraph,
        passage.lang,
        passage.valid_from,
        passage.valid_to,
        passage.text,
        passage.is_doubtful,
    )


def save(passages: Iterable[Passage]) -> None:
    Passage.objects.bulk_create(passages, batch_size=500)
