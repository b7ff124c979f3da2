"""Staff's sign-in: password, second factor, and nothing before both."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import get_resolver, resolve, reverse
from django.urls.resolvers import URLPattern

from przystan.core import clock
from przystan.people import offices, standing
from przystan.people.http import guard_prefix, guards
from przystan.people.middleware import OPEN_WITHOUT_SECOND_FACTOR
from przystan.people.models import Account, AuditRow
from przystan.people.tests.factories import (
    LONG_AGO,
    PASSWORD,
    SECRET,
    SYSTEM,
    AccountFactory,
    app_code,
    letters,
    second_office,
    sign_in_person,
    sign_in_staff,
    staff,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("przystan.people.tests.urls")]
STAFF_ROLES = ("agent", "danger_agent", "editor", "legal_reviewer", "auditor", "admin")


def who(client):
    return client.get("/who/").content.decode().split("|")


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_password_and_app_open_the_desk_in_role_and_office(client, role):
    account = staff(role)
    office = account.memberships.get().office_id
    response = sign_in_staff(client, account)

    assert response.url == "/en/desk/"
    assert who(client)[:3] == [role, "substantial", str(office)]
    assert who(client)[4] == "office-work"
    assert client.get("/try/desk/").status_code == 200
    assert AuditRow.objects.filter(act="people.signed_in", subject=account.subject).count() == 1


def test_the_password_alone_is_nobody_yet(client):
    account = staff("agent")
    client.post(reverse("people_staff_sign_in"), {"login": account.email, "password": PASSWORD})

    assert who(client)[0] == "visitor"
    assert client.get("/try/desk/").url.startswith(reverse("people_staff_sign_in"))


@pytest.mark.parametrize("typed", ["", "000000", "abc", "\x00", "é", "x" * 3000, SECRET])
def test_a_wrong_app_code_opens_nothing(client, typed):
    account = staff("agent")
    client.post(reverse("people_staff_sign_in"), {"login": account.email, "password": PASSWORD})
    response = client.post(reverse("mfa_authenticate"), {"code": typed})

    assert response.status_code == 422
    assert who(client)[0] == "visitor"


def test_an_app_code_works_once(client):
    account = staff("agent")
    sign_in_staff(client, account)
    other = Client()
    other.post(reverse("people_staff_sign_in"), {"login": account.email, "password": PASSWORD})

    assert other.post(reverse("mfa_authenticate"), {"code": app_code()}).status_code == 422
    assert who(other)[0] == "visitor"


def test_guessing_app_codes_is_stopped(client):
    account = staff("agent")
    client.post(reverse("people_staff_sign_in"), {"login": account.email, "password": PASSWORD})
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": app_code()})

    assert who(client)[0] == "visitor"


def test_the_second_factor_page_is_closed_without_the_first(client):
    assert client.get(reverse("mfa_authenticate")).url == reverse("account_login")


def test_a_recovery_code_opens_once_instead_of_the_app(client):
    account = staff("agent")
    sign_in_staff(client, account)
    client.post(reverse("mfa_generate_recovery_codes"))
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    codes = Authenticator.objects.get(user=account, type="recovery_codes").wrap().generate_codes()
    assert codes[0] in page
    assert codes[0] not in client.get(reverse("mfa_view_recovery_codes")).content.decode()

    for expected in ("agent", "visitor"):
        other = Client()
        other.post(reverse("people_staff_sign_in"), {"login": account.email, "password": PASSWORD})
        other.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert who(other)[0] == expected


class TestWhatIsNotTold:
    def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(self, client):
        staff("agent")
        AccountFactory.create(email="person@example.org")
        answers = set()
        for address in ("agent@office.example", "person@example.org", "nobody@example.org"):
            response = client.post(
                reverse("people_staff_sign_in"), {"login": address, "password": "wrong password"}
            )
            text = response.content.decode().replace(address, "ADDRESS")
            kept = [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]
            answers.add((response.status_code, "\n".join(kept)))

        assert len(answers) == 1
        assert next(iter(answers))[0] == 422

    def test_after_five_failures_even_the_right_password_waits(self, client):
        account = staff("agent")
        fields = {"login": account.email, "password": "wrong password"}
        for _ in range(5):
            client.post(reverse("people_staff_sign_in"), fields)
        response = client.post(reverse("people_staff_sign_in"), fields | {"password": PASSWORD})

        assert response.status_code == 429
        assert response["Retry-After"] == "300"

    @pytest.mark.parametrize(
        "typed", ["", "x", "\x00", "a@b", "' OR 1=1 --", "x" * 9000 + "@a.example"]
    )
    def test_hostile_addresses_are_answered_with_422(self, client, typed):
        response = client.post(
            reverse("people_staff_sign_in"), {"login": typed, "password": typed or "x"}
        )

        assert response.status_code == 422


class TestSecondFactorIsEnforced:
    @pytest.fixture
    def newly_hired(self, client, settings):
        settings.RATE_LIMIT_ADDRESS = settings.RATE_LIMIT_SESSION = 10**6
        account = staff("admin", app=False)
        sign_in_staff(client, account)
        return account

    def test_the_first_sign_in_leads_to_the_second_factor(self, client, newly_hired):
        assert client.get("/try/desk/").url == reverse("people_second_factor")
        assert client.get(reverse("people_second_factor")).status_code == 200

    def test_every_page_but_sign_in_set_up_and_sign_out_leads_there(self, client, newly_hired):
        """Whatever else the project serves: each address of the resolver is opened."""
        opened, led = set(), 0
        for path, name in every_address():
            for method in (client.get, client.post):
                if name == "account_logout":
                    continue
                response = method(path)
                if name in OPEN_WITHOUT_SECOND_FACTOR:
                    opened.add(name)
                    continue
                assert response.status_code == 302, path
                assert response.url == reverse("people_second_factor"), path
                led += 1

        assert opened | {"account_logout"} == OPEN_WITHOUT_SECOND_FACTOR
        assert led > 50

    def test_as_an_actor_they_have_no_office_and_no_team(self, rf):
        account = staff("danger_agent", app=False)
        request = rf.get("/")
        request.COOKIES["sessionid"] = "x"
        request.user, request.session = account, {}
        found = standing.of_request(request, at=LONG_AGO)

        assert found.is_second_factor_missing
        assert (found.actor.role, found.actor.office_id, found.actor.teams) == (
            "person",
            None,
            frozenset(),
        )

    def test_adding_the_app_opens_the_desk(self, client, newly_hired):
        page = client.get(reverse("mfa_activate_totp"))
        secret = page.context["form"].secret
        assert secret in page.content.decode()
        wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
        right = client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})

        assert wrong.status_code == 422
        assert right.url == reverse("mfa_view_recovery_codes")
        assert client.get("/try/desk/").status_code == 200
        assert AuditRow.objects.filter(act="people.app_added").count() == 1
        assert secret not in str(Authenticator.objects.get(type="totp").data)

    def test_somebody_hired_while_signed_in_by_code_is_led_there_at_once(self, client):
        sign_in_person(client, "olena@example.org")
        assert client.get("/try/mine/").status_code == 200
        centre = offices.ensure_portal(actor=SYSTEM)
        offices.grant("olena@example.org", "agent", centre.slug, actor=SYSTEM, at=LONG_AGO)

        assert client.get("/try/mine/").url == reverse("people_second_factor")

    def test_a_session_without_the_factor_is_led_to_show_it(self, client):
        sign_in_person(client, "olena@example.org")
        centre = offices.ensure_portal(actor=SYSTEM)
        offices.grant("olena@example.org", "agent", centre.slug, actor=SYSTEM, at=LONG_AGO)
        totp.TOTP.activate(Account.objects.get(), SECRET)

        page = client.get(reverse("people_second_factor")).content.decode()
        assert reverse("mfa_reauthenticate") in page
        response = client.post(reverse("mfa_reauthenticate"), {"code": app_code()})
        assert response.status_code == 302
        assert client.get("/try/desk/").status_code == 200

    def test_losing_the_last_factor_closes_every_open_session(self, client):
        account = staff("agent")
        sign_in_staff(client, account)
        Authenticator.objects.filter(user=account).delete()

        assert client.get("/try/desk/").url == reverse("people_second_factor")

    def test_a_role_that_ended_opens_nothing_from_that_moment(self, client):
        account = staff("agent")
        sign_in_staff(client, account)
        offices.revoke(account.email, "agent", "contact-centre", actor=SYSTEM, at=clock.now())

        assert who(client)[0] == "person"
        assert client.get("/try/desk/").status_code == 404

    def test_the_last_factor_cannot_be_removed(self, client):
        account = staff("agent")
        sign_in_staff(client, account)
        page = client.get(reverse("mfa_deactivate_totp"))
        client.post(reverse("mfa_deactivate_totp"))

        assert "last second factor" in page.content.decode()
        assert Authenticator.objects.filter(user=account, type="totp").exists()


# What stands for a part of an address, by its converter; a new converter needs one here.
SAMPLES = {
    "int": "7",
    "lang": "pl",
    "path": "x",
    "provision": "art-1",
    "slug": "x",
    "str": "x",
    "token": "A" * 22,
    "uuid": "00000000-0000-0000-0000-000000000000",
}


def every_address(resolver=None, prefix="/"):
    """Path and name of every pattern of the project, with a sample for each variable part."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + _sample(str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            # A sample that leads nowhere would prove nothing.
            assert resolve(path), path
            yield path, pattern.name
        else:
            yield from every_address(pattern, path)


def _sample(route):
    parts = re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES[found[1] or "str"], route)
    if not parts.startswith("^"):
        return parts
    parts = re.sub(r"\(\?P[^()]*\)", "7", route).replace("\\.", ".")
    return parts.strip("^$")


class TestDoors:
    def test_a_visitor_is_sent_to_the_staff_sign_in_and_back(self, client):
        assert (
            client.get("/try/desk/?a=1").url
            == f"{reverse('people_staff_sign_in')}?next=/try/desk/%3Fa%3D1"
        )

    def test_what_a_visitor_posts_is_not_kept(self, client):
        assert client.post("/try/desk/").url == reverse("people_staff_sign_in")

    def test_to_a_person_the_desk_does_not_exist(self, client):
        sign_in_person(client, "olena@example.org")

        assert client.get("/try/desk/").status_code == 404

    @pytest.mark.parametrize("role", STAFF_ROLES)
    def test_a_page_of_another_role_does_not_exist(self, client, role):
        sign_in_staff(client, staff(role))

        assert client.get("/try/audit/").status_code == (200 if role == "auditor" else 404)

    @pytest.mark.parametrize("role", STAFF_ROLES)
    def test_a_guarded_prefix_asks_the_policy(self, client, role, monkeypatch):
        monkeypatch.setattr("przystan.people.http._GUARDS", {})
        guard_prefix("/try/room/", "editors.enter")
        assert guards() == {"/try/room/": "editors.enter"}
        assert client.get("/try/room/").url.startswith(reverse("people_staff_sign_in"))
        sign_in_staff(client, staff(role))

        expected = 200 if role in {"editor", "legal_reviewer"} else 404
        assert client.get("/try/room/").status_code == expected


class TestPasswords:
    def test_a_newly_hired_sets_a_first_password_by_code(self, client):
        centre = offices.ensure_portal(actor=SYSTEM)
        offices.grant("new@office.example", "agent", centre.slug, actor=SYSTEM, at=LONG_AGO)
        client.post(reverse("account_reset_password"), {"email": "new@office.example"})
        code = letters()[-1].code
        client.post(reverse("account_confirm_password_reset_code"), {"code": code})
        weak = client.post(
            reverse("account_complete_password_reset"), {"password1": "short", "password2": "short"}
        )
        client.post(
            reverse("account_complete_password_reset"),
            {"password1": PASSWORD, "password2": PASSWORD},
        )
        account = Account.objects.get(email="new@office.example")

        assert weak.status_code == 422
        assert account.check_password(PASSWORD)
        assert AuditRow.objects.filter(act="people.password_reset").count() == 1
        sign_in_staff(client, account)
        assert client.get("/try/desk/").url == reverse("people_second_factor")

    def test_others_get_the_same_page_and_a_letter_without_a_code(self, client):
        staff("agent")
        AccountFactory.create(email="person@example.org")
        seen = set()
        for address in ("agent@office.example", "person@example.org", "nobody@example.org"):
            other = Client()
            first = other.post(reverse("account_reset_password"), {"email": address})
            page = other.get(first.url).content.decode().replace(address, "ADDRESS")
            kept = [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]
            seen.add((first.status_code, first.url, "\n".join(kept)))
            assert bool(letters()[-1].code) == address.startswith("agent")

        assert len(seen) == 1

    def test_a_reset_by_mail_does_not_get_around_the_second_factor(self, client):
        account = staff("agent")
        client.post(reverse("account_reset_password"), {"email": account.email})
        client.post(reverse("account_confirm_password_reset_code"), {"code": letters()[-1].code})
        fields = {"password1": "another long password", "password2": "another long password"}
        client.post(reverse("account_complete_password_reset"), fields)

        assert who(client)[0] == "visitor"
        client.post(
            reverse("people_staff_sign_in"),
            {"login": account.email, "password": "another long password"},
        )
        assert who(client)[0] == "visitor"

    def test_changing_it_needs_the_old_one_and_ends_other_sessions(self, client):
        account = staff("agent")
        sign_in_staff(client, account)
        other = Client()
        other.cookies["sessionid"] = client.cookies["sessionid"].value
        new = {"password1": "another long password", "password2": "another long password"}
        wrong = client.post(reverse("account_change_password"), {"oldpassword": "x", **new})
        right = client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, **new})

        assert (wrong.status_code, right.status_code) == (422, 302)
        assert who(client)[0] == "agent"
        assert who(other)[0] == "visitor"
        assert AuditRow.objects.filter(act="people.password_changed").count() == 1

    def test_a_person_has_no_password_pages(self, client):
        sign_in_person(client, "olena@example.org")
        names = (
            "account_change_password",
            "account_set_password",
            "account_reauthenticate",
            "mfa_reauthenticate",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "people_office",
        )

        assert {client.get(reverse(name)).status_code for name in names} == {404}


def test_the_holder_is_told_of_a_new_second_factor(client, django_capture_on_commit_callbacks):
    account = staff("agent", app=False)
    sign_in_staff(client, account)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})

    letter = letters()[-1]
    assert letter.to == account.email
    assert "authenticator app was added" in letter.body


class TestSeveralOffices:
    def test_somebody_acts_for_one_office_at_a_time_and_chooses_which(self, client):
        account = staff("agent")
        staff("editor", email=account.email, office=second_office())
        sign_in_staff(client, account)
        first, second = standing.memberships_of(account.pk, at=LONG_AGO)
        assert who(client)[0] == first.role
        page = client.get(reverse("people_office")).content.decode()
        assert first.office.name in page
        assert second.office.name in page
        client.post(reverse("people_office"), {"membership": str(second.pk)})

        assert who(client)[:3] == [second.role, "substantial", str(second.office_id)]
        assert AuditRow.objects.get(act="people.office_chosen").chain == second.office_id

    @pytest.mark.parametrize("typed", ["", "x", "\x00", "0" * 32, "'", "7"])
    def test_what_is_no_membership_of_theirs_does_not_exist(self, client, typed):
        sign_in_staff(client, staff("agent"))

        assert client.post(reverse("people_office"), {"membership": typed}).status_code == 404

    def test_another_persons_membership_does_not_exist(self, client):
        theirs = staff("editor").memberships.get()
        sign_in_staff(client, staff("agent"))
        response = client.post(reverse("people_office"), {"membership": str(theirs.pk)})

        assert response.status_code == 404
        assert who(client)[0] == "agent"
