"""What is kept of a page between requests, and what never is."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from przystan.knowledge.tests.factories import article, loaded, with_text
from przystan.people.tests.factories import sign_in_person
from przystan.web import kept

pytestmark = pytest.mark.django_db
PAGE = "/pl/guide/work-permit/"


@pytest.fixture
def published(db):
    loaded(article())


def own(response):
    """The two values of a page that belong to one reader."""
    body = response.content.decode()
    names = ("csrfmiddlewaretoken", "key")
    return [re.search(f'name="{name}" value="([^"]+)"', body)[1] for name in names]


def without_own(response):
    return re.sub(rb'name="(csrfmiddlewaretoken|key)" value="[^"]+"', b"", response.content)


def test_a_visitors_page_is_made_once_and_no_two_share_its_token_and_key(
    published, django_assert_num_queries
):
    first = Client().get(PAGE)
    with django_assert_num_queries(0):
        second = Client().get(PAGE)

    assert without_own(first) == without_own(second)
    assert not set(own(first)) & set(own(second))
    assert second.cookies["csrftoken"].value
    assert second.headers["Content-Language"] == "pl"


def test_a_form_of_a_kept_page_is_taken(published):
    Client().get(PAGE)
    browser = Client(enforce_csrf_checks=True)
    token, key = own(browser.get(PAGE))
    fields = {"question": "?", "key": key}

    assert browser.post("/pl/ask/", fields | {"csrfmiddlewaretoken": token}).status_code == 422
    assert browser.post("/pl/ask/", fields).status_code == 403


def test_who_is_signed_in_neither_gets_nor_leaves_a_visitors_page(published):
    known = Client()
    sign_in_person(known, "olena@example.org")
    theirs = known.get(PAGE).content.decode()
    visitors = Client().get(PAGE).content.decode()

    assert "/pl/my-data/" in theirs
    assert "/pl/my-data/" not in visitors
    assert "/pl/my-data/" in known.get(PAGE).content.decode()


def test_each_language_and_each_day_has_its_own_page(published):
    for _ in range(2):
        assert "Masz 14 dni" in Client().get(PAGE).content.decode()
        assert "You have 14 days" in Client().get("/en/guide/work-permit/").content.decode()
        assert Client().get(f"{PAGE}?as_of=2020-01-01").status_code == 404


def test_what_is_published_is_read_once_the_stamp_has_passed(published, monkeypatch):
    Client().get(PAGE)
    changed = with_text(article(), "deadline", pl="Na odwołanie masz dni 14.")
    loaded(changed)
    # As after STAMP_S seconds; pages and paragraphs stay in the cache.
    from przystan.core import clock

    cache.delete(f"web:stamp:{clock.today()}")

    assert "Na odwołanie masz dni 14." in Client().get(PAGE).content.decode()


@pytest.mark.parametrize("slug", ["x" * 2_000, "absent"])
def test_what_is_not_there_is_not_kept(slug, published):
    assert Client().get(f"/pl/guide/{slug}/").status_code == 404
    assert Client().get(f"/pl/guide/{slug}/").status_code == 404


def test_a_page_without_a_form_is_kept_whole():
    assert kept._parts(b"<p>words</p>") == [b"<p>words</p>"]
