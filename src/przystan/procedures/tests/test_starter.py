"""The definitions that ship: whole, sourced, worked through by examples, and never changed."""

import csv
import json
import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from przystan.knowledge import api as knowledge
from przystan.procedures import describing, running
from przystan.procedures.authoring.checking import check, gaps_of_golden
from przystan.procedures.authoring.folder import read_folder
from przystan.procedures.law import law

FOLDER = Path(settings.PROCEDURES_DIR)
ON = date(2026, 11, 23)
# Scenarios of the sources that no definition answers, and who does.
ELSEWHERE = {
    "G20": "a photo's size is checked where files are taken",
    "G26": "which office is fastest is a question to the assistant, which refuses advice",
}
# Parts of a definition that have no id of their own.
PARTS = {
    "authority", "documents", "examples", "facts", "files_with", "options", "outcomes", "sealed",
    "service", "source", "steps", "text", "texts", "verified", "version",
}  # fmt: skip
GOLDEN = tuple(f"G{number}" for number in range(1, 29))


@pytest.fixture(scope="module")
def shipped():
    view, problems = knowledge.law_of_folder(Path(settings.CONTENT_DIR))
    library, faults = read_folder(FOLDER)
    ready, more = check(library, law(view))
    return ready, [*map(str, problems), *map(str, faults), *map(str, more)]


def test_every_definition_is_whole_and_its_examples_hold(shipped):
    assert shipped[1] == []


def test_every_golden_scenario_is_worked_through_or_is_somebody_elses(shipped):
    assert gaps_of_golden(shipped[0], GOLDEN) == list(ELSEWHERE)


def test_there_are_at_least_twenty_four_procedures_and_the_first_twelve_among_them(shipped):
    ids = set(shipped[0].ids())

    assert len(ids) >= 24
    assert ids >= {
        "single-permit", "change-of-employer", "job-loss", "study-permit", "family-permit",
        "permanent-residence", "eu-long-term", "ukraine-stay", "mos-readiness", "may-i-work",
        "declaration", "ukraine-notification",
    }  # fmt: skip


def test_every_fact_of_the_vocabulary_is_read_by_a_definition(shipped):
    ready = shipped[0]
    used = {
        fact
        for versions in ready.library.versions.values()
        for version in versions
        for fact in ready.ready(version).program.facts
    }
    told = {
        fact
        for versions in ready.library.versions.values()
        for version in versions
        for contradiction in version.contradictions
        for fact in contradiction.facts
    }
    # What a message may state of a pending case: it helps the consultant, no check asks for it.
    read_alone = {"application_filed_on", "basis_before_application"}
    assert set(ready.facts) - used - told <= read_alone


def test_every_line_of_the_sources_is_mapped_to_a_rule_or_left_out_with_a_reason(shipped):
    faults = []
    for id, versions in shipped[0].library.versions.items():
        version = versions[-1]
        known = {rule.id for rule in version.definition.rules}
        known |= {table.id for table in version.definition.tables}
        known |= {*version.outcomes, *version.fees, *version.documents, *version.terms}
        known |= {contradiction.id for contradiction in version.contradictions}
        known |= {*shipped[0].ready(version).program.facts, *shipped[0].ids()}
        known |= {example.id for example in shipped[0].library.examples[id]} | PARTS
        path = FOLDER / "definitions" / id / "map.csv"
        with path.open(encoding="utf-8", newline="") as lines:
            for number, row in enumerate(csv.DictReader(lines), 2):
                named = set(re.findall(r"[a-z0-9_-]+", row["to"] or ""))
                begun = [each for each in named if each.endswith("-")]
                is_found = named & known or any(each.startswith(tuple(begun)) for each in known)
                if not is_found and not (row["left_out"] or "").strip():
                    faults.append(f"{id}/map.csv:{number}: {row['to']!r} names no part of it")
    assert faults == []


def answers(shipped, id, facts, on=ON):
    return describing.as_json(running.check(shipped[0], id, facts, on))


def test_an_answer_is_the_same_whatever_the_order_in_which_facts_are_stated(shipped):
    ready = shipped[0]
    for id, examples in ready.library.examples.items():
        for example in examples:
            forward = running.check(ready, id, example.facts, example.on)
            backward = running.check(ready, id, dict(reversed(example.facts.items())), example.on)
            assert describing.as_json(forward) == describing.as_json(backward), (id, example.id)


def test_guided_questions_come_to_what_the_examples_say(shipped):
    """Asking one by one, and stating only what is asked, ends as all facts together do."""
    ready = shipped[0]
    for id, examples in ready.library.examples.items():
        for example in examples:
            if example.outcome is None:
                continue
            stated, asked = {}, set()
            while True:
                found = running.check(ready, id, stated, example.on)
                question = found.next_question
                if question is None or question.fact not in example.facts or question.fact in asked:
                    break
                asked.add(question.fact)
                stated[question.fact] = example.facts[question.fact]
            assert found.outcome in (example.outcome, None), (id, example.id)


@pytest.mark.parametrize("language", ["pl", "en", "uk", "ru"])
def test_no_text_promises_what_is_known_to_be_wrong(shipped, language):
    """Statements of old guides: the card for 50 zł, the stamp in the passport, the post, …"""
    wrong = {
        "pl": ("50 zł za kartę", "informacja starosty jest", "pełnomocnik może podpisać w MOS"),
        "en": ("card costs 50", "labour market test is required", "proxy can sign in MOS"),
        "uk": ("карта коштує 50", "представник може підписати в MOS"),
        "ru": ("карта стоит 50", "представитель может подписать в MOS"),
    }[language]
    said = json.dumps(
        [str(words[language]) for words in shipped[0].library.words.values() if language in words],
        ensure_ascii=False,
    )
    assert [each for each in wrong if each.lower() in said.lower()] == []
