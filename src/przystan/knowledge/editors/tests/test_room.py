"""The editors' room: what an editor does there, and what it does to the portal."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.apps import apps
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from wagtail.models import GroupPagePermission, Page, Site, TaskState

from przystan.knowledge import api, gates
from przystan.knowledge.data import Candidate, Failure
from przystan.knowledge.editors.models import ArticleIndexPage, ArticlePage
from przystan.knowledge.editors.seeding import seed
from przystan.knowledge.models import ArticleVersion
from przystan.knowledge.services import publish, republish_corrected
from przystan.knowledge.tests import factories
from przystan.knowledge.tests.factories import EDITOR, NOON, TODAY, article, loaded
from przystan.people.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    loaded(article())
    seed(at=NOON, actor=EDITOR)


def page(lang="pl", slug="work-permit"):
    return ArticlePage.objects.get(slug=slug, locale__language_code=lang)


def rewritten(found, id, text):
    """The page with other words in one paragraph, saved as a draft."""
    for block in found.body:
        if block.value["paragraph_id"] == id:
            block.value["text"] = text
    return found.save_revision()


def text_of(id, lang="pl"):
    shown = api.article("work-permit", lang, TODAY)
    assert shown is not None
    return next(entry for entry in shown.paragraphs if entry.id == id)


def test_every_language_has_its_tree_and_the_pages_of_an_article_are_translations(room):
    trees = {tree.locale.language_code for tree in ArticleIndexPage.objects.all()}
    pages = ArticlePage.objects.all()

    assert trees == {"pl", "en", "uk", "ru"}
    assert {found.lang for found in pages} == trees
    assert len({found.translation_key for found in pages}) == 1
    assert Page.find_problems() == ([], [], [], [], [])


def test_seeding_again_changes_nothing(room):
    before = list(ArticlePage.objects.values_list("pk", "body"))

    done = seed(at=NOON, actor=EDITOR)

    assert (done.made, done.renewed, done.kept) == (0, 0, 0)
    assert list(ArticlePage.objects.values_list("pk", "body")) == before


def test_publishing_an_unchanged_page_makes_no_new_version(room):
    found = page()

    found.publish(found.save_revision())

    assert ArticleVersion.objects.count() == 1


def test_publishing_a_page_changes_the_portal(room):
    found = page()
    revision = rewritten(found, "deadline", "Na odwołanie masz 14 dni.")
    assert text_of("deadline").text == "Masz 14 dni na odwołanie."

    found.publish(revision)

    assert text_of("deadline").text == "Na odwołanie masz 14 dni."
    assert text_of("deadline", "uk").is_stale


def test_a_draft_is_seen_by_nobody(room):
    rewritten(page(), "deadline", "Na odwołanie masz 14 dni.")

    assert text_of("deadline").text == "Masz 14 dni na odwołanie."


def test_a_translation_is_published_with_the_other_languages_as_they_are(room):
    rewritten(page(), "deadline", "Szkic, którego nikt nie widzi: 14 dni.")
    found = page("uk")

    found.publish(rewritten(found, "deadline", "Оскаржити можна за 14 днів."))

    assert text_of("deadline", "uk").text == "Оскаржити можна за 14 днів."
    assert text_of("deadline", "pl").text == "Masz 14 dni na odwołanie."


def test_an_old_translation_with_another_number_gives_way_to_the_polish_text(room):
    found = page()

    found.publish(rewritten(found, "deadline", "Masz 30 dni na odwołanie."))

    shown = text_of("deadline", "uk")
    assert (shown.lang, shown.text) == ("pl", "Masz 30 dni na odwołanie.")
    passages = [p for p in api.passages(TODAY) if p.paragraph_id == "deadline"]
    assert {p.lang for p in passages} == {"pl"}


def test_a_translation_with_another_number_is_not_published(room):
    found = page("uk")

    with pytest.raises(api.PublicationStoppedError, match="numbers differ"):
        found.publish(rewritten(found, "deadline", "Ви маєте 30 днів на оскарження."))

    assert text_of("deadline", "uk").text == "Ви маєте 14 днів на оскарження."
    assert "14 днів" in str(page("uk").body)


def test_a_translator_ticks_that_the_old_text_still_fits(room):
    polish = page()
    polish.publish(rewritten(polish, "deadline", "Na odwołanie masz 14 dni."))
    found = page("uk")
    for block in found.body:
        block.value["is_confirmed"] = True

    found.publish(found.save_revision())

    assert not text_of("deadline", "uk").is_stale


def test_taking_a_translation_from_the_portal_leaves_the_others(room):
    page("uk").unpublish()

    assert api.article("work-permit", "uk", TODAY) is None
    assert api.article("work-permit", "pl", TODAY) is not None


def test_taking_the_polish_page_from_the_portal_takes_the_article(room, monkeypatch):
    from przystan.core import clock

    monkeypatch.setattr(clock, "now", lambda: NOON)
    page().unpublish()

    assert api.articles("uk", TODAY) == ()


def test_pages_are_never_served(room):
    found = page()

    with pytest.raises(Http404):
        found.serve(RequestFactory().get("/"))
    assert found.url is None
    assert not Site.objects.exists()


def test_an_edited_page_is_left_alone_by_the_seed_and_an_untouched_one_follows(room):
    rewritten(page("en"), "deadline", "You have 14 days.")
    changed = factories.with_text(
        article(), "deadline", en="You may appeal within 14 days.", ru="Обжаловать можно 14 дней."
    )
    publish(changed, at=NOON, actor=EDITOR)

    done = seed(at=NOON, actor=EDITOR)

    assert (done.made, done.renewed, done.kept) == (0, 3, 1)
    assert "Обжаловать можно 14 дней." in str(page("ru").body)


# --- as an editor sees it -------------------------------------------------------------------


def said(message, **words):
    """A message as the room says it: in the language of the page, which is Polish here."""
    with translation.override("pl"):
        return gettext(message) % words


@pytest.fixture
def publisher(client, room):
    people.sign_in_staff(client, people.staff("legal_reviewer"))
    return client


def form_of(found, **changes):
    """What the edit page posts, as the form itself renders it."""
    from wagtail.test.utils.form_data import nested_form_data, streamfield

    def struct(block, lists):
        value = {name: block.value[name] for name in block.value}
        for name in lists:
            items = [(index, str(item)) for index, item in enumerate(value[name])]
            value[name] = {
                "count": str(len(items)),
                **{
                    str(index): {"value": item, "order": str(index), "deleted": ""}
                    for index, item in items
                },
            }
        return {name: ("" if item is None else item) for name, item in value.items()}

    data = {
        "title": found.title,
        "slug": found.slug,
        "summary": found.summary,
        "topic": found.topic,
        "order": str(found.order),
        "desk": found.desk,
        "status": found.status,
        "valid_from": "2026-04-27",
        "valid_to": "",
        "review_on": "2027-01-18",
        "related": found.related,
        "services": found.services,
        "body": streamfield([("paragraph", struct(b, ["sources"])) for b in found.body]),
        "questions": streamfield(
            [("intent", struct(b, ["answers", "phrasings"])) for b in found.questions]
        ),
        "expectations": streamfield([("test", struct(b, ["facts"])) for b in found.expectations]),
        "comments": {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"},
        "comment_notifications": "",
    }
    posted = nested_form_data(data)
    for block in range(len(found.body)):
        posted.pop(f"body-{block}-value-is_confirmed", None)
    return posted | changes


def test_an_editor_publishes_from_the_edit_page(publisher, room):
    found = page()
    address = reverse("wagtailadmin_pages:edit", args=[found.pk])
    assert publisher.get(address).status_code == 200

    answer = publisher.post(
        address,
        form_of(
            found,
            **{"body-2-value-text": "Na odwołanie masz 14 dni.", "action-publish": "yes"},
        ),
        follow=True,
    )

    assert said("%(title)s is published.", title="Zezwolenie") in answer.content.decode()
    assert text_of("deadline").text == "Na odwołanie masz 14 dni."
    assert page().live
    row = apps.get_model("people.AuditRow").objects.filter(act="knowledge.published").latest("id")
    assert (row.actor_role, row.purpose) == ("legal_reviewer", "publish an article")


def test_an_editor_writes_a_draft_and_cannot_publish_it(client, room):
    people.sign_in_staff(client, people.staff("editor"))
    found = page()
    address = reverse("wagtailadmin_pages:edit", args=[found.pk])
    words = {"body-2-value-text": "Na odwołanie masz 14 dni."}

    client.post(address, form_of(found, **words, **{"action-publish": "yes"}), follow=True)
    client.post(address, form_of(found, **words), follow=True)

    assert text_of("deadline").text == "Masz 14 dni na odwołanie."
    assert "Na odwołanie masz" in str(page().get_latest_revision_as_object().body)


def test_nobody_else_comes_into_the_room(client, room):
    home = reverse("wagtailadmin_home")
    assert client.get(home).status_code == 302
    people.sign_in_staff(client, people.staff("agent"))

    assert client.get(home).status_code == 404


def test_a_failing_gate_is_explained_on_the_edit_page_and_the_draft_is_kept(publisher, room):
    def refuse(candidate: Candidate) -> list[Failure]:
        return [Failure("The question about the fee is no longer answered.")]

    gates.register(refuse)
    try:
        found = page()
        answer = publisher.post(
            reverse("wagtailadmin_pages:edit", args=[found.pk]),
            form_of(
                found,
                **{"body-2-value-text": "Na odwołanie masz 14 dni.", "action-publish": "yes"},
            ),
            follow=True,
        )
    finally:
        gates.unregister(refuse)

    assert "The question about the fee is no longer answered." in answer.content.decode()
    assert text_of("deadline").text == "Masz 14 dni na odwołanie."
    assert "Masz 14 dni" in str(page().body)
    assert "Na odwołanie masz" in str(page().get_latest_revision_as_object().body)


def test_the_explorer_and_the_list_of_pages_open(publisher):
    for address in (
        reverse("wagtailadmin_home"),
        reverse("wagtailadmin_explore_root"),
        reverse("wagtailadmin_explore", args=[ArticleIndexPage.objects.first().pk]),
    ):
        assert publisher.get(address).status_code == 200


def test_a_published_page_is_withdrawn_before_it_is_deleted(publisher):
    found = page()

    answer = publisher.post(reverse("wagtailadmin_pages:delete", args=[found.pk]), follow=True)

    assert said("Withdraw the article before you delete its page.") in answer.content.decode()
    assert ArticlePage.objects.filter(pk=found.pk).exists()


def test_an_editor_withdraws_an_article(publisher, monkeypatch):
    from przystan.core import clock

    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=1))
    found = page()

    publisher.post(reverse("wagtailadmin_pages:unpublish", args=[found.pk]), follow=True)

    assert api.article("work-permit", "pl", TODAY) is not None
    assert api.article("work-permit", "pl", TODAY + timedelta(days=1)) is None


def test_editors_write_and_only_publishers_publish(room):
    rights = {
        (right.group.name, right.permission.codename)
        for right in GroupPagePermission.objects.select_related("group", "permission")
    }

    assert ("Editors", "change_page") in rights
    assert ("Publishers", "publish_page") in rights
    assert ("Editors", "publish_page") not in rights


def test_a_corrected_figure_reaches_the_portal_without_an_editor(room):
    from przystan.knowledge.services import load_reference_data

    load_reference_data(
        factories.library(parameters={"fee": factories.parameter("fee", factories.value(34000))})
    )
    republish_corrected(at=NOON, actor=EDITOR)

    assert text_of("fee").text == "Opłata wynosi 340 zł."


def test_publishing_needs_the_polish_page(room):
    page().unpublish()
    found = page("uk")

    with pytest.raises(api.PublicationStoppedError, match="Polish page first"):
        found.publish(found.save_revision())


def test_a_new_article_is_written_in_polish_and_then_translated(room):
    form = replace(article("card"), titles={**factories.TITLES, "pl": "Karta"})
    publish(form, at=NOON, actor=EDITOR)

    assert seed(at=NOON, actor=EDITOR).made == 4


def test_a_reviewer_approves_what_an_editor_sent_and_so_publishes_it(publisher):
    writer = Client()
    people.sign_in_staff(writer, people.staff("editor", email="writer@office.example"))
    found = page()
    words = {"body-2-value-text": "Na odwołanie masz 14 dni.", "action-submit": "yes"}
    writer.post(reverse("wagtailadmin_pages:edit", args=[found.pk]), form_of(found, **words))
    assert text_of("deadline").text == "Masz 14 dni na odwołanie."
    step = TaskState.objects.get()

    approve = reverse("wagtailadmin_pages:workflow_action", args=[found.pk, "approve", step.pk])
    publisher.post(approve, {"comment": ""})

    assert text_of("deadline").text == "Na odwołanie masz 14 dni."
    rows = apps.get_model("people.AuditRow").objects.order_by("id")
    acts = [(row.act, row.actor_role) for row in rows if row.act.startswith("editors.")]
    assert acts[-4:] == [
        ("editors.edit", "editor"),
        ("editors.workflow.start", "editor"),
        ("editors.workflow.approve", "legal_reviewer"),
        ("editors.publish", "legal_reviewer"),
    ]


def test_a_row_about_a_draft_names_page_revision_and_language_and_no_words(publisher):
    found = page("uk")
    words = {"body-2-value-text": "Тайна чернетка: 14 днів."}

    publisher.post(reverse("wagtailadmin_pages:edit", args=[found.pk]), form_of(found, **words))

    row = apps.get_model("people.AuditRow").objects.latest("id")
    revision = page("uk").latest_revision_id
    assert (row.act, row.purpose) == ("editors.edit", "edit articles")
    assert row.ids == [f"page:{found.pk}", f"revision:{revision}"]
    assert row.detail == {"slug": "work-permit", "lang": "uk"}


def test_a_draft_that_saves_itself_leaves_its_row_too(publisher):
    found = page()
    words = form_of(found, **{"body-2-value-text": "Na odwołanie masz 14 dni."})

    answer = publisher.post(
        reverse("wagtailadmin_pages:edit", args=[found.pk]),
        words,
        headers={"accept": "application/json"},
    )

    assert answer.json()["success"]
    assert apps.get_model("people.AuditRow").objects.latest("id").act == "editors.edit"


@pytest.mark.parametrize("action", ["publish", "unpublish", "delete", "copy"])
def test_wagtails_api_goes_past_our_checks_and_is_read_only(publisher, action):
    publisher.get("/editors/")
    address = f"/editors/api/main/pages/{page().pk}/action/{action}/"

    assert publisher.post(address, {"slug": "copy"}).status_code == 404
    assert page().live
    assert publisher.get("/editors/api/main/pages/").status_code == 200


def test_a_form_that_cannot_be_read_is_answered_with_a_sentence(publisher):
    found = page()
    sent = {name: value for name, value in form_of(found).items() if name != "body-count"}

    answer = publisher.post(reverse("wagtailadmin_pages:edit", args=[found.pk]), sent)

    sentence = "This request could not be read. Go back, check the form and send it again."
    assert answer.status_code == 400
    assert said(sentence) in answer.content.decode()
    assert page().latest_revision is None


def test_an_error_of_our_own_is_no_fault_of_the_form(publisher, monkeypatch):
    def broken(page):
        raise ValueError("ours")

    monkeypatch.setattr("przystan.knowledge.editors.publishing.prepare", broken)
    found = page()

    with pytest.raises(ValueError, match="ours"):
        publisher.post(
            reverse("wagtailadmin_pages:edit", args=[found.pk]),
            form_of(found, **{"action-publish": "yes"}),
        )


def test_searching_the_room_opens_a_page(publisher):
    tree = ArticleIndexPage.objects.get(locale__language_code="pl")

    for address in (
        reverse("wagtailadmin_pages:search") + "?q=Zezwolenie",
        reverse("wagtailadmin_explore", args=[tree.pk]) + "?q=Zezwolenie",
    ):
        assert publisher.get(address).status_code == 200
