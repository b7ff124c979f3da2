"""Articles as they were published: immutable versions, and what is derived from them.

A version is never changed (`knowledge/guards.py`); which version speaks on a day, and how
its parameters read on a day, are rows of their own that follow from versions and parameters.
"""

from datetime import date
from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import F, Q

from przystan.core.errors import PrzystanError
from przystan.core.ids import new_id


class Article(models.Model):
    slug = models.SlugField(unique=True, max_length=80)
    # The articles that the newest version names under "see also".
    related = models.ManyToManyField("self", symmetrical=False, related_name="related_from")

    def __str__(self) -> str:
        return self.slug


class ImmutableError(PrzystanError):
    """Somebody tried to change what was published."""


class VersionQuerySet(models.QuerySet["ArticleVersion"]):
    def on(self, day: date) -> "VersionQuerySet":
        """The version of each article that speaks on a day."""
        return self.filter(
            Q(periods__valid_to=None) | Q(periods__valid_to__gte=day), periods__valid_from__lte=day
        )

    def update(self, **fields: Any) -> NoReturn:
        raise ImmutableError("A published version is never changed; publish a new one.")

    def delete(self) -> NoReturn:
        raise ImmutableError("A published version is never deleted; withdraw the article.")


class ArticleVersion(models.Model):
    """Everything that was published at once: all languages, sources, days, questions, tests.

    `paragraphs`: list of {id, kind, status, sources, texts: {lang: text}, since: {lang: number},
    follows: {lang: number}}. `since` is the version since which the text reads so, `follows`
    the version whose Polish text it corresponds to. Texts keep their placeholders.
    `intents`: list of {id, verdict, answers, phrasings: {lang: [question]}}.
    `expectations`: list of {lang, question, expect, facts}.
    `figures`: parameter id → [[first day, value], …] as known when it was published.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    article = models.ForeignKey(Article, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    topic = models.CharField(max_length=20)
    order = models.PositiveIntegerField()
    owner = models.CharField(max_length=40)  # a role
    status = models.CharField(max_length=12)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    review_on = models.DateField()
    titles = models.JSONField(default=dict)
    summaries = models.JSONField(default=dict)
    related = models.JSONField(default=list)
    services = models.JSONField(default=list)
    paragraphs = models.JSONField(default=list)
    intents = models.JSONField(default=list)
    expectations = models.JSONField(default=list)
    figures = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["article", "number"], name="version_number_once")
        ]

    def __str__(self) -> str:
        return f"version {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ImmutableError("A published version is never changed; publish a new one.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ImmutableError("A published version is never deleted; withdraw the article.")


class VersionPeriod(models.Model):
    """The days, first and last included, on which a version is what the article says.

    No two periods of an article share a day, guarded in the database.
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="periods")
    version = models.ForeignKey(ArticleVersion, models.PROTECT, related_name="periods")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="version_days_in_order",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["valid_from", "valid_to"], name="version_period_days")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} from {self.valid_from}"


class Passage(models.Model):
    """A paragraph in a language with its parameters rendered for some days.

    References to services stay as placeholders: what a service says changes without us.
    """

    version = models.ForeignKey(ArticleVersion, models.PROTECT, related_name="passages")
    paragraph = models.CharField(max_length=60)
    lang = models.CharField(max_length=8)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    text = models.TextField()
    # True on days for which a parameter of the text has no verified value: shown, never quoted.
    is_doubtful = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["version", "paragraph", "lang", "valid_from"], name="passage_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id}/{self.paragraph}/{self.lang}"


class Citation(models.Model):
    """A version names a provision: for the provision's page."""

    version = models.ForeignKey(ArticleVersion, models.PROTECT, related_name="citations")
    act = models.CharField(max_length=80)  # slug
    provision = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "act", "provision"], name="citation_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["act", "provision"], name="citation_provision")
        ]

    def __str__(self) -> str:
        return f"{self.act}#{self.provision}"
