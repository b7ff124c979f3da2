"""Whose citizen the writer says to be: "jestem z Gruzji", "я українка", "Indian passport"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from przystan.assistant.facts import phrases
from przystan.assistant.facts.denial import is_denied

# "I work for a Ukrainian firm": the word speaks of the firm.
_NOT_OF_A_PERSON: Final = (
    r"(?! (?:firm|compan|bank|licen|wiz|wis|szkol|uniwers|uniwer|restaur|kuch|jezik|mow|pesel"
    r"|phone|telef|number|numer|tax|status|kart|card|resid|pensi|emerit|rodzin|famil|sim))"
)
_AND: Final = r"(?:(?:a|i|ale|no|but|and|ja|ia|sam|sama|tez|also|im) ){0,2}"
_ALONE: Final = r"(?:(?:ia|ja|oboje|originally) )?(?:z|iz|ze|from|rodem z|rodom z|rodom iz)"
_ORIGIN: Final = r"(?: (?:originalli|orihinalli|rodem|rodom|pochodze|oboje))?"
# "I am in an Indian shop" says nothing of the person.
_GAP: Final = (
    r"(?:(?!(?:in|on|at|of|for|with|from|w|we|na|z|ze|za|do|dla|od|po|pod|u|s|iz|o|not|nie|ne"
    r"|by|to|about|like|married)\b)\S+ ){0,2}?"
)
_EU: Final = frozenset(
    {
        "DE",
        "LT",
        "LV",
        "SK",
        "CZ",
        "RO",
        "BG",
        "ES",
        "IT",
        "FR",
        "NL",
        "BE",
        "PT",
        "SE",
        "DK",
        "NO",
        "FI",
        "AT",
        "CH",
        "GR",
        "HU",
        "SI",
        "HR",
        "EE",
        "IE",
    }
)


@dataclass(frozen=True, slots=True)
class _Country:
    """What says that somebody is of a country; `second` names one more beside another."""

    code: str
    says_: str
    is_all_: str
    second_: str
    people_: str

    # Compiled when first needed: most countries are never spoken of.
    @property
    def says(self) -> re.Pattern[str]:
        return _compiled(self.says_)

    @property
    def is_all(self) -> re.Pattern[str]:
        return _compiled(self.is_all_)

    @property
    def second(self) -> re.Pattern[str]:
        return _compiled(self.second_)

    @property
    def people(self) -> re.Pattern[str]:
        return _compiled(self.people_)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def citizenships(clause: str, language: str, before: str = "") -> Iterator[str]:
    """Codes of the countries whose citizen the folded clause says the writer to be.

    `before` is the clause before it: "two passports: Kazakh and Russian".
    """
    if not _any(language).search(clause):
        own = phrases.pattern(language, "own_polish").search(clause)
        if own and not is_denied(clause, own.start(), own.end(), language):
            yield "PL"
        return
    papers = phrases.pattern(language, "papers")
    has_paper = papers.search(clause) is not None
    if papers.search(before) and _list(language).fullmatch(clause):
        yield from (each.code for each in _countries(language) if each.people.search(clause))
        return
    for country in _countries(language):
        if country.people.search(clause) and _says(country, clause, language, has_paper=has_paper):
            yield country.code
    own = phrases.pattern(language, "own_polish").search(clause)
    if own and not is_denied(clause, own.start(), own.end(), language):
        yield "PL"


def is_eu_citizen(clause: str, language: str) -> bool:
    """Whether the one of whom the clause speaks is a citizen of the EU, the EEA or Switzerland."""
    if phrases.words("eu_citizen").search(clause):
        return True
    if not _any(language).search(clause):
        return False
    return any(
        country.code in _EU and country.people.search(clause) and _names(country, clause, language)
        for country in _countries(language)
    )


def _names(country: _Country, clause: str, language: str) -> bool:
    found = country.says.search(clause) or country.is_all.fullmatch(clause)
    if found is None and phrases.pattern(language, "being_other").search(clause):
        found = country.people.search(clause)
    return found is not None and not is_denied(clause, found.start(), found.end(), language)


def _says(country: _Country, clause: str, language: str, *, has_paper: bool) -> bool:
    found = country.says.search(clause) or country.is_all.fullmatch(clause)
    if found is None and has_paper:
        found = country.second.search(clause)
    if found is None:
        return False
    named = country.people.search(clause, found.start())
    place = named.start() if named else found.start()
    return not is_denied(clause, place, len(clause), language) and not is_denied(
        clause, found.start(), len(clause), language
    )


@cache
def _list(language: str) -> re.Pattern[str]:
    """Nothing but names of countries and peoples."""
    names = "|".join(country.people_ for country in _countries(language))
    return re.compile(rf"(?:{names})(?:(?: (?:i|and|ta|oraz))? (?:{names}))*")


@cache
def _any(language: str) -> re.Pattern[str]:
    """Any country or people: most clauses name none."""
    return re.compile("|".join(country.people_ for country in _countries(language)))


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
            rf"{being} {_GAP}(?:{people})\w*{_NOT_OF_A_PERSON}",
            rf"{being} {_GAP}(?:z|ze|iz|zi|from) (?:{name})\w*",
            rf"\b(?:{people})\w* {papers}",
            rf"{papers}(?: \S+){{0,3}} (?:{people})\w*",
            rf"{papers} (?:of )?(?:the )?(?:{name})\w*",
        )
        found.append(
            _Country(
                code,
                "|".join(ways),
                (
                    rf"{_AND}(?:{people})\w*(?: {phrases.words('trade').pattern})?"
                    rf"|{_ALONE} (?:{name})\w*{_ORIGIN}"
                ),
                rf"\b(?:i|and|ta|oraz|druge|drugie|other|second) (?:{people}|{name})\w*",
                rf"\b(?:{people}|{name})\w*",
            )
        )
    return tuple(found)


def _stems(words: list[str]) -> str:
    return "|".join(sorted({phrases.folded(word) for word in words}, key=len, reverse=True))
