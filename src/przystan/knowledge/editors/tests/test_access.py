"""Who comes into the editors' room with which rights: as the roles of `people` say."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import RequestFactory

from przystan.knowledge.editors.access import admitted, ensure_groups
from przystan.people.actor import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(django_user_model):
    return django_user_model.objects.create_user("editor@example.org")


def groups_after_visit(account, role):
    request = RequestFactory().get("/editors/")
    request.user = account
    request.actor = Actor(
        role=role, account_id=account.pk, office_id=uuid4(), assurance="substantial"
    )
    admitted(lambda asked: HttpResponse())(request)
    return set(account.groups.values_list("name", flat=True))


def test_the_role_of_the_session_decides_the_rights(account):
    ensure_groups()

    assert groups_after_visit(account, "editor") == {"Editors"}
    assert groups_after_visit(account, "legal_reviewer") == {"Editors", "Publishers"}


def test_rights_end_with_the_role(account):
    ensure_groups()
    account.groups.set(Group.objects.all())

    assert groups_after_visit(account, "agent") == set()
