"""P3: answer lines and refusal on OMoS-QA, in 5 folds that share no page in any language.

    python bench/p3_lines.py --omosqa DIR --cache DIR [--embeddings lexical]

Each fold is judged by a model trained on the other four, its decoding rule chosen inside them.
Train and dev are taken together; the test split is not read. Needs the extra `dev`.
"""

import argparse
import os
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, stdev

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "przystan.config.settings")
django.setup()

from przystan.assistant.lines import training  # noqa: E402  after the settings
from przystan.assistant.lines.features import features  # noqa: E402
from przystan.assistant.lines.model import LineModel  # noqa: E402
from przystan.assistant.lines.pages import Example, read_examples  # noqa: E402
from przystan.assistant.lines.scoring import Figures  # noqa: E402
from przystan.assistant.lines.vectors import Reader  # noqa: E402
from przystan.knowledge.search.embedders import make_embedder  # noqa: E402

LANGS = ("de", "en", "uk")
TIMED = 40  # pages whose CPU is taken
ByLanguage = dict[str, Figures]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--omosqa", type=Path, required=True)
    parser.add_argument("--cache", type=Path, help="folder that keeps the vectors")
    parser.add_argument("--embeddings", default="auto")
    parser.add_argument("--seeds", type=int, default=3, help="of the trees")
    arguments = parser.parse_args()
    examples = _examples(arguments.omosqa)
    reader = Reader(make_embedder(arguments.embeddings), arguments.cache)
    items = training.items(examples, reader.read([one.page for one in examples]))
    print(f"{len(items)} questions, vectors: {reader.embedder.model_id}")

    effort = training.Effort(seeds=tuple(range(1, arguments.seeds + 1)))
    said: list[list[int]] = [[] for _ in items]
    folds: list[ByLanguage] = []
    for part, model in training.cross_validated(items, effort=effort):
        fold = [items[i] for i in part]
        for i, lines in zip(part, training.answers(model, fold), strict=True):
            said[i] = lines
        folds.append(training.by_language(fold, [said[i] for i in part]))
    whole = training.by_language(items, said)
    for lang in LANGS:
        print(_line(lang, whole[lang], [fold[lang] for fold in folds]))
    _print_cpu(model, Reader(make_embedder(arguments.embeddings)), examples[:TIMED])
    lines_f1 = 100 * min(one.lines_f1 for one in whole.values())
    none_f1 = 100 * min(one.none_f1 for one in whole.values())
    print(f"P3 lowest lines F1 {lines_f1:.1f} (goal 66, floor 62), ", end="")
    print(f"lowest no-answer F1 {none_f1:.1f} (goal 73, floor 58)")


def _examples(folder: Path) -> list[Example]:
    files = [folder / f"{split}_{lang}.jsonl.gz" for lang in LANGS for split in ("train", "dev")]
    return [example for file in files for example in read_examples(file)]


def _line(lang: str, whole: Figures, folds: Sequence[Figures]) -> str:
    return (
        f"{lang}: lines {_three(whole.lines_precision, whole.lines_recall, whole.lines_f1)} "
        f"(folds {_spread([one.lines_f1 for one in folds])}), "
        f"no answer {_three(whole.none_precision, whole.none_recall, whole.none_f1)} "
        f"(folds {_spread([one.none_f1 for one in folds])})"
    )


def _three(*shares: float) -> str:
    return "P {:.1f} R {:.1f} F1 {:.1f}".format(*(100 * share for share in shares))


def _spread(shares: Sequence[float]) -> str:
    return f"{100 * mean(shares):.1f} ± {100 * stdev(shares):.1f}"


def _print_cpu(model: LineModel, reader: Reader, some: Sequence[Example]) -> None:
    started = time.process_time()
    reads = list(reader.read([one.page for one in some]))
    embedded = time.process_time()
    for read in reads:
        model.answer(features(read), read.page.lines)
    judged = time.process_time()
    lines = sum(len(one.page.lines) for one in some)
    print(
        f"CPU a page of {lines / len(some):.0f} lines: "
        f"vectors {1000 * (embedded - started) / len(some):.0f} ms, "
        f"features and models {1000 * (judged - embedded) / len(some):.1f} ms"
    )


if __name__ == "__main__":
    main()
