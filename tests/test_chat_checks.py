"""A check inside a conversation: offered, confirmed, answered in words, told as a message."""
# ruff: noqa: F811  `sample` is an imported fixture

import re

import pytest
from django.test import Client

from przystan.assistant.offering import Offer
from przystan.conversations.models import Message, Thread
from przystan.procedures import sealing
from przystan.procedures.models import Check, Statement
from przystan.procedures.tests.rooms import sample  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db
QUESTION = "I am a citizen of Ukraine. Can I get a card?"


@pytest.fixture
def asked(sample, monkeypatch, settings):
    """A browser with a question whose articles lead to `settling`; its link."""
    settings.RATE_LIMIT_QUESTIONS = settings.RATE_LIMIT_QUESTIONS_ADDRESS = 1_000
    offered = Offer("settling", "en Title of settling", {"citizenships": ["UA"]},
                    {"citizenships": "I am a citizen of Ukraine."})  # fmt: skip
    monkeypatch.setattr(
        "przystan.assistant.api.offer",
        lambda text, answer, **more: None if answer.danger else offered,
    )
    client = Client()
    response = client.post("/en/ask/", {"question": QUESTION, "key": "k"})
    return client, response["Location"].split("#")[0]


def page(client, link):
    response = client.get(link)
    assert response.status_code == 200
    return response.content.decode()


def form_of(html, marker):
    """Hidden fields and address of the first form that holds a marker."""
    for form in re.findall(r"<form.*?</form>", html, re.S):
        if marker in form:
            fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
            return re.search(r'action="([^"]+)"', form)[1], fields
    raise AssertionError(f"no form with {marker}")


def begun(client, link, **more):
    html = page(client, link)
    address, fields = form_of(html, 'name="procedure"')
    if 'value="citizenships" checked' in html:
        fields |= {"use": "citizenships", "citizenships": "UA"}
    response = client.post(address, {**fields, **more})
    assert response.status_code == 302, response.content.decode()
    return response


def said(client, link, marker='name="say"', **more):
    address, fields = form_of(page(client, link), marker)
    return client.post(address, {**fields, **more})


def test_a_question_offers_its_check_with_what_was_read_and_uses_nothing_by_itself(asked):
    client, link = asked
    html = page(client, link)

    assert "en Title of settling" in html
    assert "I am a citizen of Ukraine." in html
    assert "Continue with these answers" in html
    assert not Check.objects.exists()


def test_facts_are_confirmed_changed_or_left_out(asked):
    client, link = asked
    begun(client, link, citizenships=["GE", "UA"])
    check = Check.objects.get()
    assert (check.channel, check.procedure) == ("chat", "settling")
    assert Statement.objects.get().source == "chat"
    html = page(client, link)
    assert "Georgia, Ukraine" in html
    assert "en birth date?" in html


def test_a_fact_that_was_taken_out_is_asked_again(asked):
    client, link = asked
    begun(client, link, use=[])
    assert not Statement.objects.exists()
    assert "en citizenships?" in page(client, link)


def test_a_check_is_answered_in_words_by_buttons_and_fields_and_ends_as_a_message(asked):
    client, link = asked
    begun(client, link)
    for words in ("12.05.1990", "1 marca 2099"):
        assert said(client, link, say=words).status_code == 302
    assert said(client, link, 'name="value"', value="yes").status_code == 302  # insured
    html = page(client, link)
    assert "There is none" in html
    entry = {"contract": "employment", "pay": "2000", "since-day": "1", "since-month": "2",
             "since-year": "2024", "abroad": "PL"}  # fmt: skip
    assert said(client, link, 'value="fields"', **entry).status_code == 302
    assert said(client, link, 'value="complete"', act="complete").status_code == 302
    assert said(client, link, say="3 marca 2020").status_code == 302
    assert said(client, link, 'name="value"', value="work").status_code == 302
    html = page(client, link)
    assert "en Outcome may." in html
    assert "What the check came to" in html
    assert re.search(r"540", html)
    assert Check.objects.get().state == "finished"
    assert f"/en/procedures/settling/{Check.objects.get().pk}/" in html
    assert client.get(f"/en/procedures/settling/{Check.objects.get().pk}/").status_code == 200
    assert 'name="say"' not in html


def test_what_cannot_be_read_is_asked_again_and_nothing_typed_is_lost(asked):
    client, link = asked
    begun(client, link)

    response = said(client, link, say="a long time ago <b>")

    html = response.content.decode()
    assert response.status_code == 422
    assert "a long time ago &lt;b&gt;" in html
    assert "We could not read a day" in html
    assert "birth_date" not in str(Message.objects.values())


def test_i_do_not_know_is_an_answer(asked):
    client, link = asked
    begun(client, link)
    said(client, link, 'value="unknown"', act="unknown")
    said(client, link, say="не знаю")

    html = page(client, link)
    assert "en insured?" in html
    assert html.count("I do not know") >= 2


def test_to_the_pages_and_back_no_fact_is_lost(asked):
    client, link = asked
    begun(client, link)
    here = f"/en/procedures/settling/{Check.objects.get().pk}/"
    assert here in page(client, link)

    there = client.get(client.get(here)["Location"]).content.decode()
    assert "Go on in the conversation" in there
    assert "Ukraine" in there
    client.post(f"{here}birth_date/", {"value-year": "1990"})

    assert "en stay until?" in page(client, link)
    assert f"{link}#turn" in client.get(f"{here}stay_until/").content.decode()


def test_a_link_to_the_check_alone_does_not_lead_to_the_conversation(asked):
    client, link = asked
    begun(client, link)
    here = f"/en/procedures/settling/{Check.objects.get().pk}/"
    saved = client.post(f"{here}to-save/").content.decode()
    door = re.search(r"(/en/procedures/open/[\w-]+/)", saved)[1]
    other = Client()
    assert other.post(door).status_code == 302

    assert "Go on in the conversation" not in other.get(f"{here}birth_date/").content.decode()


def test_sending_a_turn_twice_is_one_turn(asked):
    client, link = asked
    begun(client, link)
    address, fields = form_of(page(client, link), 'name="say"')
    for _number in range(2):
        client.post(address, {**fields, "say": "1990"})

    assert Message.objects.filter(author="person", check_id__isnull=False).count() == 1
    assert Statement.objects.count() == 2


def test_answers_that_contradict_are_told_and_one_is_taken_back(asked):
    client, link = asked
    begun(client, link)
    said(client, link, say="1990")
    said(client, link, say="2099-03-01")
    here = f"/en/procedures/settling/{Check.objects.get().pk}/"
    entered = {"value-day": "1", "value-month": "1", "value-year": "1980"}
    client.post(f"{here}entered_on/", entered)
    html = page(client, link)
    assert "Two answers do not fit together" in html

    address, fields = form_of(html, 'name="fact"')
    client.post(address, {**fields, "fact": "entered_on"})

    assert "Two answers do not fit together" not in page(client, link)


DANGER = "My boss took my passport and does not let me out, help"


def test_danger_in_a_typed_answer_goes_first_and_seals_the_conversation(asked):
    client, link = asked
    begun(client, link)

    said(client, link, say=DANGER)

    thread = Thread.objects.get()
    assert (thread.team, thread.state) == ("danger", "waiting")
    html = page(client, link)
    assert "You can get help now" in html
    assert 'name="say"' not in html


def test_a_wish_for_a_human_in_a_typed_answer_calls_one(asked):
    client, link = asked
    begun(client, link)

    said(client, link, say="chcę rozmawiać z człowiekiem")

    assert Thread.objects.get().state == "waiting"
    assert "en birth date?" in page(client, link)


def test_a_sealed_outcome_seals_the_conversation_and_keeps_nothing_of_the_check(asked):
    client, link = asked
    begun(client, link, procedure="quiet-help", use=[])
    assert "Title of quiet-help" not in str([m.text for m in said_in(link)])
    assert "not kept in this conversation" in page(client, link)

    assert said(client, link, 'name="value"', value="yes").status_code == 302

    thread = Thread.objects.get()
    assert (thread.team, thread.session, thread.account_id) == ("danger", "", None)
    assert thread.state == "waiting"
    assert not Check.objects.exists()
    assert not Message.objects.exclude(check_id=None).exists()
    html = page(client, link)
    assert "You can get help now" in html
    assert link not in client.get("/en/my-questions/").content.decode()


def said_in(link):
    from przystan.conversations import api as conversations

    return conversations.by_token(link.rstrip("/").split("/")[-1]).messages


def test_another_browser_reads_the_conversation_and_does_not_answer_in_it(asked):
    client, link = asked
    begun(client, link)
    address, fields = form_of(page(client, link), 'name="say"')
    other = Client()

    assert "open in another browser" in page(other, link)
    assert other.post(address, {**fields, "say": "1990"}).status_code == 404


def test_a_fact_the_check_does_not_ask_for_is_absent(asked):
    client, link = asked
    begun(client, link)
    address, fields = form_of(page(client, link), 'name="say"')

    for fact in ("on_a_list", "in_danger", "none", ""):
        assert client.post(address, {**fields, "fact": fact, "say": "1"}).status_code == 404


def test_the_context_of_the_next_question_holds_no_turn_of_a_check(asked):
    from przystan.conversations.services import _turns

    client, link = asked
    begun(client, link)
    said(client, link, say="1990")

    assert [turn.question for turn in _turns(Thread.objects.get())] == [QUESTION]


def test_a_browser_may_send_the_forms_of_a_conversation_and_tells_nobody_else_its_address(asked):
    client, link = asked
    # "no-referrer" would make browsers send the forms as from nowhere, and be refused.
    assert client.get(link)["Referrer-Policy"] == "same-origin"


def test_in_arabic_the_words_of_the_check_are_marked_as_english(asked):
    client, link = asked
    arabic = link.replace("/en/", "/ar/")
    begun(client, arabic)

    assert 'lang="en" dir="ltr"' in page(client, arabic)


def test_a_day_named_beside_a_yes_is_proposed_for_the_question_that_follows(asked):
    client, link = asked
    begun(client, link)
    check = Check.objects.get()
    here = f"/en/procedures/settling/{check.pk}/"
    said(client, link, say="1990")
    said(client, link, say="2099-03-01")
    entry = {"contract": "employment", "pay": "2000", "since-year": "2024", "since-month": "2",
             "since-day": "1", "abroad": "PL"}  # fmt: skip
    client.post(f"{here}jobs/first/", entry)
    client.post(f"{here}jobs/", {"act": "complete"})
    assert "en insured?" in page(client, link)

    said(client, link, say="yes since March 3")

    html = page(client, link)
    assert "en entered on?" in html
    assert "Is this the day?" in html
    assert re.search(r'name="say" value="03\.03\.\d{4}"', html)
    assert "entered_on" not in sealing.stated(Check.objects.get()).facts
