"""A message cut into clauses, each with what may be believed of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from przystan.assistant.facts import numbers, phrases, spelling
from przystan.core import writing

# A point between figures ends no sentence, nor one after these.
_SENTENCE: Final = re.compile(
    r"[^.!?;\n…]+(?:\.(?=\d)[^.!?;\n…]*|(?<=\d)\.(?=\s*\d)[^.!?;\n…]*)*[.!?;\n…]*"
)
_SHORTENED: Final = re.compile(
    r"\b(tys|тис|тыс|ok|np|зл|zl|art|ust|pkt|ur|urodz|г|р|zł|dn|nr|approx|tyg|godz|brutto|nov|dec|sept"
    r"|sep|oct|jan|feb|apr|aug|tzn|tj|т|e|sp|z)\.(?=\s*[^\sA-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ])"
)
_PAUSE: Final = re.compile(
    r",(?!\d)|\s[-–—]\s|:\s(?!\s*\d)|\s\(|\)"
    r"|\s(?:and|but|while|i|a|ale|і|та|й|а|але|и|но)\s+"
    r"(?=(?:we|ми|мы|my|moj\w*|mój|mam|ja|моя|мій|моє|маю|мой|моё|я|i|i'm|chc[eę]\w*|chciał\w*|hochu|хочу|want|plan\w*"
    r"|план\w*|mogę|moge|можу|могу|can|should|would|just want|now i|теперь|тепер|зараз|сейчас|teraz"
    r"|mąż|maz|żona|zona|syn|córka|mama|tata|ojciec|чоловік|дружина|син|донька|тато|муж|жена|сын|дочь|папа"
    r"|отец|husband|wife)\b)",
    re.I,
)
_SELF: Final = re.compile(r"(?<=\s)(?=(?:ja|я|i|i'm|i’m|im|ya|я)\s)", re.I)
_OPENING: Final = re.compile(r"^(?:(?:i|a|but|ale|no|and|to) )+")
_OPENING_ENGLISH: Final = re.compile(r"^(?:(?:but|and|so|then) )+")
# "PESEL? brak.": a word asked and answered by the writer.
_ANSWERED: Final = re.compile(
    r"(^|[.!?\n]\s?)([^\s.!?]+(?:\s[^\s.!?]+){0,3})\?\s"
    r"(?=(?:brak|nie ma|nie mam|nie|tak|jest|mam|owszem|є|маю|нема|немає|ні|так"
    r"|есть|нет|да|имею|no|none|yes|nope|yep|got it|don't have)\b)",
    re.I,
)
_HOW: Final = re.compile(r"(?:iak|kak) ")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as written, with its numerals in figures, and folded; and how it is meant.

    `is_asked` is true of what only asks, `is_supposed` of what follows "if" or "they say", and
    `is_past` of what is told of an earlier time.
    """

    text: str
    figures: str
    folded: str
    is_asked: bool = False
    is_supposed: bool = False
    is_past: bool = False


def clauses(text: str, language: str) -> Iterator[list[Clause]]:
    """The clauses of each sentence, in order."""
    romanised = spelling.romanised(text)
    whole = _ANSWERED.sub(r"\1\2 ", _SHORTENED.sub(r"\1 ", text))
    for sentence in _SENTENCE.findall(whole):
        if found := list(_clauses(sentence, language, romanised)):
            yield found


def _clauses(
    sentence: str, language: str, romanised: writing.CyrillicLanguage | None
) -> Iterator[Clause]:
    pieces = [
        (piece, plain, folded)
        for part in _PAUSE.split(sentence)
        for piece in _parts(part, language)
        if (plain := writing.cyrillise(piece, romanised) if romanised else piece)
        and (folded := phrases.folded(plain))
    ]
    modes = _Modes(language, is_question="?" in sentence, count=len(pieces))
    for number, (piece, plain, folded) in enumerate(pieces):
        modes.take(number, folded)
        yield Clause(
            piece.strip(),
            numbers.in_figures(plain),
            folded,
            modes.is_asked,
            modes.is_supposed,
            modes.is_past,
        )


class _Modes:
    """How the clauses of one sentence are meant; what a clause opens goes on in the next ones."""

    def __init__(self, language: str, *, is_question: bool, count: int) -> None:
        self._language, self._is_question, self._last = language, is_question, count - 1
        self.is_asked = self.is_supposed = self.is_past = False

    def take(self, number: int, folded: str) -> None:
        opening = _OPENING_ENGLISH if self._language == "en" else _OPENING
        opened = opening.sub("", folded)
        tells = self._is("stating", opened, at_start=True)
        asks = self._is("asking", folded, at_start=True) or self._is(
            "asking", opened, at_start=True
        )
        asks = asks and not self._is("as_whom", opened, at_start=True)
        if _HOW.match(opened) and number and not self._is_question:
            asks = not self._is("own", folded)  # "wczoraj minął rok, jak tu mieszkam"
        goes_on = self.is_asked and self._is_question and not self._is("own", folded)
        ends = number == self._last and self._is_question and not tells
        self.is_asked = asks or goes_on or ends
        if self._is("contrast", folded, at_start=True):
            self.is_supposed = False
        self.is_supposed = self.is_supposed or self._is("conditional", folded)
        if self._is("formerly", folded):
            self.is_past = True
        elif self._is("presently", folded):
            self.is_past = False

    def _is(self, name: str, folded: str, *, at_start: bool = False) -> bool:
        found = phrases.pattern(self._language, name)
        return (found.match(folded) if at_start else found.search(folded)) is not None


def _parts(part: str, language: str) -> Iterator[str]:
    """Cut before a question inside ("I have a visa can I work"), and before "I" after others."""
    asking, cuts = phrases.pattern(language, "asking_inside"), [0]
    others = phrases.words("relative", "stranger")
    third, nominative = (phrases.pattern(language, name) for name in ("third", "nominative"))
    selves = {match.start() for match in _SELF.finditer(part)}
    for word in re.finditer(r"\S+", part):
        if not word.start():
            continue
        ahead = phrases.folded(part[cuts[-1] : word.start()][-200:])
        after = phrases.folded(part[word.start() :][:60])
        is_self = word.start() in selves and (others.search(ahead) or third.search(ahead))
        is_third = ahead.count(" ") > 1 and nominative.match(after)
        if asking.match(after) or is_self or is_third:
            cuts.append(word.start())
    return (part[start:end] for start, end in zip(cuts, [*cuts[1:], len(part)], strict=True))
