"""Danger first: recognised by rules, answered by approved texts."""

from przystan.assistant.danger.recognition import DangerSignal, Kind, recognise
from przystan.assistant.danger.wishes import wants_human

__all__ = ["DangerSignal", "Kind", "recognise", "wants_human"]
