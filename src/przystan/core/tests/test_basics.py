import json
import logging
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from przystan.core import clock, ids, logs, money
from przystan.core.errors import BadFileError, new_reference
from przystan.core.languages import BY_TAG, CONTENT_TAGS, direction


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        pytest.param(
            datetime(2026, 4, 26, 21, 59, tzinfo=UTC), date(2026, 4, 26), id="23:59 summer"
        ),
        pytest.param(
            datetime(2026, 4, 26, 22, 0, tzinfo=UTC), date(2026, 4, 27), id="midnight summer"
        ),
        pytest.param(datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1), id="new year"),
    ],
)
def test_the_law_dates_by_the_calendar_of_warsaw(moment, day):
    assert clock.law_day(moment) == day


def test_a_naive_moment_has_no_day_of_law():
    with pytest.raises(ValueError, match="aware"):
        clock.law_day(datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("grosz", "language", "words"),
    [
        (44000, "pl", "440 zł"),
        (10050, "uk", "100,50 zł"),
        (480600, "en", "4,806 zł"),
        (0, "ru", "0 zł"),
    ],
)
def test_money_is_written_as_offices_write_it(grosz, language, words):
    assert money.format_grosz(grosz, language).replace("\xa0", " ") == words


@given(st.integers(0, 10**12))
def test_no_grosz_is_lost_in_writing(grosz):
    digits = "".join(c for c in money.format_grosz(grosz, "pl") if c.isdigit())
    assert int(digits) == (grosz if grosz % 100 else grosz // 100)


def test_identifiers_sort_by_time_and_links_hold_128_bits():
    first, second = ids.new_id(), ids.new_id()
    assert first.version == 7
    assert first < second
    assert len(ids.new_token()) == 22


def test_a_reference_number_can_be_read_out():
    assert len({new_reference() for _ in range(500)}) == 500
    assert not set("".join(new_reference() for _ in range(200))) & set("AEIOU01")


def test_languages_know_their_direction():
    assert BY_TAG["ar"].direction == direction("ar-EG") == "rtl"
    assert direction("uk") == direction("vi") == "ltr"
    assert set(CONTENT_TAGS) == {"pl", "en", "uk", "ru"}


def test_a_bad_file_is_named_with_its_line():
    assert (
        str(BadFileError("law.jsonl", 7, "It is not JSON.")) == "law.jsonl, line 7: It is not JSON."
    )


def test_a_logged_error_keeps_its_place_and_drops_its_words(capsys):
    root = logging.getLogger()
    before = list(root.handlers), root.level
    try:
        logs.configure({"level": "INFO"})
        try:
            raise ValueError("Anna, PESEL 90051712344")
        except ValueError:
            logs.get("test").error("something.failed", exc_info=True, id=7)
        said = json.loads(capsys.readouterr().err.strip().splitlines()[-1])
    finally:
        root.handlers[:], root.level = before[0], before[1]
    assert said["event"] == "something.failed"
    assert said["error"] == "ValueError"
    assert "PESEL" not in json.dumps(said)
