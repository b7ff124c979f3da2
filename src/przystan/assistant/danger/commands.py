"""`przystan train danger`: fit the learned layers, count them on authors they have not read."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from przystan import knowledge
from przystan.core.cli import command

OWN_MESSAGES = Path(__file__).parent.parent / "tests" / "data" / "danger_messages.jsonl"
ARTICLES = Path(str(knowledge.__file__)).parent / "starter" / "articles"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="holds danger_<author>.jsonl")
    parser.add_argument("--dry-run", action="store_true", help="count, but write no weights")


@command("train danger", help="fit the layers that see danger", arguments=_arguments)
def train_danger(arguments: argparse.Namespace) -> int:
    from przystan.assistant.danger import reports, training
    from przystan.knowledge.search.embedders import make_embedder
    from przystan.knowledge.search.vectors import VectorCache

    def messages() -> Iterator[training.Message]:
        for path in sorted(arguments.folder.glob("danger_*.jsonl")):
            yield from training.messages_of(path, path.stem.removeprefix("danger_"))
        yield from training.messages_of(OWN_MESSAGES, training.OWN)
        yield from training.everyday_questions(ARTICLES)

    corpus = training.Corpus(
        list(messages()),
        make_embedder(settings.EMBEDDINGS_BACKEND),
        VectorCache(Path(settings.DATA_DIR) / "danger-vectors"),
    )
    seen = training.unseen_evidence(corpus)
    weighings = {}
    for name, with_meaning in (("with", True), ("without", False)):
        if with_meaning and corpus.spelled is None:
            print("No model makes vectors here: the layer of meaning stays as it is.")
            continue
        at, judged = training.table(corpus, seen, with_meaning=with_meaning)
        weighings[name] = training.weigh(judged, may_overrule=with_meaning)
        print(f"\n{name} vectors: {weighings[name]}")
        for line in reports.by_held_out_author(
            corpus, at, judged, weighings[name], may_overrule=with_meaning
        ):
            print(line)
    if not arguments.dry_run and len(weighings) == 2:
        training.write(corpus, training.fit(corpus, corpus.is_danger >= 0), weighings)
        print("\nweights written")
    return 0
