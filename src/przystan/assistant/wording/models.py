"""The port to a chat model, and its adapter for servers that speak `/v1/chat/completions`.

`CHAT_URL=https://host/v1?model=bielik-11b&key_env=NAME&timeout=1.5`: the key itself is read from
the environment variable that `key_env` names, never from the address.
"""

import os
from typing import Protocol
from urllib.parse import parse_qs, urlsplit, urlunsplit

import httpx

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
    parts = urlsplit(setting)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("CHAT_URL: expected an http or https address")
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    key = os.environ.get(given.get("key_env", ""), "")
    client = httpx.Client(
        timeout=float(given.get("timeout", _TIMEOUT_S)),
        headers={"Authorization": f"Bearer {key}"} if key else {},
        follow_redirects=False,
    )
    url = urlunsplit(parts._replace(query="", fragment=""))
    return ChatServer(client, url, model=given.get("model", "default"))


class ChatServer:
    def __init__(self, client: httpx.Client, base_url: str, *, model: str) -> None:
        self._client = client
        self._url = f"{base_url.rstrip('/')}/chat/completions"
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
            with self._client.stream("POST", self._url, json=body) as response:
                if response.is_error or response.is_redirect:
                    raise ChatError(f"the chat server answered {response.status_code}")
                content = b""
                for chunk in response.iter_bytes():
                    content += chunk
                    if len(content) > _MAX_RESPONSE_BYTES:
                        raise ChatError("the chat server's answer is too large")
            choice = httpx.Response(200, content=content).json()["choices"][0]
            if choice.get("finish_reason") not in {"stop", None}:
                raise ChatError("the chat server's answer is cut off")
            said = choice["message"]["content"]
        except httpx.HTTPError as error:
            raise ChatError("the chat server cannot be reached in time") from error
        except (KeyError, IndexError, TypeError, AttributeError, ValueError) as error:
            raise ChatError("the chat server answered in another form") from error
        if not isinstance(said, str):
            raise ChatError("the chat server answered in another form")
        return said
