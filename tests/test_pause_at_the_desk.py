"""A consultant is called away while writing: the words are there after signing in again."""
# ruff: noqa: F811  `room` is an imported fixture

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.urls import reverse

from przystan.conversations.models import Message, Thread
from przystan.core import clock
from przystan.people import idle
from przystan.people.models import AuditRow
from przystan.people.tests import factories as people
from tests.rooms import room  # noqa: F401  a fixture
from tests.writing_cases import asked, official, visitor

pytestmark = pytest.mark.django_db
REPLY = "Proszę złożyć wniosek u wojewody."


@pytest.fixture
def too_late(room, monkeypatch):
    """The client whose reply came after the pause, its thread's page, and the answer to it."""
    asked(visitor())
    page = f"/pl/desk/{Thread.objects.get().pk}/"
    desk = official()
    desk.post(f"{page}claim/")
    now = clock.now
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: now() + timedelta(minutes=31))
        answer = desk.post(f"{page}reply/", {"reply": REPLY, "act": "send", "key": "k"})
    return desk, page, answer


def signed_in_again(client, account, way_back):
    cache.clear()  # an app's code works once
    fields = {"login": account.email, "password": people.PASSWORD, "next": way_back}
    client.post(f"{reverse('people_staff_sign_in')}?next={way_back}", fields)
    return client.post(
        f"{reverse('mfa_authenticate')}?next={way_back}", {"code": people.app_code()}
    )


def test_the_reply_is_not_sent_and_its_words_wait_for_who_wrote_them(too_late):
    desk, page, answer = too_late

    assert answer.url == f"{reverse('people_staff_sign_in')}?next={page}"
    assert not Message.objects.filter(author="consultant").exists()
    assert REPLY not in desk.get(answer.url).content.decode()

    entered = signed_in_again(desk, people.staff(), page)

    assert entered.url == page
    assert f">{REPLY}</textarea>" in desk.get(page).content.decode()
    assert REPLY not in desk.get(page).content.decode()


def test_a_colleague_at_the_same_computer_does_not_get_the_words(too_late):
    desk, page, _answer = too_late
    signed_in_again(desk, people.staff("agent", email="colleague@office.example"), page)
    Thread.objects.update(claimed_by=people.staff(email="colleague@office.example").pk)

    assert REPLY not in desk.get(page).content.decode()


def test_the_words_lie_nowhere_in_the_clear(too_late):
    assert not any(REPLY in row.session_data for row in Session.objects.all())
    assert not AuditRow.objects.filter(detail__icontains="wniosek").exists()


def test_a_stranger_leaves_no_words_for_anybody(room):
    stranger = visitor()

    stranger.post(f"/pl/desk/{'0' * 8}-0000-7000-8000-{'0' * 12}/reply/", {"reply": REPLY})

    assert idle.TYPED not in stranger.session
