"""What every page of a check needs: the check, the language of its words, where it goes on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from przystan.conversations import api as conversations
from przystan.core import clock
from przystan.core.errors import AbsentError, PrzystanError
from przystan.core.languages import BY_TAG, direction
from przystan.directory import api as directory
from przystan.people.http import ActorRequest
from przystan.procedures import api as procedures
from przystan.procedures.data import Answer, AskedFact, CheckView, Step
from przystan.web.views.reading import content_language, missing_page

# Entries are named by their form, so that sending it twice adds one.
SAFE_NAME = "abcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True, slots=True)
class Place:
    """A check that is open in this browser, and the law over it."""

    lang: str
    view: CheckView
    course: procedures.Course
    thread_url: str = ""  # the conversation in which it goes on, if that is the actor's too

    @property
    def spoken(self) -> str:
        """The language of the definition's words on this page."""
        return content_language(self.lang)

    def url(self, name: str, *more: str) -> str:
        arguments = [self.lang, self.view.procedure, self.view.id, *more]
        return reverse(f"web:{name}", args=arguments)

    def frame(self) -> dict[str, Any]:
        """What the frame of each page of the check shows."""
        catalogue = self.course.catalogue
        words = procedures.words_of(catalogue, self.view.procedure, self.spoken)
        return {
            "check": {
                "id": self.view.id,
                "procedure": self.view.procedure,
                "title": words.title,
                "url": self.url("check"),
                "answers_url": self.url("check_answers"),
                "is_announced": self.view.on > clock.today(),
                "on": self.view.on,
                "keeps_nothing": self.view.keeps_nothing,
                "may_answer": self.view.may_answer,
                "is_at_desk": self.view.scope != "own",
                "thread_url": self.thread_url,
            },
            **speech(self.lang),
        }


def speech(lang: str) -> dict[str, Any]:
    """The language of what is quoted, marked where it is not the page's own."""
    spoken = content_language(lang)
    return {
        "spoken": spoken,
        "spoken_direction": direction(spoken),
        "is_foreign": spoken != lang,
        "spoken_name": BY_TAG[spoken].name,
    }


def place(request: ActorRequest, lang: str, procedure_id: str, check_id: UUID) -> Place:
    """The check of an address.

    Raises:
        AbsentError: it is not there, of another procedure, or not open in this browser.
    """
    procedures.catalogue()  # a folder with faults is told as such
    view = procedures.check(check_id, actor=request.actor)
    if view.procedure != procedure_id:
        raise AbsentError(missing_page())
    try:
        return Place(lang, view, procedures.course(view), _thread_url(request, lang, view))
    except procedures.DefinitionError as error:
        raise PrzystanError(
            _("The checks are being corrected just now. Try again later, or ask a human."),
            status=503,
        ) from error


def _thread_url(request: ActorRequest, lang: str, view: CheckView) -> str:
    if view.channel != "chat" or view.scope != "own":
        return ""
    token = conversations.token_of_check(view.id, actor=request.actor)
    return reverse("web:thread", args=[lang, token]) + "#turn" if token else ""


def page(
    request: ActorRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page about somebody: kept nowhere, told to nobody."""
    response = render(request, f"web/procedures/{template}", dict(context), status=status)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def onwards(request: ActorRequest, here: Place, step: Step) -> HttpResponse:
    """Where a check goes on after an answer: help, a contradiction, a question, the summary."""
    if step.sealed is not None:
        return sealed(request, here.lang, step.sealed)
    if step.contradictions or step.next_question is None:
        return redirect(here.url("check_answers"))
    return redirect(question_url(here, step.next_question))


def question_url(here: Place, asked: AskedFact) -> str:
    """The page of a question; a field of a list's entry is asked on the entry's page."""
    if asked.index is None or asked.is_more:
        return here.url("check_question", asked.fact)
    # The entries as they are now: the answer that was just given may have added one.
    fresh = procedures.items_of(here.view.facts.get(asked.fact))[0]
    names = procedures.names_of(fresh, here.view.entries.get(asked.fact, ()))
    if asked.index >= len(names):
        return here.url("check_question", asked.fact)
    return here.url("check_entry", asked.fact, names[asked.index])


def sealed(request: ActorRequest, lang: str, answer: Answer) -> HttpResponse:
    """Help lines first, and nothing to come back to: the check exists no more."""
    spoken = content_language(lang)
    context = {
        "outcome": procedures.explained(procedures.catalogue(), answer, spoken),
        "helplines": help_of(answer.services, lang),
        **speech(lang),
    }
    return page(request, "sealed.html", context)


def help_of(services: Sequence[str], lang: str) -> Sequence[Any]:
    found = directory.organisations(lang, clock.today(), ids=tuple(services))
    return found or directory.organisations(lang, clock.today(), kind="help_line")
