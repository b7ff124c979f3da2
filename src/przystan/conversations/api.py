"""What other apps may call of conversations."""

from przystan.conversations.checks import asked_next, begin_check, finish_check, told, turn
from przystan.conversations.hours import is_open, next_opening
from przystan.conversations.queries import (
    by_token,
    email_of,
    for_desk,
    message_question,
    mine,
    queue,
    token_of_check,
    unanswered,
)
from przystan.conversations.services import (
    DANGER_TEAM,
    LONGEST_REPLY,
    ask,
    ask_human,
    claim,
    close,
    follow_up,
    rate,
    release,
    reply,
)

__all__ = [
    "DANGER_TEAM",
    "LONGEST_REPLY",
    "ask",
    "ask_human",
    "asked_next",
    "begin_check",
    "by_token",
    "claim",
    "close",
    "email_of",
    "finish_check",
    "follow_up",
    "for_desk",
    "is_open",
    "message_question",
    "mine",
    "next_opening",
    "queue",
    "rate",
    "release",
    "reply",
    "token_of_check",
    "told",
    "turn",
    "unanswered",
]
