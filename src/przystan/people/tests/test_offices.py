from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from przystan.core import cli
from przystan.core.errors import AbsentError, PrzystanError
from przystan.people import commands, offices, queries  # noqa: F401  registers the commands
from przystan.people.models import Account, AuditRow, Membership, Office
from przystan.people.tests.factories import LONG_AGO, SYSTEM, actor_of, second_office, staff

pytestmark = pytest.mark.django_db


def county(slug="powiat", **fields):
    known = {
        "name": "Powiat",
        "kind": "county",
        "controller": ("Starosta", "https://powiat.example", "county"),
        "actor": SYSTEM,
        "parent": "ministry",
    }
    return offices.ensure_office(slug, **(known | fields))


def test_an_office_knows_its_way_from_the_root_and_who_answers_for_its_data():
    offices.ensure_portal(actor=SYSTEM)
    made = county(terc="1465")

    assert made.path == "/ministry/powiat/"
    assert made.controller.name == "Starosta"
    assert queries.office("powiat") == made == queries.office_by_id(made.id)


def test_making_an_office_again_changes_nothing():
    offices.ensure_portal(actor=SYSTEM)
    first = county()
    again = county(name="Inny", controller=("Inny", "x", "x"))

    assert again == first
    assert AuditRow.objects.filter(act="people.office_created").count() == 3


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "castle"},
        {"slug": "with space"},
        {"terc": "12a"},
        {"name": ""},
        {"slug": "x" * 61},
        {"name": "x" * 201},
    ],
    ids=str,
)
def test_what_does_not_fit_is_said_and_nothing_is_made(fields):
    offices.ensure_portal(actor=SYSTEM)

    with pytest.raises(PrzystanError, match="was not created"):
        county(**fields)

    assert Office.objects.count() == 2


def test_a_parent_that_does_not_exist_is_named():
    with pytest.raises(AbsentError, match="nowhere"):
        county(parent="nowhere")


def test_the_subtree_of_an_office_is_found_and_a_name_that_begins_alike_is_not():
    centre = offices.ensure_portal(actor=SYSTEM)
    below = county("room", parent="contact-centre")
    county("contact-centre-2")

    assert set(queries.offices_under(centre.id)) == {centre.id, below.id}


def test_a_role_is_granted_once_and_ends():
    staff("agent")
    for _ in range(2):
        offices.grant("agent@office.example", "agent", "contact-centre", actor=SYSTEM, at=LONG_AGO)
    later = LONG_AGO + timedelta(days=1)

    assert Membership.objects.count() == 1
    assert offices.revoke("agent@office.example", "agent", "contact-centre", actor=SYSTEM, at=later)
    assert not Membership.objects.active(later).exists()
    assert Membership.objects.active(later - timedelta(seconds=1)).exists()
    assert not Account.objects.get().groups.exists()


def test_roles_are_mirrored_in_the_groups_of_the_editors_room():
    editor = staff("editor")

    assert [group.name for group in editor.groups.all()] == ["editor"]


def test_each_grant_leaves_an_audit_row_about_the_person():
    agent = staff("agent")
    row = AuditRow.objects.get(act="people.role_granted")

    assert row.subject == agent.subject
    assert row.detail == {"role": "agent", "is_new": 1}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"role": "king"}, "agent"),
        ({"role": "person"}, "person"),
        ({"role": "system"}, "system"),
        ({"email": "no address"}, "e-mail"),
        ({"email": "a@b\n.example"}, "e-mail"),
        ({"teams": ["pirates"]}, "pirates"),
        ({"office": "nowhere"}, "nowhere"),
        ({"until": LONG_AGO}, "later"),
    ],
    ids=str,
)
def test_a_grant_that_cannot_be_is_explained(fields, said):
    offices.ensure_portal(actor=SYSTEM)
    known = {"email": "a@office.example", "role": "agent", "office": "contact-centre"}

    with pytest.raises(PrzystanError, match=said):
        offices.grant(**(known | fields), actor=SYSTEM, at=LONG_AGO)

    assert not Account.objects.exists()


def test_an_administrator_grants_in_the_own_office_and_not_above_or_beside_it():
    admin = actor_of(staff("admin"))
    beside = second_office()

    offices.grant("new@office.example", "agent", "contact-centre", actor=admin, at=LONG_AGO)
    for slug in ("ministry", beside):
        with pytest.raises(AbsentError):
            offices.grant("new@office.example", "agent", slug, actor=admin, at=LONG_AGO)
        with pytest.raises(AbsentError):
            offices.revoke("new@office.example", "agent", slug, actor=admin, at=LONG_AGO)


@pytest.mark.parametrize("role", ["agent", "editor", "auditor", "legal_reviewer", "danger_agent"])
def test_nobody_else_grants_roles_or_makes_offices(role):
    actor = actor_of(staff(role))

    with pytest.raises(AbsentError):
        offices.grant("new@office.example", "admin", "contact-centre", actor=actor, at=LONG_AGO)
    with pytest.raises(AbsentError):
        county(actor=actor)


def test_teams_are_those_of_the_membership_and_of_the_role():
    staff("danger_agent")
    offices.grant(
        "agent@office.example",
        "agent",
        "contact-centre",
        actor=SYSTEM,
        at=LONG_AGO,
        teams=["danger"],
    )
    helper = Account.objects.get(email="agent@office.example")
    born = Account.objects.get(email="danger_agent@office.example")

    assert set(queries.team_members("danger", at=LONG_AGO)) == {helper.pk, born.pk}


def test_the_database_refuses_a_membership_that_ends_before_it_begins():
    membership = Membership.objects.get(account=staff("agent"))
    membership.valid_to = LONG_AGO - timedelta(days=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        membership.save()


def test_what_is_not_there_is_said_so():
    with pytest.raises(AbsentError):
        queries.portal_office()
    with pytest.raises(AbsentError):
        queries.office_by_id(uuid4())
    assert queries.offices_under(uuid4()) == []
    assert queries.account_id_of("nobody@office.example") is None


def test_the_portal_has_an_office_that_owns_what_visitors_ask():
    made = offices.ensure_portal(actor=SYSTEM)
    agent = staff("agent")

    assert queries.portal_office() == made
    assert queries.account_id_of(" Agent@Office.example ") == agent.pk


class TestCommands:
    def test_an_office_is_made_and_somebody_gets_a_role_in_it(self, capsys):
        offices.ensure_portal(actor=SYSTEM)
        made = ["people", "office", "ngo", "Fundacja", "--kind", "ngo", "--parent", "ministry"]
        made += ["--controller", "Fundacja", "--contact", "https://ngo.example", "--notice", "ngo"]

        assert cli.run(made) == 0
        assert cli.run(["people", "grant", "Eva@NGO.example", "editor", "ngo", "--days", "3"]) == 0
        assert cli.run(["people", "list"]) == 0
        assert "ngo  editor  eva@ngo.example until" in capsys.readouterr().out

    def test_a_role_ends_and_a_second_time_there_is_nothing_to_end(self, capsys):
        staff("agent")
        words = ["people", "revoke", "agent@office.example", "agent", "contact-centre"]

        assert cli.run(words) == 0
        assert cli.run(words) == 1

    def test_a_wrong_call_says_what_is_wrong(self, capsys):
        offices.ensure_portal(actor=SYSTEM)

        assert cli.run(["people", "grant", "a@b.example", "king", "contact-centre"]) == 1
        assert "king" in capsys.readouterr().err
