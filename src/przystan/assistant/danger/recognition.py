"""Is somebody in danger? Rules first, then wordings and meaning; never a text of a message."""

from dataclasses import dataclass
from typing import Literal, get_args

from przystan.assistant.danger import deciding
from przystan.assistant.danger.rules import rule_book
from przystan.core.writing import tokens
from przystan.knowledge import finding

Kind = Literal["suicide", "child", "trafficking", "forced_labour", "violence"]

# When several dangers are told at once, the first of these leads: life, then a child, then
# the one whose helpers also know the others.
KINDS: tuple[Kind, ...] = get_args(Kind)
_WARM_UP_PATIENCE_S = 60.0
# Without a rule: fewer words are judged by the rules alone, and so is a wish for a human.
FEWEST_WORDS = 4
MOST_OF_A_WISH = 12
WISH = "human"


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
    rules = rule_book().fired(text)
    fired = [rule for rule in rules if rule.kind in KINDS]
    if not fired and _is_too_little(text, wants_human=any(rule.kind == WISH for rule in rules)):
        return None
    decision = deciding.decide(text, len(fired))
    if not decision.is_danger:
        return None
    if not fired:
        return DangerSignal(KINDS[decision.kind], decision.layers)
    kinds = [kind for kind in KINDS if any(rule.kind == kind for rule in fired)]
    return DangerSignal(kinds[0], tuple(rule.id for rule in fired), tuple(kinds[1:]))


def _is_too_little(text: str, *, wants_human: bool) -> bool:
    """Whether so little is said that likeness to danger tells nothing: "I do not know", "a human".

    The learned layers saw such words in many messages of danger and in no ordinary one.
    """
    words = len(tokens(text))
    return words < FEWEST_WORDS or (wants_human and words <= MOST_OF_A_WISH)


def warm_up() -> None:
    """Load rules, weights and the model of vectors, so that no person waits for them."""
    finding.library().meaning("dzień dobry", patience_s=_WARM_UP_PATIENCE_S)
    recognise("dzień dobry")
