"""How a text of one room names a thing of another: by kind and id, never by import.

A room registers a resolver for its kinds ("service", "procedure"); `knowledge` asks here
when it renders `{service:kcik}`. Registering happens in the owning app's `ready()`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a reference becomes on a page: the words, and where they lead."""

    text: str
    url: str = ""


Resolver = Callable[[str, str, date], Resolved | None]
_RESOLVERS: dict[str, Resolver] = {}


def register(kind: str, resolver: Resolver) -> None:
    """`resolver(id, language, on)` returns the words of that day, or None."""
    _RESOLVERS[kind] = resolver


def resolve(kind: str, id: str, language: str, on: date) -> Resolved | None:
    resolver = _RESOLVERS.get(kind)
    return resolver(id, language, on) if resolver else None


def kinds() -> set[str]:
    return set(_RESOLVERS)
