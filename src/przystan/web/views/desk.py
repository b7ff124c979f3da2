"""The desk: who waits, one conversation at work, what could not be delivered."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from przystan.assistant import api as assistant
from przystan.conversations import api as conversations
from przystan.conversations.data import QueueRow, ThreadView
from przystan.core import clock, events, outbox
from przystan.core.errors import PrzystanError
from przystan.core.ids import new_token
from przystan.people import audit, idle, policy
from przystan.people.http import ActorRequest, staff_only
from przystan.web.views.answers import present
from przystan.web.views.reading import typed

idle.keep_typed("web:reply", page="web:desk_thread", fields=["reply"])


@never_cache
@require_safe
@staff_only("queue.read")
def queue(request: ActorRequest, lang: str) -> HttpResponse:
    streams = ["desk:open", *(f"desk:{team}" for team in sorted(request.actor.teams))]
    live_url = f"/live/events?token={events.token(*streams)}"
    return render(request, "web/desk/queue.html", _queue(request) | {"live_url": live_url})


def _queue(request: ActorRequest) -> dict[str, Any]:
    """The left column: what waits, by language; sealed rows only reach their team."""
    if not policy.can(request.actor, "queue.read"):
        return {}
    rows = conversations.queue(request.actor)
    waiting = [row for row in rows if row.state == "waiting"]
    return {
        "sealed": [row for row in waiting if row.is_sealed],
        "by_language": _by_language([row for row in waiting if not row.is_sealed]),
        "mine": [row for row in rows if row.claimed_by == request.actor.account_id],
        "waiting_count": len(waiting),
    }


def _by_language(rows: list[QueueRow]) -> list[dict[str, Any]]:
    languages = dict.fromkeys(row.lang for row in rows)
    return [
        {"tag": tag, "rows": [row for row in rows if row.lang == tag]} for tag in sorted(languages)
    ]


@never_cache
@require_safe
@staff_only("thread.read")
def thread(request: ActorRequest, lang: str, thread_id: UUID) -> HttpResponse:
    view = conversations.for_desk(thread_id, actor=request.actor)
    # What was typed before a pause too long waits for who typed it.
    reply = typed(request.GET.get("reply", "")) or idle.take_typed(request, "reply")
    return _page(request, lang, view, reply=reply)


def _page(
    request: ActorRequest, lang: str, view: ThreadView, *, status: int = 200, **typed: Any
) -> HttpResponse:
    last = next((m.answer for m in reversed(view.messages) if m.answer), None)
    shown = present(view, lang)
    stream = f"thread:{view.id}"
    context = _queue(request) | {
        "thread": shown,
        "is_mine": view.claimed_by == request.actor.account_id,
        "found": last.found if last else (),
        "reason": last.reason if last else "",
        "key": new_token(),
        "live_url": f"/live/events?token={events.token(stream)}",
        **typed,
    }
    return render(request, "web/desk/thread.html", context, status=status)


@require_POST
@staff_only("thread.claim")
def claim(request: ActorRequest, lang: str, thread_id: UUID) -> HttpResponse:
    try:
        conversations.claim(thread_id, actor=request.actor, at=clock.now())
    except PrzystanError as problem:
        if problem.status != 409:
            raise
        messages.warning(request, str(problem.reason))
        return redirect("web:desk", lang)
    return redirect("web:desk_thread", lang, thread_id)


@require_POST
@staff_only("thread.answer")
def release(request: ActorRequest, lang: str, thread_id: UUID) -> HttpResponse:
    conversations.release(thread_id, actor=request.actor, at=clock.now())
    return redirect("web:desk", lang)


@require_POST
@staff_only("thread.answer")
def close(request: ActorRequest, lang: str, thread_id: UUID) -> HttpResponse:
    conversations.close(thread_id, actor=request.actor, at=clock.now())
    return redirect("web:desk", lang)


@require_POST
@staff_only("thread.answer")
def reply(request: ActorRequest, lang: str, thread_id: UUID) -> HttpResponse:
    """Send the reply, or put a suggested text into it; errors keep what was typed."""
    text = typed(request.POST.get("reply", ""))
    view = conversations.for_desk(thread_id, actor=request.actor)
    if suggestion := typed(request.POST.get("use", "")):
        return _page(request, lang, view, reply=_with_suggestion(text, view, suggestion))
    query = typed(request.POST.get("search_for", ""))
    if query or request.POST.get("act") == "search":
        found = assistant.search(query, lang=view.lang, on=clock.today()) if query else ()
        return _page(request, lang, view, reply=text, found=found, searched=query)
    try:
        conversations.reply(
            thread_id,
            text,
            actor=request.actor,
            key=typed(request.POST.get("key", "")) or new_token(),
            at=clock.now(),
        )
    except PrzystanError as problem:
        if problem.status not in {409, 422}:
            raise
        return _page(request, lang, view, status=problem.status, reply=text, problem=problem.reason)
    messages.success(request, _("Your reply is sent."))
    return redirect("web:desk_thread", lang, thread_id)


def _with_suggestion(text: str, view: ThreadView, suggestion: str) -> str:
    """The reply with a cited text added: the quote, its page and the day it was read."""
    slug, _slash, paragraph = suggestion.partition("/")
    quote = assistant.quotation(slug, paragraph, view.lang, clock.today())
    return f"{text.rstrip()}\n\n{quote}".strip() if quote else text


@never_cache
@require_safe
@staff_only("outbox.read")
def dead_letters(request: ActorRequest, lang: str) -> HttpResponse:
    context = _queue(request) | {"letters": outbox.dead_letters()}
    return render(request, "web/desk/dead_letters.html", context)


@require_POST
@staff_only("outbox.retry")
def send_again(request: ActorRequest, lang: str, message_id: int) -> HttpResponse:
    with transaction.atomic():
        is_sent = outbox.send_again(message_id, at=clock.now())
        if is_sent:
            # What is repeated may be a letter to somebody: who did it must be known.
            audit.record(request.actor, "outbox.sent_again", ids=[str(message_id)])
    if is_sent:
        messages.success(request, _("The message goes out again within a few seconds."))
    return redirect("web:dead_letters", lang)


@never_cache
@require_safe
@staff_only("figures.read")
def unanswered(request: ActorRequest, lang: str) -> HttpResponse:
    context = _queue(request) | {"questions": conversations.unanswered()}
    return render(request, "web/desk/unanswered.html", context)
