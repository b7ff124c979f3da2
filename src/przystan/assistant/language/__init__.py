"""Which language a question is in, and in which one it is answered."""

from przystan.assistant.language.answering import AnswerLanguage, answer_language
from przystan.assistant.language.detection import ENABLED, Detected, detect, script_of

__all__ = ["ENABLED", "AnswerLanguage", "Detected", "answer_language", "detect", "script_of"]
