"""A chat model may say quotes in another language; the answer never depends on it."""

import httpx
import pytest

from przystan.assistant import wording
from przystan.assistant.wording import Reworder
from przystan.assistant.wording.models import ChatError, ChatServer, make_chat_model

QUOTES = ("Opłata skarbowa wynosi 440 zł.",)
FAITHFUL = "Lệ phí là 440 zł."


class Model:
    model_id = "chat/test"

    def __init__(self, said):
        self.said, self.seen = said, []

    def complete(self, order, text):
        self.seen.append((order, text))
        if isinstance(self.said, Exception):
            raise self.said
        return self.said


def reword(model, **given):
    return Reworder(model).reword(QUOTES, **({"lang": "pl", "spoken": "vi"} | given))


def test_a_faithful_translation_names_its_model():
    made = reword(Model(FAITHFUL))

    assert (made.sentences, made.lang, made.model) == ((FAITHFUL,), "vi", "chat/test")


def test_the_model_sees_the_quotes_and_nothing_else():
    model = Model(FAITHFUL)
    reword(model)

    assert model.seen[0][1] == QUOTES[0]


def test_the_same_quotes_are_translated_once():
    model = Model(FAITHFUL)
    reworder = Reworder(model)
    for _ in range(3):
        assert reworder.reword(QUOTES, lang="pl", spoken="vi")

    assert len(model.seen) == 1


def test_a_translation_of_which_nothing_holds_is_not_shown_nor_asked_for_again():
    model = Model("Lệ phí là 900 zł.")

    assert reword(model) is None
    assert reword(model) is None
    assert len(model.seen) == 1


def test_after_a_failure_nobody_waits_for_the_model():
    model = Model(ChatError("too slow"))
    reworder = Reworder(model)

    assert reworder.reword(QUOTES, lang="pl", spoken="vi") is None
    assert reworder.reword(QUOTES, lang="pl", spoken="ar") is None
    assert len(model.seen) == 1


def test_an_unknown_language_is_not_guessed():
    assert reword(Model(FAITHFUL), spoken="tlh") is None


def test_without_a_model_there_is_no_rewording(settings):
    settings.CHAT_URL = ""

    assert wording.reword(QUOTES, lang="pl", spoken="vi") is None


def test_quotes_in_the_persons_language_need_none(settings):
    settings.CHAT_URL = "http://127.0.0.1:9/v1"

    assert wording.reword(QUOTES, lang="pl", spoken="uk") is None


def server(answer):
    client = httpx.Client(transport=httpx.MockTransport(answer))
    return ChatServer(client, "http://models.test/v1", model="m")


def completion(content, reason="stop"):
    return {"choices": [{"finish_reason": reason, "message": {"content": content}}]}


def test_a_server_is_asked_in_the_common_form():
    asked = []

    def answer(request):
        asked.append(request)
        return httpx.Response(200, json=completion(FAITHFUL))

    assert server(answer).complete("order", "text") == FAITHFUL
    assert asked[0].url.path == "/v1/chat/completions"
    assert b'"temperature":0' in asked[0].content


def slow(request):
    raise httpx.ReadTimeout("slow", request=request)


@pytest.mark.parametrize(
    "answer",
    [
        slow,
        lambda _: httpx.Response(500),
        lambda _: httpx.Response(302, headers={"Location": "http://elsewhere.test"}),
        lambda _: httpx.Response(200, content=b"not json"),
        lambda _: httpx.Response(200, json={"choices": []}),
        lambda _: httpx.Response(200, json=completion(None)),
        lambda _: httpx.Response(200, json=completion("half a sen", "length")),
        lambda _: httpx.Response(200, content=b"x" * 300_000),
        lambda _: httpx.Response(200, json=[1, 2]),
    ],
)
def test_a_server_that_fails_says_so_without_any_text(answer):
    with pytest.raises(ChatError) as caught:
        server(answer).complete("order", "a secret")

    assert "secret" not in str(caught.value)


def test_an_address_that_is_none_is_refused():
    with pytest.raises(ValueError, match="http or https"):
        make_chat_model("file:///etc/passwd")
