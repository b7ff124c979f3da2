"""What stands beside a conversation: a check that its question leads to, or one that goes on in it.

Drawn anew from the check each time: what was answered on pages meanwhile is known here too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse

from przystan.assistant import api as assistant
from przystan.conversations import api as conversations
from przystan.conversations.data import CheckOutcome, MessageView, ThreadView
from przystan.core import clock
from przystan.core.errors import AbsentError, PrzystanError
from przystan.core.languages import direction
from przystan.people.http import ActorRequest
from przystan.procedures import api as procedures
from przystan.procedures.data import AskedFact
from przystan.web.views.procedures.common import Place, speech
from przystan.web.views.procedures.drawing import control, control_typed
from przystan.web.views.procedures.questions import known_answers
from przystan.web.views.reading import content_language

Post = Mapping[str, list[str]]


def beside(
    request: ActorRequest, view: ThreadView, lang: str, typed: Mapping[str, Any]
) -> dict[str, Any]:
    """The offer or the turn of a thread's page.

    `typed` may hold `turn_post` or `offer_post`, the form that was not taken, and `told`, what
    is wrong with it: part of the form to sentence.
    """
    if view.is_sealed or view.state == "closed":
        return {}
    try:
        turn = _turn(request, view, lang, typed)
        offer = None if turn else _offer(view, lang, typed)
    except PrzystanError:
        return {}  # the checks are being corrected; the conversation goes on without them
    return {"turn": turn, "offer": offer, **speech(lang)} if turn or offer else {}


# --- an offer ---------------------------------------------------------------------------------


def _offer(view: ThreadView, lang: str, typed: Mapping[str, Any]) -> dict[str, Any] | None:
    """The check that the last question leads to, with what the person wrote of its facts."""
    question = next((m for m in reversed(view.messages) if m.author == "person"), None)
    if question is None or question.check_id is not None:
        return None
    after = view.messages[view.messages.index(question) + 1 :]
    given = next((m.answer for m in after if m.answer), None)
    if given is None or any(m.check_id for m in after):
        return None
    spoken, today = content_language(lang), clock.today()
    found = assistant.offer(question.text, given, lang=spoken, on=today)
    if found is None:
        return None
    catalogue = procedures.catalogue()
    summary = procedures.words_of(catalogue, found.procedure, spoken).summary
    return {
        "procedure": found.procedure,
        "title": found.title,
        "summary": procedures.rendered(catalogue, summary, spoken, today),
        "facts": [
            _offered(catalogue, fact, value, found.quotes[fact], spoken, typed)
            for fact, value in found.facts.items()
        ],
        "url": reverse("web:thread_check", args=[lang, view.token]),
        "page_url": reverse("web:procedure", args=[lang, found.procedure]),
    }


def _offered(
    catalogue: procedures.Catalogue,
    fact: str,
    value: Any,
    quote: str,
    spoken: str,
    typed: Mapping[str, Any],
) -> dict[str, Any]:
    field, is_many = offered_field(catalogue, fact, spoken)
    post: Post | None = typed.get("offer_post")
    told = typed.get("told", {})
    wants_more = post is not None and "more" in post.get("act", ())
    if post is None:
        drawn = control(field, value, is_many=is_many)
    else:
        drawn = control_typed(field, post, told, is_many, int(wants_more))
    return {
        "fact": fact,
        "label": procedures.fact_words(catalogue, fact, spoken).label,
        "value": procedures.said(catalogue, fact, value, spoken),
        "quote": quote,
        "control": drawn,
        "is_used": post is None or fact in post.get("use", ()),
        "is_open": wants_more or bool(drawn["error"]),
    }


def offered_field(
    catalogue: procedures.Catalogue, fact: str, spoken: str
) -> tuple[procedures.Field, bool]:
    """The field of a fact under the fact's own name, so that several stand in one form."""
    asked = procedures.question(catalogue, fact, spoken, clock.today())
    return replace(asked.fields[0], name=fact), asked.shape == "many"


# --- a turn -----------------------------------------------------------------------------------


def place_of(request: ActorRequest, view: ThreadView, lang: str) -> Place | None:
    """The check of a thread, if it is open in this browser."""
    if view.check_id is None:
        return None
    try:
        check = procedures.check(view.check_id, actor=request.actor)
    except AbsentError:
        return None
    procedures.catalogue()
    return Place(lang, check, procedures.course(check))


def _turn(
    request: ActorRequest, view: ThreadView, lang: str, typed: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Where the check of this thread stands: a question, a contradiction, or its end."""
    here = place_of(request, view, lang)
    has_ended = any(m.outcome and m.check_id == view.check_id for m in view.messages)
    if here is None:
        return {"is_elsewhere": True} if view.check_id and not has_ended else None
    if here.view.is_finished:
        answer = here.course.answer()
        shown = None if has_ended else _told(conversations.told(answer, here.spoken), here)
        return {**_frame(here, view), "outcome": shown} if shown else None
    frame = _frame(here, view)
    if conflicts := here.course.contradictions():
        return {**frame, "conflicts": _conflicts(here, conflicts)}
    asked = conversations.asked_next(here.view, here.course)
    if asked is None:
        return {**frame, "is_complete": True}
    return {**frame, **_question(here, view, asked, typed)}


def _frame(here: Place, view: ThreadView) -> dict[str, Any]:
    words = procedures.words_of(here.course.catalogue, here.view.procedure, here.spoken)
    return {
        "title": words.title,
        "url": reverse("web:thread_turn", args=[here.lang, view.token]),
        "page_url": here.url("check"),
        "keeps_nothing": here.view.keeps_nothing,
        "known": known_answers(here),
    }


def _conflicts(here: Place, ids: Sequence[str]) -> list[dict[str, Any]]:
    course = here.course
    found = procedures.conflicts(
        course.catalogue, here.view.procedure, ids, here.spoken, course.law_day
    )
    return [{"sentence": each.sentence, "facts": each.facts} for each in found]


def _question(
    here: Place, view: ThreadView, asked: AskedFact, typed: Mapping[str, Any]
) -> dict[str, Any]:
    course = here.course
    words = procedures.question(course.catalogue, asked.fact, here.spoken, course.law_day)
    post: Post | None = typed.get("turn_post")
    told = typed.get("told", {})
    field = words.fields[0]
    buttons = words.shape == "one" and not words.is_single_record
    has_controls = words.shape == "entries" or (words.shape == "many" and field.kind == "choice")
    drawn = {
        "question": words,
        "is_sensitive": words.is_sensitive,
        "buttons": _buttons(field) if buttons else [],
        "has_words": not has_controls,
        "field": field,
        "controls": _controls(here, words, asked, post, told) if has_controls else [],
        "told": told,
        "problem": told.get("say", "") or next(iter(told.values()), ""),
        "say": (post or {}).get("say", [""])[-1],
    }
    if words.shape == "entries" and not words.is_single_record:
        drawn |= _entries(here, words, asked)
    elif post is None and field.kind == "date":
        drawn |= _day_beside(here, view, field)
    return drawn


def _buttons(field: procedures.Field) -> list[tuple[str, str]]:
    if field.kind == "bool":
        return [("yes", ""), ("no", "")]
    return list(field.options) if field.kind == "choice" else []


def _controls(
    here: Place,
    words: procedures.AskedQuestion,
    asked: AskedFact,
    post: Post | None,
    told: Mapping[str, str],
) -> list[dict[str, Any]]:
    is_many = words.shape == "many"
    if post is not None:
        drawn = [control_typed(field, post, told, is_many, 0) for field in words.fields]
        unknown: Sequence[str] = post.get("unknown", ())
    else:
        stated = _stated(here, words, asked)
        drawn = [
            control(field, stated if is_many else stated.get(field.name), is_many=is_many)
            for field in words.fields
        ]
        unknown = [] if is_many else [
            name for name, value in stated.items() if procedures.is_unknown(value)
        ]  # fmt: skip
    return [{**one, "is_unknown": one["name"] in unknown} for one in drawn]


def _stated(here: Place, words: procedures.AskedQuestion, asked: AskedFact) -> Any:
    value = here.view.facts.get(asked.fact)
    if words.shape == "many":
        return value
    if words.is_single_record:
        return value if isinstance(value, Mapping) else {}
    items = procedures.items_of(value)[0]
    is_of_entry = asked.index is not None and not asked.is_more and asked.index < len(items)
    return items[asked.index or 0] if is_of_entry else {}


def _entries(here: Place, words: procedures.AskedQuestion, asked: AskedFact) -> dict[str, Any]:
    """The entries of a list so far, and the name of the one that is to be filled in."""
    items = procedures.items_of(here.view.facts.get(asked.fact))[0]
    names = procedures.names_of(items, here.view.entries.get(asked.fact, ()))
    is_of_entry = asked.index is not None and not asked.is_more and asked.index < len(names)
    return {
        "is_list": True,
        "entries": [
            {
                "name": name,
                "fields": procedures.entry_said(
                    here.course.catalogue, asked.fact, item, here.spoken
                ),
            }
            for name, item in zip(names, items, strict=True)
        ],
        "entry": names[asked.index or 0] if is_of_entry else "",
    }


def _day_beside(here: Place, view: ThreadView, field: procedures.Field) -> dict[str, Any]:
    """A day that the answer before named: "yes since March 3". It is shown, and typed by nobody."""
    said = next((m for m in reversed(view.messages) if m.author == "person"), None)
    before = next(reversed(list(here.view.facts)), "")
    catalogue = here.course.catalogue
    if said is None or said.check_id != here.view.id or before not in catalogue.facts:
        return {}
    if catalogue.facts[before].fact.type.kind.value != "bool":
        return {}
    day = assistant.day_beside(said.text, field, here.view.on)
    return {"say": ".".join(reversed(day.split("-"))), "said_before": said.text} if day else {}


# --- what it came to ----------------------------------------------------------------------------


def outcome(message: MessageView, lang: str) -> dict[str, Any]:
    """The outcome of a message, with the way to its page."""
    found = message.outcome
    if found is None:
        return {}
    return _shown(found) | {
        "url": reverse("web:check", args=[lang, found.procedure, message.check_id])
    }


def _told(found: CheckOutcome, here: Place) -> dict[str, Any]:
    return _shown(found) | {"url": here.url("check")}


def _shown(found: CheckOutcome) -> dict[str, Any]:
    return {
        "procedure_title": found.procedure_title,
        "title": found.title,
        "verdict": found.verdict,
        "is_to_verify": found.status == "to_verify",
        "days": found.days,
        "fee_grosz": found.fee_grosz,
        "why": found.why,
        "lang": found.lang,
        "direction": direction(found.lang),
    }
