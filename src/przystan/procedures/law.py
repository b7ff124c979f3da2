"""The law that rules stand on, in the engine's terms: parameters by name, sources by reference.

`knowledge` owns the values. There a parameter is called `minimum-wage`, in an expression
`minimum_wage`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from przystan.knowledge.data import DatedParameter, LawView
from przystan.rules import DATE, DECIMAL, MONEY, Dated, Parameter, Type

_TYPES: Final[Mapping[str, Type]] = {
    "money": MONEY,
    "date": DATE,
    "number": DECIMAL,
    "percent": DECIMAL,
}


@dataclass(frozen=True, slots=True)
class Law:
    """Parameters for the vocabulary and for a check, and the sources that exist."""

    parameters: Mapping[str, Parameter]
    values: Mapping[str, Dated]
    view: LawView

    def has_source(self, source: str) -> bool:
        return source in self.view.provisions or source in self.view.pages

    def edition(self, source: str) -> str:
        """The edition of a provision's act; "" for a page."""
        act = source.removeprefix("law:").partition("#")[0]
        return self.view.editions.get(act, "")


def law(view: LawView) -> Law:
    named = {slug.replace("-", "_"): found for slug, found in view.parameters.items()}
    return Law(
        parameters={id: Parameter(id, _TYPES[found.kind]) for id, found in named.items()},
        values={id: _dated(found) for id, found in named.items()},
        view=view,
    )


def _dated(found: DatedParameter) -> Dated:
    return Dated(tuple((each.start or date.min, _value(each.value)) for each in found.values))


def _value(value: Any) -> Any:
    """Decimals are exact fractions in the engine."""
    return Fraction(value) if isinstance(value, Decimal) else value
