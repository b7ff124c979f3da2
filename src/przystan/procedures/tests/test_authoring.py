"""Files of a lawyer: what is wrong is said with file, line, column and remedy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from przystan.core.errors import BadFileError
from przystan.procedures.authoring import nodes
from przystan.procedures.authoring.folder import read_folder
from przystan.procedures.tests.writing import spoiled, written

RULES = "definitions/permit/2026-03-05.r1.yaml"
EXAMPLES = "definitions/permit/examples.yaml"
FACTS = "facts/life.yaml"


def test_a_folder_without_faults_has_none(faults_of):
    assert faults_of() == []


@pytest.mark.parametrize(
    ("path", "before", "after", "expected"),
    [
        (RULES, "age(birth_date, on)", "age(born, on)", "2026-03-05.r1.yaml:6:16: "),
        (RULES, "age(birth_date, on) >= 18", "age(birth_date, on) >=", ":6:"),
        (RULES, "age(birth_date, on)", "eval(birth_date)", "eval"),
        (RULES, "when: covered", "when: nowhere", "nowhere"),
        (RULES, '"law:act-on-foreigners#art-7-1"', '"law:act-on-foreigners#art-999"', "art-999"),
        (RULES, "law_of: filed_on", "law_of: insured", "law_of"),
        (RULES, "articles: [residence-card]", "articles: [unknown]", "unknown"),
        (RULES, "fees: [stamp-duty, card]", "fees: [stamp]", "`stamp` is none of the fees"),
        (RULES, "authority: voivode", "authority: king", "`king` is unknown"),
        (RULES, "when: true", "when: insured", "may not hold"),
        (RULES, "verdict: depends", "verdict: maybe", "`maybe` is none of the options"),
        (RULES, "topic: work", "topic: work\ntopic: work", "stands here twice"),
        (RULES, "topic: work", "topics: work", "`topics` is not known here"),
        (RULES, "value: insured", "value: covered", "circle"),
        (EXAMPLES, "fee: 54000", "fee: 44000", "costs 54000 grosz, not 44000"),
        (EXAMPLES, "outcome: perhaps", "outcome: may", "comes to perhaps, not may"),
        (EXAMPLES, "asks: birth_date", "asks: insured", "asks birth_date, not insured"),
        (EXAMPLES, "documents: [passport, policy]", "documents: [passport]", "needs passport"),
        (EXAMPLES, "insured: false", "insured: 3", "insured: is not a yes or a no"),
        (EXAMPLES, "id: bare", "id: rich", "stands here twice"),
        (FACTS, "options: [employment, mandate]", "options: [employment]", "`mandate` is not in"),
        (FACTS, "{type: bool, changeable: true}", "{type: yesno}", "`yesno` is none"),
        (FACTS, "{type: money, low: 0, ch", "{type: money, low: a, ch", "`a` is not a whole"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(faults_of, path, before, after, expected):
    found = faults_of(files=spoiled(path, before, after))

    assert any(expected in fault and path in fault for fault in found) or any(
        expected in fault for fault in found
    ), found


def test_the_column_of_an_error_in_an_expression_is_that_of_the_file(faults_of):
    found = faults_of(files=spoiled(RULES, "age(birth_date, on)", "age(born, on)"))

    line = next(fault for fault in found if "born" in fault)
    assert line.startswith(f"{RULES}:6:16: ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("revision: 1\ntitle: 'Title'\nsummary: 's'\noutcomes: {}\n", "`may` has no words"),
        (None, "texts/uk.yaml is missing"),
    ],
)
def test_missing_words_are_named(faults_of, text, expected):
    found = faults_of(files={"definitions/permit/texts/uk.yaml": text})

    assert any(expected in fault for fault in found)


def test_a_number_that_differs_from_the_polish_text_is_a_fault(tmp_path, faults_of):
    folder = written(tmp_path / "procedures")
    english = (folder / "definitions/permit/texts/en.yaml").read_text(encoding="utf-8")
    path = "definitions/permit/texts/en.yaml"

    found = faults_of(files={path: english.replace("en summary", "en summary in 14 days")})

    assert any("numbers differ" in fault for fault in found)


def test_a_half_open_validity_is_refused_by_the_file_name(faults_of):
    found = faults_of(files={"definitions/permit/2026-13-40.r1.yaml": "topic: work\n"})

    assert any("2026-13-40.r1.yaml" in fault and "no day" in fault for fault in found)


def test_an_outcome_without_example_is_a_fault(faults_of):
    found = faults_of(files={EXAMPLES: "- {id: a, on: 2026-11-23, facts: {}, asks: birth_date}\n"})

    assert sum("No example comes to" in fault for fault in found) == 4


def test_an_absent_folder_is_named(tmp_path):
    with pytest.raises(BadFileError, match="no folder of procedures"):
        read_folder(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1]\nb: *x\n",
        "a: [" * 2000,
        "\t- a",
        "a: !!python/object/apply:os.system ['true']",
        "",
        "{" * 500,
        "a" * 1_000_001,
        "- \x00",
    ],
    ids=["alias", "deep", "tab", "tag", "empty", "braces", "long", "null"],
)
def test_a_hostile_file_is_a_fault_and_no_accident(faults_of, text):
    found = faults_of(files={RULES: text})

    assert found


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text):
    faults = []
    top = nodes.read(text, "any.yaml", faults)

    if top is None:
        assert faults
    else:
        top.entries()
        top.plain()
