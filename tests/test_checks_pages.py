"""Pages of a check, from the list to the papers, as somebody without JavaScript meets them."""
# ruff: noqa: F811  `sample` is an imported fixture

import re
from datetime import date, timedelta

import icalendar
import pytest
from django.test import Client

from przystan.core import clock
from przystan.knowledge.tests.factories import article, loaded
from przystan.people.tests import factories as people
from przystan.procedures import library
from przystan.procedures.models import Check, Statement
from przystan.procedures.tests.rooms import sample  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db
TOMORROW = clock.today() + timedelta(days=1)


@pytest.fixture(autouse=True)
def unlimited(settings):
    settings.RATE_LIMIT_ADDRESS = settings.RATE_LIMIT_SESSION = 10**6


@pytest.fixture
def visitor(sample):
    return Client()


def begun(client, procedure="settling", lang="en", **fields):
    """Begin a check; its address."""
    response = client.post(f"/{lang}/procedures/{procedure}/start/", {"key": "k", **fields})
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def words(response):
    """What a page says, without its tags."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("\xa0", " ").split())


def day(of, name="value"):
    parts = ("", "", of) if isinstance(of, str) else (of.day, of.month, of.year)
    return {f"{name}-{part}": str(each) for part, each in
            zip(("day", "month", "year"), parts, strict=True)}  # fmt: skip


ENTRY = {"contract": "employment", "pay": "4 806,50 zł", "abroad": "UA"} | day(
    date(2026, 1, 2), "since"
)
ANSWERS = {
    "citizenships": {"value": ["UA", ""]},
    "birth_date": day("1990"),
    "stay_until": day(TOMORROW),
    "insured": {"value": "yes"},
    "entered_on": day(date(2026, 1, 2)),
    "purpose": {"value": "work"},
}


def answered(client, here, **changed):
    """Answer whatever is asked until nothing is; the facts in the order of asking."""
    asked = []
    for _turn in range(30):
        address = client.get(here)["Location"]
        fact = address.removeprefix(here).strip("/")
        if fact == "all-answers":
            return asked
        asked.append(fact)
        if fact == "jobs":
            client.post(f"{here}jobs/first/", ENTRY)
            client.post(address, {"act": "complete"})
        else:
            response = client.post(address, changed.get(fact) or ANSWERS[fact])
            assert response.status_code == 302, words(response)
    raise AssertionError(asked)


def finished(client, procedure="settling", lang="en", **changed):
    here = begun(client, procedure, lang)
    answered(client, here, **changed)
    assert client.post(f"{here}all-answers/")["Location"] == here
    return here


# --- choosing and beginning -------------------------------------------------------------------


def test_the_list_says_what_each_check_answers_and_for_whom(visitor):
    page = words(visitor.get("/en/procedures/"))

    assert "Staying in Poland en Title of settling en Summary of settling. about" in page
    assert "en Title of kinds For employers" in page


def test_the_first_page_says_what_is_kept_and_how_long(visitor):
    page = words(visitor.get("/en/procedures/settling/"))

    assert re.search(r"about \d minutes?", page)
    assert "erased 24 hours after the last one" in page
    assert "Nothing is kept on any account" in words(visitor.get("/en/procedures/quiet-help/"))


@pytest.mark.parametrize("address", ["nothing", "settling/start", "settling/not-an-id"])
def test_what_is_no_check_is_absent(visitor, address):
    assert visitor.get(f"/en/procedures/{address}/").status_code in {404, 405}


def test_a_folder_with_faults_says_so_and_the_portal_goes_on(visitor, sample):
    (sample / "definitions" / "settling" / "2026-01-01.r1.yaml").write_text("topic: nothing\n")

    response = visitor.get("/en/procedures/")
    assert response.status_code == 503
    assert "being corrected" in words(response)
    assert visitor.get("/en/").status_code == 200


def test_a_check_in_arabic_has_the_page_from_the_right_and_the_words_in_english(visitor):
    here = begun(visitor, lang="ar")
    page = visitor.get(f"{here}citizenships/").content.decode()

    assert 'dir="rtl"' in page
    assert '<span lang="en" dir="ltr">en What is your citizenships?</span>' in page


# --- one question a page ----------------------------------------------------------------------


def test_a_check_from_its_first_question_to_its_outcome(visitor):
    here = begun(visitor)
    asked = answered(visitor, here)

    assert asked[:3] == ["citizenships", "birth_date", "stay_until"]
    summary = words(visitor.get(f"{here}all-answers/"))
    assert "en birth date 1990 Change" in summary
    assert "en pay: 4,806.50 zł" in summary
    visitor.post(f"{here}all-answers/")
    page = words(visitor.get(here))
    assert "en Outcome may." in page
    assert "540 zł to pay in all" in page
    assert "en is_paid holds." in page


def test_a_question_says_why_it_is_asked_how_to_find_out_and_what_is_known(visitor):
    here = begun(visitor)
    visitor.post(f"{here}citizenships/", {"value": ["UA", "BY"]})
    page = words(visitor.get(f"{here}birth_date/"))

    assert "en The law asks for birth date." in page
    assert "How to find out en Look at your birth date." in page
    assert "en citizenships Ukraine, Belarus Change" in page


KINDS = [
    ("purpose", {"value": "study"}, "study"),
    ("hours_weekly", {"value": "40"}, 40),
    ("notice", {"value": "14"}, 14),
    ("share", {"value": "0,75"}, "0.75"),
    ("postcode", {"value": "00-950"}, "00-950"),
    ("certain", {"value": "no"}, False),
    ("monthly_pay", {"value": "4 806,50"}, 480_650),
    ("monthly_pay", {"value": "4.806,50 zł"}, 480_650),
    ("monthly_pay", {"value": "٤٨٠٦"}, 480_600),
    ("documents_held", {"value": ["passport", "card"]},
     {"items": ["passport", "card"], "complete": True}),
    ("purpose", {"value": "i-do-not-know"}, {"unknown": "person_does_not_know"}),
    ("hours_weekly", {"act": "unknown"}, {"unknown": "person_does_not_know"}),
]  # fmt: skip
SETTLING = [
    ("citizenships", {"value": ["UA", "UA", "PL"]}, {"items": ["UA", "PL"], "complete": True}),
    ("birth_date", day("1990"), "1990"),
    ("birth_date", {"value-day": "", "value-month": "5", "value-year": "1990"}, "1990-05"),
    ("birth_date", day(date(1990, 5, 4)), "1990-05-04"),
    ("stay_until", day(date(2030, 2, 3)), "2030-02-03"),
    ("insured", {"value": "yes"}, True),
]


@pytest.mark.parametrize(("fact", "fields", "value"), KINDS + SETTLING)
def test_an_answer_of_every_type_becomes_the_fact_and_stands_in_its_form_again(
    visitor, fact, fields, value
):
    procedure = "settling" if (fact, fields, value) in SETTLING else "kinds"
    here = begun(visitor, procedure)
    response = visitor.post(f"{here}{fact}/", fields)
    assert response.status_code == 302, words(response)

    view = visitor.get(f"{here}{fact}/")
    assert _facts(here)[fact] == value
    if "act" not in fields and fields.get("value") != "i-do-not-know":
        visitor.post(f"{here}{fact}/", dict(_typed(view.context["controls"][0], fields)))
        assert _facts(here)[fact] == value


def _facts(here):
    from przystan.procedures import sealing

    return sealing.stated(Check.objects.get(pk=here.strip("/").split("/")[-1])).facts


def _typed(control, fields):
    """What the form would send if somebody only pressed its button."""
    if control["kind"] == "date":
        for part in ("day", "month", "year"):
            yield f"value-{part}", control.get(part) or ""
    elif control["is_many"] and control["kind"] == "country":
        yield "value", control["rows"]
    elif control["is_many"] or control["kind"] in {"bool", "choice"}:
        yield "value", control["chosen"]
    else:
        yield "value", control["text"]


WRONG = [
    ("stay_until", day(date(2026, 2, 3)) | {"value-day": "31"}, "The calendar has no such day"),
    ("stay_until", {"value-day": "1"}, "The year is missing"),
    ("stay_until", day("2026"), "The day is missing"),
    ("stay_until", {}, "Write the day, the month and the year"),
    ("stay_until", {"value-day": "x", "value-month": "y", "value-year": "2026"}, "as numbers"),
    ("stay_until", {"value-day": "1", "value-month": "1", "value-year": "26"}, "with 4 digits"),
    ("stay_until", {"value-day": "1", "value-month": "1", "value-year": "0000"}, "no such day"),
    ("entered_on", day(date(2099, 1, 1)), "lies in the future"),
    ("birth_date", day("2099"), "lies in the future"),
    ("birth_date", {"value-month": "13", "value-year": "1990"}, "from 1 to 12"),
    ("insured", {}, "Choose an answer"),
    ("insured", {"value": "maybe"}, "Choose from the list"),
    ("citizenships", {"value": ["", ""]}, "Choose an answer"),
    ("citizenships", {"value": ["ZZ"]}, "Choose from the list"),
]
WRONG_KINDS = [
    ("monthly_pay", {"value": "a lot"}, "This is not an amount"),
    ("monthly_pay", {"value": ""}, "Write an amount in złoty"),
    ("monthly_pay", {"value": "-5"}, "This is not an amount"),
    ("monthly_pay", {"value": "99999999999"}, "Write 1,000,000 zł or less"),
    ("hours_weekly", {"value": "0"}, "Write 1 hours or more"),
    ("hours_weekly", {"value": "169"}, "Write 168 hours or less"),
    ("hours_weekly", {"value": "4.5"}, "Write a whole number"),
    ("hours_weekly", {"value": "NaN"}, "This is not a number"),
    ("postcode", {"value": "00950"}, "This number is not right"),
    ("share", {"value": "one half"}, "This is not a number"),
    ("certain", {"value": "i-do-not-know"}, "Choose an answer"),
    ("certain", {"act": "unknown"}, "Choose an answer"),
    ("purpose", {"value": "' OR 1=1"}, "Choose from the list"),
]


@pytest.mark.parametrize(("fact", "fields", "told"), WRONG + WRONG_KINDS)
def test_a_wrong_answer_is_told_beside_its_field_and_loses_nothing_typed(
    visitor, fact, fields, told
):
    here = begun(visitor, "settling" if (fact, fields, told) in WRONG else "kinds")
    other = "certain" if fact == "purpose" else "purpose"
    visitor.post(f"{here}{other}/", {"value": "yes" if other == "certain" else "work"})
    before = _facts(here)
    response = visitor.post(f"{here}{fact}/", fields)
    page = response.content.decode()

    assert response.status_code == 422
    assert told in words(response)
    assert 'role="alert"' in page
    target = re.search(r'error-summary.*?href="#([^"]+)"', page, re.DOTALL)[1]
    assert f'id="{target}"' in page
    for name, typed in fields.items():
        if (
            name.startswith("value")
            and isinstance(typed, str)
            and typed.isascii()
            and (response.context["controls"][0]["kind"] not in {"bool", "choice", "country"})
        ):
            assert f'value="{typed}"' in page or not typed
    assert _facts(here) == before


@pytest.mark.parametrize("lang", ["pl", "uk", "ru", "ar"])
def test_errors_are_told_in_the_language_of_the_page(visitor, lang):
    here = begun(visitor, lang=lang)
    response = visitor.post(f"{here}insured/", {})

    assert response.status_code == 422
    assert response.context["errors"][0]["field_id"] == "f-insured" or response.context["errors"]


def test_the_back_button_and_a_second_tab_do_no_harm(visitor):
    here = begun(visitor)
    visitor.post(f"{here}citizenships/", {"value": ["UA"]})
    visitor.post(f"{here}birth_date/", day("1990"))
    visitor.post(f"{here}citizenships/", {"value": ["BY"]})  # the page kept by "back"

    assert list(_facts(here)) == ["citizenships", "birth_date"]
    assert _facts(here)["citizenships"]["items"] == ["BY"]


def test_two_answers_that_contradict_each_other_are_both_named_with_a_way_to_each(visitor):
    here = begun(visitor)
    for fact in ("citizenships", "stay_until", "purpose", "insured"):
        visitor.post(f"{here}{fact}/", ANSWERS[fact])
    visitor.post(f"{here}birth_date/", day(date(2020, 5, 5)))
    step = visitor.post(f"{here}entered_on/", day(date(2019, 1, 1)))
    assert step["Location"] == f"{here}all-answers/"
    response = visitor.get(f"{here}all-answers/")
    page = response.content.decode()

    assert response.status_code == 422
    assert "en You cannot enter before birth." in page
    for fact in ("entered_on", "birth_date"):
        assert f'<li><a href="{here}{fact}/">' in page
    assert visitor.post(f"{here}all-answers/")["Location"] == f"{here}all-answers/"


def test_a_list_is_added_to_changed_taken_from_and_said_to_be_all(visitor):
    here = begun(visitor)
    page = words(visitor.get(f"{here}jobs/"))
    assert "Add: en job" in page
    assert "There is none" in page
    visitor.post(f"{here}jobs/a/", ENTRY)
    visitor.post(f"{here}jobs/b/", ENTRY | {"pay": "100", "unknown": ["since"]})
    visitor.post(f"{here}jobs/a/", ENTRY | {"contract": "mandate"})
    listed = words(visitor.get(f"{here}jobs/"))
    assert "en contract: en mandate words" in listed
    assert "en since: I do not know" in listed
    visitor.post(f"{here}jobs/", {"act": "remove:b"})
    visitor.post(f"{here}jobs/", {"act": "complete"})

    assert _facts(here)["jobs"] == {
        "items": [{"contract": "mandate", "pay": 480_650, "since": "2026-01-02", "abroad": "UA"}],
        "complete": True,
    }


def test_an_entry_with_faults_names_each_field_and_keeps_the_others(visitor):
    here = begun(visitor)
    response = visitor.post(f"{here}jobs/a/", ENTRY | {"pay": "much", "since-month": "15"})
    page = response.content.decode()

    assert response.status_code == 422
    assert len(response.context["errors"]) == 2
    assert 'value="much"' in page
    assert 'value="employment" checked' in page
    assert "jobs" not in _facts(here)


@pytest.mark.parametrize("fact", ["on_a_list", "nothing", "monthly_pay", "x" * 300])
def test_only_facts_of_this_check_that_a_person_knows_have_a_page(visitor, fact):
    here = begun(visitor)
    assert visitor.get(f"{here}{fact}/").status_code == 404
    assert visitor.post(f"{here}{fact}/", {"value": "yes"}).status_code == 404


def test_an_answer_is_taken_back(visitor):
    here = begun(visitor)
    visitor.post(f"{here}insured/", {"value": "yes"})
    assert "Take this answer back" in words(visitor.get(f"{here}insured/"))
    visitor.post(f"{here}insured/", {"act": "forget"})

    assert _facts(here) == {}
    assert not Statement.objects.exists()


# --- whose it is ------------------------------------------------------------------------------


def test_everything_of_a_check_is_absent_for_another_browser(visitor):
    here = finished(visitor)
    other, somebody = Client(), Client()
    people.sign_in_person(somebody, "olena@example.org")
    pages = ("", "all-answers/", "to-print/", "to-print.pdf", "terms.ics", "terms/file-by.ics",
             "insured/", "jobs/first/")  # fmt: skip
    for client in (other, somebody):
        for page in pages:
            assert client.get(f"{here}{page}").status_code == 404, page
        for act in (
            "all-answers",
            "to-save",
            "to-share",
            "to-share/end",
            "to-ask",
            "to-erase",
            "insured",
        ):
            assert client.post(f"{here}{act}/", {"value": "yes"}).status_code == 404, act
    assert visitor.get(here).status_code == 200


def test_a_check_is_found_under_its_own_procedure_alone(visitor):
    here = begun(visitor)
    assert visitor.get(here.replace("settling", "kinds")).status_code == 404


def test_what_a_signed_in_person_said_before_is_offered_and_never_taken(sample):
    client = Client()
    people.sign_in_person(client, "olena@example.org")
    first = begun(client)
    client.post(f"{first}insured/", {"value": "yes"})
    second = client.post("/en/procedures/next-step/start/", {"key": "k2"})["Location"]
    page = words(client.get(f"{second}insured/"))
    assert "Known already: yes" in page
    assert "(en Title of settling)" in page
    assert _facts(second) == {}
    client.post(f"{second}insured/", {"act": "known"})

    assert _facts(second) == {"insured": True}


def test_facts_are_carried_over_after_they_were_shown(visitor):
    here = finished(visitor)
    start = visitor.get(f"/en/procedures/next-step/?from={here.split('/')[-2]}")
    assert "You have told us this already" in words(start)
    assert "en insured yes" in words(start)
    with_them = begun(visitor, "next-step", key="k2", **{"from": here.split("/")[-2]})
    assert set(_facts(with_them)) == {"insured", "citizenships"}
    assert visitor.get(with_them)["Location"] == f"{with_them}all-answers/"
    stranger = Client().get(f"/en/procedures/next-step/?from={here.split('/')[-2]}")
    assert "told us this" not in words(stranger)


# --- the outcome ------------------------------------------------------------------------------


def test_the_outcome_names_its_reasons_documents_fees_terms_and_authority(visitor):
    loaded(article())
    here = finished(visitor)
    page = visitor.get(here).content.decode()
    text = words(visitor.get(here))

    assert "/en/law/act-on-foreigners/art-114-1-5/" in page
    assert "edition DU/2025/1079" in text
    assert "https://urzad.example/fees" in page
    assert "en passport Issued by: en your country Valid: en 3 months" in text
    assert "en policy With a sworn translation" in text
    assert "en stamp duty 440 zł en card 100 zł Together 540 zł" in text
    assert "en last day to file" in text
    assert "en voivode en where you stay" in text
    assert "This is information, not a decision." in text
    assert "/en/procedures/next-step/?from=" in page
    assert "/en/guide/work-permit/" in page


def test_an_outcome_on_unverified_law_says_so_and_offers_a_human(visitor):
    here = begun(visitor)
    for fact in ("citizenships", "birth_date", "stay_until", "insured", "entered_on"):
        visitor.post(f"{here}{fact}/", ANSWERS[fact])
    visitor.post(f"{here}jobs/", {"act": "complete"})
    visitor.post(f"{here}all-answers/")
    page = words(visitor.get(here))

    assert "en Outcome perhaps." in page
    assert "To be verified" in page
    assert "Let a human look at this before you act." in page


def test_what_is_not_known_leaves_it_open_and_says_what_is_missing(visitor):
    here = begun(visitor)
    visitor.post(f"{here}citizenships/", {"act": "unknown"})
    while (step := visitor.get(here)["Location"]) != f"{here}all-answers/":
        visitor.post(step, {"act": "unknown"})
    visitor.post(f"{here}all-answers/")
    page = words(visitor.get(here))

    assert "This cannot be decided yet" in page
    assert "These results are still possible: en Outcome citizen." in page
    assert "What is still missing" in page


def test_what_would_change_the_outcome_is_said_in_words(visitor):
    here = finished(visitor, stay_until=day(clock.today() - timedelta(days=1)))
    page = words(visitor.get(here))

    assert "en Outcome too-late." in page
    assert "What would change this" in page
    assert "en stay until:" in page


def test_an_open_check_has_no_outcome_and_no_papers(visitor):
    here = begun(visitor)
    for paper in ("to-print/", "to-print.pdf", "terms.ics", "terms/file-by.ics"):
        assert visitor.get(f"{here}{paper}").status_code == 404
    assert visitor.post(f"{here}to-ask/", {}).status_code == 404


def test_terms_are_calendar_files_one_by_one_and_together(visitor):
    here = finished(visitor)
    both = icalendar.Calendar.from_ical(visitor.get(f"{here}terms.ics").content)
    one = icalendar.Calendar.from_ical(visitor.get(f"{here}terms/file-by.ics").content)

    assert [str(event["summary"]) for event in both.walk("VEVENT")] == [
        "en last day to file", "en day to come back",
    ]  # fmt: skip
    [event] = one.walk("VEVENT")
    assert event["dtstart"].dt == TOMORROW
    assert visitor.get(f"{here}terms/nothing.ics").status_code == 404


@pytest.mark.parametrize("lang", ["pl", "en", "uk", "ru", "ar"])
def test_the_checklist_is_a_page_and_a_tagged_pdf_with_polish_beside(visitor, lang):
    here = finished(visitor, lang=lang)
    page = visitor.get(f"{here}to-print/").content.decode()
    paper = visitor.get(f"{here}to-print.pdf")

    assert ('<span class="both__polish" lang="pl" dir="ltr">passport</span>' in page) == (
        lang != "pl"
    )
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in paper.content
    assert f"/Lang({'en' if lang == 'ar' else lang}".encode() in paper.content


# --- keeping, sharing, asking -----------------------------------------------------------------


def test_a_saved_check_is_opened_on_another_device_by_link_and_by_code(visitor):
    here = finished(visitor)
    saved = visitor.post(f"{here}to-save/")
    link = "/" + saved.context["link"].split("/", 3)[3]
    phone, other = Client(), Client()

    assert phone.get(link).status_code == 200
    assert phone.post(link)["Location"] == here
    assert phone.get(here).status_code == 200
    assert visitor.get(here).status_code == 404
    opened = other.post("/en/procedures/open/code/", {"code": saved.context["code"]})
    assert opened["Location"] == here
    again = Client().post("/en/procedures/open/code/", {"code": saved.context["code"]})
    assert again.status_code == 422
    assert "opens nothing" in words(again)


def test_codes_are_tried_a_few_times_only(visitor, settings):
    settings.RATE_LIMIT_CODES = 3
    for _try in range(3):
        assert visitor.post("/en/procedures/open/code/", {"code": "BCD"}).status_code == 422
    assert visitor.post("/en/procedures/open/code/", {"code": "BCD"}).status_code == 429
    assert visitor.get(f"/en/procedures/open/{'A' * 22}/").status_code == 429


def test_a_clerk_opens_a_check_with_the_persons_code_and_reads_it(visitor):
    here = finished(visitor)
    shared = visitor.post(f"{here}to-share/", {"scope": "see", "hours": "1"})
    desk = Client()
    people.sign_in_staff(desk, people.staff())
    assert desk.get("/en/desk/checks/").status_code == 200
    opened = desk.post("/en/desk/checks/open/", {"code": shared.context["code"]})

    assert opened["Location"] == here
    page = words(desk.get(here))
    assert "A person opened this check to your office." in page
    assert "Erase this check now" not in page
    assert desk.post(f"{here}insured/", {"value": "no"}).status_code == 404
    assert desk.post(f"{here}to-erase/").status_code == 302 or Check.objects.exists()


def test_a_wrong_code_at_the_desk_opens_nothing(visitor):
    desk = Client()
    people.sign_in_staff(desk, people.staff())
    assert desk.post("/en/desk/checks/open/", {"code": "BCD-FGH-JKL"}).status_code == 404


def test_a_human_is_asked_with_the_outcome_and_the_answers_only_if_the_person_agrees(visitor):
    loaded(article())
    here = finished(visitor)
    without = visitor.post(f"{here}to-ask/", {"question": "Is it right?", "key": "a"})
    told = words(visitor.get(without["Location"].split("#")[0]))
    assert "Is it right?" in told
    assert "Check: en Title of settling" in told
    assert "Result: en Outcome may." in told
    assert "birth date" not in told

    with_them = visitor.post(f"{here}to-ask/", {"answers": "yes", "key": "b"})
    assert "en birth date: 1990" in words(visitor.get(with_them["Location"].split("#")[0]))


def test_a_wrong_address_for_the_reply_keeps_the_question(visitor):
    loaded(article())
    here = finished(visitor)
    response = visitor.post(f"{here}to-ask/", {"question": "Is it right?", "email": "nobody"})

    assert response.status_code == 422
    assert "Is it right?" in response.content.decode()


def test_a_check_is_erased_at_once_when_its_person_wants_it(visitor):
    here = finished(visitor)
    assert visitor.post(f"{here}to-erase/")["Location"] == "/en/procedures/"
    assert visitor.get(here).status_code == 404
    assert not Check.objects.exists()


def test_a_sealed_outcome_shows_help_and_leaves_nothing(visitor):
    here = begun(visitor, "quiet-help")
    response = visitor.post(f"{here}in_danger/", {"value": "yes"})
    page = words(response)

    assert response.status_code == 200
    assert "You can get help now" in page
    assert "en Outcome help." in page
    assert "no-store" in response["Cache-Control"]
    assert visitor.get(here).status_code == 404
    assert not Check.objects.exists()


# --- what each page costs ---------------------------------------------------------------------


def test_pages_of_a_check_ask_the_database_a_few_things(visitor, django_assert_max_num_queries):
    loaded(article())
    visitor.get("/en/procedures/")
    with django_assert_max_num_queries(8):
        visitor.get("/en/procedures/")
    with django_assert_max_num_queries(8):
        visitor.get("/en/procedures/settling/")
    here = finished(visitor)
    with django_assert_max_num_queries(12):
        visitor.get(f"{here}insured/")
    with django_assert_max_num_queries(24):
        visitor.get(here)
    with django_assert_max_num_queries(12):
        visitor.get(f"{here}to-print/")


def test_a_page_about_somebody_is_kept_by_no_one(visitor):
    here = finished(visitor)
    for page in ("", "all-answers/", "insured/", "to-print/"):
        response = visitor.get(f"{here}{page}")
        assert "no-store" in response["Cache-Control"], page
        assert "noindex" in response["X-Robots-Tag"], page


def test_an_announced_version_is_offered_and_marked(visitor, sample):
    rules = (sample / "definitions/next-step/2026-01-01.r1.yaml").read_text(encoding="utf-8")
    first = clock.today() + timedelta(days=40)
    later = sample / f"definitions/next-step/{first.isoformat()}.r1.yaml"
    later.write_text(rules.replace("insured && is_abroad", "is_abroad"), encoding="utf-8")
    assert "Another version is announced" in words(visitor.get("/en/procedures/next-step/"))
    here = begun(visitor, "next-step", on=first.isoformat())

    assert "It does not apply yet." in words(visitor.get(f"{here}citizenships/"))
    assert Check.objects.get().valid_from == first


def test_an_answer_that_fits_no_longer_is_asked_again_and_stops_nothing(visitor, sample):
    here = begun(visitor)
    visitor.post(f"{here}purpose/", {"value": "other"})
    visitor.post(f"{here}citizenships/", {"value": ["UA"]})
    facts = sample / "facts/sample.yaml"
    facts.write_text(facts.read_text().replace("options: [work, study, other]", "options: [work]"))
    library._SHELF._kept = None

    assert visitor.get(here)["Location"] == f"{here}birth_date/"
    assert visitor.post(f"{here}birth_date/", day("1990")).status_code == 302
    assert set(_facts(here)) == {"citizenships", "birth_date"}


def test_a_finished_check_says_when_the_rules_say_something_else_since(visitor, sample):
    here = finished(visitor)
    assert "This has changed" not in words(visitor.get(here))
    rules = sample / "definitions/settling/2026-01-01.r1.yaml"
    (sample / "definitions/settling/2026-01-01.r2.yaml").write_text(
        rules.read_text(encoding="utf-8").replace("pln(440)", "pln(500)"), encoding="utf-8"
    )
    library._SHELF._kept = None
    page = words(visitor.get(here))

    assert "This has changed" in page
    assert "600 zł to pay in all" in page
