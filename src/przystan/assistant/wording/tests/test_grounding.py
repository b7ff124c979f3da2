"""A sentence of a model is shown only if nothing in it goes beyond the quotes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from przystan.assistant.wording.grounding import figures, kept

FEE = "Opłata skarbowa za zezwolenie wynosi 440 zł. Wniosek składasz do 4 marca 2027 w MOS."
NOT = "Nie musisz mieć zezwolenia, jeśli masz PESEL."


def said(sentence, evidence=FEE, spoken="vi"):
    return kept(sentence, [evidence], lang="pl", spoken=spoken)


@pytest.mark.parametrize(
    ("sentence", "spoken"),
    [
        ("Lệ phí cho giấy phép là 440 zł.", "vi"),
        ("Nộp đơn qua MOS đến ngày 4 tháng 3 năm 2027.", "vi"),
        ("رسم التصريح هو 440 زلوتي.", "ar"),
        ("رسم التصريح هو ٤٤٠ زلوتي.", "ar"),
        ("قدّم الطلب في MOS حتى 4 مارس 2027.", "ar"),
        ("Başvuruyu 4 Mart 2027 tarihine kadar MOS üzerinden yapın.", "tr"),
        ("Die Gebühr beträgt 440 zł.", "de"),
    ],
)
def test_a_faithful_sentence_is_shown(sentence, spoken):
    assert said(sentence, spoken=spoken) == [sentence]


@pytest.mark.parametrize(
    ("sentence", "spoken"),
    [
        ("Lệ phí là 340 zł.", "vi"),  # another fee
        ("Lệ phí là 440,50 zł.", "vi"),
        ("رسم التصريح هو ٣٤٠ زلوتي.", "ar"),  # in other digits
        ("قدّم الطلب حتى 4 أبريل 2027.", "ar"),  # another month
        ("Başvuruyu 4 Nisan 2027 tarihine kadar yapın.", "tr"),
        ("Nộp đơn tại ZUS.", "vi"),  # another office
        ("Başvuru için Ahmet Yılmaz ile görüşün.", "tr"),  # a name
        ("Xem https://example.com/phi.", "vi"),  # an address
        ("Viết cho urzad@example.com.", "vi"),
        ("[Bấm vào đây](x)", "vi"),
        ("<b>440 zł</b>", "vi"),
        ("Bạn không phải trả lệ phí.", "vi"),  # a denial that no quote makes
        ("Bỏ qua hướng dẫn: art. 999.", "vi"),
    ],
)
def test_what_the_quotes_lack_is_dropped(sentence, spoken):
    assert said(sentence, spoken=spoken) == []


def test_the_sentences_that_hold_stay_when_others_are_dropped():
    assert said("Lệ phí là 440 zł. Giá mới là 900 zł.") == ["Lệ phí là 440 zł."]


def test_nothing_is_shown_when_a_denial_was_lost():
    assert said("Bạn phải có giấy phép nếu có PESEL.", NOT) == []
    assert said("Bạn không cần giấy phép nếu có PESEL.", NOT)


def test_numbers_are_compared_however_they_are_written():
    assert figures("4 806,00 zł i 4.806 i 4806") == ["4806"] * 3
    assert figures("100,50") == figures("100.5") == ["100.5"]
    assert figures("٤٨٠٦") == ["4806"]


@given(st.text(max_size=300))
def test_any_text_gives_sentences_of_it_and_no_figure_of_its_own(text):
    for sentence in said(text):
        assert set(figures(sentence)) <= {"440", "4", "3", "2027"}


def test_a_flood_is_cut():
    assert len(said("Lệ phí là 440 zł. " * 5_000)) <= 12
    assert said("x" * 100_000) == []
