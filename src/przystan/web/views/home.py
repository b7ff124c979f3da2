"""The way in: a question first, then topics by situation in life."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from przystan.core import clock
from przystan.core.errors import AbsentError
from przystan.core.ids import new_token
from przystan.core.languages import BY_TAG
from przystan.knowledge import api as knowledge
from przystan.web.middleware import preferred
from przystan.web.views.reading import content_language, missing_page, typed


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    return redirect("web:home", preferred(request))


@require_safe
def home(request: HttpRequest, lang: str) -> HttpResponse:
    return render(request, "web/home.html", ask_form(lang) | {"topics": topics(lang)})


def ask_form(lang: str, *, question: str = "", problem: object = "") -> dict[str, Any]:
    """The question box: what was typed stays in it, `key` makes a repeated sending the same."""
    return {
        "ask_url": reverse("web:ask", args=[lang]),
        "key": new_token(),
        "question": typed(question),
        "problem": problem,
        "answer_languages": [
            {"tag": tag, "name": BY_TAG[tag].name} for tag in ("en", "uk", "ru", "pl")
        ]
        if not BY_TAG[lang].has_content
        else [],
    }


def topics(lang: str) -> list[dict[str, Any]]:
    """Topics that have articles, with their articles in the language that is read."""
    spoken = content_language(lang)
    cards = knowledge.articles(spoken, clock.today())
    listed = []
    for topic in knowledge.topics(lang):
        own = [card for card in cards if card.topic == topic.id]
        if own:
            listed.append(
                {
                    "id": topic.id,
                    "title": topic.title,
                    "description": topic.description,
                    "url": reverse("web:topic", args=[lang, topic.id]),
                    "lang": spoken,
                    "articles": [
                        {
                            "title": card.title,
                            "summary": card.summary,
                            "url": reverse("web:article", args=[lang, card.slug]),
                            "is_to_verify": card.status == "to_verify",
                        }
                        for card in own
                    ],
                }
            )
    return listed


@require_safe
def topic(request: HttpRequest, lang: str, topic_id: str) -> HttpResponse:
    found = next((one for one in topics(lang) if one["id"] == topic_id), None)
    if found is None:
        raise AbsentError(missing_page())
    return render(request, "web/topic.html", {"topic": found} | ask_form(lang))
