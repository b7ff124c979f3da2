"""Every writing address and command with valid input, by somebody who may."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse
from wagtail.models import TaskState

from przystan.conversations.models import Message, Thread
from przystan.core import cli, clock
from przystan.core.ids import new_token
from przystan.core.models import OutboxMessage
from przystan.knowledge.editors.models import ArticleIndexPage, ArticlePage
from przystan.knowledge.editors.tests.test_room import form_of
from przystan.knowledge.tests.folders import content_folder
from przystan.knowledge.tests.test_law import law_file
from przystan.people import standing, tokens, vault
from przystan.people.tests import factories as people
from przystan.people.tests.device import Device
from przystan.people.tests.test_passkeys import options_on

# A passkey belongs to a host name; browsers take plain http for this one alone.
HOST = {"host": "localhost", "accept-language": "en"}
UNKNOWN = "Jak upiec chleb na zakwasie w domu?"
LONG = "another long password"

Act = Callable[[], Any]


@dataclass(frozen=True)
class Case:
    """`prepare` brings about the situation and returns the one request to be watched."""

    name: str
    prepare: Callable[[Any], Act]
    act: str = ""  # the audit row that it must leave; empty: nothing is kept, `why` says so
    why: str = ""
    # Tables that are written before the act, in a transaction of their own; `why` says so.
    apart: frozenset[str] = frozenset()


ADDRESSES: dict[str, list[Case]] = {}
COMMANDS: dict[str, list[Case]] = {}


def post(route: str, act: str = "", **more: Any) -> Callable:
    return _register(ADDRESSES, route, act, **more)


def command(words: str, act: str = "", **more: Any) -> Callable:
    return _register(COMMANDS, words, act, **more)


def _register(table: dict[str, list[Case]], key: str, act: str, **more: Any) -> Callable:
    def register(prepare: Callable[[Any], Act]) -> Callable[[Any], Act]:
        table.setdefault(key, []).append(Case(f"{key} {prepare.__name__}", prepare, act, **more))
        return prepare

    return register


# --- who comes in ---------------------------------------------------------------------------


def visitor() -> Client:
    return Client(headers=HOST)


def person(email: str = "olena@example.org") -> Client:
    client = visitor()
    people.sign_in_person(client, email)
    return client


def official(role: str = "agent", **more: Any) -> Client:
    client = visitor()
    people.sign_in_staff(client, people.staff(role, **more))
    return client


def posting(client: Client, address: str, fields: dict[str, Any] | None = None) -> Act:
    return lambda: client.post(address, fields or {})


def asked(client: Client, question: str = UNKNOWN) -> str:
    """The secret link of a question that has just been asked."""
    response = client.post("/pl/ask/", {"question": question, "key": new_token()})
    return response["Location"].split("#")[0]


# --- portal ---------------------------------------------------------------------------------


@post("<lang:lang>/ask/", "thread.asked")
def ask(room):
    return posting(visitor(), "/pl/ask/", {"question": UNKNOWN, "key": "k"})


@post("<lang:lang>/ask/", "thread.asked")
def ask_in_danger(room):
    question = "Szef zabrał mi paszport i nie pozwala wychodzić, pomocy"
    return posting(person(), "/pl/ask/", {"question": question, "key": "k"})


@post("<lang:lang>/question/<token:token>/more/", "thread.asked")
def ask_again(room):
    client = visitor()
    return posting(client, f"{asked(client)}more/", {"question": "A ile kosztuje?", "key": "k"})


@post("<lang:lang>/question/<token:token>/human/", "thread.human_asked")
def ask_a_human(room):
    client = visitor()
    return posting(client, f"{asked(client)}human/", {"email": "me@example.org"})


@post("<lang:lang>/question/<token:token>/right/<uuid:message_id>/", "answer.rated")
def rate(room):
    client = visitor()
    link = asked(client)
    message = Message.objects.get(author="assistant")
    return posting(client, f"{link}right/{message.pk}/", {"right": "no"})


def in_chat(client: Client, procedure: str = "settling") -> str:
    """A conversation in which a check goes on; its secret link."""
    link = asked(client)
    client.post(f"{link}check/", {"procedure": procedure, "key": new_token()})
    return link


@post("<lang:lang>/question/<token:token>/check/", "check.started")
def begin_a_check_in_chat(room):
    client = visitor()
    fields = {"procedure": "settling", "key": "k", "use": "insured", "insured": "yes"}
    return posting(client, f"{asked(client)}check/", fields)


@post("<lang:lang>/question/<token:token>/turn/", "check.stated")
def answer_in_chat(room):
    client = visitor()
    fields = {"fact": "citizenships", "say": "Ukraina", "key": "k"}
    return posting(client, f"{in_chat(client)}turn/", fields)


@post("<lang:lang>/question/<token:token>/turn/", "check.finished")
def answer_the_last_question_in_chat(room):
    client = visitor()
    fields = {"fact": "citizenships", "say": "Polska", "key": "k"}
    return posting(client, f"{in_chat(client)}turn/", fields)


@post("<lang:lang>/question/<token:token>/turn/", "check.fact_forgotten")
def take_an_answer_back_in_chat(room):
    client = visitor()
    link = in_chat(client)
    client.post(f"{link}turn/", {"fact": "citizenships", "say": "Ukraina", "key": "k"})
    fields = {"fact": "citizenships", "act": "forget", "key": "again"}
    return posting(client, f"{link}turn/", fields)


@post("<lang:lang>/question/<token:token>/turn/", "thread.sealed")
def a_sealed_outcome_in_chat(room):
    client = visitor()
    fields = {"fact": "in_danger", "value": "yes", "key": "k"}
    return posting(client, f"{in_chat(client, 'quiet-help')}turn/", fields)


@post("<lang:lang>/question/<token:token>/turn/", "thread.asked")
def danger_in_chat(room):
    client = visitor()
    said = "Szef zabrał mi paszport i nie pozwala wychodzić, pomocy"
    fields = {"fact": "citizenships", "say": said, "key": "k"}
    return posting(client, f"{in_chat(client)}turn/", fields)


@post("<lang:lang>/my-data/copy/", "people.person_exported")
def export(room):
    return posting(person(), "/pl/my-data/copy/")


@post("<lang:lang>/my-data/erase/", "people.person_erased")
def erase(room):
    client = person()
    asked(client)
    return posting(client, "/pl/my-data/erase/", {"confirm": "yes"})


# --- desk -----------------------------------------------------------------------------------


def at_desk(step: str, fields: dict[str, Any] | None = None, *, claimed: bool = True) -> Act:
    asked(visitor())
    thread = Thread.objects.get()
    desk = official()
    if claimed:
        desk.post(f"/pl/desk/{thread.pk}/claim/")
    return posting(desk, f"/pl/desk/{thread.pk}/{step}/", fields)


@post("<lang:lang>/desk/<uuid:thread_id>/claim/", "thread.claimed")
def claim(room):
    return at_desk("claim", claimed=False)


@post("<lang:lang>/desk/<uuid:thread_id>/release/", "thread.released")
def release(room):
    return at_desk("release")


@post("<lang:lang>/desk/<uuid:thread_id>/close/", "thread.closed")
def close(room):
    return at_desk("close")


@post("<lang:lang>/desk/<uuid:thread_id>/reply/", "thread.replied")
def reply(room):
    return at_desk("reply", {"reply": "Tego u nas nie ma.", "key": "k", "act": "send"})


@post("<lang:lang>/desk/<uuid:thread_id>/reply/", "thread.read")
def search_for_a_reply(room):
    return at_desk("reply", {"search_for": "opłata", "act": "search"})


@post("<lang:lang>/desk/undelivered/<int:message_id>/again/", "outbox.sent_again")
def send_again(room):
    now = clock.now()
    letter = OutboxMessage.objects.create(
        topic="x.happened", key="x", payload={}, due_at=now, dead_at=now, attempts=9
    )
    return posting(official("admin"), f"/pl/desk/undelivered/{letter.pk}/again/")


# --- signing in and out ---------------------------------------------------------------------

IN_SESSION = "The address and its code wait in the locked session; nobody is signed in yet."
PROVED = "Notes in the session that its holder proved who they are."


@post("account/sign-in/", why=IN_SESSION)
def ask_for_a_code(room):
    return posting(visitor(), reverse("account_login"), {"address": "olena@example.org"})


@post("account/sign-in/code/", "people.signed_in")
def type_the_code(room):
    client = visitor()
    client.post(reverse("account_login"), {"address": "olena@example.org"})
    code = people.letters()[-1].code
    return posting(client, reverse("account_confirm_login_code"), {"code": code})


def with_passkey(client: Client) -> Device:
    key = Device()
    page = client.get(reverse("mfa_add_webauthn"))
    fields = {"credential": key.create(options_on(page)), "name": "Phone", "passwordless": "on"}
    client.post(reverse("mfa_add_webauthn"), fields)
    return key


@post("account/sign-in/passkey/", "people.signed_in")
def passkey_sign_in(room):
    client = person()
    key = with_passkey(client)
    client.post(reverse("account_logout"))
    address = reverse("mfa_login_webauthn")
    answer = client.get(address, headers={"accept": "application/json"})
    return posting(client, address, {"credential": key.get(answer.json()["request_options"])})


@post("account/sign-in/staff/", why="The password is right; the second factor is still to come.")
def staff_password(room):
    account = people.staff()
    fields = {"login": account.email, "password": people.PASSWORD}
    return posting(visitor(), reverse("people_staff_sign_in"), fields)


@post("account/sign-in/staff/", "people.signed_in")
def newly_hired_without_a_second_factor(room):
    account = people.staff(app=False)
    fields = {"login": account.email, "password": people.PASSWORD}
    return posting(visitor(), reverse("people_staff_sign_in"), fields)


@post("account/sign-in/second-factor/", "people.signed_in")
def second_factor(room):
    account = people.staff()
    client = visitor()
    fields = {"login": account.email, "password": people.PASSWORD}
    client.post(reverse("people_staff_sign_in"), fields)
    return posting(client, reverse("mfa_authenticate"), {"code": people.app_code()})


@post(
    "account/sign-in/second-factor/",
    "people.signed_in",
    apart=frozenset({"mfa_authenticator"}),
    why="A recovery code is spent before it opens anything, so that it never opens twice.",
)
def recovery_code(room):
    account = people.staff()
    client = visitor()
    people.sign_in_staff(client, account)
    client.post(reverse("mfa_generate_recovery_codes"))
    [code, *_] = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    client.post(reverse("account_logout"))
    fields = {"login": account.email, "password": people.PASSWORD}
    client.post(reverse("people_staff_sign_in"), fields)
    return posting(client, reverse("mfa_authenticate"), {"code": code})


@post("account/sign-out/", "people.signed_out")
def sign_out(room):
    return posting(person(), reverse("account_logout"))


@post("account/confirm/password/", why=PROVED)
def password_again(room):
    client = visitor()
    people.sign_in_staff(client, people.staff(app=False))
    return posting(client, reverse("account_reauthenticate"), {"password": people.PASSWORD})


@post("account/confirm/code/", why=PROVED)
def code_again(room):
    client = person()
    age(client)
    client.post(reverse("people_confirm_by_code"))
    code = people.letters()[-1].code
    return posting(client, reverse("people_confirm_by_code"), {"code": code})


@post("account/confirm/app/", why=PROVED)
def app_again(room):
    client = official()
    cache.clear()  # an app's code works once
    return posting(client, reverse("mfa_reauthenticate"), {"code": people.app_code()})


@post("account/confirm/passkey/", why=PROVED)
def passkey_again(room):
    client = person()
    key = with_passkey(client)
    address = reverse("mfa_reauthenticate_webauthn")
    options = options_on(client.get(address))
    return posting(client, address, {"credential": key.get(options)})


def age(client: Client) -> None:
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 11 * 60
    session.save()


# --- one's own account ----------------------------------------------------------------------


@post("account/office/", "people.office_chosen")
def choose_office(room):
    account = people.staff()
    people.staff("editor", email=account.email, office=people.second_office())
    client = visitor()
    people.sign_in_staff(client, account)
    second = standing.memberships_of(account.pk, at=people.LONG_AGO)[1]
    return posting(client, reverse("people_office"), {"membership": str(second.pk)})


@post("account/e-mail/", why=IN_SESSION)
def new_email(room):
    fields = {"email": "new@example.org", "action_add": "1"}
    return posting(person(), reverse("account_email"), fields)


@post("account/e-mail/confirm/", "people.email_changed")
def confirm_email(room):
    client = person()
    client.post(reverse("account_email"), {"email": "new@example.org", "action_add": "1"})
    code = next(one.code for one in people.letters() if one.to == "new@example.org")
    return posting(client, reverse("account_email_verification_sent"), {"code": code})


@post("account/phone/", why=IN_SESSION)
def new_phone(room):
    return posting(person(), reverse("account_change_phone"), {"phone": "501 234 567"})


@post("account/phone/confirm/", "people.phone_changed")
def confirm_phone(room):
    client = person()
    client.post(reverse("account_change_phone"), {"phone": "501 234 567"})
    code = people.messages_by_sms(room.folder)[-1].code
    return posting(client, reverse("account_verify_phone"), {"code": code})


@post("account/password/", "people.password_changed")
def change_password(room):
    fields = {"oldpassword": people.PASSWORD, "password1": LONG, "password2": LONG}
    return posting(official(), reverse("account_change_password"), fields)


@post("account/password/set/", "people.password_set")
def set_password(room):
    client = person()
    people.offices.grant(
        "olena@example.org",
        "agent",
        people.offices.ensure_portal(actor=people.SYSTEM).slug,
        actor=people.SYSTEM,
        at=people.LONG_AGO,
    )
    with_passkey(client)
    fields = {"password1": LONG, "password2": LONG}
    return posting(client, reverse("account_set_password"), fields)


def reset(steps: int) -> Act:
    account = people.staff()
    client = visitor()
    walk = [
        lambda: client.post(reverse("account_reset_password"), {"email": account.email}),
        lambda: client.post(
            reverse("account_confirm_password_reset_code"), {"code": people.letters()[-1].code}
        ),
        lambda: client.post(
            reverse("account_complete_password_reset"), {"password1": LONG, "password2": LONG}
        ),
    ]
    for step in walk[: steps - 1]:
        step()
    people.letters()
    return walk[steps - 1]


@post("account/password/reset/", why=IN_SESSION)
def ask_for_a_reset(room):
    return reset(1)


@post("account/password/reset/code/", why=IN_SESSION)
def type_the_code_of_a_reset(room):
    return reset(2)


@post("account/password/reset/new/", "people.password_reset")
def reset_password(room):
    return reset(3)


@post("account/security/app/", "people.app_added")
def add_app(room):
    client = visitor()
    people.sign_in_staff(client, people.staff(app=False))
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    return posting(client, reverse("mfa_activate_totp"), {"code": people.app_code(secret)})


@post("account/security/app/remove/", "people.app_removed")
def remove_app(room):
    client = official()
    with_passkey(client)
    return posting(client, reverse("mfa_deactivate_totp"))


@post("account/security/recovery/new/", "people.recovery_codes_made")
def new_recovery_codes(room):
    return posting(official(), reverse("mfa_generate_recovery_codes"))


@post("account/security/passkeys/new/", "people.passkey_added")
def add_passkey(room):
    client = person()
    key = Device()
    options = options_on(client.get(reverse("mfa_add_webauthn")))
    fields = {"credential": key.create(options), "name": "Phone", "passwordless": "on"}
    return posting(client, reverse("mfa_add_webauthn"), fields)


def own_key(client: Client) -> int:
    with_passkey(client)
    return people.Authenticator.objects.get(type="webauthn").pk


@post("account/security/passkeys/<int:pk>/remove/", "people.passkey_removed")
def remove_passkey(room):
    client = person()
    return posting(client, reverse("mfa_remove_webauthn", args=[own_key(client)]))


@post("account/security/passkeys/<int:pk>/rename/", "people.passkey_renamed")
def rename_passkey(room):
    client = person()
    address = reverse("mfa_edit_webauthn", args=[own_key(client)])
    return posting(client, address, {"name": "Old phone"})


# --- the editors' room ----------------------------------------------------------------------

OWN_LOOK = "An editor's own look of the room."


def polish() -> ArticlePage:
    return ArticlePage.objects.get(slug="work-permit", locale__language_code="pl")


def tree() -> ArticleIndexPage:
    return ArticleIndexPage.objects.get(locale__language_code="pl")


def unpublished() -> ArticlePage:
    """A page that has never been published."""
    page = ArticlePage(title="Szkic", slug="szkic", live=False)
    tree().add_child(instance=page)
    page.save_revision()
    return page


def in_room(name: str, *ids: int | str, role: str = "legal_reviewer", **fields: Any) -> Act:
    client = official(role)
    client.get("/editors/")
    return posting(client, reverse(name, args=ids), fields)


@post(
    "editors/pages/add/<slug:content_type_app_name>/<slug:content_type_model_name>"
    "/<int:parent_page_id>/",
    "editors.create",
)
def write_a_new_page(room):
    client = official("editor")
    address = reverse("wagtailadmin_pages:add", args=["editors", "articlepage", tree().pk])
    return posting(client, address, form_of(polish(), slug="nowy", title="Nowy"))


@post("editors/pages/<int:page_id>/edit/", "editors.edit")
def save_a_draft(room):
    changes = {"body-2-value-text": "Na odwołanie masz 14 dni."}
    client = official("editor")
    page = polish()
    return posting(
        client, reverse("wagtailadmin_pages:edit", args=[page.pk]), form_of(page, **changes)
    )


@post("editors/pages/<int:page_id>/edit/", "knowledge.published")
def publish(room):
    changes = {"body-2-value-text": "Na odwołanie masz 14 dni.", "action-publish": "yes"}
    client, page = official("legal_reviewer"), polish()
    return posting(
        client, reverse("wagtailadmin_pages:edit", args=[page.pk]), form_of(page, **changes)
    )


@post("editors/pages/<int:page_id>/unpublish/", "knowledge.withdrawn")
def unpublish(room):
    return in_room("wagtailadmin_pages:unpublish", polish().pk)


@post("editors/pages/<int:page_id>/delete/", "editors.delete")
def delete_a_draft(room):
    return in_room("wagtailadmin_pages:delete", unpublished().pk, role="editor")


@post("editors/pages/<int:page_id>/copy/", "editors.copy")
def copy_as_a_draft(room):
    fields = {"new_title": "Kopia", "new_slug": "kopia", "new_parent_page": str(tree().pk)}
    return in_room("wagtailadmin_pages:copy", polish().pk, role="editor", **fields)


@post("editors/pages/<int:page_to_move_id>/move/<int:destination_id>/confirm/", "editors.reorder")
def move(room):
    return in_room("wagtailadmin_pages:move_confirm", polish().pk, tree().pk)


@post("editors/bulk/<str:app_label>/<str:model_name>/<str:action>/", "editors.reorder")
def move_by_the_dozen(room):
    client = official("legal_reviewer")
    client.get("/editors/")
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    return posting(client, f"{address}?id={polish().pk}", {"chooser": str(tree().pk)})


# --- moderation -----------------------------------------------------------------------------


def editing(role: str, action: str, **fields: str) -> Act:
    """The edit page's form with one of its buttons."""
    page = polish()
    client = official(role)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    changes = {"body-2-value-text": "Na odwołanie masz 14 dni.", action: "yes", **fields}
    return posting(client, address, form_of(page, **changes))


def in_moderation() -> int:
    """A draft that an editor has sent to the reviewers; the id of the step it waits in."""
    editing("editor", "action-submit")()
    return TaskState.objects.get(status="in_progress").pk


@post("editors/pages/<int:page_id>/edit/", "editors.workflow.start")
def send_to_moderation(room):
    return editing("editor", "action-submit")


@post("editors/pages/<int:page_id>/edit/", "editors.workflow.cancel")
def take_back_from_moderation(room):
    in_moderation()
    return editing("legal_reviewer", "action-cancel-workflow")


STEP = "editors/pages/workflow/action/<int:page_id>/<slug:action_name>/<int:task_state_id>/"


@post(STEP, "editors.workflow.reject")
def send_back_to_the_editor(room):
    step = in_moderation()
    name = "wagtailadmin_pages:workflow_action"
    return in_room(name, polish().pk, "reject", step, comment="Brak źródła.")


@post(STEP, "editors.workflow.approve")
def approve(room):
    step = in_moderation()
    return in_room("wagtailadmin_pages:workflow_action", polish().pk, "approve", step)


@post(STEP, "knowledge.published")
def approve_and_so_publish(room):
    return approve(room)


@post("editors/pages/<int:page_to_move_id>/set_position/", "editors.reorder")
def set_position(room):
    return in_room("wagtailadmin_pages:set_page_position", polish().pk)


@post("editors/pages/<int:page_id>/privacy/", "editors.view_restriction.create")
def privacy(room):
    return in_room("wagtailadmin_pages:set_privacy", polish().pk, restriction_type="login")


@post("editors/pages/<int:page_id>/revisions/<int:revision_id>/revert/", "editors.revert")
def revert(room):
    page = polish()
    revision = page.save_revision()
    client = official("editor")
    address = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, revision.pk])
    return posting(client, address, form_of(page))


@post(
    "editors/pages/<int:page_id>/revisions/<int:revision_id>/unschedule/", "editors.schedule.cancel"
)
def unschedule(room):
    page = polish()
    revision = page.save_revision()
    return in_room("wagtailadmin_pages:revisions_unschedule", page.pk, revision.pk)


@post("editors/account/", why=OWN_LOOK)
def own_look(room):
    client = official("editor")
    page = client.get("/editors/account/")
    fields = {
        form.add_prefix(name): form[name].value() or ""
        for tab in page.context["panels_by_tab"].values()
        for panel in tab
        for form in [panel.get_form()]
        for name in form.fields
    }
    return posting(client, "/editors/account/", fields)


@post("editors/dismissibles/", why=OWN_LOOK)
def dismiss(room):
    client = official("editor")
    return lambda: client.patch(
        "/editors/dismissibles/", {"help": True}, content_type="application/json"
    )


@post("editors/logout/", why="The session ends.")
def leave_the_room(room):
    return posting(official("editor"), "/editors/logout/")


# --- the API --------------------------------------------------------------------------------


def by_key() -> Client:
    """A connected system whose key may write checks."""
    words = {"days": 1, "actor": people.SYSTEM, "at": clock.now()}
    _token, secret = tokens.issue("Case", people.second_office(), ["checks.write"], **words)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def with_check(method: str, path: str, body: dict[str, Any] | None = None) -> Act:
    client = by_key()
    json = {"content_type": "application/json"}
    begun = {"procedure": "settling", "facts": {"citizenships": ["PL"]}}
    id = client.post("/api/v1/checks", begun, **json).json()["id"]
    return lambda: getattr(client, method)(f"/api/v1/checks/{id}{path}", body or {}, **json)


@post("api/v1/checks", "check.started")
def begin_a_check(room):
    client = by_key()
    body = {"procedure": "settling", "facts": {"insured": True}}
    return lambda: client.post("/api/v1/checks", body, content_type="application/json")


@post("api/v1/checks/<id>/facts", "check.stated")
def state_facts(room):
    return with_check("put", "/facts", {"facts": {"insured": True}})


@post("api/v1/checks/<id>/facts/<fact>", "check.fact_forgotten")
def take_a_fact_back(room):
    return with_check("delete", "/facts/citizenships")


@post("api/v1/checks/<id>/finish", "check.finished")
def finish_a_check(room):
    return with_check("post", "/finish")


@post("api/v1/checks/<id>", "check.forgotten")
def erase_a_check(room):
    return with_check("delete", "")


# --- commands -------------------------------------------------------------------------------


def running(*words: object) -> Act:
    return lambda: cli.run([str(word) for word in words])


def office() -> str:
    return people.offices.ensure_portal(actor=people.SYSTEM).slug


@command("people office", "people.office_created")
def new_office(room):
    words = ("--controller", "Fundacja", "--contact", "https://ngo.example", "--notice", "ngo")
    return running("people", "office", "ngo", "Fundacja", "--kind", "ngo", *words)


@command("people grant", "people.role_granted")
def grant(room):
    return running("people", "grant", "new@office.example", "agent", office())


@command("people revoke", "people.role_ended")
def revoke(room):
    return running("people", "revoke", people.staff().email, "agent", office())


@command("demo accounts", "people.role_granted")
def demo(room):
    return running("demo", "accounts")


@command("content load", "knowledge.published")
def load_content(room):
    folder = content_folder(room.folder / "content")
    return running("content", "load", "--folder", folder, "--without-tests")


@command("import law", "knowledge.law_imported")
def import_law(room):
    file = law_file(room.folder / "act.jsonl")
    words = ("--act", "act-on-foreigners", "--eli", "DU/2026/1", "--state-on", "2026-07-18")
    return running("import", "law", file, *words)


@command("directory load", "directory.loaded")
def load_directory(room):
    return running("directory", "load")


@command("editors seed", "editors.seeded")
def seed_rooms(room):
    ArticlePage.objects.filter(locale__language_code="ru").delete()
    return running("editors", "seed")


@command("vault rotate", "people.data_keys_rotated")
def rotate(room):
    people.staff()
    asked(visitor())
    keys = {"MASTER_KEY": vault.new_master_key(), "MASTER_KEYS_OLD": [settings.MASTER_KEY]}

    def act():
        with override_settings(**keys):
            return cli.run(["vault", "rotate"])

    return act


# Commands that write no record.
READING = {
    "ask": ["ask", "Ile kosztuje karta?"],
    "audit heads": ["audit", "heads"],
    "audit verify": ["audit", "verify"],
    "content check": ["content", "check"],
    "people list": ["people", "list"],
    "search": ["search", "opłata"],
    "vault key": ["vault", "key"],
}
# Commands that are not run here, and why.
ELSEWHERE = {
    "backup": "reads the database and writes a file beside it",
    "demo totp": "reads a demo account's app",
    "erased": "reads ids that were forgotten",
    "evaluate facts": "reads texts and prints figures",
    "evaluate lines": "reads texts and prints figures",
    "evaluate retrieval": "reads texts and prints figures",
    "keys save": "writes a file of keys",
    "restore": "makes a database anew; its row has a test in config/backup",
    "serve": "runs the product; each act has its case above",
    "tick": "runs the product",
    "train choice": "writes weights of the package",
    "train danger": "writes weights of the package",
    "train lines": "writes weights of the package",
    "up": "runs the product; what it loads, it loads by the commands' services",
    "work": "runs the product",
}

# The cases of rooms with many of them stand in modules of their own.
from tests import check_cases  # noqa: E402, F401  registers them
