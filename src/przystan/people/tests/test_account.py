"""One's own account: addresses, numbers, and proving that it is still them."""

import time

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from przystan.people.models import Account, AuditRow, Phone
from przystan.people.tests.factories import (
    AccountFactory,
    letters,
    messages_by_sms,
    sign_in_person,
    sign_in_staff,
    staff,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("przystan.people.tests.urls")]
NEW = {"email": "new@example.org", "action_add": "1"}


@pytest.fixture
def olena(client):
    sign_in_person(client, "olena@example.org")
    return Account.objects.get(email="olena@example.org")


def grow_old(client):
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 11 * 60
    session.save()


def test_the_page_shows_how_one_signs_in_and_to_nobody_else(client, olena):
    other = Client()
    sign_in_person(other, "ivan@example.org")

    assert "olena@example.org" in client.get(reverse("people_account")).content.decode()
    assert "olena@example.org" not in other.get(reverse("people_account")).content.decode()


def test_a_visitor_is_sent_to_sign_in_from_every_page_of_an_account(client):
    names = (
        "people_account",
        "people_office",
        "people_confirm_by_code",
        "people_second_factor",
        "account_email",
        "account_email_verification_sent",
        "account_change_phone",
        "account_verify_phone",
        "account_change_password",
        "account_set_password",
        "account_reauthenticate",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
    )
    for name in names:
        assert client.get(reverse(name)).url.startswith(reverse("account_login")), name
        assert client.post(reverse(name)).url.startswith(reverse("account_login")), name


def test_the_page_of_staff_names_office_and_role(client):
    sign_in_staff(client, staff("auditor"))
    page = client.get(reverse("people_account")).content.decode()

    assert "Centrum kontaktowe" in page
    assert reverse("account_change_password") in page


def test_somebody_who_needs_no_second_factor_is_sent_on(client, olena):
    assert client.get(reverse("people_second_factor")).url == reverse("people_account")


class TestEmail:
    def test_a_new_address_takes_the_place_of_the_old_once_its_code_came_back(self, client, olena):
        client.post(reverse("account_email"), NEW)
        olena.refresh_from_db()
        assert olena.email == "olena@example.org"
        code = next(one.code for one in letters() if one.to == "new@example.org")
        wrong = client.post(reverse("account_email_verification_sent"), {"code": "BCD-FGH-JKL"})
        right = client.post(reverse("account_email_verification_sent"), {"code": code})

        olena.refresh_from_db()
        assert (wrong.status_code, right.status_code) == (422, 302)
        assert olena.email == "new@example.org"
        assert [one.email for one in EmailAddress.objects.filter(user=olena)] == ["new@example.org"]
        assert AuditRow.objects.filter(act="people.email_changed").count() == 1
        assert any(one.to == "olena@example.org" and "was changed" in one.body for one in letters())

    def test_an_address_of_somebody_else_gets_a_letter_and_no_account_changes(self, client, olena):
        AccountFactory.create(email="new@example.org")
        first = client.post(reverse("account_email"), NEW)
        code = letters()[-1].code
        response = client.post(reverse("account_email_verification_sent"), {"code": code})

        olena.refresh_from_db()
        assert first.url == reverse("account_email_verification_sent")
        assert response.status_code == 422
        assert olena.email == "olena@example.org"

    @pytest.mark.parametrize(
        "typed", ["", "x", "\x00", "a@b", "olena@example.org", "x" * 300 + "@a.pl"]
    )
    def test_what_is_no_new_address_is_answered_with_422(self, client, olena, typed):
        response = client.post(reverse("account_email"), {"email": typed, "action_add": "1"})

        assert response.status_code == 422

    @pytest.mark.parametrize("action", ["action_remove", "action_primary", "action_send", "x"])
    def test_nothing_else_can_be_done_with_it(self, client, olena, action):
        fields = {"email": "olena@example.org", action: "1"}

        assert client.post(reverse("account_email"), fields).status_code == 404
        assert EmailAddress.objects.filter(user=olena).exists()

    def test_after_three_wrong_codes_the_right_one_is_worth_nothing(self, client, olena):
        client.post(reverse("account_email"), NEW)
        code = letters()[-1].code
        for typed in ["BCD-FGH-JKL"] * 3 + [code]:
            client.post(reverse("account_email_verification_sent"), {"code": typed})

        olena.refresh_from_db()
        assert olena.email == "olena@example.org"

    def test_an_address_is_added_to_an_account_with_a_number_alone(self, client, data_folder):
        client.post(reverse("account_login"), {"address": "501234567"})
        code = messages_by_sms(data_folder)[-1].code
        client.post(reverse("account_confirm_login_code"), {"code": code})
        client.post(reverse("account_email"), NEW)
        client.post(reverse("account_email_verification_sent"), {"code": letters()[-1].code})

        assert Account.objects.get().email == "new@example.org"


class TestPhone:
    def test_a_number_is_added_once_its_code_came_back(self, client, olena, data_folder):
        client.post(reverse("account_change_phone"), {"phone": "501 234 567"})
        assert not Phone.objects.exists()
        code = messages_by_sms(data_folder)[-1].code
        wrong = client.post(reverse("account_verify_phone"), {"code": "BCD-FGH-JKL"})
        right = client.post(reverse("account_verify_phone"), {"code": code})

        assert (wrong.status_code, right.status_code) == (422, 302)
        assert "+48501234567" in client.get(reverse("people_account")).content.decode()
        assert AuditRow.objects.filter(act="people.phone_changed").count() == 1

    def test_a_number_of_somebody_else_is_not_taken(self, client, olena, data_folder):
        other = Client()
        other.post(reverse("account_login"), {"address": "501234567"})
        code = messages_by_sms(data_folder)[-1].code
        other.post(reverse("account_confirm_login_code"), {"code": code})
        client.post(reverse("account_change_phone"), {"phone": "501234567"})
        code = messages_by_sms(data_folder)[-1].code
        response = client.post(reverse("account_verify_phone"), {"code": code})

        assert response.status_code == 422
        assert Phone.objects.get().account_id != olena.pk

    @pytest.mark.parametrize("typed", ["", "12", "x", "\x00", "+" * 50])
    def test_what_is_no_number_is_answered_with_422(self, client, olena, typed):
        assert client.post(reverse("account_change_phone"), {"phone": typed}).status_code == 422

    def test_messages_are_not_sent_without_end(self, client, olena):
        client.post(reverse("account_change_phone"), {"phone": "501234567"})
        response = client.post(reverse("account_change_phone"), {"phone": "501234567"})

        assert response.status_code == 429


class TestProvingItAgain:
    CLOSED = ("account_email", "account_change_phone", "mfa_add_webauthn")

    @pytest.mark.parametrize("name", CLOSED)
    def test_what_changes_the_ways_in_needs_a_fresh_proof(self, client, olena, name):
        assert client.get(reverse(name)).status_code == 200
        grow_old(client)

        assert client.get(reverse(name)).url.startswith(reverse("people_confirm_by_code"))
        assert client.post(reverse(name), NEW).url.startswith(reverse("people_confirm_by_code"))

    def test_staff_prove_by_their_app(self, client):
        sign_in_staff(client, staff("agent"))
        session = client.session
        for record in session["account_authentication_methods"]:
            record["at"] -= 11 * 60
        session.save()

        assert client.get(reverse("account_email")).url.startswith(reverse("mfa_reauthenticate"))
        assert client.get(reverse("people_confirm_by_code")).status_code == 404

    def test_a_code_confirms_and_leads_on(self, client, olena):
        grow_old(client)
        page = client.get(reverse("account_email"))
        assert "olena@example.org" in client.get(page.url).content.decode()
        client.post(page.url, {"next": "/account/e-mail/"})
        response = client.post(page.url, {"code": letters()[-1].code, "next": "/account/e-mail/"})

        assert response.url == "/account/e-mail/"
        assert client.get(reverse("account_email")).status_code == 200

    def test_a_code_comes_by_message_where_there_is_no_address(self, client, data_folder):
        client.post(reverse("account_login"), {"address": "501234567"})
        code = messages_by_sms(data_folder)[-1].code
        client.post(reverse("account_confirm_login_code"), {"code": code})
        grow_old(client)
        client.post(reverse("people_confirm_by_code"))
        code = messages_by_sms(data_folder)[-1].code

        response = client.post(reverse("people_confirm_by_code"), {"code": code})
        assert response.url == reverse("people_account")

    def test_three_wrong_codes_kill_the_right_one(self, client, olena):
        grow_old(client)
        client.post(reverse("people_confirm_by_code"))
        code = letters()[-1].code
        for _ in range(3):
            client.post(reverse("people_confirm_by_code"), {"code": "BCD-FGH-JKL"})

        assert client.post(reverse("people_confirm_by_code"), {"code": code}).status_code == 422

    def test_a_code_dies_with_time(self, client, olena, monkeypatch):
        grow_old(client)
        client.post(reverse("people_confirm_by_code"))
        code = letters()[-1].code
        later = time.time() + 15 * 60 + 1
        monkeypatch.setattr(time, "time", lambda: later)

        assert client.post(reverse("people_confirm_by_code"), {"code": code}).status_code == 422

    @pytest.mark.parametrize("typed", ["", "---", "\x00", "x" * 4000])
    def test_no_code_confirms_nothing(self, client, olena, typed):
        grow_old(client)
        response = client.post(reverse("people_confirm_by_code"), {"code": typed})

        assert response.status_code == 422
        assert client.get(reverse("account_email")).status_code == 302

    @pytest.mark.parametrize("planted", ["https://evil.example", "//evil.example", "javascript:1"])
    def test_the_way_on_never_leads_away(self, client, olena, planted):
        client.post(reverse("people_confirm_by_code"))
        fields = {"code": letters()[-1].code, "next": planted}

        response = client.post(reverse("people_confirm_by_code"), fields)
        assert response.url == reverse("people_account")

    def test_codes_are_not_sent_without_end(self, client, olena):
        statuses = [client.post(reverse("people_confirm_by_code")).status_code for _ in range(3)]

        # The first code of this minute was that of the sign-in.
        assert statuses == [302, 302, 429]


@pytest.mark.parametrize("language", ["pl", "en", "uk", "ru", "ar"])
def test_every_page_opens_in_every_language(client, olena, language):
    from django.utils import translation

    names = ("people_account", "account_email", "account_change_phone", "mfa_list_webauthn")
    with translation.override(language):
        for name in (*names, "mfa_add_webauthn", "account_logout", "people_confirm_by_code"):
            page = client.get(reverse(name))
            assert page.status_code == 200
            assert 'style="' not in page.content.decode()
