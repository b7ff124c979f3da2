"""From a saved draft to the portal: at once by who may publish, or once a reviewer approves it."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from przystan.core.errors import PrzystanError
from przystan.knowledge.editors import trail
from przystan.knowledge.editors.models import ArticlePage


def publish_afterwards(page_id: int) -> bool:
    """Publish the page's newest draft after the request's own transaction; see `trail`."""
    return trail.afterwards(partial(_publish, page_id=page_id))


def withdraw_afterwards(page_id: int) -> bool:
    return trail.afterwards(partial(_withdraw, page_id=page_id))


def _publish(request: HttpRequest, *, page_id: int) -> HttpResponse:
    article = ArticlePage.objects.get(pk=page_id)
    try:
        article.publish(article.get_latest_revision(), user=request.user)
    except PrzystanError as stopped:
        for line in str(stopped.reason).splitlines():
            messages.error(request, line)
        messages.info(request, _("Your draft is saved."))
        return redirect("wagtailadmin_pages:edit", page_id)
    messages.success(request, _("%(title)s is published.") % {"title": article.title})
    return redirect("wagtailadmin_explore", article.get_parent().pk)


def _withdraw(request: HttpRequest, *, page_id: int) -> HttpResponse:
    article = ArticlePage.objects.get(pk=page_id)
    article.unpublish(user=request.user)
    messages.success(request, _("%(title)s is withdrawn.") % {"title": article.title})
    return redirect("wagtailadmin_explore", article.get_parent().pk)
