from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from przystan.core.errors import AbsentError
from przystan.people import policy, roles
from przystan.people.actor import Actor, system, visitor
from przystan.people.models import Account, Membership, Office
from przystan.people.tests.factories import AccountFactory, actor_of, second_office, staff
from przystan.people.visible import VisibleQuerySet

STAFF_ROLES = sorted(role.id for role in roles.book().roles.values() if role.is_staff)
ALL_ROLES = sorted(set(roles.book().roles) - {"system"})


def worker(role, **fields):
    known = {"account_id": uuid4(), "office_id": uuid4(), "assurance": "substantial"}
    return Actor(role=role, **(known | fields))


@pytest.mark.parametrize("role", STAFF_ROLES)
@pytest.mark.parametrize(
    "weaker", [{"assurance": "low"}, {"assurance": "none"}, {"office_id": None}], ids=str
)
def test_staff_may_nothing_without_office_and_second_factor(role, weaker):
    strong = worker(role)

    for permission in roles.book().permissions:
        assert not policy.can(replace(strong, **weaker), permission)
    assert policy.can(strong, "desk.enter")


@given(
    role=st.sampled_from(ALL_ROLES), permission=st.sampled_from(sorted(roles.book().permissions))
)
def test_nobody_may_more_than_their_role_says(role, permission):
    actor = worker(role, assurance="high")

    assert policy.can(actor, permission) == (permission in roles.book().role(role).may)


def test_an_administrator_reads_no_threads():
    assert not policy.can(worker("admin"), "thread.read")


def test_a_visitor_may_ask_and_no_more():
    may = {p for p in roles.book().permissions if policy.can(visitor("s"), p)}

    assert may == {"question.ask"}


def test_a_misspelt_permission_is_an_error_and_not_a_refusal():
    with pytest.raises(LookupError, match="clame"):
        policy.can(system("test"), "thread.clame")


def test_refusal_looks_like_absence():
    with pytest.raises(AbsentError) as caught:
        policy.require(visitor(), "audit.read")

    assert caught.value.status == 404


@pytest.mark.django_db
class TestVisibleRows:
    def test_somebody_sees_their_own_memberships_and_no_others(self):
        agent, editor = staff("agent"), staff("editor")

        seen = Membership.objects.visible_to(actor_of(agent))

        assert {one.account_id for one in seen} == {agent.pk}
        assert not policy.may_see(actor_of(agent), Membership.objects.get(account=editor))

    def test_an_administrator_sees_those_of_the_own_office_and_below(self):
        admin, agent = staff("admin"), staff("agent")
        elsewhere = staff("editor", office=second_office())

        seen = {one.account_id for one in Membership.objects.visible_to(actor_of(admin))}

        assert seen == {admin.pk, agent.pk}
        assert elsewhere.pk not in seen

    def test_a_visitor_sees_none(self):
        staff("agent")

        assert not Membership.objects.visible_to(visitor("s")).exists()

    def test_permission_and_object_are_both_asked(self):
        admin, agent = staff("admin"), staff("agent")
        theirs = Membership.objects.get(account=agent)
        far = Membership.objects.get(account=staff("editor", office=second_office()))

        assert policy.can(actor_of(admin), "membership.grant", theirs)
        assert not policy.can(actor_of(admin), "membership.grant", far)
        assert not policy.can(actor_of(agent), "membership.grant", theirs)

    def test_a_model_without_a_rule_is_an_error(self):
        with pytest.raises(TypeError, match="Account"):
            policy.may_see(system("test"), AccountFactory.create())


class SealedRows(VisibleQuerySet):
    """Offices, as if their `terc` column named the team that they are sealed for."""

    sealed_field = "terc"

    def rule(self, actor):
        return models.Q()


@pytest.mark.django_db
class TestSeal:
    @pytest.fixture
    def rows(self):
        staff("agent")
        Office.objects.filter(slug="ministry").update(terc="")
        Office.objects.filter(slug="contact-centre").update(terc="14")
        return SealedRows(Office)

    def test_a_sealed_row_exists_for_its_team_alone_and_for_no_administrator(self, rows):
        for role in ALL_ROLES:
            seen = {one.slug for one in rows.visible_to(worker(role))}
            assert seen == {"ministry"}, role

        team = worker("danger_agent", teams=frozenset({"14"}))
        assert rows.visible_to(team).count() == 2

    def test_another_team_is_not_the_team(self, rows):
        assert rows.visible_to(worker("agent", teams=frozenset({"02"}))).count() == 1

    def test_the_platform_itself_sees_all_so_that_it_can_forget_all(self, rows):
        assert rows.visible_to(system("forget")).count() == 2

    def test_a_queryset_without_a_rule_shows_nothing_and_says_so(self):
        with pytest.raises(NotImplementedError, match="VisibleQuerySet"):
            VisibleQuerySet(Account).visible_to(worker("admin"))
