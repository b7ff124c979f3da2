"""One question a page: drawn, read, kept; and the summary of all answers."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from przystan.core import clock
from przystan.core.errors import AbsentError, PrzystanError
from przystan.people.http import ActorRequest
from przystan.procedures import api as procedures
from przystan.procedures.data import UNKNOWN, Step
from przystan.web.views.procedures.common import (
    SAFE_NAME,
    Place,
    onwards,
    page,
    place,
    question_url,
    sealed,
)
from przystan.web.views.procedures.drawing import control, control_typed
from przystan.web.views.reading import missing_page, typed

NOT_KNOWN = "i-do-not-know"


@require_http_methods(["GET", "HEAD", "POST"])
def question(
    request: ActorRequest, lang: str, procedure_id: str, check_id: UUID, fact: str
) -> HttpResponse:
    here = place(request, lang, procedure_id, check_id)
    asked = _asked(here, fact)
    if request.method != "POST":
        return _page(request, here, asked)
    if not here.view.may_answer:
        raise AbsentError(missing_page())
    act = request.POST.get("act", "answer")
    try:
        return _acted(request, here, asked, act)
    except procedures.TypedError as error:
        return _page(request, here, asked, post=_post(request), errors=[error])
    except procedures.FactError as error:
        told = procedures.refused(error, asked.fields[0].name)
        return _page(request, here, asked, post=_post(request), errors=[told])


def _asked(here: Place, fact: str) -> procedures.AskedQuestion:
    """The question of an address, if this check may ask it of a person."""
    course = here.course
    known = course.catalogue.facts.get(fact)
    if known is None or fact not in course.procedure.program.facts:
        raise AbsentError(missing_page())
    if known.fact.known_by.value != "person":
        raise AbsentError(missing_page())
    return procedures.question(course.catalogue, fact, here.spoken, course.law_day)


def _acted(
    request: ActorRequest, here: Place, asked: procedures.AskedQuestion, act: str
) -> HttpResponse:
    """Do what the button said."""
    context: dict[str, Any] = {"actor": request.actor, "source": _source(request)}
    context["at"] = clock.now()
    check, fact = here.view.id, asked.fact
    match act:
        case "more":
            return _page(request, here, asked, post=_post(request), more_rows=1)
        case "known":
            return _after(request, here, procedures.confirm_known(check, fact, **context))
        case "forget":
            procedures.forget_fact(check, fact, actor=request.actor, at=clock.now())
            return redirect(here.url("check_answers"))
        case "complete" if asked.shape == "entries" and not asked.is_single_record:
            return _after(request, here, procedures.complete_list(check, fact, **context))
        case _ if act.startswith("remove:") and asked.shape == "entries":
            procedures.remove_entry(check, fact, act.removeprefix("remove:")[:40], **context)
            return redirect(here.url("check_question", fact))
    if act == "unknown" or request.POST.get("value") == NOT_KNOWN:
        if not asked.may_be_unknown:
            raise procedures.TypedError(asked.fields[0].name, _("Choose an answer."))
        value: Any = dict(UNKNOWN)
    else:
        value = _value(here, asked, _post(request))
    return _after(request, here, procedures.state_facts(check, {fact: value}, **context))


def _value(here: Place, asked: procedures.AskedQuestion, post: Mapping[str, list[str]]) -> Any:
    on = here.view.on
    if asked.shape == "many":
        items = procedures.values_of(asked.fields[0], post, here.spoken, on)
        return {"items": items, "complete": True}
    if asked.shape == "one":
        return procedures.value_of(asked.fields[0], post, here.spoken, on)
    if not asked.is_single_record:
        raise procedures.TypedError("", _("Add an entry, or say that there is none."))
    found, wrong = procedures.record_of(asked, post, here.spoken, on)
    if wrong:
        raise wrong[0]
    return found


def _after(request: ActorRequest, here: Place, step: Step) -> HttpResponse:
    if step.sealed is None and step.next_question is not None:
        # The addresses of entries are those of the list as it is now.
        fresh = procedures.check(here.view.id, actor=request.actor)
        here = Place(here.lang, fresh, here.course)
    return onwards(request, here, step)


def _source(request: ActorRequest) -> str:
    return "desk" if request.actor.is_staff else "web"


def _post(request: HttpRequest) -> dict[str, list[str]]:
    return {name: [typed(one) for one in request.POST.getlist(name)] for name in request.POST}


def _page(
    request: ActorRequest,
    here: Place,
    asked: procedures.AskedQuestion,
    *,
    post: Mapping[str, list[str]] | None = None,
    errors: Sequence[procedures.TypedError] = (),
    more_rows: int = 0,
) -> HttpResponse:
    stated = here.view.facts.get(asked.fact)
    told = {error.part: error.sentence for error in errors}
    context = {
        **here.frame(),
        "question": asked,
        "is_answered": stated is not None,
        "is_unknown": procedures.is_unknown(stated),
        "controls": _controls(asked, stated, post, told, more_rows),
        "errors": [
            {"field_id": _id_of(part, asked), "text": sentence} for part, sentence in told.items()
        ],
        "not_known": NOT_KNOWN,
        "earlier": None if stated is not None else _earlier(request, here, asked),
        "known": known_answers(here, other_than=asked.fact),
        "back_url": _back(here, asked.fact),
    }
    if asked.shape == "entries" and not asked.is_single_record:
        context |= _entries(here, asked)
    return page(request, "question.html", context, status=422 if errors else 200)


def _id_of(part: str, asked: procedures.AskedQuestion) -> str:
    first = asked.fields[0]
    if part:
        return f"f-{part}"
    return f"f-{first.name}-day" if first.kind == "date" else f"f-{first.name}"


def _controls(
    asked: procedures.AskedQuestion,
    stated: Any,
    post: Mapping[str, list[str]] | None,
    told: Mapping[str, str],
    more_rows: int,
) -> list[dict[str, Any]]:
    """The controls of a question, filled with what was typed, else with what was stated."""
    if asked.shape == "entries" and not asked.is_single_record:
        return []  # each entry has a page of its own
    if post is not None:
        return [
            control_typed(field, post, told, asked.shape == "many", more_rows)
            for field in asked.fields
        ]
    if asked.is_single_record:
        values = stated if isinstance(stated, Mapping) else {}
        return [control(field, values.get(field.name)) for field in asked.fields]
    return [control(field, stated, is_many=asked.shape == "many") for field in asked.fields]


def _earlier(
    request: ActorRequest, here: Place, asked: procedures.AskedQuestion
) -> dict[str, Any] | None:
    """What the person stated of this in another check: offered, with where and when."""
    found = procedures.known_already(request.actor, [asked.fact], other_than=here.view.id)
    known = found.get(asked.fact)
    if known is None:
        return None
    catalogue = here.course.catalogue
    is_there = known.procedure in catalogue.library.words
    return {
        "value": procedures.said(catalogue, asked.fact, known.value, here.spoken),
        "at": known.at,
        "where": procedures.words_of(catalogue, known.procedure, here.spoken).title
        if is_there
        else "",
    }


def known_answers(here: Place, *, other_than: str = "") -> list[dict[str, Any]]:
    """What was answered so far, in the order of answering, each with a way to change it."""
    catalogue, facts = here.course.catalogue, here.course.procedure.program.facts
    return [
        {
            "fact": fact,
            "label": procedures.fact_words(catalogue, fact, here.spoken).label,
            "value": procedures.said(catalogue, fact, value, here.spoken),
            "entries": _shown_entries(here, fact, value),
            "url": here.url("check_question", fact),
        }
        for fact, value in here.view.facts.items()
        if fact in facts and fact != other_than
    ]


def _shown_entries(here: Place, fact: str, value: Any) -> list[list[tuple[str, str]]]:
    type_ = here.course.catalogue.facts[fact].fact.type
    if type_.item is None or not type_.item.fields:
        return []
    items = procedures.items_of(value)[0]
    return [procedures.entry_said(here.course.catalogue, fact, one, here.spoken) for one in items]


def _back(here: Place, fact: str) -> str:
    """The question answered before this one; before the first one the start page."""
    facts = [one for one in here.view.facts if one in here.course.procedure.program.facts]
    before = facts[: facts.index(fact)] if fact in facts else facts
    if before:
        return here.url("check_question", before[-1])
    return here.url("check").replace(f"{here.view.id}/", "")


# --- lists of records ---------------------------------------------------------------------------


def _entries(here: Place, asked: procedures.AskedQuestion) -> dict[str, Any]:
    items, is_complete = procedures.items_of(here.view.facts.get(asked.fact))
    names = procedures.names_of(items, here.view.entries.get(asked.fact, ()))
    catalogue = here.course.catalogue
    return {
        "entries": [
            {
                "name": name,
                "fields": procedures.entry_said(catalogue, asked.fact, item, here.spoken),
                "url": here.url("check_entry", asked.fact, name),
            }
            for name, item in zip(names, items, strict=True)
        ],
        "is_complete": is_complete,
        "new_url": here.url("check_entry", asked.fact, _new_name()),
    }


def _new_name() -> str:
    return "".join(secrets.choice(SAFE_NAME) for _ in range(10))


@require_http_methods(["GET", "HEAD", "POST"])
def entry(
    request: ActorRequest, lang: str, procedure_id: str, check_id: UUID, fact: str, entry: str
) -> HttpResponse:
    """One entry of a list: its fields on one page."""
    here = place(request, lang, procedure_id, check_id)
    asked = _asked(here, fact)
    if asked.shape != "entries" or asked.is_single_record or len(entry) > 40:
        raise AbsentError(missing_page())
    if request.method != "POST":
        return _entry_page(request, here, asked, entry)
    if not here.view.may_answer:
        raise AbsentError(missing_page())
    return _entry_posted(request, here, asked, entry)


def _entry_posted(
    request: ActorRequest, here: Place, asked: procedures.AskedQuestion, entry: str
) -> HttpResponse:
    post = _post(request)
    values, wrong = procedures.record_of(asked, post, here.spoken, here.view.on)
    if not wrong:
        try:
            procedures.put_entry(
                here.view.id,
                asked.fact,
                entry,
                values,
                actor=request.actor,
                source=_source(request),
                at=clock.now(),
            )
        except procedures.FactError as error:
            part = error.fact.rpartition(".")[2]
            wrong = [procedures.refused(error, part)]
        except PrzystanError as full:
            wrong = [procedures.TypedError("", str(full.reason))]
        else:
            return redirect(here.url("check_question", asked.fact))
    return _entry_page(request, here, asked, entry, post=post, errors=wrong)


def _entry_page(
    request: ActorRequest,
    here: Place,
    asked: procedures.AskedQuestion,
    entry: str,
    *,
    post: Mapping[str, list[str]] | None = None,
    errors: Iterable[procedures.TypedError] = (),
) -> HttpResponse:
    items = procedures.items_of(here.view.facts.get(asked.fact))[0]
    names = procedures.names_of(items, here.view.entries.get(asked.fact, ()))
    stated = items[names.index(entry)] if entry in names else {}
    told = {error.part: error.sentence for error in errors}
    controls = [
        control_typed(field, post, told, False, 0)
        if post is not None
        else control(field, stated.get(field.name))
        for field in asked.fields
    ]
    unknown = post.get("unknown", []) if post is not None else [
        name for name, value in stated.items() if procedures.is_unknown(value)
    ]  # fmt: skip
    for one in controls:
        one["is_unknown"] = one["name"] in unknown
    context = {
        **here.frame(),
        "question": asked,
        "number": names.index(entry) + 1 if entry in names else len(names) + 1,
        "is_new": entry not in names,
        "controls": controls,
        "errors": [
            {"field_id": f"f-{part}" if part else "", "text": text} for part, text in told.items()
        ],
        "list_url": here.url("check_question", asked.fact),
        "entry_url": here.url("check_entry", asked.fact, entry),
        "known": known_answers(here, other_than=asked.fact),
        "back_url": here.url("check_question", asked.fact) if names else _back(here, asked.fact),
        "has_entries": bool(names),
    }
    return page(request, "entry.html", context, status=422 if told else 200)


# --- all answers --------------------------------------------------------------------------------


def answers(request: ActorRequest, lang: str, procedure_id: str, check_id: UUID) -> HttpResponse:
    """Check your answers; from here the outcome is asked for."""
    here = place(request, lang, procedure_id, check_id)
    if request.method == "POST":
        return _finished(request, here)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "POST"])
    course = here.course
    open_question = course.next_question()
    conflicts = procedures.conflicts(
        course.catalogue, here.view.procedure, course.contradictions(), here.spoken, course.law_day
    )
    context = {
        **here.frame(),
        "answers": known_answers(here),
        "conflicts": [
            {
                "sentence": conflict.sentence,
                "facts": [
                    {"label": label, "url": here.url("check_question", fact)}
                    for fact, label in conflict.facts
                ],
            }
            for conflict in conflicts
        ],
        "next_url": question_url(here, open_question) if open_question else "",
    }
    return page(request, "answers.html", context, status=422 if conflicts else 200)


def _finished(request: ActorRequest, here: Place) -> HttpResponse:
    try:
        answer = procedures.finish(here.view.id, actor=request.actor, at=clock.now())
    except PrzystanError as problem:
        if problem.status != 409:
            raise
        return redirect(here.url("check_answers"))
    if answer.is_sealed:
        return sealed(request, here.lang, answer)
    return redirect(here.url("check"))
