"""Staff who did nothing for a while sign in again; what they were typing waits for them.

An open page is no activity: its live stream never comes here, and what a page fetches by itself
says so (`X-Live`) or has its name below. Text that was typed into a registered form and sent too
late waits in the visitor's new session, locked, until the same account opens the form's page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from przystan.people import audit
from przystan.people.actor import visitor
from przystan.people.http import SAFE_METHODS, ActorRequest

# In a session: when its holder last did something (POSIX seconds); what they had typed.
SEEN: Final = "people.seen"
TYPED: Final = "people.typed"
# Noted at most once in so many seconds: each note is a write.
GRAIN_S: Final = 60
# Pages that ask for news by themselves, by URL name.
BY_ITSELF: Final = frozenset({"wagtailadmin_editing_sessions:ping"})
# The longest text that is kept; a reply has at most 20,000 characters.
LONGEST: Final = 20_000


@dataclass(frozen=True, slots=True)
class _Form:
    page: str
    fields: tuple[str, ...]


_FORMS: dict[str, _Form] = {}


def keep_typed(form: str, *, page: str, fields: Sequence[str]) -> None:
    """Keep what was typed into a form that came too late; its page takes it by `take_typed`.

    Args:
        form: URL name that the form is sent to.
        page: URL name, with the same arguments, of the page to come back to.
    """
    _FORMS[form] = _Form(page, tuple(fields))


def take_typed(request: ActorRequest, field: str) -> str:
    """What this account had typed for this page before it had to sign in again; once."""
    kept = request.session.get(TYPED) if request.session.session_key else None
    if not isinstance(kept, dict) or kept["page"] != request.path:
        return ""
    del request.session[TYPED]
    return str(kept["fields"].get(field, "")) if kept["by"] == str(request.actor.subject) else ""


def sign_out_if_idle(request: ActorRequest, *, at: datetime) -> HttpResponse | None:
    """Note what staff do; after too long a pause they are visitors again.

    Returns the way to the sign-in where a form was sent; a page opened is left to its own door.
    """
    if not (request.actor.is_staff or request.is_second_factor_missing):
        return None
    now_s = at.timestamp()
    # 0: has just signed in.
    seen_s = float(request.session.get(SEEN, 0))
    if seen_s and now_s - seen_s > settings.STAFF_IDLE_MINUTES * 60:
        return _sign_out(request)
    if now_s - seen_s >= GRAIN_S and not (seen_s and _is_by_itself(request)):
        request.session[SEEN] = now_s
    return None


def _is_by_itself(request: ActorRequest) -> bool:
    match = request.resolver_match
    return "X-Live" in request.headers or (match is not None and match.view_name in BY_ITSELF)


def _sign_out(request: ActorRequest) -> HttpResponse | None:
    actor, form = request.actor, _form_of(request)
    with transaction.atomic():
        audit.record(actor, "people.timed_out", subject=actor.subject)
        logout(request)
    request.actor = visitor()
    request.is_second_factor_missing = False
    if not _is_by_itself(request):
        words = {"minutes": settings.STAFF_IDLE_MINUTES}
        messages.info(
            request,
            _("You were signed out after %(minutes)s minutes without a click. Sign in to go on.")
            % words,
        )
    if request.method in SAFE_METHODS:
        return None
    way_back = _way_back(request, form)
    if form and way_back:
        fields = {name: request.POST.get(name, "")[:LONGEST] for name in form.fields}
        request.session[TYPED] = {"page": way_back, "by": str(actor.subject), "fields": fields}
    return redirect_to_login(way_back, reverse("people_staff_sign_in"))


def _form_of(request: ActorRequest) -> _Form | None:
    return _FORMS.get(request.resolver_match.view_name) if request.resolver_match else None


def _way_back(request: ActorRequest, form: _Form | None) -> str:
    """The page of the form, else the one from which it was sent, if that is ours."""
    if form and request.resolver_match:
        return reverse(form.page, kwargs=request.resolver_match.kwargs)
    sent_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        sent_from, {request.get_host()}, require_https=request.is_secure()
    )
    # Always a whole address; a path alone is no browser's.
    return urlsplit(sent_from).path if is_ours and "//" in sent_from else ""
