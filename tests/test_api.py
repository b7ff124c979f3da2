"""The API: keys with scopes, facts in, an answer out, errors that say what to do."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from przystan.core import clock
from przystan.people import tokens
from przystan.people.actor import system
from przystan.people.models import ApiToken, AuditRow
from przystan.people.tests.factories import second_office
from przystan.procedures.tests.writing import written


@pytest.fixture
def small_folder(tmp_path, settings):
    settings.PROCEDURES_DIR = Path(written(tmp_path / "small"))


@pytest.fixture
def key(db):
    return make_key("procedures.check")


def make_key(*scopes, days=30, at=None):
    _token, secret = tokens.issue(
        "Test", second_office(), scopes, days=days, actor=system("test"), at=at or clock.now()
    )
    return secret


def post(path, body, key=""):
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return Client().post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)


FACTS = {"birth_date": "1990", "insured": True, "jobs": [{"gross_monthly": 500_000}]}


def test_a_system_with_a_key_gets_the_answer_with_its_reasons(knowledge, small_folder, key):
    response = post("procedures/permit/check", {"facts": FACTS, "on": "2026-11-23"}, key)

    assert response.status_code == 200
    found = response.json()
    assert (found["outcome"], found["fee_grosz"]) == ("may", 54_000)
    assert {"act-on-foreigners"} == set(found["law_edition"])
    assert not Session.objects.exists()


def test_many_checks_at_once_and_a_wrong_one_among_them(knowledge, small_folder, key):
    checks = [
        {"id": "a", "procedure": "permit", "facts": FACTS, "on": "2026-11-23"},
        {"id": "b", "procedure": "permit", "facts": {"insured": "perhaps"}},
        {"id": "c", "procedure": "none"},
    ]

    found = post("procedures/check-batch", {"checks": checks}, key).json()

    assert [each["id"] for each in found] == ["a", "b", "c"]
    assert found[0]["outcome"] == "may"
    assert found[1]["error"]["fact"] == "insured"
    assert "none" in found[2]["error"]["reason"]


def test_the_list_needs_no_key_and_names_types(knowledge, small_folder):
    found = Client().get("/api/v1/procedures?on=2026-11-23").json()
    one = Client().get("/api/v1/procedures/permit").json()

    assert found["procedures"][0]["id"] == "permit"
    assert one["facts"]["insured"]["type"] == "bool"
    assert Client().get("/api/v1/procedures/none").status_code == 404


def test_the_schema_is_openapi(db):
    schema = Client().get("/api/v1/openapi.json").json()

    assert schema["openapi"].startswith("3.1")
    assert "/api/v1/procedures/{id}/check" in schema["paths"]


@pytest.mark.parametrize("which", ["none", "unknown", "revoked", "ended", "narrow"])
def test_without_a_valid_key_nothing_is_checked(which, knowledge, small_folder):
    secret = {
        "none": lambda: "",
        "unknown": lambda: tokens.PREFIX + "x" * 43,
        "revoked": lambda: make_key("procedures.check"),
        "ended": lambda: make_key("procedures.check", days=1, at=clock.now() - timedelta(days=2)),
        "narrow": lambda: make_key("checks.write"),
    }[which]()
    if which == "revoked":
        tokens.revoke(ApiToken.objects.get().pk, actor=system("test"), at=clock.now())

    response = post("procedures/permit/check", {"facts": FACTS}, secret)

    assert response.status_code == (403 if which == "narrow" else 401)
    assert response.json()["error"]["reason"]
    assert response.json()["reference"]


def test_a_key_is_kept_as_a_digest_and_its_making_and_end_are_on_record(db):
    secret = make_key("procedures.check")
    token = ApiToken.objects.get()
    tokens.revoke(token.pk, actor=system("test"), at=clock.now())
    tokens.revoke(token.pk, actor=system("test"), at=clock.now())

    assert secret not in str(ApiToken.objects.values())
    acts = list(AuditRow.objects.values_list("act", flat=True))
    assert acts.count("token.issued") == 1
    assert acts.count("token.revoked") == 1


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"facts": []}',
        b'{"facts": {}, "on": "tomorrow"}',
        b'{"facts": {"birth_date": "2099-01-01"}}',
        b'{"facts": {"jobs": [[[]]]}}',
        b'{"facts": {"jobs": {"items": 3, "complete": true}}}',
        b'{"facts": {"birth_date": {"unknown": "law_not_verified"}}}',
        b'{"facts": {"\\u0000": 1}}',
        b'{"facts": {"insured": ' + b"[" * 5_000 + b"]" * 5_000 + b"}}",
        '{"facts": {"birth_date": "١٩٩٠-٠١-٠١"}}'.encode(),
        b"\xff\xfe",
    ],
)
def test_a_hostile_body_is_refused_with_a_reason(body, knowledge, small_folder, key):
    response = post("procedures/permit/check", body, key)

    assert response.status_code in {400, 422}
    assert response.json()["error"]["reason"]
