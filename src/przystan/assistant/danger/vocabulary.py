"""Concepts ("employer", "takes"): named sets of word patterns, found in a message."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, cast

from przystan.assistant.danger.lexis import WordIndex
from przystan.assistant.danger.patterns import ANYTHING, Branch, Pattern, parse
from przystan.assistant.danger.reading import READINGS, Reading, Word
from przystan.assistant.danger.repairs import Repairs, repaired

_READING_OF: dict[str, Reading] = {"pl": "pl", "en": "en", "uk": "sl", "ru": "sl", "be": "sl"}


class Hit(NamedTuple):
    """Where a concept was seen: places of its first and last word (see `Word.at`)."""

    start: int
    end: int


class Vocabulary:
    """All concepts of the rules, compiled once and read by every thread.

    A concept right after a negation ("he does not beat me") does not count; a pattern that
    begins with the negation ("not let me") says so itself and does.
    """

    def __init__(self, concepts: Mapping[str, Mapping[str, str]]) -> None:
        """Take `{concept: {language: "pattern, pattern"}}`; "negation" must be among them."""
        self.names = frozenset(concepts)
        self._lexis: dict[Reading, WordIndex[Branch]] = {name: WordIndex() for name in READINGS}
        self._negations = _negations(concepts["negation"])
        patterns = {
            (_READING_OF[language], concept, parse(pattern, _READING_OF[language]))
            for concept, languages in concepts.items()
            for language, written in languages.items()
            for pattern in written.split(",")
        }
        for reading, concept, words in patterns:
            self._add(Pattern(concept, words, self._is_negative(words, reading)), reading)
        for lexis in self._lexis.values():
            lexis.close()
            for branch in (*lexis.words.values(), *lexis.stems.values()):
                branch.close()
        self._repairs = {
            reading: Repairs(cast("WordIndex[object]", lexis), reading)
            for reading, lexis in self._lexis.items()
        }

    def _is_negative(self, words: Sequence[object], reading: Reading) -> bool:
        first = words[0]
        return not self._negations[reading].isdisjoint(getattr(first, "words", ()))

    def _add(self, pattern: Pattern, reading: Reading) -> None:
        lexis = self._lexis[reading]
        for position, alternatives in enumerate(pattern.words):
            if alternatives is ANYTHING:
                continue
            # Later words get a branch too, so that they are known to be words.
            branches = [lexis.words.setdefault(word, Branch()) for word in alternatives.words]
            branches += [lexis.stems.setdefault(stem, Branch()) for stem in alternatives.stems]
            for branch in branches if position == 0 else ():
                branch.add(pattern)

    def find(self, message: Sequence[Word]) -> dict[str, list[Hit]]:
        """Return where each concept is seen, in order of its first word."""
        message = repaired(message, self._repairs)
        hits: dict[str, set[Hit]] = defaultdict(set)
        for index, word in enumerate(message):
            is_negated = index > 0 and self._negates(message[index - 1])
            for pattern, end in self._patterns(message, index):
                if pattern.is_negative or not is_negated:
                    hits[pattern.concept].add(Hit(word.at, message[end].at))
        return {concept: sorted(found) for concept, found in hits.items()}

    def _patterns(self, message: Sequence[Word], index: int) -> Iterator[tuple[Pattern, int]]:
        for reading, forms in message[index].forms.items():
            lexis = self._lexis[reading]
            branches = {id(branch): branch for form in forms for branch in lexis.of(form)}
            for branch in branches.values():
                yield from branch.ends(message, index, reading)

    def _negates(self, word: Word) -> bool:
        return any(
            not self._negations[reading].isdisjoint(forms) for reading, forms in word.forms.items()
        )


def _negations(languages: Mapping[str, str]) -> dict[Reading, frozenset[str]]:
    found: dict[Reading, frozenset[str]] = dict.fromkeys(READINGS, frozenset())
    for language, written in languages.items():
        reading = _READING_OF[language]
        for word in written.split(","):
            found[reading] |= parse(word, reading)[0].words
    return found
