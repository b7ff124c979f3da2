"""Danger first: recognised by rules, answered by approved texts; and the wish for a human."""

from przystan.assistant.danger.recognition import KINDS, DangerSignal, Kind, recognise
from przystan.assistant.danger.wishes import wants_human

__all__ = ["KINDS", "DangerSignal", "Kind", "recognise", "wants_human"]
