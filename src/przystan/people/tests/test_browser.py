"""The passkey pages in Chromium, with a virtual authenticator in place of a finger."""

import re

import pytest
from django.db import connections
from django.urls import reverse

from przystan.people.tests.factories import letters

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("przystan.people.tests.urls"),
]


@pytest.fixture
def page(monkeypatch):
    from playwright.sync_api import sync_playwright

    # Playwright's own event loop runs in this thread; Django would refuse the database to it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = browser.new_page(locale="en-GB")
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda line: _note(page, line))
        yield page
        browser.close()
        # Under Playwright's loop Django opens a second connection; nobody else closes it.
        connections.close_all()


def _note(page, line):
    # A page of plain text names no icon, and the browser asks for one.
    if line.type == "error" and not line.location["url"].endswith("/favicon.ico"):
        page.problems.append(f"{line.text} {line.location['url']}")


def add_authenticator(page):
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_person_adds_a_passkey_and_signs_in_with_it(page, live_server):
    # A passkey needs a name; browsers take plain http for this one.
    origin = live_server.url.replace("127.0.0.1", "localhost")
    add_authenticator(page)
    page.goto(origin + reverse("account_login"))
    page.get_by_label(re.compile("e-mail address or phone")).fill("olena@example.org")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(letters()[-1].code)
    page.get_by_role("button", name="Sign in", exact=True).click()

    page.goto(origin + reverse("mfa_add_webauthn"))
    page.get_by_label("Name of the passkey").fill("My phone")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("My phone").wait_for()

    page.goto(origin + reverse("account_logout"))
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{origin}{reverse('account_login')}?next=/who/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{origin}/who/")

    assert page.text_content("body").startswith("person|substantial|")
    assert page.problems == []


def test_a_browser_that_declines_says_so_and_the_code_is_still_there(page, live_server):
    origin = live_server.url.replace("127.0.0.1", "localhost")
    page.add_init_script("navigator.credentials.get = () => Promise.reject(new Error('declined'))")
    page.goto(origin + reverse("account_login"))
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.get_by_text("The passkey was not used").wait_for()
    assert page.get_by_role("button", name="Send me a code").is_visible()
