"""Does the person ask for a human? Then no machine answer comes first."""

from przystan.assistant.danger.rules import rule_book

_KIND = "human"


def wants_human(text: str) -> bool:
    """Say whether the message asks to talk to a human: "оператор", "chcę do człowieka".

    Questions about working as an operator or a consultant are not such a wish.
    """
    return any(rule.kind == _KIND for rule in rule_book().fired(text))
