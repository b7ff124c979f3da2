"""The language of a question is recognised, suggested or left open, and answered in another."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from przystan.assistant.language import ENABLED, Detected, answer_language, detect, script_of

DATA = Path(__file__).with_name("data") / "danger_messages.jsonl"
MESSAGES = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]
CONTENT = ("pl", "uk", "ru", "en")

SAMPLES = {
    "pl": "Jak złożyć wniosek o kartę pobytu w Warszawie?",
    "en": "How long do I wait for the residence card?",
    "uk": "Скільки чекати на карту побиту у Варшаві?",
    "ru": "Сколько ждать карту побыту в Варшаве?",
    "be": "Колькі чакаць карту побыту ў Варшаве?",
    "ar": "كم من الوقت يجب أن أنتظر بطاقة الإقامة؟",
    "vi": "Tôi phải đợi thẻ cư trú bao lâu ở Warszawa?",
    "tr": "Oturma kartı için ne kadar beklemem gerekiyor?",
    "es": "¿Cuánto tiempo tengo que esperar la tarjeta de residencia?",
    "ka": "რამდენ ხანს უნდა ველოდო ბინადრობის ბარათს?",
    "hi": "मुझे निवास कार्ड के लिए कितना इंतज़ार करना होगा?",
    "de": "Wie lange muss ich auf die Aufenthaltskarte warten?",
    "fr": "Combien de temps dois-je attendre la carte de séjour ?",
    "ro": "Cât timp trebuie să aștept permisul de ședere?",
}


def test_the_samples_cover_every_enabled_language():
    assert set(SAMPLES) == set(ENABLED)


@pytest.mark.parametrize("lang", ENABLED)
def test_a_whole_question_tells_its_language(lang):
    assert detect(SAMPLES[lang]).tag == lang


@pytest.mark.parametrize(
    ("lang", "floor"),
    [("pl", 0.98), ("en", 0.95), ("uk", 0.98), ("ru", 0.96), ("be", 0.96), ("uk-Latn", 0.92)],
)
def test_short_messages_of_real_life_are_recognised(lang, floor):
    texts = [message["text"] for message in MESSAGES if message["lang"] == lang]
    page = lang.split("-")[0]
    right = sum(detect(text, interface=page).tag == lang for text in texts)

    assert right / len(texts) >= floor


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("skilky koshtuye karta pobytu", "uk-Latn"),
        ("yak zapysaty dytynu do shkoly", "uk-Latn"),
        ("shcho robyty yakshcho ne zaplatyly", "uk-Latn"),
        ("jak otrymaty dozvil na robotu bez vizy, dopomozhit bud laska", "uk-Latn"),
        ("skolko stoit karta pobytu", "ru-Latn"),
        ("kak razvestis v polshe, muzh ne hochet", "ru-Latn"),
        ("poteryal pasport chto delat", "ru-Latn"),
    ],
)
def test_ukrainian_and_russian_typed_in_latin_letters_are_recognised(text, tag):
    assert detect(text).tag == tag
    assert detect(text).base in {"uk", "ru"}


@pytest.mark.parametrize(
    "text",
    [
        "ile kosztuje karta pobytu i ile sie czeka",
        "szef nie placi nadgodzin co moge zrobic",
        "czy moge pracowac bez zezwolenia jako student",
        "how much is the karta pobytu and where do I pay",
        "oturma izni icin hangi belgeler lazim",
        "quiero renovar mi tarjeta, donde puedo",
    ],
)
def test_polish_without_diacritics_and_others_are_not_taken_for_romanised(text):
    assert not detect(text).tag.endswith("-Latn")


def test_polish_without_diacritics_stays_polish():
    assert detect("szef nie placi nadgodzin co moge zrobic").tag == "pl"


def test_the_chosen_language_always_wins():
    assert detect(SAMPLES["uk"], interface="pl", chosen="en") == Detected("en", 1.0, "Cyrl")


@pytest.mark.parametrize("text", ["PESEL", "karta pobytu", "passport lost"])
def test_one_or_two_words_leave_the_language_of_the_page_as_a_suggestion(text):
    found = detect(text, interface="en")

    assert found.tag == "en"
    assert not found.is_sure
    assert found.alternatives


def test_the_page_is_no_suggestion_for_another_script():
    assert detect("карта побиту", interface="pl").tag in {"uk", "ru", "be"}


@pytest.mark.parametrize(
    ("text", "script"),
    [
        pytest.param("", "Zyyy", id="empty"),
        pytest.param("   \n", "Zyyy", id="spaces"),
        pytest.param("😀😀", "Zyyy", id="emoji"),
        pytest.param("12345 2026-11-22", "Zyyy", id="numbers"),
        pytest.param("?!…", "Zyyy", id="punctuation"),
        pytest.param("\x00\x01\u202e", "Zyyy", id="controls"),
    ],
)
def test_a_text_that_tells_nothing_is_read_in_the_language_of_the_page(text, script):
    assert detect(text, interface="uk") == Detected("uk", 0.0, script)
    assert detect(text) == Detected("und", 0.0, script)


def test_mixed_directions_go_by_the_script_of_most_letters():
    arabic = detect("كم من الوقت يجب أن أنتظر karta pobytu في وارسو؟", interface="pl")

    assert (arabic.tag, arabic.script) == ("ar", "Arab")
    assert script_of("karta pobytu كم") == "Latn"


def test_letters_that_an_alphabet_lacks_rule_its_language_out():
    # "і" and "ї" are no Russian letters, "ы" is no Ukrainian one, Belarusian has no "и".
    assert detect("чи можна ввезти ліки і таблетки").tag == "uk"
    assert detect("мне 14 лет и папа меня бьёт").tag == "ru"


def test_twenty_thousand_characters_take_no_longer_than_the_first_lines():
    detect("warm up")
    started = time.perf_counter()
    found = detect((SAMPLES["pl"] + " ") * 500)

    assert found.tag == "pl"
    assert time.perf_counter() - started < 0.5


def test_the_detector_is_loaded_once_though_many_ask_at_once():
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(detect, list(SAMPLES.values()) * 4))

    assert [one.tag for one in found] == list(SAMPLES) * 4


@given(st.text(max_size=300))
def test_any_text_at_all_has_a_defined_result(text):
    found = detect(text, interface="pl")

    assert found.tag
    assert 0.0 <= found.confidence <= 1.0
    assert len(found.script) == 4


# --- in which language to answer --------------------------------------------------------------


@pytest.mark.parametrize("tag", CONTENT)
def test_a_language_with_content_is_answered_in_itself_without_a_notice(tag):
    answer = answer_language(Detected(tag, 0.9, "Latn"), CONTENT, interface="pl")

    assert (answer.tag, answer.needs_notice) == (tag, False)


@pytest.mark.parametrize(("tag", "read"), [("uk-Latn", "uk"), ("ru-Latn", "ru")])
def test_latin_letters_are_answered_in_the_languages_own_letters(tag, read):
    answer = answer_language(Detected(tag, 0.8, "Latn"), CONTENT)

    assert (answer.tag, answer.needs_notice) == (read, False)


@pytest.mark.parametrize(
    ("tag", "page", "read"),
    [
        pytest.param("be", "pl", "pl", id="what the person chose to read"),
        pytest.param("be", None, "ru", id="nothing is known of the page"),
        pytest.param("be", "ar", "ru", id="the page has no content either"),
        pytest.param("vi", "pl", "pl", id="page"),
        pytest.param("vi", None, "en", id="no page"),
        pytest.param("und", None, "en", id="no language at all"),
    ],
)
def test_other_languages_get_the_one_they_read_and_are_told_so(tag, page, read):
    answer = answer_language(Detected(tag, 0.9, "Cyrl"), CONTENT, interface=page)

    assert (answer.tag, answer.needs_notice) == (read, True)


def test_without_english_content_the_first_content_language_is_the_last_resort():
    assert answer_language(Detected("vi", 0.9, "Latn"), ("pl", "uk")).tag == "pl"
