from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from przystan.people import consent, vault
from przystan.people.actor import Actor
from przystan.people.models import Account, AuditRow, ConsentEntry
from przystan.people.tests.guard import tables_can_be_emptied  # noqa: F401
from przystan.people.vault import ErasedError

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
SHOWN = {"text_version": "2026-03-01.r1", "language": "uk"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return Account.objects.create_user("person@example.org")


def self_of(account: Account) -> Actor:
    return Actor(role="person", account_id=account.pk, subject=account.subject)


def give(account, purpose="news", at=AT, **more):
    consent.give(account, purpose, actor=self_of(account), at=at, **(SHOWN | more))


def withdraw(account, purpose="news", at=AT, **more):
    consent.withdraw(account, purpose, actor=self_of(account), at=at, **more)


def test_without_an_entry_there_is_no_consent(person):
    assert not consent.has(person, "news", AT)


def test_consent_stands_from_its_moment_until_it_is_taken_back(person):
    give(person, at=AT)
    withdraw(person, at=AT + timedelta(days=3))

    moments = [AT - timedelta(seconds=1), AT, AT + timedelta(days=2), AT + timedelta(days=3)]
    assert [consent.has(person, "news", at) for at in moments] == [False, True, True, False]


def test_of_two_entries_of_one_moment_the_later_one_counts(person):
    give(person)
    withdraw(person)
    assert not consent.has(person, "news", AT)

    give(person)
    assert consent.has(person, "news", AT)


def test_consent_is_for_one_purpose_one_controller_and_one_person(person):
    office = UUID(int=7)
    give(person, controller_id=office)

    assert consent.has(person, "news", AT, controller_id=office)
    assert not consent.has(person, "news", AT)
    assert not consent.has(person, "research", AT, controller_id=office)
    other = Account.objects.create_user("other@example.org")
    assert not consent.has(other, "news", AT, controller_id=office)


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=8), st.integers(0, 9))
def test_the_newest_entry_until_a_moment_decides_for_every_order_of_entries(entries, moment):
    with transaction.atomic():
        account = Account.objects.create_user(f"{uuid4()}@example.org")
        for day, is_given in entries:
            (give if is_given else withdraw)(account, at=AT + timedelta(days=day))

        past = [entry for entry in entries if entry[0] <= moment]
        # max keeps the first of equals: the list is read from its end.
        expected = max(reversed(past), key=lambda entry: entry[0])[1] if past else False
        assert consent.has(account, "news", AT + timedelta(days=moment)) is expected


def test_the_ledger_keeps_what_was_shown_and_how_it_was_said(person):
    give(person, evidence="box ticked on the form")
    withdraw(person, at=AT + timedelta(days=1), evidence="said on the phone")

    first, second = consent.history(person)
    assert (first.is_given, first.text_version, first.language) == (True, "2026-03-01.r1", "uk")
    assert (first.evidence, second.evidence) == ("box ticked on the form", "said on the phone")


def test_evidence_is_sealed_and_names_the_person_by_subject_key_alone(person):
    give(person, evidence="said by Olena on the phone")

    entry = ConsentEntry.objects.get()
    assert b"Olena" not in bytes(entry.evidence_sealed)
    assert entry.subject == person.subject
    assert str(person.pk) not in str(ConsentEntry.objects.values())


def test_after_erasure_the_entry_stays_and_its_evidence_does_not(person):
    give(person, evidence="said on the phone")
    vault.destroy_key(person.pk)

    assert ConsentEntry.objects.filter(is_given=True).count() == 1
    with pytest.raises(ErasedError):
        consent.history(person)


def test_each_entry_has_its_audit_row(person):
    give(person)
    withdraw(person)

    rows = AuditRow.objects.order_by("id")
    assert [row.act for row in rows] == ["people.consent_given", "people.consent_withdrawn"]
    assert {row.subject for row in rows} == {person.subject}
    assert rows[0].detail == {"purpose": "news", "text_version": "2026-03-01.r1"}


@pytest.mark.parametrize("purpose", ["", "News letters", "x" * 61, "a\n", "розсилка"], ids=repr)
def test_a_purpose_is_an_id(person, purpose):
    with pytest.raises(ValueError, match="is not an id"):
        give(person, purpose)

    assert not ConsentEntry.objects.exists()
