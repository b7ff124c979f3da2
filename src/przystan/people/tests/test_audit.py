import hashlib
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from przystan.core import cli, schedule
from przystan.people import (
    audit,
    audit_commands,
    handlers,  # noqa: F401  registers the sealing job
    offices,
)
from przystan.people.actor import Actor, system
from przystan.people.models import PLATFORM, Account, AuditChain, AuditRow, ConsentEntry
from przystan.people.tests import guard
from przystan.people.tests.guard import tables_can_be_emptied  # noqa: F401

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
OFFICE = UUID(int=7)


def official(**fields) -> Actor:
    known = {"subject": uuid4(), "office_id": OFFICE, "purpose": "office-work"}
    return Actor(role="agent", account_id=uuid4(), assurance="substantial", **(known | fields))


def rows(count: int, *, office_id: UUID = OFFICE) -> None:
    """Sealed rows, made without ceremony: what they say is different in each."""
    AuditRow.objects.bulk_create(
        AuditRow(
            chain=office_id,
            act="thread.viewed",
            is_view=True,
            actor_subject=uuid4(),
            actor_role="agent",
            actor_office_id=office_id,
            purpose="office-work",
            assurance="substantial",
            subject=uuid4(),
            subjects=[],
            ids=[str(uuid4())],
            detail={"number": number},
        )
        for number in range(count)
    )
    audit.seal_pending(at=AT)


@pytest.mark.django_db
class TestRecording:
    def test_an_act_costs_one_insert(self, django_assert_num_queries):
        actor = official()

        with django_assert_num_queries(1) as queries:
            audit.record(
                actor, "thread.claimed", subject=uuid4(), ids=[uuid4()], detail={"lang": "uk"}
            )

        assert queries.captured_queries[0]["sql"].startswith("INSERT")

    def test_a_page_costs_one_insert_and_a_list_of_persons_two(self, django_assert_num_queries):
        actor = official()

        with django_assert_num_queries(1):
            audit.record_view(actor, "thread.viewed", subject=uuid4(), ids=[uuid4()])
        with django_assert_num_queries(2):
            many = [uuid4() for _ in range(50)]
            audit.record_view(actor, "queue.viewed", subjects=[*many, None], ids=many)

        assert len(AuditRow.objects.get(act="queue.viewed").ids) == 50

    def test_a_row_says_who_did_what_for_whom_and_why(self):
        actor, person, record = official(), uuid4(), uuid4()

        audit.record(actor, "thread.claimed", subject=person, ids=[record], detail={"n": 2})

        row = AuditRow.objects.get()
        assert (row.act, row.subject, row.ids, row.detail) == (
            "thread.claimed",
            person,
            [str(record)],
            {"n": 2},
        )
        assert (row.actor_subject, row.actor_role, row.actor_office_id) == (
            actor.subject,
            "agent",
            OFFICE,
        )
        assert (row.chain, row.purpose, row.is_view) == (OFFICE, "office-work", False)

    def test_the_owning_office_decides_the_chain_and_without_one_it_is_the_platforms(self):
        audit.record(official(), "thread.claimed", office_id=UUID(int=9))
        audit.record(system("scheduler"), "law.imported")

        chains = AuditRow.objects.order_by("id").values_list("chain", flat=True)
        assert list(chains) == [UUID(int=9), PLATFORM]

    @pytest.mark.django_db(transaction=True)
    def test_outside_a_transaction_it_is_refused(self):
        with pytest.raises(RuntimeError, match=r"thread\.claimed outside a transaction"):
            audit.record(official(), "thread.claimed")

    def test_a_row_falls_with_its_act(self):
        with transaction.atomic():
            audit.record(official(), "thread.claimed")
            transaction.set_rollback(True)

        assert not AuditRow.objects.exists()

    def test_an_account_id_is_refused_for_it_could_never_be_forgotten(self):
        actor = official()

        for wrong in ({"subject": actor.account_id}, {"ids": [str(actor.account_id)]}):
            with pytest.raises(ValueError, match="by subject key, not by account id"):
                audit.record(actor, "thread.claimed", **wrong)

    @pytest.mark.parametrize(
        "words",
        ["x" * 121, "two\nlines", "nul\x00", "\u202ereversed", "\ud800"],
        ids=["long", "lines", "nul", "direction", "surrogate"],
    )
    def test_words_are_refused(self, words):
        for wrong in ({"detail": {"state": words}}, {"detail": {words: 1}}, {"ids": [words]}):
            with pytest.raises(ValueError, match="longer than a state") as raised:
                audit.record(official(), "thread.claimed", **wrong)
            assert words not in str(raised.value)

    @pytest.mark.parametrize("act", ["", "viewed", "Thread.viewed", "thread viewed", "a.b\n"])
    def test_an_act_has_a_room_and_a_name(self, act):
        with pytest.raises(ValueError, match=r"room\.what_happened"):
            audit.record(official(), act)


@pytest.mark.django_db
class TestSealedRecords:
    def test_their_rows_tell_nobody_which_record_or_whose(self):
        record, person = uuid4(), uuid4()

        audit.record(
            official(),
            "thread.claimed",
            subject=person,
            ids=[record],
            sealed=True,
            detail={"kind": "trafficking"},
        )
        audit.record_view(official(), "queue.viewed", subjects=[person], ids=[record], sealed=True)

        for row in AuditRow.objects.values():
            said = json.dumps(row, default=str)
            assert str(record) not in said
            assert str(person) not in said
            assert "trafficking" not in said
        assert not audit.AuditMention.objects.exists()

    def test_who_knows_the_record_finds_its_rows(self):
        record = uuid4()

        audit.record(official(), "thread.claimed", ids=[record, uuid4()], sealed=True)

        assert audit.opaque(record) in AuditRow.objects.get().ids
        assert audit.opaque(record) != audit.opaque(uuid4())


@pytest.mark.django_db
class TestChaining:
    def test_each_office_has_its_own_chain_without_gaps(self):
        rows(3)
        rows(2, office_id=UUID(int=8))
        rows(2)

        places = AuditRow.objects.order_by("chain", "sequence").values_list("chain", "sequence")
        assert [(chain.int, place) for chain, place in places] == [
            (7, 1),
            (7, 2),
            (7, 3),
            (7, 4),
            (7, 5),
            (8, 1),
            (8, 2),
        ]
        assert [one.length for one in audit.heads()] == [5, 2]

    def test_a_row_holds_the_hash_of_the_one_before(self):
        rows(2)
        first, second = AuditRow.objects.order_by("sequence")

        assert bytes(first.previous_hash) == bytes(32)
        assert bytes(second.previous_hash) == bytes(first.row_hash)
        assert audit.heads()[0].head == bytes(second.row_hash).hex()

    def test_with_nothing_new_it_only_looks(self, django_assert_num_queries):
        rows(1)

        with django_assert_num_queries(1):
            assert audit.seal_pending(at=AT) == 0

    def test_more_rows_than_one_batch_are_all_chained(self, monkeypatch):
        monkeypatch.setattr(audit, "BATCH", 4)
        rows(9)

        assert audit.heads()[0].length == 9
        assert audit.verify().breaks == ()

    @pytest.mark.django_db(transaction=True)
    def test_the_scheduler_chains_a_row_within_ten_seconds(self):
        schedule.run_due(at=AT)
        with transaction.atomic():
            audit.record(official(), "thread.claimed")

        schedule.run_due(at=AT + timedelta(seconds=9))

        assert AuditRow.objects.get().sequence == 1
        job = next(job for job in schedule.jobs() if job.name == "people.seal-audit")
        assert job.every <= timedelta(seconds=5)

    def test_the_hash_can_be_repeated_by_others(self):
        """The published form: changing it breaks every head that is held outside."""
        row = {
            "id": 1,
            "at": datetime(2026, 3, 2, 11, 0, tzinfo=UTC),
            "chain": OFFICE,
            "act": "thread.viewed",
            "is_view": True,
            "actor_subject": None,
            "actor_role": "agent",
            "actor_office_id": OFFICE,
            "on_behalf_of": None,
            "purpose": "office-work",
            "assurance": "substantial",
            "subject": UUID(int=1),
            "subjects": [],
            "ids": ["ż"],
            "is_about_sealed": False,
            "detail": {"b": 1, "a": "x"},
        }

        text = (
            '{"act":"thread.viewed","actor_office_id":"00000000-0000-0000-0000-000000000007",'
            '"actor_role":"agent","actor_subject":null,"assurance":"substantial",'
            '"at":"2026-03-02T11:00:00.000000+00:00",'
            '"chain":"00000000-0000-0000-0000-000000000007","detail":{"a":"x","b":1},"id":1,'
            '"ids":["ż"],"is_about_sealed":false,"is_view":true,"on_behalf_of":null,'
            f'"previous_hash":"{"0" * 64}","purpose":"office-work","sequence":1,'
            '"subject":"00000000-0000-0000-0000-000000000001","subjects":[],"version":1}'
        )
        assert audit.row_hash(row, 1, bytes(32)) == hashlib.sha256(text.encode()).digest()


@pytest.mark.django_db
class TestVerifying:
    def test_what_was_not_touched_is_whole(self):
        rows(30)
        audit.record(official(), "thread.claimed")

        found = audit.verify()

        assert (found.breaks, found.unsealed) == ((), 1)
        assert [one.length for one in found.heads] == [30]

    def test_nothing_at_all_is_whole(self):
        assert audit.verify().breaks == ()

    @pytest.mark.parametrize("field", [*audit.CONTENT, "sequence", "previous_hash", "row_hash"])
    def test_a_change_of_any_column_is_found_and_named(self, field):
        rows(5)
        row = AuditRow.objects.get(sequence=3)
        before, place, row_id = getattr(row, field), row.sequence, row.pk
        with guard.lifted():
            AuditRow.objects.filter(pk=row.pk).update(**{field: another(field, before)})

        breaks = audit.verify().breaks

        assert breaks
        places = {one.sequence for one in breaks} | {one.row_id for one in breaks}
        assert place in places or row_id in places

    def test_one_of_ten_thousand_rows_is_found_in_every_way_of_tampering(self):
        rows(10_000)
        assert audit.verify().breaks == ()

        for tamper in (change, remove, reorder, cut, add):
            with guard.lifted():
                savepoint = transaction.savepoint()
                chosen = tamper(AuditRow.objects.get(sequence=6_789))
                breaks = audit.verify().breaks
                transaction.savepoint_rollback(savepoint)
            assert breaks[0].sequence == chosen, tamper.__name__

    def test_a_lost_chain_is_found_by_its_head_and_a_lost_head_by_its_chain(self):
        rows(3)
        with guard.lifted():
            savepoint = transaction.savepoint()
            AuditRow.objects.all().delete()
            assert "0 are there" in str(audit.verify().breaks[0])
            transaction.savepoint_rollback(savepoint)
        AuditChain.objects.all().delete()
        assert "its head is missing" in str(audit.verify().breaks[0])

    def test_heads_kept_outside_prove_that_a_whole_chain_was_rewritten(self):
        rows(6)
        held = audit.heads()
        rows(2)
        assert audit.verify(held).breaks == ()

        with guard.lifted():
            AuditRow.objects.filter(sequence=2).update(purpose="curiosity")
            AuditRow.objects.update(sequence=None, previous_hash=None, row_hash=None)
            AuditChain.objects.all().delete()
        audit.seal_pending(at=AT)

        assert audit.verify().breaks == ()
        assert "rewritten" in str(audit.verify(held).breaks[0])

    def test_heads_kept_outside_prove_that_a_chain_was_cut_short_or_lost(self):
        rows(6)
        held = audit.heads()
        with guard.lifted():
            AuditRow.objects.filter(sequence__gt=4).delete()
        last = AuditRow.objects.get(sequence=4)
        AuditChain.objects.update(length=4, head=last.row_hash)

        assert audit.verify().breaks == ()
        assert "cut short" in str(audit.verify(held).breaks[0])

        with guard.lifted():
            AuditRow.objects.all().delete()
        AuditChain.objects.all().delete()
        assert audit.verify().breaks == ()
        assert "cut short" in " ".join(str(one) for one in audit.verify(held).breaks)


def another(field: str, value):
    match value:
        case bool():
            return not value
        case int():
            return value + 1_000_000
        case str():
            return "other.act" if field == "act" else value + "x"
        case datetime():
            return value + timedelta(microseconds=1)
        case bytes() | memoryview():
            return bytes(31) + b"\x01"
        case list():
            return [*value, "more"]
        case dict():
            return value | {"number": 99}
        case _:
            return uuid4()


def change(row):
    AuditRow.objects.filter(pk=row.pk).update(actor_subject=uuid4())
    return row.sequence


def remove(row):
    row.delete()
    return row.sequence


def reorder(row):
    """Swap a row with the next, hashes and all, as somebody careful would."""
    after = AuditRow.objects.get(sequence=row.sequence + 1)
    first, second = (
        {name: getattr(one, name) for name in ("sequence", "previous_hash", "row_hash")}
        for one in (row, after)
    )
    AuditRow.objects.filter(pk=after.pk).update(sequence=None)
    AuditRow.objects.filter(pk=row.pk).update(**second)
    AuditRow.objects.filter(pk=after.pk).update(**first)
    return row.sequence


def cut(row):
    last = AuditRow.objects.order_by("-sequence").first()
    last.delete()
    return last.sequence


def add(row):
    """Put a false row between two true ones."""
    # In two steps, for two rows may not stand in one place.
    AuditRow.objects.filter(sequence__gt=row.sequence).update(sequence=F("sequence") + 10**6)
    AuditRow.objects.filter(sequence__gt=10**6).update(sequence=F("sequence") - 10**6 + 1)
    false = AuditRow.objects.get(pk=row.pk)
    false.pk, false.sequence, false.previous_hash = None, row.sequence + 1, row.row_hash
    false.row_hash = bytes(32)
    false.save()
    return row.sequence + 1


@pytest.mark.django_db
class TestTheDatabaseItself:
    @pytest.mark.parametrize("field", ["act", "subject", "ids", "detail", "at", "actor_subject"])
    def test_refuses_to_change_what_a_row_says_even_before_it_is_chained(self, field):
        audit.record(official(), "thread.claimed", subject=uuid4())
        row = AuditRow.objects.get()

        with pytest.raises(DatabaseError, match="not changed"), transaction.atomic():
            AuditRow.objects.update(**{field: another(field, getattr(row, field))})

    @pytest.mark.parametrize("field", ["sequence", "previous_hash", "row_hash"])
    def test_refuses_to_move_a_chained_row(self, field):
        rows(1)

        with pytest.raises(DatabaseError, match="not changed"), transaction.atomic():
            AuditRow.objects.update(**{field: None})

    def test_refuses_to_delete_a_chained_row(self):
        rows(1)

        with pytest.raises(DatabaseError, match="not deleted"), transaction.atomic():
            AuditRow.objects.all().delete()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM people_auditrow")

        assert AuditRow.objects.count() == 1

    def test_refuses_to_change_or_delete_a_consent(self):
        ConsentEntry.objects.create(
            subject=uuid4(), purpose="news", is_given=True, at=AT, evidence_sealed=b""
        )

        with pytest.raises(DatabaseError, match="not changed"), transaction.atomic():
            ConsentEntry.objects.update(is_given=False)
        with pytest.raises(DatabaseError, match="not deleted"), transaction.atomic():
            ConsentEntry.objects.all().delete()


@pytest.mark.django_db
class TestCommandLine:
    def test_verify_says_how_long_each_chain_is_and_that_all_are_whole(self, capsys):
        rows(3)

        assert cli.run(["audit", "verify"]) == 0

        said = capsys.readouterr().out
        assert f"chain {OFFICE}: 3 rows" in said
        assert "3 rows in 1 chains, 0 not chained yet, 0 breaks" in said

    def test_verify_fails_on_a_break_and_names_the_row(self, capsys):
        rows(3)
        with guard.lifted():
            AuditRow.objects.filter(sequence=2).update(purpose="curiosity")
        broken = AuditRow.objects.get(sequence=2).pk

        assert cli.run(["audit", "verify"]) == 1

        assert f"place 2 (row {broken}): changed" in capsys.readouterr().out

    def test_verify_shows_the_first_breaks_and_counts_the_others(self, capsys):
        rows(60)
        with guard.lifted():
            AuditRow.objects.update(purpose="curiosity")

        assert cli.run(["audit", "verify"]) == 1

        said = capsys.readouterr().out
        assert "BROKEN and 10 places more" in said
        assert "60 breaks" in said

    def test_heads_are_held_outside_and_verified_again(self, capsys, tmp_path):
        rows(3)
        assert cli.run(["audit", "heads", "--json"]) == 0
        held = tmp_path / "heads.json"
        held.write_text(capsys.readouterr().out)
        rows(1)

        assert cli.run(["audit", "heads"]) == 0
        assert cli.run(["audit", "verify", "--heads", str(held)]) == 0

    @pytest.mark.parametrize(
        "content", ["", "{}", "[1]", '[{"chain": "x"}]', "\x00", '{"chain": []}', "[[[[", None]
    )
    def test_a_broken_file_of_heads_is_named_and_nothing_is_claimed(
        self, content, capsys, tmp_path
    ):
        held = tmp_path / "heads.json"
        if content is not None:
            held.write_text(content)

        assert cli.run(["audit", "verify", "--heads", str(held)]) == 1

        said = capsys.readouterr()
        assert "heads.json" in said.err
        assert "breaks" not in said.out

    def test_keys_are_made_and_rotated(self, capsys, settings):
        assert cli.run(["vault", "key"]) == 0
        settings.MASTER_KEYS_OLD = [settings.MASTER_KEY]
        settings.MASTER_KEY = capsys.readouterr().out.strip()

        assert cli.run(["vault", "rotate"]) == 0
        assert "0 data keys" in capsys.readouterr().out


@pytest.mark.django_db
class TestWhoLooked:
    @pytest.fixture
    def person(self):
        return Account.objects.create_user("person@example.org")

    def test_a_look_shows_when_which_role_office_and_purpose_and_never_a_name(self, person):
        centre = offices.ensure_portal(actor=system("test"))
        clerk = official(office_id=centre.id)
        audit.record_view(clerk, "thread.viewed", subject=person.subject, ids=[uuid4()])

        (look,) = audit.who_looked(person)

        assert (look.role, look.office, look.purpose) == ("agent", centre.name, "office-work")
        assert look.who == "Contact-centre consultant"
        assert str(clerk.subject) not in repr(look)
        assert str(clerk.account_id) not in repr(look)

    def test_a_look_from_an_office_that_is_gone_is_still_shown(self, person):
        audit.record_view(official(), "thread.viewed", subject=person.subject)
        audit.record_view(Actor(role="visitor"), "thread.viewed", subject=person.subject)

        assert [look.office for look in audit.who_looked(person)] == ["", ""]

    def test_a_list_with_the_person_on_it_is_a_look_too(self, person):
        audit.record_view(official(), "queue.viewed", subjects=[uuid4(), person.subject])

        assert [look.act for look in audit.who_looked(person)] == ["queue.viewed"]

    def test_newest_first_and_at_most_as_many_as_asked(self, person):
        for act in ("thread.viewed", "case.viewed", "file.viewed"):
            audit.record_view(official(), act, subject=person.subject)

        acts = [look.act for look in audit.who_looked(person, limit=2)]
        assert acts == ["file.viewed", "case.viewed"]

    def test_own_looks_work_of_the_product_writes_and_looks_at_others_are_not_there(self, person):
        own = Actor(role="person", account_id=person.pk, subject=person.subject)
        audit.record_view(own, "thread.viewed", subject=person.subject)
        audit.record_view(system("backup"), "thread.viewed", subject=person.subject)
        audit.record(official(), "thread.claimed", subject=person.subject)
        audit.record_view(official(), "thread.viewed", subject=uuid4())

        assert audit.who_looked(person) == []

    def test_a_look_at_a_sealed_record_is_shown_to_nobody(self, person):
        audit.record_view(official(), "thread.viewed", subject=person.subject, sealed=True)
        audit.record_view(official(), "queue.viewed", subjects=[person.subject], sealed=True)

        assert audit.who_looked(person) == []

    def test_acts_and_purposes_have_words(self, person, monkeypatch):
        monkeypatch.setattr(audit, "_WORDS", {})
        audit.name("thread.viewed", "A conversation of yours")
        audit.record_view(official(), "thread.viewed", subject=person.subject)
        audit.record_view(official(), "file.viewed", subject=person.subject)

        unnamed, named = audit.who_looked(person)
        assert (named.what, named.why) == (
            "A conversation of yours",
            "To do the work of the office",
        )
        assert unnamed.what == "Data about you"

    def test_costs_one_query(self, person, django_assert_num_queries):
        for _ in range(20):
            audit.record_view(official(), "thread.viewed", subject=person.subject)

        with django_assert_num_queries(1):
            assert len(audit.who_looked(person)) == 20


def test_the_commands_are_registered():
    assert audit_commands
    words = {" ".join(one.words) for one in cli.commands()}
    assert {"audit verify", "audit heads", "vault rotate", "vault key"} <= words
