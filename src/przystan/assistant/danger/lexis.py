"""Looking words up: whole words and stems, in time that depends on the word alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class WordIndex(Generic[T]):
    """What is filed under whole words and under stems (beginnings of words)."""

    words: dict[str, T] = field(default_factory=dict)
    stems: dict[str, T] = field(default_factory=dict)
    _lengths: tuple[int, ...] = ()

    def close(self) -> None:
        """Call once everything is filed."""
        self._lengths = tuple(sorted({len(stem) for stem in self.stems}))

    def of(self, form: str) -> Iterator[T]:
        """Everything filed under the word or under a stem that it begins with."""
        if form in self.words:
            yield self.words[form]
        for stem in self.stems_of(form):
            yield self.stems[stem]

    def stems_of(self, form: str) -> Iterator[str]:
        for length in self._lengths:
            if length > len(form):
                return
            if form[:length] in self.stems:
                yield form[:length]

    def knows(self, form: str) -> bool:
        return form in self.words or any(True for _ in self.stems_of(form))
