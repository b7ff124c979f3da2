"""Danger is seen first: in every language and spelling, and not where there is none."""

import json
import re
import time
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from przystan.assistant.danger import (
    KINDS,
    deciding,
    meaning,
    recognise,
    texts,
    training,
    wants_human,
    warm_up,
    wordings,
)
from przystan.assistant.danger.reading import MAX_CHARS
from przystan.assistant.danger.rules import load_yaml, rule_book
from przystan.assistant.danger.windows import MAX_WINDOWS, windows
from przystan.knowledge.search.embedders.lexical import LexicalEmbedder
from przystan.knowledge.search.vectors import VectorCache

DATA = Path(__file__).with_name("data") / "danger_messages.jsonl"
MESSAGES = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]
DANGER = [message for message in MESSAGES if message["kind"]]
ORDINARY = [message for message in MESSAGES if not message["kind"]]
LANGUAGES = ("pl", "en", "uk", "ru", "uk-Latn", "be")

# Ways in which people type Ukrainian with Latin letters: officially, by ear, with j, as Poles.
OFFICIAL = dict(
    zip("абвгґдезиіїйклмнопрстуф", "abvhgdezyiiiklmnoprstuf", strict=True),
    є="ie", ж="zh", х="kh", ц="ts", ч="ch", ш="sh", щ="shch", ь="", ю="iu", я="ia",
)  # fmt: skip
BY_EAR = OFFICIAL | {"г": "g", "є": "ye", "ї": "yi", "х": "h", "ю": "yu", "я": "ya"}
WITH_J = OFFICIAL | {"є": "je", "ї": "ji", "й": "j", "х": "x", "ю": "ju", "я": "ja", "ц": "c"}
AS_POLES = WITH_J | {"в": "w", "х": "ch", "ч": "cz", "ш": "sz", "щ": "szcz", "ж": "ż"}


def share_seen(messages, respell=str):
    return sum(recognise(respell(m["text"])) is not None for m in messages) / len(messages)


def without_diacritics(text):
    apart = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "L"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def in_latin_letters(scheme):
    plain = scheme | {"'": "", "’": ""}
    return lambda text: "".join(plain.get(letter, letter) for letter in text.lower())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_messages_of_people_in_danger_are_seen_in_every_language(lang):
    messages = [message for message in DANGER if message["lang"] == lang]

    assert len(messages) >= 25
    assert share_seen(messages) >= 0.97


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_danger_is_seen_and_named(kind):
    messages = [message for message in DANGER if message["kind"] == kind]
    signals = [recognise(message["text"]) for message in messages]
    named = [signal for signal in signals if signal and kind in (signal.kind, *signal.also)]

    assert len(messages) >= 25
    assert len(named) / len(messages) >= 0.9


def test_ordinary_questions_raise_no_alarm():
    assert len(ORDINARY) >= 300
    assert share_seen(ORDINARY) < 0.01


@pytest.mark.parametrize(
    "scheme", [OFFICIAL, BY_EAR, WITH_J, AS_POLES], ids=["official", "ear", "j", "pl"]
)
def test_ukrainian_is_read_however_it_is_typed_in_latin_letters(scheme):
    respell = in_latin_letters(scheme)

    assert share_seen([m for m in DANGER if m["lang"] == "uk"], respell) >= 0.95
    assert share_seen([m for m in ORDINARY if m["lang"] == "uk"], respell) < 0.02


def test_polish_is_read_without_diacritics():
    assert share_seen([m for m in DANGER if m["lang"] == "pl"], without_diacritics) >= 0.97
    assert share_seen([m for m in ORDINARY if m["lang"] == "pl"], without_diacritics) < 0.02


def test_capitals_and_missing_punctuation_change_nothing():
    def shouted(text):
        return re.sub("[.,!?;:]", "", text).upper()

    assert share_seen(DANGER, shouted) >= 0.97


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("szef zabral paszprot i nie oddaje", id="two letters swapped"),
        pytest.param("mażmniebije pomocy", id="no spaces"),
        pytest.param("нехочу жити", id="a lost space"),
        pytest.param("мій чоловiк бьє мене", id="a Latin letter in a Cyrillic word"),
        pytest.param("my h\u200bus\u00adband b\u200beats me", id="invisible characters"),
        pytest.param("ｍｙ ｈｕｓｂａｎｄ ｂｅａｔｓ ｍｅ", id="full-width letters"),
        pytest.param("he doesnt let me out, dont call", id="no apostrophes"),
        pytest.param("szef zabrał my passport, he not give back, ja chcę do domu", id="mixed"),
    ],
)
def test_hurried_and_odd_spelling_is_still_read(text):
    assert recognise(text) is not None


@pytest.mark.parametrize(
    ("text", "innocent"),
    [
        ("My husband beats me", "In the film a husband beats his wife, which film is it?"),
        ("Szef zabrał mi paszport", "Szefowa zrobiła kopię paszportu i oddała"),
        ("Nie chcę już żyć", "Nie chcę żyć w Warszawie, gdzie złożyć wniosek?"),
        ("він мене вб'є", "начальник мене вб'є якщо не принесу довідку"),
        ("муж бил меня", "муж был в Польше два года, считается ли стаж?"),
        ("мой муж избил меня", "мой муж побыл в Польше и уехал"),
        ("They took our passports", "Border guards took my passport for checking"),
        ("мене зґвалтували", "де курс про протидію насильству для психологів"),
        ("мій син зник", "зникла моя справа з системи"),
    ],
)
def test_the_same_words_in_an_innocent_context_are_no_danger(text, innocent):
    assert recognise(text) is not None
    assert recognise(innocent) is None


def test_a_question_about_a_crime_is_no_danger_unless_somebody_in_person_is_spoken_of():
    assert recognise("what is the punishment for rape") is None
    assert recognise("I was raped, what is the punishment for rape") is not None
    assert recognise("czy jest program zapobiegania samobójstwom dla szkół") is None
    assert recognise("mam myśli samobójcze, czy jest jakiś program pomocy") is not None


def test_despair_counts_when_nothing_follows_it():
    assert recognise("Nie wytrzymam dłużej.") is not None
    assert recognise("Nie wytrzymam dłużej tej pogody.") is None


def test_a_denied_act_is_no_danger_but_what_is_forbidden_is():
    assert recognise("my husband does not beat me, can he get a permit?") is None
    assert recognise("my husband does not let me leave the house") is not None


@pytest.mark.parametrize(
    ("text", "kind", "also"),
    [
        ("husband beats me and I want to die", "suicide", "violence"),
        ("mąż bije mnie i dziecko", "child", "violence"),
        ("бригадир б'є нас і забрав паспорти", "forced_labour", "violence"),
    ],
)
def test_the_gravest_danger_leads_and_the_others_are_kept(text, kind, also):
    signal = recognise(text)

    assert signal.kind == kind
    assert also in signal.also


def test_a_signal_holds_rule_ids_and_nothing_of_the_message():
    signal = recognise("Szef Kowalski zabrał mi paszport AB1234567")
    known = {rule.id for rule in rule_book().rules}

    assert set(signal.rules) <= known
    assert "kowalski" not in repr(signal).lower()
    assert "AB1234567" not in repr(signal)


def test_the_same_message_always_gets_the_same_answer():
    text = DANGER[0]["text"]

    assert recognise(text) == recognise(text)


@given(st.text(max_size=400))
def test_any_text_at_all_gets_an_answer(text):
    signal = recognise(text)

    assert signal is None or signal.kind in KINDS


@given(
    st.sampled_from([m["text"] for m in DANGER[:100]]),
    st.sampled_from([" ", "\n", "\u202e", "\ufeff"]),
)
def test_invisible_characters_and_spaces_around_a_message_hide_nothing(text, around):
    assert recognise(f"{around}{text}{around}") == recognise(text)


@pytest.mark.parametrize(
    "unit",
    [
        "a ",
        "не ",
        "nie daje mi ",
        "not let me .. ",
        "boss took passport ",
        "a",
        "'",
        "я́",
        "😀",
        "ab'",
    ],
)
def test_twenty_thousand_hostile_characters_take_linear_time(unit):
    long = (unit * MAX_CHARS)[:MAX_CHARS]
    recognise("warm up")
    started = time.perf_counter()
    recognise(long)

    # Some 0.4 s on one core; anything quadratic would take minutes.
    assert time.perf_counter() - started < 5


def test_what_stands_beyond_the_limit_is_not_read():
    assert recognise("a " * (MAX_CHARS // 2) + "my husband beats me") is None


def test_every_rule_says_why_and_has_an_id_of_its_own():
    folder = Path(texts.__file__).parent / "rules"
    rules = [rule for path in folder.glob("*.yaml") for rule in load_yaml(path)["rules"]]

    assert len({rule["id"] for rule in rules}) == len(rules)
    assert all(rule["why"] for rule in rules)


def test_every_concept_of_the_lexicon_is_used_by_a_rule():
    book = rule_book()
    used = {"negation", "topic", "personal"}  # of every rule: see patterns.py, Seen.is_topic
    for rule in book.rules:
        used |= {*rule.weigh, *rule.unless, *rule.unless_anywhere}.union(*rule.needs)

    assert book.vocabulary.names == used


# --- the learned layers ----------------------------------------------------------------------

IN_PASSING = (
    "Good morning, I would like to ask about my residence card. I applied in March and paid. "
    "The office asked for a copy of the lease and a photo, which I sent by post. "
    "My husband beats me every week and I hide the bruises. "
    "I also changed my address in May and told the registry. When will the decision come? "
    "Does the clerk call me or do I get a letter, and may I travel to my parents in summer?"
)


class NoVectors:
    """A library in which no vector ever comes in time."""

    def meaning(self, question, *, patience_s):
        return None


class Vectors:
    """A library that knows one vector for every text; counts how often it is asked."""

    def __init__(self, vector, model="toy"):
        self.vector, self.model, self.asked = vector, model, 0

    def meaning(self, question, *, patience_s):
        self.asked += 1
        assert patience_s <= deciding.PATIENCE_S
        return self.vector[None, :], self.model


@pytest.fixture
def toy_meaning(tmp_path, monkeypatch):
    """A layer of meaning in which the first axis is danger and the second is ordinary."""
    path = tmp_path / "toy.npz"
    meaning.save(
        path,
        centre=np.zeros(2, np.float32),
        gamma=1.0,
        support=np.eye(2, dtype=np.float32),
        coefficients=np.array([20.0, -20.0]),
        bias=0.0,
        kinds=np.zeros((2, len(KINDS))),
        kinds_bias=np.zeros(len(KINDS)),
    )
    layer = meaning.Meaning(path)
    monkeypatch.setattr(deciding, "meaning", lambda model_id: layer)
    return layer


def with_vector(monkeypatch, vector):
    library = Vectors(np.array(vector, np.float32))
    monkeypatch.setattr(deciding.finding, "library", lambda: library)
    return library


def test_a_danger_told_in_passing_is_read_apart_from_the_rest():
    parts = windows(IN_PASSING)

    assert len(parts) > 1
    assert " ".join(parts).split() == IN_PASSING.split()
    assert recognise(IN_PASSING) is not None


@given(st.text(alphabet="ab .!\n", max_size=900))
def test_parts_lose_no_word_and_stay_few(text):
    parts = windows(text)

    assert len(parts) <= MAX_WINDOWS
    if parts and len(parts) < MAX_WINDOWS:
        assert " ".join(parts).split() == text.split()


def test_a_danger_that_no_rule_knows_is_named_by_the_layer_that_saw_it(monkeypatch, toy_meaning):
    with_vector(monkeypatch, [1, 0])
    monkeypatch.setattr("przystan.assistant.danger.recognition.rule_book", _no_rules)
    signal = recognise("they said waitress. it is not waitress")

    assert signal is not None
    assert set(signal.rules) <= {"wordings", "meaning"}
    assert "meaning" in signal.rules


class _Empty:
    def fired(self, text):
        return []


def _no_rules():
    return _Empty()


def test_without_a_vector_nothing_overrules_a_rule(monkeypatch):
    monkeypatch.setattr(deciding.finding, "library", NoVectors)
    assert recognise("szef zabrał mi paszport") is not None
    assert deciding.weighings()["without"].with_rule == training.NEVER


def test_vectors_of_an_unknown_model_are_not_used(monkeypatch):
    library = Vectors(np.ones(3, np.float32), model="a model nobody trained")
    monkeypatch.setattr(deciding.finding, "library", lambda: library)

    assert not deciding.gather("szef zabrał mi paszport").has_meaning


def test_a_long_message_asks_for_few_vectors(monkeypatch, toy_meaning):
    library = with_vector(monkeypatch, [0, 1])
    deciding.gather(" ".join([IN_PASSING] * 20))

    assert library.asked <= 1 + deciding.MAX_EMBEDDED


def test_a_broken_layer_of_meaning_is_noticed_by_the_counts(monkeypatch, toy_meaning):
    def alarms():
        return sum(recognise(m["text"]) is not None for m in ORDINARY[:60])

    with_vector(monkeypatch, [0, 1])
    sound = alarms()
    with_vector(monkeypatch, [1, 0])  # planted: everything means danger

    assert sound <= 2
    assert alarms() > 30


def test_layers_keep_and_log_nothing_of_a_message(capsys, caplog):
    secret = "Kowalska AB1234567"
    evidence = deciding.gather(f"szef zabrał mi paszport {secret}")
    found = deciding.decide(f"szef zabrał mi paszport {secret}", 1)

    assert "Kowalska" not in repr(evidence) + repr(found) + caplog.text + capsys.readouterr().out
    assert all(one.dtype.kind in "if" for one in vars_of(wordings.wordings()))


def vars_of(model):
    return [value for value in vars(model).values() if isinstance(value, np.ndarray)]


def test_shipped_weights_are_small():
    sizes = {path.name: path.stat().st_size for path in wordings.PATH.parent.glob("*.npz")}

    assert sizes["wordings.npz"] <= 600_000
    assert all(size <= 2_500_000 for size in sizes.values())


def test_warming_up_twice_changes_nothing():
    warm_up()
    before = recognise("szef zabrał mi paszport")
    warm_up()

    assert recognise("szef zabrał mi paszport") == before


TINY = [
    *(("boss holds my passport", "forced_labour", "a"), ("he beats me", "violence", "b")),
    *(("i want to die", "suicide", "c"), ("they sold me", "trafficking", "a")),
    *(("dad hits me i am ten", "child", "b"), ("where is the office", None, "a")),
    *(("how much is the card", None, "b"), ("when does the bus leave", None, "c")),
]


@pytest.fixture
def tiny(tmp_path):
    messages = [training.Message(text, "en", kind, author) for text, kind, author in TINY]
    return training.Corpus(messages, LexicalEmbedder(), VectorCache(tmp_path))


def test_training_the_same_messages_gives_the_same_weights(tiny, tmp_path):
    everything = np.full(len(TINY), fill_value=True)
    first, second = training.fit(tiny, everything), training.fit(tiny, everything)
    wordings.save(first.words, first.words_bias, tmp_path / "weights.npz")
    stored = wordings.Wordings(tmp_path / "weights.npz")

    assert np.array_equal(first.words, second.words)
    for at, (text, kind, _) in enumerate(TINY):
        score = stored.scores(text)[0]
        assert (score > 0) == (kind is not None)
        assert score == pytest.approx(first.word_scores(tiny)[at, 0], abs=0.2)


def test_an_author_is_judged_by_layers_that_have_not_learned_that_author(tiny, monkeypatch):
    learned = []
    real = training.fit
    monkeypatch.setattr(
        training, "fit", lambda corpus, mask: learned.append(mask) or real(corpus, mask)
    )
    monkeypatch.setattr(training, "_linear_kinds", _no_kinds)
    seen = training.unseen_evidence(tiny)

    assert len(seen) == len(TINY)
    assert [set(tiny.authors[~mask]) for mask in learned] == [{"a"}, {"b"}, {"c"}]


def _no_kinds(features, kinds):
    return np.zeros((features.shape[1], len(KINDS))), np.zeros(len(KINDS))


# --- approved texts --------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["pl", "en", "uk", "ru", "be", "ar"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_danger_has_a_text_that_opens_with_no_blame_and_names_help(kind, lang):
    text = texts.approved(kind, lang)

    assert text.lang == lang
    assert text.blocks[0].kind == "lead"
    assert "emergency-112" in text.services
    assert len([block for block in text.blocks if block.kind == "choice"]) == 3
    assert len({block.kind for block in text.blocks}) == 4


@pytest.mark.parametrize("lang", texts.languages())
@pytest.mark.parametrize("kind", KINDS)
def test_texts_hold_no_number_to_call_no_shouting_and_no_placeholder(kind, lang):
    spoken = " ".join(block.text for block in texts.approved(kind, lang).blocks)

    assert not re.search(r"\d{3}|\d{2} \d", spoken)
    assert "!" not in spoken
    assert "{" not in spoken
    assert "?" not in spoken, "nothing is asked of a person in danger"


def test_all_languages_name_the_same_main_help_lines():
    for kind in KINDS:
        first = {texts.approved(kind, lang).services[0] for lang in texts.languages()}
        assert len(first) == 1


def test_ukrainian_and_russian_texts_keep_to_their_own_letters():
    for kind in KINDS:
        ukrainian, russian = (
            " ".join(block.text for block in texts.approved(kind, lang).blocks)
            for lang in ("uk", "ru")
        )
        assert not set(ukrainian.lower()) & set("ыэёъ")
        assert not set(russian.lower()) & set("іїєґ")


def test_a_language_without_an_approved_text_gets_the_english_one():
    assert texts.approved("violence", "vi").lang == "en"
    assert texts.approved("violence", "uk-Latn").lang == "uk"
    assert texts.approved("violence", "ar").direction == "rtl"


# --- the wish for a human --------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "chcę rozmawiać z człowiekiem",
        "czy mogę porozmawiać z pracownikiem?",
        "nie chcę rozmawiać z botem",
        "konsultant",
        "оператор",
        "соедините с оператором",
        "живой человек",
        "хочу поговорити з людиною",
        "потрібна жива людина",
        "hochu pogovoryty z lyudynoyu",
        "talk to a person",
        "can I talk to a real person",
        "stop, I want a human",
        "хачу пагаварыць з чалавекам",
    ],
)
def test_a_wish_for_a_human_is_understood(text):
    assert wants_human(text)


@pytest.mark.parametrize(
    "text",
    [
        "praca jako operator wózka widłowego",
        "Ile kosztuje karta pobytu dla jednego człowieka?",
        "оператор станка зарплата",
        "робота оператором навантажувача",
        "human rights in Poland",
        "how do I talk to my boss about a raise",
        "чоловік хоче приїхати",
        "",
    ],
)
def test_questions_about_people_and_operators_are_no_such_wish(text):
    assert not wants_human(text)


def test_a_wish_for_a_human_is_no_danger():
    assert recognise("chcę rozmawiać z człowiekiem") is None


@pytest.mark.parametrize(
    "message",
    ["не знаю", "nie wiem", "не маю", "I want to talk to a human", "чекаю", "dziękuję bardzo"],
)
def test_a_few_words_that_every_story_holds_are_no_danger_by_themselves(message):
    assert recognise(message) is None


@pytest.mark.parametrize("message", ["nie chcę żyć", "хочу умереть", "want to die", "він мене б'є"])
def test_a_few_words_that_say_danger_are_danger(message):
    assert recognise(message) is not None
