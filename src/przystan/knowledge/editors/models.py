"""Pages of the editors' room: one tree per language, an article a page, translations linked.

Facts that all languages share (days, owner, topic, tests, kinds, sources) are those of the
Polish page. Pages are never served: the portal reads snapshots.
"""

from typing import Any, ClassVar, NoReturn

from django.db import models, transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from przystan.knowledge.content.forms import OWNERS
from przystan.knowledge.editors import blocks
from przystan.knowledge.editors.forms import ArticlePageForm
from przystan.knowledge.editors.panels import PolishOnly
from przystan.knowledge.topics import TOPICS

TOPIC_CHOICES = [(id, title) for id, (title, _text) in TOPICS.items()]
OWNER_CHOICES = [
    ("residence-desk", _("Residence desk")),
    ("labour-desk", _("Labour desk")),
    ("family-desk", _("Family desk")),
    ("return-desk", _("Return desk")),
]
assert {id for id, _label in OWNER_CHOICES} == OWNERS
ARTICLE_STATUSES = [("published", _("Verified")), ("to_verify", _("To be verified"))]


class NeverServed(Page):  # type: ignore[misc]  # Wagtail has no types
    """A page that exists for editors alone."""

    # Editors find pages by title in the database; no index is kept, and none is updated on save.
    search_auto_update = False
    promote_panels: ClassVar[list[Any]] = []
    # No schedule: a text of a later day has a later first day.
    settings_panels: ClassVar[list[Any]] = []
    preview_modes: ClassVar[list[Any]] = []

    class Meta:
        abstract = True

    def serve(self, request: Any, *args: Any, **kwargs: Any) -> NoReturn:
        raise Http404

    def get_url_parts(self, request: Any = None) -> None:
        return None


class ArticleIndexPage(NeverServed):
    """The root of one language's articles."""

    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["editors.ArticlePage"]
    content_panels: ClassVar[list[Any]] = [FieldPanel("title")]

    class Meta:
        verbose_name = _("Articles of a language")

    def __str__(self) -> str:
        return str(self.title)


class ArticlePage(NeverServed):
    summary = models.TextField(_("summary"), max_length=600, blank=True)
    body = StreamField(
        [("paragraph", blocks.ParagraphBlock())], verbose_name=_("paragraphs"), blank=True
    )
    questions = StreamField(
        [("intent", blocks.IntentBlock())], verbose_name=_("questions"), blank=True
    )
    topic = models.CharField(_("topic"), max_length=20, choices=TOPIC_CHOICES, default="stay")
    order = models.PositiveIntegerField(_("order"), default=100)
    desk = models.CharField(
        _("who answers for it"), max_length=40, choices=OWNER_CHOICES, default="residence-desk"
    )
    status = models.CharField(
        _("status"), max_length=12, choices=ARTICLE_STATUSES, default="to_verify"
    )
    valid_from = models.DateField(_("first day the text is right"), null=True, blank=True)
    valid_to = models.DateField(_("last day the text is right"), null=True, blank=True)
    review_on = models.DateField(_("day of the next review"), null=True, blank=True)
    related = models.TextField(
        _("see also"), blank=True, help_text=_("Slugs of other articles, one a line.")
    )
    services = models.TextField(
        _("services"), blank=True, help_text=_("Ids of the directory, one a line.")
    )
    expectations = StreamField(
        [("test", blocks.ExpectationBlock())], verbose_name=_("tests"), blank=True
    )
    # The version this page was written from by the seed; 0 once an editor has published it.
    seeded_from = models.PositiveIntegerField(default=0, editable=False)

    base_form_class = ArticlePageForm
    parent_page_types: ClassVar[list[str]] = ["editors.ArticleIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Any]] = [
        FieldPanel("title"),
        FieldPanel("summary"),
        PolishOnly(
            [
                FieldPanel("topic"),
                FieldPanel("order"),
                FieldPanel("desk"),
                FieldPanel("status"),
                FieldPanel("valid_from"),
                FieldPanel("valid_to"),
                FieldPanel("review_on"),
            ],
            heading=_("For all languages"),
        ),
        FieldPanel("body"),
        FieldPanel("questions"),
        PolishOnly(
            [FieldPanel("expectations"), FieldPanel("related"), FieldPanel("services")],
            heading=_("Tests and links"),
        ),
        MultiFieldPanel([FieldPanel("slug")], heading=_("Address")),
    ]

    class Meta:
        verbose_name = _("Article")

    def __str__(self) -> str:
        return str(self.title)

    @property
    def lang(self) -> str:
        return str(self.locale.language_code)

    def publish(self, revision: Any, user: Any = None, **options: Any) -> None:
        """Publish the revision and the article's snapshot together, or neither.

        Raises:
            PublicationStoppedError: the article has a fault, or a gate refused it.
        """
        from przystan.knowledge.editors import publishing, trail

        prepared = publishing.prepare(revision.as_object())
        with transaction.atomic():
            super().publish(revision, user=user, **options)
            ArticlePage.objects.filter(pk=self.pk).update(seeded_from=0)
            publishing.commit(prepared, trail.actor_of(user, publishing.PURPOSE))

    def unpublish(self, *args: Any, **options: Any) -> None:
        """Take this language from the portal; with the Polish page the whole article goes."""
        from przystan.knowledge.editors import publishing, trail

        prepared = publishing.prepare_without(self)
        with transaction.atomic():
            super().unpublish(*args, **options)
            actor = trail.actor_of(options.get("user"), publishing.PURPOSE)
            publishing.commit_without(self, prepared, actor)
