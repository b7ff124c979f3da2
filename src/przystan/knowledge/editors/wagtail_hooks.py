"""Where Wagtail's admin publishes, our publishing does: with its checks, gates and messages."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks

from przystan.knowledge.editors import moderation
from przystan.knowledge.editors.models import ArticlePage


@hooks.register("before_publish_page")  # type: ignore[untyped-decorator]
def publish(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Publish here, in one transaction with the snapshot, so that Wagtail has nothing left to do.

    Wagtail has saved the draft already: what an editor typed is never lost to a failing gate.
    """
    if not isinstance(page.specific, ArticlePage):
        return None
    moderation.publish_afterwards(page.pk)
    return HttpResponse(status=204)  # stops the view; what happens afterwards answers instead


@hooks.register("before_unpublish_page")  # type: ignore[untyped-decorator]
def unpublish(request: HttpRequest, page: Any) -> HttpResponse | None:
    if request.method != "POST" or not isinstance(page.specific, ArticlePage):
        return None
    moderation.withdraw_afterwards(page.pk)
    return HttpResponse(status=204)


@hooks.register("before_delete_page")  # type: ignore[untyped-decorator]
def keep_published(request: HttpRequest, page: Any) -> HttpResponse | None:
    """A page that speaks on the portal is withdrawn first, so that its end has a day."""
    is_live = ArticlePage.objects.filter(path__startswith=page.path, live=True).exists()
    if request.method != "POST" or not is_live:
        return None
    messages.error(request, _("Withdraw the article before you delete its page."))
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_bulk_action")  # type: ignore[untyped-decorator]
def one_at_a_time(
    request: HttpRequest, action: str, objects: Any, view: Any
) -> HttpResponse | None:
    """Each article is published and withdrawn with its own checks, not by the dozen."""
    if request.method != "POST" or action not in {"publish", "unpublish", "delete"}:
        return None
    if not any(isinstance(found, ArticlePage) or _is_article(found) for found in objects):
        return None
    messages.error(request, _("Publish and withdraw articles one at a time."))
    return redirect("wagtailadmin_home")


def _is_article(page: Any) -> bool:
    return isinstance(getattr(page, "specific", None), ArticlePage)
