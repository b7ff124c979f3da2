"""Word patterns as people write them, and where a message holds them.

szef*               a word beginning so
szef                this word alone
wont give|gave      these words one after another, with alternatives
not .. give         up to four other words in between
=бил                typed just so (looser spelling would take был for it)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from przystan.assistant.danger.lexis import WordIndex
from przystan.assistant.danger.reading import Reading, Word, form_of

GAP = ".."
GAP_WORDS = 4
_VOWELS = "aeou"


@dataclass(frozen=True, slots=True)
class Alternatives:
    """What one word of a pattern may be."""

    words: frozenset[str]
    stems: tuple[str, ...]

    def match(self, forms: Sequence[str]) -> bool:
        return any(form in self.words or form.startswith(self.stems) for form in forms)


# Stands in a pattern for the words that may come in between.
ANYTHING = Alternatives(frozenset(), ())


@dataclass(frozen=True, slots=True)
class Pattern:
    """`words[0]` is never the gap; `is_negative` says that it begins with a negation."""

    concept: str
    words: tuple[Alternatives, ...]
    is_negative: bool


def parse(written: str, reading: Reading) -> tuple[Alternatives, ...]:
    """Read a pattern in the notation above.

    Raises:
        ValueError: a word of it has no letters or digits to compare.
    """
    return tuple(_alternatives(word, reading) for word in written.replace("-", " ").split())


def _alternatives(written: str, reading: Reading) -> Alternatives:
    if written == GAP:
        return ANYTHING
    words: set[str] = set()
    stems: set[str] = set()
    for one in written.split("|"):
        if one.startswith("="):
            words.add(one.replace("'", ""))
        elif not (form := form_of(one.rstrip("*"), reading)):
            raise ValueError(f"Pattern word {written!r} holds nothing to compare.")
        elif not one.endswith("*"):
            words.add(form)
        elif reading == "sl" and form.endswith("i"):
            # й and і before a vowel are dropped from words, so from the stem's end as well.
            stems |= {form, *(form[:-1] + vowel for vowel in _VOWELS)}
        else:
            stems.add(form)
    return Alternatives(frozenset(words), tuple(sorted(stems)))


@dataclass(slots=True)
class Branch:
    """Patterns that begin with the same word, filed under the word that comes next.

    "не" begins hundreds of patterns; so one look-up of the next word tells which to follow.
    """

    alone: list[Pattern] = field(default_factory=list)
    near: WordIndex[list[Pattern]] = field(default_factory=WordIndex)
    far: WordIndex[list[Pattern]] = field(default_factory=WordIndex)

    def add(self, pattern: Pattern) -> None:
        rest = pattern.words[1:]
        if not rest:
            self.alone.append(pattern)
        elif rest[0] is ANYTHING:
            _file(self.far, rest[1], pattern)
        else:
            _file(self.near, rest[0], pattern)

    def close(self) -> None:
        self.near.close()
        self.far.close()

    def ends(
        self, message: Sequence[Word], index: int, reading: Reading
    ) -> Iterator[tuple[Pattern, int]]:
        """Patterns that the message holds from `index` on, each with the index of its end."""
        for pattern in self.alone:
            yield pattern, index
        if self.near.words or self.near.stems:
            yield from _followed(self.near, 2, message, index, 1, reading)
        if self.far.words or self.far.stems:
            yield from _followed(self.far, 3, message, index, 1 + GAP_WORDS, reading)


def _file(index: WordIndex[list[Pattern]], key: Alternatives, pattern: Pattern) -> None:
    for word in key.words:
        index.words.setdefault(word, []).append(pattern)
    for stem in key.stems:
        index.stems.setdefault(stem, []).append(pattern)


def _followed(
    filed: WordIndex[list[Pattern]],
    n_matched: int,
    message: Sequence[Word],
    index: int,
    reach: int,
    reading: Reading,
) -> Iterator[tuple[Pattern, int]]:
    for following in _following(message, index, reach):
        for form in message[following].forms.get(reading, ()):
            for patterns in filed.of(form):
                for pattern in patterns:
                    end = _end(pattern.words[n_matched:], message, following, reading)
                    if end is not None:
                        yield pattern, end


def _end(
    rest: Sequence[Alternatives], message: Sequence[Word], index: int, reading: Reading
) -> int | None:
    """Index of the last word that the rest of a pattern covers; `index` when none is left."""
    reach = 1
    for alternatives in rest:
        if alternatives is ANYTHING:
            reach = 1 + GAP_WORDS
            continue
        for following in _following(message, index, reach):
            if alternatives.match(message[following].forms.get(reading, ())):
                index, reach = following, 1
                break
        else:
            return None
    return index


def _following(message: Sequence[Word], index: int, reach: int) -> Iterator[int]:
    """Indices of the next words of the same sentence."""
    for following in range(index + 1, min(index + 1 + reach, len(message))):
        if message[following].at - message[following - 1].at > 1:
            return
        yield following
