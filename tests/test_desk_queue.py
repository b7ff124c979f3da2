"""The desk's queue: each thread stands in one place, and can be read and claimed there."""
# ruff: noqa: F811  `room` is an imported fixture

import pytest

from przystan.conversations.models import Thread
from tests.rooms import room  # noqa: F401  a fixture
from tests.writing_cases import asked, official, visitor

pytestmark = pytest.mark.django_db
DANGER = "Szef zabrał mi paszport i nie pozwala wychodzić, pomocy"


def links_to(page, thread):
    return page.count(f'href="/pl/desk/{thread.pk}/" data-row')


def test_each_thread_stands_once_in_the_queue_whoever_has_it(room):
    for question in ("Jak upiec chleb na zakwasie?", "Czy mogę hodować alpaki?", DANGER):
        asked(visitor(), question)
    desk = official("danger_agent")
    first = Thread.objects.filter(team="").earliest("created_at")
    desk.post(f"/pl/desk/{first.pk}/claim/")

    page = desk.get("/pl/desk/").content.decode()

    assert [links_to(page, thread) for thread in Thread.objects.all()] == [1, 1, 1]
    assert "desk-queue" not in page
    assert page.index('id="group-sealed"') < page.index('id="group-mine"')


def test_the_queue_stands_beside_a_thread_at_work(room):
    asked(visitor())
    desk = official()

    page = desk.get(f"/pl/desk/{Thread.objects.get().pk}/").content.decode()

    assert page.count('class="desk-queue"') == 1
    assert page.count("data-row") == 1
