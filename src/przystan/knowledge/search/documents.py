"""What is searched and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Document:
    """A passage: the smallest text that can be found and cited.

    `id` is unique in an index; `group` names the page or provision that the passage is a part
    of (its language versions share it). `titles` are translations of the title by language tag
    and `questions` example questions, in any language: they are searched, never shown.
    `valid_from` and `valid_to` are the first and the last day on which the text is right.
    """

    id: str
    group: str
    lang: str
    text: str
    title: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    def passages_to_embed(self) -> list[str]:
        """Texts whose vectors stand for this passage; the best of them counts.

        The titles in all languages make a second text: a question in a language that the
        passage is not written in is often nearer to its translated title than to its text.
        """
        body = f"{self.title}\n{self.text}" if self.title else self.text
        others = [title for title in self.titles.values() if title and title != self.title]
        aliases = " ".join([*others, *self.questions])
        return [body, aliases] if aliases else [body]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. `score` orders the hits of one search and compares with no other.

    `lexical` is the share of the question's weight that the passage holds, in [0, 1];
    `dense` the cosine of question and passage, None when no vector took part; `matched` are
    the question's folded words that stand in the passage, its titles or example questions.
    """

    id: str
    group: str
    lang: str
    score: float
    lexical: float
    dense: float | None
    matched: tuple[str, ...]
