"""Whatever changes a record leaves its audit row in the same transaction; so does reading one."""
# ruff: noqa: F811  `room` is an imported fixture

import re
import sys
from datetime import timedelta
from types import ModuleType
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, path
from django.utils.module_loading import autodiscover_modules

from przystan.config import up  # noqa: F401  registers its commands
from przystan.conversations.models import Thread
from przystan.conversations.services import forget_old
from przystan.core import cli, clock
from przystan.core.ids import new_id
from przystan.knowledge.editors.models import ArticlePage
from przystan.knowledge.tests.factories import NOON
from przystan.people import (
    audit,
    audit_commands,  # noqa: F401  registers its commands
)
from przystan.people.models import Account, AuditMention, AuditRow
from tests import witness
from tests.rooms import room, routes  # noqa: F401  a fixture
from tests.writing_cases import (
    ADDRESSES,
    COMMANDS,
    ELSEWHERE,
    READING,
    UNKNOWN,
    Case,
    asked,
    official,
    person,
    visitor,
)

autodiscover_modules("commands")
pytestmark = pytest.mark.django_db


def performed(case: Case, room):
    """Do one case and take it back; what is wrong with it, one sentence each."""
    cache.clear()
    with transaction.atomic():
        yield from _watched(case, room)
        transaction.set_rollback(True)


def _watched(case: Case, room):
    act = case.prepare(room)
    before, last = witness.state(), _last_row()
    with witness.watching() as seen:
        answer = act()
    changed = witness.changed(before, witness.state()) - case.apart
    rows = set(AuditRow.objects.filter(id__gt=last).values_list("act", flat=True))
    if not _is_done(answer):
        yield f"{case.name}: was not done, {_what(answer)}"
    if case.act and case.act not in rows:
        yield f"{case.name}: no row {case.act}, only {sorted(rows)}"
    if not case.act and changed:
        yield f"{case.name}: keeps something in {sorted(changed)}"
    else:
        yield from (f"{case.name}: {fault}" for fault in seen.faults(changed))


def _last_row():
    return AuditRow.objects.order_by("-id").values_list("id", flat=True).first() or 0


def _is_done(answer):
    return answer == 0 if isinstance(answer, int) else answer.status_code in {200, 201, 204, 302}


def _what(answer):
    return answer if isinstance(answer, int) else f"status {answer.status_code}"


def all_cases(table):
    return [pytest.param(case, id=case.name) for cases in table.values() for case in cases]


@pytest.mark.parametrize("case", all_cases(ADDRESSES))
def test_what_an_address_changes_has_its_row_in_the_same_transaction(case, room):
    assert list(performed(case, room)) == []


@pytest.mark.parametrize("case", all_cases(COMMANDS))
def test_what_a_command_changes_has_its_row_in_the_same_transaction(case, room, capsys):
    assert list(performed(case, room)) == []


@pytest.mark.parametrize("case", [c for cases in ADDRESSES.values() for c in cases if c.act][::3])
def test_an_act_whose_row_fails_has_not_happened(case, room, monkeypatch):
    """The row is written and then the transaction breaks: both are gone."""
    act = case.prepare(room)
    before, last = witness.state(), _last_row()
    add = audit._add

    def add_and_fail(*arguments, **words):
        add(*arguments, **words)
        raise RuntimeError("the power went")

    monkeypatch.setattr(audit, "_add", add_and_fail)
    with transaction.atomic():
        answer = failing(act)

    assert answer == 500
    assert witness.changed(before, witness.state()) <= case.apart
    assert _last_row() == last


def failing(act):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "raise_request_exception", False, raising=False)
        try:
            return act().status_code
        except RuntimeError:
            return 500


# --- nothing is forgotten -------------------------------------------------------------------

# Product addresses that answer to POST and keep nothing: reviewed by hand.
KEEP_NOTHING = {
    "account/": "the page of one's account, by whatever method",
    "account/security/": "the same page under the library's name for it",
    "account/sign-up/": "leads to the sign-in",
    "account/second-factor/": "leads on, or says what is missing",
    "healthz": "says that the process lives",
    "readyz": "says whether it can serve",
}


def numbers():
    """For every part of an address something that exists, or looks like it."""
    page = ArticlePage.objects.get(slug="work-permit", locale__language_code="pl")
    revision = page.latest_revision or page.save_revision()
    return {
        "lang": "pl",
        "topic_id": "work",
        "slug": "work-permit",
        "act_slug": "act-on-foreigners",
        "provision_id": "art-114-1",
        "organisation_id": "kcik",
        "token": "A" * 22,
        "parent_page_id": page.get_parent().pk,
        "destination_id": page.get_parent().pk,
        "revision_id": revision.pk,
        "app_label": "editors",
        "app_name": "editors",
        "model_name": "articlepage",
        "content_type_app_name": "editors",
        "content_type_model_name": "articlepage",
        "action": "delete",
        "action_name": "approve",
        "page": page.pk,
    }


def address(route, known):
    """The address of a route; None for the few whose parts are regular expressions."""
    if "(?P" in route or ".*" in route:
        return None

    def part(match):
        kind, _, name = match[1].rpartition(":")
        fallback = str(UUID(int=7)) if kind == "uuid" else str(known["page"])
        return str(known.get(name, fallback))

    return "/" + re.sub("<([^>]+)>", part, route.replace("^", "").replace("$", ""))


def unknown_writers(table, clients):
    """Addresses that answer to a POST, or change something at one, and are in no table."""
    known = numbers()
    for route, _entry in routes():
        path = address(route, known)
        if route in table or path is None or route == "editors/failwhale/":
            continue
        with transaction.atomic():
            yield from _answers_to(route, path, clients)
            transaction.set_rollback(True)


def _answers_to(route, path, clients):
    before = witness.state()
    for role, client in clients.items():
        if route.startswith("editors/") != (role in {"editor", "legal_reviewer"}):
            continue
        response = client.post(path, {})
        is_ours = not route.startswith("editors/") and route not in KEEP_NOTHING
        if is_ours and response.status_code in {200, 302, 422} and not _is_door(response):
            yield f"{role} may post to {route}"
    if changed := witness.changed(before, witness.state()):
        yield f"{route} changes {sorted(changed)}"


def _is_door(response):
    """A closed door answers to everything with the way to the sign-in."""
    return response.status_code == 302 and "/account/sign-in/" in response["Location"]


@pytest.fixture
def everybody(room):
    def came_in(role):
        client = official(role, email=f"{role}@walk.example")
        client.raise_request_exception = False
        if role in {"editor", "legal_reviewer"}:
            client.get("/editors/")
        return client

    strangers = {"visitor": visitor(), "person": person("walker@example.org")}
    for client in strangers.values():
        client.raise_request_exception = False
    return strangers | {role: came_in(role) for role in ("agent", "admin", "editor")}


def test_no_address_writes_that_the_table_does_not_know(everybody):
    assert list(unknown_writers(ADDRESSES, everybody)) == []
    assert set(ADDRESSES) <= {route for route, _entry in routes()}


def test_no_command_writes_that_the_table_does_not_know(room, capsys):
    registered = {" ".join(one.words) for one in cli.commands()}
    assert registered - set(COMMANDS) - set(READING) - set(ELSEWHERE) == set()
    assert [one.name for cases in COMMANDS.values() for one in cases if not one.act] == []
    before = witness.state()
    for words in READING.values():
        assert cli.run(words) == 0, words

    assert witness.changed(before, witness.state()) == set()


# --- who read it ----------------------------------------------------------------------------

# Pages of the desk: the row that reading one leaves, or why it needs none.
READ = {
    "<lang:lang>/desk/": "queue.read",
    "<lang:lang>/desk/<uuid:thread_id>/": "thread.read",
    "<lang:lang>/desk/undelivered/": "",  # topics and counts; no payload is shown
    "<lang:lang>/desk/unanswered/": "",  # redacted words, no link to who asked
    "<lang:lang>/desk/checks/": "",  # a form for a code; what it opens leaves its own row
}
NUMBER = "501 234 567"
READERS = {"undelivered": "admin", "unanswered": "editor"}


def desk_pages():
    """Addresses of the desk that may be read."""
    client = official("agent", email="reader@walk.example")
    known = numbers()
    desk = [route for route, _entry in routes() if route.startswith("<lang:lang>/desk/")]
    return {r for r in desk if client.get(address(r, known)).status_code != 405}


def test_every_page_of_the_desk_says_what_reading_it_leaves(room):
    assert desk_pages() == set(READ)


def test_who_reads_a_person_at_the_desk_is_in_the_trail_and_the_person_sees_it(room):
    client = person()
    asked(client, f"{UNKNOWN} Mój numer: {NUMBER}")
    thread = Thread.objects.get()
    known = numbers() | {"thread_id": thread.pk}
    subject = Account.objects.get(email="olena@example.org").subject
    for route, act in READ.items():
        name = next((part for part in READERS if part in route), "")
        reader = official(READERS.get(name, "agent"), email=f"{len(route)}@walk.example")
        last = _last_row()
        page = reader.get(address(route, known))
        rows = AuditRow.objects.filter(id__gt=last, is_view=True)

        assert page.status_code == 200, route
        assert (NUMBER in page.content.decode()) == bool(act), route
        assert [row.act for row in rows if row.act == act] == [act] * bool(act), route
        if act:
            assert str(thread.pk) in rows.get(act=act).ids
            assert AuditMention.objects.filter(row__in=rows, subject=subject).exists() or (
                rows.filter(subject=subject).exists()
            ), route
    looks = client.get("/en/my-data/who-looked/").content.decode()
    assert looks.count("<tr") >= 2


def test_a_sealed_thread_in_the_queue_leaves_a_row_that_only_its_team_can_read(room):
    client = visitor()
    asked(client, "Szef zabrał mi paszport i nie pozwala wychodzić, pomocy")
    thread = Thread.objects.get()
    official("danger_agent").get("/pl/desk/")

    row = AuditRow.objects.get(act="queue.read", is_about_sealed=True)
    assert row.ids == [audit.opaque(thread.pk)]
    assert not any(str(thread.pk) in row.ids for row in AuditRow.objects.filter(act="queue.read"))


def test_words_that_are_forgotten_by_their_age_leave_a_row(room):
    client = visitor()
    client.post("/pl/ask/", {"question": "Ile kosztuje karta?", "key": "k"})
    Thread.objects.update(state="answered", waiting_since=None)
    last = _last_row()
    before = witness.state()
    with witness.watching() as seen:
        assert forget_old(at=clock.now() + timedelta(days=40)) == 1

    changed = witness.changed(before, witness.state())
    assert changed
    assert list(seen.faults(changed)) == []
    assert AuditRow.objects.get(id__gt=last).act == "thread.forgotten"


# --- the gate can fail ----------------------------------------------------------------------


@pytest.mark.planted
def test_planted_a_view_that_saves_without_audit_is_found(room, monkeypatch):
    monkeypatch.setattr("przystan.conversations.services.audit.record", lambda *a, **k: None)
    [case] = ADDRESSES["<lang:lang>/desk/<uuid:thread_id>/claim/"]

    assert len(list(performed(case, room))) == 2


@pytest.mark.planted
@pytest.mark.parametrize("case", all_cases(COMMANDS))
def test_planted_a_command_that_leaves_no_row_is_found(case, room, capsys, monkeypatch):
    monkeypatch.setattr(audit, "record", lambda *a, **k: None)

    assert any("no row" in fault for fault in performed(case, room))


@pytest.mark.planted
def test_planted_a_draft_that_leaves_no_row_is_found(room):
    [case, *_others] = ADDRESSES["editors/pages/<int:page_id>/edit/"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "record", lambda *a, **k: None)
        faults = list(performed(case, room))

    assert len(faults) > 2


@pytest.mark.planted
def test_planted_a_row_written_after_the_transaction_is_found(room, monkeypatch):
    from przystan.conversations import services

    recorded, rate = services.audit.record, services.rate

    def rate_then_record(message_id, **words):
        with monkeypatch.context() as patch:
            patch.setattr(services.audit, "record", lambda *a, **k: None)
            rate(message_id, **words)
        with transaction.atomic():
            recorded(words["actor"], "answer.rated", ids=[message_id])

    monkeypatch.setattr("przystan.conversations.api.rate", rate_then_record)
    [case] = ADDRESSES["<lang:lang>/question/<token:token>/right/<uuid:message_id>/"]

    [fault] = performed(case, room)
    assert "without an audit row in the same transaction" in fault


@pytest.mark.planted
def test_planted_a_writing_address_that_nobody_listed_is_found(everybody):
    table = {route: cases for route, cases in ADDRESSES.items() if "my-data/copy" not in route}

    assert list(unknown_writers(table, {"person": everybody["person"]}))


@pytest.mark.planted
def test_planted_a_view_of_no_table_that_changes_something_is_found(
    everybody, settings, monkeypatch
):
    def careless(request):
        Thread.objects.create(token_index=new_id().bytes, created_at=NOON, updated_at=NOON)
        return HttpResponse("saved")

    urls = ModuleType("careless_urls")
    urls.urlpatterns = [path("careless/", careless), *get_resolver().url_patterns]
    monkeypatch.setitem(sys.modules, "careless_urls", urls)
    settings.ROOT_URLCONF = "careless_urls"

    found = list(unknown_writers(ADDRESSES, {"visitor": everybody["visitor"]}))
    assert any("careless/ changes ['conversations_thread']" in one for one in found)
