"""Who acts, as other rooms see it."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from przystan.people import locked, sessions
from przystan.people.models import Account
from przystan.people.tests.factories import sign_in_person, sign_in_staff, staff

pytestmark = [pytest.mark.django_db, pytest.mark.urls("przystan.people.tests.urls")]


def who(client):
    return client.get("/who/").content.decode().split("|")


class TestVisitors:
    def test_somebody_who_only_reads_gets_no_session(self, client, django_assert_num_queries):
        with django_assert_num_queries(0):
            response = client.get("/who/")

        assert "sessionid" not in response.cookies
        assert who(client)[:4] == ["visitor", "none", "", ""]

    def test_somebody_who_sends_something_is_known_again(self, client):
        first = client.post("/who/").content.decode().split("|")[3]

        assert len(first) == 32
        assert who(client)[3] == first

    def test_two_visitors_are_two(self, client):
        keys = {Client().post("/who/").content.decode().split("|")[3] for _ in range(5)}

        assert len(keys) == 5

    def test_the_key_is_neither_the_cookie_nor_in_the_database(self, client):
        client.post("/who/")
        key, cookie = who(client)[3], client.cookies["sessionid"].value
        row = Session.objects.get()

        assert key not in cookie
        assert cookie not in (row.session_key + row.session_data)
        assert key not in (row.session_key + row.session_data)

    def test_the_key_stays_through_the_sign_in_and_ends_with_the_session(self, client):
        client.post("/who/")
        before = who(client)[3]
        sign_in_person(client, "olena@example.org")
        assert who(client)[3] == before
        client.post(reverse("account_logout"))
        client.post("/who/")

        assert who(client)[3] not in ("", before)

    def test_a_forged_form_makes_no_session(self):
        client = Client(enforce_csrf_checks=True)

        assert client.post("/who/").status_code == 403
        assert not Session.objects.exists()


def test_a_signed_in_person_costs_three_queries(client, django_assert_num_queries):
    sign_in_person(client, "olena@example.org")
    with django_assert_num_queries(3):  # session, account, memberships
        client.get("/who/")


def test_staff_cost_one_more(client, django_assert_num_queries):
    sign_in_staff(client, staff("agent"))
    client.get("/who/")  # notes the first click; further ones within a minute are not written
    with django_assert_num_queries(4):
        client.get("/who/")


def test_a_closed_account_is_signed_out_at_once(client):
    sign_in_person(client, "olena@example.org")
    Account.objects.update(is_active=False)

    assert who(client)[0] == "visitor"


class TestSessionsAtRest:
    def test_a_stolen_table_tells_nothing_and_signs_nobody_in(self, client):
        client.post(reverse("account_login"), {"address": "olena@example.org"})
        row = Session.objects.get()
        thief = Client()
        thief.cookies["sessionid"] = row.session_key
        sign_in_person(client, "olena@example.org")

        assert "olena" not in row.session_data
        assert who(thief)[0] == "visitor"

    def test_a_changed_row_is_an_empty_session(self, client):
        sign_in_person(client, "olena@example.org")
        row = Session.objects.get()
        for broken in ("", "x", row.session_data[:-8], row.session_data[4:], "AAAA" * 20):
            Session.objects.update(session_data=broken)
            assert who(client)[0] == "visitor"

    def test_a_new_secret_key_keeps_sessions_as_long_as_the_old_one_is_known(self, settings):
        settings.SECRET_KEY = "old" * 20
        box = locked.lock("session", b"kept")
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, ["old" * 20]
        assert locked.unlock("session", box) == b"kept"
        settings.SECRET_KEY_FALLBACKS = []

        with pytest.raises(locked.LockBrokenError):
            locked.unlock("session", box)

    def test_what_is_locked_for_one_purpose_opens_for_no_other(self):
        with pytest.raises(locked.LockBrokenError):
            locked.unlock("letter", locked.lock("session", b"kept"))

    def test_expired_sessions_are_forgotten_by_the_hour(self, client):
        from przystan.people import handlers

        client.post("/who/")
        store = sessions.SessionStore(client.cookies["sessionid"].value)
        store["x"] = 1
        store.set_expiry(-1)
        store.save()
        handlers.forget_sessions()

        assert not Session.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_the_async_doors_open_the_same_rows(self):
        from asgiref.sync import async_to_sync

        store = sessions.SessionStore()
        store["x"] = 1
        store.save()
        again = sessions.SessionStore(store.session_key)

        assert async_to_sync(again.aget)("x") == 1
        assert async_to_sync(again.aexists)(store.session_key)
        async_to_sync(again.asave)()
        async_to_sync(again.adelete)()
        assert not store.exists(store.session_key)
