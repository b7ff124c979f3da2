"""Approved sentences for people whose language has no articles yet."""

from functools import cache
from pathlib import Path

import yaml

from przystan.core.languages import BY_TAG

_FILE = Path(__file__).parent / "notices.yaml"
# Spellings of a language in other letters read its own notice-free content.
_SAME = {"uk-Latn": "uk", "ru-Latn": "ru"}


@cache
def _book() -> dict[str, dict[str, str]]:
    book: dict[str, dict[str, str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return book


def other_language(spoken: str, read: str) -> str:
    """What to say first to a person who speaks `spoken` and gets quotes in `read`; "" if equal.

    The sentence is in the person's own language where we have an approved one, else in the
    language of the quotes.
    """
    base = _SAME.get(spoken, spoken).split("-")[0]
    if base == read or base in {"pl", "en", "uk", "ru"}:
        return ""
    sentences = _book().get(base) or _book()["en"]
    return sentences["quotes"] % {"language": BY_TAG[read].name}


def languages() -> tuple[str, ...]:
    return tuple(_book())
