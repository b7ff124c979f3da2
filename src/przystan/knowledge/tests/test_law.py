"""From the text of an official PDF to provisions that can be linked and quoted."""

import gzip
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from przystan.core import cli
from przystan.core.errors import AbsentError, BadFileError
from przystan.knowledge import api, commands  # noqa: F401  registers the commands
from przystan.knowledge.law import files, labels, units
from przystan.knowledge.models import Edition, OfficialText
from przystan.knowledge.services import import_law
from przystan.knowledge.tests.factories import TODAY, article, loaded
from przystan.people.actor import system

READ_ON = date(2026, 7, 18)
IMPORTER = system("import law")
PAGE = "©Kancelaria Sejmu s. 5/495\n2026-04-07"


def parsed(*texts, numbers=None):
    """The units of an act whose articles are numbered from 1, by key."""
    found = units.parse(numbers or [str(n + 1) for n in range(len(texts))], texts)
    return {unit.key: unit for unit in found}


# --- structure ------------------------------------------------------------------------------


def test_an_article_is_divided_into_paragraphs_points_letters_and_dashes():
    act = parsed(
        "Art. 1. 1. Udziela się, gdy:\n1) posiada:\na) dokument:\n– ważny,\n– czytelny,\n"
        "b) opłatę;\n2) (uchylony)\n1a. Wojewoda pomaga.\n2. (uchylony)"
    )

    assert {key: unit.label for key, unit in act.items()} == {
        "art-1": "art. 1",
        "art-1-1": "art. 1 ust. 1",
        "art-1-1-1": "art. 1 ust. 1 pkt 1",
        "art-1-1-1-a": "art. 1 ust. 1 pkt 1 lit. a",
        "art-1-1-1-a-tir1": "art. 1 ust. 1 pkt 1 lit. a tiret 1",
        "art-1-1-1-a-tir2": "art. 1 ust. 1 pkt 1 lit. a tiret 2",
        "art-1-1-1-b": "art. 1 ust. 1 pkt 1 lit. b",
        "art-1-1-2": "art. 1 ust. 1 pkt 2",
        "art-1-1a": "art. 1 ust. 1a",
        "art-1-2": "art. 1 ust. 2",
    }
    assert act["art-1-1-1-b"].parent == "art-1-1-1"
    assert act["art-1-1-2"].is_repealed
    assert act["art-1-2"].is_repealed
    assert not act["art-1-1a"].is_repealed


def test_a_code_is_divided_by_paragraph_signs():
    act = parsed("Art. 1. § 1. Pierwszy.\n§ 1a. Dodany.\n§ 2. Drugi:\n1) punkt.")

    assert [unit.label for unit in act.values()] == [
        "art. 1",
        "art. 1 § 1",
        "art. 1 § 1a",
        "art. 1 § 2",
        "art. 1 § 2 pkt 1",
    ]


def test_a_regulation_has_paragraph_signs_for_articles():
    act = parsed("§ 1. 1. Opłata wynosi:\n1) za kartę – tyle.\n2. Zwraca się ją.")

    assert act["par-1-1-1"].label == "§ 1 ust. 1 pkt 1"
    assert act["par-1-2"].text == "Zwraca się ją."


def test_points_may_stand_right_below_an_article():
    act = parsed("Art. 1. Użyte określenia oznaczają:\n1) azyl – azyl;\n2) karta – kartę.")

    assert act["art-1-2"].label == "art. 1 pkt 2"


def test_an_article_with_a_raised_number_is_not_a_paragraph_of_another():
    act = parsed(
        "Art. 39. § 1. Pierwszy.\n§ 2. Drugi.",
        "Art. 39 2 . § 1. Inny.",
        numbers=["39", "39²"],
    )

    assert act["art-39-2"].text == "Drugi."
    assert (act["art-39sup2-1"].label, act["art-39sup2-1"].text) == ("art. 39² § 1", "Inny.")


def test_a_wrapped_reference_is_not_a_new_unit():
    act = parsed(
        "Art. 1. 1. Zgodnie z ust.\n2. i dalej, o którym mowa w pkt\n1) oraz w art.\n2. koniec.\n"
        "2. Drugi."
    )

    assert act["art-1-1"].text.endswith("koniec.")
    assert act["art-1-2"].text == "Drugi."


def test_a_wrapped_paragraph_sign_does_not_make_an_act_a_code():
    act = parsed("Art. 1. 1. Odpis zgodnie z art. 76a\n§ 2 Kodeksu dołącza się.\n2. Drugi.")

    assert act["art-1-2"].label == "art. 1 ust. 2"


def test_a_year_at_the_start_of_a_line_is_not_a_paragraph():
    act = parsed("Art. 1. 1. Ustawa z dnia 15 września\n2000. Dalej.\n2. Drugi.")

    assert set(act) == {"art-1", "art-1-1", "art-1-2"}


def test_the_common_end_of_a_list_belongs_to_what_the_list_belongs_to():
    act = parsed(
        "Art. 1. 1. Udostępnia się:\n1) Policji,\n2) Straży Granicznej\n– w celu realizacji zadań\n"
        "ustawowych.\n2. Drugi."
    )

    assert act["art-1-1"].closing == "– w celu realizacji zadań ustawowych."
    assert act["art-1-1-2"].text == "Straży Granicznej"
    assert act["art-1-2"].text == "Drugi."


def test_a_dash_inside_a_sentence_closes_nothing():
    act = parsed(
        "Art. 1. Członek:\n1) ustawy z dnia 15 września 2000 r.\n– Kodeks spółek handlowych,\n"
        "2) państwa (EFTA)\n– strony umowy o EOG."
    )

    assert act["art-1-1"].text == "ustawy z dnia 15 września 2000 r. – Kodeks spółek handlowych,"
    assert act["art-1-2"].text == "państwa (EFTA) – strony umowy o EOG."


def test_a_list_may_begin_with_its_second_point():
    act = parsed("Art. 1. 1. Ostatnie z następujących zdarzeń:\n2) złożył wniosek;\n3) przedłożył.")

    assert "art-1-1-2" in act


def test_quoted_provisions_of_another_act_stay_text():
    act = parsed(
        "Art. 1. W ustawie:\n1) w art. 3 pkt 2 otrzymuje brzmienie:\n„2) wykonywanie pracy;”;\n"
        "2) art. 4 otrzymuje brzmienie:\n„Art. 4. 1. Nowy.\n2. Tekst.”."
    )

    assert set(act) == {"art-1", "art-1-1", "art-1-2"}
    assert act["art-1-2"].text.endswith("„Art. 4. 1. Nowy. 2. Tekst.”.")


def test_words_about_to_lapse_hold_and_words_to_come_are_kept_apart():
    act = parsed(
        "Art. 1. 1. Pracę wykonuje, kto:\n1) posiada kartę;\n[2) posiada stempel\nw paszporcie.]\n"
        "<2) posiada zaświadczenie.>\n<3) posiada wizę.>\n2. Drugi."
    )

    assert act["art-1-1-2"].text == "posiada stempel w paszporcie."
    assert act["art-1-1-2"].coming == "posiada zaświadczenie."
    assert (act["art-1-1-3"].text, act["art-1-1-3"].coming) == ("", "posiada wizę.")
    assert act["art-1-2"].text == "Drugi."


def test_headings_of_the_next_chapter_do_not_end_an_article():
    act = parsed(
        "Art. 1. Tekst.\nDZIAŁ II\nPobyt\nRozdział 1\nCzęść\nogólna",
        "Art. 2. Dalej.\nRozdział 2\nCzęść szczególna",
        "Art. 3. Koniec.",
    )

    assert act["art-1"].text == "Tekst."
    assert act["art-2"].division == "Dział II. Pobyt, Rozdział 1. Część ogólna"
    assert act["art-3"].division == "Dział II. Pobyt, Rozdział 2. Część szczególna"


def test_a_text_that_is_not_the_article_is_refused():
    with pytest.raises(units.NotAnArticleError):
        parsed("Art. 2. Inny.")


# --- pages ----------------------------------------------------------------------------------


def test_page_headers_and_their_dates_are_gone():
    act = parsed(
        f"Art. 1. 1. Początek\n{PAGE}\nkoniec.\n2. Dalej\nDziennik Ustaw – 9 – Poz. 1691\n"
        "2025-12-04\ni koniec."
    )

    assert act["art-1-1"].text == "Początek koniec."
    assert act["art-1-2"].text == "Dalej i koniec."


def test_a_footnote_is_kept_apart_with_the_provision_that_it_explains():
    act = parsed(
        "Art. 1. 1. Rozporządzenie (Dz. Urz. UE L 1, str. 1, z późn. zm. 1 ) ) stosuje się.\n"
        "2. Kodeks stosuje\n"
        "1) Zmiany wymienionego rozporządzenia zostały ogłoszone w Dz. Urz. UE L 2, str. 1\n"
        f"oraz Dz. Urz. UE L 3, str. 9.\n{PAGE}\nsię odpowiednio."
    )

    assert act["art-1-1"].text == (
        "Rozporządzenie (Dz. Urz. UE L 1, str. 1, z późn. zm.) stosuje się."
    )
    assert act["art-1-1"].footnotes == (
        "Zmiany wymienionego rozporządzenia zostały ogłoszone w Dz. Urz. UE L 2, str. 1 "
        "oraz Dz. Urz. UE L 3, str. 9.",
    )
    assert act["art-1-2"].text == "Kodeks stosuje się odpowiednio."


def test_a_footnote_that_goes_on_over_pages_takes_nothing_of_the_act():
    act = parsed(
        "Art. 1. Ustawa określa zasady.\n1) Niniejsza ustawa wdraża:\n1) dyrektywy pierwszej;\n"
        f"{PAGE}\n2) dyrektywy drugiej (Dz. Urz. UE L 1,\n{PAGE}",
        f"Art. 2. Nie stosuje się do:\n1) dyplomatów;\nstr. 14).\n{PAGE}\n2) innych.",
    )

    assert act["art-1"].text == "Ustawa określa zasady."
    assert {"art-2-1", "art-2-2"} < set(act)
    assert act["art-2-1"].text == "dyplomatów;"
    assert "art-1-1" not in act


def test_a_footnote_mark_before_a_unit_is_not_its_text():
    act = parsed(
        "Art. 1. 2 ) § 1. Sprawą kieruje.\n§ 2. 2 ) Organ działa.\n1) Zmiana była.\n"
        f"2) Dodany przez art. 1 ustawy zmieniającej.\n{PAGE}"
    )

    assert act["art-1-1"].text == "Sprawą kieruje."
    assert act["art-1-2"].text == "Organ działa."
    assert act["art-1-2"].footnotes == ("Dodany przez art. 1 ustawy zmieniającej.",)


def test_a_number_in_brackets_is_no_footnote_mark():
    act = parsed(
        "Art. 1. 1. Ustawa (Dz. U. poz. 1 ) stosuje się, z późn. zm. 1 )\n"
        f"1) Zmiany wymienionej ustawy ogłoszono.\n{PAGE}"
    )

    assert act["art-1-1"].text == "Ustawa (Dz. U. poz. 1) stosuje się, z późn. zm."


def test_a_note_in_the_margin_goes_to_the_article_that_it_names():
    act = parsed(
        "Art. 1. Tekst, który trwa\nDodany ust. 4 w\nart. 2 wejdzie w\nżycie z dniem\nokreślonym.\n"
        f"{PAGE}\ndalej.",
        "Art. 2. Inny.",
    )

    assert act["art-1"].text == "Tekst, który trwa dalej."
    assert act["art-2"].notes == ("Dodany ust. 4 w art. 2 wejdzie w życie z dniem określonym.",)


def test_the_note_on_the_basis_of_the_text_is_gone():
    act = parsed(
        "Art. 1. Ustawa określa zasady.\nOpracowano na\npodstawie: t.j.\nDz. U. z 2025 r.\n"
        f"poz. 1079.\n{PAGE}"
    )

    assert act["art-1"].text == "Ustawa określa zasady."


# --- words ----------------------------------------------------------------------------------


def test_a_word_cut_at_the_end_of_a_line_is_whole_again():
    act = parsed("Art. 1. 1. Złożenie odwo-\nłania, Rzeczy -\npospolitej.\n2. Odwołania wnosi.")

    assert act["art-1-1"].text == "Złożenie odwołania, Rzeczypospolitej."


def test_a_compound_keeps_its_hyphen():
    act = parsed("Art. 1. 1. Spółka komandytowo-\nakcyjna.\n2. Komandytowo i akcyjna spółka.")

    assert act["art-1-1"].text == "Spółka komandytowo-akcyjna."


def test_a_word_cut_by_a_stray_space_is_whole_again_if_the_act_knows_it():
    act = parsed(
        "Art. 1. 1. Pobyt w Rzeczyposp olitej Polskiej oraz wynagr odzenie.\n"
        "2. Rzeczypospolitej Polskiej wynagrodzenie i l ub.\n3. Lub tak, lub nie, w wyższym."
    )

    assert act["art-1-1"].text == "Pobyt w Rzeczypospolitej Polskiej oraz wynagrodzenie."
    assert act["art-1-2"].text == "Rzeczypospolitej Polskiej wynagrodzenie i lub."
    assert act["art-1-3"].text == "Lub tak, lub nie, w wyższym."


def test_two_words_stay_two_though_their_sum_is_a_word_too():
    act = parsed(
        "Art. 1. 1. Nie pełny i nie pełny, pełny wymiar, niepełny, nie wiadomo.\n"
        "2. W szkolnictwie wyższym i nauce.\n3. Wyższymi i wyższymi, o wyższym i o wyższym."
    )

    assert act["art-1-1"].text.startswith("Nie pełny i nie pełny")
    assert act["art-1-2"].text == "W szkolnictwie wyższym i nauce."


def test_spaces_stand_as_a_printer_sets_them():
    act = parsed("Art. 1. Kto , w pkt 1 ( Dz. U. z 2025 r. ) , składa „ wniosek ” ; i tyle .")

    assert act["art-1"].text == "Kto, w pkt 1 (Dz. U. z 2025 r.), składa „wniosek”; i tyle."


# Beginnings of units in any order, among pieces of ordinary text.
BEGINNINGS = [
    "",
    "1. ",
    "2. ",
    "2a. ",
    "3–5. ",
    "§ 1. ",
    "1) ",
    "2) ",
    "2aaaaaaaaaa) ",
    "a) ",
    "b) ",
    "– ",
    "[2) ",
    "<2) ",
    "<1. ",
    "<3) ",
    "„",
    "1 ) ",
    "1) Zmiana ",
    "2) Dodany ",
    "Dodany ",
    "©Kancelaria Sejmu",
    "Rozdział 1",
    "3) Zmiany;",
]
lines = st.lists(
    st.tuples(
        st.sampled_from(BEGINNINGS),
        st.text(alphabet=st.sampled_from("abc12).§–]>„”- ;:(uchylony"), max_size=12),
    ),
    max_size=14,
).map(lambda pairs: "\n".join(start + rest for start, rest in pairs))


@given(st.lists(lines, max_size=3))
def test_any_text_is_parsed_and_every_key_is_unique_and_an_id(bodies):
    texts = [f"Art. {number}. {body}" for number, body in enumerate(bodies, start=1)]

    found = units.parse([str(number + 1) for number in range(len(texts))], texts)

    keys = [unit.key for unit in found]
    assert len(keys) == len(set(keys))
    assert all(labels.ID.fullmatch(key) for key in keys)
    assert all(not unit.parent or unit.parent in keys for unit in found)


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("art-114-1-5", "art. 114 ust. 1 pkt 5"),
        ("art-106c-3", "art. 106c ust. 3"),
        ("art-195-1-6a", "art. 195 ust. 1 pkt 6a"),
        ("art-2-1-2-c", "art. 2 ust. 1 pkt 2 lit. c"),
        ("art-39sup2", "art. 39²"),
        ("par-3", "§ 3"),
        ("par-2-1-1", "§ 2 ust. 1 pkt 1"),
    ],
)
def test_an_id_reads_as_a_lawyer_writes_it(key, label):
    assert labels.label(key) == label
    assert labels.ID.fullmatch(key)


def test_ids_are_sorted_as_the_act_has_them():
    keys = ["art-10", "art-2-10", "art-2-2a", "art-2-2", "art-10a", "art-2"]

    assert sorted(keys, key=labels.order) == [
        "art-2",
        "art-2-2",
        "art-2-2a",
        "art-2-10",
        "art-10",
        "art-10a",
    ]


# --- files ----------------------------------------------------------------------------------

ARTICLES = [
    {"article": "1", "status": "active", "text": "Art. 1. 1. Pierwszy:\n1) punkt.\n2. Drugi."},
    {"article": "2", "status": "repealed", "text": "Art. 2. (uchylony)"},
    {"article": "114", "status": "active", "text": "Art. 114. 1. Gdy:\n5) wysokość.\n4) inna."},
]


def law_file(path, articles=ARTICLES, packed=False):
    data = "\n".join(json.dumps(entry, ensure_ascii=False) for entry in articles).encode()
    path.write_bytes(gzip.compress(data) if packed else data)
    return path


GOOD = json.dumps(ARTICLES[0]).encode()


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        pytest.param(b"", None, "no article", id="empty"),
        pytest.param(b"\n\n", None, "no article", id="blank"),
        pytest.param(GOOD + b"\nnot json", 2, "not JSON", id="not JSON"),
        pytest.param(GOOD + b"\n[1]", 2, "not an object", id="a list"),
        pytest.param(GOOD + b"\n" + b"[" * 100_000, 2, "not JSON", id="deep"),
        pytest.param(GOOD + b'\n{"article": "2"}', 2, "status is missing", id="no status"),
        pytest.param(
            GOOD + b'\n{"article": 2, "status": "active", "text": "Art. 2."}',
            2,
            "article is",
            id="int",
        ),
        pytest.param(
            GOOD + b'\n{"article": "../2", "status": "active", "text": "x"}',
            2,
            "no article number",
            id="a path for a number",
        ),
        pytest.param(
            GOOD + b'\n{"article": "2", "status": "odd", "text": "x"}',
            2,
            "neither active",
            id="status",
        ),
        pytest.param(
            GOOD + b'\n{"article": "2", "status": "active", "text": "x", "y": 1}',
            2,
            "y is unknown",
            id="unknown key",
        ),
        pytest.param(GOOD + b"\n" + GOOD, 2, "is there twice", id="twice"),
        pytest.param(GOOD + b'\n{"article": "2\xff"}', 2, "not UTF-8", id="not UTF-8"),
        pytest.param(gzip.compress(GOOD)[:-9], None, "cannot be unpacked", id="cut gzip"),
        pytest.param(b"\x1f\x8bnonsense", None, "cannot be unpacked", id="not gzip"),
        pytest.param(
            GOOD + b'\n{"article": "2", "status": "active", "text": "Art. 3. Inny."}',
            2,
            "does not begin with the number of article 2",
            id="other article",
        ),
        pytest.param(
            GOOD + b'\n{"article": "2", "status": "repealed", "text": "Art. 2. Tekst."}',
            2,
            "marked repealed but has a text",
            id="not repealed",
        ),
    ],
)
@pytest.mark.django_db
def test_a_broken_file_is_named_with_line_and_reason_and_nothing_is_kept(
    tmp_path, data, line, reason
):
    loaded()
    path = tmp_path / "act.jsonl"
    path.write_bytes(data)

    with pytest.raises(BadFileError, match=reason) as failed:
        imported(path)

    assert failed.value.line == line
    assert "act.jsonl" in str(failed.value.reason)
    assert not OfficialText.objects.exists()
    assert Edition.objects.count() == 1


def test_a_file_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 10_000)
    path = tmp_path / "act.jsonl.gz"
    path.write_bytes(gzip.compress(b" " * 1_000_000))

    with pytest.raises(BadFileError, match="too long"):
        files.read(path)


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail_in_another_way(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("law") / "act.jsonl"
    path.write_bytes(data)

    with pytest.raises(BadFileError):
        files.read(path)


# --- importing ------------------------------------------------------------------------------


def imported(path, eli="DU/2025/1079", state_on=READ_ON):
    return import_law(
        path,
        act_slug="act-on-foreigners",
        eli=eli,
        state_on=state_on,
        read_on=READ_ON,
        actor=IMPORTER,
    )


@pytest.mark.django_db
def test_an_imported_act_is_read_provision_by_provision(tmp_path):
    loaded(article())

    done = imported(law_file(tmp_path / "act.jsonl.gz", packed=True))

    assert (done.articles, done.is_new) == (3, True)
    page = api.provision("act-on-foreigners", "art-1", "pl", TODAY)
    assert page is not None
    assert [(unit.id, unit.depth, unit.text) for unit in page.official] == [
        ("art-1", 0, ""),
        ("art-1-1", 1, "Pierwszy:"),
        ("art-1-1-1", 2, "punkt."),
        ("art-1-2", 1, "Drugi."),
    ]
    assert (page.official_edition, page.official_state_on) == ("DU/2025/1079", READ_ON)
    [act] = api.acts("pl")
    assert act.has_official_text


@pytest.mark.django_db
def test_a_provision_without_a_summary_has_a_page_once_it_is_imported(tmp_path):
    loaded()
    assert api.provision("act-on-foreigners", "art-2", "en", TODAY) is None
    imported(law_file(tmp_path / "act.jsonl"))

    page = api.provision("act-on-foreigners", "art-2", "en", TODAY)

    assert page is not None
    assert (page.provision.label, page.provision.summary) == ("art. 2", "")
    assert page.official[0].is_repealed


@pytest.mark.django_db
def test_importing_the_same_edition_again_changes_nothing(tmp_path):
    loaded()
    imported(law_file(tmp_path / "act.jsonl"))

    again = imported(law_file(tmp_path / "act.jsonl.gz", packed=True))

    assert not again.is_new
    assert Edition.objects.count() == 1
    assert OfficialText.objects.count() == again.units


@pytest.mark.django_db
def test_another_text_under_the_same_edition_is_refused(tmp_path):
    loaded()
    imported(law_file(tmp_path / "act.jsonl"))

    with pytest.raises(BadFileError, match="imported from another text"):
        imported(law_file(tmp_path / "other.jsonl", ARTICLES[:1]))

    assert OfficialText.objects.filter(key="art-2").exists()


@pytest.mark.django_db
def test_a_new_edition_keeps_the_old_one_for_its_days(tmp_path):
    loaded()
    imported(law_file(tmp_path / "act.jsonl"))
    later = [ARTICLES[0] | {"text": "Art. 1. 1. Nowe słowa."}]

    imported(law_file(tmp_path / "later.jsonl", later), state_on=date(2027, 1, 1))

    old = api.provision("act-on-foreigners", "art-1-1", "pl", date(2026, 12, 31))
    new = api.provision("act-on-foreigners", "art-1-1", "pl", date(2027, 1, 1))
    assert old is not None
    assert new is not None
    assert (old.official[0].text, new.official[0].text) == ("Pierwszy:", "Nowe słowa.")


@pytest.mark.django_db
def test_the_acts_own_text_puts_a_guessed_label_right(tmp_path):
    loaded(article())
    points = [
        {"article": "114", "status": "active", "text": "Art. 114. Gdy:\n1) jest:\na) x,\nb) y."}
    ]

    imported(law_file(tmp_path / "act.jsonl", points))

    page = api.provision("act-on-foreigners", "art-114-1", "pl", TODAY)
    assert page is not None
    assert page.provision.label == "art. 114 pkt 1"
    loaded(article())
    again = api.provision("act-on-foreigners", "art-114-1", "pl", TODAY)
    assert again is not None
    assert again.provision.label == "art. 114 pkt 1"


@pytest.mark.django_db
def test_cited_provisions_that_the_text_does_not_have_are_named(tmp_path):
    loaded(article())

    done = imported(law_file(tmp_path / "act.jsonl"))

    assert done.missing == ("art-114-1-5",)


@pytest.mark.django_db
def test_an_unknown_act_is_named(tmp_path):
    with pytest.raises(AbsentError, match="act-on-foreigners"):
        imported(law_file(tmp_path / "act.jsonl"))


@pytest.mark.django_db
def test_the_command_imports_and_says_what_it_did(tmp_path, capsys):
    loaded()
    path = law_file(tmp_path / "act.jsonl")
    call = ["import", "law", str(path), "--act", "act-on-foreigners"]
    call += ["--eli", "DU/2025/1079", "--state-on", "2026-07-18"]

    assert cli.run(call) == 0
    assert cli.run(call) == 0
    path.write_text("broken")
    assert cli.run(call) == 1

    printed = capsys.readouterr()
    assert "act.jsonl, line 1" in printed.err
    assert OfficialText.objects.exists()
