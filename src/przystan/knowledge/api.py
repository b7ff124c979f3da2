"""What other apps may call. Days are arguments: the law of that day in Warsaw answers."""

from przystan.knowledge.content.texts import all_faults as text_faults
from przystan.knowledge.gates import Gate, PublicationStoppedError
from przystan.knowledge.gates import register as register_publication_gate
from przystan.knowledge.lawbook import from_database as law
from przystan.knowledge.lawbook import from_folder as law_of_folder
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
    sources,
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
    "law",
    "law_of_folder",
    "load_content",
    "paragraph",
    "paragraphs",
    "parameter",
    "passages",
    "provision",
    "register_publication_gate",
    "sources",
    "text_faults",
    "topics",
]
