"""Words that nobody spells like this: a swapped letter, a lost space. Cheap, and bounded.

Only words that no list knows are looked at, and only so many of one message; what is found is
added as one more spelling, so a repair never hides what was typed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from przystan.assistant.danger.lexis import WordIndex
from przystan.assistant.danger.reading import Reading, Word, everyday

_MAX_REPAIRS = 300  # words of one message
_MIN_TYPO_CHARS = 6  # a shorter word becomes another word by one letter
_MIN_TYPO_WORD_CHARS = 8  # whole words: another ending is no typo ("pobita", "pobytu")
_MAX_STEM_CHARS = 14
_MIN_GLUED_CHARS, _MAX_GLUED_CHARS = 6, 40
_MAX_PIECE_CHARS = 16
_MIN_GLUED_STEM_CHARS = 4
_MAX_ENDING_CHARS = 3
_LONG_TAIL = 6  # so many letters after a stem may be another word
# Prepositions that also begin longer words: "за" + "кордонний" is one word, not two.
_WORD_BEGINNINGS = {
    *("za", "na", "po", "do", "od", "ob", "pere", "pre", "pri", "pro", "pod", "nad", "bez", "wi"),
    *("roz", "raz", "re", "un", "in", "on", "be", "so", "co"),
}


class Repairs:
    """Typos and lost spaces of one reading."""

    def __init__(self, lexis: WordIndex[object], reading: Reading) -> None:
        self._lexis = lexis
        self._common = everyday().words[reading]
        self._shortened: dict[str, set[str]] = defaultdict(set)
        whole = (word for word in lexis.words if len(word) >= _MIN_TYPO_WORD_CHARS)
        for word in (*lexis.stems, *whole):
            if len(word) >= _MIN_TYPO_CHARS and word[0] != "=":
                for shorter in _deletions(word):
                    self._shortened[shorter].add(word)

    def knows(self, form: str) -> bool:
        """Whether the form is a word, or a stem with an ending that is no second word."""
        if form in self._common or form in self._lexis.words:
            return True
        return any(len(form) - len(stem) < _LONG_TAIL for stem in self._lexis.stems_of(form))

    def near(self, form: str) -> set[str]:
        """Words and stems that differ from the form, or from its beginning, by one letter."""
        found: set[str] = set()
        for length in range(_MIN_TYPO_CHARS - 1, min(len(form), _MAX_STEM_CHARS) + 1):
            start = form[:length]
            found |= self._shortened.get(start, set())  # a letter is missing
            for shorter in _deletions(start):
                found |= set(self._by_slip(shorter, start, is_whole=length == len(form)))
        return found

    def _by_slip(self, shorter: str, start: str, *, is_whole: bool) -> Iterator[str]:
        if len(shorter) >= _MIN_TYPO_CHARS and shorter in self._lexis.stems:
            yield shorter  # a letter too many
        for word in self._shortened.get(shorter, ()):
            may_match = is_whole or word in self._lexis.stems
            if may_match and len(word) == len(start) and _is_slip(word, start):
                yield word

    def pieces(self, form: str) -> list[str]:
        """Split a run of letters into the fewest known words; empty when it does not split."""
        if not _MIN_GLUED_CHARS <= len(form) <= _MAX_GLUED_CHARS:
            return []
        best: dict[int, list[str]] = {0: []}
        for start in range(len(form)):
            if start not in best:
                continue
            for end in self._piece_ends(form, start):
                longer = [*best[start], form[start:end]]
                if end not in best or len(longer) < len(best[end]):
                    best[end] = longer
        return self._worth_it(best.get(len(form), []))

    def _worth_it(self, pieces: list[str]) -> list[str]:
        if len(pieces) < 2 or not any(map(self._lexis.knows, pieces)):
            return []
        is_one_word = pieces[0] in _WORD_BEGINNINGS and not all(map(self._is_word, pieces))
        return [] if is_one_word else pieces

    def _piece_ends(self, form: str, start: int) -> Iterator[int]:
        for end in range(start + 2, min(start + _MAX_PIECE_CHARS, len(form)) + 1):
            if self._is_piece(form[start:end]):
                yield end

    def _is_word(self, piece: str) -> bool:
        return piece in self._common or (len(piece) > 2 and piece in self._lexis.words)

    def _is_piece(self, piece: str) -> bool:
        if self._is_word(piece):
            return True
        shortest = max(_MIN_GLUED_STEM_CHARS, len(piece) - _MAX_ENDING_CHARS)
        return any(len(stem) >= shortest for stem in self._lexis.stems_of(piece))


def repaired(message: Sequence[Word], repairs: dict[Reading, Repairs]) -> list[Word]:
    """The message with unknown words split where a space was lost, or given their neighbours."""
    found: list[Word] = []
    left = _MAX_REPAIRS
    for word in message:
        if left <= 0 or _is_known(word, repairs):
            found.append(word)
        else:
            left -= 1
            found += _split(word, repairs) or [_corrected(word, repairs)]
    return found


def _is_known(word: Word, repairs: dict[Reading, Repairs]) -> bool:
    return any(
        repairs[reading].knows(form) for reading, forms in word.forms.items() for form in forms
    )


def _split(word: Word, repairs: dict[Reading, Repairs]) -> list[Word]:
    for reading, forms in word.forms.items():
        for form in _spelled(forms):
            if pieces := repairs[reading].pieces(form):
                return [Word(word.at, {reading: (piece,)}, word.closes) for piece in pieces]
    return []


def _corrected(word: Word, repairs: dict[Reading, Repairs]) -> Word:
    forms = {
        reading: (*forms, *sorted({n for f in _spelled(forms) for n in repairs[reading].near(f)}))
        for reading, forms in word.forms.items()
    }
    return Word(word.at, forms, word.closes)


def _spelled(forms: Iterable[str]) -> Iterator[str]:
    return (form for form in forms if not form.startswith("="))


def _is_slip(word: str, typed: str) -> bool:
    """Two letters swapped, or one vowel heard as another; other letters make other words."""
    differing = [(a, b) for a, b in zip(word, typed, strict=True) if a != b]
    if len(differing) == 2:
        return differing[0] == differing[1][::-1]
    return len(differing) == 1 and all(letter in "aeiou" for letter in differing[0])


def _deletions(word: str) -> Iterator[str]:
    """The word with one letter left out, but for the first and the last.

    The first is rarely the wrong one; without the last, any other ending would do.
    """
    for place in range(1, len(word) - 1):
        yield word[:place] + word[place + 1 :]
