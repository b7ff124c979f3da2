"""A small page, a model trained in a second, and rows as they stand in files."""

import json
from functools import cache
from pathlib import Path

import numpy as np

from przystan.assistant.lines import training
from przystan.assistant.lines.pages import Example, Page
from przystan.assistant.lines.vectors import LetterEmbedder, Reader

_TOPICS = {
    "halal": "Where can I buy halal food?",
    "kindergarten": "How do I find a kindergarten for my child?",
    "dentist": "Which dentist takes patients without insurance?",
    "bicycle": "Where is my bicycle repaired for free?",
    "passport": "How long does a new passport take?",
    "library": "Who may use the library?",
}
QUICK = training.Effort(seeds=(1,), rounds=40)
_FILLER = ("Opening hours change in summer.", "Please bring your documents.", "More on this page")


def page(question: str = _TOPICS["halal"], *lines: str, id: str = "1") -> Page:
    return Page(id, question, lines or _lines("halal"))


def examples(count: int = 60) -> list[Example]:
    """Half of the pages speak of what was asked, half of something else."""
    names = list(_TOPICS)
    made = []
    for number in range(count):
        asked = names[number % len(names)]
        told = asked if number % 2 else names[(number + 1) % len(names)]
        lines = (*_lines(told), f"Page {number}")
        answers = frozenset({2, 3}) if told == asked else frozenset()
        made.append(Example(Page(str(number), _TOPICS[asked], lines), answers, "en"))
    return made


def _lines(topic: str) -> tuple[str, ...]:
    told = (f"The {topic} office helps you at once.", f"Ask for {topic} at the town hall.")
    return (f"About {topic}", _FILLER[0], *told, *_FILLER[1:])


@cache
def items():
    made = examples()
    reads = Reader(LetterEmbedder()).read([one.page for one in made])
    return tuple(training.items(made, reads))


@cache
def model():
    return training.fit(items(), QUICK)


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def row(**changed: object) -> dict[str, object]:
    whole = {"id": 7, "question": "Where?", "context": "Shops\nHere.", "language": "en"}
    return whole | {"answers": [1]} | changed


def random_rows(columns: int, count: int = 400) -> np.ndarray:
    return np.random.default_rng(5).normal(size=(count, columns)).astype(np.float32)
