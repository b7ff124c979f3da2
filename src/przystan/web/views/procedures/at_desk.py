"""A clerk types the code that a person made: the check opens to the clerk's office for a time."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from przystan.core import clock
from przystan.core.errors import AbsentError
from przystan.people.http import ActorRequest, staff_only
from przystan.procedures import api as procedures
from przystan.web.views.procedures.listing import spend
from przystan.web.views.reading import typed


@never_cache
@require_safe
@staff_only("thread.read")
def code_form(request: ActorRequest, lang: str) -> HttpResponse:
    return render(request, "web/procedures/desk_code.html", {})


@require_POST
@staff_only("thread.read")
def open_check(request: ActorRequest, lang: str) -> HttpResponse:
    code = request.POST.get("code", "")
    spend(request)
    try:
        check_id = procedures.open_at_desk(code, actor=request.actor, at=clock.now())
    except AbsentError as problem:
        context = {"problem": problem.reason, "code": typed(code)[:40]}
        return render(request, "web/procedures/desk_code.html", context, status=404)
    view = procedures.check(check_id, actor=request.actor)
    return redirect("web:check", lang, view.procedure, check_id)
