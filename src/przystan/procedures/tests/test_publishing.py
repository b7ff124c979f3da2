"""What was published stands for ever; what was changed under its name is refused."""
# ruff: noqa: F811  `sample` is an imported fixture

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from przystan.core import cli
from przystan.knowledge.tests.factories import NOON, article, loaded
from przystan.people.actor import system
from przystan.procedures import loading_commands  # noqa: F401  registers its command
from przystan.procedures.models import (
    PublishedDefinition,
    PublishedTexts,
    PublishedVocabulary,
)
from przystan.procedures.services import PublicationRefusedError, publish
from przystan.procedures.tests.rooms import sample  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db
AuditRow = apps.get_model("people", "AuditRow")
RULES = "definitions/next-step/2026-01-01.r1.yaml"


@pytest.fixture
def lawful(sample):
    """The sample folder, with the sources that it names in the knowledge base."""
    loaded(article())
    return sample


def published(folder):
    return publish(folder, actor=system("test"), at=NOON)


def replaced(folder, path, before, after):
    file = folder / path
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def test_everything_is_published_once_with_its_audit_row(lawful):
    done = published(lawful)

    assert (done.definitions, done.texts, done.vocabulary) == (4, 16, 1)
    assert not published(lawful)
    assert AuditRow.objects.filter(act="procedures.published").count() == 1
    row = PublishedDefinition.objects.get(procedure="next-step")
    assert row.text == (lawful / RULES).read_text(encoding="utf-8")


def test_a_changed_rule_under_the_same_name_is_refused_and_says_what_to_do(lawful):
    published(lawful)
    replaced(lawful, RULES, "order: 30", "order: 31")

    with pytest.raises(PublicationRefusedError, match=r"2026-01-01\.r2\.yaml") as refused:
        published(lawful)
    assert any(RULES in line for line in refused.value.lines)
    assert PublishedDefinition.objects.get(procedure="next-step").revision == 1


def test_a_correction_under_the_next_name_is_published_beside_the_old_one(lawful):
    published(lawful)
    text = (lawful / RULES).read_text(encoding="utf-8")
    (lawful / RULES.replace("r1", "r2")).write_text(text.replace("order: 30", "order: 31"))

    assert published(lawful).definitions == 1
    assert PublishedDefinition.objects.filter(procedure="next-step").count() == 2


def test_changed_words_need_another_revision(lawful):
    published(lawful)
    path = "definitions/next-step/texts/en.yaml"
    replaced(lawful, path, "Summary of", "A summary of")
    with pytest.raises(PublicationRefusedError, match="Raise its revision to 2"):
        published(lawful)

    replaced(lawful, path, "revision: 1", "revision: 2")
    assert published(lawful).texts == 1
    assert PublishedTexts.objects.filter(procedure="next-step", language="en").count() == 2


def test_each_state_of_the_vocabulary_has_a_number(lawful):
    published(lawful)
    replaced(lawful, "facts/sample.yaml", "insured: {type: bool", "insured: {effort: 2, type: bool")

    assert published(lawful).vocabulary == 2
    assert PublishedVocabulary.objects.count() == 2


def test_a_folder_with_a_fault_publishes_nothing(lawful):
    replaced(lawful, RULES, "insured && is_abroad", "insured && nobody")

    with pytest.raises(PublicationRefusedError, match="nobody"):
        published(lawful)
    assert not PublishedDefinition.objects.exists()


@pytest.mark.parametrize("model", [PublishedDefinition, PublishedTexts, PublishedVocabulary])
@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_change_what_was_published(lawful, model, act):
    published(lawful)
    table = model._meta.db_table
    statement = (
        f"UPDATE {table} SET content_hash = 'x'" if act == "update" else (f"DELETE FROM {table}")
    )

    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_command_publishes_and_tells_a_refusal_in_one_line_each(lawful, capsys):
    assert cli.run(["procedures", "load", str(lawful)]) == 0
    assert "4 definitions and 16 texts were published." in capsys.readouterr().out
    replaced(lawful, RULES, "order: 30", "order: 31")

    assert cli.run(["procedures", "load", str(lawful)]) == 1
    assert RULES in capsys.readouterr().err
