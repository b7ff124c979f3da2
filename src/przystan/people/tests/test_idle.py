"""A workplace left alone: after a while staff sign in again, and what they typed is there."""

from datetime import timedelta

import pytest
from django.urls import reverse

from przystan.core import clock
from przystan.people import checks
from przystan.people.models import AuditRow
from przystan.people.tests.factories import sign_in_person, sign_in_staff, staff

pytestmark = [pytest.mark.django_db, pytest.mark.urls("przystan.people.tests.urls")]
SENTENCE = "You were signed out after 30 minutes without a click."


@pytest.fixture
def later(monkeypatch):
    """Let so many minutes pass."""
    passed = timedelta()
    now = clock.now

    def pass_by(minutes):
        nonlocal passed
        passed += timedelta(minutes=minutes)

    monkeypatch.setattr(clock, "now", lambda: now() + passed)
    return pass_by


@pytest.fixture
def official(client):
    sign_in_staff(client, staff("agent"))
    client.get("/try/desk/")
    return client


def who(client):
    return client.get("/who/").content.decode().split("|")[0]


def test_after_half_an_hour_without_a_click_staff_sign_in_again(official, later):
    later(29)
    assert official.get("/try/desk/").status_code == 200
    later(29)
    assert official.get("/try/desk/").status_code == 200
    later(31)
    answer = official.get("/try/desk/")

    assert answer.url == f"{reverse('people_staff_sign_in')}?next=/try/desk/"
    assert SENTENCE in official.get(answer.url, headers={"accept-language": "en"}).content.decode()
    assert who(official) == "visitor"
    assert AuditRow.objects.filter(act="people.timed_out").count() == 1


def test_the_time_is_a_setting(official, later, settings):
    settings.STAFF_IDLE_MINUTES = 5
    later(6)

    assert who(official) == "visitor"


@pytest.mark.parametrize("minutes", [0, -5, 481])
def test_a_time_that_is_none_stops_the_start(settings, minutes):
    settings.STAFF_IDLE_MINUTES = minutes

    [error] = checks.staff_are_signed_out()
    assert (error.id, str(minutes) in error.msg) == ("people.E013", True)


def test_what_a_page_fetches_by_itself_keeps_nobody_signed_in(official, later):
    for _quarter in range(2):
        later(16)
        answer = official.get("/try/desk/", headers={"x-live": "1"})

    assert answer.status_code == 302
    assert who(official) == "visitor"


def test_staff_without_a_second_factor_do_not_stay_at_its_door_for_ever(client, later):
    sign_in_staff(client, staff("agent", app=False))
    client.get("/try/desk/")
    later(31)

    assert client.get("/try/desk/").url.startswith(reverse("people_staff_sign_in"))


def test_a_person_reads_as_slowly_as_they_like(client, later):
    sign_in_person(client, "olena@example.org")
    later(120)

    assert who(client) == "person"


def test_a_form_sent_too_late_does_nothing_and_leads_back_to_its_page(official, later):
    later(31)
    page = "http://testserver/try/desk/"

    answer = official.post(reverse("people_office"), {"membership": "x"}, headers={"referer": page})

    assert answer.url == f"{reverse('people_staff_sign_in')}?next=/try/desk/"
    assert not AuditRow.objects.filter(act="people.office_chosen").exists()


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/try/", "//evil.example", "javascript:alert(1)", "", "\\x"]
)
def test_the_way_back_never_leads_elsewhere(official, later, elsewhere):
    later(31)

    answer = official.post(reverse("people_office"), {}, headers={"referer": elsewhere})

    assert answer.url.split("?next=")[-1] in {"", reverse("people_staff_sign_in")}
    assert "evil" not in answer.url
