"""What other apps may call. Days are arguments: the law of that day in Warsaw answers."""

from przystan.knowledge.gates import Gate, PublicationStoppedError
from przystan.knowledge.gates import register as register_publication_gate
from przystan.knowledge.queries import (
    acts,
    article,
    articles,
    corpus_version,
    intents,
    paragraph,
    paragraphs,
    parameter,
    passages,
    provision,
    topics,
)
from przystan.knowledge.services import load_content

__all__ = [
    "Gate",
    "PublicationStoppedError",
    "acts",
    "article",
    "articles",
    "corpus_version",
    "intents",
    "load_content",
    "paragraph",
    "paragraphs",
    "parameter",
    "passages",
    "provision",
    "register_publication_gate",
    "topics",
]
