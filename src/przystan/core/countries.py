"""Countries by ISO 3166-1 alpha-2 code, with names in every language of the interface."""

from functools import lru_cache

from babel import Locale

STATELESS = "XXA"  # ICAO Doc 9303: a person without citizenship

# Reserved and grouping codes that CLDR lists beside countries.
_NOT_COUNTRIES = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ")
)


@lru_cache(maxsize=1)
def codes() -> tuple[str, ...]:
    """All codes in alphabetical order; Kosovo's (XK, user-assigned) and statelessness too."""
    territories = [str(code) for code in Locale("en").territories]
    countries = {
        code
        for code in territories
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    }
    return (*sorted(countries), STATELESS)


_STATELESS_NAMES = {
    "pl": "bez obywatelstwa",
    "en": "stateless",
    "uk": "без громадянства",
    "ru": "без гражданства",
    "ar": "عديم الجنسية",
}


def name(code: str, language: str) -> str:
    """The country's name in a language; the code itself where CLDR has none."""
    if code == STATELESS:
        return _STATELESS_NAMES.get(language, _STATELESS_NAMES["en"])
    return str(Locale(language).territories.get(code, code))
