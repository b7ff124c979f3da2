"""The editors' room in our audit chain: what Wagtail logs has its row in the same transaction.

Wagtail writes an entry of its own log for every draft, moderation step, move and deletion. Here
each request that may write is one transaction, and each entry brings a row of ours with it.
"""

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from wagtail.models import ModelLogEntry, PageLogEntry

from przystan.people import audit
from przystan.people.actor import Actor, system
from przystan.people.http import SAFE_METHODS

PURPOSE: Final = "edit articles"
# Wagtail's log knows an account, not the role and office in which it acts: the request does.
_REQUEST: ContextVar[HttpRequest | None] = ContextVar("editors.request", default=None)
# Where a request keeps what it does once its draft is saved.
_AFTERWARDS: Final = "editors_afterwards"

View = Callable[..., HttpResponse]
Act = Callable[[HttpRequest], HttpResponse]


def actor_of(user: Any, purpose: str = PURPOSE) -> Actor:
    """Who acts: the request's actor, else the account that Wagtail names, else the product."""
    acting: Actor | None = getattr(_REQUEST.get(), "actor", None)
    if acting and acting.account_id:
        return acting.acting_for(purpose)
    if user is None:
        return system(purpose)
    return Actor(role="editor", account_id=user.pk, subject=user.subject, purpose=purpose)


def watched(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer with the view; what it writes and the rows about it stand in one transaction."""
    token = _REQUEST.set(request)
    try:
        if request.method in SAFE_METHODS:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            response = view(request, *args, **kwargs)
        then: Act | None = getattr(request, _AFTERWARDS, None)
        return then(request) if then else response
    finally:
        _REQUEST.reset(token)


def afterwards(act: Act) -> bool:
    """Have this done once the request's own transaction is over; False where there is no request.

    Gates ask an article's questions for seconds, and perhaps a server elsewhere: meanwhile
    nobody else may wait for the database, and a refused draft stays saved.
    """
    if (request := _REQUEST.get()) is None:
        return False
    setattr(request, _AFTERWARDS, act)
    return True


def copy_entry(*, instance: PageLogEntry | ModelLogEntry, created: bool, **signal: Any) -> None:
    """Add our row about an entry of Wagtail's log; a receiver of its `post_save`."""
    if created:
        act = "editors." + str(instance.action).removeprefix("wagtail.")
        audit.record(actor_of(instance.user), act, ids=list(_ids(instance)), detail=_said(instance))


def _ids(entry: PageLogEntry | ModelLogEntry) -> Iterator[str]:
    if isinstance(entry, PageLogEntry):
        yield f"page:{entry.page_id}"
    else:
        yield f"{entry.content_type.model}:{entry.object_id}"
    if entry.revision_id:
        yield f"revision:{entry.revision_id}"


def _said(entry: PageLogEntry | ModelLogEntry) -> dict[str, str | int]:
    """The page's address and language, which its number alone no longer tells once it is gone."""
    if not isinstance(entry, PageLogEntry):
        return {}
    page = entry.page
    return {"slug": str(page.slug)[: audit.LONGEST], "lang": str(page.locale.language_code)}
