"""What P1 and P2 share: corpora, questions, and the peers' ranking of the same pages."""

import gzip
import json
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from przystan.core.writing import tokens
from przystan.knowledge.search.documents import Document
from przystan.knowledge.search.passages import split_passages

DEPTH = 10


@dataclass(frozen=True, slots=True)
class Question:
    """`gold` names the pages that count as right; `answerable` that the page answers it."""

    text: str
    gold: frozenset[str]
    answerable: bool = True


@dataclass(frozen=True, slots=True)
class Task:
    name: str
    pages: dict[str, tuple[str, str]]  # id: title, text
    questions: list[Question]

    def documents(self, lang: str = "") -> list[Document]:
        return [
            Document(f"{page}/{number}", page, lang, passage, title)
            for page, (title, text) in self.pages.items()
            for number, passage in enumerate(split_passages(text) or [""])
        ]


Ranking = list[list[str]]


def omosqa(folder: Path, lang: str, questions_in: str | None = None) -> Task:
    """OMoS-QA train and dev as question to page; the first line of a page is its title."""
    pages: dict[str, tuple[str, str]] = {}
    asked: list[Question] = []
    for row, other in zip(
        _omosqa(folder, lang), _omosqa(folder, questions_in or lang), strict=True
    ):
        title, _, text = row["context"].partition("\n")
        pages.setdefault(str(row["pageId"]), (title, text or title))
        gold = frozenset({str(row["pageId"])})
        asked.append(Question(other["question"], gold, bool(row["answers"])))
    name = f"OMoS-QA {lang}" if questions_in in {None, lang} else f"OMoS-QA {questions_in}>{lang}"
    return Task(name, pages, asked)


def _omosqa(folder: Path, lang: str) -> Iterator[dict[str, Any]]:
    for part in ("train", "dev"):
        yield from sorted(_rows(folder / f"{part}_{lang}.jsonl.gz"), key=lambda row: row["id"])


def law(folder: Path, questions: Path) -> Task:
    """Articles of the acts; a question counts as found by any of the articles it names."""
    pages = {
        f"{path.name.split('.')[0]}#{row['article']}": ("", row["text"])
        for path in sorted(folder.glob("DU-*.jsonl.gz"))
        for row in _rows(path)
    }
    asked = [
        Question(row["question"], frozenset(f"{row['act']}#{a}" for a in row["articles"]))
        for row in map(json.loads, questions.read_text("utf-8").splitlines())
    ]
    return Task("law pl", pages, asked)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def recall(task: Task, ranking: Ranking, depth: int, *, answerable_only: bool = False) -> float:
    """Share of questions with a right page among the first `depth`."""
    judged = [
        any(page in question.gold for page in pages[:depth])
        for question, pages in zip(task.questions, ranking, strict=True)
        if question.answerable or not answerable_only
    ]
    return sum(judged) / len(judged)


def fts5(task: Task) -> Callable[[str], list[str]]:
    """The peer: SQLite FTS5, unicode61, all words of the question joined by OR."""
    database = sqlite3.connect(":memory:")
    database.execute("create virtual table pages using fts5(title, body, tokenize='unicode61')")
    ids = list(task.pages)
    rows = ((row, *task.pages[page]) for row, page in enumerate(ids))
    database.executemany("insert into pages(rowid, title, body) values (?, ?, ?)", rows)

    def search(question: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question))
        found = database.execute(
            "select rowid from pages where pages match ? order by rank limit ?", (words, DEPTH)
        )
        return [ids[row] for (row,) in found]

    return search


def bm25s(task: Task) -> Callable[[str], list[str]]:
    """F15's peer, a kept Python BM25 library (Lucene's form), over the same folded words."""
    import bm25s as library

    ids = list(task.pages)
    retriever = library.BM25(method="lucene")
    corpus = [tokens(f"{title}\n{text}") for title, text in task.pages.values()]
    retriever.index(corpus, show_progress=False)

    def search(question: str) -> list[str]:
        words = [word for word in tokens(question) if word in retriever.vocab_dict]
        if not words:
            return []
        rows, _scores = retriever.retrieve([words], k=DEPTH, show_progress=False)
        return [ids[row] for row in rows[0]]

    return search


def temporary_folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="przystan-bench-")
