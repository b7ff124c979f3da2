"""A message cut into clauses, each with what may be believed of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from przystan.assistant.facts import phrases

# A point between figures ends no sentence, nor one after these.
_SENTENCE: Final = re.compile(
    r"[^.!?;\n…]+(?:\.(?=\d)[^.!?;\n…]*|(?<=\d)\.(?=\s*\d)[^.!?;\n…]*)*[.!?;\n…]*"
)
_SHORTENED: Final = re.compile(
    r"\b(tys|тис|тыс|ok|np|art|ust|pkt|ur|urodz|г|р|zł|dn|nr|approx|tyg|godz|brutto)\."
    r"(?=\s*[^\sA-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ])"
)
_PAUSE: Final = re.compile(
    r",(?!\d)|\s[-–—]\s|\s\(|\)"
    r"|\s(?:and|but|i|a|ale|і|та|й|а|але|и|но)\s+"
    r"(?=(?:my|moj\w*|mój|mam|ja|моя|мій|моє|маю|мой|моё|я|i)\b)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as written, its folded words, and whether it only asks."""

    text: str
    folded: str
    is_question: bool


def clauses(text: str, language: str) -> Iterator[list[Clause]]:
    """The clauses of each sentence, in order."""
    for sentence in _SENTENCE.findall(_SHORTENED.sub(r"\1 ", text)):
        if found := list(_clauses(sentence, language)):
            yield found


def _clauses(sentence: str, language: str) -> Iterator[Clause]:
    asking, stating = (phrases.pattern(language, name) for name in ("asking", "stating"))
    pieces = [
        (piece, folded)
        for part in _PAUSE.split(sentence)
        for piece in _before_questions(part, asking)
        if (folded := phrases.folded(piece))
    ]
    for number, (piece, folded) in enumerate(pieces):
        is_end = number == len(pieces) - 1 and "?" in sentence
        tells = stating.match(folded.removeprefix("i ").removeprefix("a "))
        yield Clause(piece, folded, asking.match(folded) is not None or (is_end and not tells))


def _before_questions(part: str, asking: re.Pattern[str]) -> list[str]:
    """Cut before a question word that stands inside: "I have a visa can I work"."""
    cuts = [0]
    for word in re.finditer(r"\S+", part):
        if word.start() and asking.match(phrases.folded(part[word.start() :][:60])):
            cuts.append(word.start())
    return [part[start:end] for start, end in zip(cuts, [*cuts[1:], len(part)], strict=True)]
