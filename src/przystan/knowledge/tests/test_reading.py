"""What other rooms read: resolved, dated, in few queries whatever an article's length."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from przystan.knowledge import api
from przystan.knowledge.content.forms import IntentForm
from przystan.knowledge.data import ParagraphKey, ProvisionView, SourceView
from przystan.knowledge.tests import factories
from przystan.knowledge.tests.factories import NOON, TODAY, article, library, loaded

pytestmark = pytest.mark.django_db


def long_article(paragraphs, slug="work-permit"):
    """An article of that many paragraphs, each with a page and a provision as its sources."""
    sources = ("page:fees", "law:act-on-foreigners#art-114-1-5", "law:act-on-foreigners#art-1")
    return article(
        slug,
        paragraphs=tuple(
            factories.paragraph(f"p-{number}", factories.WORDS, sources=sources)
            for number in range(paragraphs)
        ),
        intents=(IntentForm("fee", ("p-0",), None, factories.ASKED),),
        related=("card", "pesel"),
    )


@pytest.mark.parametrize("paragraphs", [1, 40])
def test_an_article_takes_four_queries_however_long_it_is(paragraphs, django_assert_num_queries):
    loaded(long_article(paragraphs), article("card"), article("pesel"))

    with django_assert_num_queries(4):
        shown = api.article("work-permit", "uk", TODAY)

    assert shown is not None
    assert len(shown.paragraphs) == paragraphs
    assert [card.slug for card in shown.related] == ["card", "pesel"]


@pytest.mark.parametrize("paragraphs", [1, 40])
def test_citations_take_four_queries_however_many_they_are(paragraphs, django_assert_num_queries):
    [published] = loaded(long_article(paragraphs))
    keys = [ParagraphKey(published.version_id, f"p-{n}", "en") for n in range(paragraphs)]

    with django_assert_num_queries(4):
        cited = api.paragraphs(keys, TODAY)

    assert list(cited) == keys


def test_lists_and_passages_take_as_many_queries_for_many_articles_as_for_one(
    django_assert_num_queries,
):
    loaded(*(long_article(3, f"article-{number}") for number in range(8)))

    with django_assert_num_queries(1):
        assert len(api.articles("ru", TODAY)) == 8
    with django_assert_num_queries(2):
        assert len(list(api.passages(TODAY))) == 8 * 3 * 4
    with django_assert_num_queries(1):
        assert len(api.intents(TODAY)) == 8
    with django_assert_num_queries(2):
        api.corpus_version(TODAY)


def test_a_statement_shows_its_sources_and_the_oldest_day_one_was_read():
    loaded(article())

    shown = api.article("work-permit", "en", TODAY)

    assert shown is not None
    fee = next(entry for entry in shown.paragraphs if entry.id == "fee")
    page, law = fee.sources
    assert isinstance(page, SourceView)
    assert page.read_on == date(2026, 6, 1)
    assert isinstance(law, ProvisionView)
    assert (law.act_code, law.edition, law.label) == (
        "UC",
        "DU/2025/1079",
        "art. 114 ust. 1 pkt 5",
    )
    assert law.summary == "In English."
    assert fee.checked_on == date(2026, 6, 1)
    assert shown.checked_on == date(2026, 6, 1)


def test_a_heading_has_no_day_and_no_source():
    loaded(article())

    shown = api.article("work-permit", "pl", TODAY)

    assert shown is not None
    assert (shown.paragraphs[0].sources, shown.paragraphs[0].checked_on) == ((), None)


@pytest.mark.parametrize(
    ("slug", "lang"),
    [
        pytest.param("no-such-article", "pl", id="unknown article"),
        pytest.param("work-permit", "ar", id="language without content"),
        pytest.param("work-permit", "", id="no language"),
        pytest.param("' OR 1=1 --", "pl", id="not a slug"),
    ],
)
def test_what_is_not_there_is_absent(slug, lang):
    loaded(article())

    assert api.article(slug, lang, TODAY) is None


def test_articles_are_listed_by_topic_and_order_with_their_languages():
    loaded(
        article("pay", topic="work", order=20),
        article("permit", topic="work", order=10),
        article("card", topic="stay", order=90),
    )

    cards = api.articles("uk", TODAY)

    assert [card.slug for card in cards] == ["card", "permit", "pay"]
    assert cards[0].title == factories.TITLES["uk"]
    assert cards[0].languages == ("pl", "en", "ru", "uk")
    assert api.articles("ar", TODAY) == ()


def test_topics_are_named_in_the_language_of_the_page():
    with translation.override("en"):
        ids = [topic.id for topic in api.topics("en")]

    assert ids == ["stay", "work", "family", "documents", "health", "learning", "return", "help"]
    assert all(topic.title and topic.description for topic in api.topics("uk"))


def test_a_passage_carries_what_search_needs():
    loaded(article())

    passages = {(p.paragraph_id, p.lang): p for p in api.passages(TODAY)}
    fee = passages["fee", "uk"]

    assert set(passages) == {(id, lang) for id in ("fee", "deadline") for lang in factories.WORDS}
    assert fee.heading == factories.HEADING["uk"]
    assert fee.titles == factories.TITLES
    assert fee.questions["uk"] == factories.ASKED["uk"]
    assert (fee.article, fee.topic, fee.position, fee.kind) == ("work-permit", "work", 1, "text")
    assert (fee.valid_from, fee.valid_to, fee.status) == (date(2026, 4, 27), None, "verified")
    assert fee.id == f"{fee.version_id}/fee/uk/2026-04-27"


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(article(status="to_verify"), id="the whole article"),
        pytest.param(
            replace(
                article(),
                paragraphs=tuple(
                    replace(entry, status="to_verify") for entry in article().paragraphs
                ),
            ),
            id="each paragraph",
        ),
    ],
)
def test_what_is_to_be_verified_is_marked_wherever_it_is_read(form):
    loaded(form)

    shown = api.article("work-permit", "pl", TODAY)

    assert shown is not None
    assert {entry.status for entry in shown.paragraphs} == {"to_verify"}
    assert {passage.status for passage in api.passages(TODAY)} == {"to_verify"}


def test_every_quote_of_a_passage_is_found_again_by_its_citation():
    loaded(article())

    for passage in api.passages(TODAY):
        cited = api.paragraph(*_key(passage), TODAY)
        assert cited is not None
        assert cited.paragraph.text == passage.text
        assert cited.title == passage.title


def _key(passage):
    return passage.key.version_id, passage.key.paragraph_id, passage.key.lang


def test_a_citation_of_nothing_is_absent():
    [published] = loaded(article())

    assert api.paragraph(published.version_id, "no-such-paragraph", "pl") is None
    assert api.paragraph(published.version_id, "fee", "ar") is None
    assert api.paragraphs([]) == {}


def test_questions_name_the_paragraphs_that_answer_and_the_verdict():
    may_i = IntentForm("may-i", ("fee", "deadline"), "depends", factories.ASKED)
    loaded(article(intents=(may_i,)))

    [intent] = api.intents(TODAY)

    assert (intent.id, intent.verdict, intent.answers) == ("may-i", "depends", ("fee", "deadline"))
    assert intent.phrasings["ru"] == factories.ASKED["ru"]


def test_the_corpus_has_another_version_after_each_publication_and_each_change_of_a_figure():
    loaded(article())
    seen = [api.corpus_version(TODAY), api.corpus_version(TODAY)]
    loaded(article(), article("card"))
    seen.append(api.corpus_version(TODAY))
    ended = factories.parameter("fee", factories.value(44000, valid_to=date(2026, 12, 31)))
    loaded(parameters={"fee": ended})

    assert seen[0] == seen[1]
    assert len({*seen, api.corpus_version(date(2027, 1, 1))}) == 3


# --- law and figures --------------------------------------------------------------------------


def test_a_provision_has_its_summary_its_edition_and_the_articles_that_cite_it():
    loaded(article(), article("other", paragraphs=(), intents=()))

    page = api.provision("act-on-foreigners", "art-114-1-5", "en", TODAY)

    assert page is not None
    assert page.provision.summary == "In English."
    assert page.provision.url == "https://eli.example/DU/2025/1079"
    assert page.parent == "art-114-1"
    assert page.official == ()
    assert [card.slug for card in page.articles] == ["work-permit"]


def test_an_article_that_cites_a_part_is_listed_under_the_whole():
    loaded(article())

    page = api.provision("act-on-foreigners", "art-114", "pl", TODAY)

    assert page is not None
    assert [card.slug for card in page.articles] == ["work-permit"]


@pytest.mark.parametrize(
    ("act", "key"),
    [
        pytest.param("no-such-act", "art-1", id="unknown act"),
        pytest.param("act-on-foreigners", "art-999", id="unknown provision"),
        pytest.param("act-on-foreigners", "art-1%", id="not an id"),
        pytest.param("act-on-foreigners", "", id="nothing"),
    ],
)
def test_an_unknown_provision_is_absent(act, key):
    loaded(article())

    assert api.provision(act, key, "pl", TODAY) is None


def test_acts_are_listed_with_their_edition_and_cited_provisions_in_the_acts_order():
    loaded()

    [act] = api.acts("pl")

    assert (act.code, act.edition, act.read_on) == ("UC", "DU/2025/1079", factories.READ_ON)
    assert act.provisions == ("art-1", "art-114", "art-114-1", "art-114-1-5")
    assert not act.has_official_text


def test_a_parameter_is_the_value_of_the_day_with_its_source():
    loaded(parameters={"fee": factories.parameter("fee", factories.value(10050))})

    fee = api.parameter("fee", TODAY)

    assert fee is not None
    assert (fee.value, fee.rendered["pl"], fee.status) == (10050, "100,50 zł", "verified")
    assert fee.source.url == "https://urzad.example/fees"
    assert api.parameter("no-such-fee", TODAY) is None


def test_a_parameter_of_each_kind_reads_in_each_language():
    kinds = {
        "date": ("2027-03-04", date(2027, 3, 4), "4 березня 2027 р."),
        "number": ("1500", 1500, "1500"),
        "percent": ("2.45", None, "2,45%"),
        "text": (dict.fromkeys(factories.WORDS, "слово"), None, "слово"),
    }
    parameters = {
        kind: factories.parameter(kind, factories.value(stored), kind=kind)
        for kind, (stored, _value, _words) in kinds.items()
    }
    loaded(parameters=parameters)

    for kind, (_stored, expected, words) in kinds.items():
        found = api.parameter(kind, TODAY)
        assert found is not None
        assert found.rendered["uk"].replace(" ", "") == words.replace(" ", "")
        if expected is not None:
            assert found.value == expected


def test_a_parameter_has_no_value_before_its_first_day():
    later = factories.value(1, valid_from=date(2027, 1, 1))
    loaded(parameters={"fee": factories.parameter("fee", later)})

    assert api.parameter("fee", date(2026, 12, 31)) is None
    assert api.parameter("fee", date(2027, 1, 1)) is not None


def test_reading_needs_no_reference_data_beyond_what_is_cited():
    loaded(article(), at=NOON, provisions=library().provisions)

    assert api.article("work-permit", "pl", TODAY) is not None
