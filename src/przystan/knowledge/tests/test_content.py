"""The content folder: what is right is loaded whole, what is wrong is named with its place."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from przystan.core import cli, references
from przystan.core.errors import BadFileError
from przystan.knowledge import api, commands  # noqa: F401  registers the commands
from przystan.knowledge.content import texts
from przystan.knowledge.content.checking import check
from przystan.knowledge.content.problems import ContentError
from przystan.knowledge.models import ArticleVersion, Parameter, ParameterValue, Source
from przystan.knowledge.services import load_content
from przystan.knowledge.tests.folders import content_folder, remove, spoil, write
from przystan.people.actor import system

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
ON = date(2026, 11, 23)
LOADER = system("load content")


@pytest.fixture
def folder(tmp_path):
    return content_folder(tmp_path / "content")


def problems(folder):
    return check(folder)[1]


def test_a_folder_without_a_fault_has_no_problems(folder):
    library, found = check(folder)

    assert found == []
    assert list(library.articles) == ["permit"]
    assert library.parameters["fee"].values[0].value == 44000
    assert set(library.provisions) == {
        ("act-on-foreigners", "art-1"),
        ("act-on-foreigners", "art-114-1-5"),
    }
    assert library.articles["permit"].intents[1].verdict == "yes"


ARTICLE = "articles/permit/article.yaml"
PL, EN, UK, RU = (f"articles/permit/{lang}.yaml" for lang in ("pl", "en", "uk", "ru"))
FEES = "parameters/fees.yaml"


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "reason"),
    [
        pytest.param(ARTICLE, "order: 10", "ordre: 10", 3, "ordre is unknown", id="unknown key"),
        pytest.param(ARTICLE, "topic: work", "topic: fun", 2, "is fun", id="unknown topic"),
        pytest.param(ARTICLE, "residence-desk", "Anna", 4, "is Anna", id="a name for an owner"),
        pytest.param(ARTICLE, "2027-01-18", "18.01.2027", 7, "not a day", id="not an ISO day"),
        pytest.param(ARTICLE, "2027-01-18", "2027-W03-1", 7, "not a day", id="a week"),
        pytest.param(ARTICLE, "slug: permit", "slug: card", 1, "folder's name", id="other slug"),
        pytest.param(ARTICLE, "related: []", "related: [gone]", 1, "gone is unknown", id="related"),
        pytest.param(
            ARTICLE, "page:fees,", "page:gone,", 13, "page:gone is unknown", id="unknown source"
        ),
        pytest.param(
            ARTICLE, "#art-114-1-5", "#art-999", 13, "#art-999 is unknown", id="unknown provision"
        ),
        pytest.param(ARTICLE, "page:fees,", "fees,", 13, "fees names no source", id="no kind"),
        pytest.param(ARTICLE, "page:fees,", "page:blog,", 13, "not official", id="not official"),
        pytest.param(
            ARTICLE,
            'sources: ["law:act-on-foreigners#art-1"]',
            "",
            16,
            "no source",
            id="sourceless",
        ),
        pytest.param(
            ARTICLE,
            "kind: heading",
            "kind: heading\n    sources: [page:fees]",
            11,
            "A heading has sources",
            id="heading with a source",
        ),
        pytest.param(
            ARTICLE, "id: deadline", "id: fee", 16, "fee is there twice", id="repeated id"
        ),
        pytest.param(
            ARTICLE, "answers: [fee]", "answers: [gone]", 21, "gone is unknown", id="answer"
        ),
        pytest.param(
            ARTICLE, "answers: [fee]", "answers: [fees]", 21, "is a heading", id="heading answers"
        ),
        pytest.param(ARTICLE, "answers: [fee]", "answers: []", 21, "0 paragraphs", id="no answer"),
        pytest.param(
            ARTICLE, "[fee, deadline]", "[deadline, fee]", 23, "reading order", id="answer order"
        ),
        pytest.param(ARTICLE, "verdict: yes", "verdict: true", 25, "is true", id="not a verdict"),
        pytest.param(PL, "{param:fee}", "440 zł", 5, "440 zł", id="an amount in zł"),
        pytest.param(EN, "{param:fee}", "PLN 440", 5, "PLN 4", id="an amount in PLN"),
        pytest.param(UK, "{param:fee}", "440 злотих", 5, "440 злотих", id="an amount in words"),
        pytest.param(PL, "Masz 14", "Od 4 marca 2027 masz 14", 6, "4 marca 2027", id="a date"),
        pytest.param(EN, "You have", "From March 2027 you have", 6, "March 2027", id="a month"),
        pytest.param(UK, "Ви маєте", "З 4 березня 2027 маєте", 6, "4 березня 2027", id="дата"),
        pytest.param(RU, "У вас", "С 04.03.2027 у вас", 6, "04.03.2027", id="digits of a date"),
        pytest.param(EN, "14 days", "15 days", 6, "15 and 14|14 and 15", id="another number"),
        pytest.param(EN, "{param:fee}", "due", 5, "placeholders differ", id="lost placeholder"),
        pytest.param(PL, "{param:fee}", "{param:gone}", 5, "gone is unknown", id="parameter"),
        pytest.param(PL, "{param:fee}", "{magic:fee}", 5, "unknown kind", id="placeholder kind"),
        pytest.param(PL, "{param:fee}", "{param:fee", 5, "A brace stands", id="stray brace"),
        pytest.param(UK, "Ви маєте", "Вы маєте", 6, "Russian letters: ы", id="ы in Ukrainian"),
        pytest.param(RU, "У вас", "У вас є", 6, "Ukrainian letters: є", id="є in Russian"),
        pytest.param(
            EN,
            "You have 14 days to appeal",
            "Masz 14 dni na odwołanie",
            6,
            "same as the Polish",
            id="not translated",
        ),
        pytest.param(EN, "  deadline:", "  deadlines:", 6, "not in article.yaml", id="extra text"),
        pytest.param(EN, "  fees: Fees\n", "", 4, "fees has no text", id="missing text"),
        pytest.param(EN, "title: Permit", "title:", 1, "title is empty", id="no title"),
        pytest.param(EN, ", is it free", "", 9, "1 questions", id="one phrasing"),
        pytest.param(
            EN,
            ", what is the fee, price of the card",
            "",
            1,
            "has 3 example questions",
            id="too few questions",
        ),
        pytest.param(EN, "paragraphs:", "\tparagraphs:", 3, "not YAML", id="a tab"),
        pytest.param(
            EN, "title: Permit", "title: Permit\ntitle: Two", 2, "repeated", id="two titles"
        ),
        pytest.param(EN, "summary: What", "summary: &a What", 0, "", id="an anchor alone is plain"),
        pytest.param(EN, "fees: Fees", "fees: *a", 4, "alias", id="an alias"),
        pytest.param(FEES, "440.00", '"440,00"', 5, "not a number", id="comma in an amount"),
        pytest.param(FEES, "440.00", "440.001", 5, "no amount", id="half a grosz"),
        pytest.param(FEES, "440.00", "-1", 5, "no amount", id="negative amount"),
        pytest.param(FEES, "440.00", "NaN", 5, "not a number", id="not a number"),
        pytest.param(FEES, "kind: money", "kind: price", 2, "is price", id="unknown kind"),
        pytest.param(
            FEES, "to: 2026-12-31", "to: 2027-01-01", 1, "two values hold on", id="overlap"
        ),
        pytest.param(FEES, "to: 2026-12-31", "to: null", 1, "share days", id="open overlap"),
        pytest.param(FEES, "to: 2026-12-31", "to: 2020-01-01", 1, "ends before", id="backwards"),
        pytest.param(FEES, "page:fees", "page:blog", 1, "not official", id="value not official"),
        pytest.param(FEES, "page:fees", "page:gone", 1, "page:gone is unknown", id="value source"),
        pytest.param(FEES, "2022-07-29", "2026-06-01", 0, "no value on 2026-04-27", id="first day"),
        pytest.param(
            "acts.yaml", "uk: закон,", "", 4, "uk is missing", id="act without a language"
        ),
        pytest.param(
            "provisions.d/more.yaml",
            "act-on-foreigners#",
            "no-such-act#",
            1,
            "no-such-act is unk",
            id="provision of no act",
        ),
        pytest.param(
            "provisions.d/more.yaml",
            "act-on-foreigners#art-1",
            "art-1",
            1,
            "does not name its act",
            id="provision without an act",
        ),
        pytest.param(
            "provisions.d/more.yaml",
            "#art-1:",
            "#art-114-1-5:",
            1,
            "defined twice",
            id="provision in two files",
        ),
        pytest.param(
            "sources.yaml", "https://blog", "javascript:blog", 2, "not a web address", id="address"
        ),
        pytest.param("sources.yaml", "official: false", "official: no", 2, "is no", id="boolean"),
    ],
)
def test_each_fault_is_named_with_its_file_line_and_remedy(folder, name, old, new, line, reason):
    spoil(folder, name, old, new)

    found = problems(folder)

    if not reason:
        assert found == []
        return
    mine = [p for p in found if re.search(reason, p.reason)]
    assert mine, [str(p) for p in found]
    assert all(p.remedy for p in mine)
    if line:
        assert (mine[0].file, mine[0].line) == (name, line), [str(p) for p in mine]


@pytest.mark.parametrize("lang", ["pl", "en", "uk", "ru"])
def test_a_missing_language_is_named(folder, lang):
    remove(folder, f"articles/permit/{lang}.yaml")

    assert any(f"{lang}.yaml is missing" in p.reason for p in problems(folder))


def test_an_article_without_its_main_file_is_named(folder):
    remove(folder, ARTICLE)

    [problem] = problems(folder)

    assert problem.file == "articles/permit"


def test_a_paragraph_to_be_verified_may_rest_on_another_page(folder):
    spoil(
        folder,
        ARTICLE,
        "kind: text\n    sources: [page:fees,",
        "kind: text\n    sources: [page:blog,",
    )
    spoil(
        folder,
        ARTICLE,
        "- id: fee\n    kind: text",
        "- id: fee\n    status: to_verify\n    kind: text",
    )

    assert problems(folder) == []


def test_a_missing_folder_is_an_error_with_its_name(tmp_path):
    with pytest.raises(BadFileError, match="no-such"):
        check(tmp_path / "no-such")


def test_services_are_checked_where_the_directory_knows_them(folder):
    spoil(folder, ARTICLE, "services: []", "services: [hotline, gone]")

    _library, found = check(folder, lambda service: service == "hotline")

    assert [p.reason for p in found] == ["The service gone is unknown."]


@given(data=st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_no_bytes_of_a_file_break_the_check(tmp_path, data):
    folder = content_folder(tmp_path / "any")
    (folder / "articles/permit/en.yaml").write_bytes(data)

    assert problems(folder)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: " + "[" * 3000, id="deep"),
        pytest.param("- a\n- b\n", id="a list"),
        pytest.param("? [a]\n: b\n", id="a list as a key"),
        pytest.param("a: !!python/object/apply:os.system [id]\n", id="a tag"),
        pytest.param("", id="empty"),
        pytest.param("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", id="a bomb"),
    ],
)
def test_hostile_files_are_faults_not_crashes(folder, text):
    write(folder, EN, text)

    assert any(p.file == EN for p in problems(folder))


@pytest.mark.parametrize(
    ("polish", "other", "same"),
    [
        ("Masz 1 500 dni.", "You have 1500 days.", True),
        ("Masz 1,5 roku.", "You have 1.5 years.", True),
        ("Masz 14 dni.", "You have 14 days, not 7.", False),
        ("Po 18. roku.", "After the 18th year.", True),
    ],
)
def test_numbers_are_compared_as_people_write_them(polish, other, same):
    assert (texts.numbers(polish) == texts.numbers(other)) is same


@pytest.mark.parametrize(
    "text",
    ["Świadczenie 800+ na dziecko.", "Opłata to {param:fee}.", "W 14 dni.", "Formularz z 2026 r."],
)
def test_what_is_neither_an_amount_nor_a_date_is_left_alone(text):
    assert list(texts.faults(text, "pl")) == []


# --- loading ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_folder_is_loaded_and_read(folder):
    loaded = load_content(folder, at=AT, actor=LOADER)

    shown = api.article("permit", "uk", ON)
    assert (loaded.articles, loaded.new_versions, loaded.parameters) == (1, 1, 1)
    assert shown is not None
    assert [entry.text for entry in shown.paragraphs] == [
        "Збори",
        "Збір становить 440 zł.",
        "Ви маєте 14 днів на оскарження.",
    ]


@pytest.mark.django_db
def test_loading_again_changes_nothing(folder):
    load_content(folder, at=AT, actor=LOADER)
    before = api.corpus_version(ON)

    again = load_content(folder, at=AT, actor=LOADER)

    assert again.new_versions == 0
    assert api.corpus_version(ON) == before
    assert ArticleVersion.objects.count() == 1
    assert ParameterValue.objects.count() == 2


@pytest.mark.django_db
def test_a_folder_with_a_fault_loads_nothing_at_all(folder):
    spoil(folder, EN, "14 days", "15 days")

    with pytest.raises(ContentError, match="numbers differ"):
        load_content(folder, at=AT, actor=LOADER)

    assert not Source.objects.exists()
    assert not Parameter.objects.exists()


@pytest.mark.django_db
def test_a_refused_article_leaves_the_sources_and_figures_as_they_were(folder):
    from przystan.knowledge import gates
    from przystan.knowledge.data import Failure

    def refuse(candidate):
        return [Failure("A test is broken.")]

    gates.register(refuse)
    try:
        with pytest.raises(api.PublicationStoppedError):
            load_content(folder, at=AT, actor=LOADER)
    finally:
        gates.unregister(refuse)

    assert not Source.objects.exists()


@pytest.mark.django_db
def test_a_corrected_figure_of_the_folder_gives_its_articles_a_new_version(folder):
    load_content(folder, at=AT, actor=LOADER)
    spoil(folder, FEES, "440.00", "340.00")

    loaded = load_content(folder, at=AT, actor=LOADER)

    shown = api.article("permit", "pl", ON)
    assert loaded.new_versions == 1
    assert shown is not None
    assert shown.paragraphs[1].text == "Opłata wynosi 340 zł."


@pytest.mark.django_db
def test_a_value_that_ends_and_the_next_one_load_in_one_go(folder):
    load_content(folder, at=AT, actor=LOADER)
    spoil(folder, FEES, "from: 2027-01-01, to: null", "from: 2027-01-01, to: 2027-06-30")
    spoil(
        folder,
        FEES,
        "status: to_verify}",
        "status: to_verify}\n"
        '    - {from: 2027-07-01, to: null, value: 600.00, source: "page:fees", '
        "read_on: 2026-11-22}",
    )

    load_content(folder, at=AT, actor=LOADER)

    shown = api.article("permit", "pl", date(2027, 7, 1))
    assert shown is not None
    assert shown.paragraphs[1].text == "Opłata wynosi 600 zł."
    assert ArticleVersion.objects.count() == 1


@pytest.mark.django_db
def test_a_provision_of_a_code_is_labelled_with_a_paragraph_sign(folder):
    spoil(folder, "acts.yaml", "pl: Ustawa z dnia 12 grudnia 2013 r. o cudzoziemcach", "pl: Kodeks")
    load_content(folder, at=AT, actor=LOADER)

    page = api.provision("act-on-foreigners", "art-114-1-5", "pl", ON)

    assert page is not None
    assert page.provision.label == "art. 114 § 1 pkt 5"


# --- the command line -------------------------------------------------------------------------


@pytest.mark.django_db
def test_content_check_prints_every_fault_and_fails(folder, capsys):
    assert cli.run(["content", "check", "--folder", str(folder)]) == 0
    spoil(folder, EN, "14 days", "15 days")
    spoil(folder, PL, "{param:fee}", "440 zł")

    code = cli.run(["content", "check", "--folder", str(folder)])

    printed = capsys.readouterr().out
    assert code == 1
    assert "articles/permit/en.yaml:6: deadline:" in printed
    assert "articles/permit/pl.yaml:5: fee: An amount is written out" in printed


@pytest.mark.django_db
def test_content_check_asks_the_directory_when_there_is_one(folder, capsys, monkeypatch):
    entry = references.Resolved("Infolinia")
    known = {"service": lambda name, lang, on: entry if name == "hotline" else None}
    monkeypatch.setattr(references, "_RESOLVERS", known)
    spoil(folder, ARTICLE, "services: []", "services: [hotline, gone]")

    assert cli.run(["content", "check", "--folder", str(folder)]) == 1
    assert "The service gone is unknown." in capsys.readouterr().out


@pytest.mark.django_db
def test_services_are_not_checked_while_the_directory_is_empty(folder, capsys, monkeypatch):
    monkeypatch.setattr(references, "_RESOLVERS", {"service": lambda name, lang, on: None})
    spoil(folder, ARTICLE, "services: []", "services: [hotline]")

    assert cli.run(["content", "check", "--folder", str(folder)]) == 0
    assert "not checked" in capsys.readouterr().err


@pytest.mark.django_db
def test_content_load_says_what_it_did(folder, capsys):
    assert cli.run(["content", "load", "--folder", str(folder)]) == 0

    assert api.articles("pl", ON)
    assert capsys.readouterr().out.strip()


@pytest.mark.django_db
def test_a_folder_that_is_not_there_is_a_plain_message(capsys, tmp_path):
    assert cli.run(["content", "check", "--folder", str(tmp_path / "none")]) == 1

    assert "none" in capsys.readouterr().err
