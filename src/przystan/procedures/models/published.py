"""What was loaded from the folder of procedures, word for word, for ever.

A row is never changed and never deleted (`procedures/guards.py`): a check of years ago is worked
out again from the rows that it names.
"""

from typing import ClassVar

from django.db import models


class PublishedDefinition(models.Model):
    """The file `<procedure>/<valid_from>.r<revision>.yaml`; `content_hash` is of its text."""

    procedure = models.CharField(max_length=80)
    valid_from = models.DateField()
    revision = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    text = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["procedure", "valid_from", "revision"], name="definition_published_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.procedure} {self.valid_from} r{self.revision}"


class PublishedTexts(models.Model):
    """The words of a definition in one language, by the revision that the file itself states."""

    procedure = models.CharField(max_length=80)
    language = models.CharField(max_length=12)
    revision = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    text = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["procedure", "language", "revision"], name="words_published_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.procedure} {self.language} r{self.revision}"


class PublishedVocabulary(models.Model):
    """All files of the shared vocabulary at one time: `files` is {path: text}.

    Facts have no revisions of their own, because definitions share them: each state of the whole
    has a number. `content_hash` is of its canonical JSON.
    """

    number = models.PositiveIntegerField(unique=True)
    content_hash = models.CharField(max_length=64, unique=True)
    files = models.JSONField()
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"vocabulary {self.number}"
