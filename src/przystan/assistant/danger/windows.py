"""Long messages in parts: a danger told in passing is read apart from what stands around it."""

import re

_LONG = 28  # words; a shorter message is read as a whole
_WINDOW = 18  # words of a part at least: sentences are joined until it is reached
_MAX_SENTENCE = 40  # words; a longer sentence, or a text without full stops, is cut
_PIECE = 26
MAX_WINDOWS = 80  # some 10,000 characters; what follows is read by the rules alone

_SENTENCE = re.compile(r"(?<=[.!?…;\n])\s+")


def windows(text: str) -> list[str]:
    """Parts of a long text, in order; none of a short one."""
    if len(text.split(None, _LONG)) <= _LONG:
        return []
    found: list[str] = []
    waiting: list[str] = []
    for piece in _pieces(text):
        waiting += piece
        if len(waiting) >= _WINDOW:
            found.append(" ".join(waiting))
            waiting = []
        if len(found) == MAX_WINDOWS:
            return found
    if waiting:
        found.append(" ".join(waiting))
    return found if len(found) > 1 else []


def _pieces(text: str) -> list[list[str]]:
    pieces: list[list[str]] = []
    for sentence in _SENTENCE.split(text):
        words = sentence.split()
        if len(words) <= _MAX_SENTENCE:
            pieces.append(words)
        else:
            pieces += [words[at : at + _PIECE] for at in range(0, len(words), _PIECE)]
    return pieces
