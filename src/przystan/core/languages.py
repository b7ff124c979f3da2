"""Languages of the interface and of the content, with their own names and direction."""

from dataclasses import dataclass
from typing import Literal

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class Language:
    """A language that people may choose. Tags are BCP 47; never a flag for a language."""

    tag: str
    name: str
    direction: Direction = "ltr"
    has_content: bool = False


# Order is by number of readers (domain facts on volumes); it is the order of the language switch.
LANGUAGES = (
    Language("pl", "Polski", has_content=True),
    Language("uk", "Українська", has_content=True),
    Language("ru", "Русский", has_content=True),
    Language("en", "English", has_content=True),
    Language("ar", "العربية", "rtl"),
)
BY_TAG = {language.tag: language for language in LANGUAGES}
CONTENT_TAGS = tuple(language.tag for language in LANGUAGES if language.has_content)
_RIGHT_TO_LEFT = {"ar", "fa", "he", "ur", "ps", "ckb"}


def direction(tag: str) -> Direction:
    """Writing direction of any BCP 47 tag, also of languages without an interface."""
    return "rtl" if tag.split("-")[0] in _RIGHT_TO_LEFT else "ltr"
