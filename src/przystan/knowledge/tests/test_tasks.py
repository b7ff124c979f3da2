"""What follows a publication without anybody asking."""

from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from przystan.core import clock, outbox, schedule
from przystan.knowledge import api, finding, tasks
from przystan.knowledge.services import load_reference_data
from przystan.knowledge.tests import factories
from przystan.knowledge.tests.factories import NOON, article, library, loaded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)


def test_what_is_published_is_found_once_the_worker_has_run():
    loaded(article(), article("card"))
    outbox.drain(at=NOON)
    assert DBTaskResult.objects.exists()

    tasks.renew_index.func()

    found = finding.library().find("ile kosztuje karta", lang="pl", on=clock.today())
    assert found.questions[0][0].intent == "fee"
    assert tasks.is_index_current()


def test_an_index_that_is_current_is_not_built_again(monkeypatch):
    loaded(article())
    tasks.renew_index.func()
    monkeypatch.setattr(finding, "rebuild", lambda on: pytest.fail("built again"))

    tasks.renew_index.func()


def test_a_figure_that_changes_with_the_day_makes_the_index_old(monkeypatch):
    ended = factories.parameter("fee", factories.value(44000, valid_to=NOON.date()))
    loaded(article(), parameters={"fee": ended})
    tasks.renew_index.func()

    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=1))

    assert not tasks.is_index_current()


def test_the_scheduler_renders_what_was_added_since_publishing():
    loaded(article())
    new_year = factories.parameter(
        "fee",
        factories.value(44000, valid_to=NOON.date()),
        factories.value(50000, valid_from=NOON.date() + timedelta(days=1)),
    )
    load_reference_data(library(parameters={"fee": new_year}))

    schedule.run_due(at=NOON)
    schedule.run_due(at=NOON + timedelta(hours=2))

    tomorrow = api.article("work-permit", "pl", NOON.date() + timedelta(days=1))
    assert tomorrow is not None
    assert "500 zł" in tomorrow.paragraphs[1].text
