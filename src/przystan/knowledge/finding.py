"""Finding: the index of the published knowledge, built aside, opened by every process.

    rebuild(on)                 the worker: two files, replaced at once, vectors when they are known
    library().find(question)    every process: example questions and passages near a question

Vectors cost a tenth of a second each, so a rebuild after a publication serves by words at once
and the worker embeds what is new before it writes the files again.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.conf import settings

from przystan.core import logs
from przystan.knowledge import api
from przystan.knowledge.data import IntentView, ParagraphKey, PassageView, Verdict
from przystan.knowledge.search import Document, Hit, Index, LiveIndex, build
from przystan.knowledge.search.embedders import Embedder, make_embedder, thresholds
from przystan.knowledge.search.embedders.patience import PatientEmbedder
from przystan.knowledge.search.questions import (
    ExampleQuestion,
    QuestionMatch,
    build_questions,
    open_questions,
)
from przystan.knowledge.search.vectors import VectorCache

_LOG = logs.get(__name__)
# How long a person waits for the meaning of a question at the most.
PATIENCE_S = 0.15
PASSAGES, QUESTIONS = "passages.index", "questions.index"


@dataclass(frozen=True, slots=True)
class IntentRef:
    """What an example question stands for: the paragraphs of a version that answer it."""

    article: str
    version_id: UUID
    intent: str
    answers: tuple[str, ...]
    verdict: Verdict | None

    def as_target(self) -> str:
        return json.dumps(
            [self.article, str(self.version_id), self.intent, self.answers, self.verdict]
        )

    @classmethod
    def from_target(cls, target: str) -> "IntentRef":
        article, version_id, intent, answers, verdict = json.loads(target)
        return cls(article, UUID(version_id), intent, tuple(answers), verdict)


@dataclass(frozen=True, slots=True)
class Finding:
    """What lies near a question; `model` is "lexical" when no vector took part."""

    questions: tuple[tuple[IntentRef, QuestionMatch], ...]
    passages: tuple[Hit, ...]
    model: str


def document_of(passage: PassageView) -> Document:
    """A passage as the index takes it.

    Its example questions are not among its words: they have an index of their own, where one
    question is compared with another.
    """
    return Document(
        id=passage.id,
        group=passage.article,
        lang=passage.lang,
        text=passage.text,
        title=passage.title,
        titles=passage.titles,
        valid_from=passage.valid_from,
        valid_to=passage.valid_to,
    )


def examples_of(intents: Iterable[IntentView]) -> list[ExampleQuestion]:
    examples = []
    for intent in intents:
        ref = IntentRef(
            intent.article, intent.version_id, intent.id, intent.answers, intent.verdict
        )
        for lang, phrasings in intent.phrasings.items():
            examples += [ExampleQuestion(text, lang, ref.as_target()) for text in phrasings]
    return examples


def key_of(passage_id: str) -> ParagraphKey:
    """The citation key that a passage's id holds."""
    version, paragraph, lang, _day = passage_id.split("/", 3)
    return ParagraphKey(UUID(version), paragraph, lang)


class Library:
    """The two open files of one folder; the newest readable ones, looked for at each call."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self._passages = LiveIndex(folder / PASSAGES)
        self._questions = _LiveQuestions(folder / QUESTIONS)
        self._patient = PatientEmbedder(embedder)

    @property
    def is_ready(self) -> bool:
        return self._passages.get() is not None and self._questions.get() is not None

    @property
    def searches_by_meaning(self) -> bool:
        passages = self._passages.get()
        return passages is not None and passages.model_id is not None

    def find(
        self, question: str, *, lang: str, on: date, k: int = 12, patience_s: float = PATIENCE_S
    ) -> Finding:
        """Example questions in any language, and passages in `lang` that hold on that day.

        Without a vector of the question within `patience_s` the search goes by words alone.
        """
        passages, questions = self._passages.get(), self._questions.get()
        if passages is None or questions is None:
            return Finding((), (), "lexical")
        vector = self._vector(question, passages, patience_s)
        matches = questions.match(question, k=k, lang=lang, query_vector=vector)
        hits = passages.search(question, k=k, langs={lang}, on=on, query_vector=vector)
        return Finding(
            questions=tuple((IntentRef.from_target(match.target), match) for match in matches),
            passages=tuple(hits),
            model=passages.model_id or "lexical" if vector is not None else "lexical",
        )

    def meaning(self, question: str, *, patience_s: float = PATIENCE_S) -> Any:
        """(spellings, dim) unit vectors of a question and the model's id; None if not in time.

        The same question is embedded once, whoever asks for it first.
        """
        vectors = self._patient.embed_query(question, timeout_s=patience_s)
        return None if vectors is None else (vectors, self._patient.embedder.model_id)

    def _vector(self, question: str, passages: Index, patience_s: float) -> Any:
        if passages.model_id is None or passages.model_id != self._patient.embedder.model_id:
            return None
        return self._patient.embed_query(question, timeout_s=patience_s)


class _LiveQuestions:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._index: Any = None

    def get(self) -> Any:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return self._index
        if (version := (status.st_ino, status.st_mtime_ns)) != self._seen:
            self._index, self._seen = open_questions(self._path), version
        return self._index


@contextmanager
def opened_aside(
    passages: Iterable[PassageView], intents: Iterable[IntentView]
) -> Iterator[Library]:
    """A library of other knowledge than the published, for as long as the block lasts.

    Vectors that are known already are used; only what is new in it is embedded, and nothing
    at all where the published knowledge itself is searched by words.
    """
    embed = library().searches_by_meaning
    with TemporaryDirectory() as name:
        target = Path(name)
        documents = [document_of(passage) for passage in passages if passage.kind != "heading"]
        write(target, documents, examples_of(intents), embed=embed)
        backend = settings.EMBEDDINGS_BACKEND if embed else "lexical"
        yield Library(target, make_embedder(backend))


@lru_cache(maxsize=4)
def _library(folder: Path, backend: str) -> Library:
    return Library(folder, make_embedder(backend))


def library() -> Library:
    return _library(folder(), settings.EMBEDDINGS_BACKEND)


def folder() -> Path:
    return Path(settings.DATA_DIR) / "index"


def is_ready() -> str:
    """For `/readyz`: "" or what is missing."""
    return "" if library().is_ready else "the search index is not built yet"


def rebuild(on: date, *, embed: bool = True) -> str:
    """Write the index of the day; serve by words first, then with vectors. Returns the model.

    With `embed` false only vectors that are known already take part: nothing slow happens.
    """
    passages = [p for p in api.passages(on) if p.kind != "heading"]
    documents = [document_of(passage) for passage in passages]
    examples = examples_of(api.intents(on))
    write(folder(), documents, examples, embed=False)
    model = write(folder(), documents, examples, embed=True) if embed else ""
    _LOG.info("index.rebuilt", passages=len(documents), questions=len(examples), model=model)
    return model


def write(
    target: Path, documents: list[Document], examples: list[ExampleQuestion], *, embed: bool
) -> str:
    """Write both files; vectors only if every one of them is known or may be made now."""
    target.mkdir(parents=True, exist_ok=True)
    embedder = make_embedder(settings.EMBEDDINGS_BACKEND)
    cache = VectorCache(folder() / "vectors")
    questions = [example.question for example in examples]
    is_known = embedder.dim and cache.known(embedder, questions, kind="query") == len(questions)
    vectors: Mapping[str, Any] | None = None
    rows: Any = None
    if embedder.dim and (embed or is_known):
        vectors = cache.for_documents(embedder, documents, only_known=not embed)
        rows = cache.embed(embedder, questions, kind="query")
    model = embedder.model_id if vectors else None
    limits = thresholds(model)
    build(documents, target / PASSAGES, vectors=vectors, model_id=model, thresholds=limits)
    build_questions(
        examples,
        target / QUESTIONS,
        vectors=rows if vectors else None,
        model_id=model,
        thresholds=limits,
    )
    return model or "lexical"
