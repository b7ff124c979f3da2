"""What a person states, looked at beyond its type: days that cannot be, identifiers."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from przystan.procedures.forms import FactForm
from przystan.rules import FactError
from przystan.rules.identifiers import (
    IdentifierError,
    read_document_number,
    read_nip,
    read_pesel,
    read_phone,
    read_regon,
)


def _fits(pattern: str) -> Callable[[str], object]:
    compiled = re.compile(pattern, re.ASCII)

    def read(typed: str) -> str:
        if not compiled.fullmatch(typed.strip()):
            raise ValueError(pattern)
        return typed.strip()

    return read


_READERS: Final[Mapping[str, Callable[[str], object]]] = {
    "pesel": read_pesel,
    "nip": read_nip,
    "regon": read_regon,
    "phone": read_phone,
    "passport": read_document_number,
    "pkd": _fits(r"\d\d\.\d\d\.[A-Z]"),
    "postcode": _fits(r"\d\d-\d{3}"),
    "email": _fits(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{2,}"),
}


def looked_at(form: FactForm, raw: Any, on: date) -> None:
    """Refuse what the type allows and the world does not.

    Raises:
        FactError: a day after the day of the check, an identifier whose digits do not fit.
    """
    if form.is_past and isinstance(raw, str) and raw[:10] > on.isoformat():
        raise FactError(form.fact.id, "lies in the future.", "State a day that has been.")
    if form.format and isinstance(raw, str):
        try:
            _READERS[form.format](raw)
        except (IdentifierError, ValueError) as error:
            raise FactError(
                form.fact.id, f"is no valid {form.format}.", "Check each character."
            ) from error
