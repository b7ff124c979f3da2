from przystan.conversations.models.message import Message
from przystan.conversations.models.thread import Thread
from przystan.conversations.models.unanswered import UnansweredQuestion

__all__ = ["Message", "Thread", "UnansweredQuestion"]
