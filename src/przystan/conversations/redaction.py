"""Take out of a question what could point to a person, before anything is counted."""

import re

# Order matters: an address holds digits, a link may hold an address.
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE), "[link]"),
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"), "[e-mail]"),
    # Passport, card and case numbers: letters and digits mixed, at least five digits in all.
    (re.compile(r"\b(?=\w*\d\w*\d\w*\d\w*\d\w*\d)[A-Za-z]{0,4}\d[\w/-]{3,30}\b"), "[number]"),
    (re.compile(r"\+?\d(?:[\s().-]{0,2}\d){5,18}"), "[number]"),
)
# A capital inside a sentence is a name of somebody or something: both may point to a person.
_NAME = re.compile(r"(?<=[^\W\d_,;:)\]] )([^\W\d_]{2,40})")
# Capitalised words that are about the matter, not about the person, as people write them.
_KEPT = frozenset(
    word
    for line in (
        "PESEL UKR CUKR MOS ZUS NFZ PIP PUP UDSC UE EU PIT NIP REGON KCIK IOM UPO SIM",
        "Polska Polsce Polski Polskę Poland Polish Польща Польщі Польщу Польши Польше Польшу",
        "Ukraine Ukrainian Ukraina Ukrainy Україна України Украина Украины Беларусь",
        "Blue Card Karta Pobytu Polaka I",
    )
    for word in line.split()
)
LONGEST = 300


def redact(question: str) -> str:
    """The question without links, addresses, numbers and names, at most 300 characters."""
    text = " ".join(question.split())
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    text = _NAME.sub(_without_name, text)
    return text[:LONGEST]


def _without_name(match: re.Match[str]) -> str:
    word = match.group(1)
    is_name = word[0].isupper() and word not in _KEPT and not word.isupper()
    return "[name]" if is_name else word
