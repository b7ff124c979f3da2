"""A text is embedded once for each model; an interrupted write costs one vector."""

import numpy as np

from przystan.knowledge.search.tests.factories import BagOfWords, document
from przystan.knowledge.search.vectors import VectorCache, _restored, _rounded


def test_a_text_is_embedded_once(tmp_path):
    embedder, cache = BagOfWords(), VectorCache(tmp_path)
    first = cache.embed(embedder, ["karta", "praca", "karta"])

    again = VectorCache(tmp_path).embed(embedder, ["praca", "karta"])

    assert embedder.embedded == ["karta", "praca"]
    assert np.array_equal(first[[1, 0]], again)
    assert cache.known(embedder, ["karta", "nowa"]) == 1


def test_models_and_kinds_are_never_mixed(tmp_path):
    embedder, cache = BagOfWords(), VectorCache(tmp_path)
    cache.embed(embedder, ["karta"])
    cache.embed(embedder, ["karta"], kind="query")
    other = BagOfWords()
    other.model_id = "another"

    cache.embed(other, ["karta"])

    assert embedder.embedded == ["karta", "karta"]
    assert other.embedded == ["karta"]


def test_a_record_cut_off_by_a_crash_is_made_again(tmp_path):
    embedder, cache = BagOfWords(), VectorCache(tmp_path)
    cache.embed(embedder, ["karta", "praca"])
    file = next(tmp_path.iterdir())
    file.write_bytes(file.read_bytes()[:-7])

    vectors = cache.embed(embedder, ["karta", "praca", "szkoła"])

    assert embedder.embedded == ["karta", "praca", "praca", "szkoła"]
    assert np.array_equal(
        vectors, VectorCache(tmp_path).embed(embedder, ["karta", "praca", "szkoła"])
    )


def test_an_index_can_be_built_at_once_from_what_is_known(tmp_path):
    embedder, cache = BagOfWords(), VectorCache(tmp_path)
    old, new = document("karta", titles={"uk": "карта"}), document("praca")
    cache.for_documents(embedder, [old])
    embedder.embedded.clear()

    vectors = cache.for_documents(embedder, [old, new], only_known=True)

    assert list(vectors) == [old.id]
    assert vectors[old.id].shape == (2, BagOfWords.dim)
    assert embedder.embedded == []


def test_what_is_forgotten_leaves_no_vector(tmp_path):
    embedder, cache = BagOfWords(), VectorCache(tmp_path)
    cache.embed(embedder, ["karta", "sekret"])

    cache.forget(embedder, ["karta"])

    assert cache.known(embedder, ["karta"]) == 1
    assert cache.known(embedder, ["sekret"]) == 0


def test_rounding_moves_no_cosine_by_more_than_a_hair(tmp_path):
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(50, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    records = _rounded([bytes([i] * 16) for i in range(50)], vectors)
    kept = np.stack([*_restored(records).values()])

    assert np.abs(kept @ kept.T - vectors @ vectors.T).max() < 0.003
    assert records.nbytes < vectors.nbytes / 3
