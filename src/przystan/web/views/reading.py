"""Shaping knowledge for pages: blocks of an article, sources, the day of the law."""

import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from przystan.core import clock
from przystan.core.errors import PrzystanError
from przystan.core.languages import BY_TAG
from przystan.knowledge.data import ParagraphView, ProvisionView, SourceView


def content_language(lang: str) -> str:
    """The language in which a page quotes: the reader's, or English where we have no texts yet."""
    return lang if BY_TAG[lang].has_content else "en"


def missing_page() -> str:
    return _("There is no such page, or the link has expired. Start again from the home page.")


# Controls that turn the direction of what follows: a page is not turned by what was typed.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def typed(text: str) -> str:
    """What somebody typed, fit to be shown in its field again: without controls."""
    return "".join(
        character
        for character in text
        if character in "\n\r\t"
        or (unicodedata.category(character) not in {"Cc", "Cs"} and character not in _TURNING)
    )


def day_of(request: HttpRequest) -> tuple[date, bool]:
    """The day whose law is read: `?as_of=2027-01-01`, else today; and whether it was asked for.

    Raises:
        PrzystanError: the day is not one.
    """
    asked = request.GET.get("as_of", "")
    if not asked:
        return clock.today(), False
    try:
        return date.fromisoformat(asked), True
    except ValueError as error:
        raise PrzystanError(
            _("“as of” needs a day written like 2027-01-31. Correct the address or leave it out.")
        ) from error


def source(view: SourceView | ProvisionView, lang: str) -> dict[str, Any]:
    """A source as a page lists it: what it is, where it leads, the day it was read."""
    if isinstance(view, ProvisionView):
        return {
            "kind": "law",
            "label": f"{view.label}, {view.act_title}",
            "url": reverse("web:provision", args=[lang, view.act, view.provision]),
            "edition": view.edition,
            "read_on": view.read_on,
        }
    return {
        "kind": "page",
        "label": f"{view.title} ({view.publisher})",
        "url": view.url,
        "edition": "",
        "read_on": view.read_on,
    }


def blocks(paragraphs: Iterable[ParagraphView], lang: str) -> list[dict[str, Any]]:
    """Paragraphs as blocks: consecutive items make a list, consecutive steps a numbered one."""
    made: list[dict[str, Any]] = []
    for view in paragraphs:
        kind = {"item": "items", "step": "steps"}.get(view.kind, view.kind)
        if kind not in {"items", "steps"} or not made or made[-1]["kind"] != kind:
            made.append({"kind": kind, "id": view.id, "paragraphs": []})
        made[-1]["paragraphs"].append(
            {
                "id": view.id,
                "text": view.text,
                "parts": view.parts,
                "sources": [source(one, lang) for one in view.sources],
                "checked_on": view.checked_on,
                "is_to_verify": view.status == "to_verify",
            }
        )
    return made
