"""Journeys on a phone without JavaScript, and an accessibility scan of every kind of page."""

import pytest

from tests.browser.conftest import findings

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

PAGES = (
    "/",
    "/topic/work/",
    "/guide/declaration/",
    "/law/",
    "/law/act-on-employing-foreigners/art-5a-1/",
    "/help/",
    "/help/kcik/",
    "/my-questions/",
    "/about/",
    "/privacy/",
    "/accessibility/",
    "/components/",
)
ASKED = {
    "pl": ("Ile kosztuje oświadczenie o powierzeniu pracy?", "400"),
    "uk": ("Скільки коштує освядчення на роботу?", "400"),
    "ru": ("Сколько стоит освядчение на работу?", "400"),
    "en": ("How much does a declaration cost?", "400"),
}


@pytest.mark.parametrize("lang", ASKED)
def test_a_question_on_a_phone_without_javascript_gets_a_cited_answer(lang, site, phone):
    question, fact = ASKED[lang]
    phone.goto(f"{site}/{lang}/")
    phone.locator("textarea[name=question]").fill(question)
    phone.locator("main form button").first.click()

    text = phone.locator("main").inner_text().replace("\xa0", " ")
    assert fact in text
    assert phone.locator("main a[href*='/guide/declaration/']").count()


def test_an_unanswerable_question_reaches_a_human_and_the_page_says_so(site, phone):
    phone.goto(f"{site}/pl/")
    phone.locator("textarea[name=question]").fill("Jak upiec chleb na zakwasie?")
    phone.locator("main form button").first.click()

    assert "/question/" in phone.url
    assert "konsult" in phone.locator("main").inner_text().lower()


def test_an_empty_question_says_what_to_do(site, phone):
    phone.goto(f"{site}/pl/")
    phone.locator("textarea[name=question]").fill("   ")
    phone.locator("main form button").first.click()

    assert phone.locator("[role=alert], .errors, .error-summary").count()


@pytest.mark.parametrize("lang", ["pl", "ar"])
@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_an_accessibility_finding(page, lang, site, laptop):
    laptop.goto(f"{site}/{lang}{page}")

    assert laptop.locator("html").get_attribute("dir") == ("rtl" if lang == "ar" else "ltr")
    assert findings(laptop) == []


@pytest.mark.parametrize("lang", ["pl", "ar"])
@pytest.mark.parametrize("page", ["/", "/guide/declaration/", "/help/", "/components/"])
def test_no_page_scrolls_sideways_on_a_small_phone(page, lang, site, laptop):
    laptop.set_viewport_size({"width": 360, "height": 740})
    laptop.goto(f"{site}/{lang}{page}")

    assert laptop.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.planted
def test_planted_an_unlabelled_field_and_a_pale_text_are_found(site, laptop):
    laptop.goto(f"{site}/pl/")
    laptop.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend',"
        " '<input type=text><p id=pale>blady</p>');"
        "document.querySelector('#pale').style.color = '#ddd'"
    )

    found = " ".join(findings(laptop))
    assert "label" in found
    assert "color-contrast" in found
