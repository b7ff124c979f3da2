"""Checks that are kept over the API: one office's own, stated fact by fact, on record."""
# ruff: noqa: F811  `sample` is an imported fixture

import json

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from przystan.core import clock
from przystan.core.models import IdempotentAct
from przystan.people import offices, tokens
from przystan.people.actor import system
from przystan.people.models import AuditRow
from przystan.people.tests.factories import second_office
from przystan.procedures.models import Check, Snapshot, Statement
from przystan.procedures.tests.rooms import sample  # noqa: F401  a fixture
from tests.hostile import TEXTS

pytestmark = pytest.mark.django_db
FACTS = {"citizenships": ["UA"], "birth_date": "1990", "stay_until": "2027-03-01"}


def elsewhere():
    controller = ("Urząd", "https://office.example", "office")
    words = {"name": "Urząd", "kind": "ngo", "controller": controller}
    return offices.ensure_office("elsewhere", actor=system("test"), **words).slug


def key_of(slug="", *scopes):
    words = {"days": 30, "actor": system("test"), "at": clock.now()}
    _token, secret = tokens.issue(
        "Test", slug or second_office(), scopes or ["checks.write"], **words
    )
    return secret


@pytest.fixture
def key(sample):
    return key_of()


def call(method, path, key, body=None, **headers):
    send = getattr(Client(), method)
    words = {"headers": {"Authorization": f"Bearer {key}", **headers}}
    if method in {"post", "put"}:
        words["content_type"] = "application/json"
        return send(f"/api/v1/checks{path}", body if body is not None else {}, **words)
    return send(f"/api/v1/checks{path}", **words)


def begun(key, **more):
    response = call("post", "?lang=en", key, {"procedure": "settling", "on": "2026-11-23", **more})
    assert response.status_code == 201, response.content
    return response.json()


def test_a_check_is_begun_answered_finished_and_explained(key):
    check = begun(key, facts=FACTS)
    here = f"/{check['id']}"

    assert check["facts"]["citizenships"] == {"items": ["UA"], "complete": True}
    assert check["question"]["fact"] == "insured"
    assert check["question"]["question"].startswith("en ")
    assert check["question"]["short"].startswith("en ")
    assert call("post", f"{here}/finish", key).status_code == 409

    rest = {
        "purpose": "work",
        "insured": True,
        "jobs": [{"pay": 900_000}],
        "entered_on": "2020-01-01",
    }
    after = call("put", f"{here}/facts?lang=uk", key, {"facts": rest}).json()
    assert (after["answer"]["outcome"], after["question"]) == ("may", None)

    finished = call("post", f"{here}/finish", key).json()
    assert finished["outcome"] == "may"
    again = call("get", f"{here}?lang=en", key).json()
    assert again["is_finished"]
    assert again["answer"] == finished
    assert Snapshot.objects.count() == 1

    told = {lang: call("get", f"{here}/explanation?lang={lang}", key).json()
            for lang in ("pl", "en", "uk", "ru")}  # fmt: skip
    assert told["uk"]["title"].startswith("укр ")
    assert told["en"]["why"][0]["sources"]
    assert told["en"]["fee_grosz"] == finished["fee_grosz"]
    assert not Session.objects.exists()


def test_an_answer_is_taken_back_with_what_is_on_record_of_it(key):
    here = f"/{begun(key, facts=FACTS)['id']}"

    after = call("delete", f"{here}/facts/birth_date", key).json()

    assert "birth_date" not in after["facts"]
    assert Statement.objects.count() == 2
    assert call("delete", f"{here}/facts/birth_date", key).status_code == 200


def test_the_same_key_and_request_begin_one_check(key):
    body = {"procedure": "settling", "facts": FACTS, "on": "2026-11-23"}
    sent = {"Idempotency-Key": "retry-1"}
    first = call("post", "", key, body, **sent)
    second = call("post", "", key, body, **sent)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert (Check.objects.count(), Statement.objects.count()) == (1, 3)
    other = {**body, "facts": {**FACTS, "birth_date": "1991"}}
    assert call("post", "", key, other, **sent).status_code == 409
    # Another key may use the same word.
    assert call("post", "", key_of(), body, **sent).status_code == 201
    assert "1990" not in str(IdempotentAct.objects.values())


def test_facts_that_cannot_be_are_each_named_with_reason_and_remedy(key):
    here = f"/{begun(key, facts=FACTS)['id']}"
    wrong = {"insured": "perhaps", "birth_date": "2999-01-01", "hours_weekly": 3, "none": 1,
             "purpose": "work"}  # fmt: skip

    response = call("put", f"{here}/facts", key, {"facts": wrong})

    assert response.status_code == 422
    errors = {each["fact"]: each for each in response.json()["errors"]}
    assert {"insured", "birth_date", "hours_weekly", "none"} == set(errors)
    assert all(each["reason"] and each["remedy"] for each in errors.values())
    assert "purpose" not in call("get", here, key).json()["facts"]


def test_a_contradiction_is_told_and_nothing_is_finished(key):
    here = f"/{begun(key, facts=FACTS)['id']}"

    after = call("put", f"{here}/facts?lang=en", key, {"facts": {"entered_on": "1980-01-01"}})

    assert after.json()["answer"]["status"] == "contradictory"
    [conflict] = after.json()["conflicts"]
    assert set(conflict["facts"]) == {"entered_on", "birth_date"}
    assert call("post", f"{here}/finish", key).status_code == 409


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("put", "/facts"),
        ("delete", "/facts/insured"),
        ("post", "/finish"),
        ("get", "/explanation"),
        ("delete", ""),
    ],
)
def test_a_check_of_another_office_does_not_exist(method, path, key):
    here = f"/{begun(key)['id']}"
    stranger = key_of(elsewhere())

    response = call(method, here + path, stranger, {"facts": {"insured": True}})

    assert response.status_code == 404
    assert call("get", here, key).status_code == 200
    assert call("get", here, key_of()).status_code == 200  # another key of the same office


@pytest.mark.parametrize("method", ["get", "put", "delete", "post"])
def test_a_key_without_the_scope_is_refused(method, key):
    check = begun(key)["id"]
    paths = {"get": f"/{check}", "put": f"/{check}/facts", "delete": f"/{check}", "post": ""}
    body = {"procedure": "settling", "facts": {"insured": True}}
    narrow = key_of("", "procedures.check")

    assert call(method, paths[method], narrow, body).status_code == 403
    assert call(method, paths[method], "przystan_none", body).status_code == 401


def test_a_portal_visitor_does_not_see_an_offices_check_nor_an_office_theirs(key):
    check = begun(key)["id"]
    visitor = Client()
    assert visitor.get(f"/en/procedures/settling/{check}/").status_code == 404
    own = visitor.post("/en/procedures/settling/start/", {"key": "k"})["Location"]
    assert call("get", "/" + own.rstrip("/").split("/")[-1], key).status_code == 404


def test_acts_and_looks_are_on_record_without_what_was_said(key):
    here = f"/{begun(key, facts=FACTS)['id']}"
    call("put", f"{here}/facts", key, {"facts": {"insured": False}})
    call("get", f"{here}/explanation", key)
    call("delete", here, key)

    rows = list(AuditRow.objects.filter(act__startswith="check."))
    acts = [row.act for row in rows]
    assert {"check.started", "check.stated", "check.read", "check.forgotten"} <= set(acts)
    assert {row.actor_role for row in rows} == {"service"}
    assert all(row.actor_office_id for row in rows)
    assert "1990" not in json.dumps([row.detail for row in rows])
    assert call("get", here, key).status_code == 404
    assert not Check.objects.exists()


def test_a_sealed_outcome_is_told_once_and_nothing_of_it_is_kept(key):
    check = call("post", "", key, {"procedure": "quiet-help"}).json()

    after = call("put", f"/{check['id']}/facts", key, {"facts": {"in_danger": True}}).json()

    assert (after["id"], after["answer"]["sealed"]) == (None, True)
    assert after["answer"]["services"] == ["kcik"]
    assert not Check.objects.exists()
    assert not Statement.objects.exists()
    assert call("get", f"/{check['id']}", key).status_code == 404


def test_the_schema_describes_every_address_of_a_check(db):
    schema = Client().get("/api/v1/openapi.json").json()

    for path in ("", "/{id}", "/{id}/facts", "/{id}/facts/{fact}", "/{id}/finish",
                 "/{id}/explanation"):  # fmt: skip
        assert f"/api/v1/checks{path}" in schema["paths"]
    assert {"CheckOut", "ExplanationOut", "FactErrorsOut"} <= set(schema["components"]["schemas"])


BODIES = [
    b"{",
    b"[]",
    b"\xff\xfe",
    b'{"facts": []}',
    b'{"facts": {}}',
    b'{"facts": {"insured": NaN}}',
    b'{"facts": {"\\u0000": 1}}',
    b'{"facts": {"jobs": [[[]]]}}',
    b'{"facts": {"jobs": {"items": 3, "complete": true}}}',
    b'{"facts": {"jobs": [{"pay": 1e400}]}}',
    b'{"facts": {"birth_date": {"unknown": "law_not_verified"}}}',
    b'{"facts": {"insured": ' + b"[" * 5_000 + b"]" * 5_000 + b"}}",
    b'{"facts": {"hours_weekly": ' + b"9" * 5_000 + b"}}",
    '{"facts": {"birth_date": "١٩٩٠-٠١-٠١"}}'.encode(),
    b'{"facts": {"insured": "\\ud800"}}',
    json.dumps({"facts": {f"fact_{number}": 1 for number in range(301)}}).encode(),
]


@pytest.mark.parametrize("body", BODIES)
def test_a_hostile_body_is_refused_with_a_reason_and_stores_nothing(body, key):
    here = f"/{begun(key)['id']}"

    response = call("put", f"{here}/facts", key, body)

    assert response.status_code in {400, 422}, response.content
    assert response.json()["error"]["reason"]
    assert call("get", here, key).json()["facts"] == {}


def test_hostile_texts_have_no_power_in_any_place(key):
    here = f"/{begun(key)['id']}"
    for texts in TEXTS.values():
        for text in texts.values():
            shown = [
                call("put", f"{here}/facts", key, {"facts": {"purpose": text}}),
                call("put", f"{here}/facts", key, {"facts": {text[:200]: True}}),
                call("post", "", key, {"procedure": text}),
                Client().get(f"/api/v1/checks{here}", {"lang": text[:300]},
                             headers={"Authorization": f"Bearer {key}"}),
            ]  # fmt: skip
            assert {response.status_code for response in shown} <= {400, 404, 422}
    assert call("get", here, key).json()["facts"] == {}
