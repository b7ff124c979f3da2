"""The same article as any Wagtail site would have it: a page type with a StreamField."""

from typing import ClassVar

from django.db import models
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page


class SourceBlock(blocks.StructBlock):
    label = blocks.CharBlock()
    url = blocks.CharBlock()
    read_on = blocks.DateBlock()


class StatementBlock(blocks.StructBlock):
    text = blocks.TextBlock()
    sources = blocks.ListBlock(SourceBlock())


class PlainPage(Page):
    summary = models.TextField()
    body = StreamField([("heading", blocks.CharBlock()), ("statement", StatementBlock())])

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body")]
