"""How a page is built, read off its bare lines: headings, sections, and what a line holds.

Nothing here knows a language: patterns are signs and numbers, headings are told by length and
punctuation. That is rough and only feeds features; nothing is decided by it alone.
"""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_HEADING_MAX_CHARS = 60

_URL = re.compile(r"https?://|www\.|\b[\w-]+\.(?:de|com|org|net|eu|pl|info)\b", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.\w|\[email")
_BULLET = re.compile(r"\s*(?:[-*•·–‣▪]|\d{1,2}[.)])\s")
PATTERNS: dict[str, re.Pattern[str]] = {
    "url": _URL,
    "email": _EMAIL,
    "phone": re.compile(r"(?:\+|\b0)[\d][\d /()-]{5,}"),
    "time": re.compile(r"\b\d{1,2}[:.]\d{2}\b"),
    "digit": re.compile(r"\d"),
    "colon_end": re.compile(r":\s*$"),
    "colon": re.compile(r":\s"),
    "question_mark": re.compile(r"[?؟]"),
    "full_stop_end": re.compile(r"[.!…]\s*$"),
    "bullet": _BULLET,
    "money": re.compile(r"€|\b(?:euro|eur|zł|pln)\b|євро|евро", re.IGNORECASE),
    "address": re.compile(r"\b\d{5}\b|\b\d{2}-\d{3}\b"),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """The build of one page of n lines.

    Attributes:
        is_heading: (n,) bool.
        section: (n,) int, number of the section a line lies in, from 0.
        heading: (n,) int, index of the heading its section starts with.
        nearest_heading: (n,) int, index of the last heading at or above a line.
    """

    is_heading: npt.NDArray[np.bool_]
    section: npt.NDArray[np.int64]
    heading: npt.NDArray[np.int64]
    nearest_heading: npt.NDArray[np.int64]


def layout(lines: tuple[str, ...]) -> Layout:
    """Headings and sections of a page: a section starts at a heading with a longer line below."""
    headings = np.array([reads_as_heading(line) for line in lines], dtype=bool)
    if len(headings):
        headings[0] = True
    lengths = np.array([len(line.strip()) for line in lines])
    starts = headings.copy()
    starts[:-1] &= lengths[1:] > lengths[:-1]
    if len(starts):
        starts[0] = True
    positions = np.arange(len(lines))
    return Layout(
        headings,
        np.cumsum(starts) - 1,
        np.maximum.accumulate(np.where(starts, positions, 0)),
        np.maximum.accumulate(np.where(headings, positions, 0)),
    )


def reads_as_heading(line: str) -> bool:
    text = line.strip()
    if not text or len(text) >= _HEADING_MAX_CHARS or text[-1] in ".!":
        return False
    return not (_URL.search(text) or _EMAIL.search(text) or _BULLET.match(text))
