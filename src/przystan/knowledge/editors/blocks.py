"""What an article page is made of. Ids are shared by the languages; a block never holds a fee."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

from przystan.knowledge.content.forms import LANGUAGES, Reference

KINDS = [
    ("heading", gettext_lazy("Heading")),
    ("text", gettext_lazy("Text")),
    ("item", gettext_lazy("Item of a list")),
    ("step", gettext_lazy("Step")),
    ("warning", gettext_lazy("Warning")),
]
STATUSES = [
    ("verified", gettext_lazy("Verified")),
    ("to_verify", gettext_lazy("To be verified")),
]
VERDICTS = [
    ("yes", gettext_lazy("Yes")),
    ("no", gettext_lazy("No")),
    ("depends", gettext_lazy("It depends")),
]
EXPECTED = [("answer", gettext_lazy("Answer")), ("refuse", gettext_lazy("Refuse"))]


def valid_source(value: str) -> None:
    if Reference.parse(value) is None:
        raise ValidationError(
            _("Write a source as law:<act>#<provision> or page:<source>."), code="source"
        )


def _id_block(label: str | Promise, help_text: str | Promise = "") -> blocks.CharBlock:
    return blocks.CharBlock(
        label=label, help_text=help_text, max_length=60, validators=[validate_slug]
    )


class ParagraphBlock(blocks.StructBlock):  # type: ignore[misc]  # Wagtail has no types
    """One statement. Kind, status and sources of the Polish page hold for every language."""

    paragraph_id = _id_block(
        gettext_lazy("Id"), gettext_lazy("The same in all languages; never changed afterwards.")
    )
    kind = blocks.ChoiceBlock(choices=KINDS, default="text", label=gettext_lazy("Kind"))
    status = blocks.ChoiceBlock(choices=STATUSES, default="verified", label=gettext_lazy("Status"))
    text = blocks.TextBlock(
        label=gettext_lazy("Text"),
        rows=2,
        help_text=gettext_lazy("Amounts and dates as {param:id}, offices as {service:id}."),
    )
    sources = blocks.ListBlock(
        blocks.CharBlock(max_length=160, validators=[valid_source]),
        required=False,
        min_num=0,
        default=[],
        label=gettext_lazy("Sources"),
        help_text=gettext_lazy("law:<act>#<provision> or page:<source>"),
    )
    is_confirmed = blocks.BooleanBlock(
        required=False,
        default=False,
        label=gettext_lazy("Still fits the Polish text"),
        help_text=gettext_lazy("Tick in a translation that needs no change."),
    )

    class Meta:
        icon = "pilcrow"
        label = gettext_lazy("Paragraph")


class IntentBlock(blocks.StructBlock):  # type: ignore[misc]
    """A question the article answers. Answers and verdict of the Polish page hold for all."""

    intent_id = _id_block(gettext_lazy("Id"))
    answers = blocks.ListBlock(
        _id_block(gettext_lazy("Paragraph")),
        min_num=0,
        default=[],
        label=gettext_lazy("Answered by"),
    )
    verdict = blocks.ChoiceBlock(
        choices=VERDICTS, required=False, label=gettext_lazy("Answer in one word")
    )
    phrasings = blocks.ListBlock(
        blocks.CharBlock(max_length=300),
        min_num=0,
        default=[],
        label=gettext_lazy("As people put it"),
    )

    class Meta:
        icon = "help"
        label = gettext_lazy("Question")


class ExpectationBlock(blocks.StructBlock):  # type: ignore[misc]
    """A test: what must be answered, or refused, once this is published."""

    lang = blocks.ChoiceBlock(
        choices=[(lang, lang) for lang in LANGUAGES], label=gettext_lazy("Language")
    )
    question = blocks.CharBlock(max_length=300, label=gettext_lazy("Question"))
    expect = blocks.ChoiceBlock(choices=EXPECTED, default="answer", label=gettext_lazy("Expected"))
    facts = blocks.ListBlock(
        blocks.CharBlock(max_length=120),
        min_num=0,
        default=[],
        label=gettext_lazy("The answer holds"),
    )

    class Meta:
        icon = "check"
        label = gettext_lazy("Test")


def list_of(value: Any) -> tuple[str, ...]:
    """The texts of a ListBlock's value."""
    return tuple(str(item) for item in value)
