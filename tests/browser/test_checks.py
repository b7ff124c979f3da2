"""A check on a small phone without JavaScript, in two directions of writing, to its papers."""

import re

import pytest

from przystan.procedures.tests.folder import written
from tests.browser.conftest import findings, running_site

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
# By the sample's words in Polish and in English, which the Arabic interface quotes.
MARK = {"pl": "", "ar": "en "}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A running product with the sample procedures."""
    folder = written(tmp_path_factory.mktemp("procedures") / "sample")
    with running_site(tmp_path_factory, PROCEDURES_DIR=str(folder)) as address:
        yield address


@pytest.fixture
def small_phone(chromium):
    """360 px wide; scripts are on for the scan alone: the pages bring none but the exit."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, bypass_csp=True)
    yield context.new_page()
    context.close()


def go_on(page):
    page.locator("main form[novalidate] button.button").first.click()


def choose(page, words):
    page.get_by_label(words, exact=True).check()
    go_on(page)


def fill_date(page, *parts):
    for box, text in zip(page.locator(".dates input").all(), parts, strict=True):
        box.fill(text)
    go_on(page)


def walked(page, site, lang, look):
    """From the list to the outcome; `look` is shown each page on the way."""
    mark = MARK[lang]
    page.goto(f"{site}/{lang}/procedures/")
    look("list")
    page.get_by_role("link", name=f"{mark}Title of settling").click()
    look("start")
    page.locator("main form button").first.click()
    look("countries")
    page.locator("select").first.select_option("UA")
    go_on(page)
    look("date")
    fill_date(page, "", "", "1990")
    fill_date(page, "31", "2", "2027")
    assert page.locator("[role=alert]").count()
    look("error")
    fill_date(page, "28", "2", "2027")
    look("yes or no")
    page.locator("input[value=yes]").check()
    go_on(page)
    while not page.url.endswith("/all-answers/"):
        fact = page.url.rstrip("/").split("/")[-1]
        if fact == "entered_on":
            fill_date(page, "2", "1", "2026")
        elif fact == "purpose":
            choose(page, f"{mark}work words")
        else:
            look("list of records")
            entries(page, look)
    look("answers")
    page.locator("main form button").last.click()
    look("outcome")


def entries(page, look):
    page.locator("main a.button").first.click()
    look("entry")
    page.locator("input[value=employment]").check()
    page.locator("input[name=pay]").fill("4 806,50")
    for box, text in zip(page.locator(".dates input").all(), ("1", "2", "2026"), strict=True):
        box.fill(text)
    page.locator("select[name=abroad]").select_option("UA")
    go_on(page)
    look("entries")
    page.locator("button[value=complete]").click()


@pytest.mark.parametrize("lang", ["pl", "ar"])
def test_a_check_on_a_phone_without_javascript_comes_to_its_outcome(lang, site, phone):
    walked(phone, site, lang, lambda _what: None)

    text = phone.locator("main").inner_text().replace("\xa0", " ")
    assert f"{MARK[lang]}Outcome may." in text
    assert re.search(r"540 zł|zł 540", text)
    phone.locator("a[href$='/to-print/']").first.click()
    assert phone.locator(".ticks li").count() == 2


@pytest.mark.parametrize("lang", ["pl", "ar"])
def test_no_page_of_a_check_has_an_accessibility_finding_or_scrolls_sideways(
    lang, site, small_phone
):
    faults = []

    def look(what):
        faults.extend(f"{what}: {fault}" for fault in findings(small_phone))
        if small_phone.evaluate("document.documentElement.scrollWidth") > 360:
            faults.append(f"{what}: scrolls sideways")

    walked(small_phone, site, lang, look)
    outcome = small_phone.url
    small_phone.goto(f"{outcome}to-print/")
    look("checklist")
    small_phone.goto(outcome)
    small_phone.locator("form[action$='/to-save/'] button").click()
    look("saved")
    small_phone.goto(f"{site}/{lang}/procedures/open/")
    look("code")
    small_phone.goto(f"{site}/{lang}/procedures/quiet-help/")
    small_phone.locator("main form button").first.click()
    small_phone.locator("input[value=yes]").check()
    go_on(small_phone)
    look("sealed")

    assert small_phone.locator("html").get_attribute("dir") == ("rtl" if lang == "ar" else "ltr")
    assert faults == []
