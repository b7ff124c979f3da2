"""Pages while the database is away: they say so, give a number, and say when to come back."""

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from przystan.core import health


@pytest.fixture
def phone():
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_page_without_its_database_says_when_to_come_back(error, phone, monkeypatch):
    def away(*_arguments, **_named):
        raise error("the server closed the connection")

    monkeypatch.setattr("przystan.people.standing.of_request", away)
    response = phone.get("/pl/")

    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert response["X-Request-Reference"] in response.content.decode()


def test_another_fault_is_one_of_ours_and_has_its_number(phone, monkeypatch):
    def broken(*_arguments, **_named):
        raise KeyError("a word that must not be shown")

    monkeypatch.setattr("przystan.people.standing.of_request", broken)
    response = phone.get("/pl/")

    assert response.status_code == 500
    assert "Retry-After" not in response
    assert response["X-Request-Reference"] in response.content.decode()
    assert "a word" not in response.content.decode()


@pytest.mark.django_db
def test_a_process_that_cannot_reach_its_database_is_not_ready(phone, monkeypatch):
    def away():
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(health, "_database", away)
    response = phone.get("/readyz")

    assert (response.status_code, response.json()["problems"]["database"]) == (
        503,
        "OperationalError",
    )
