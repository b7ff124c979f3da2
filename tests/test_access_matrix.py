"""Every address times every role: what the reviewed table says is what happens."""

from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
import yaml
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from przystan.core import clock
from przystan.people import roles, tokens
from przystan.people.actor import system
from przystan.people.tests.factories import second_office, sign_in_person, sign_in_staff, staff

TABLE = Path(__file__).parent / "access_matrix.yaml"
ROLES = ("visitor", "person", *(r for r in roles.book().roles if roles.book().role(r).is_staff))
ARGUMENTS = {
    "lang": "pl",
    "topic_id": "work",
    "slug": "declaration",
    "act_slug": "act-on-employing-foreigners",
    "provision_id": "art-5a-1",
    "organisation_id": "kcik",
    "message_id": 1,
    "thread_id": uuid4(),
    "token": "A" * 22,
    "procedure_id": "settling",
    "check_id": uuid4(),
    "term_id": "file-by",
    "fact": "insured",
    "entry": "first",
}


def table():
    return yaml.safe_load(TABLE.read_text(encoding="utf-8"))


def routes(resolver=None, prefix=""):
    """Every address pattern of the product; libraries' are cut at their prefix."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver) and route in {"account/", "editors/"}:
            yield f"{route}*"
        elif isinstance(entry, URLResolver):
            yield from routes(entry, route)
        elif isinstance(entry, URLPattern):
            yield route


def address(route):
    path = route.rstrip("*")
    for name, value in ARGUMENTS.items():
        for kind in ("lang", "slug", "provision", "token", "uuid", "int"):
            wanted = uuid4() if (kind, name) == ("uuid", "message_id") else value
            path = path.replace(f"<{kind}:{name}>", str(wanted))
    path = path.replace("procedures/<id>", "procedures/settling").replace("<fact>", "insured")
    path = path.replace("<id>", str(ARGUMENTS["check_id"]))
    return f"/{path}"


def expected(rule, role, *, posts):
    """Statuses that are right for a role; absent and not yours are both 404."""
    if rule == "absent":
        return {404}
    if rule.startswith("key: "):
        return {401, 405}
    needs_post = rule.startswith("post: ")
    rule = rule.removeprefix("post: ")
    if needs_post and not posts:
        return {405} | ({302, 404} if rule not in {"public", "token"} else set())
    if rule == "public":
        return {200, 302, 422}
    if rule == "token":
        return {404}  # the link of the matrix is nobody's
    if rule == "signed_in":
        return {302} if role == "visitor" else {200, 422}
    if role == "visitor":
        return {302}
    may = roles.book().role(role).may
    # The matrix names a record that does not exist: who may is told so, like who may not.
    return (
        {200, 302, 404} if rule in may and needs_post else {200, 404, 302} if rule in may else {404}
    )


def client_of(role):
    client = Client(raise_request_exception=False, enforce_csrf_checks=False)
    if role == "person":
        sign_in_person(client, "person@matrix.example")
    elif role != "visitor":
        sign_in_staff(client, staff(role, email=f"{role}@matrix.example"))
    return client


def test_every_address_has_its_row_and_every_row_its_address():
    assert set(routes()) == set(table())


@pytest.fixture
def roomy_limits(settings):
    settings.RATE_LIMIT_ADDRESS = settings.RATE_LIMIT_SESSION = 100_000
    settings.RATE_LIMIT_QUESTIONS = settings.RATE_LIMIT_QUESTIONS_ADDRESS = 100_000


def violations(rules, role):
    client = client_of(role)
    for route, rule in rules.items():
        if route.endswith("*"):
            continue
        cache.clear()
        for method in ("get", "post"):
            response = getattr(client, method)(address(route))
            right = expected(rule, role, posts=method == "post")
            if method == "post" and not rule.startswith(("post: ", "key: ")):
                right = {405, 302, 404, 403}
            if response.status_code not in right:
                yield f"{role} {method} {route}: {response.status_code}, expected {sorted(right)}"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", ROLES)
def test_every_role_meets_what_the_table_says(role, knowledge, roomy_limits):
    rules = {
        # Erasing the account that is looking would end the walk.
        route: rule
        for route, rule in table().items()
        if "erase" not in route
    }
    assert list(violations(rules, role)) == []


def key_of(scope):
    words = {"days": 1, "actor": system("test"), "at": clock.now()}
    return tokens.issue("Matrix", second_office(), [scope], **words)[1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scope", sorted(tokens.SCOPES))
def test_a_key_opens_what_its_scope_says_and_nothing_else(scope, knowledge, roomy_limits):
    client = Client(headers={"Authorization": f"Bearer {key_of(scope)}"})
    for route, rule in table().items():
        if not rule.startswith("key: "):
            continue
        for method in ("get", "post", "put", "delete"):
            send = partial(getattr(client, method), address(route))
            status = send(content_type="application/json").status_code if method != "get" else (
                send().status_code
            )  # fmt: skip
            right = {200, 404, 405, 422} if rule == f"key: {scope}" else {403, 405}
            assert status in right, (method, route, status)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", [r for r in ROLES if r not in {"editor", "legal_reviewer"}])
def test_the_editors_room_is_closed_to_everybody_else(role, roomy_limits):
    response = client_of(role).get("/editors/")

    assert response.status_code in {302, 404}
    if response.status_code == 302:
        assert role == "visitor"


@pytest.mark.planted
@pytest.mark.django_db(transaction=True)
def test_planted_a_desk_page_open_to_everybody_is_found(knowledge, roomy_limits, monkeypatch):
    monkeypatch.setattr("przystan.people.http.refusal", lambda request, permission: None)

    assert list(violations({"<lang:lang>/desk/unanswered/": "figures.read"}, "visitor"))


@pytest.mark.planted
def test_planted_an_address_without_a_row_is_found():
    rules = table()
    rules.pop("<lang:lang>/desk/")

    assert set(routes()) != set(rules)
