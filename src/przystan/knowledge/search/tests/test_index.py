"""What a search finds, for whom, on which day; and what a broken index file says."""

import os
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from przystan.knowledge.search import (
    IndexFileError,
    LiveIndex,
    MissingIndexError,
    build,
    corpus_hash,
    open_index,
    storage,
)
from przystan.knowledge.search.tests.factories import document

FEE = document(
    "Opłata skarbowa wynosi 440 zł.",
    id="fee",
    group="residence",
    title="Karta pobytu",
    titles={"uk": "Карта побиту", "en": "Residence card"},
    questions=("ile kosztuje karta pobytu", "скільки коштує карта побиту"),
)
WAGE = document("Minimalne wynagrodzenie za pracę.", id="wage", group="wage", title="Płaca")
SCHOOL = document("Діти мають право ходити до школи.", id="school", group="school", lang="uk")
OLD = document("Stara opłata 340 zł.", id="old", group="residence", valid_to=date(2025, 12, 31))
NEW = document("Nowa opłata 440 zł.", id="new", group="residence", valid_from=date(2026, 1, 1))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "search.idx"


@pytest.fixture
def index(path):
    build([FEE, WAGE, SCHOOL, OLD, NEW], path)
    return open_index(path)


def ids(hits):
    return [hit.id for hit in hits]


@pytest.mark.parametrize(
    "question",
    [
        "ile kosztuje karta pobytu?",
        "oplata skarbowa",
        "karty pobytu",
        "скільки коштує карта побиту",
        "skilky koshtuye karta pobytu",
        "сколько стоит карта побыта",
        "residence card",
        "колькі каштуе карта побыту",
    ],
)
def test_a_passage_is_found_in_every_language_and_spelling_without_a_model(index, question):
    assert ids(index.search(question))[0] == "fee"


@pytest.mark.parametrize(
    ("question", "found"),
    [("boss", "duty"), ("начальник", "duty"), ("szef", "duty"), ("больница", "care")],
)
def test_what_people_say_finds_what_the_law_says(path, question, found):
    duty = document("Podmiot powierzający pracę ma obowiązek.", id="duty")
    care = document("Świadczenia w szpitalu są bezpłatne.", id="care")
    build([duty, care, SCHOOL], path)

    assert ids(open_index(path).search(question))[0] == found


def test_a_hit_says_why(index):
    hit = index.search("opłata skarbowa za kartę")[0]

    assert hit.group == "residence"
    assert hit.lang == "pl"
    assert 0 < hit.lexical <= 1
    assert hit.dense is None
    assert set(hit.matched) == {"oplata", "skarbowa"}


@pytest.mark.parametrize("question", ["", "   ", "?!", "\u202e\u200b", "qqqq xxxx", "\x00"])
def test_a_question_without_a_known_word_finds_nothing(index, question):
    assert index.search(question) == []


@pytest.mark.parametrize("k", [0, -1])
def test_asking_for_nothing_gets_nothing(index, k):
    assert index.search("opłata", k=k) == []


def test_a_pasted_letter_is_searched_by_its_rarest_words(index):
    letter = " ".join(f"słowo{i}" for i in range(5_000)) + " wynagrodzenie minimalne"

    assert ids(index.search(letter))[0] == "wage"


@pytest.mark.parametrize(
    ("on", "found"),
    [
        pytest.param(date(2025, 12, 31), "old", id="last day of the old fee"),
        pytest.param(date(2026, 1, 1), "new", id="first day of the new fee"),
    ],
)
def test_only_what_is_right_on_the_day_is_found(index, on, found):
    hits = ids(index.search("stara nowa opłata", on=on))

    assert {"old", "new"} & set(hits) == {found}


def test_what_the_reader_may_not_see_is_not_found(index):
    assert "fee" not in ids(index.search("opłata skarbowa", allowed={"old", "wage", "unknown"}))
    mask = np.zeros(index.size, bool)
    mask[index.rows_of(["new"])] = True
    assert ids(index.search("opłata", allowed=mask)) == ["new"]
    assert index.search("opłata", allowed=set()) == []


def test_languages_can_be_chosen(index):
    assert ids(index.search("діти школа praca", langs={"uk"})) == ["school"]
    assert index.search("opłata", langs={"en"}) == []


def test_a_page_can_be_listed_once(index):
    groups = [hit.group for hit in index.search("opłata zł", one_per_group=True)]

    assert groups[0] == "residence"
    assert len(groups) == len(set(groups))


def test_meaning_finds_what_words_miss_and_words_still_count(path):
    vectors = {"fee": np.eye(4)[0], "wage": np.stack([np.eye(4)[1], np.eye(4)[2]])}
    build([FEE, WAGE, SCHOOL], path, vectors=vectors, model_id="m", thresholds={"answerable": 0.8})
    index = open_index(path)

    by_meaning = index.search("qqqq", query_vector=np.eye(4, dtype=np.float32)[2])
    by_words = index.search("право ходити до школи", query_vector=np.eye(4, dtype=np.float32)[3])

    assert by_meaning[0].id == "wage"
    assert by_meaning[0].dense == pytest.approx(1.0)
    assert by_words[0].id == "school"  # it waits for its vector
    assert by_words[0].dense is None
    assert (index.model_id, index.dim, index.thresholds) == ("m", 4, {"answerable": 0.8})


def test_a_vector_of_another_model_is_refused(path):
    build([FEE], path, vectors={"fee": np.eye(4)[0]}, model_id="m")

    with pytest.raises(ValueError, match="query vector of 3"):
        open_index(path).search("x", query_vector=np.ones(3, np.float32))
    with pytest.raises(ValueError, match="model"):
        build([FEE], path, vectors={"fee": np.eye(4)[0]})


def test_two_documents_with_one_id_are_refused(path):
    with pytest.raises(ValueError, match="share an id"):
        build([FEE, FEE], path)


def test_an_empty_index_answers_with_nothing(path):
    build([], path)

    assert open_index(path).search("opłata") == []


def test_the_order_of_hits_does_not_depend_on_k(index):
    assert (
        ids(index.search("opłata zł karta", k=2)) == ids(index.search("opłata zł karta", k=5))[:2]
    )


def test_any_change_of_a_document_changes_the_hash():
    changed = document(FEE.text, id="fee", group="residence", title="Karta pobytu")

    assert corpus_hash([FEE]) == corpus_hash([FEE])
    assert corpus_hash([FEE]) != corpus_hash([changed])


def test_a_rebuilt_index_is_taken_up_while_the_old_one_serves(path):
    live = LiveIndex(path)
    assert live.get() is None
    build([WAGE], path)
    before = live.get()
    build([FEE], path)

    after = live.get()

    assert ids(before.search("wynagrodzenie")) == ["wage"]
    assert ids(after.search("karta pobytu")) == ["fee"]
    assert live.get() is after


def test_a_damaged_new_index_leaves_the_old_one_serving(path, caplog):
    build([WAGE], path)
    live = LiveIndex(path)
    live.get()
    damaged = path.with_suffix(".tmp")
    damaged.write_bytes(b"broken")
    damaged.replace(path)

    assert ids(live.get().search("wynagrodzenie")) == ["wage"]
    assert "search.index_unreadable" in caplog.text


def test_a_failed_build_leaves_the_index_and_no_rubbish(path, monkeypatch):
    build([WAGE], path)
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))

    with pytest.raises(OSError, match="disk full"):
        build([FEE], path)

    assert [file.name for file in path.parent.iterdir()] == ["search.idx"]
    assert ids(open_index(path).search("wynagrodzenie")) == ["wage"]


def test_a_missing_index_says_so(path):
    with pytest.raises(MissingIndexError, match=r"search\.idx does not exist yet"):
        open_index(path)


def test_an_index_of_another_format_is_refused_by_name(path, monkeypatch):
    monkeypatch.setattr(storage, "FORMAT_VERSION", 99)
    build([WAGE], path)
    monkeypatch.undo()

    with pytest.raises(IndexFileError, match=r"format passages/99, this version reads passages/2"):
        open_index(path)


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 10_000), flip=st.integers(0, 10_000), is_cut=st.booleans())
def test_a_damaged_or_cut_file_is_told_and_never_searched(tmp_path_factory, cut, flip, is_cut):
    path = tmp_path_factory.mktemp("damaged") / "search.idx"
    build([FEE, WAGE], path)
    data = bytearray(path.read_bytes())
    if is_cut:
        path.write_bytes(data[: cut % len(data)])
    else:
        data[flip % len(data)] ^= 0x55
        path.write_bytes(data)

    try:
        hits = open_index(path).search("karta pobytu")
    except IndexFileError as error:
        assert "Rebuild the index" in str(error.reason)  # noqa: PT017  # either way is right
    else:
        assert ids(hits)[0] == "fee"  # only the padding between arrays was hit


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200), question=st.text(max_size=200))
def test_any_text_can_be_indexed_and_asked(tmp_path_factory, text, question):
    path = tmp_path_factory.mktemp("any") / "search.idx"
    build([document(text, title=question), WAGE], path)

    hits = open_index(path).search(question)

    assert all(0 < hit.score <= 1.0001 for hit in hits)
