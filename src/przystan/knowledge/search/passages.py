"""Cut a page into passages: whole lines together until they make a good mouthful."""

import re
from collections.abc import Iterator

PASSAGE_CHARS = 500  # some 80 words: one thought, and well under what embedding models read

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


def split_passages(text: str, target_chars: int = PASSAGE_CHARS) -> list[str]:
    """Passages of about `target_chars`, of whole lines; longer lines are cut at sentences."""
    passages: list[str] = []
    current: list[str] = []
    size = 0
    for piece in _pieces(text, target_chars):
        if current and size + len(piece) > target_chars:
            passages.append("\n".join(current))
            current, size = [], 0
        current.append(piece)
        size += len(piece) + 1
    if current:
        passages.append("\n".join(current))
    return passages


def _pieces(text: str, target_chars: int) -> Iterator[str]:
    for line in text.splitlines():
        stripped = line.strip()
        if len(stripped) <= target_chars:
            if stripped:
                yield stripped
            continue
        for sentence in _SENTENCE_END.split(stripped):
            yield from (
                sentence[i : i + target_chars] for i in range(0, len(sentence), target_chars)
            )
