"""Danger first: seen in three layers, answered by approved texts; and the wish for a human."""

from przystan.assistant.danger.recognition import KINDS, DangerSignal, Kind, recognise, warm_up
from przystan.assistant.danger.wishes import wants_human

__all__ = ["KINDS", "DangerSignal", "Kind", "recognise", "wants_human", "warm_up"]
