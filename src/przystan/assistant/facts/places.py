"""Whether the writer is in Poland or abroad, by the town or country they say to be in."""

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from przystan.assistant.facts import phrases

_IN: Final = r"(?:w|we|u|in|pod|pid|kolo|near|bilia|vozle|wozle|okolice|na|outside|inside|at)"


def is_in_poland(folded: str) -> bool | None:
    """True, false (abroad), or None where the clause does not say where the writer lives."""
    for is_here, place in ((True, _poland()), (False, _abroad())):
        for match in place.finditer(folded):
            ahead = folded[: match.start()].rstrip()
            if _lives(folded, ahead, is_here=is_here):
                return is_here
    return None


def _lives(folded: str, ahead: str, *, is_here: bool) -> bool:
    if phrases.words("moved").search(folded):
        return False
    if phrases.words("lives").search(folded):
        return True
    if phrases.words("unstill").search(folded):
        return False
    is_long = is_here and phrases.words("lasting_here").search(folded) is not None
    return is_long or not ahead or _just_being().search(ahead) is not None


@cache
def _just_being() -> re.Pattern[str]:
    """ "I am now" at the end: nothing but "now" and the like between it and the place."""
    return re.compile(rf"{phrases.words('is_somewhere').pattern}(?: \S+)?$")


@cache
def _poland() -> re.Pattern[str]:
    return re.compile(rf"\b{_IN} (?:{_stems([*_data()['poland'], *_data()['towns']])})\w*")


@cache
def _abroad() -> re.Pattern[str]:
    countries = [told["name"] for code, told in phrases.countries().items() if code != "PL"]
    return re.compile(rf"\b{_IN} (?:{_stems([*_data()['abroad'], *countries])})\w*")


def _stems(words: list[Any]) -> str:
    flat = [each for word in words for each in (word if isinstance(word, list) else [word])]
    return "|".join(sorted({phrases.folded(stem) for stem in flat}, key=len, reverse=True))


@cache
def _data() -> dict[str, Any]:
    with (Path(__file__).parent / "cities.yaml").open(encoding="utf-8") as file:
        loaded: dict[str, Any] = yaml.safe_load(file)
    return loaded
