"""Search over passages: lexical always, by meaning when a model is there.

build(documents, path, vectors=…, model_id=…)      one file, replaced at once
index = open_index(path)                            or LiveIndex(path).get()
index.search("karta pobytu", k=10, langs={"pl"}, on=day, query_vector=…, allowed=…)
"""

from przystan.knowledge.search.documents import Document, Hit
from przystan.knowledge.search.embedders import Embedder, EmbeddingError, make_embedder, thresholds
from przystan.knowledge.search.embedders.patience import PatientEmbedder
from przystan.knowledge.search.index import (
    Index,
    LiveIndex,
    build,
    corpus_hash,
    open_index,
    query_spellings,
)
from przystan.knowledge.search.passages import split_passages
from przystan.knowledge.search.questions import (
    ExampleQuestion,
    QuestionIndex,
    QuestionMatch,
    build_questions,
    open_questions,
)
from przystan.knowledge.search.snippets import Snippet, snippet
from przystan.knowledge.search.storage import IndexFileError, MissingIndexError
from przystan.knowledge.search.vectors import VectorCache

__all__ = [
    "Document",
    "Embedder",
    "EmbeddingError",
    "ExampleQuestion",
    "Hit",
    "Index",
    "IndexFileError",
    "LiveIndex",
    "MissingIndexError",
    "PatientEmbedder",
    "QuestionIndex",
    "QuestionMatch",
    "Snippet",
    "VectorCache",
    "build",
    "build_questions",
    "corpus_hash",
    "make_embedder",
    "open_index",
    "open_questions",
    "query_spellings",
    "snippet",
    "split_passages",
    "thresholds",
]
