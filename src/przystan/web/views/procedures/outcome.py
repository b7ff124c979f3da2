"""What a check comes to: the outcome page, keeping it, sharing it, asking a human about it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from przystan.conversations import api as conversations
from przystan.core import clock
from przystan.core.errors import AbsentError, KeyReusedError, PrzystanError, TooManyRequestsError
from przystan.core.ids import new_token
from przystan.directory import api as directory
from przystan.knowledge import api as knowledge
from przystan.people.http import ActorRequest
from przystan.procedures import api as procedures
from przystan.procedures.data import Answer
from przystan.web.views.answers import spend as spend_question
from przystan.web.views.procedures.common import (
    Place,
    page,
    place,
    question_url,
    sealed,
)
from przystan.web.views.procedures.questions import known_answers
from przystan.web.views.reading import missing_page, source, typed

LONGEST_QUESTION = 2_000
MOST_SHOWN = 6  # sentences of "why" before the rest is folded away


@require_safe
def check(request: ActorRequest, lang: str, procedure_id: str, check_id: UUID) -> HttpResponse:
    """The outcome of a finished check; an open one goes on where it stands."""
    here = place(request, lang, procedure_id, check_id)
    if not here.view.is_finished:
        asked = here.course.next_question()
        if asked is None or here.course.contradictions():
            return redirect(here.url("check_answers"))
        return redirect(question_url(here, asked))
    return _page(request, here)


def finished(here: Place) -> Answer:
    """The answer of a finished check.

    Raises:
        AbsentError: it is not finished: there is no outcome, paper or calendar yet.
    """
    if not here.view.is_finished:
        raise AbsentError(missing_page())
    return here.course.answer()


def _page(
    request: ActorRequest, here: Place, *, status: int = 200, **typed_in: Any
) -> HttpResponse:
    answer = finished(here)
    if answer.is_sealed:
        return sealed(request, here.lang, answer)
    context = {
        **here.frame(),
        **shown(here, answer),
        "changed_since": _changed_since(request, here, answer),
        **_ways_on(here, answer),
        "known": known_answers(here),
        "key": new_token(),
        "desk_hours": procedures.DESK_HOURS,
        "is_of_today": here.view.on == clock.today(),
        "again_url": reverse("web:start_check", args=[here.lang, here.view.procedure]),
        **typed_in,
    }
    return page(request, "outcome.html", context, status=status)


def _changed_since(request: ActorRequest, here: Place, answer: Answer) -> datetime | None:
    """When it was finished, if the law or its figures say something else since then."""
    kept = procedures.kept_answer(here.view.id, actor=request.actor)
    if kept is None:
        return None
    then, at = kept
    now = procedures.as_json(answer)
    says = ("outcome", "status", "fee_grosz", "terms", "documents")
    return at if any(then.get(key) != now[key] for key in says) else None


def shown(here: Place, answer: Answer) -> dict[str, Any]:
    """The outcome in words, its sentences with the sources they stand on."""
    outcome = procedures.explained(here.course.catalogue, answer, here.spoken)
    named = {one for why in outcome.why for one in why.sources}
    named |= {one for term in outcome.terms for one in term.sources}
    named |= {one for paper in outcome.papers for one in paper.sources}
    views = knowledge.sources(sorted(named), here.spoken)

    def cited(ids: Iterable[str]) -> list[dict[str, Any]]:
        return [source(views[one], here.lang) for one in ids if one in views]

    why: list[dict[str, Any]] = [
        {"sentence": each.sentence, "sources": cited(each.sources), "is_main": each.is_main}
        for each in outcome.why
    ]
    # Where all that decided was to rule out the outcomes before, the last of them weigh most.
    main = [each for each in why if each["is_main"]] or why[-MOST_SHOWN:]
    return {
        "outcome": outcome,
        "why": main,
        "ruled_out": [each for each in why if each not in main],
        "oldest_read": min(
            (one["read_on"] for each in why for one in each["sources"]), default=None
        ),
        "papers": [{"paper": one, "sources": cited(one.sources)} for one in outcome.papers],
        "terms": [
            {
                "term": one,
                "sources": cited(one.sources),
                "days_left": (one.day - clock.today()).days if one.day else None,
                "calendar_url": here.url("check_term", one.id) if one.day else "",
            }
            for one in outcome.terms
        ],
        "is_to_verify": answer.status.value == "to_verify",
        "needs_official": answer.status.value == "needs_official",
        "offers_human": answer.offers_human,
        "files_with": answer.files_with,
        "law_day": answer.law_day,
        "editions": sorted(answer.editions.items()),
        "answer_on": answer.on,
    }


def _ways_on(here: Place, answer: Answer) -> dict[str, Any]:
    """Where the outcome leads: an authority, services, other checks, articles, papers."""
    catalogue, today = here.course.catalogue, clock.today()
    organisation = directory.organisation(answer.authority.replace("_", "-"), here.lang, today)
    cards = {card.slug: card for card in knowledge.articles(here.spoken, today)}
    leads = [id for id in answer.leads_to if id in catalogue.library.words]
    return {
        "organisation": organisation,
        "services": directory.organisations(here.lang, today, ids=answer.services),
        "leads_to": [
            {
                "title": procedures.words_of(catalogue, id, here.spoken).title,
                "summary": procedures.words_of(catalogue, id, here.spoken).summary,
                "url": f"{reverse('web:procedure', args=[here.lang, id])}?from={here.view.id}",
            }
            for id in leads
        ],
        "articles": [
            {"title": cards[slug].title, "url": reverse("web:article", args=[here.lang, slug])}
            for slug in answer.articles
            if slug in cards
        ],
        "urls": {
            name: here.url(f"check_{name}")
            for name in ("checklist", "paper", "calendar", "save", "share", "stop_sharing",
                         "human", "forget")
        },
    }  # fmt: skip


# --- keeping and sharing ------------------------------------------------------------------------


@require_POST
def save(request: ActorRequest, lang: str, procedure_id: str, check_id: UUID) -> HttpResponse:
    """Make a link and a code to come back by; they are shown on this page and nowhere else."""
    here = place(request, lang, procedure_id, check_id)
    doors = procedures.save_for_later(check_id, actor=request.actor, at=clock.now())
    link = reverse("web:open_link", args=[lang, doors.link_token])
    context = {
        **here.frame(),
        "link": f"{settings.PUBLIC_URL}{link}",
        "code": in_groups(doors.code),
        "ends_at": doors.ends_at,
    }
    return page(request, "saved.html", context)


def in_groups(code: str) -> str:
    """A code as it is read out: `BCD-FGH-JKL`."""
    return "-".join(code[start : start + 3] for start in range(0, len(code), 3))


@require_POST
def share(request: ActorRequest, lang: str, procedure_id: str, check_id: UUID) -> HttpResponse:
    here = place(request, lang, procedure_id, check_id)
    hours = request.POST.get("hours", "")
    try:
        code = procedures.share_with_desk(
            check_id,
            scope=request.POST.get("scope", ""),
            hours=int(hours) if hours in {str(one) for one in procedures.DESK_HOURS} else 0,
            actor=request.actor,
            at=clock.now(),
        )
    except PrzystanError as problem:
        if problem.status != 422 or not here.view.is_finished:
            raise
        return _page(request, here, status=422, share_problem=problem.reason)
    context = {**here.frame(), "code": in_groups(code), "hours": int(hours)}
    return page(request, "shared.html", context)


@require_POST
def stop_sharing(
    request: ActorRequest, lang: str, procedure_id: str, check_id: UUID
) -> HttpResponse:
    here = place(request, lang, procedure_id, check_id)
    procedures.stop_sharing(check_id, actor=request.actor)
    messages.success(request, _("No office can open this check any more."))
    return redirect(here.url("check"))


@require_POST
def forget(request: ActorRequest, lang: str, procedure_id: str, check_id: UUID) -> HttpResponse:
    """Erase the check and every answer in it, now."""
    procedures.check(check_id, actor=request.actor)
    procedures.forget_check(check_id, actor=request.actor)
    messages.success(request, _("The check and your answers in it were erased."))
    return redirect("web:procedures", lang)


# --- a human ------------------------------------------------------------------------------------


@require_POST
def human(request: ActorRequest, lang: str, procedure_id: str, check_id: UUID) -> HttpResponse:
    """Ask a human about this outcome: a thread that names it, with answers if the person agrees."""
    here = place(request, lang, procedure_id, check_id)
    if here.view.scope != "own":
        raise AbsentError(missing_page())
    question, email = request.POST.get("question", ""), request.POST.get("email", "")
    with_answers = request.POST.get("answers") == "yes"
    try:
        spend_question(request)
        token = conversations.ask(
            _asked_text(here, typed(question), with_answers),
            actor=request.actor,
            lang=lang,
            key=typed(request.POST.get("key", ""))[:100] or new_token(),
            at=clock.now(),
            chosen=here.spoken,
        )
        thread = conversations.by_token(token)
        conversations.ask_human(thread.id, actor=request.actor, email=email, at=clock.now())
    except (KeyReusedError, TooManyRequestsError):
        raise
    except PrzystanError as problem:
        if not here.view.is_finished:
            raise
        kept = {"human_question": typed(question), "human_email": typed(email)}
        return _page(request, here, status=422, human_problem=problem.reason, **kept)
    return redirect(reverse("web:thread", args=[lang, token]) + "#human")


def _asked_text(here: Place, question: str, with_answers: bool) -> str:
    """The question as the consultant reads it."""
    outcome = procedures.explained(here.course.catalogue, finished(here), here.spoken)
    lines = [
        question[:LONGEST_QUESTION].strip(),
        _("Check: %(title)s") % {"title": outcome.procedure_title},
        _("Result: %(title)s") % {"title": outcome.title or _("not decided yet")},
    ]
    if with_answers:
        lines.append(_("My answers:"))
        lines += [
            _("%(fact)s: %(value)s") % {"fact": one["label"], "value": one["value"]}
            for one in known_answers(here)
        ]
    return "\n".join(line for line in lines if line)
