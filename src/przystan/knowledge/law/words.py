"""Words that the page broke, whole again: at the end of a line, and where the PDF put a space.

Both are decided by the act's own vocabulary: a joined form must be a word that the act writes
elsewhere, so nothing is invented.
"""

import re
from collections import Counter
from collections.abc import Iterable

_TOKEN = re.compile(r"[^\W\d_]+")
# One-letter words of Polish; any other single letter is a piece, unless a list names it.
_SHORT_WORDS = set("aiouwz")
_BROKEN_END = re.compile(r"([^\W\d_]+) ?[-\u2010]$")
_SPACE_BEFORE = re.compile(r"\s+([,;:.!?)\]”])")
_SPACE_AFTER = re.compile(r"([(„\[])\s+")
# "lit. b i c": letters that are names, not pieces of words.
_LETTER_NAMES = re.compile(r"(?:lit|pkt|ust|art)\.?$")


class Vocabulary:
    """How often an act writes each word whole, and which of its words stand on their own."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._count: Counter[str] = Counter()
        self._alone: Counter[str] = Counter()
        kept = [line.lower() for line in lines]
        for line in kept:
            tokens = _TOKEN.findall(line)
            # The last word of a line may be the first half of one.
            self._count.update(tokens[:-1] if _BROKEN_END.search(line) else tokens)
        for line in kept:
            self._count_alone(line.split())

    def _count_alone(self, words: list[str]) -> None:
        """Count words that are not half of a broken one: neither neighbour joins with them."""
        for index, word in enumerate(words):
            token = word.strip(",.;:()„”–")
            if not token:
                continue
            before = words[index - 1] if index else ""
            after = words[index + 1].strip(",.;:()„”") if index + 1 < len(words) else ""
            if not self._count[before + token] and not self._count[token + after]:
                self._alone[token] += 1

    def knows(self, word: str) -> bool:
        return self._count[word.lower()] > 0

    def joins(self, first: str, second: str) -> bool:
        """Whether "wynagr odzenie" is one word: the whole is known, a half is not."""
        whole, halves = (first + second).lower(), (first.lower(), second.lower())
        # Short words meet by chance; a long one that exists was cut.
        if self._count[whole] < (1 if len(whole) > 4 else 2):
            return False
        rare = 2 if _SHORT_WORDS & set(halves) else self._count.total()
        return any(self._is_piece(half, rare) for half in halves)

    def _is_piece(self, half: str, rare: int) -> bool:
        """Next to "i" or "w" only a rare string is a piece: "wyższym i" is two words."""
        if len(half) == 1:
            return half not in _SHORT_WORDS
        return not self._alone[half] and self._count[half] <= rare


def joined(lines: Iterable[str], vocabulary: Vocabulary) -> str:
    """One paragraph from the lines of a page; spaces before punctuation are still there."""
    text = ""
    for line in lines:
        text = _with_line(text, line.strip(), vocabulary) if text else line.strip()
    return _mended(text, vocabulary)


def _with_line(text: str, line: str, vocabulary: Vocabulary) -> str:
    match = _BROKEN_END.search(text)
    head = _TOKEN.match(line)
    if not match or not head or not line[:1].islower():
        return f"{text} {line}"
    kept = text[: match.end(1)]
    # A compound such as "komandytowo-akcyjna" keeps its hyphen.
    is_word = vocabulary.knows(match[1] + head[0])
    is_compound = not is_word and vocabulary.knows(match[1]) and vocabulary.knows(head[0])
    return f"{kept}-{line}" if is_compound else f"{kept}{line}"


def _mended(text: str, vocabulary: Vocabulary) -> str:
    """Join words that stray spaces cut in two or three."""
    mended: list[str] = []
    for found in text.split(" "):
        word = found
        while mended and (count := _pieces(mended, word, vocabulary)):
            word = "".join([*mended[-count:], word])
            del mended[-count:]
        mended.append(word)
    return " ".join(mended)


def _pieces(before: list[str], word: str, vocabulary: Vocabulary) -> int:
    """How many of the words before belong to this one: 0, 1 or 2."""
    head = _TOKEN.match(word)
    if not head:
        return 0
    for count in (1, 2):
        pieces = [_TOKEN.search(piece) for piece in before[-count:]]
        # Only the first may have something before its letters, and nothing may follow them.
        if len(pieces) < count or not all(
            piece and source.endswith(piece[0]) and (index == 0 or source == piece[0])
            for index, (piece, source) in enumerate(zip(pieces, before[-count:], strict=True))
        ):
            return 0
        if len(before) > count and _LETTER_NAMES.search(before[-count - 1]):
            return 0
        first = "".join(piece[0] for piece in pieces if piece)
        if vocabulary.joins(first, head[0]):
            return count
    return 0


def tidy(text: str) -> str:
    """Spaces as a printer sets them."""
    text = _SPACE_BEFORE.sub(r"\1", " ".join(text.split()))
    return _SPACE_AFTER.sub(r"\1", text)
