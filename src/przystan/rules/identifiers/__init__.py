"""Identifiers as the state writes them: read, checked by their own digits, spelled one way.

Each `read_…` takes what a person typed and gives a value or raises `IdentifierError`, whose
`reason` is a code for the sentence of the layer above; nothing typed is repeated in it.
"""

from .business import read_nip, read_regon
from .errors import IdentifierError, Reason
from .pesel import Pesel, Sex, read_pesel
from .phone import read_phone
from .travel_document import Mrz, check_digit, read_document_number, read_mrz

__all__ = [
    "IdentifierError",
    "Mrz",
    "Pesel",
    "Reason",
    "Sex",
    "check_digit",
    "read_document_number",
    "read_mrz",
    "read_nip",
    "read_pesel",
    "read_phone",
    "read_regon",
]
