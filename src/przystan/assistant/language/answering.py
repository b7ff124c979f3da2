"""In which language a person is answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from przystan.assistant.language.detection import Detected

_NEAREST = {"be": "ru"}
_OTHERS_READ = "en"


@dataclass(frozen=True, slots=True)
class AnswerLanguage:
    """`tag` has content; with `needs_notice` the person is told so in their own language."""

    tag: str
    needs_notice: bool


def answer_language(
    detected: Detected, content: Sequence[str], *, interface: str | None = None
) -> AnswerLanguage:
    """The content language for a question in a detected language.

    Ukrainian and Russian in Latin letters are answered in their own letters, without a notice.
    Somebody who writes a language without content is answered in the language of the page, for
    that is what they chose to read, Belarusian included: which other language a Belarusian
    reads is theirs to say and not ours to assume. Only when the page tells nothing is Belarusian
    answered in Russian, which nearly all who write it read, and any other language in English.
    All of them are told so first, and may choose another language.

    Args:
        content: languages with content, the first of them the last resort.
        interface: language of the page, when the person chose it.
    """
    if detected.base in content:
        return AnswerLanguage(detected.base, False)
    if interface in content:
        return AnswerLanguage(str(interface), True)
    nearest = _NEAREST.get(detected.base, _OTHERS_READ)
    return AnswerLanguage(nearest if nearest in content else content[0], True)
