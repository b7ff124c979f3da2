"""A question as it came, made fit to be read: or a clear word on why it cannot be."""

import re
import unicodedata
from datetime import date

from django.utils.translation import gettext as _

from przystan.core.errors import PrzystanError

LONGEST = 20_000
# A text with more unreadable characters than this share is a file, not a question.
_UNREADABLE_SHARE = 0.1
# Controls that change the direction of what follows: a page must not be turned by a question.
_DIRECTION = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


def question(text: str) -> str:
    """The question in NFC, without control characters and with single spaces kept as typed.

    Raises:
        PrzystanError: it is empty, too long, or not text; the sentence says what to do.
    """
    if len(text) > LONGEST:
        raise PrzystanError(
            _(
                "This text has %(length)s characters; a question may have %(longest)s. "
                "Shorten it to what you want to know. Your text is kept in the field."
            )
            % {"length": len(text), "longest": LONGEST},
            status=422,
        )
    unreadable = sum(_is_unreadable(character) for character in text)
    if unreadable > max(3, len(text) * _UNREADABLE_SHARE):
        raise PrzystanError(
            _("This looks like a file, not a question. Write your question in words."), status=422
        )
    clean = "".join(" " if _is_unreadable(c) else c for c in text.translate(_DIRECTION))
    clean = unicodedata.normalize("NFC", clean).strip()
    if not any(character.isalnum() for character in clean):
        raise PrzystanError(
            _("Write your question in the field. A few words in your own language are enough."),
            status=422,
        )
    return clean


# "in 2027", "next year": what is asked is the law of then. "Valid until 2027" is not.
_IN_A_YEAR = re.compile(
    r"\b(?:w|we|od|na|in|from|since|for|у|в|з|с|від|на|за|із)\s+(20\d\d)\b(?!\s?[-./]\s?\d)"
)
_NEXT_YEAR = re.compile(
    r"\b(?:w (?:przyszłym|przyszlym|następnym|nastepnym) roku|next year|наступного року"
    r"|в наступному році|у наступному році|в следующем году|на следующий год)\b"
)
_FARTHEST_YEARS = 20


def law_day(text: str, day: date) -> date:
    """The day whose law is asked for: the first of a later year that the question names."""
    lowered = text.lower()
    named = {int(year) for year in _IN_A_YEAR.findall(lowered)}
    if _NEXT_YEAR.search(lowered):
        named.add(day.year + 1)
    later = [year for year in named if day.year < year <= day.year + _FARTHEST_YEARS]
    return date(min(later), 1, 1) if later else day


def _is_unreadable(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cn", "Co", "Cs"} and character not in "\n\t\r"
