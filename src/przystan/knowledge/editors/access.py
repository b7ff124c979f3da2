"""Who may do what in the editors' room: the roles of `people`, told to Wagtail as groups."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.models import GroupApprovalTask, GroupPagePermission

from przystan.knowledge.editors import unreadable
from przystan.knowledge.editors.models import ArticleIndexPage
from przystan.people.api import can
from przystan.people.http import SAFE_METHODS

# group → permission of people/roles.yaml that makes a member of it
GROUPS = {"Editors": "article.edit", "Publishers": "article.publish"}
_PAGE_RIGHTS = {
    "Editors": ("add_page", "change_page"),
    "Publishers": ("change_page", "publish_page"),
}
API = "wagtailadmin_api"


def ensure_groups() -> None:
    """Make the groups, with their rights on every tree of articles."""
    enter = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    rights = {
        right.codename: right
        for right in Permission.objects.filter(
            content_type__app_label="wagtailcore",
            codename__in={name for names in _PAGE_RIGHTS.values() for name in names},
        )
    }
    for name in GROUPS:
        group, _is_new = Group.objects.get_or_create(name=name)
        group.permissions.add(enter)
        for index in ArticleIndexPage.objects.all():
            for codename in _PAGE_RIGHTS[name]:
                GroupPagePermission.objects.get_or_create(
                    group=group, page=index, permission=rights[codename]
                )
    # Wagtail's own moderators are nobody here: a draft sent to them would wait for ever.
    for task in GroupApprovalTask.objects.all():
        task.groups.set(Group.objects.filter(name="Publishers"))


def admitted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the account the groups of the role in which it came in, and take all others.

    Whether it may come in at all is decided before, by the guard on the prefix.
    """

    @wraps(view)
    def with_groups(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if _is_closed(request):
            raise Http404
        actor = getattr(request, "actor", None)
        if actor is not None and actor.account_id:
            account: Any = request.user
            wanted = {name for name, permission in GROUPS.items() if can(actor, permission)}
            if wanted != set(account.groups.values_list("name", flat=True)):
                account.groups.set(Group.objects.filter(name__in=wanted))
        return unreadable.answered(view, request, *args, **kwargs)

    return with_groups


def _is_closed(request: HttpRequest) -> bool:
    """Wagtail's API publishes and deletes past our hooks; its own pages only read from it."""
    match = request.resolver_match
    return match is not None and API in match.namespaces and request.method not in SAFE_METHODS
