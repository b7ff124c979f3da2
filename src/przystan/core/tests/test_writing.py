"""The same words meet however they were typed, and nothing typed can hurt."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from przystan.core.writing import (
    MAX_TOKEN_CHARS,
    clean,
    cyrillise,
    fold,
    may_be_romanised,
    romanised_language,
    tokens,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("карта побиту", "karta pobytu", id="Ukrainian and Polish"),
        pytest.param("віза", "wiza", id="v and w"),
        pytest.param("виза", "viza", id="Russian in Latin letters"),
        pytest.param("ŻÓŁĆ gęś", "zolc ges", id="Polish without its marks"),
        pytest.param("український", "ukraiński", id="adjectives"),
        pytest.param("схема", "skhema", id="kh"),
        pytest.param("захід", "zachid", id="Polish ch"),
        pytest.param("щодо", "shchodo", id="shch"),
        pytest.param("зв'язок", "звʼязок", id="two apostrophes"),
        pytest.param("и\u0306од", "йод", id="decomposed letters"),
        pytest.param("PE\u200bSEL\u202e", "pesel", id="zero width and direction marks"),
        pytest.param("２０２６", "2026", id="full-width digits"),
        pytest.param("٣٤ zł", "34 zl", id="Arabic digits"),
        pytest.param("Straße", "STRASSE", id="German"),
    ],
)
def test_spellings_of_one_word_have_one_key(one, other):
    assert fold(one) == fold(other)


def test_different_words_stay_different():
    assert fold("praca") != fold("prawo")
    assert tokens("art. 114 ust. 1") == ["art", "114", "ust", "1"]


@pytest.mark.parametrize(
    ("typed", "language", "meant"),
    [
        ("yak otrymaty kartu pobytu", "uk", "як отримати карту побиту"),
        ("jak otrymaty kartu", "uk", "як отримати карту"),
        ("shcho robyty", "uk", "що робити"),
        ("hto mozhe dopomohty", "uk", "хто може допомогти"),
        ("ukrainskyi dokument", "uk", "украінский документ"),
        ("moyi dity", "uk", "мої діти"),
        ("tsey cholovik", "uk", "цей чоловік"),
        ("robotodavets", "uk", "роботодавець"),
        ("kak poluchit' kartu", "ru", "как получить карту"),
        ("chto delat' dlya rebenka", "ru", "что делать для ребенка"),
        ("novyy dogovor", "ru", "новый договор"),
        ("PESEL 123", "uk", "песел 123"),
    ],
)
def test_latin_letters_are_written_back_in_cyrillic(typed, language, meant):
    assert cyrillise(typed, language) == meant


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("yak otrymaty kartu pobytu", "uk"),
        ("shcho robyty yakshcho ne platyat zarplatu", "uk"),
        ("kak poluchit kartu pobyta", "ru"),
        ("rabotodatel ne platit dengi", "ru"),
        ("jak dostac karte pobytu", None),
        ("czy moge pracowac bez zezwolenia", None),
        ("how to get a residence card", None),
        ("Як отримати карту", None),
        ("gdzie złożyć wniosek", None),
        ("", None),
    ],
)
def test_ukrainian_and_russian_in_latin_letters_are_recognised(text, language):
    assert romanised_language(text) == language


def test_a_second_spelling_is_tried_only_without_signs_of_another_language():
    assert may_be_romanised("pratsevlashtuvannia")
    assert not may_be_romanised("gdzie jest urzad")
    assert not may_be_romanised("karta im. Łukasza")
    assert not may_be_romanised("карта")


def test_clean_text_keeps_letters_and_joins_but_no_controls():
    assert clean("  a\x00b\u202e \t\n c  ") == "ab c"
    assert clean("می\u200cخواهم") == "می\u200cخواهم"
    assert len(clean("a" + "\u0301" * 10_000)) <= 5


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_words_hold_letters_and_digits_only(text):
    assert all(word and len(word) <= MAX_TOKEN_CHARS and " " not in word for word in tokens(text))


@pytest.mark.parametrize(
    "hostile",
    [
        "a",
        "\u0301\u0327",
        "a\u0327\u0301",
        "\ufdfa",
        "sh",
        "h",
        "yi",
        "\u202e\u200b",
        "hoch ",
        "' x",
    ],
    ids=ascii,
)
def test_twenty_thousand_hostile_characters_take_no_time(hostile):
    text = (hostile * 20_000)[:20_000]
    started = time.process_time()

    fold(text), tokens(text), clean(text)
    cyrillise(text, "uk"), cyrillise(text, "ru")
    romanised_language(text), may_be_romanised(text)

    assert time.process_time() - started < 1.0
