"""My data: a copy of it, its erasure, and who looked."""

from collections.abc import Sequence

from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from przystan.core import clock
from przystan.core.ids import new_token
from przystan.people import api as people
from przystan.people.http import ActorRequest, signed_in


@never_cache
@require_safe
@signed_in
def my_data(request: ActorRequest, lang: str) -> HttpResponse:
    return _page(request, lang)


def _page(
    request: ActorRequest, lang: str, *, status: int = 200, errors: Sequence[str] = ()
) -> HttpResponse:
    context = {
        "export_url": reverse("web:export", args=[lang]),
        "erase_url": reverse("web:erase", args=[lang]),
        "who_looked_url": reverse("web:who_looked", args=[lang]),
        "key": new_token(),
        "confirm_error": errors[0] if errors else "",
    }
    return render(request, "web/my_data.html", context, status=status)


@require_POST
@signed_in
def export(request: ActorRequest, lang: str) -> HttpResponse:
    """One archive with everything, in a form that programs read."""
    assert request.actor.account_id is not None  # signed_in
    copy = people.export_person(request.actor.account_id, actor=request.actor, at=clock.now())
    response = HttpResponse(copy.as_zip(), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@signed_in
def erase(request: ActorRequest, lang: str) -> HttpResponse:
    """Erase the account and everything of it; a forgotten confirmation erases nothing."""
    if request.POST.get("confirm") != "yes":
        problem = _("Nothing was erased. Tick the box if you want to erase your data.")
        return _page(request, lang, status=422, errors=[problem])
    assert request.actor.account_id is not None  # signed_in
    people.erase_person(request.actor.account_id, actor=request.actor, at=clock.now())
    logout(request)
    return render(request, "web/my_data.html", {"is_erased": True})


@never_cache
@require_safe
@signed_in
def who_looked(request: ActorRequest, lang: str) -> HttpResponse:
    assert request.actor.account_id is not None  # signed_in
    looks = people.who_looked(request.actor.account_id)
    return render(request, "web/who_looked.html", {"looks": looks})
