"""Whether a clause denies what it names: "PESEL-u nie mam", "neither a card nor a visa"."""

import re
from typing import Final

from przystan.assistant.facts import phrases

_WORDS_BEFORE: Final = 3  # between a negation and what it denies
_WORDS_AFTER: Final = 5
# What stands on the other side of one of these is not denied with it.
_TURN_BEFORE: Final = re.compile(r"\b(?:ale|but|lecz|odnak|zato|tilko|tolko|only)\b")
_TURN_AFTER: Final = re.compile(r"\b(?:ale|but|lecz|odnak|zato|and|i|ta|a)\b")
_TURN_AFTER_CYRILLIC: Final = re.compile(r"\b(?:ale|odnak|zato|no|i|ta|a)\b")  # "но" folds to no


def is_denied(folded: str, start: int, end: int, language: str) -> bool:
    """Whether a negation stands just before the place, or soon after it in the clause."""
    negation = phrases.pattern(language, "negation")
    before = _TURN_BEFORE.split(folded[:start])[-1].split()[-_WORDS_BEFORE:]
    if negation.search(" ".join(before)):
        return True
    after = folded[end:]
    turning = _TURN_AFTER_CYRILLIC if language in ("uk", "ru") else _TURN_AFTER
    if (turn := turning.search(after)) is not None and turn.start() > 0:
        after = after[: turn.start()]
    return len(after.split()) <= _WORDS_AFTER and negation.search(after) is not None
