"""The same person through pages, chat and API: the same check, byte for byte."""

import json
import sys
from pathlib import Path

import pytest
from django.test import Client

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "drills"))

import channels
import scripting
from django.conf import settings as django_settings
from reading_pages import Reply

from przystan.knowledge import api as knowledge
from przystan.procedures import library
from przystan.procedures.authoring.folder import read_folder
from przystan.procedures.catalogue import catalogue
from przystan.procedures.law import law

pytestmark = pytest.mark.django_db(transaction=True)
SEED = 11


class Browser:
    """The reader's browser over Django's test client."""

    def __init__(self):
        self.client = Client()

    def get(self, path):
        return self._reply(self.client.get(path))

    def post(self, path, fields):
        sent = {}
        for name, value in fields:
            sent.setdefault(name, []).append(value)
        return self._reply(self.client.post(path, sent))

    def _reply(self, response):
        location = response.get("Location", "")
        return Reply(response.status_code, response.content.decode(), location)


def caller(key):
    def call(method, path, body):
        response = Client().generic(
            method,
            f"/api/v1/{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {key}"},
        )
        return response.status_code, response.json()

    return call


@pytest.fixture(scope="module")
def shipped():
    """The definitions that ship over the law of the content folder; nothing has to be loaded."""
    found, faults = read_folder(Path(django_settings.PROCEDURES_DIR))
    view, problems = knowledge.law_of_folder(Path(django_settings.CONTENT_DIR))
    assert [*faults, *problems] == []
    return catalogue(found, law(view))


@pytest.fixture
def open_house(db, settings, shipped):
    kept = library._SHELF._kept
    library._SHELF._kept = (library._stamp(), shipped)
    settings.RATE_LIMIT_ADDRESS = settings.RATE_LIMIT_SESSION = 10**6
    settings.RATE_LIMIT_QUESTIONS = settings.RATE_LIMIT_QUESTIONS_ADDRESS = 10**6
    yield
    library._SHELF._kept = kept


def through_all(count, seed):
    scripts = scripting.people(count, seed)
    key = scripting.key_of_an_office()
    checks, lost, pages = channels.walked(scripts, Browser, caller(key))
    langs = {script["id"]: script["lang"] for script in scripts}
    kept = {
        person: {way: dict(scripting.stored(id, langs[person])) for way, id in ways.items()}
        for person, ways in checks.items()
    }
    return scripts, lost, kept, pages


def test_six_people_come_to_the_same_by_pages_in_chat_and_by_the_api(open_house):
    scripts, lost, kept, pages = through_all(6, SEED)

    equal, differences = channels.compared(scripts, kept)
    assert lost == []
    assert differences == []
    assert "6 of 6" in channels.table(scripts, equal, pages)
    assert len({script["procedure"] for script in scripts}) == 6
    assert set(equal.values()) == {6}


@pytest.mark.planted
def test_planted_one_byte_that_differs_is_found():
    same = dict.fromkeys(channels.PARTS, b"{}")
    ways = {way: dict(same) for way in channels.CHANNELS}
    scripts = [{"id": "p", "procedure": "x"}]
    assert channels.compared(scripts, {"p": ways})[1] == []

    ways["chat"]["terms"] = b"{ }"

    assert len(channels.compared(scripts, {"p": ways})[1]) == 1
