"""The port to a chat model, and its adapter for servers that speak `/v1/chat/completions`.

`CHAT_URL` holds its address as `core.model_server` reads it.
"""

from typing import Protocol

import httpx

from przystan.core.model_server import ModelServer, ModelServerError, read_address

_TIMEOUT_S = 1.5  # a person waits: what is later than this is not shown
_MAX_RESPONSE_BYTES = 256 * 1024
_MAX_TOKENS = 600


class ChatError(Exception):
    """The model gave nothing usable in time; the reason names no text."""


class ChatModel(Protocol):
    @property
    def model_id(self) -> str: ...

    def complete(self, order: str, text: str) -> str:
        """Return what the model says to a text under an order.

        Raises:
            ChatError: not reached, too slow, refused, or in another form.
        """
        ...


def make_chat_model(setting: str) -> "ChatServer":
    """Read `CHAT_URL`.

    Raises:
        ValueError: it is not an http or https address.
    """
    client, base_url, given = read_address(setting, name="CHAT_URL", timeout_s=_TIMEOUT_S)
    return ChatServer(client, base_url, model=given.get("model", "default"))


class ChatServer:
    def __init__(self, client: httpx.Client, base_url: str, *, model: str) -> None:
        self._server = ModelServer(client, base_url, kind="chat", max_bytes=_MAX_RESPONSE_BYTES)
        self._model = model

    @property
    def model_id(self) -> str:
        return f"chat/{self._model}"

    def complete(self, order: str, text: str) -> str:
        body = {
            "model": self._model,
            "messages": [
                {"role": "system", "content": order},
                {"role": "user", "content": text},
            ],
            "temperature": 0,
            "seed": 0,
            "max_tokens": _MAX_TOKENS,
        }
        try:
            choice = self._server.ask("chat/completions", body)["choices"][0]
            if choice.get("finish_reason") not in {"stop", None}:
                raise ChatError("the chat server's answer is cut off")
            said = choice["message"]["content"]
        except ModelServerError as error:
            raise ChatError(str(error)) from error
        except (KeyError, IndexError, TypeError, AttributeError) as error:
            raise ChatError("the chat server answered in another form") from error
        if not isinstance(said, str):
            raise ChatError("the chat server answered in another form")
        return said
