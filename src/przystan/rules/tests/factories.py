"""The least that is valid."""

from datetime import date

from przystan.rules.definitions import Definition, Outcome, Rule
from przystan.rules.faults import Source
from przystan.rules.program import compiled
from przystan.rules.tests import generating


def definition(*outcomes, **rules):
    """A definition of outcomes, given as such or as (id, condition), and of rules by name."""
    made = tuple(
        each if isinstance(each, Outcome) else Outcome(each[0], Source(each[1]))
        for each in outcomes
    )
    return Definition(
        "example",
        date(2026, 1, 1),
        made,
        tuple(Rule(id, Source(text)) for id, text in rules.items()),
    )


def program(*outcomes, vocabulary=generating.VOCABULARY, **rules):
    return compiled(definition(*outcomes, **rules), vocabulary)
