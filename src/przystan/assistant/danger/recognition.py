"""Is somebody in danger? By rules alone: the same message always gets the same answer."""

from dataclasses import dataclass
from typing import Literal, get_args

from przystan.assistant.danger.rules import rule_book

Kind = Literal["suicide", "child", "trafficking", "forced_labour", "violence"]

# When several dangers are told at once, the first of these leads: life, then a child, then
# the one whose helpers also know the others.
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class DangerSignal:
    """What was recognised: never the text itself, only the ids of the rules that fired."""

    kind: Kind
    rules: tuple[str, ...]
    also: tuple[Kind, ...] = ()


def recognise(text: str) -> DangerSignal | None:
    """Say whether a message tells of danger to the writer or to somebody else.

    Trafficking, forced labour, violence, suicide, a child at risk; in Polish, English,
    Ukrainian, Russian and Belarusian, with and without diacritics, in Cyrillic or Latin
    letters. Linear in the length of the text; nothing is kept.
    """
    fired = [rule for rule in rule_book().fired(text) if rule.kind in KINDS]
    kinds = [kind for kind in KINDS if any(rule.kind == kind for rule in fired)]
    if not kinds:
        return None
    return DangerSignal(kinds[0], tuple(rule.id for rule in fired), tuple(kinds[1:]))
