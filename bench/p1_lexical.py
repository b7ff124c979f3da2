"""P1: how often the first page is wrong, without a model, beside FTS5 and bm25s.

python bench/p1_lexical.py --omosqa DIR --law DIR --law-questions FILE
"""

import argparse
from pathlib import Path

from retrieval import DEPTH, Ranking, Task, bm25s, fts5, law, omosqa, recall, temporary_folder

from przystan.knowledge.search import build, open_index


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--omosqa", type=Path)
    parser.add_argument("--law", type=Path)
    parser.add_argument("--law-questions", type=Path)
    arguments = parser.parse_args()
    tasks = [omosqa(arguments.omosqa, lang) for lang in ("de", "en")] if arguments.omosqa else []
    if arguments.law and arguments.law_questions:
        tasks.append(law(arguments.law, arguments.law_questions))
    for task in tasks:
        _judge(task)


def _judge(task: Task) -> None:
    with temporary_folder() as folder:
        path = Path(folder) / "p1.idx"
        build(task.documents(), path)
        index = open_index(path)
        engines = {
            "FTS5": fts5(task),
            "bm25s": bm25s(task),
            "product": lambda question: [
                hit.group for hit in index.search(question, k=DEPTH, one_per_group=True)
            ],
        }
        rankings: dict[str, Ranking] = {name: [] for name in engines}
        for question in task.questions:
            for name, search in engines.items():
                rankings[name].append(search(question.text))
    print(f"{task.name}: {len(task.questions)} questions, {len(task.pages)} pages")
    for name, ranking in rankings.items():
        r1, r3 = recall(task, ranking, 1), recall(task, ranking, 3)
        answerable = recall(task, ranking, 1, answerable_only=True)
        print(f"  {name:8} R@1 {r1:.3f}  R@3 {r3:.3f}  R@1 of the answerable {answerable:.3f}")
    for peer in ("FTS5", "bm25s"):
        ratio = (1 - recall(task, rankings["product"], 1)) / (1 - recall(task, rankings[peer], 1))
        print(f"  P1 error beside {peer}: {ratio:.2f} (goal 0.45, floor 0.6)")


if __name__ == "__main__":
    main()
