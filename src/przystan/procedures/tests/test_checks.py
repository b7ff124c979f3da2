"""A check is sealed, belongs to one person, says the same in any year, and can be forgotten."""
# ruff: noqa: F811  `sample` is an imported fixture

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from przystan.core.errors import AbsentError, PrzystanError
from przystan.knowledge.tests.factories import article, loaded
from przystan.people.actor import Actor, system, visitor
from przystan.people.personal_data import Owner
from przystan.people.tests import factories as people
from przystan.procedures import handlers, queries, replaying, services
from przystan.procedures.data import UNKNOWN
from przystan.procedures.models import Check, Door, Snapshot, Statement
from przystan.procedures.tests.rooms import sample  # noqa: F401  a fixture
from przystan.rules import FactError
from przystan.rules.canonical import spelled

pytestmark = pytest.mark.django_db
# Rows of another room, looked at from outside.
Account, AuditRow, DataKey = (
    apps.get_model("people", name) for name in ("Account", "AuditRow", "DataKey")
)
AT = datetime(2026, 11, 23, 11, tzinfo=UTC)
ON = date(2026, 11, 23)
ME = visitor("my-session")
OTHER = visitor("another-session")
LATE = {"citizenships": ["UA"], "birth_date": "1990", "stay_until": "2026-11-22"}


def begun(actor=ME, procedure="settling", **more):
    defaults = {"lang": "en", "channel": "web", "on": ON, "at": AT}
    return services.start_check(procedure, actor=actor, **(defaults | more))


def stated(check, facts, actor=ME, at=AT):
    return services.state_facts(check, facts, actor=actor, source="web", at=at)


def finished(actor=ME, facts=LATE):
    check = begun(actor)
    stated(check, facts, actor)
    services.finish(check, actor=actor, at=AT)
    return check


def person(email="olena@example.org"):
    account = Account.objects.create_user(email, "a long enough password")
    return people.actor_of(account)


def clerk(email="agent@office.example"):
    return replace(people.actor_of(people.staff(email=email)), session=email)


# --- the course -------------------------------------------------------------------------------


def test_a_check_asks_for_what_still_matters_and_comes_to_an_outcome(sample):
    check = begun()
    step = stated(check, {"citizenships": ["UA"]})
    assert step.next_question.fact == "birth_date"
    stated(check, {"birth_date": "1990"})
    assert stated(check, {"stay_until": "2026-11-22"}).next_question is None

    answer = services.finish(check, actor=ME, at=AT)

    assert answer.outcome == "too-late"
    assert queries.check(check, actor=ME).is_finished


def test_what_is_stated_stands_nowhere_in_clear(sample):
    check = finished(facts=LATE | {"postcode": "98-765"})
    with connection.cursor() as cursor:
        for table in ("procedures_check", "procedures_statement", "procedures_snapshot"):
            cursor.execute(f"SELECT * FROM {table}")
            text = repr([[bytes(v) if isinstance(v, memoryview) else v for v in row]
                         for row in cursor.fetchall()])  # fmt: skip
            assert "98-765" not in text
            assert "birth_date" not in text
            assert "too-late" not in text
    assert queries.check(check, actor=ME).facts["postcode"] == "98-765"


def test_not_knowing_is_an_answer_that_is_stored_and_not_asked_again(sample):
    check = begun()
    stated(check, {"citizenships": ["UA"]})
    step = stated(check, {"birth_date": dict(UNKNOWN)})

    assert step.next_question is None or step.next_question.fact != "birth_date"
    assert queries.check(check, actor=ME).facts["birth_date"] == UNKNOWN
    assert any(entry.value == UNKNOWN for _row, entry in queries.statements(check))


def test_the_ledger_says_each_fact_with_source_and_time(sample):
    me = person()
    check = begun(me)
    stated(check, {"insured": True}, me)
    stated(check, {"insured": False}, me, AT + timedelta(hours=1))

    said = [(row.source, row.at, row.by_subject, entry.fact, entry.value)
            for row, entry in queries.statements(check)]  # fmt: skip
    assert said == [
        ("web", AT, me.subject, "insured", True),
        ("web", AT + timedelta(hours=1), me.subject, "insured", False),
    ]


def test_a_refused_value_changes_nothing(sample):
    check = begun()
    stated(check, {"insured": True})
    with pytest.raises(FactError):
        stated(check, {"insured": "perhaps"})
    with pytest.raises(FactError, match="future"):
        stated(check, {"entered_on": "2030-01-01"})

    assert queries.check(check, actor=ME).facts == {"insured": True}
    assert Statement.objects.count() == 1


def test_taking_an_answer_back_takes_it_out_of_the_ledger(sample):
    check = begun()
    stated(check, {"insured": True, "purpose": "work"})
    services.forget_fact(check, "insured", actor=ME, at=AT)

    assert queries.check(check, actor=ME).facts == {"purpose": "work"}
    assert [entry.fact for _row, entry in queries.statements(check)] == ["purpose"]


def test_the_same_form_begins_one_check(sample):
    assert begun(key="k") == begun(key="k")
    assert Check.objects.count() == 1


def test_a_check_is_not_finished_while_a_question_is_open(sample):
    check = begun()
    with pytest.raises(PrzystanError, match="still open"):
        services.finish(check, actor=ME, at=AT)
    assert not Snapshot.objects.exists()


def test_contradictory_answers_are_named_and_not_finished(sample):
    check = begun()
    step = stated(check, LATE | {"birth_date": "2001-05-05", "entered_on": "2000-01-01"})

    assert step.contradictions == ("born-after-entry",)
    with pytest.raises(PrzystanError):
        services.finish(check, actor=ME, at=AT)


# --- lists ------------------------------------------------------------------------------------


def put(check, name, pay, actor=ME):
    entry = {"contract": "mandate", "pay": pay}
    return services.put_entry(check, "jobs", name, entry, actor=actor, source="web", at=AT)


def test_an_entry_sent_twice_is_one_and_is_changed_by_its_name(sample):
    check = begun()
    put(check, "first", 100)
    put(check, "first", 100)
    put(check, "second", 200)
    put(check, "first", 300)

    view = queries.check(check, actor=ME)
    assert [item["pay"] for item in view.facts["jobs"]["items"]] == [300, 200]
    assert view.entries["jobs"] == ("first", "second")
    assert view.facts["jobs"]["complete"] is False


def test_an_entry_removed_in_another_tab_does_no_harm(sample):
    check = begun()
    put(check, "first", 100)
    put(check, "second", 200)
    for _tab in (1, 2):
        services.remove_entry(check, "jobs", "first", actor=ME, source="web", at=AT)

    items = queries.check(check, actor=ME).facts["jobs"]["items"]
    assert [item["pay"] for item in items] == [200]


def test_a_list_is_all_when_somebody_says_so(sample):
    check = begun()
    services.complete_list(check, "jobs", actor=ME, source="web", at=AT)

    assert queries.check(check, actor=ME).facts["jobs"] == {"items": [], "complete": True}


def test_entries_that_another_channel_gave_have_names_too(sample):
    check = begun()
    stated(check, {"jobs": {"items": [{"pay": 1}, {"pay": 1}], "complete": True}})
    view = queries.check(check, actor=ME)

    names = queries.names_of(view.facts["jobs"]["items"], ())
    assert len(set(names)) == 2


def test_a_list_has_an_end(sample):
    check = begun()
    for number in range(40):
        put(check, f"n{number}", number)
    with pytest.raises(PrzystanError, match="at most 40"):
        put(check, "one-more", 1)


# --- kept word for word -----------------------------------------------------------------------


def test_a_finished_check_is_replayed_byte_for_byte_from_what_was_published(sample, settings):
    loaded(article())
    services.publish(sample, actor=system("test"), at=AT)
    check = finished()
    settings.PROCEDURES_DIR = "/nowhere"  # only the database is left
    row = Snapshot.objects.get(of=check)
    kept = queries.snapshot(row)

    assert spelled(replaying.replay(row, kept["record"])) == spelled(kept["record"])
    assert kept["answer"]["outcome"] == "too-late"


def test_a_check_of_a_definition_that_was_never_published_says_so(sample):
    check = finished()
    row = Snapshot.objects.get(of=check)
    with pytest.raises(AbsentError, match="not published"):
        replaying.replay(row, queries.snapshot(row)["record"])


def test_a_check_is_kept_once_and_again_after_a_change(sample):
    check = finished()
    services.finish(check, actor=ME, at=AT)
    assert Snapshot.objects.count() == 1
    stated(check, {"stay_until": "2026-11-21"})
    assert not queries.check(check, actor=ME).is_finished
    services.finish(check, actor=ME, at=AT)

    assert list(Snapshot.objects.values_list("number", flat=True)) == [1, 2]


def test_the_database_refuses_to_change_a_finished_check(sample):
    finished()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Snapshot.objects.update(number=9)


# --- whose it is ------------------------------------------------------------------------------


def test_a_check_is_absent_for_everybody_else(sample):
    mine = begun()
    account, other = person(), person("other@example.org")
    theirs = begun(account)
    for check, actor in ((mine, OTHER), (mine, account), (theirs, ME), (theirs, other),
                         (mine, visitor()), (mine, clerk())):  # fmt: skip
        with pytest.raises(AbsentError):
            queries.check(check, actor=actor)
        with pytest.raises(AbsentError):
            stated(check, {"insured": True}, actor)
        with pytest.raises(AbsentError):
            services.finish(check, actor=actor, at=AT)
        with pytest.raises(AbsentError):
            services.forget_check(check, actor=actor)


def test_what_was_stated_before_is_offered_with_source_and_day_and_not_used(sample):
    me = person()
    first = begun(me)
    stated(first, {"insured": True, "purpose": dict(UNKNOWN)}, me)
    second = begun(me, "next-step")

    known = queries.known_already(me, ["insured", "purpose"], other_than=second)
    assert set(known) == {"insured"}  # not knowing is no knowledge
    assert (known["insured"].value, known["insured"].source, known["insured"].at) == (
        True, "web", AT,
    )  # fmt: skip
    assert queries.check(second, actor=me).facts == {}

    services.confirm_known(second, "insured", actor=me, source="web", at=AT)
    assert queries.check(second, actor=me).facts == {"insured": True}


def test_nothing_is_remembered_of_a_visitor_or_for_somebody_else(sample):
    stated(begun(), {"insured": True})
    me = person()
    stated(begun(me), {"insured": True}, me)

    assert queries.known_already(ME, ["insured"]) == {}
    assert queries.known_already(person("other@example.org"), ["insured"]) == {}


# --- coming back, and the desk ----------------------------------------------------------------


def test_a_link_opens_the_check_in_one_browser_at_a_time(sample):
    check = begun()
    doors = services.save_for_later(check, actor=ME, at=AT)

    assert services.resume_by_link(doors.link_token, actor=OTHER, at=AT) == check
    assert queries.check(check, actor=OTHER)
    with pytest.raises(AbsentError):
        queries.check(check, actor=ME)
    assert services.resume_by_link(doors.link_token, actor=ME, at=AT) == check


def test_a_code_opens_once_however_it_is_typed(sample):
    check = begun()
    code = services.save_for_later(check, actor=ME, at=AT).code
    typed = f" {code[:3].lower()}-{code[3:6]} {code[6:]}"

    assert services.resume_by_code(typed, actor=OTHER, at=AT) == check
    with pytest.raises(AbsentError, match="opens nothing"):
        services.resume_by_code(code, actor=ME, at=AT)


def test_secrets_are_stored_as_hashes_only_and_new_ones_replace_the_old(sample):
    check = begun()
    old = services.save_for_later(check, actor=ME, at=AT)
    new = services.save_for_later(check, actor=ME, at=AT)
    stored = b"".join(bytes(one) for one in Door.objects.values_list("secret_index", flat=True))

    assert old.code.encode() not in stored
    assert len(stored) == 64
    with pytest.raises(AbsentError):
        services.resume_by_link(old.link_token, actor=OTHER, at=AT)
    assert services.resume_by_link(new.link_token, actor=OTHER, at=AT) == check


def test_ways_back_end_with_the_days_of_rest(sample, settings):
    check = begun()
    doors = services.save_for_later(check, actor=ME, at=AT)
    later = AT + timedelta(days=settings.CHECK_SAVED_DAYS)

    with pytest.raises(AbsentError):
        services.resume_by_link(doors.link_token, actor=OTHER, at=later)


def shared(check, scope="see", hours=1):
    now = datetime.now(UTC)
    return services.share_with_desk(check, scope=scope, hours=hours, actor=ME, at=now), now


def test_a_clerk_with_the_code_sees_the_check_and_leaves_a_row(sample):
    check, official = begun(), clerk()
    code, now = shared(check)
    assert services.open_at_desk(code, actor=official, at=now) == check

    view = queries.check(check, actor=official)
    assert view.scope == "see"
    assert str(check) in AuditRow.objects.get(act="check.read").ids
    with pytest.raises(PrzystanError, match="for reading"):
        stated(check, {"insured": True}, official)


def test_a_clerk_may_answer_with_the_person_where_the_person_said_so(sample):
    check, official = begun(), clerk()
    code, now = shared(check, "fill")
    services.open_at_desk(code, actor=official, at=now)
    services.state_facts(check, {"insured": True}, actor=official, source="desk", at=now)

    [(row, _entry)] = queries.statements(check)
    assert (row.source, row.by_subject) == ("desk", official.subject)
    with pytest.raises(AbsentError):
        services.save_for_later(check, actor=official, at=now)


def test_what_was_shared_ends_and_can_be_ended(sample):
    check, official = begun(), clerk()
    code, now = shared(check)
    services.open_at_desk(code, actor=official, at=now)
    Door.objects.update(ends_at=now - timedelta(seconds=1))
    with pytest.raises(AbsentError):
        queries.check(check, actor=official)

    code, now = shared(check)
    services.open_at_desk(code, actor=official, at=now)
    services.stop_sharing(check, actor=ME)
    with pytest.raises(AbsentError):
        queries.check(check, actor=official)


def test_a_code_for_the_desk_is_no_code_for_anybody_else(sample):
    check = begun()
    code, now = shared(check)

    with pytest.raises(AbsentError):
        services.open_at_desk(code, actor=OTHER, at=now)
    with pytest.raises(AbsentError):
        services.resume_by_code(code, actor=OTHER, at=now)


@pytest.mark.parametrize(("scope", "hours"), [("all", 1), ("see", 0), ("see", 999), ("", 1)])
def test_sharing_has_a_scope_and_an_end(sample, scope, hours):
    check = begun()
    with pytest.raises(PrzystanError, match="how long"):
        services.share_with_desk(check, scope=scope, hours=hours, actor=ME, at=AT)


# --- forgetting -------------------------------------------------------------------------------


def test_what_nobody_saved_goes_after_a_day_and_what_was_saved_after_its_rest(sample):
    unsaved, saved, own = begun(), begun(), begun(person())
    services.save_for_later(saved, actor=ME, at=AT)

    assert services.forget_old(at=AT + timedelta(hours=23)) == 0
    assert services.forget_old(at=AT + timedelta(hours=25)) == 1
    assert set(Check.objects.values_list("pk", flat=True)) == {saved, own}
    assert services.forget_old(at=AT + timedelta(days=91)) == 2
    assert not Check.objects.exists()
    assert not DataKey.objects.get(owner_id=unsaved).wrapped
    assert AuditRow.objects.filter(act="check.forgotten").count() == 3


def test_forgetting_destroys_the_key_and_leaves_nothing(sample):
    check = finished()
    services.save_for_later(check, actor=ME, at=AT)
    services.forget_check(check, actor=ME)

    for model in (Check, Statement, Snapshot, Door):
        assert not model.objects.exists()
    assert not DataKey.objects.get(owner_id=check).wrapped


def test_a_person_takes_a_copy_and_is_erased(sample):
    me = person()
    check = finished(me)
    [copy] = handlers.export_checks(me.account_id)
    owner = Owner(me.account_id, me.subject)
    ledger = list(handlers.export_statements(owner))

    assert copy["facts"] == LATE
    assert copy["answers"][0]["outcome"] == "too-late"
    assert {row["fact"] for row in ledger} == set(LATE)
    assert handlers.erase_checks(me.account_id) == 1
    assert not Statement.objects.exists()
    assert not DataKey.objects.get(owner_id=check).wrapped


def test_a_clerk_who_is_erased_leaves_the_persons_ledger(sample):
    check, official = begun(), clerk()
    code, now = shared(check, "fill")
    services.open_at_desk(code, actor=official, at=now)
    services.state_facts(check, {"insured": True}, actor=official, source="desk", at=now)

    handlers.erase_statements(Owner(official.account_id, official.subject))
    assert Statement.objects.get().by_subject is None


# --- sealed outcomes --------------------------------------------------------------------------


def test_a_sealed_outcome_is_told_once_and_nothing_is_kept(sample):
    me = person()
    check = begun(me, "quiet-help")
    row = Check.objects.get()
    assert row.account_id is None
    assert row.session == me.session
    actor = replace(me, session="s")
    Check.objects.update(session="s")

    step = stated(check, {"in_danger": True}, actor)

    assert step.sealed.outcome == "help"
    assert not Check.objects.exists()
    assert not Statement.objects.exists()
    assert not DataKey.objects.get(owner_id=check).wrapped


def test_what_keeps_nothing_cannot_be_saved_and_is_in_no_list(sample):
    check = begun(procedure="quiet-help")
    with pytest.raises(PrzystanError, match="for your safety"):
        services.save_for_later(check, actor=ME, at=AT)

    assert queries.mine(ME) == []
    stated(check, {"in_danger": False})
    assert not Statement.objects.exists()
    assert all(row.is_about_sealed for row in AuditRow.objects.filter(act__startswith="check."))


def test_every_write_leaves_a_row(sample):
    me = person()
    check = begun(me)
    stated(check, LATE, me)
    services.forget_fact(check, "stay_until", actor=me, at=AT)
    stated(check, LATE, me)
    services.finish(check, actor=me, at=AT)
    services.save_for_later(check, actor=me, at=AT)
    services.share_with_desk(check, scope="see", hours=1, actor=me, at=AT)
    services.stop_sharing(check, actor=me)
    services.forget_check(check, actor=me)

    rows = AuditRow.objects.filter(act__startswith="check.").order_by("id")
    assert [row.act.removeprefix("check.") for row in rows] == [
        "started", "stated", "fact_forgotten", "stated", "finished", "saved", "shared",
        "sharing_stopped", "forgotten",
    ]  # fmt: skip
    assert {row.subject for row in rows} == {me.subject}


def test_an_announced_version_can_be_tried_as_of_its_first_day(sample):
    rules = (sample / "definitions/next-step/2026-01-01.r1.yaml").read_text(encoding="utf-8")
    later = sample / "definitions/next-step/2027-01-01.r1.yaml"
    later.write_text(rules.replace("insured && is_abroad", "is_abroad"), encoding="utf-8")
    check = begun(procedure="next-step", on=date(2027, 1, 1))

    assert Check.objects.get(pk=check).valid_from == date(2027, 1, 1)
    assert stated(check, {"citizenships": ["UA"]}).next_question is None
    assert isinstance(ME, Actor)
