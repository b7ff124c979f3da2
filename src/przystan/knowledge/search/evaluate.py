"""Judge the search on somebody's own corpus and questions, over a temporary index.

corpus: `{id, lang, title, text, titles?: {lang: title}}` a line; queries `{id, lang?, question}`;
out `{id, ids: [...], scores: [...]}`, best first. JSON lines, UTF-8.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from przystan.core.errors import BadFileError
from przystan.knowledge.search.documents import Document
from przystan.knowledge.search.embedders import Embedder, thresholds
from przystan.knowledge.search.index import Index, build, open_index, query_spellings
from przystan.knowledge.search.passages import split_passages
from przystan.knowledge.search.vectors import VectorCache

MAX_LINE_CHARS = 4_000_000


@dataclass(frozen=True, slots=True)
class Query:
    id: str
    question: str


def evaluate_retrieval(
    corpus_path: Path,
    queries_path: Path,
    out_path: Path,
    k: int = 10,
    *,
    embedder: Embedder | None = None,
    cache: VectorCache | None = None,
) -> int:
    """Search the corpus for every question, write the answers and return their number.

    Every page is cut into passages, as articles are; a page counts by its best passage.

    Args:
        k: how many pages to list for a question at most.
        embedder: adds the search by meaning; without one words alone decide.
        cache: keeps the vectors of the corpus between runs.

    Raises:
        BadFileError: a line is broken: names file, line and reason; nothing is written.
        EmbeddingError: the embedder failed.
    """
    documents = list(read_corpus(corpus_path))
    queries = list(read_queries(queries_path))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "evaluation.idx"
        build_for(documents, path, embedder=embedder, cache=cache or VectorCache(Path(folder)))
        index = open_index(path)
        answers = [answer(index, query, k, embedder) for query in queries]
    _write(out_path, answers)
    return len(answers)


def build_for(
    documents: list[Document],
    path: Path,
    *,
    embedder: Embedder | None,
    cache: VectorCache,
) -> None:
    """Build an index with the vectors of `embedder`, where it makes any."""
    if embedder is None or not embedder.dim:
        build(documents, path)
        return
    vectors = cache.for_documents(embedder, documents)
    build(
        documents,
        path,
        vectors=vectors,
        model_id=embedder.model_id,
        thresholds=thresholds(embedder.model_id),
    )


def answer(index: Index, query: Query, k: int, embedder: Embedder | None) -> dict[str, Any]:
    vector = None
    if embedder is not None and index.dim and query.question.strip():
        vector = embedder.embed(query_spellings(query.question), "query")
    hits = index.search(query.question, k=k, query_vector=vector, one_per_group=True)
    return {
        "id": query.id,
        "ids": [hit.group for hit in hits],
        "scores": [round(hit.score, 6) for hit in hits],
    }


def read_corpus(path: Path) -> Iterator[Document]:
    """Pages of a corpus file as passages; `group` is the page's own id."""
    seen: set[str] = set()
    for line, row in _rows(path):
        page = _text(path, line, row, "id")
        if page in seen:
            raise BadFileError(path, line, f"the id {page!r} was used before")
        seen.add(page)
        yield from _passages(path, line, page, row)


def _passages(path: Path, line: int, page: str, row: dict[str, Any]) -> Iterator[Document]:
    lang, title = _text(path, line, row, "lang"), _text(path, line, row, "title")
    titles = row.get("titles") or {}
    if not isinstance(titles, dict) or not all(isinstance(t, str) for t in titles.values()):
        raise BadFileError(path, line, "titles must map languages to titles")
    for number, text in enumerate(split_passages(_text(path, line, row, "text")) or [""]):
        yield Document(
            id=f"{page}\x1f{number}", group=page, lang=lang, text=text, title=title, titles=titles
        )


def read_queries(path: Path) -> Iterator[Query]:
    for line, row in _rows(path):
        yield Query(_text(path, line, row, "id"), _text(path, line, row, "question"))


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                if raw.strip():
                    yield number, _row(path, number, raw)
    except OSError as error:
        raise BadFileError(path, None, error.strerror or "cannot be read") from error


def _row(path: Path, number: int, raw: bytes) -> dict[str, Any]:
    if len(raw) > MAX_LINE_CHARS:
        raise BadFileError(path, number, f"longer than {MAX_LINE_CHARS} bytes")
    try:
        row = json.loads(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        raise BadFileError(path, number, "not UTF-8") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadFileError(path, number, "not a JSON object on one line") from error
    if not isinstance(row, dict):
        raise BadFileError(path, number, "not a JSON object on one line")
    return row


def _text(path: Path, line: int, row: dict[str, Any], name: str) -> str:
    """The value of a required field; ids may be numbers, everything else is text."""
    value = row.get(name)
    if name == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if name == "title" and value is None:
        return ""
    if not isinstance(value, str):
        raise BadFileError(path, line, f"{name} is missing or not a text")
    return value


def _write(path: Path, answers: list[dict[str, Any]]) -> None:
    """All answers or none: written beside the place and moved there."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(
            "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in answers), "utf-8"
        )
        temporary.replace(path)
    except OSError as error:
        raise BadFileError(path, None, error.strerror or "cannot be written") from error
    finally:
        temporary.unlink(missing_ok=True)
