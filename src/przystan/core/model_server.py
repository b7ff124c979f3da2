"""A server of models that is asked by JSON over HTTP, as vLLM, TEI and llama.cpp serve them.

The setting is its address with what belongs to it:
`https://host/v1?model=bielik-11b&key_env=NAME&timeout=1.5`. The key itself is read from the
environment variable that `key_env` names, never from the address.
"""

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import httpx


class ModelServerError(Exception):
    """Nothing usable came; the reason is for the log and names no text."""


class ModelServer:
    """One address and its client; an answer is read up to a limit and follows no redirect."""

    def __init__(self, client: httpx.Client, base_url: str, *, kind: str, max_bytes: int) -> None:
        """`kind` names the server in reasons, for example "chat"."""
        self._client, self._base = client, base_url.rstrip("/")
        self._kind, self._max_bytes = kind, max_bytes

    def ask(self, path: str, body: Mapping[str, object]) -> Any:
        """Post a body and return the JSON that came.

        Raises:
            ModelServerError: not reached in time, refused, too large, or no JSON.
        """
        try:
            with self._client.stream("POST", f"{self._base}/{path}", json=body) as response:
                if response.is_error or response.is_redirect:
                    raise ModelServerError(
                        f"the {self._kind} server answered {response.status_code}"
                    )
                content = b""
                for chunk in response.iter_bytes():
                    content += chunk
                    if len(content) > self._max_bytes:
                        raise ModelServerError(f"the {self._kind} server's answer is too large")
            return httpx.Response(200, content=content).json()
        except httpx.HTTPError as error:
            raise ModelServerError(f"the {self._kind} server cannot be reached in time") from error
        except ValueError as error:
            raise ModelServerError(f"the {self._kind} server answered in another form") from error


def read_address(
    setting: str, *, name: str, timeout_s: float
) -> tuple[httpx.Client, str, dict[str, str]]:
    """The client, the plain address and the parameters of a setting called `name`.

    Raises:
        ValueError: it is not an http or https address.
    """
    parts = urlsplit(setting)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{name}: expected an http or https address")
    given = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    key = os.environ.get(given.get("key_env", ""), "")
    client = httpx.Client(
        timeout=float(given.get("timeout", timeout_s)),
        headers={"Authorization": f"Bearer {key}"} if key else {},
        follow_redirects=False,
    )
    return client, urlunsplit(parts._replace(query="", fragment="")), given
