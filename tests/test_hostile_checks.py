"""Every form of a check: what strangers type into it has no power, and nothing typed is lost."""
# ruff: noqa: F811  `room` is an imported fixture

import pytest
from django.test import Client

from przystan.procedures.models import Check
from tests import hostile
from tests.check_cases import begun, settled
from tests.rooms import room  # noqa: F401  a fixture
from tests.test_hostile_inputs import found_weak
from tests.writing_cases import official, visitor

pytestmark = pytest.mark.django_db
ENTRY = {"contract": "mandate", "pay": "4000", "unknown": ["since", "abroad"]}


@pytest.fixture(autouse=True)
def unlimited(settings):
    settings.RATE_LIMIT_ADDRESS = settings.RATE_LIMIT_SESSION = 10**9
    settings.RATE_LIMIT_QUESTIONS = settings.RATE_LIMIT_QUESTIONS_ADDRESS = 10**9
    settings.RATE_LIMIT_CODES = 10**9


def question_fields():
    """(name, client, method, address, field, the other fields) of every control."""
    client = visitor()
    here, kinds = begun(client), begun_other(client)
    for fact in ("citizenships", "insured", "jobs"):
        yield fact, client, "post", f"{here}{fact}/", "value", {}
    for fact in ("purpose", "documents_held", "monthly_pay", "hours_weekly", "notice", "share",
                 "postcode", "certain"):  # fmt: skip
        yield fact, client, "post", f"{kinds}{fact}/", "value", {}
    for part in ("day", "month", "year"):
        rest = {f"value-{one}": "1" for one in ("day", "month", "year") if one != part}
        yield f"date {part}", client, "post", f"{here}birth_date/", f"value-{part}", rest
    for field in ENTRY:
        rest = {name: value for name, value in ENTRY.items() if name != field}
        yield f"entry {field}", client, "post", f"{here}jobs/first/", field, rest
    yield "what the button says", client, "post", f"{here}jobs/", "act", {}
    yield "key", client, "post", "/pl/procedures/settling/start/", "key", {}
    yield "day", client, "post", "/pl/procedures/settling/start/", "on", {"key": "k9"}
    yield "origin", client, "post", "/pl/procedures/settling/start/", "from", {"key": "k8"}
    yield "origin", client, "get", "/pl/procedures/settling/", "from", {}


def begun_other(client):
    return client.post("/pl/procedures/kinds/start/", {"key": "other"})["Location"]


def outcome_fields():
    client = visitor()
    here = settled(client)
    yield "question", client, "post", f"{here}to-ask/", "question", {"key": "a"}
    yield "email", client, "post", f"{here}to-ask/", "email", {"key": "b"}
    yield "answers", client, "post", f"{here}to-ask/", "answers", {"key": "c"}
    yield "scope", client, "post", f"{here}to-share/", "scope", {"hours": "1"}
    yield "hours", client, "post", f"{here}to-share/", "hours", {"scope": "see"}
    yield "code", client, "post", "/pl/procedures/open/code/", "code", {}
    yield "code", official(), "post", "/pl/desk/checks/open/", "code", {}


@pytest.mark.parametrize("fields", [question_fields, outcome_fields])
def test_no_field_of_a_check_gives_way_to_what_is_typed_into_it(fields, room):
    assert list(found_weak(fields())) == []


def test_no_part_of_the_address_of_a_check_opens_anything(room):
    client = visitor()
    here = begun(client)
    client.raise_request_exception = False
    for texts in hostile.TEXTS.values():
        for what, text in texts.items():
            for place in ("{here}{text}/", "{here}jobs/{text}/", "{here}terms/{text}.ics",
                          "/pl/procedures/{text}/", "/pl/procedures/open/{text}/"):  # fmt: skip
                address = place.format(here=here, text=hostile_part(text))
                response = client.get(address)
                # A name for a new entry is anybody's choice; its form is empty.
                right = {200, 302, 400, 404} if "jobs" in place else {302, 400, 404}
                assert response.status_code in right, (what, place)
                assert list(hostile.weaknesses(response, text)) == [], (what, place)


def hostile_part(text):
    from urllib.parse import quote

    return quote(text[:1_000], safe="")


def test_what_was_typed_into_a_text_is_harmless_wherever_it_is_shown(room):
    client = Client()
    for kind in ("script", "template", "unicode"):
        for what, text in hostile.TEXTS[kind].items():
            Check.objects.all().delete()
            here = begun_other(client)
            client.cookies.clear()
            response = client.post(f"{here}postcode/", {"value": text})
            assert list(hostile.weaknesses(response, text)) == [], what
