"""Passkeys: of persons instead of a code, of staff instead of password and app."""

import json
import re
import time
import tracemalloc

import hypothesis
import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from przystan.people.models import Account, AuditRow
from przystan.people.tests.device import Device
from przystan.people.tests.factories import (
    AccountFactory,
    letters,
    sign_in_person,
    sign_in_staff,
    staff,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("przystan.people.tests.urls")]
ADD = "mfa_add_webauthn"


@pytest.fixture
def client():
    # A passkey belongs to a host name; browsers take plain http for this one alone.
    return Client(headers={"host": "localhost", "accept-language": "en"})


def who(client):
    return client.get("/who/").content.decode().split("|")


def options_on(page):
    found = re.search(r'id="passkey-options"[^>]*>(.*?)</script>', page.content.decode())
    return json.loads(found.group(1))


def add(client, device, name="My phone"):
    options = options_on(client.get(reverse(ADD)))
    fields = {"credential": device.create(options), "name": name, "passwordless": "on"}
    return client.post(reverse(ADD), fields)


def sign_in(client, device, **fields):
    answer = client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    credential = device.get(answer.json()["request_options"])
    return client.post(reverse("mfa_login_webauthn"), {"credential": credential, **fields})


def test_a_person_adds_a_passkey_and_signs_in_with_it(client):
    sign_in_person(client, "olena@example.org")
    phone = Device()
    added = add(client, phone)
    client.post(reverse("account_logout"))
    response = sign_in(client, phone, next="/try/mine/")

    assert added.url == reverse("mfa_list_webauthn")
    assert response.url == "/try/mine/"
    assert who(client)[:2] == ["person", "substantial"]
    assert "My phone" in client.get(reverse("mfa_list_webauthn")).content.decode()
    assert AuditRow.objects.filter(act="people.passkey_added").count() == 1


def test_a_code_keeps_working_for_a_person_with_a_passkey(client):
    sign_in_person(client, "olena@example.org")
    add(client, Device())
    other = Client(headers={"host": "localhost"})
    sign_in_person(other, "olena@example.org")

    assert who(other)[:2] == ["person", "low"]
    assert not Authenticator.objects.filter(type="recovery_codes").exists()


def test_staff_sign_in_with_a_passkey_alone(client):
    account = staff("agent", app=False)
    sign_in_staff(client, account)
    key = Device()
    added = add(client, key)
    assert added.url == reverse("mfa_view_recovery_codes")
    assert client.get("/try/desk/").status_code == 200
    client.post(reverse("account_logout"))
    response = sign_in(client, key)

    assert response.url == "/en/desk/"
    assert who(client)[:2] == ["agent", "substantial"]


def test_a_passkey_is_the_second_factor_after_a_password(client):
    account = staff("agent", app=False)
    sign_in_staff(client, account)
    key = Device()
    add(client, key)
    client.post(reverse("account_logout"))
    sign_in_staff(client, account)
    assert who(client)[0] == "visitor"
    options = options_on(client.get(reverse("mfa_authenticate")))
    client.post(reverse("mfa_authenticate"), {"credential": key.get(options)})

    assert who(client)[:2] == ["agent", "substantial"]


def test_a_key_that_asks_for_no_finger_or_pin_is_not_taken(client):
    sign_in_person(client, "olena@example.org")
    response = add(client, Device(verifies=False))

    assert response.status_code == 422
    assert not Authenticator.objects.exists()


def test_a_key_that_stopped_asking_does_not_sign_in(client):
    sign_in_person(client, "olena@example.org")
    phone = Device()
    add(client, phone)
    client.post(reverse("account_logout"))
    phone.verifies = False

    assert sign_in(client, phone).url == reverse("account_login")
    assert who(client)[0] == "visitor"


def test_an_answer_made_for_another_site_is_worth_nothing(client):
    sign_in_person(client, "olena@example.org")
    phone = Device()
    add(client, phone)
    client.post(reverse("account_logout"))
    phone.origin = "https://evil.example"

    assert sign_in(client, phone).url == reverse("account_login")
    assert who(client)[0] == "visitor"


def test_an_answer_works_once(client):
    sign_in_person(client, "olena@example.org")
    phone = Device()
    add(client, phone)
    client.post(reverse("account_logout"))
    answer = client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    credential = phone.get(answer.json()["request_options"])
    client.post(reverse("mfa_login_webauthn"), {"credential": credential})
    client.post(reverse("account_logout"))
    client.post(reverse("mfa_login_webauthn"), {"credential": credential})

    assert who(client)[0] == "visitor"


def test_a_stranger_device_is_nobodys(client):
    sign_in_person(client, "olena@example.org")
    account = Account.objects.get()
    add(client, Device())
    client.post(reverse("account_logout"))
    stranger = Device()
    stranger.user = account.pk.hex.encode()

    assert sign_in(client, stranger).url == reverse("account_login")
    assert who(client)[0] == "visitor"


def test_a_waiting_code_does_not_stand_in_the_way_of_a_passkey(client):
    sign_in_person(client, "olena@example.org")
    phone = Device()
    add(client, phone)
    client.post(reverse("account_logout"))
    client.post(reverse("account_login"), {"address": "olena@example.org"})

    assert sign_in(client, phone).status_code == 302
    assert who(client)[0] == "person"


def test_a_closed_account_opens_to_no_passkey(client):
    sign_in_person(client, "olena@example.org")
    phone = Device()
    add(client, phone)
    client.post(reverse("account_logout"))
    Account.objects.update(is_active=False)

    assert sign_in(client, phone).url == reverse("account_inactive")
    assert who(client)[0] == "visitor"
    assert client.get(reverse("account_inactive")).status_code == 200


class TestOwnKeys:
    @pytest.fixture
    def key(self, client):
        sign_in_person(client, "olena@example.org")
        add(client, Device())
        return Authenticator.objects.get(type="webauthn")

    def test_its_holder_renames_and_removes_it(self, client, key):
        client.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": "\u202eOld\u200b phone"})
        assert Authenticator.objects.get(pk=key.pk).wrap().name == "Old phone"
        assert client.get(reverse("mfa_remove_webauthn", args=[key.pk])).status_code == 200
        client.post(reverse("mfa_remove_webauthn", args=[key.pk]))

        assert not Authenticator.objects.exists()
        assert set(AuditRow.objects.values_list("act", flat=True)) >= {
            "people.passkey_renamed",
            "people.passkey_removed",
        }

    @pytest.mark.parametrize("page", ["mfa_remove_webauthn", "mfa_edit_webauthn"])
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_to_another_person_it_does_not_exist(self, key, page, method):
        other = Client()
        sign_in_person(other, "ivan@example.org")
        response = getattr(other, method)(reverse(page, args=[key.pk]), {"name": "Mine"})

        assert response.status_code == 404
        assert Authenticator.objects.get(pk=key.pk).wrap().name == "My phone"
        assert "My phone" not in other.get(reverse("mfa_list_webauthn")).content.decode()

    @pytest.mark.parametrize("name", ["", "\x00", "x" * 61])
    def test_a_hostile_name_is_answered_with_422(self, client, key, name):
        response = client.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": name})

        assert response.status_code == 422

    def test_a_name_is_shown_as_text(self, client, key):
        client.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": "<b>x</b>"})

        assert "<b>x</b>" not in client.get(reverse("mfa_list_webauthn")).content.decode()

    def test_the_last_key_of_staff_stays(self, client):
        account = staff("agent", app=False)
        sign_in_staff(client, account)
        add(client, Device())
        key = Authenticator.objects.get(type="webauthn", user=account)
        client.post(reverse("mfa_remove_webauthn", args=[key.pk]))

        assert Authenticator.objects.filter(pk=key.pk).exists()


KEYS = st.sampled_from(
    ["id", "rawId", "type", "response", "clientDataJSON", "attestationObject", "userHandle"]
)
SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=10,
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "false",
        "0",
        "[]",
        "{}",
        '"x"',
        "1",
        "\x00",
        "[" * 5000,
        '{"id":' * 700 + "1" + "}" * 700,
    ],
)
def test_what_is_no_passkey_is_refused(client, text):
    sign_in_person(client, "olena@example.org")
    client.get(reverse(ADD))
    added = client.post(reverse(ADD), {"credential": text, "passwordless": "on"})
    other = Client(headers={"host": "localhost"})
    other.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    entered = other.post(reverse("mfa_login_webauthn"), {"credential": text})

    assert added.status_code == 422
    assert entered.url == reverse("account_login")


@pytest.mark.parametrize("name", ["rawId", "clientDataJSON", "attestationObject", "signature"])
def test_a_number_where_bytes_belong_takes_no_memory(client, name):
    """`bytes(5_000_000_000)` would be five gigabytes."""
    sign_in_person(client, "olena@example.org")
    client.get(reverse(ADD))
    response = {"clientDataJSON": "e30", "attestationObject": "oA", name: 5_000_000_000}
    shape = {"id": "AA", "rawId": "AA", "type": "public-key", "response": response} | {
        name: 5_000_000_000
    }
    tracemalloc.start()
    added = client.post(reverse(ADD), {"credential": json.dumps(shape), "passwordless": "on"})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert added.status_code == 422
    assert peak < 100_000_000


@hypothesis.settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
@given(shape=SHAPES)
def test_no_shape_of_json_breaks_the_passkey_pages(client, settings, shape):
    settings.RATE_LIMIT_ADDRESS = settings.RATE_LIMIT_SESSION = 10**6
    settings.MFA_RATE_LIMITS = {"webauthn_login": "100000/m/ip"}
    client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    entered = client.post(reverse("mfa_login_webauthn"), {"credential": json.dumps(shape)})
    holder = Client(headers={"host": "localhost"})
    holder.force_login(AccountFactory.create())
    standing_session(holder)
    holder.get(reverse(ADD))
    added = holder.post(reverse(ADD), {"credential": json.dumps(shape), "passwordless": "on"})

    assert entered.url == reverse("account_login")
    assert added.status_code == 422


def standing_session(client):
    """As after a sign-in by code a moment ago."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "code", "at": time.time()}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()


class TestProvingItAgain:
    @pytest.fixture
    def key(self, client):
        sign_in_person(client, "olena@example.org")
        key = Device()
        add(client, key)
        session = client.session
        for record in session["account_authentication_methods"]:
            record["at"] -= 11 * 60
        session.save()
        return key

    def test_a_passkey_confirms_as_a_code_does(self, client, key):
        again = reverse("mfa_reauthenticate_webauthn")
        options = options_on(client.get(again))
        fields = {"credential": key.get(options), "next": reverse(ADD)}

        assert client.post(again, fields).url == reverse(ADD)
        assert client.get(reverse(ADD)).status_code == 200

    def test_another_one_does_not(self, client, key):
        again = reverse("mfa_reauthenticate_webauthn")
        options = options_on(client.get(again))

        assert client.post(again, {"credential": Device().get(options)}).url == again
        assert client.get(reverse(ADD)).status_code == 302


def test_staff_with_a_passkey_may_drop_the_app(client):
    account = staff("agent")
    sign_in_staff(client, account)
    add(client, Device())
    response = client.post(reverse("mfa_deactivate_totp"))

    assert response.status_code == 302
    assert not Authenticator.objects.filter(user=account, type="totp").exists()
    assert client.get("/try/desk/").status_code == 200
    assert AuditRow.objects.filter(act="people.app_removed").count() == 1


def test_staff_without_a_password_set_one(client):
    account = staff("agent", app=False)
    sign_in_staff(client, account)
    key = Device()
    add(client, key)
    client.post(reverse("account_logout"))
    Account.objects.filter(pk=account.pk).update(password="!")
    sign_in(client, key)
    assert client.get(reverse("account_change_password")).url == reverse("account_set_password")
    new = {"password1": "another long password", "password2": "another long password"}
    wrong = client.post(reverse("account_set_password"), new | {"password2": "different"})
    right = client.post(reverse("account_set_password"), new)

    account.refresh_from_db()
    assert (wrong.status_code, right.url) == (422, reverse("people_account"))
    assert account.check_password("another long password")
    assert AuditRow.objects.filter(act="people.password_set").count() == 1


def test_the_challenge_is_given_to_scripts_only(client):
    assert client.get(reverse("mfa_login_webauthn")).url == reverse("account_login")


def test_guessing_is_stopped(client):
    statuses = [
        client.post(reverse("mfa_login_webauthn"), {"credential": "{}"}).status_code
        for _ in range(11)
    ]

    assert statuses == [302] * 10 + [429]


def test_a_person_without_recent_proof_confirms_by_code_before_adding_a_key(client, monkeypatch):
    sign_in_person(client, "olena@example.org")
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 11 * 60
    session.save()
    asked = client.get(reverse(ADD))
    way_back = reverse(ADD).replace("/", "%2F")
    assert asked.url == f"{reverse('people_confirm_by_code')}?next={way_back}"
    client.post(asked.url, {"next": reverse(ADD)})
    wrong = client.post(asked.url, {"next": reverse(ADD), "code": "BCD-FGH-JKL"})
    right = client.post(asked.url, {"next": reverse(ADD), "code": letters()[-1].code})

    assert wrong.status_code == 422
    assert right.url == reverse(ADD)
    assert client.get(reverse(ADD)).status_code == 200
