"""What the frame of every page needs: links, languages, the way out."""

import re
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import escape_uri_path

from przystan.core.languages import BY_TAG, LANGUAGES
from przystan.people import policy
from przystan.web.middleware import preferred

# A quiet page that explains nothing about its visitor, in a language that the person reads.
_EXIT = {"pl": "https://pl.wikipedia.org/", "uk": "https://uk.wikipedia.org/",
         "ru": "https://ru.wikipedia.org/", "ar": "https://ar.wikipedia.org/"}  # fmt: skip


# Pages of one person's check.
_OWN_CHECK = re.compile(r"procedures/(?:open/|[^/]+/[0-9a-f-]{36}/)")

# Pages of the desk, and what somebody must be allowed to do to be shown the way there.
_DESK = {
    "desk": "desk.enter",
    "desk_checks": "thread.read",
    "unanswered": "figures.read",
    "dead_letters": "outbox.read",
}


def language_of(request: HttpRequest) -> str:
    code = getattr(request, "LANGUAGE_CODE", None)
    return code if code in BY_TAG else preferred(request)


def page(request: HttpRequest) -> dict[str, Any]:
    lang = language_of(request)
    return {
        "lang": lang,
        "links": _links(request, lang),
        "language_links": _languages(request, lang),
        "quick_exit_url": _EXIT.get(lang, "https://www.wikipedia.org/"),
    }


def _links(request: HttpRequest, lang: str) -> dict[str, str]:
    portal = (
        "home", "procedures", "helplines", "my_questions", "sources", "about", "privacy",
        "accessibility",
    )  # fmt: skip
    links = {name: reverse(f"web:{name}", args=[lang]) for name in portal}
    actor = getattr(request, "actor", None)
    if actor is None or actor.account_id is None:
        return links | {"sign_in": reverse("account_login")}
    links |= {"sign_out": reverse("account_logout")}
    if actor.is_staff and policy.can(actor, "desk.enter"):
        return links | {
            name: reverse(f"web:{name}", args=[lang])
            for name, permission in _DESK.items()
            if policy.can(actor, permission)
        }
    return links | {
        "account": reverse("people_account"),
        "my_data": reverse("web:my_data", args=[lang]),
    }


def _languages(request: HttpRequest, lang: str) -> list[dict[str, Any]]:
    """The same page in every language; addresses without a language lead to the home page."""
    parts = request.path_info.lstrip("/").split("/", 1)
    rest = parts[1] if len(parts) == 2 and parts[0] in BY_TAG else ""
    # As a browser writes it: what is in an address is not for a page to speak.
    rest = escape_uri_path(rest)
    # A secret link stays out of what search engines are told.
    is_public = not rest.startswith(("question/", "desk", "my-")) and not _OWN_CHECK.match(rest)
    return [
        {
            "tag": language.tag,
            "name": language.name,
            "direction": language.direction,
            "url": f"/{language.tag}/{rest}" if request.method == "GET" else f"/{language.tag}/",
            "is_current": language.tag == lang,
            "is_public": is_public,
        }
        for language in LANGUAGES
    ]
