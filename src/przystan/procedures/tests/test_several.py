"""Several procedures over one set of answers: nothing is asked twice, and their order is told."""

import textwrap
from datetime import date

import pytest

from przystan.procedures.authoring.folder import read_folder
from przystan.procedures.catalogue import catalogue
from przystan.procedures.several import check_several, is_settled
from przystan.procedures.tests.writing import written

ON = date(2026, 11, 23)


def definition(leads_to="", excludes="", day="2026-12-31", when="insured"):
    return textwrap.dedent(
        f"""
        topic: work
        terms:
          file-by: {{day: 'date("{day}")'}}
        outcomes:
          - id: may
            when: {when}
            verdict: yes
            terms: [file-by]
            leads_to: [{leads_to}]
            excludes: [{excludes}]
          - id: no
            when: true
            verdict: no
        """
    )


@pytest.fixture
def both(tmp_path, small_law):
    files = {
        "definitions/first/2026-01-01.r1.yaml": definition(day="2027-03-31", leads_to="second"),
        "definitions/second/2026-01-01.r1.yaml": definition(day="2026-12-31"),
        "definitions/third/2026-01-01.r1.yaml": definition(day="2026-12-01", excludes="second"),
        "definitions/fourth/2026-01-01.r1.yaml": definition(when="gross_monthly > pln(5000)"),
    }
    library, _ = read_folder(written(tmp_path / "several", files=files))
    return catalogue(library, small_law)


def test_one_answer_serves_all_and_the_next_question_settles_most(both):
    found = check_several(both, ["first", "second", "fourth"], {}, ON)
    assert found.next_question.fact == "insured"

    found = check_several(both, ["first", "second", "fourth"], {"insured": True}, ON)
    assert [answer.outcome for answer in found.answers] == ["may", "may", None]
    assert found.next_question.fact == "gross_monthly"
    assert not is_settled(found)


def test_what_is_needed_first_comes_first_then_what_ends_soonest(both):
    found = check_several(both, ["second", "first", "third"], {"insured": True}, ON)

    assert found.order == ("third", "first", "second")
    assert is_settled(found)


def test_procedures_that_exclude_each_other_are_told(both):
    found = check_several(both, ["third", "second"], {"insured": True}, ON)

    assert [(each.procedure, each.other) for each in found.conflicts] == [("third", "second")]
    assert not check_several(both, ["third", "second"], {"insured": False}, ON).conflicts
