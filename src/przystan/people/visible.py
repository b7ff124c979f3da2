"""The one door to a kind of object: what an actor may see, written once per model."""

from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q

from przystan.people.actor import Actor

M = TypeVar("M", bound=models.Model)

NOTHING = Q(pk__in=[])


class VisibleQuerySet(models.QuerySet[M]):
    """A queryset that starts at `visible_to(actor)`.

    A model states its rule in `rule`, and names in `sealed_field` the column that holds the team
    of a sealed record ("" for an open one). The seal is applied here, after the rule, so that no
    rule can open it: a sealed record exists for its team alone, not for administrators, and not
    for the person in their own lists (they keep the secret link, which is another door).
    """

    sealed_field: ClassVar[str] = ""

    def rule(self, actor: Actor) -> Q:
        """Which open rows `actor` may see; NOTHING is the safe answer to an unknown role."""
        raise NotImplementedError(f"{type(self).__name__} has to say what an actor may see.")

    def visible_to(self, actor: Actor) -> Self:
        """Rows that exist for `actor`; absent and not theirs look the same."""
        if actor.role == "system":
            return self.all()
        return self.filter(self.rule(actor) & self._seal(actor))

    def _seal(self, actor: Actor) -> Q:
        if not self.sealed_field:
            return Q()
        is_open = Q(**{self.sealed_field: ""})
        return is_open | Q(**{f"{self.sealed_field}__in": sorted(actor.teams)})
