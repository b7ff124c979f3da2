"""Choosing a check, beginning one, and coming back to one."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from przystan.core import clock, ratelimit
from przystan.core.errors import AbsentError, PrzystanError, TooManyRequestsError
from przystan.core.ids import new_token
from przystan.people import api as people
from przystan.people.http import ActorRequest
from przystan.procedures import api as procedures
from przystan.procedures.data import CheckView
from przystan.web.views.procedures.common import page, speech
from przystan.web.views.reading import content_language, missing_page, typed

# Topics of definitions (procedures/authoring), in the order of the portal.
TOPICS = {
    "stay": gettext_lazy("Staying in Poland"),
    "ukraine": gettext_lazy("Protection for people from Ukraine"),
    "work": gettext_lazy("Work"),
    "family": gettext_lazy("Family"),
    "life": gettext_lazy("Everyday matters"),
    "return": gettext_lazy("Coming back to Poland or leaving it"),
    "rights": gettext_lazy("Your rights"),
}


@require_safe
def everything(request: ActorRequest, lang: str) -> HttpResponse:
    catalogue, today = procedures.catalogue(), clock.today()
    context = {
        "topics": _by_topic(catalogue, lang, today),
        "open_checks": [_card(catalogue, view, lang) for view in procedures.mine(request.actor)],
        **speech(lang),
    }
    response = render(request, "web/procedures/list.html", context)
    if context["open_checks"]:
        response["Cache-Control"] = "private, no-store"
    return response


def _by_topic(catalogue: procedures.Catalogue, lang: str, on: date) -> list[dict[str, Any]]:
    listed: dict[str, list[dict[str, Any]]] = {topic: [] for topic in TOPICS}
    for id in catalogue.ids():
        begun = [each for each in catalogue.library.versions[id] if each.valid_from <= on]
        if begun:
            listed[begun[-1].topic].append(_offer(catalogue, id, begun[-1].audience, lang))
    return [
        {"id": topic, "title": TOPICS[topic], "procedures": found}
        for topic, found in listed.items()
        if found
    ]


def _offer(
    catalogue: procedures.Catalogue, id: str, audience: tuple[str, ...], lang: str
) -> dict[str, Any]:
    words = procedures.words_of(catalogue, id, content_language(lang))
    return {
        "title": words.title,
        "summary": words.summary,
        "minutes": procedures.minutes(catalogue, id),
        "is_for_employers": "employer" in audience and "person" not in audience,
        "url": reverse("web:procedure", args=[lang, id]),
    }


def _card(catalogue: procedures.Catalogue, view: CheckView, lang: str) -> dict[str, Any]:
    is_known = view.procedure in catalogue.library.words
    spoken = content_language(lang)
    title = procedures.words_of(catalogue, view.procedure, spoken).title if is_known else ""
    return {
        "title": title or view.procedure,
        "url": reverse("web:check", args=[lang, view.procedure, view.id]),
        "at": view.updated_at,
        "is_finished": view.is_finished,
    }


@require_safe
def start_page(request: ActorRequest, lang: str, procedure_id: str) -> HttpResponse:
    """What it answers, how long it takes, what is kept; what another check carries over."""
    catalogue, today = procedures.catalogue(), clock.today()
    version = _on(catalogue, procedure_id, today)
    spoken = content_language(lang)
    words = procedures.words_of(catalogue, procedure_id, spoken)
    later = procedures.announced(catalogue, procedure_id, today)
    origin = _origin(request, request.GET.get("from", ""))
    context = {
        "procedure": {
            "id": procedure_id,
            "title": words.title,
            "summary": procedures.rendered(catalogue, words.summary, spoken, today),
            "minutes": procedures.minutes(catalogue, procedure_id),
            "valid_from": version.valid_from,
            "keeps_nothing": any(form.is_sealed for form in version.outcomes.values()),
            "start_url": reverse("web:start_check", args=[lang, procedure_id]),
        },
        "announced": later,
        "hours": settings.CHECK_UNSAVED_HOURS,
        "days": settings.CHECK_SAVED_DAYS,
        "key": new_token(),
        "origin": origin,
        "carried": _shown(catalogue, _carried(catalogue, procedure_id, today, origin), spoken),
        **speech(lang),
    }
    return render(request, "web/procedures/start.html", context)


def _on(catalogue: procedures.Catalogue, id: str, on: date) -> Any:
    try:
        return catalogue.on(id, on).version
    except AbsentError as absent:
        raise AbsentError(missing_page()) from absent
    except procedures.DefinitionError as error:
        raise PrzystanError(
            _("The checks are being corrected just now. Try again later, or ask a human."),
            status=503,
        ) from error


def _origin(request: ActorRequest, named: str) -> CheckView | None:
    """The check whose answers may be taken over, if it is open in this browser."""
    try:
        view = procedures.check(UUID(named), actor=request.actor)
    except (ValueError, AbsentError):
        return None
    return None if view.keeps_nothing else view


def _carried(
    catalogue: procedures.Catalogue, id: str, on: date, origin: CheckView | None
) -> Mapping[str, Any]:
    if origin is None:
        return {}
    read = catalogue.on(id, on).program.facts
    return {
        fact: value
        for fact, value in origin.facts.items()
        if fact in read and not procedures.is_unknown(value)
    }


def _shown(
    catalogue: procedures.Catalogue, facts: Mapping[str, Any], spoken: str
) -> list[dict[str, str]]:
    return [
        {
            "label": procedures.fact_words(catalogue, fact, spoken).label,
            "value": procedures.said(catalogue, fact, value, spoken),
        }
        for fact, value in facts.items()
    ]


@require_POST
def start(request: ActorRequest, lang: str, procedure_id: str) -> HttpResponse:
    catalogue, today = procedures.catalogue(), clock.today()
    on = _day(request, catalogue, procedure_id, today)
    _on(catalogue, procedure_id, on)
    actor = people.ensure_session(request)
    origin = _origin(request, request.POST.get("from", ""))
    check_id = procedures.start_check(
        procedure_id,
        actor=actor,
        lang=lang,
        channel="desk" if actor.is_staff else "web",
        on=on,
        at=clock.now(),
        key=typed(request.POST.get("key", ""))[:100],
        carried=_carried(catalogue, procedure_id, on, origin),
    )
    return redirect("web:check", lang, procedure_id, check_id)


def _day(request: ActorRequest, catalogue: procedures.Catalogue, id: str, today: date) -> date:
    """Today, or the first day of an announced version that somebody wants to try."""
    later = procedures.announced(catalogue, id, today)
    if later is not None and request.POST.get("on") == later.valid_from.isoformat():
        first: date = later.valid_from
        return first
    return today


# --- coming back ------------------------------------------------------------------------------


@never_cache
@require_safe
def come_back(request: ActorRequest, lang: str) -> HttpResponse:
    return _code_form(request, lang)


def _code_form(
    request: ActorRequest, lang: str, *, code: str = "", problem: object = "", status: int = 200
) -> HttpResponse:
    context = {"code": typed(code)[:40], "problem": problem, **speech(lang)}
    return page(request, "open.html", context, status=status)


@require_POST
def open_by_code(request: ActorRequest, lang: str) -> HttpResponse:
    code = request.POST.get("code", "")
    try:
        spend(request)
        actor = people.ensure_session(request)
        check_id = procedures.resume_by_code(code, actor=actor, at=clock.now())
    except TooManyRequestsError:
        raise
    except AbsentError as problem:
        return _code_form(request, lang, code=code, problem=problem.reason, status=422)
    return _opened(request, lang, check_id)


@never_cache
def open_by_link(request: ActorRequest, lang: str, token: str) -> HttpResponse:
    """A link is opened by a button: programs that look at links in letters open nothing."""
    spend(request)
    if request.method == "POST":
        actor = people.ensure_session(request)
        check_id = procedures.resume_by_link(token, actor=actor, at=clock.now())
        return _opened(request, lang, check_id)
    if not procedures.is_link(token, at=clock.now()):
        raise AbsentError(missing_page())
    response = page(request, "open_link.html", speech(lang))
    # The address is a key: it must not travel on.
    response["Referrer-Policy"] = "same-origin"
    return response


def _opened(request: ActorRequest, lang: str, check_id: UUID) -> HttpResponse:
    view = procedures.check(check_id, actor=request.actor)
    return redirect("web:check", lang, view.procedure, check_id)


def spend(request: ActorRequest) -> None:
    """Codes and links are tried a few times in ten minutes from one address."""
    limit = ratelimit.Limit("check-codes", settings.RATE_LIMIT_CODES, window_s=600)
    ratelimit.require(limit, ratelimit.address_of(request))
