"""Help lines, organisations, and the pages about this site."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from przystan.core import clock
from przystan.core.errors import AbsentError
from przystan.directory import api as directory
from przystan.web.views.reading import missing_page


@require_safe
def helplines(request: HttpRequest, lang: str) -> HttpResponse:
    on = clock.today()
    groups = {
        kind: directory.organisations(lang, on, kind=kind)
        for kind in ("help_line", "office", "inspectorate", "ngo")
    }
    return render(request, "web/helplines.html", {"groups": groups})


@require_safe
def organisation(request: HttpRequest, lang: str, organisation_id: str) -> HttpResponse:
    found = directory.organisation(organisation_id, lang, clock.today())
    if found is None:
        raise AbsentError(missing_page())
    return render(request, "web/organisation.html", {"organisation": found})


@require_safe
def page(request: HttpRequest, lang: str, name: str) -> HttpResponse:
    return render(request, f"web/{name}.html")
