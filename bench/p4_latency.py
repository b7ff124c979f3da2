"""P4: search latency over many passages, with access filter and snippets, beside FTS5.

    python bench/p4_latency.py [--passages 100000] [--questions 200]

Synthetic passages in a Zipf vocabulary, synthetic unit vectors. Product and peer answer each
question one after the other in the same process; the ratio is of the 95th percentiles of CPU
time (the machine may be shared), wall time is printed beside it. The peer is FTS5 (unicode61)
with the words joined by OR, bm25 rank, a join against the rows the reader may see, snippet().
"""

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from przystan.knowledge.search import Document, build, open_index
from przystan.knowledge.search.snippets import snippet

DIM = 384
SYLLABLES = list("ka ro wi sta pra po zna le mi do ny cze ob lu ten za gra be".split())  # noqa: SIM905
K = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--no-vectors", action="store_true")
    arguments = parser.parse_args()
    random = np.random.default_rng(7)
    texts = _texts(random, arguments.passages, words=45)
    questions = _texts(random, arguments.questions, words=8)
    allowed = random.random(arguments.passages) < 0.8
    with tempfile.TemporaryDirectory() as folder:
        ours = _product(Path(folder), texts, random, allowed, not arguments.no_vectors)
        peer = _peer(Path(folder) / "fts.sqlite", texts, allowed)
        _compare(questions, ours, peer)


def _texts(random: np.random.Generator, count: int, *, words: int) -> list[str]:
    vocabulary = _vocabulary(np.random.default_rng(1), 30_000)
    weights = 1 / np.arange(1, len(vocabulary) + 1) ** 0.95
    drawn = random.choice(len(vocabulary), (count, words), p=weights / weights.sum())
    return [" ".join(vocabulary[i] for i in row) for row in drawn]


def _vocabulary(random: np.random.Generator, size: int) -> list[str]:
    words: dict[str, None] = {}
    while len(words) < size:
        parts = random.choice(SYLLABLES, random.integers(2, 6))
        words["".join(parts)] = None
    return sorted(words, key=len)


def _product(
    folder: Path,
    texts: list[str],
    random: np.random.Generator,
    allowed: np.ndarray,
    has_vectors: bool,
) -> Callable[[str], object]:
    documents = [Document(str(i), str(i // 10), "pl", text) for i, text in enumerate(texts)]
    vectors = None
    if has_vectors:
        matrix = random.standard_normal((len(texts), DIM), np.float32)
        matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
        vectors = {str(i): row for i, row in enumerate(matrix)}
    started = time.process_time()
    build(documents, folder / "bench.idx", vectors=vectors, model_id="synthetic")
    size = (folder / "bench.idx").stat().st_size
    print(f"built in {time.process_time() - started:.1f} s CPU, {size / 1e6:.0f} MB")
    started = time.process_time()
    index = open_index(folder / "bench.idx")
    print(f"opened and checked in {time.process_time() - started:.2f} s CPU")
    query_vector = None if vectors is None else next(iter(vectors.values()))

    def search(question: str) -> object:
        hits = index.search(question, k=K, query_vector=query_vector, allowed=allowed)
        return [snippet(texts[int(hit.id)], question) for hit in hits]

    return search


def _peer(path: Path, texts: list[str], allowed: np.ndarray) -> Callable[[str], object]:
    database = sqlite3.connect(path)
    database.execute("create virtual table passages using fts5(body, tokenize='unicode61')")
    database.execute("create table allowed (id integer primary key)")
    database.executemany("insert into passages(rowid, body) values (?, ?)", enumerate(texts))
    rows = ((int(i),) for i in np.flatnonzero(allowed))
    database.executemany("insert into allowed values (?)", rows)
    database.execute("insert into passages(passages) values ('optimize')")
    database.commit()

    def search(question: str) -> object:
        words = " OR ".join(f'"{word}"' for word in question.split())
        return database.execute(
            "select rowid, snippet(passages, 0, '[', ']', '…', 30) from passages"
            " where passages match ? and +rowid in (select id from allowed)"
            " order by rank limit ?",
            (words, K),
        ).fetchall()

    return search


def _compare(
    questions: list[str], ours: Callable[[str], object], peer: Callable[[str], object]
) -> None:
    for question in questions[:5]:
        ours(question), peer(question)  # warm
    cpu: dict[str, list[float]] = {"product": [], "FTS5": []}
    wall: dict[str, list[float]] = {"product": [], "FTS5": []}
    for question in questions:
        for name, search in (("product", ours), ("FTS5", peer)):
            started, began = time.process_time(), time.perf_counter()
            search(question)
            cpu[name].append(1000 * (time.process_time() - started))
            wall[name].append(1000 * (time.perf_counter() - began))
    for name in cpu:
        print(
            f"{name:8} CPU p50 {_p(cpu[name], 50):7.1f} ms  p95 {_p(cpu[name], 95):7.1f} ms"
            f"   wall p50 {_p(wall[name], 50):7.1f} ms  p95 {_p(wall[name], 95):7.1f} ms"
        )
    print(f"P4 ratio of p95 (CPU): {_p(cpu['product'], 95) / _p(cpu['FTS5'], 95):.2f} (goal 0.5)")


def _p(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


if __name__ == "__main__":
    main()
