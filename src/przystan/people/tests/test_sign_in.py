"""The public's sign-in, as the people on both sides of it see it."""

import statistics
import time

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from przystan.people.models import Account, AuditRow, Phone
from przystan.people.tests.factories import (
    AccountFactory,
    letters,
    messages_by_sms,
    sign_in_person,
    staff,
)
from przystan.people.tests.test_fields import HOSTILE, short

pytestmark = [pytest.mark.django_db, pytest.mark.urls("przystan.people.tests.urls")]


def ask(client, address, **fields):
    return client.post(reverse("account_login"), {"address": address, **fields})


def answer(client, code, **fields):
    return client.post(reverse("account_confirm_login_code"), {"code": code, **fields})


def who(client):
    return client.get("/who/").content.decode().split("|")


def test_a_newcomer_signs_in_with_an_address_and_has_an_account(client):
    response = sign_in_person(client, "Olena@Example.org")

    account = Account.objects.get()
    assert response.status_code == 302
    assert account.email == "olena@example.org"
    assert not account.has_usable_password()
    assert EmailAddress.objects.get(user=account).verified
    assert who(client)[:2] == ["person", "low"]
    assert AuditRow.objects.filter(act="people.signed_in", subject=account.subject).count() == 1


def test_somebody_known_comes_back_to_the_same_account(client):
    known = AccountFactory.create(email="olena@example.org")
    sign_in_person(client, "olena@example.org")

    assert Account.objects.get() == known


def test_a_phone_number_is_enough_and_is_not_kept_in_the_clear(client, data_folder):
    ask(client, "501 234 567")
    message = messages_by_sms(data_folder)[-1]
    answer(client, message.code)

    account = Account.objects.get()
    row = Phone.objects.get(account=account)
    assert message.to == "+48501234567"
    assert account.email is None
    assert b"501234567" not in bytes(row.sealed) + bytes(row.index)
    assert who(client)[0] == "person"


def test_a_number_leads_back_to_its_account(client, data_folder):
    for _ in range(2):
        ask(client, "+48501234567")
        answer(client, messages_by_sms(data_folder)[-1].code)
        client.post(reverse("account_logout"))

    assert Account.objects.count() == 1


def test_a_typed_address_leaves_nothing_behind_until_its_code_comes_back(client):
    ask(client, "olena@example.org")

    assert not Account.objects.exists()
    assert not EmailAddress.objects.exists()


def test_a_code_of_more_than_40_bits_is_in_the_letter(client):
    ask(client, "olena@example.org")
    letter = letters()[-1]

    assert letter.to == "olena@example.org"
    assert len(letter.code.replace("-", "")) == 9


@pytest.mark.parametrize("typed", HOSTILE, ids=short)
def test_what_is_no_address_is_answered_with_422_and_no_letter(client, typed):
    response = ask(client, typed)

    assert response.status_code == 422
    assert "field__error" in response.content.decode()
    assert letters() == []


class TestCodes:
    def test_a_code_works_once(self, client):
        ask(client, "olena@example.org")
        code = letters()[-1].code
        answer(client, code)
        client.post(reverse("account_logout"))
        response = answer(client, code)

        assert response.url == reverse("account_login")
        assert who(client)[0] == "visitor"

    def test_a_wrong_code_may_be_corrected(self, client):
        ask(client, "olena@example.org")
        code = letters()[-1].code

        assert answer(client, "BCD-FGH-JKL").status_code == 422
        assert answer(client, code.lower().replace("-", " ")).status_code == 302
        assert who(client)[0] == "person"

    def test_after_three_wrong_codes_the_right_one_is_worth_nothing(self, client):
        ask(client, "olena@example.org")
        code = letters()[-1].code
        for _ in range(3):
            response = answer(client, "BCD-FGH-JKL")

        assert response.url == reverse("account_login")
        answer(client, code)
        assert who(client)[0] == "visitor"

    def test_a_code_dies_after_a_quarter_of_an_hour(self, client, monkeypatch):
        ask(client, "olena@example.org")
        code = letters()[-1].code
        later = time.time() + 15 * 60 + 1
        monkeypatch.setattr(time, "time", lambda: later)
        response = answer(client, code)

        assert response.url == reverse("account_login")
        assert "too old" in client.get(response.url).content.decode()
        assert not Account.objects.exists()

    def test_a_new_code_takes_the_place_of_the_old_one(self, client):
        ask(client, "olena@example.org")
        old = letters()[-1].code
        client.post(reverse("account_confirm_login_code"), {"action": "resend"})
        new = letters()[-1].code

        assert new != old
        assert answer(client, old).status_code == 422
        assert answer(client, new).status_code == 302

    def test_a_code_of_one_browser_is_worth_nothing_in_another(self, client):
        ask(client, "olena@example.org")
        code = letters()[-1].code
        other = Client()
        ask(other, "ivan@example.org")

        assert answer(other, code).status_code == 422

    def test_there_is_no_page_for_a_code_that_nobody_asked_for(self, client):
        assert client.get(reverse("account_confirm_login_code")).url == reverse("account_login")

    @pytest.mark.parametrize(
        "typed", ["", " ", "\x00", "é" * 9, "x" * 5000, "<b>", "---"], ids=short
    )
    def test_hostile_codes_are_answered_with_422(self, client, typed):
        ask(client, "olena@example.org")

        assert answer(client, typed).status_code == 422

    def test_too_many_requests_for_one_address_are_stopped_with_a_time_to_wait(self, client):
        for _ in range(3):
            assert ask(client, "olena@example.org").status_code == 302
        response = ask(client, "OLENA@example.org")

        assert response.status_code == 429
        assert 0 < int(response["Retry-After"]) <= 60
        assert ask(client, "ivan@example.org").status_code == 302
        assert len([one for one in letters() if one.to == "olena@example.org"]) == 3

    def test_too_many_requests_from_one_place_are_stopped(self, client):
        statuses = [ask(Client(), f"p{n}@example.org").status_code for n in range(21)]

        assert statuses == [302] * 20 + [429]

    def test_somebody_may_start_again_with_another_address(self, client):
        ask(client, "olena@example.org")

        assert client.get(reverse("account_login")).status_code == 200
        ask(client, "ivan@example.org")
        answer(client, letters()[-1].code)
        assert Account.objects.get().email == "ivan@example.org"


class TestWhatIsNotTold:
    """Nobody learns from these pages who has an account."""

    def kinds(self):
        AccountFactory.create(email="known@example.org")
        AccountFactory.create(email="closed@example.org", is_active=False)
        staff("agent", email="works@example.org")
        return ["known@example.org", "closed@example.org", "works@example.org", "new@example.org"]

    def test_known_closed_staff_and_unknown_addresses_get_the_same_pages(self):
        seen = set()
        for address in self.kinds():
            client = Client()
            first = ask(client, address)
            page = client.get(first.url)
            text = page.content.decode().replace(address, "ADDRESS")
            seen.add((first.status_code, first.url, page.status_code, _without_token(text)))

        assert len(seen) == 1

    def test_each_of_them_gets_one_letter(self):
        for address in self.kinds():
            ask(Client(), address)

        assert len(letters()) == 4

    def test_staff_and_closed_accounts_get_no_code_and_no_code_opens_them(self):
        for address in self.kinds()[1:3]:
            client = Client()
            ask(client, address)
            letter = letters()[-1]
            assert (letter.to, letter.code) == (address, "")
            for typed in ("", "---", "BCD-FGH-JKL"):
                assert answer(client, typed).status_code == 422 or who(client)[0] == "visitor"
            assert who(client)[0] == "visitor"

    def test_somebody_who_becomes_staff_meanwhile_is_sent_to_their_sign_in(self, client):
        ask(client, "works@example.org")
        code = letters()[-1].code
        staff("agent", email="works@example.org")

        assert answer(client, code).url == reverse("people_staff_sign_in")
        assert who(client)[0] == "visitor"

    def test_known_and_unknown_addresses_take_the_same_time(self):
        AccountFactory.create(email="known@example.org")

        def took(address):
            cache.clear()
            client = Client()
            started = time.perf_counter()
            ask(client, address)
            return time.perf_counter() - started

        took("known@example.org"), took("new@example.org")
        pairs = [(took("known@example.org"), took("new@example.org")) for _ in range(15)]
        known, new = (statistics.median(one) for one in zip(*pairs, strict=True))
        assert 0.5 < known / new < 2

    def test_the_address_is_in_no_url(self, client):
        response = ask(client, "olena@example.org", next="/try/mine/")

        assert "olena" not in response.url


def _without_token(text):
    return "\n".join(line for line in text.splitlines() if "csrfmiddlewaretoken" not in line)


class TestSessions:
    def test_the_key_changes_at_sign_in_so_that_a_planted_one_is_worth_nothing(self, client):
        ask(client, "olena@example.org")
        planted = client.cookies["sessionid"].value
        thief = Client()
        thief.cookies["sessionid"] = planted
        answer(client, letters()[-1].code)

        assert client.cookies["sessionid"].value != planted
        assert who(client)[0] == "person"
        assert who(thief)[0] == "visitor"

    def test_a_key_chosen_by_somebody_else_is_not_taken_over(self, client):
        client.cookies["sessionid"] = "a" * 32
        ask(client, "olena@example.org")

        assert client.cookies["sessionid"].value != "a" * 32

    def test_signing_out_ends_the_session_on_the_server(self, client):
        sign_in_person(client, "olena@example.org")
        kept = client.cookies["sessionid"].value
        client.post(reverse("account_logout"))
        thief = Client()
        thief.cookies["sessionid"] = kept

        assert who(thief)[0] == "visitor"
        assert AuditRow.objects.filter(act="people.signed_out").count() == 1

    def test_a_link_signs_nobody_out(self, client):
        sign_in_person(client, "olena@example.org")

        assert client.get(reverse("account_logout")).status_code == 200
        assert who(client)[0] == "person"

    def test_a_forged_form_does_nothing(self):
        client = Client(enforce_csrf_checks=True)

        assert ask(client, "olena@example.org").status_code == 403
        assert letters() == []
        assert "sessionid" not in client.cookies


class TestWaysBack:
    def test_somebody_sent_to_sign_in_comes_back_to_where_they_were(self, client):
        sent = client.get("/try/mine/")
        response = sign_in_person(client, "olena@example.org", next_url="/try/mine/")

        assert sent.url == f"{reverse('account_login')}?next=/try/mine/"
        assert response.url == "/try/mine/"

    @pytest.mark.parametrize(
        "planted",
        [
            "https://evil.example/",
            "//evil.example/",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "http:evil.example",
            "http:///evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            " https://evil.example",
            "\thttps://evil.example",
            "https://testserver@evil.example/",
            "https://testserver.evil.example/",
            "http://localhost/",
            "/\n/evil.example",
        ],
        ids=short,
    )
    def test_the_way_back_never_leads_away(self, client, planted):
        response = sign_in_person(client, "olena@example.org", next_url=planted)
        page = client.get(f"{reverse('account_login')}", {"next": planted})

        assert (response.url, page.url) == ("/", "/")

    def test_one_door_serves_for_signing_up_too(self, client):
        response = client.get(reverse("account_signup"), {"next": "/try/mine/"})

        assert response.url == f"{reverse('account_login')}?next=%2Ftry%2Fmine%2F"

    def test_signing_up_leads_away_to_nobody_either(self, client):
        response = client.get(reverse("account_signup"), {"next": "https://evil.example"})

        assert response.url == reverse("account_login")

    def test_who_is_signed_in_already_is_sent_on(self, client):
        sign_in_person(client, "olena@example.org")

        assert client.get(reverse("account_login")).url == "/"


def test_the_page_works_without_javascript_and_keeps_the_policy(client):
    page = client.get(reverse("account_login"))
    text = page.content.decode()

    assert "<script>" not in text
    assert " onclick=" not in text
    assert 'style="' not in text
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert 'data-passkey="get"' in text
    assert "hidden>" in text


def test_the_password_of_nobody_opens_a_persons_account(client):
    AccountFactory.create(email="olena@example.org")
    for password in ("", "!", "None", "password"):
        client.post(
            reverse("people_staff_sign_in"), {"login": "olena@example.org", "password": password}
        )

    assert who(client)[0] == "visitor"
