"""The public contract of `przystan evaluate retrieval`."""

import json

import pytest

from przystan.core import cli
from przystan.core.errors import BadFileError
from przystan.knowledge.search import commands
from przystan.knowledge.search.evaluate import evaluate_retrieval
from przystan.knowledge.search.tests.factories import BagOfWords

PAGES = [
    {"id": "fee", "lang": "pl", "title": "Karta pobytu", "text": "Opłata wynosi 440 zł.\n" * 40,
     "titles": {"uk": "Карта побиту"}},
    {"id": 7, "lang": "en", "title": "Work", "text": "You may work with a permit."},
]  # fmt: skip
QUERIES = [{"id": 1, "question": "карта побиту"}, {"id": "b", "lang": "en", "question": "permit"}]


@pytest.fixture
def files(tmp_path):
    def write(name, rows):
        path = tmp_path / name
        lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return path

    return write


@pytest.mark.parametrize("embedder", [None, BagOfWords()], ids=["words", "words and vectors"])
def test_every_question_gets_its_pages_best_first(files, tmp_path, embedder):
    out = tmp_path / "out.jsonl"

    count = evaluate_retrieval(
        files("c.jsonl", PAGES), files("q.jsonl", QUERIES), out, 10, embedder=embedder
    )

    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert count == 2
    assert [row["id"] for row in rows] == ["1", "b"]
    assert [row["ids"][0] for row in rows] == ["fee", "7"]
    assert all(row["scores"] == sorted(row["scores"], reverse=True) for row in rows)
    assert all(len(set(row["ids"])) == len(row["ids"]) for row in rows)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not a JSON object"),
        ("[]", "not a JSON object"),
        ("[" * 100_000, "not a JSON object"),
        ({"id": "x", "lang": "pl", "title": "t"}, "text is missing"),
        ({"lang": "pl", "title": "t", "text": "x"}, "id is missing"),
        ({"id": "x", "lang": 3, "title": "t", "text": "x"}, "lang is missing"),
        ({"id": "x", "lang": "pl", "title": "t", "text": "x", "titles": ["a"]}, "titles must"),
        (PAGES[0], "was used before"),
    ],
)
def test_a_broken_line_is_named_and_nothing_is_written(files, tmp_path, line, reason):
    out = tmp_path / "out.jsonl"

    with pytest.raises(BadFileError, match=rf"c\.jsonl, line 3: .*{reason}"):
        evaluate_retrieval(files("c.jsonl", [*PAGES, line]), files("q.jsonl", QUERIES), out)

    assert not out.exists()


def test_bytes_that_are_not_text_and_absent_files_are_told(files, tmp_path):
    queries = files("q.jsonl", QUERIES)
    (tmp_path / "c.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadFileError, match="line 1: not UTF-8"):
        evaluate_retrieval(tmp_path / "c.jsonl", queries, tmp_path / "out")
    with pytest.raises(BadFileError, match="absent"):
        evaluate_retrieval(tmp_path / "absent", queries, tmp_path / "out")


def test_the_command_answers_and_says_with_what(files, tmp_path, capsys):
    assert commands.evaluate_retrieval_command
    call = ["evaluate", "retrieval", str(files("c.jsonl", PAGES)), str(files("q.jsonl", QUERIES))]

    assert cli.run([*call, str(tmp_path / "out"), "--k", "1"]) == 0
    assert "2 questions answered with lexical" in capsys.readouterr().err
    assert cli.run([*call, str(tmp_path / "out"), "--embeddings", "nothing"]) == 1
