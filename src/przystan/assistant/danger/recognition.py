"""Is somebody in danger? Rules first, then wordings and meaning; never a text of a message."""

from dataclasses import dataclass
from typing import Literal, get_args

from przystan.assistant.danger import deciding
from przystan.assistant.danger.rules import rule_book
from przystan.knowledge import finding

Kind = Literal["suicide", "child", "trafficking", "forced_labour", "violence"]

# When several dangers are told at once, the first of these leads: life, then a child, then
# the one whose helpers also know the others.
KINDS: tuple[Kind, ...] = get_args(Kind)
_WARM_UP_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class DangerSignal:
    """What was recognised: never the text itself, only ids.

    `rules` names the rules that fired, or the layers that saw the danger where no rule did:
    "wordings", "meaning".
    """

    kind: Kind
    rules: tuple[str, ...]
    also: tuple[Kind, ...] = ()


def recognise(text: str) -> DangerSignal | None:
    """Say whether a message tells of danger to the writer or to somebody else.

    Trafficking, forced labour, violence, suicide, a child at risk; in Polish, English,
    Ukrainian, Russian and Belarusian, with and without diacritics, in Cyrillic or Latin
    letters. Linear in the length of the text; waits a second at the most for the vector of
    the message, and decides without it when none comes. Nothing is kept.
    """
    fired = [rule for rule in rule_book().fired(text) if rule.kind in KINDS]
    decision = deciding.decide(text, len(fired))
    if not decision.is_danger:
        return None
    if not fired:
        return DangerSignal(KINDS[decision.kind], decision.layers)
    kinds = [kind for kind in KINDS if any(rule.kind == kind for rule in fired)]
    return DangerSignal(kinds[0], tuple(rule.id for rule in fired), tuple(kinds[1:]))


def warm_up() -> None:
    """Load rules, weights and the model of vectors, so that no person waits for them."""
    finding.library().meaning("dzień dobry", patience_s=_WARM_UP_PATIENCE_S)
    recognise("dzień dobry")
