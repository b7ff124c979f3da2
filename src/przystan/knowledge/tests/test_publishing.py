"""What publishing promises: immutable versions, and the right words on each day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from przystan.core import references
from przystan.core.models import OutboxMessage
from przystan.knowledge import api, gates
from przystan.knowledge.data import Candidate, Failure
from przystan.knowledge.models import ArticleVersion, Passage, VersionPeriod
from przystan.knowledge.models.articles import ImmutableError
from przystan.knowledge.services import (
    load_reference_data,
    publish,
    publish_all,
    refresh_passages,
    republish_corrected,
    withdraw,
)
from przystan.knowledge.tests import factories
from przystan.knowledge.tests.factories import EDITOR, NOON, TODAY, article, library, loaded, value

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


def text_of(id, lang="pl", on=TODAY, slug="work-permit"):
    shown = api.article(slug, lang, on)
    assert shown is not None
    return next(entry for entry in shown.paragraphs if entry.id == id).text


def test_a_published_article_reads_in_each_language_with_its_figures():
    loaded(article())

    texts = {lang: text_of("fee", lang) for lang in ("pl", "en", "uk", "ru")}

    assert texts == {
        "pl": "Opłata wynosi 440 zł.",
        "en": "The fee is 440 zł.",
        "uk": "Збір становить 440 zł.",
        "ru": "Сбор составляет 440 zł.",
    }


def test_publishing_equal_content_makes_no_new_version():
    first = loaded(article())

    again = publish(article(), at=LATER, actor=EDITOR)

    assert (again.version_id, again.is_new) == (first[0].version_id, False)
    assert ArticleVersion.objects.count() == 1


def test_whoever_must_hear_of_a_version_hears_of_it():
    [published] = loaded(article())

    message = OutboxMessage.objects.get()

    assert message.topic == "knowledge.published"
    assert message.payload == {"version_id": str(published.version_id)}


def test_a_published_version_cannot_be_changed_through_the_model():
    loaded(article())
    version = ArticleVersion.objects.get()

    with pytest.raises(ImmutableError):
        version.save()
    with pytest.raises(ImmutableError):
        version.delete()
    with pytest.raises(ImmutableError):
        ArticleVersion.objects.update(topic="stay")
    with pytest.raises(ImmutableError):
        ArticleVersion.objects.all().delete()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE knowledge_articleversion SET topic = 'stay'",
        "DELETE FROM knowledge_articleversion",
    ],
)
def test_a_published_version_cannot_be_changed_behind_the_model_either(statement):
    loaded(article())
    Passage.objects.all().delete()
    VersionPeriod.objects.all().delete()

    with (
        pytest.raises(IntegrityError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert ArticleVersion.objects.get().topic == "work"


def test_two_versions_never_speak_on_the_same_day():
    [published] = loaded(article())
    period = VersionPeriod.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        VersionPeriod.objects.create(
            article=period.article,
            version_id=published.version_id,
            valid_from=date(2026, 12, 31),
        )


def test_two_values_of_a_parameter_never_share_a_day():
    load_reference_data(library())
    known = api.parameter("fee", TODAY)
    from przystan.knowledge.models import ParameterValue

    only = ParameterValue.objects.get()
    assert known is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        ParameterValue.objects.create(
            parameter=only.parameter,
            valid_from=date(2030, 1, 1),
            valid_to=date(2030, 1, 1),
            value=1,
            source="page:fees",
            read_on=TODAY,
        )
    ParameterValue.objects.filter(pk=only.pk).update(valid_to=date(2029, 12, 31))
    ParameterValue.objects.create(
        parameter=only.parameter,
        valid_from=date(2030, 1, 1),
        value=1,
        source="page:fees",
        read_on=TODAY,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        ParameterValue.objects.filter(pk=only.pk).update(valid_to=date(2030, 1, 1))


def test_a_correction_speaks_from_its_first_day_on_and_the_old_version_stays_citable():
    [first] = loaded(article())
    corrected = factories.with_text(article(), "deadline", pl="Masz 14 dni, by się odwołać.")

    publish(corrected, at=LATER, actor=EDITOR)

    assert text_of("deadline", on=date(2026, 5, 1)) == "Masz 14 dni, by się odwołać."
    cited = api.paragraph(first.version_id, "deadline", "pl")
    assert cited is not None
    assert cited.paragraph.text == "Masz 14 dni na odwołanie."


def test_the_text_of_a_coming_law_waits_for_its_day():
    loaded(article())
    coming = replace(
        factories.with_text(article(), "deadline", pl="Masz 14 dni od stycznia."),
        valid_from=date(2027, 1, 1),
    )
    publish(coming, at=NOON, actor=EDITOR)

    assert text_of("deadline", on=date(2026, 12, 31)) == "Masz 14 dni na odwołanie."
    assert text_of("deadline", on=date(2027, 1, 1)) == "Masz 14 dni od stycznia."


def test_a_correction_of_today_does_not_hide_the_text_of_next_january():
    loaded(article())
    coming = factories.with_text(article(), "deadline", pl="Masz 14 dni od stycznia.")
    publish(replace(coming, valid_from=date(2027, 1, 1)), at=NOON, actor=EDITOR)
    today = factories.with_text(article(), "deadline", pl="Masz dokładnie 14 dni.")

    publish(today, at=LATER, actor=EDITOR)

    assert text_of("deadline", on=TODAY) == "Masz dokładnie 14 dni."
    assert text_of("deadline", on=date(2027, 1, 1)) == "Masz 14 dni od stycznia."


def test_an_article_is_absent_before_its_first_day_and_after_its_last():
    loaded(article(valid_to=date(2026, 12, 31)))

    assert api.article("work-permit", "pl", date(2026, 4, 26)) is None
    assert api.article("work-permit", "pl", date(2026, 4, 27)) is not None
    assert api.article("work-permit", "pl", date(2026, 12, 31)) is not None
    assert api.article("work-permit", "pl", date(2027, 1, 1)) is None


def test_a_withdrawn_article_keeps_its_past_and_speaks_again_when_published_again():
    loaded(article())
    withdraw("work-permit", at=LATER, actor=EDITOR)

    assert api.article("work-permit", "pl", TODAY) is not None
    assert api.article("work-permit", "pl", TODAY + timedelta(days=1)) is None

    again = publish(article(), at=LATER, actor=EDITOR)

    assert not again.is_new
    assert api.article("work-permit", "pl", TODAY + timedelta(days=1)) is not None


def test_each_paragraph_knows_since_when_it_reads_so_and_which_polish_text_it_follows():
    loaded(article())
    changed = factories.with_text(article(), "deadline", pl="Na odwołanie masz 14 dni.")
    publish(changed, at=LATER, actor=EDITOR)

    shown = api.article("work-permit", "uk", TODAY)
    assert shown is not None
    by_id = {entry.id: entry for entry in shown.paragraphs}

    assert (by_id["fee"].unchanged_since, by_id["fee"].is_stale) == (1, False)
    stale = by_id["deadline"]
    assert (stale.unchanged_since, stale.follows_polish, stale.is_stale) == (1, 1, True)


def test_a_translator_confirms_that_the_old_text_still_fits():
    loaded(article())
    changed = factories.with_text(article(), "deadline", pl="Na odwołanie masz 14 dni.")
    confirmed = replace(changed, confirmed=frozenset({("uk", "deadline")}))
    publish(confirmed, at=LATER, actor=EDITOR)

    shown = api.article("work-permit", "uk", TODAY)

    assert shown is not None
    assert not any(entry.is_stale for entry in shown.paragraphs)


def test_a_missing_translation_of_a_paragraph_is_shown_in_polish_and_never_indexed():
    form = article()
    polish_only = factories.paragraph("note", {"pl": "Nowa uwaga."})
    loaded(replace(form, paragraphs=(*form.paragraphs, polish_only)))

    shown = api.article("work-permit", "uk", TODAY)

    assert shown is not None
    note = shown.paragraphs[-1]
    assert (note.text, note.lang, note.is_stale) == ("Nowa uwaga.", "pl", True)
    assert {p.lang for p in api.passages(TODAY) if p.paragraph_id == "note"} == {"pl"}


# --- figures ------------------------------------------------------------------------------


def new_year(last=None):
    return factories.parameter(
        "fee",
        value(44000, valid_to=date(2026, 12, 31)),
        value(50000, valid_from=date(2027, 1, 1), valid_to=last),
    )


def test_a_figure_changes_with_the_day_and_the_passage_is_split():
    loaded(article(), parameters={"fee": new_year()})

    assert text_of("fee", on=date(2026, 12, 31)) == "Opłata wynosi 440 zł."
    assert text_of("fee", on=date(2027, 1, 1)) == "Opłata wynosi 500 zł."
    days = Passage.objects.filter(paragraph="fee", lang="pl").values_list("valid_from", "valid_to")
    assert list(days.order_by("valid_from")) == [
        (date(2026, 4, 27), date(2026, 12, 31)),
        (date(2027, 1, 1), None),
    ]


def test_a_value_added_later_is_rendered_before_its_day_without_a_new_version():
    loaded(article())
    before = api.corpus_version(date(2027, 1, 1))
    load_reference_data(library(parameters={"fee": new_year()}))

    assert refresh_passages(TODAY) == 1
    assert refresh_passages(TODAY) == 0

    assert text_of("fee", on=date(2027, 1, 1)) == "Opłata wynosi 500 zł."
    assert ArticleVersion.objects.count() == 1
    assert api.corpus_version(date(2027, 1, 1)) != before


def test_a_day_without_a_value_is_shown_as_unknown_and_never_quoted():
    ended = factories.parameter("fee", value(44000, valid_to=date(2026, 12, 31)))
    loaded(article(), parameters={"fee": ended})

    shown = api.article("work-permit", "pl", date(2027, 1, 1))

    assert shown is not None
    fee = next(entry for entry in shown.paragraphs if entry.id == "fee")
    assert "440" not in fee.text
    assert fee.status == "to_verify"


def test_a_value_that_is_to_be_verified_makes_the_passage_so():
    loaded(article(), parameters={"fee": factories.parameter("fee", value(status="to_verify"))})

    [passage] = [p for p in api.passages(TODAY) if (p.paragraph_id, p.lang) == ("fee", "pl")]

    assert passage.text == "Opłata wynosi 440 zł."
    assert passage.status == "to_verify"


def test_a_corrected_value_makes_a_new_version_and_leaves_quoted_words_alone():
    [first] = loaded(article())
    load_reference_data(library(parameters={"fee": factories.parameter("fee", value(34000))}))

    [again] = republish_corrected(at=LATER, actor=EDITOR)

    assert (again.number, again.is_new) == (2, True)
    assert text_of("fee") == "Opłata wynosi 340 zł."
    cited = api.paragraph(first.version_id, "fee", "pl")
    assert cited is not None
    assert cited.paragraph.text == "Opłata wynosi 440 zł."
    assert republish_corrected(at=LATER, actor=EDITOR) == []


def test_a_date_is_written_as_people_write_it_and_ends_a_sentence_once():
    texts = {
        "pl": "Do {param:end}.",
        "en": "Until {param:end}.",
        "uk": "До {param:end}.",
        "ru": "До {param:end}.",
    }
    form = article(paragraphs=(factories.paragraph("end", texts),), intents=())
    day = factories.parameter("end", value("2027-03-04"), kind="date")
    loaded(form, parameters={"end": day})

    shown = {lang: text_of("end", lang) for lang in texts}

    assert shown == {
        "pl": "Do 4 marca 2027.",
        "en": "Until 4 March 2027.",
        "uk": "До 4 березня 2027 р.",
        "ru": "До 4 марта 2027 г.",
    }


# --- references of other rooms --------------------------------------------------------------


@pytest.fixture
def hotline(monkeypatch):
    known = {"hotline": references.Resolved("Infolinia 22 000 00 00", "/pl/help/hotline")}
    monkeypatch.setattr(
        references, "_RESOLVERS", {"service": lambda name, lang, on: known.get(name)}
    )


def test_a_service_is_named_when_the_page_is_shown_and_leads_to_its_page(hotline):
    form = article(paragraphs=(factories.paragraph("ask", factories.SERVICE),), intents=())
    loaded(form)

    shown = api.article("work-permit", "pl", TODAY)

    assert shown is not None
    [entry] = shown.paragraphs
    assert entry.text == "Zapytaj: Infolinia 22 000 00 00."
    assert [part.url for part in entry.parts] == ["", "/pl/help/hotline", ""]
    assert Passage.objects.filter(lang="pl").get().text == "Zapytaj: {service:hotline}."


def test_a_service_that_is_gone_leaves_a_sentence_not_a_placeholder(hotline):
    texts = {lang: text.replace("hotline", "gone") for lang, text in factories.SERVICE.items()}
    loaded(article(paragraphs=(factories.paragraph("ask", texts),), intents=()))

    assert "{" not in text_of("ask")


# --- gates ----------------------------------------------------------------------------------


@pytest.fixture
def gate():
    asked: list[Candidate] = []

    def refuse_a_fee_of_five_hundred(candidate: Candidate) -> list[Failure]:
        asked.append(candidate)
        wrong = [p for p in candidate.passages if "500 zł" in p.text and p.lang == "pl"]
        return [Failure("The fee is not 500 zł.", p.article, p.lang) for p in wrong]

    api.register_publication_gate(refuse_a_fee_of_five_hundred)
    yield asked
    gates.unregister(refuse_a_fee_of_five_hundred)


def test_a_gate_stops_a_publication_and_nothing_is_changed(gate):
    loaded(article())
    load_reference_data(library(parameters={"fee": factories.parameter("fee", value(50000))}))
    before = OutboxMessage.objects.count()
    changed = factories.with_text(article(), "deadline", pl="Na odwołanie masz 14 dni.")

    with pytest.raises(api.PublicationStoppedError, match="The fee is not 500 zł"):
        publish(changed, at=LATER, actor=EDITOR)

    assert text_of("fee") == "Opłata wynosi 440 zł."
    assert text_of("deadline") == "Masz 14 dni na odwołanie."
    assert ArticleVersion.objects.count() == 1
    assert OutboxMessage.objects.count() == before


def test_a_gate_sees_what_the_index_would_hold_and_the_tests_of_the_article(gate):
    loaded(article())

    [candidate] = gate

    assert candidate.articles == ("work-permit",)
    assert {p.paragraph_id for p in candidate.passages} == {"fee", "deadline"}
    assert candidate.expectations[0].facts == ("440",)
    assert candidate.passages == tuple(api.passages(TODAY))
    assert candidate.intents == api.intents(TODAY)


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        pytest.param(
            factories.with_text(article(), "deadline", uk="Ви маєте 30 днів на оскарження."),
            "The numbers differ",
            id="another number in a translation",
        ),
        pytest.param(
            factories.with_text(article(), "fee", pl="Opłata to 440 zł."),
            "An amount is written out",
            id="an amount written out",
        ),
        pytest.param(
            replace(article(), titles={**factories.TITLES, "pl": ""}),
            "The Polish text is missing",
            id="no Polish",
        ),
    ],
)
def test_an_article_with_a_fault_is_not_published(form, reason):
    load_reference_data(library())

    with pytest.raises(api.PublicationStoppedError, match=reason):
        publish(form, at=NOON, actor=EDITOR)

    assert api.articles("pl", TODAY) == ()


def test_articles_published_together_are_published_all_or_none(gate):
    load_reference_data(library(parameters={"fee": factories.parameter("fee", value(50000))}))
    innocent = article("other", paragraphs=(factories.paragraph("deadline", factories.DEADLINE),))

    with pytest.raises(api.PublicationStoppedError):
        publish_all([innocent, article()], at=NOON, actor=EDITOR)

    assert api.articles("pl", TODAY) == ()
