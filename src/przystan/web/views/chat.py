"""A check in a conversation: begun with confirmed facts, answered turn by turn."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from przystan.assistant import api as assistant
from przystan.conversations import api as conversations
from przystan.conversations.data import ThreadView
from przystan.core import clock
from przystan.core.errors import AbsentError
from przystan.core.ids import new_token
from przystan.people import api as people
from przystan.people.http import ActorRequest
from przystan.procedures import api as procedures
from przystan.procedures.data import UNKNOWN, Step
from przystan.web.views import answers
from przystan.web.views.in_thread import offered_field, place_of
from przystan.web.views.procedures.common import SAFE_NAME, Place
from przystan.web.views.reading import content_language, missing_page, typed

LONGEST_KEY = 100
Post = Mapping[str, list[str]]


class SeveralWrongError(ValueError):
    """Fields of an entry that cannot be taken."""

    def __init__(self, wrong: Iterable[procedures.TypedError]) -> None:
        super().__init__("several fields")
        self.told = {error.part: error.sentence for error in wrong}


@require_POST
def begin(request: ActorRequest, lang: str, token: str) -> HttpResponse:
    """Begin the offered check with the facts that the person left in the form."""
    view = conversations.by_token(token)
    request.actor = people.ensure_session(request)
    catalogue, spoken, post = procedures.catalogue(), content_language(lang), _post(request)
    procedure = _last(post, "procedure")
    if post.get("act") == ["more"]:
        return answers.page(request, lang, view, offer_post=post)
    facts, told = _confirmed(catalogue, procedure, post, spoken)
    if not told:
        texts = [facts[fact] for fact in facts if catalogue.facts[fact].fact.type.kind == "text"]
        if danger := _first(texts):
            return _asked_instead(request, lang, view, danger)
        try:
            conversations.begin_check(
                view.id,
                procedure,
                facts,
                actor=request.actor,
                lang=spoken,
                key=_key(post),
                at=clock.now(),
            )
        except procedures.FactError as error:
            wrong = procedures.refused(error, error.fact)
            told = {wrong.part: wrong.sentence}
    if told:
        return answers.page(request, lang, view, status=422, offer_post=post, told=told)
    return _back(lang, token)


def _confirmed(
    catalogue: procedures.Catalogue, procedure: str, post: Post, spoken: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """The values of the facts that are to be used, and what is wrong with the others."""
    on = clock.today()
    read = catalogue.on(procedure, on).program.facts
    facts: dict[str, Any] = {}
    told: dict[str, str] = {}
    for fact in dict.fromkeys(post.get("use", ())):
        if fact not in read or catalogue.facts[fact].fact.known_by.value != "person":
            raise AbsentError(missing_page())
        field, is_many = offered_field(catalogue, fact, spoken)
        try:
            if is_many:
                items = procedures.values_of(field, post, spoken, on)
                facts[fact] = {"items": items, "complete": True}
            else:
                facts[fact] = procedures.value_of(field, post, spoken, on)
        except procedures.TypedError as error:
            told[error.part] = error.sentence
    return facts, told


@require_POST
def turn(request: ActorRequest, lang: str, token: str) -> HttpResponse:
    """Take an answer, by a button, by fields or in the person's own words."""
    view = conversations.by_token(token)
    request.actor = people.ensure_session(request)
    post = _post(request)
    # Danger goes before everything, also before whether there still is a check.
    if danger := _first(post.get("say", ())):
        return _asked_instead(request, lang, view, danger)
    here = None if view.is_sealed else place_of(request, view, lang)
    if here is None:
        raise AbsentError(missing_page())
    try:
        return _acted(request, here, view, post)
    except procedures.TypedError as error:
        told = {error.part: error.sentence}
    except procedures.FactError as error:
        wrong = procedures.refused(error, error.fact.rpartition(".")[2])
        told = {wrong.part: wrong.sentence}
    except SeveralWrongError as several:
        told = several.told
    return answers.page(request, lang, view, status=422, turn_post=post, told=told)


def _acted(request: ActorRequest, here: Place, view: ThreadView, post: Post) -> HttpResponse:
    context: dict[str, Any] = {"actor": request.actor, "at": clock.now()}
    if _last(post, "act") == "finish":
        conversations.finish_check(view.id, here.view.id, lang=here.spoken, **context)
        return _back(here.lang, view.token)
    meant = _meant(here, _question(here, _last(post, "fact")), post)
    if danger := _first(meant.texts):
        return _asked_instead(request, here.lang, view, danger)
    conversations.turn(
        view.id,
        here.view.id,
        meant.asked,
        meant.said,
        lambda: meant.act(here.view.id, **context),
        lang=here.spoken,
        key=_key(post),
        **context,
    )
    return _back(here.lang, view.token)


def _question(here: Place, fact: str) -> procedures.AskedQuestion:
    """The question that a form answers, if this check may ask it of a person."""
    course = here.course
    known = course.catalogue.facts.get(fact)
    if known is None or fact not in course.procedure.program.facts:
        raise AbsentError(missing_page())
    if known.fact.known_by.value != "person":
        raise AbsentError(missing_page())
    return procedures.question(course.catalogue, fact, here.spoken, course.law_day)


@dataclass(frozen=True, slots=True)
class Meant:
    """What a form does to the check, and the words of the turn; without words it keeps no turn.

    `texts` were typed into fields of words: danger is looked for in them.
    """

    act: Callable[..., Step | None]
    asked: str = ""
    said: str = ""
    texts: tuple[Any, ...] = ()


def _meant(here: Place, question: procedures.AskedQuestion, post: Post) -> Meant:
    fact, act, say = question.fact, _last(post, "act"), _last(post, "say")
    is_list = question.shape == "entries" and not question.is_single_record
    if act == "forget":
        return Meant(partial(_forget, fact))
    if is_list and act.startswith("remove:"):
        return Meant(partial(_in_chat(procedures.remove_entry), fact, act[7:47]))
    if is_list and act == "complete":
        has_items = procedures.items_of(here.view.facts.get(fact))[0]
        said = _("That is all") if has_items else _("There is none")
        return Meant(partial(_in_chat(procedures.complete_list), fact), question.short, said)
    if act == "unknown" and question.may_be_unknown:
        value: Any = dict(UNKNOWN)
    elif is_list:
        return _entry(here, question, post)
    else:
        value = _value(here, question, post)
    said = say or _said(here, question, value)
    texts = tuple(_texts(question, value))
    return Meant(partial(_state, {fact: value}), question.short, said, texts)


def _value(here: Place, question: procedures.AskedQuestion, post: Post) -> Any:
    """The answer of a button, of fields, or of the person's own words."""
    field, on = question.fields[0], here.view.on
    if question.is_single_record:
        values, wrong = procedures.record_of(question, post, here.spoken, on)
        if wrong:
            raise SeveralWrongError(wrong)
        return values
    if "say" in post:
        return assistant.heard(_last(post, "say"), question, lang=here.spoken, on=on)
    if question.shape == "many":
        items = procedures.values_of(field, post, here.spoken, on)
        return {"items": items, "complete": True}
    return procedures.value_of(field, post, here.spoken, on)


def _entry(here: Place, question: procedures.AskedQuestion, post: Post) -> Meant:
    """An entry of a list: a new one, or the one whose fields were asked for."""
    values, wrong = procedures.record_of(question, post, here.spoken, here.view.on)
    if wrong:
        raise SeveralWrongError(wrong)
    name = _last(post, "entry")[:40] or "".join(secrets.choice(SAFE_NAME) for _one in range(10))
    told = procedures.entry_said(here.course.catalogue, question.fact, values, here.spoken)
    said = "; ".join(_("%(fact)s: %(value)s") % {"fact": a, "value": b} for a, b in told)
    act = partial(_in_chat(procedures.put_entry), question.fact, name, values)
    return Meant(act, question.short, said, tuple(_texts(question, values)))


def _texts(question: procedures.AskedQuestion, value: Any) -> Iterator[str]:
    """What was written into fields of words."""
    for field in question.fields:
        if field.kind == "text":
            one = value.get(field.name) if isinstance(value, Mapping) else value
            if isinstance(one, str):
                yield one


def _said(here: Place, question: procedures.AskedQuestion, value: Any) -> str:
    if question.is_single_record and not procedures.is_unknown(value):
        named = {field.name: field.label for field in question.fields}
        return "; ".join(f"{named[name]}: {one}" for name, one in value.items())
    return procedures.said(here.course.catalogue, question.fact, value, here.spoken)


def _state(facts: Mapping[str, Any], check_id: UUID, **context: Any) -> Step:
    return procedures.state_facts(check_id, facts, source="chat", **context)


def _forget(fact: str, check_id: UUID, **context: Any) -> None:
    procedures.forget_fact(check_id, fact, **context)


def _in_chat(act: Callable[..., Step]) -> Callable[..., Step]:
    """A service of lists with the check's id behind what the form named."""

    def done(*named: Any, **context: Any) -> Step:
        *more, check_id = named
        return act(check_id, *more, source="chat", **context)

    return done


# --- shared -----------------------------------------------------------------------------------


def _first(texts: Iterable[Any]) -> str:
    """The first of the typed texts that shows danger, or asks for a human."""
    return next((one for one in texts if isinstance(one, str) and assistant.goes_first(one)), "")


def _asked_instead(request: ActorRequest, lang: str, view: ThreadView, said: str) -> HttpResponse:
    """What was typed is answered as every question is: help first, or a human."""
    answers.spend(request)
    conversations.follow_up(view.id, said, actor=request.actor, key=new_token(), at=clock.now())
    return redirect(reverse("web:thread", args=[lang, view.token]) + "#last")


def _back(lang: str, token: str) -> HttpResponse:
    return redirect(reverse("web:thread", args=[lang, token]) + "#turn")


def _post(request: HttpRequest) -> dict[str, list[str]]:
    return {name: [typed(one) for one in request.POST.getlist(name)] for name in request.POST}


def _last(post: Post, name: str) -> str:
    values = post.get(name) or [""]
    return values[-1]


def _key(post: Post) -> str:
    return _last(post, "key")[:LONGEST_KEY] or new_token()
