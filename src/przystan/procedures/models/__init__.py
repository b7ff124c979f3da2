from przystan.procedures.models.checks import Check, CheckQuerySet, Door, Snapshot, Statement
from przystan.procedures.models.published import (
    PublishedDefinition,
    PublishedTexts,
    PublishedVocabulary,
)

__all__ = [
    "Check",
    "CheckQuerySet",
    "Door",
    "PublishedDefinition",
    "PublishedTexts",
    "PublishedVocabulary",
    "Snapshot",
    "Statement",
]
