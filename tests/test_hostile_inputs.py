"""Every form, address, header and file that strangers fill: what they send has no power."""
# ruff: noqa: F811  `room` is an imported fixture

import re
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection, transaction
from django.http import HttpResponse
from django.template import Context, Template
from django.urls import reverse

from przystan.conversations.models import Message, Thread
from przystan.core import cli
from przystan.people.models import Account, Membership
from przystan.people.tests import factories as people
from tests import hostile, witness
from tests.hostile import BYTES, TEXTS, weaknesses
from tests.rooms import room, routes  # noqa: F401  a fixture
from tests.writing_cases import (
    ADDRESSES,
    UNKNOWN,
    asked,
    form_of,
    in_chat,
    official,
    own_key,
    person,
    polish,
    visitor,
)

pytestmark = pytest.mark.django_db
TRIED: Counter[str] = Counter()


@pytest.fixture(scope="module", autouse=True)
def said_at_the_end(request):
    yield
    words = ", ".join(f"{name} {count}" for name, count in sorted(TRIED.items()))
    total = sum(TRIED.values())
    capture = request.config.pluginmanager.get_plugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(f"\nhostile inputs: {total} cases in {len(TRIED)} classes ({words})")


@pytest.fixture(autouse=True)
def unlimited(settings):
    """Limits have their own tests; here every case must reach the page."""
    settings.RATE_LIMIT_ADDRESS = settings.RATE_LIMIT_SESSION = 10**9
    settings.RATE_LIMIT_QUESTIONS = settings.RATE_LIMIT_QUESTIONS_ADDRESS = 10**9


# --- every field ----------------------------------------------------------------------------

QUESTION = {"question": UNKNOWN}


def portal_fields():
    """(name, client, method, address, field, the other fields) of everything public."""
    client = visitor()
    link = asked(client)
    message = Message.objects.get(author="assistant")
    yield "question", client, "post", "/pl/ask/", "question", {}
    yield "its key", client, "post", "/pl/ask/", "key", QUESTION
    yield "its language", client, "post", "/ar/ask/", "answer_in", QUESTION
    yield "follow-up", client, "post", f"{link}more/", "question", {}
    yield "its key", client, "post", f"{link}more/", "key", QUESTION
    yield "address for the reply", client, "post", f"{link}human/", "email", {}
    yield "rating", client, "post", f"{link}right/{message.pk}/", "right", {}
    chat = in_chat(client)
    turn = {"fact": "citizenships", "key": "k"}
    yield "own words", client, "post", f"{chat}turn/", "say", turn
    yield "fact of a turn", client, "post", f"{chat}turn/", "fact", {"say": "1990"}
    yield "act of a turn", client, "post", f"{chat}turn/", "act", turn
    yield "key of a turn", client, "post", f"{chat}turn/", "key", {**turn, "say": "Ukraina"}
    begin = {"procedure": "settling", "key": "k", "use": "insured", "insured": "yes"}
    for field in ("procedure", "use", "insured", "key"):
        yield "offered check", client, "post", f"{link}check/", field, begin
    for page in ("/pl/guide/work-permit/", "/pl/law/act-on-foreigners/art-114-1/"):
        yield "day of the law", client, "get", page, "as_of", {}
    yield "language of an article", client, "get", "/ar/guide/work-permit/", "in", {}
    yield "unasked parameter", client, "get", "/pl/", "utm_source", {}


def account_fields():
    client = visitor()
    for field in ("address", "next"):
        rest = {} if field == "address" else {"address": "olena@example.org"}
        yield "sign-in", client, "post", reverse("account_login"), field, rest
        yield "sign-in", client, "get", reverse("account_login"), field, {}
    yield "sign-up", client, "get", reverse("account_signup"), "next", {}
    staff = reverse("people_staff_sign_in")
    yield "staff", client, "post", staff, "login", {"password": "x"}
    yield "staff", client, "post", staff, "password", {"login": "agent@office.example"}
    yield "staff", client, "post", staff, "next", {"login": "a@b.pl", "password": "x"}
    yield "reset", client, "post", reverse("account_reset_password"), "email", {}
    yield "passkey", client, "post", reverse("mfa_login_webauthn"), "credential", {}
    known = person("known@example.org")
    key = own_key(known)
    rename = reverse("mfa_edit_webauthn", args=[key])
    yield "name of a passkey", known, "post", rename, "name", {}
    yield "new e-mail", known, "post", reverse("account_email"), "email", {"action_add": "1"}
    yield "new phone", known, "post", reverse("account_change_phone"), "phone", {}
    yield "code", known, "post", reverse("people_confirm_by_code"), "code", {}
    yield "way on", known, "post", reverse("people_confirm_by_code"), "next", {"code": "x"}
    yield "erasure", known, "post", "/pl/my-data/erase/", "confirm", {}
    yield "copy", known, "post", "/pl/my-data/copy/", "key", {}


def desk_fields():
    asked(visitor())
    thread = Thread.objects.get(state="waiting")
    desk = official("agent", email="desk@hostile.example")
    desk.post(f"/pl/desk/{thread.pk}/claim/")
    page = f"/pl/desk/{thread.pk}/"
    yield "reply in the address", desk, "get", page, "reply", {}
    yield "search", desk, "post", f"{page}reply/", "search_for", {}
    yield "search keeps the reply", desk, "post", f"{page}reply/", "reply", {"act": "search"}
    yield "suggested text", desk, "post", f"{page}reply/", "use", {"reply": "x"}
    yield "office", desk, "post", reverse("people_office"), "membership", {}
    yield "reply", desk, "post", f"{page}reply/", "reply", {"act": "send"}


# The question is tried with everything; fields of words share out half, the rest a quarter.
IN_WORDS = {
    "question",
    "say",
    "email",
    "address",
    "name",
    "reply",
    "login",
    "next",
    "as_of",
    "search_for",
}


def dealt(place, field):
    """(class, what, text) for one field."""
    for kind, texts in TEXTS.items():
        for number, (what, text) in enumerate(texts.items()):
            share = 1 if field == "question" and not place else 2 if field in IN_WORDS else 4
            if (number + place) % share == 0:
                yield kind, what, text


def found_weak(fields):
    """Everything that a field gave way to; each case is undone."""
    for place, (name, client, method, address, field, rest) in enumerate(fields):
        client.raise_request_exception = False
        for kind, what, text in dealt(place, field):
            TRIED[kind] += 1
            cache.clear()  # the library's limits are counted there
            with transaction.atomic():
                response = getattr(client, method)(address, {**rest, field: text})
                faults = list(weaknesses(response, text))
                faults += _stored(client, response, text)
                transaction.set_rollback(True)
            yield from (f"{name}.{field}, {kind}: {what}: {fault}" for fault in faults)


def _stored(client, response, text):
    """What was kept is shown on the next page, and must be harmless there too."""
    location = response.get("Location", "").split("#")[0]
    if not location.startswith("/") or hostile.leads_away(location):
        return []
    return list(weaknesses(client.get(location), text))


@pytest.mark.parametrize("fields", [portal_fields, account_fields, desk_fields])
def test_no_field_gives_way_to_what_is_typed_into_it(fields, room):
    assert list(found_weak(fields())) == []


def test_what_a_person_wrote_is_harmless_at_the_desk_and_in_their_list(room):
    client, desk = visitor(), official()
    for kind in ("script", "template", "unicode"):
        for what, text in TEXTS[kind].items():
            TRIED[kind] += 1
            with transaction.atomic():
                response = client.post("/pl/ask/", {"question": f"{UNKNOWN} {text}", "key": what})
                if response.status_code == 302:
                    thread = Thread.objects.get()
                    for reader, page in (
                        (client, "/pl/my-questions/"),
                        (desk, "/pl/desk/"),
                        (desk, f"/pl/desk/{thread.pk}/"),
                    ):
                        assert list(weaknesses(reader.get(page), text)) == [], (page, what)
                transaction.set_rollback(True)


def test_bytes_that_are_no_text_are_answered_and_kept_nowhere(room):
    client = visitor()
    client.raise_request_exception = False
    form = "application/x-www-form-urlencoded"
    for what, data in BYTES.items():
        for body in (b"question=" + data, data, b"question=Ile+kosztuje&" + data + b"=1"):
            TRIED["bytes"] += 1
            assert client.post("/pl/ask/", body, content_type=form).status_code < 500, what
        for body in (data, b"--x\r\n" + data, b'--x\r\nContent-Disposition: form-data; name="'):
            TRIED["bytes"] += 1
            kind = "multipart/form-data; boundary=x"
            assert client.post("/pl/ask/", body, content_type=kind).status_code < 500, what
        TRIED["bytes"] += 1
        encoded = quote(data)
        assert client.get(f"/pl/guide/{encoded}/?as_of={encoded}").status_code in {400, 404}, what


# --- the editors' room ----------------------------------------------------------------------

# What Wagtail's own form always sends, and what could come instead.
HIDDEN = (
    "body-count", "body-0-type", "body-0-order", "body-0-deleted", "body-1-value-sources-count",
    "body-1-value-sources-0-order", "body-1-value-sources-0-deleted", "questions-count",
    "questions-0-value-phrasings-count", "expectations-0-order", "comments-TOTAL_FORMS",
)  # fmt: skip
BROKEN = {
    "absent": None,
    "empty": "",
    "no number": "x",
    "negative": "-1",
    "beyond bounds": "9" * 400,
    "more than are there": "999999",
    "NUL": "\x00",
    "JSON": '{"count": 1}',
}
JSON = {
    "nothing": b"",
    "half": b'{"a":',
    "a list": b"[1]",
    "null": b"null",
    "no text": b"\xff\xfe",
    "deep": b"[" * 5_000,
    "NaN": b'{"help": NaN}',
}
# Addresses of the room that take a form's or a script's word for a page.
TAKES_A_PAGE = {
    "copy": ("new_parent_page", {"new_title": "Kopia", "new_slug": "kopia"}),
    "delete": ("next", {}),
    "set_page_position": ("position", {}),
}


def broken_editors_forms():
    """(what, request) of everything that a broken or forged form of the room may send."""
    client, page = official("editor"), polish()
    client.get("/editors/")
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = form_of(page)
    for field in HIDDEN:
        for what, text in BROKEN.items():
            sent = {name: value for name, value in form.items() if name != field}
            sent |= {} if text is None else {field: text}
            yield f"{field}: {what}", partial(client.post, edit, sent)
    for name, (field, rest) in TAKES_A_PAGE.items():
        address = reverse(f"wagtailadmin_pages:{name}", args=[page.pk])
        for what, text in BROKEN.items():
            sent = rest if text is None else rest | {field: text}
            yield f"{name}, {field}: {what}", partial(client.post, address, sent)
    for what, body in JSON.items():
        kind = {"content_type": "application/json"}
        yield f"form as JSON, {what}", partial(client.post, edit, body, **kind)
        yield f"JSON, {what}", partial(client.patch, "/editors/dismissibles/", body, **kind)
    for field in ("p", "id", "child_of", "parent_page_id"):
        for what, text in BROKEN.items():
            for path in ("pages/", "api/main/pages/find/", "choose-page/chosen-multiple/"):
                query = {field: text or ""}
                yield f"{path}?{field}, {what}", partial(client.get, f"/editors/{path}", query)


def test_a_broken_form_of_the_editors_room_is_answered_and_changes_nothing(room):
    answered = Counter()
    for what, request in broken_editors_forms():
        TRIED["editors' form"] += 1
        with transaction.atomic():
            before = witness.state()
            request.func.__self__.raise_request_exception = False
            response = request()
            answered[response.status_code] += 1
            assert response.status_code < 500, what
            if response.status_code == 400:
                assert witness.changed(before, witness.state()) == set(), what
            transaction.set_rollback(True)

    assert answered[400] > 50


@pytest.mark.planted
def test_planted_an_unguarded_room_breaks_off_at_a_broken_form(room, monkeypatch):
    monkeypatch.setattr("przystan.knowledge.editors.unreadable.UNREADABLE", ())

    with pytest.raises(AssertionError):
        test_a_broken_form_of_the_editors_room_is_answered_and_changes_nothing(room)


# --- addresses ------------------------------------------------------------------------------

PLACES = (
    "/{}/", "/pl/topic/{}/", "/pl/guide/{}/", "/pl/law/{}/", "/pl/law/act-on-foreigners/{}/",
    "/pl/help/{}/", "/pl/question/{}/", "/pl/desk/{}/", "/account/{}/", "/editors/{}/",
    "/static/{}", "/files/{}", "/live/{}",
)  # fmt: skip


def test_no_part_of_an_address_opens_anything(room):
    clients = {"visitor": visitor(), "editor": official("editor")}
    for client in clients.values():
        client.raise_request_exception = False
    for place in PLACES:
        for kind, texts in TEXTS.items():
            for what, text in texts.items():
                TRIED["address"] += 1
                client = clients["editor" if "editors" in place else "visitor"]
                response = client.get(place.format(quote(text[:2_000], safe="")))
                assert list(weaknesses(response, text)) == [], (place, kind, what)
                assert response.status_code in {302, 400, 404}, (place, what)


HEADERS = (
    "Accept-Language", "Referer", "User-Agent", "X-Forwarded-For", "X-Forwarded-Host",
    "X-Forwarded-Proto", "X-Original-URL", "X-HTTP-Method-Override", "HX-Request",
)  # fmt: skip


def test_no_header_or_cookie_changes_whose_page_it_is(room):
    client = visitor()
    for texts in TEXTS.values():
        for number, (what, text) in enumerate(texts.items()):
            if "\n" in text or "\r" in text:
                continue  # no server passes these on
            sent = text.encode("utf-8", "replace").decode("latin-1")[:4_000]
            for place, name in enumerate(HEADERS):
                if (place + number) % 3:
                    continue
                TRIED["request header"] += 1
                client.cookies.clear()
                response = client.get("/", headers={name: sent})
                assert list(weaknesses(response, text)) == [], (name, what)
                assert response["Location"] in {f"/{tag}/" for tag in ("pl", "en")}, (name, what)
            for place, cookie in enumerate(("language", "sessionid", "csrftoken")):
                if (place + number) % 3:
                    continue
                TRIED["cookie"] += 1
                client.cookies.clear()
                client.cookies[cookie] = sent.replace(";", "")
                response = client.get("/pl/my-questions/")
                assert list(weaknesses(response, text)) == [], (cookie, what)
                assert response.status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "testserver:80@evil.example", "", "a b"]
)
def test_a_host_that_is_not_ours_is_refused_and_named_nowhere(host, room):
    TRIED["host header"] += 1
    client = visitor()
    response = client.get("/pl/", headers={"host": host})
    forwarded = client.get("/account/sign-in/", headers={"x-forwarded-host": "evil.example"})

    assert response.status_code == 400
    assert "evil.example" not in response.content.decode() + forwarded.content.decode()


def test_a_letter_never_carries_the_host_of_the_request(room, settings):
    TRIED["host header"] += 1
    settings.ALLOWED_HOSTS = ["*"]
    client = visitor()
    client.post(
        reverse("account_login"), {"address": "x@example.org"}, headers={"host": "evil.example"}
    )

    assert "evil.example" not in people.letters()[-1].body


# --- forged, foreign and surplus ------------------------------------------------------------

# A key in a header opens the API, and no browser adds it to a form of another site.
FIRST = [
    pytest.param(cases[0], id=cases[0].name)
    for route, cases in ADDRESSES.items()
    if not route.startswith("api/")
]


@pytest.mark.parametrize("case", FIRST)
def test_a_form_of_another_site_does_nothing(case, room, monkeypatch):
    TRIED["csrf"] += 1
    act = case.prepare(room)
    before = witness.state()
    with monkeypatch.context() as patch:
        # What Django's test client leaves out, whatever the client was made with.
        guarded = property(lambda request: False, lambda request, value: None)
        patch.setattr(WSGIRequest, "_dont_enforce_csrf_checks", guarded, raising=False)
        response = act()

    assert response.status_code == 403
    assert witness.changed(before, witness.state()) == set()


def test_ids_of_others_are_absent(room):
    mine, theirs = visitor(), visitor()
    my_link, their_link = asked(mine), asked(theirs)
    first, second = Message.objects.filter(author="assistant").order_by("at")
    holder, stranger = person("holder@example.org"), person("stranger@example.org")
    key = own_key(holder)
    answered = Thread.objects.get(pk=second.thread_id)
    Thread.objects.filter(pk=answered.pk).update(state="answered", waiting_since=None)
    desk, colleague = official(), official("agent", email="colleague@office.example")
    desk.post(f"/pl/desk/{first.thread_id}/claim/")
    desk_of_others = [f"/pl/desk/{answered.pk}/{step}/" for step in ("claim", "close", "release")]
    attempts = [
        (mine, f"{my_link}right/{second.pk}/", {"right": "yes"}),
        (mine, f"/pl/question/{'A' * 22}/more/", {"question": "Ile kosztuje?"}),
        (mine, f"/pl/question/{their_link.split('/')[3].swapcase()}/human/", {"email": ""}),
        (stranger, reverse("mfa_remove_webauthn", args=[key]), {}),
        (stranger, reverse("mfa_edit_webauthn", args=[key]), {"name": "mine now"}),
        (colleague, f"/pl/desk/{first.thread_id}/close/", {}),
        *[(desk, address, {}) for address in desk_of_others],
        (desk, f"/pl/desk/{answered.pk}/reply/", {"reply": "x", "act": "send"}),
    ]
    for client, address, fields in attempts:
        TRIED["foreign id"] += 1
        before = witness.state()
        assert client.post(address, fields).status_code == 404, address
        assert witness.changed(before, witness.state()) == set(), address
    TRIED["foreign id"] += 1
    assert desk.get(f"/pl/desk/{answered.pk}/").status_code == 404


SURPLUS = {
    "account_id": "01a20554-0000-7000-8000-000000000000",
    "author": "consultant",
    "claimed_by": "01a20554-0000-7000-8000-000000000000",
    "email": "planted@example.org",
    "id": "1",
    "is_active": "1",
    "is_staff": "1",
    "is_superuser": "1",
    "is_urgent": "1",
    "office": "1",
    "pk": "1",
    "role": "admin",
    "session": "x",
    "state": "closed",
    "subject": "01a20554-0000-7000-8000-000000000000",
    "team": "danger",
    "user": "1",
    "was_right": "1",
    "written_by": "01a20554-0000-7000-8000-000000000000",
}


def test_fields_that_no_form_has_change_nothing(room):
    client = visitor()
    link = client.post("/pl/ask/", {**SURPLUS, "question": UNKNOWN, "key": "k"})["Location"]
    client.post(f"{link}more/", {**SURPLUS, "question": UNKNOWN, "key": "l"})
    thread = Thread.objects.get()
    desk = official()
    desk.post(f"/pl/desk/{thread.pk}/claim/", SURPLUS)
    desk.post(f"/pl/desk/{thread.pk}/reply/", {**SURPLUS, "reply": "x", "act": "send", "key": "m"})
    client.post(reverse("account_login"), {**SURPLUS, "address": "olena@example.org"})
    code = people.letters()[-1].code
    client.post(reverse("account_confirm_login_code"), {**SURPLUS, "code": code})
    TRIED["surplus field"] += 6 * len(SURPLUS)

    thread.refresh_from_db()
    consultant = Account.objects.get(email="agent@office.example")
    olena = Account.objects.get(email="olena@example.org")
    assert (thread.team, thread.is_urgent, thread.account_id) == ("", False, None)
    assert thread.email_sealed is None
    assert (thread.state, thread.claimed_by) == ("replied", consultant.pk)
    assert set(Message.objects.values_list("author", "written_by")) == {
        ("person", None),
        ("assistant", None),
        ("consultant", consultant.pk),
    }
    assert not olena.is_superuser
    assert not Membership.objects.filter(account=olena).exists()
    assert olena.pk.hex != SURPLUS["account_id"].replace("-", "")


# --- caches and frames ----------------------------------------------------------------------

PUBLIC = (
    "/pl/", "/uk/", "/pl/topic/work/", "/pl/guide/work-permit/", "/pl/law/",
    "/pl/law/act-on-foreigners/", "/pl/law/act-on-foreigners/art-114-1/", "/pl/help/",
    "/pl/about/", "/pl/privacy/", "/pl/accessibility/", "/account/sign-in/", "/",
)  # fmt: skip
OWN = (
    "/pl/my-questions/", "/pl/my-data/", "/pl/my-data/who-looked/", "/account/",
    "/account/e-mail/", "/account/security/passkeys/",
)  # fmt: skip


def shared_too_widely(responses):
    """What a shared cache between people and languages would mix up."""
    stores = [one for one in responses if "no-store" not in one.get("Cache-Control", "")]
    if len({_without_tokens(one) for one in responses}) < 2:
        return
    for response in stores:
        if "Cookie" not in response.get("Vary", "") and "private" not in response.get(
            "Cache-Control", ""
        ):
            yield "differs by person, and a cache is not told"


def _without_tokens(response):
    body = re.sub(rb'(value|content)="[^"]{20,}"|data-key="[^"]*"', b"", response.content)
    return response.status_code, response.get("Location"), body


def test_no_cache_mixes_up_people(room):
    anonymous, signed_in, desk = visitor(), person(), official()
    for page in PUBLIC:
        TRIED["cache"] += 1
        assert list(shared_too_widely([c.get(page) for c in (anonymous, signed_in, desk)])) == []
    for page in OWN:
        TRIED["cache"] += 1
        assert "no-store" in signed_in.get(page).get("Cache-Control", ""), page
    link = asked(signed_in)
    TRIED["cache"] += 1
    assert "no-store" in signed_in.get(link)["Cache-Control"]


def test_no_cache_is_poisoned_with_another_language(room):
    for page in PUBLIC:
        TRIED["language cache"] += 3
        plain, asking, chosen = visitor(), visitor(), visitor()
        chosen.cookies["language"] = "uk"
        answers = [
            plain.get(page, headers={"accept-language": "pl"}),
            asking.get(page, headers={"accept-language": "uk"}),
            chosen.get(page, headers={"accept-language": "pl"}),
        ]
        if len({_without_tokens(one) for one in answers}) > 1:
            for answer in answers:
                assert {"Accept-Language", "Cookie"} <= set(
                    re.split(r",\s*", answer.get("Vary", ""))
                ), page
        if page.count("/") > 1 and page[1:3] in {"pl", "uk"}:
            assert {one["Content-Language"] for one in answers} == {page[1:3]}


def test_every_page_refuses_to_be_framed(room):
    clients = (visitor(), person(), official(), official("editor"))
    pages = {*PUBLIC, *OWN, "/pl/desk/", "/pl/desk/unanswered/", "/editors/", "/no/such/page/"}
    for client in clients:
        for page in pages:
            TRIED["frame"] += 1
            response = client.get(page)
            assert response["X-Frame-Options"] in {"DENY", "SAMEORIGIN"}, page
            assert "frame-ancestors '" in response["Content-Security-Policy"], page


# --- patterns -------------------------------------------------------------------------------

UNITS = (
    "a", "A", "1", " ", "\n", "-", ".", "@", "<", "{", "(", "'", "_", "ą", "ж", "\u0301", "0a",
    "a ", "a.", "a@", "1 ", "- ", "a-", "Art. ", "1) ", "{a", "www.", "+4", "sh", "ab1-",
)  # fmt: skip
LENGTHS = (16, 24, 300, 8_000)
SLOWEST_S = 0.2
# Patterns that are never searched for in a long text: how each is used instead.
USED_AT_ITS_PLACE = {
    "przystan.assistant.danger.reading._CLAUSE_END": "match",
    "przystan.assistant.lines.layout._BULLET": "match",
    "przystan.knowledge.law.labels._NUMBER": "match",
    "przystan.knowledge.law.pages._UNIT": "match",
    "przystan.knowledge.law.units._NUMBER": "match",
    "przystan.people.audit.ACT": "fullmatch",
}
# Searched in texts of editors and acts alone, a paragraph or a line at a time.
SHORT_TEXTS = {
    "przystan.assistant.lines.layout._URL",
    "przystan.knowledge.content.texts.MONEY",
    "przystan.knowledge.law.words._BROKEN_END",
    "przystan.knowledge.law.words._SPACE_BEFORE",
}


def patterns():
    """Every compiled pattern of the product, by module and name."""
    for name, module in sorted(sys.modules.items()):
        if not name.startswith("przystan.") or ".tests" in name or module is None:
            continue
        for key, value in vars(module).items():
            found = value if isinstance(value, (tuple, list)) else (value,)
            for one in found:
                for part in one if isinstance(one, tuple) else (one,):
                    if isinstance(part, re.Pattern) and isinstance(part.pattern, str):
                        yield f"{name}.{key}", part


def slow(pattern, name=""):
    """A text on which the pattern takes more than its share, or None."""
    use = USED_AT_ITS_PLACE.get(name, "finditer")
    lengths = LENGTHS[:3] if name in SHORT_TEXTS else LENGTHS
    for unit in UNITS:
        for length in lengths:
            text = unit * (length // len(unit)) + "\x00!"
            if (took_s := _taken_s(pattern, use, text)) > SLOWEST_S:
                return f"{unit!r} x {length // len(unit)}: {took_s:.2f} s"
    return None


def _taken_s(pattern, use, text):
    started = time.process_time()
    found = getattr(pattern, use)(text)
    if use == "finditer":
        for _one in found:
            pass
        pattern.fullmatch(text)
    return time.process_time() - started


def test_no_pattern_takes_more_than_its_share_of_time():
    known = {pattern: name for name, pattern in patterns()}
    TRIED["pattern"] += len(known) * len(UNITS) * len(LENGTHS)
    found = {name: text for pattern, name in known.items() if (text := slow(pattern, name))}

    assert len(known) > 40
    assert found == {}


# --- files ----------------------------------------------------------------------------------

TAGS = (
    "!!python/object/apply:os.system ['true']",
    "!!python/name:os.system",
    "!!python/module:os",
    "!<tag:yaml.org,2002:python/object/new:type> []",
    "&a [*a]",
    "{<<: *none}",
    "[" * 300,
    "\x00",
    "a: \ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "? [1]\n: 2",
    "id: x\nid: y",
)
LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "\n".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join([f'*{chr(97 + i)}'] * 9)}]" for i in range(9)
)


@pytest.mark.parametrize("words", [("directory", "load"), ("content", "load", "--folder")])
def test_a_yaml_file_makes_no_object_and_runs_nothing(words, room, tmp_path, capsys):
    for text in (*TAGS, LAUGHS):
        TRIED["yaml"] += 1
        folder = tmp_path / "content"
        folder.mkdir(exist_ok=True)
        for name in ("sources.yaml", "acts.yaml", "organisations.yaml"):
            (folder / name).write_text(text, encoding="utf-8")
        target = folder / "organisations.yaml" if words[0] == "directory" else folder
        before, started = witness.state(), time.process_time()

        assert cli.run([*words, str(target)]) == 1, text[:40]
        assert time.process_time() - started < 5
        assert witness.changed(before, witness.state()) == set()


# --- the checks can fail --------------------------------------------------------------------


def careless_pages():
    """One page for each class that gives way to it."""

    def echo(request):
        return HttpResponse(f"<p>{request.GET['q']}</p>")

    def select(request):
        with connection.cursor() as cursor:
            try:
                cursor.execute(f"SELECT '{request.GET['q']}'")
            except Exception as error:
                return HttpResponse(f"{type(error).__name__}: {error}")
        return HttpResponse("none")

    def header(request):
        response = HttpResponse("")
        response.headers._store["x-copied"] = ("X-Copied", request.GET["q"])
        return response

    def template(request):
        return HttpResponse(Template(request.GET["q"]).render(Context()))

    def file(request):
        return HttpResponse(Path("/srv", request.GET["q"].strip()).resolve().read_text())

    def away(request):
        response = HttpResponse(status=302)
        response["Location"] = quote(request.GET["q"], safe=":/\\@,")
        return response

    return {
        "script": echo,
        "unicode": echo,
        "sql": select,
        "header": header,
        "template": template,
        "path": file,
        "away": away,
    }


@pytest.mark.planted
@pytest.mark.parametrize("kind", careless_pages())
def test_planted_a_page_that_gives_way_is_found(kind, rf):
    view = careless_pages()[kind]
    found = []
    for text in TEXTS[kind].values():
        try:
            response = view(rf.get("/", {"q": text}))
        except Exception:
            continue
        found += [fault for fault in weaknesses(response, text) if fault.startswith(kind)]

    assert found


@pytest.mark.planted
@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(\w+\s?)*x", r"\s+$"])
def test_planted_a_pattern_that_takes_for_ever_is_found(pattern):
    assert slow(re.compile(pattern))


@pytest.mark.planted
def test_planted_a_form_without_its_token_is_found(room, monkeypatch):
    monkeypatch.setattr(
        "django.middleware.csrf.CsrfViewMiddleware._check_token", lambda self, request: None
    )
    case = ADDRESSES["<lang:lang>/ask/"][0]

    with pytest.raises(AssertionError):
        test_a_form_of_another_site_does_nothing(case, room, monkeypatch)


@pytest.mark.planted
def test_planted_a_page_that_differs_by_person_and_hides_it_is_found():
    assert list(shared_too_widely([HttpResponse("Olena"), HttpResponse("Ivan")]))


@pytest.mark.planted
def test_planted_an_open_thread_of_others_is_found(room, monkeypatch):
    from przystan.conversations.models.thread import ThreadQuerySet

    monkeypatch.setattr(ThreadQuerySet, "visible_to", lambda self, actor: self.all())

    with pytest.raises(AssertionError):
        test_ids_of_others_are_absent(room)


@pytest.mark.planted
def test_planted_a_form_that_takes_every_field_is_found(room, monkeypatch):
    save = Thread.save

    def save_all(self, *arguments, **words):
        self.is_urgent = bool(SURPLUS["is_urgent"])
        save(self, *arguments, **words)

    monkeypatch.setattr(Thread, "save", save_all)

    with pytest.raises(AssertionError):
        test_fields_that_no_form_has_change_nothing(room)
