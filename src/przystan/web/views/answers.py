"""Asking, and the page of one conversation."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from przystan.assistant import api as assistant
from przystan.assistant.data import Answer, Line
from przystan.conversations import api as conversations
from przystan.conversations.data import MessageView, ThreadView
from przystan.core import clock, events, ratelimit
from przystan.core.errors import KeyReusedError, PrzystanError, TooManyRequestsError
from przystan.core.ids import new_token
from przystan.core.languages import BY_TAG, direction
from przystan.directory import api as directory
from przystan.knowledge import api as knowledge
from przystan.knowledge.data import ParagraphKey
from przystan.people.http import ActorRequest
from przystan.web.views import in_thread
from przystan.web.views.home import ask_form, topics
from przystan.web.views.reading import typed


@require_POST
def ask(request: ActorRequest, lang: str) -> HttpResponse:
    """Store the question and its answer, then lead to its page; errors keep what was typed."""
    question = request.POST.get("question", "")
    try:
        spend(request)
        token = conversations.ask(
            question,
            actor=request.actor,
            lang=lang,
            key=typed(request.POST.get("key", "")) or new_token(),
            at=clock.now(),
            chosen=_content_tag(request.POST.get("answer_in", "")),
            browser=_browser(request),
        )
    except (KeyReusedError, TooManyRequestsError):
        raise
    except PrzystanError as problem:
        form = ask_form(lang, question=question, problem=problem.reason)
        context = form | {"topics": topics(lang)}
        return render(request, "web/home.html", context, status=problem.status)
    return redirect("web:thread", lang, token)


def _browser(request: HttpRequest) -> str:
    """A browser by its form cookie, unreadable: it tells browsers apart, and opens nothing."""
    cookie = request.META.get("CSRF_COOKIE", "")
    return salted_hmac("przystan.web.browser", cookie).hexdigest()[:32] if cookie else ""


def spend(request: ActorRequest) -> None:
    """Count a question for its person, then for the address that they may share with a house.

    The first page that a browser opens gives it a form cookie, so it is told from its neighbours
    before it has a session. Who makes up a new cookie for each question meets the address's limit.
    """
    address = ratelimit.address_of(request)
    who = str(request.actor.account_id or "") or _browser(request) or address
    ratelimit.require(ratelimit.Limit("questions", settings.RATE_LIMIT_QUESTIONS), who)
    house = ratelimit.Limit("questions-address", settings.RATE_LIMIT_QUESTIONS_ADDRESS)
    ratelimit.require(house, address)


def _content_tag(tag: str) -> str | None:
    return tag if tag in BY_TAG and BY_TAG[tag].has_content else None


@never_cache
@require_safe
def thread(request: ActorRequest, lang: str, token: str) -> HttpResponse:
    return page(request, lang, conversations.by_token(token))


def page(
    request: ActorRequest,
    lang: str,
    view: ThreadView,
    *,
    status: int = 200,
    **typed: Any,
) -> HttpResponse:
    """The page of a thread; `typed` is what stands in its forms again, and what is wrong."""
    beside = in_thread.beside(request, view, lang, typed)
    context = {"thread": present(view, lang), "key": new_token(), **beside, **typed}
    response = render(request, "web/answer.html", context, status=status)
    # The address is a key: it must not travel to other sites in a referrer, nor be indexed.
    # With "no-referrer" a browser sends our own forms as from nowhere, and they are refused.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_POST
def follow_up(request: ActorRequest, lang: str, token: str) -> HttpResponse:
    view = conversations.by_token(token)
    question = request.POST.get("question", "")
    try:
        spend(request)
        conversations.follow_up(
            view.id,
            question,
            actor=request.actor,
            key=typed(request.POST.get("key", "")) or new_token(),
            at=clock.now(),
        )
    except (KeyReusedError, TooManyRequestsError):
        raise
    except PrzystanError as problem:
        return page(
            request,
            lang,
            view,
            status=problem.status,
            question=typed(question),
            problem=problem.reason,
        )
    return redirect(reverse("web:thread", args=[lang, token]) + "#last")


@require_POST
def human(request: ActorRequest, lang: str, token: str) -> HttpResponse:
    view = conversations.by_token(token)
    email = request.POST.get("email", "")
    try:
        conversations.ask_human(view.id, actor=request.actor, email=email, at=clock.now())
    except PrzystanError as problem:
        return page(
            request,
            lang,
            view,
            status=problem.status,
            email=typed(email),
            email_problem=problem.reason,
        )
    return redirect(reverse("web:thread", args=[lang, token]) + "#human")


@require_POST
def rate(request: ActorRequest, lang: str, token: str, message_id: UUID) -> HttpResponse:
    view = conversations.by_token(token)
    was_right = request.POST.get("right") == "yes"
    conversations.rate(message_id, thread_id=view.id, actor=request.actor, was_right=was_right)
    return redirect(reverse("web:thread", args=[lang, token]) + "#last")


@never_cache
@require_safe
def my_questions(request: ActorRequest, lang: str) -> HttpResponse:
    threads = [
        {
            "question": view.question,
            "url": reverse("web:thread", args=[lang, view.token]),
            "at": view.created_at,
            "state": view.state,
        }
        for view in conversations.mine(request.actor)
    ]
    return render(request, "web/my_questions.html", {"threads": threads} | ask_form(lang))


def present(view: ThreadView, lang: str) -> dict[str, Any]:
    """A thread for its page: messages with answers opened up, where it stands in the queue."""
    now = clock.now()
    changed = _changed(view)
    firsts = {m.check_id: m.id for m in reversed(view.messages) if m.check_id}
    beginnings = set(firsts.values())
    stream = f"thread:{view.id}"
    return {
        "id": view.id,
        "token": view.token,
        "lang": view.lang,
        "direction": direction(view.lang),
        "question_direction": direction(view.question_lang),
        "question_lang": view.question_lang,
        "state": view.state,
        "is_sealed": view.is_sealed,
        "is_waiting": view.state in {"waiting", "claimed"},
        "waiting_position": view.position,
        "has_email": view.has_email,
        "is_open": conversations.is_open(now),
        "opens_at": conversations.next_opening(now),
        "messages": [
            _message(message, lang, changed) | {"is_beginning": message.id in beginnings}
            for message in view.messages
        ],
        "live_url": f"/live/events?token={events.token(stream)}" if view.token else "",
        "url": reverse("web:thread", args=[lang, view.token]) if view.token else "",
    }


def _message(message: MessageView, lang: str, changed: set[ParagraphKey]) -> dict[str, Any]:
    return {
        "id": message.id,
        "author": message.author,
        "at": message.at,
        "text": message.text,
        "was_right": message.was_right,
        "answer": answer(message.answer, lang, changed) if message.answer else None,
        "is_turn": message.check_id is not None,
        "outcome": in_thread.outcome(message, lang) if message.outcome else None,
    }


def answer(given: Answer, lang: str, changed: set[ParagraphKey]) -> dict[str, Any]:
    """An answer as a page shows it: lines with their citations, help, where to read on."""
    day = clock.today()
    return {
        "lang": given.lang,
        "direction": direction(given.lang),
        "verdict": given.verdict,
        "lines": [
            {"text": line.text, "citation": _citation(line, lang, changed)} for line in given.lines
        ],
        "notice": given.notice,
        "reworded": given.reworded,
        "machine_note": assistant.machine_note() if given.reworded else "",
        "question_lang": given.question_lang,
        "notice_direction": direction(given.question_lang),
        "refused": given.refused,
        "reason": given.reason,
        "handover": given.handover,
        "danger": given.danger,
        "help": _help(given, lang),
        "helplines": directory.organisations(lang, day, ids=given.services),
        "more": [
            {"title": title, "url": reverse("web:article", args=[lang, slug])}
            for slug, title in given.related
        ],
        "as_of": given.on,
        "is_of_today": given.on == day,
    }


def _help(given: Answer, lang: str) -> list[dict[str, Any]]:
    services = tuple(block.service for block in given.help if block.service)
    found = {one.id: one for one in directory.organisations(lang, clock.today(), ids=services)}
    return [
        {"kind": block.kind, "text": block.text, "organisation": found.get(block.service)}
        for block in given.help
    ]


def _citation(line: Line, lang: str, changed: set[ParagraphKey]) -> dict[str, Any]:
    cited = line.citation
    page = reverse("web:article", args=[lang, cited.article])
    law = [
        {
            "label": f"{ref.label}, {ref.act_title}",
            "url": reverse("web:provision", args=[lang, ref.act, ref.provision]),
            "edition": ref.edition,
        }
        for ref in cited.law
    ]
    return {
        "title": cited.title,
        "url": f"{page}#{cited.paragraph}",
        "quote": cited.quote,
        "law": law,
        "pages": cited.pages,
        "checked_on": cited.checked_on,
        "is_changed": ParagraphKey(cited.version_id, cited.paragraph, cited.lang) in changed,
    }


def _changed(view: ThreadView) -> set[ParagraphKey]:
    """Paragraphs that were cited and read differently today, so that an old answer says so."""
    lines = [line for message in view.messages if message.answer for line in message.answer.lines]
    today = clock.today()
    changed = set()
    for slug, lang in {(line.citation.article, line.citation.lang) for line in lines}:
        current = knowledge.article(slug, lang, today)
        texts = {p.id: p.text for p in current.paragraphs} if current else {}
        changed |= {
            ParagraphKey(c.version_id, c.paragraph, c.lang)
            for c in (line.citation for line in lines)
            if (c.article, c.lang) == (slug, lang) and texts.get(c.paragraph) != c.quote
        }
    return changed
