"""Files of pages: what is in the form is read, what is not is named by its line."""

import gzip
import json
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from przystan.assistant.lines.pages import MAX_LINES, Page, read_examples, read_pages
from przystan.assistant.lines.tests.factories import row, write
from przystan.core.errors import BadFileError


def test_a_page_is_read_with_its_lines_in_order(tmp_path):
    file = write(tmp_path / "in.jsonl", row())

    assert list(read_pages(file)) == [Page("7", "Where?", ("Shops", "Here."))]


def test_a_zipped_file_and_a_list_of_lines_are_read_as_well(tmp_path):
    file = tmp_path / "in.jsonl.gz"
    file.write_bytes(gzip.compress(json.dumps(row(context=["Shops", "Here."])).encode()))

    assert list(read_pages(file)) == [Page("7", "Where?", ("Shops", "Here."))]


def test_other_line_ends_inside_a_text_do_not_end_a_row(tmp_path):
    file = tmp_path / "in.jsonl"
    file.write_text(json.dumps(row(context="a\u2028b\x85c\nd"), ensure_ascii=False), "utf-8")

    assert next(read_pages(file)).lines == ("a\u2028b\x85c", "d")


@pytest.mark.parametrize("context", ["", []])
def test_a_page_may_be_empty(tmp_path, context):
    file = write(tmp_path / "in.jsonl", row(context=context))

    assert next(read_pages(file)).lines == ()


def test_a_line_of_a_megabyte_is_read(tmp_path):
    file = write(tmp_path / "in.jsonl", row(context="x" * 1_000_000))

    assert len(next(read_pages(file)).lines[0]) == 1_000_000


@pytest.mark.parametrize(
    ("second", "said"),
    [
        pytest.param(b"{broken", "not JSON", id="broken"),
        pytest.param(b"[" * 100_000, "nested", id="nested"),
        pytest.param(b'{"id": ' + b"9" * 5_000 + b"}", "too large", id="endless number"),
        pytest.param(b'{"id": "\xff"}', "not UTF-8", id="bytes"),
        pytest.param(b"[1, 2]", "An object with", id="not an object"),
        pytest.param(b'{"id": 1, "question": "q"}', "An object with", id="no context"),
        pytest.param(json.dumps(row(id=None)).encode(), "`id`", id="no id"),
        pytest.param(json.dumps(row(id=True)).encode(), "`id`", id="a truth as id"),
        pytest.param(json.dumps(row(id=8, question=5)).encode(), "`question`", id="question"),
        pytest.param(json.dumps(row(id=8, context=5)).encode(), "`context`", id="context"),
        pytest.param(json.dumps(row(id=8, context=["a", 5])).encode(), "`context`", id="line"),
        pytest.param(
            json.dumps(row(id=8, context="\n" * MAX_LINES)).encode(), "at most", id="long"
        ),
        pytest.param(json.dumps(row()).encode(), "came before", id="same id"),
    ],
)
def test_what_is_not_in_the_form_is_named_by_its_line(tmp_path, second, said):
    file = tmp_path / "in.jsonl"
    file.write_bytes(json.dumps(row()).encode() + b"\n\n" + second)

    with pytest.raises(BadFileError, match=f"line 3: .*{said}"):
        list(read_pages(file))


@pytest.mark.parametrize("answers", [None, "1", [2], [-1], [True], [0.5], {"0": 1}])
def test_an_answer_is_the_index_of_a_line(tmp_path, answers):
    file = write(tmp_path / "in.jsonl", row(answers=answers))

    with pytest.raises(BadFileError, match="line 1: `answers`"):
        list(read_examples(file))


def test_a_file_that_cannot_be_unpacked_is_named(tmp_path):
    file = tmp_path / "in.jsonl.gz"
    file.write_bytes(gzip.compress(b"{}" * 1000)[:-9])

    with pytest.raises(BadFileError, match=r"in\.jsonl\.gz: "):
        list(read_pages(file))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path, content):
    for name in ("any.jsonl", "any.jsonl.gz"):
        file = tmp_path / name
        file.write_bytes(content)
        with suppress(BadFileError):
            list(read_pages(file))
