"""Pages for what is published: so that editors find every article that a folder brought.

Written in bulk: Wagtail's own way takes about a tenth of a second a page, which with revisions,
tree moves and reference counting would be a minute for the starter content.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Locale, Page, Site

from przystan.knowledge import assembling
from przystan.knowledge.content.forms import LANGUAGES, ArticleForm
from przystan.knowledge.editors.access import ensure_groups
from przystan.knowledge.editors.models import ArticleIndexPage, ArticlePage
from przystan.knowledge.models import ArticleVersion
from przystan.people import audit
from przystan.people.actor import Actor

TREE_TITLES = {"pl": "Artykuły", "en": "Articles", "uk": "Статті", "ru": "Статьи"}
# Block ids come from what the block is, so that seeding twice gives the same page.
_NAMESPACE = uuid.UUID("5f0c5a52-8f3a-5f0e-9d7a-0c6e9a3e7d11")


@dataclass(frozen=True, slots=True)
class Seeded:
    made: int
    renewed: int
    # Pages that an editor has changed; they are left as they are.
    kept: int


def seed(*, at: datetime, actor: Actor) -> Seeded:
    """Give every published article its pages, in one transaction.

    Pages that nobody has edited since the seed wrote them follow a newer version; others stay.
    """
    versions = _newest_versions()
    with transaction.atomic():
        trees = _trees()
        pages = {
            (page.slug, page.lang): page
            for page in ArticlePage.objects.select_related("locale").all()
        }
        missing, renewed, kept = [], 0, 0
        for version in versions:
            form = assembling.form(version)
            for lang in form.languages:
                page = pages.get((form.slug, lang))
                if page is None:
                    missing.append((form, lang, version.number))
                elif _is_untouched(page) and page.seeded_from != version.number:
                    _renew(page, form, version.number)
                    renewed += 1
                else:
                    kept += page.seeded_from != version.number
        _insert(missing, trees, at)
        ensure_groups()
        done = Seeded(made=len(missing), renewed=renewed, kept=kept)
        audit.record(actor, "editors.seeded", detail=asdict(done))
    return done


def _newest_versions() -> Iterable[ArticleVersion]:
    newest = {
        version.article_id: version
        for version in ArticleVersion.objects.select_related("article").order_by("number")
    }
    return newest.values()


def _is_untouched(page: ArticlePage) -> bool:
    return bool(page.seeded_from) and page.latest_revision_id is None


# --- trees ----------------------------------------------------------------------------------


def _trees() -> dict[str, ArticleIndexPage]:
    """The root page of each language, made where it is missing."""
    locales = {lang: Locale.objects.get_or_create(language_code=lang)[0] for lang in LANGUAGES}
    root = Page.get_first_root_node() or Page.add_root(
        instance=Page(title="Root", slug="root", locale=locales["pl"])
    )
    _remove_welcome(root)
    found = {page.locale.language_code: page for page in ArticleIndexPage.objects.all()}
    key = next((page.translation_key for page in found.values()), uuid.uuid4())
    for lang in LANGUAGES:
        if lang not in found:
            root.refresh_from_db()
            found[lang] = root.add_child(
                instance=ArticleIndexPage(
                    title=TREE_TITLES[lang],
                    slug=f"articles-{lang}",
                    locale=locales[lang],
                    translation_key=key,
                )
            )
    return found


def _remove_welcome(root: Page) -> None:
    """Wagtail's migrations leave a welcome page and a site; nothing here is ever served."""
    Site.objects.all().delete()
    welcome = root.get_children().filter(
        content_type=ContentType.objects.get_for_model(Page), slug="home"
    )
    for page in welcome:
        page.delete()


# --- pages ----------------------------------------------------------------------------------


def _insert(
    missing: list[tuple[ArticleForm, str, int]],
    trees: Mapping[str, ArticleIndexPage],
    at: datetime,
) -> None:
    """Insert pages below their trees: the parents' rows in one statement, then the children's."""
    keys = dict(ArticlePage.objects.values_list("slug", "translation_key"))
    below = {lang: ArticlePage.objects.child_of(tree).count() for lang, tree in trees.items()}
    last_step = {lang: _last_step(tree) for lang, tree in trees.items()}
    content_type = ContentType.objects.get_for_model(ArticlePage)
    pages = []
    for form, lang, number in missing:
        tree = trees[lang]
        last_step[lang] += 1
        below[lang] += 1
        page = ArticlePage(
            path=Page._get_path(tree.path, tree.depth + 1, last_step[lang]),
            depth=tree.depth + 1,
            numchild=0,
            slug=form.slug,
            url_path=f"{tree.url_path}{form.slug}/",
            locale=tree.locale,
            translation_key=keys.setdefault(form.slug, uuid.uuid4()),
            content_type=content_type,
            live=True,
            has_unpublished_changes=False,
            first_published_at=at,
            last_published_at=at,
        )
        _fill(page, form, lang, number)
        pages.append(page)
    _bulk_insert(pages)
    for lang, tree in trees.items():
        Page.objects.filter(pk=tree.pk).update(numchild=below[lang])


def _last_step(tree: Page) -> int:
    """The number of the tree's last child in the path's alphabet."""
    last = Page.objects.child_of(tree).order_by("path").last()
    return int(Page._str2int(last.path[-Page.steplen :])) if last else 0


def _bulk_insert(pages: list[ArticlePage]) -> None:
    """Django cannot insert a child class in bulk: its two tables are filled one after the other."""
    shared = [field.attname for field in Page._meta.concrete_fields if not field.primary_key]
    parents = [Page(**{name: getattr(page, name) for name in shared}) for page in pages]
    Page.objects.bulk_create(parents, batch_size=200)
    paths = {page.path for page in pages}
    ids = dict(Page.objects.filter(path__in=paths).values_list("path", "pk"))
    for page in pages:
        page.pk = page.id = page.page_ptr_id = ids[page.path]
        # Raw: the parent's row is there already.
        page.save_base(raw=True, force_insert=True)


def _renew(page: ArticlePage, form: ArticleForm, number: int) -> None:
    _fill(page, form, page.lang, number)
    page.save(clean=False)


def _fill(page: ArticlePage, form: ArticleForm, lang: str, number: int) -> None:
    page.title = page.draft_title = form.titles[lang]
    page.summary = form.summaries.get(lang, "")
    page.topic, page.order, page.desk = form.topic, form.order, form.owner
    page.status, page.valid_from, page.valid_to = form.status, form.valid_from, form.valid_to
    page.review_on, page.seeded_from = form.review_on, number
    page.related, page.services = "\n".join(form.related), "\n".join(form.services)
    page.body = _stream("body", _body(form, lang))
    page.questions = _stream("questions", _questions(form, lang))
    page.expectations = _stream("expectations", _tests(form) if lang == "pl" else [])


def _stream(field: str, blocks: Iterable[tuple[str, str, dict[str, Any]]]) -> Any:
    """A StreamField's value from (id, type, value); ids given, or Wagtail would make new ones."""
    stream = [{"type": kind, "value": value, "id": id} for id, kind, value in blocks]
    return ArticlePage._meta.get_field(field).stream_block.to_python(stream)


def _block_id(*names: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, "/".join(names)))


def _items(values: Iterable[str], *names: str) -> list[dict[str, str]]:
    return [
        {"type": "item", "value": value, "id": _block_id(*names, value)}
        for value in dict.fromkeys(values)
    ]


def _body(form: ArticleForm, lang: str) -> Iterable[tuple[str, str, dict[str, Any]]]:
    for paragraph in form.paragraphs:
        if lang in paragraph.texts:
            id = _block_id(form.slug, "paragraph", paragraph.id)
            yield (
                id,
                "paragraph",
                {
                    "paragraph_id": paragraph.id,
                    "kind": paragraph.kind,
                    "status": paragraph.status,
                    "text": paragraph.texts[lang],
                    "sources": _items(paragraph.sources, id),
                    "is_confirmed": False,
                },
            )


def _questions(form: ArticleForm, lang: str) -> Iterable[tuple[str, str, dict[str, Any]]]:
    for intent in form.intents:
        id = _block_id(form.slug, "intent", intent.id)
        yield (
            id,
            "intent",
            {
                "intent_id": intent.id,
                "answers": _items(intent.answers, id),
                "verdict": intent.verdict or "",
                "phrasings": _items(intent.phrasings.get(lang, ()), id, lang),
            },
        )


def _tests(form: ArticleForm) -> Iterable[tuple[str, str, dict[str, Any]]]:
    for number, test in enumerate(form.expectations):
        id = _block_id(form.slug, "test", str(number))
        yield (
            id,
            "test",
            {
                "lang": test.lang,
                "question": test.question,
                "expect": test.expect,
                "facts": _items(test.facts, id),
            },
        )
