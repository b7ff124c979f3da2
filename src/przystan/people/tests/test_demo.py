"""The demo's accounts, and what keeps them and unguarded servers off public addresses."""

import json
import stat

import pytest
from django.urls import reverse

from przystan.core import cli, clock
from przystan.core.errors import AbsentError, BadFileError, PrzystanError
from przystan.people import checks, commands, demo, roles  # noqa: F401  registers the commands
from przystan.people.models import Account, Membership
from przystan.people.tests.factories import letters, sign_in_person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("przystan.people.tests.urls")]


@pytest.fixture(autouse=True)
def is_demo(settings):
    settings.DEMO = True


def who(client):
    return client.get("/who/").content.decode().split("|")[0]


def sign_in(client, way, **extra):
    fields = {"login": way.email, "password": way.password}
    client.post(reverse("people_staff_sign_in"), fields, **extra)
    code = demo.totp_code(way.email, at=clock.now())
    return client.post(reverse("mfa_authenticate"), {"code": code}, **extra)


def test_every_role_has_an_account_that_opens(client):
    ways = demo.create_demo(clock.now())

    assert [way.role for way in ways] == [*demo.STAFF_ROLES, "person"]
    for way in ways[:-1]:
        sign_in(client, way)
        assert who(client) == way.role
        client.post(reverse("account_logout"))
    sign_in_person(client, ways[-1].email)
    assert who(client) == "person"


def test_making_it_again_changes_nothing():
    first = demo.create_demo(clock.now())
    hashes = set(Account.objects.values_list("password", flat=True))

    assert demo.create_demo(clock.now()) == first
    assert set(Account.objects.values_list("password", flat=True)) == hashes
    assert Membership.objects.count() == len(demo.STAFF_ROLES)


def test_passwords_are_random_and_kept_for_their_owner_alone(data_folder):
    ways = demo.create_demo(clock.now())
    path = data_folder / "keys" / "demo.json"
    kept = json.loads(path.read_text())

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {one["password"] for one in kept.values()} == {way.password for way in ways[:-1]}
    assert len({way.password for way in ways}) == len(ways)
    assert "password" not in repr({row.password for row in Account.objects.all()})


def test_two_data_folders_have_two_sets_of_passwords(settings, tmp_path):
    first = demo.create_demo(clock.now())
    settings.DATA_DIR = tmp_path / "other"
    second = demo.create_demo(clock.now())

    assert not {way.password for way in first[:-1]} & {way.password for way in second[:-1]}
    assert Account.objects.get(email=second[0].email).check_password(second[0].password)


def test_without_demo_there_is_none(settings):
    settings.DEMO = False

    for call in (demo.create_demo, lambda at: demo.totp_code("agent@demo.example", at=at)):
        with pytest.raises(PrzystanError, match="no demo"):
            call(clock.now())
    assert not Account.objects.exists()


@pytest.mark.parametrize("address", ["10.0.0.7", "192.168.1.2", "203.0.113.5", "", "nonsense"])
def test_from_another_machine_demo_accounts_do_not_open(client, address):
    way = demo.create_demo(clock.now())[0]
    client.post(
        reverse("people_staff_sign_in"),
        {"login": way.email, "password": way.password},
        REMOTE_ADDR=address,
    )

    assert who(client) == "visitor"


def test_demo_accounts_left_behind_do_not_open_once_the_demo_is_off(client, settings):
    way = demo.create_demo(clock.now())[0]
    settings.DEMO = False
    response = client.post(
        reverse("people_staff_sign_in"), {"login": way.email, "password": way.password}
    )

    assert response.status_code == 404
    assert who(client) == "visitor"


def test_the_commands_print_the_ways_in_and_the_code_of_now(capsys):
    assert cli.run(["demo", "accounts"]) == 0
    printed = capsys.readouterr().out
    assert cli.run(["demo", "totp", "Agent@demo.example"]) == 0
    code = capsys.readouterr().out.strip()

    assert code.isdigit()
    assert len(code) == 6
    assert "agent@demo.example" in printed
    assert "code by e-mail" in printed
    assert cli.run(["demo", "totp", "nobody@demo.example"]) == 1


def test_an_unknown_address_has_no_code():
    demo.create_demo(clock.now())

    with pytest.raises(AbsentError):
        demo.totp_code("person@demo.example", at=clock.now())


class TestStart:
    @pytest.fixture
    def public(self, settings):
        settings.IS_LOOPBACK, settings.BIND, settings.DEMO = False, "0.0.0.0:8000", False
        settings.SECRET_KEY = "s" * 50
        return settings

    def test_on_loopback_nothing_is_asked(self):
        assert checks.address_is_guarded() == []

    def test_on_a_public_address_with_keys_and_without_demo_it_starts(self, public):
        assert checks.address_is_guarded() == []
        checks.refuse_unsafe_start()

    @pytest.mark.parametrize("name", checks.NEEDED_KEYS)
    def test_a_missing_key_is_named_and_stops_the_start(self, public, name, capsys):
        setattr(public, name, "")
        (found,) = checks.address_is_guarded()

        assert name in found.msg
        assert "0.0.0.0:8000" in found.msg
        with pytest.raises(SystemExit) as stopped:
            checks.refuse_unsafe_start()
        assert stopped.value.code == 2
        assert f"{name} is not set" in capsys.readouterr().err

    def test_a_demo_on_a_public_address_stops_the_start(self, public, capsys):
        public.DEMO = True

        with pytest.raises(SystemExit):
            checks.refuse_unsafe_start()
        assert "DEMO is on" in capsys.readouterr().err

    def test_a_bad_roles_file_stops_the_start(self, monkeypatch, tmp_path):
        bad = tmp_path / "roles.yaml"
        bad.write_text("permissions: 7")
        monkeypatch.setattr(roles, "book", lambda: roles.read(bad))
        (found,) = checks.roles_are_good()

        assert "roles.yaml" in found.msg
        with pytest.raises(BadFileError):
            roles.read(bad)


def test_the_person_of_the_demo_signs_in_by_code_alone():
    demo.create_demo(clock.now())

    assert not Account.objects.get(email=demo.PERSON).has_usable_password()
    assert letters() == []
