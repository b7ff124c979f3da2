"""Ids of provisions, and how a Polish lawyer writes them."""

import re

_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_NUMBER = re.compile(r"(\d+)([a-z]*)(?:sup(\d+))?$")
ID = re.compile(r"(?:art|par)(?:-\d+[a-z]*(?:sup\d+)?)(?:-(?:\d+[a-z]*|[a-z]{1,3}|tir\d+))*$")


def label(key: str, *, has_paragraph_signs: bool = False) -> str:
    """`art-114-1-5` as "art. 114 ust. 1 pkt 5".

    Args:
        has_paragraph_signs: the act is a code, whose articles are divided by §, not ust.

    An id does not tell whether art. 3(4) is a paragraph or a point; this says paragraph, and
    the importer puts the label right from the act's text.
    """
    top, first, *rest = key.split("-")
    words = [f"{'§' if top == 'par' else 'art.'} {_number(first)}"]
    names = iter(["§" if has_paragraph_signs and top == "art" else "ust.", "pkt", "lit."])
    for part in rest:
        words.append(_part(part, next(names, "tiret")))
    return " ".join(words)


def _part(part: str, name: str) -> str:
    if part.startswith("tir"):
        return f"tiret {part[3:]}"
    return f"lit. {part}" if part.isalpha() else f"{name} {part}"


def _number(text: str) -> str:
    """`39sup2` as "39²"."""
    number, _, raised = text.partition("sup")
    return number + raised.translate(_SUPERSCRIPT)


def parent(key: str) -> str | None:
    """The id of the unit above, or None for an article."""
    above, _, _ = key.rpartition("-")
    return above if above.count("-") >= 1 else None


def order(key: str) -> tuple[object, ...]:
    """Sorts ids as the act has them: 2 before 10, 10 before 10a, a before b."""
    return tuple(_weight(part) for part in key.split("-"))


def _weight(part: str) -> tuple[int, int, str, int]:
    if match := _NUMBER.match(part):
        return (0, int(match[1]), match[2], int(match[3] or 0))
    return (1, 0, part, 0)
