"""What the clauses of a message say only together, and what follows from it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from przystan.assistant.facts import phrases
from przystan.assistant.facts.clauses import Clause

if TYPE_CHECKING:
    from przystan.assistant.facts.reading import Stated

PURPOSES: Final = ("highly_skilled_work", "study", "business", "family", "settling", "work")
_PENDING: Final = "application_pending"
HELD_BEFORE: Final = frozenset(
    {"visa_free", "visa_c_pl", "visa_d_pl", "temporary_permit", "permanent_permit",
     "temporary_protection"}
)  # fmt: skip
# The status of a relative, by the basis of their stay.
SPONSORS: Final = {
    "permanent_permit": "permanent_permit",
    "eu_long_term_permit": "eu_long_term_permit",
    "refugee": "refugee",
    "subsidiary_protection": "subsidiary_protection",
    "humanitarian_permit": "humanitarian_permit",
    "temporary_permit": "temporary_permit",
    "temporary_protection": "temporary_protection",
    "visa_d_pl": "national_visa",
}
# What is a basis of stay still, while a decision on residence is waited for.
_STILL: Final = frozenset(
    {"visa_d_pl", "visa_c_pl", "visa_free", "visa_other_schengen", "temporary_permit",
     "permanent_permit", "eu_long_term_permit", "residence_card_other_schengen"}
)  # fmt: skip

Values = dict[str, list["Stated"]]


def signing(signs: Mapping[str, tuple[bool, Clause]]) -> Iterator[tuple[str, bool, Clause]]:
    """Somebody can sign with either means, and cannot only where both are denied."""
    for can, clause in signs.values():
        if can:
            yield "can_sign_electronically", True, clause
            return
    if len(signs) == 2:
        yield "can_sign_electronically", False, next(iter(signs.values()))[1]


def settle(values: Values, said: Sequence[Clause], language: str, on: date) -> None:
    """Add and take away what one clause alone could not decide."""
    text = " ".join(clause.folded for clause in said)
    waits = phrases.words("wait").search(text) is not None
    filed = values.get("application_filed_on")
    other = phrases.pattern(language, "other_matter")
    if filed and any(other.search(phrases.folded(each.quote)) for each in filed):
        values.pop("application_filed_on")
        filed = None
    if filed and not (waits or phrases.words("application", "resident_paper").search(text)):
        values.pop("application_filed_on")
    is_other = phrases.pattern(language, "other_matter").search(text) is not None
    if filed and waits and "stay_basis" not in values and not is_other:
        values["stay_basis"] = [type(filed[0])("stay_basis", _PENDING, filed[0].quote)]
    _settle_basis(values, on)
    bases = {each.value for each in values.get("stay_basis", ())}
    if _PENDING not in bases and not (filed and waits):
        values.pop("basis_before_application", None)
    if "relation_to_sponsor" not in values:
        values.pop("lives_with_sponsor", None)


def _settle_basis(values: Values, on: date) -> None:
    """One basis where a decision is waited for and a visa or card is told of too."""
    told = values.get("stay_basis", [])
    others = {each.value for each in told} - {_PENDING}
    if len(told) < 2 or len(others) != 1 or len(others) == len({each.value for each in told}):
        return
    until = [each.value for each in values.get("stay_until", ())]
    is_valid = bool(until) and max(until) >= on.isoformat()
    if (others <= _STILL and is_valid) or "asylum_application" in others:
        values["stay_basis"] = [each for each in told if each.value in others]
