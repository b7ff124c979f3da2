"""What is taken along: the checklist as a page and as a PDF, terms as a calendar."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Alarm, Calendar, Event

from przystan.core import clock
from przystan.core.errors import AbsentError
from przystan.people.http import ActorRequest
from przystan.procedures import api as procedures
from przystan.web.paper import typeset
from przystan.web.views.procedures.common import Place, page, place
from przystan.web.views.procedures.outcome import finished
from przystan.web.views.reading import missing_page

POLISH = "pl"
REMIND_BEFORE = timedelta(days=7)


@require_safe
def checklist(request: ActorRequest, lang: str, procedure_id: str, check_id: UUID) -> HttpResponse:
    here = place(request, lang, procedure_id, check_id)
    context = {**here.frame(), "sheet": sheet(here), "paper_url": here.url("check_paper")}
    return page(request, "checklist.html", context)


@require_safe
def paper(request: ActorRequest, lang: str, procedure_id: str, check_id: UUID) -> HttpResponse:
    """The checklist as a tagged PDF: the person's language and Polish side by side."""
    here = place(request, lang, procedure_id, check_id)
    body = typeset.pdf("checklist", sheet(here), at=clock.now())
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="przystan-checklist.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def sheet(here: Place) -> dict[str, Any]:
    """Everything on the sheet, as JSON: each line in the person's language and in Polish."""
    answer, catalogue = finished(here), here.course.catalogue
    own = procedures.explained(catalogue, answer, here.spoken)
    polish = procedures.explained(catalogue, answer, POLISH)
    return {
        "lang": here.spoken,
        "interface": here.lang,
        "is_bilingual": here.spoken != POLISH,
        "words": _labels(),
        "labels": [_labels(), _in_polish(_labels)],
        "title": [own.procedure_title, polish.procedure_title],
        "outcome": [own.title, polish.title],
        "papers": [
            {
                "name": [mine.name, theirs.name],
                "issuer": [mine.issuer, theirs.issuer],
                "validity": [mine.validity, theirs.validity],
                "note": [mine.note, theirs.note],
                "translation": mine.needs_translation,
                "is_sure": mine.is_sure,
            }
            for mine, theirs in zip(own.papers, polish.papers, strict=True)
        ],
        "fees": [
            {"name": [mine.name, theirs.name], "sum": _money(mine.grosz)}
            for mine, theirs in zip(own.fees, polish.fees, strict=True)
        ],
        "fee_sum": _money(own.fee_grosz) if own.fees else "",
        "terms": [
            {
                "name": [mine.name, theirs.name],
                "note": [mine.note, theirs.note],
                "day": [_day(mine.day, here.spoken), _day(theirs.day, POLISH)],
            }
            for mine, theirs in zip(own.terms, polish.terms, strict=True)
            if mine.day
        ],
        "authority": [own.authority_name, polish.authority_name],
        "steps": [list(pair) for pair in zip(own.steps, polish.steps, strict=False)],
        "is_to_verify": answer.status.value == "to_verify",
        "on": [_day(answer.on, here.spoken), _day(answer.on, POLISH)],
    }


def _labels() -> dict[str, str]:
    return {
        "documents": _("Documents to bring"),
        "fees": _("What you pay"),
        "sum": _("Together"),
        "terms": _("Days that matter"),
        "where": _("Where"),
        "steps": _("What to do next"),
        "issuer": _("issued by"),
        "validity": _("valid"),
        "translation": _("with a sworn translation into Polish"),
        "perhaps": _("if it applies to you"),
        "to_verify": _("To be verified: ask a human before you rely on this."),
        "no_decision": _("This is information, not a decision."),
        "law_of": _("Law as of"),
    }


def _in_polish(make: Any) -> Any:
    with translation.override(POLISH):
        return make()


def _money(grosz: int | None) -> str:
    return procedures.format_grosz(grosz, POLISH) if grosz is not None else "?"


def _day(day: Any, lang: str) -> str:
    return procedures.day_words(day, lang) if day else ""


# --- calendar -----------------------------------------------------------------------------------


@require_safe
def calendar(request: ActorRequest, lang: str, procedure_id: str, check_id: UUID) -> HttpResponse:
    here = place(request, lang, procedure_id, check_id)
    return _file(here, _terms(here), "terms")


@require_safe
def term(
    request: ActorRequest, lang: str, procedure_id: str, check_id: UUID, term_id: str
) -> HttpResponse:
    here = place(request, lang, procedure_id, check_id)
    chosen = [one for one in _terms(here) if one.id == term_id]
    if not chosen:
        raise AbsentError(missing_page())
    return _file(here, chosen, "term")


def _terms(here: Place) -> list[Any]:
    outcome = procedures.explained(here.course.catalogue, finished(here), here.spoken)
    return [one for one in outcome.terms if one.day]


def _file(here: Place, terms: Iterable[Any], name: str) -> HttpResponse:
    response = HttpResponse(
        as_calendar(here, terms, at=clock.now()), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="przystan-{name}.ics"'
    response["Cache-Control"] = "private, no-store"
    return response


def as_calendar(here: Place, terms: Iterable[Any], *, at: datetime) -> bytes:
    """Days as whole-day events (RFC 5545) with a reminder; nothing in it names the person."""
    made = Calendar()
    made.add("prodid", "-//Przystan//procedures//PL")
    made.add("version", "2.0")
    for one in terms:
        made.add_component(_event(here, one, at))
    return bytes(made.to_ical())


def _event(here: Place, one: Any, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{one.id}.{here.view.id}@przystan")
    event.add("dtstamp", at)
    event.add("dtstart", one.day)
    event.add("dtend", one.day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("summary", one.name)
    about = [one.note, _("This is information, not a decision.")]
    event.add("description", "\n".join(line for line in about if line))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", one.name)
    alarm.add("trigger", -REMIND_BEFORE)
    event.add_component(alarm)
    return event
