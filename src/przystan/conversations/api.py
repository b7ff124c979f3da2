"""What other apps may call of conversations."""

from przystan.conversations.hours import is_open, next_opening
from przystan.conversations.queries import (
    by_token,
    email_of,
    for_desk,
    message_question,
    mine,
    queue,
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
    "by_token",
    "claim",
    "close",
    "email_of",
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
    "unanswered",
]
