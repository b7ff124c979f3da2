"""Articles and the law they stand on."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from przystan.core import clock
from przystan.core.errors import AbsentError
from przystan.core.languages import BY_TAG
from przystan.directory import api as directory
from przystan.knowledge import api as knowledge
from przystan.procedures import api as procedures
from przystan.web import kept
from przystan.web.views.home import ask_form
from przystan.web.views.reading import blocks, content_language, day_of, missing_page

# Roles that answer for an article; never a person's name.
_OWNERS = {
    "residence-desk": _("Residence desk"),
    "labour-desk": _("Labour desk"),
    "family-desk": _("Family desk"),
    "return-desk": _("Return desk"),
}


@require_safe
@kept.for_visitors
def article(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    on, is_asked = day_of(request)
    spoken = request.GET.get("in", "")
    if not (spoken in BY_TAG and BY_TAG[spoken].has_content):
        spoken = content_language(lang)

    def make() -> dict[str, Any] | None:
        return _shown(slug, lang, spoken, on)

    # Of other days nothing is kept: there are as many as somebody cares to ask for.
    shown = make() if is_asked else kept.fragment(f"{lang}:{spoken}:{slug}", on, make)
    if shown is None:
        raise AbsentError(missing_page())
    context = {"article": shown, "as_of": on if is_asked else None}
    return render(request, "web/article.html", context | ask_form(lang))


def _shown(slug: str, lang: str, spoken: str, on: date) -> dict[str, Any] | None:
    """An article as its page shows it, its paragraphs already in HTML; None if there is none."""
    view = knowledge.article(slug, spoken, on)
    if view is None:
        return None
    page = reverse("web:article", args=[lang, slug])
    return {
        "slug": view.slug,
        "lang": view.lang,
        "title": view.title,
        "summary": view.summary,
        "body": render_to_string(
            "web/_article_body.html", {"blocks": blocks(view.paragraphs, lang)}
        ),
        "checked_on": view.checked_on,
        "review_on": view.review_on,
        "owner_label": _(_OWNERS.get(view.owner, view.owner)),
        "is_to_verify": view.status == "to_verify",
        "is_due": view.review_on < clock.today(),
        "number": view.number,
        "languages": [
            {"tag": tag, "name": BY_TAG[tag].name, "url": f"{page}?in={tag}"}
            for tag in view.languages
            if not BY_TAG[lang].has_content
        ],
        "procedures": [
            {"title": title, "url": reverse("web:procedure", args=[lang, id])}
            for id, title in procedures.named_by_article(view.slug, spoken, on)
        ],
        "services": directory.organisations(lang, on, ids=view.services),
        "related": [
            {"title": card.title, "url": reverse("web:article", args=[lang, card.slug])}
            for card in view.related
        ],
        "questions": view.questions,
    }


@require_safe
def sources(request: HttpRequest, lang: str) -> HttpResponse:
    return render(request, "web/sources.html", {"acts": knowledge.acts(content_language(lang))})


@require_safe
def act(request: HttpRequest, lang: str, act_slug: str) -> HttpResponse:
    found = next((a for a in knowledge.acts(content_language(lang)) if a.slug == act_slug), None)
    if found is None:
        raise AbsentError(missing_page())
    provisions = [
        {"id": id, "url": reverse("web:provision", args=[lang, act_slug, id])}
        for id in found.provisions
    ]
    return render(request, "web/act.html", {"act": found, "provisions": provisions})


@require_safe
def provision(request: HttpRequest, lang: str, act_slug: str, provision_id: str) -> HttpResponse:
    on, is_asked = day_of(request)
    page = knowledge.provision(act_slug, provision_id, content_language(lang), on)
    if page is None:
        raise AbsentError(missing_page())
    view = page.provision
    shown = {
        "label": view.label,
        "act_title": page.act_full_title,
        "act_short": view.act_title,
        "act_url": reverse("web:act", args=[lang, act_slug]),
        "edition_eli": view.edition,
        "state_on": view.state_on,
        "read_on": view.read_on,
        "summary": view.summary,
        "official_url": view.url,
        "text_paragraphs": page.official,
        "parent_url": reverse("web:provision", args=[lang, act_slug, page.parent])
        if page.parent
        else "",
        "cited_by": [
            {"title": card.title, "url": reverse("web:article", args=[lang, card.slug])}
            for card in page.articles
        ],
        "lang": content_language(lang),
    }
    return render(
        request, "web/provision.html", {"provision": shown, "as_of": on if is_asked else None}
    )
