"""Whose citizen the writer says to be: "jestem z Gruzji", "я українка", "Indian passport"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from przystan.assistant.facts import phrases

# "I work for a Ukrainian firm": the word speaks of the firm.
_NOT_OF_A_PERSON: Final = r"(?! (?:firm|compan|bank|licen))"
_AND: Final = r"(?:(?:a|i|ale|no|but|and|ja|ia) )?"
_ALONE: Final = r"(?:(?:ia|ja) )?(?:z|iz|ze|from)"


@dataclass(frozen=True, slots=True)
class _Country:
    """What says that somebody is of a country; `second` names one more beside another."""

    code: str
    says: re.Pattern[str]
    is_all: re.Pattern[str]
    second: re.Pattern[str]


def citizenships(clause: str, language: str) -> Iterator[str]:
    """Codes of the countries whose citizen the folded clause says the writer to be."""
    if phrases.pattern(language, "negation").search(clause):
        return
    has_paper = phrases.pattern(language, "papers").search(clause) is not None
    for country in _countries(language):
        if (
            country.says.search(clause)
            or country.is_all.fullmatch(clause)
            or (has_paper and country.second.search(clause))
        ):
            yield country.code
    if phrases.pattern(language, "own_polish").search(clause):
        yield "PL"


@cache
def _countries(language: str) -> tuple[_Country, ...]:
    coming, being, papers = (
        phrases.pattern(language, name).pattern for name in ("coming_from", "being", "papers")
    )
    found = []
    for code, words in phrases.countries().items():
        name, people = _stems(words["name"]), _stems(words["people"])
        if not name or not people:
            continue
        ways = (
            rf"{coming} (?:\S+ )?(?:{name})\w*",
            rf"{being} (?:{people})\w*{_NOT_OF_A_PERSON}",
            rf"\b(?:{people})\w* {papers}",
            rf"{papers}(?: \S+){{0,3}} (?:{people})\w*",
        )
        found.append(
            _Country(
                code,
                re.compile("|".join(ways)),
                re.compile(rf"{_AND}(?:{people})\w*|{_ALONE} (?:{name})\w*"),
                re.compile(rf"\b(?:i|and|ta|oraz) (?:{people})\w*"),
            )
        )
    return tuple(found)


def _stems(words: list[str]) -> str:
    return "|".join(sorted({phrases.folded(word) for word in words}, key=len, reverse=True))
