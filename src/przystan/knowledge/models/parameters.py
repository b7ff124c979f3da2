"""Fees, wages, limits and first days: values with the days on which they hold."""

from typing import ClassVar

from django.db import models
from django.db.models import F, OrderBy, Q


class Parameter(models.Model):
    class Kind(models.TextChoices):
        MONEY = "money"
        DATE = "date"
        NUMBER = "number"
        PERCENT = "percent"
        TEXT = "text"

    slug = models.SlugField(unique=True, max_length=80)
    kind = models.CharField(max_length=8, choices=Kind)
    labels = models.JSONField(default=dict)  # language → words

    def __str__(self) -> str:
        return self.slug


class ParameterValue(models.Model):
    """A value from its first to its last day, both included; an open end is None.

    No two values of a parameter share a day: `knowledge/guards.py` has the database refuse it.
    """

    parameter = models.ForeignKey(Parameter, models.CASCADE, related_name="values")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    # money: integer grosz; date: ISO; number and percent: decimal as text; text: language → words
    value = models.JSONField()
    source = models.CharField(max_length=160)  # "law:act#provision" or "page:id"
    read_on = models.DateField()
    # "verified" or "to_verify": a text with the latter is shown with a banner, never quoted.
    status = models.CharField(max_length=12, default="verified")

    class Meta:
        ordering: ClassVar[list[OrderBy]] = [F("valid_from").asc(nulls_first=True)]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="parameter_days_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.parameter_id} from {self.valid_from}"
