"""Facts that a message states, so that nobody is asked for what they have just said."""

from przystan.assistant.facts.reading import Stated, read

__all__ = ["Stated", "read"]
