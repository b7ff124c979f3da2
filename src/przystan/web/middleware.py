"""The language of a page is in its address, so that a link means the same for everybody."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from przystan.core.languages import BY_TAG

COOKIE = "language"
_YEAR_S = 365 * 24 * 60 * 60


class LanguageFromPath:
    """Activate the language of the path; pages without one follow the cookie, then the browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        first = request.path_info.lstrip("/").split("/", 1)[0]
        lang = first if first in BY_TAG else preferred(request)
        translation.activate(lang)
        request.LANGUAGE_CODE = lang
        response = self.get_response(request)
        response.setdefault("Content-Language", lang)
        # The frame of every page says who is signed in; a visitor's page is not theirs.
        patch_vary_headers(response, ["Cookie"])
        if _is_somebodys(request) and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        if first not in BY_TAG:
            patch_vary_headers(response, ["Accept-Language"])
        elif request.COOKIES.get(COOKIE) != lang and response.status_code == 200:
            response.set_cookie(
                COOKIE,
                lang,
                max_age=_YEAR_S,
                samesite="Lax",
                httponly=True,
                secure=request.is_secure(),
            )
        return response


def _is_somebodys(request: HttpRequest) -> bool:
    """Whether the page was made for somebody who is signed in."""
    actor = getattr(request, "actor", None)
    return actor is not None and actor.account_id is not None


def preferred(request: HttpRequest) -> str:
    """The language chosen before, else the browser's, else Polish."""
    if (chosen := request.COOKIES.get(COOKIE)) in BY_TAG:
        return str(chosen)
    for part in request.headers.get("Accept-Language", "").split(","):
        tag = part.split(";")[0].strip().lower().split("-")[0]
        # Belarusian readers read Russian more often than any other interface we have.
        if (tag := {"be": "ru"}.get(tag, tag)) in BY_TAG:
            return tag
    return "pl"
