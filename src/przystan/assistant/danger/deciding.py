"""Three layers, one decision: rules first, then what wordings and meaning say together.

A rule that fires makes a danger unless both other layers find the message plainly ordinary
("this form is killing me"); without a rule their sum has to reach a higher threshold.
"""

import json
import math
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from przystan.assistant.danger.meaning import Meaning, meaning
from przystan.assistant.danger.windows import windows
from przystan.assistant.danger.wordings import wordings
from przystan.knowledge import finding

PATH = Path(__file__).with_name("weights") / "deciding.json"
MAX_EMBEDDED = 4  # parts of a long message that get a vector of their own
PATIENCE_S = 1.0

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weighing:
    """How the layers add up; made by training.

    Attributes:
        weights: of the features of `Evidence.features`, in their order.
        threshold: from here on danger, though no rule fired.
        with_rule: from here on danger, when a rule fired.
    """

    weights: tuple[float, ...]
    bias: float
    threshold: float
    with_rule: float

    def score(self, features: tuple[float, ...]) -> float:
        return math.fsum(w * x for w, x in zip(self.weights, features, strict=True)) + self.bias


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the learned layers say of one message: of its whole and of its most telling part.

    Attributes:
        wordings, meaning: (parts, 1 + kinds), the whole message first; no row of `meaning`
            when no vector came in time.
    """

    wordings: Scores
    meaning: Scores

    @property
    def has_meaning(self) -> bool:
        return len(self.meaning) > 0

    def features(self, n_rules: int) -> tuple[float, ...]:
        words = (float(self.wordings[0, 0]), float(self.wordings[:, 0].max()))
        rules = (float(n_rules > 0), math.log1p(n_rules))
        if not self.has_meaning:
            return (*words, *rules)
        meant = (float(self.meaning[0, 0]), float(self.meaning[:, 0].max()))
        return (*words, *rules, *meant)

    def kind_scores(self) -> Scores:
        """(kinds,) of the part that tells most."""
        part = int(self.wordings[:, 0].argmax())
        total: Scores = self.wordings[part, 1:] + self.wordings[0, 1:]
        if self.has_meaning:
            total = total + self.meaning[int(self.meaning[:, 0].argmax()), 1:]
        return total


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether it is danger, and which layers say so: "wordings", "meaning", or both."""

    is_danger: bool
    layers: tuple[str, ...]
    kind: int


def decide(text: str, n_rules: int) -> Decision:
    """Weigh the layers for a message in which so many rules fired."""
    return decided(gather(text), n_rules)


def decided(evidence: Evidence, n_rules: int) -> Decision:
    weighing = weighings()["with" if evidence.has_meaning else "without"]
    score = weighing.score(evidence.features(n_rules))
    threshold = weighing.with_rule if n_rules else weighing.threshold
    return Decision(score >= threshold, _layers(evidence), int(evidence.kind_scores().argmax()))


def _layers(evidence: Evidence) -> tuple[str, ...]:
    """Those layers that lean towards danger by themselves; the stronger one if none does."""
    leaning = {"wordings": float(evidence.wordings[:, 0].max())}
    if evidence.has_meaning:
        leaning["meaning"] = float(evidence.meaning[:, 0].max())
    found = tuple(name for name, score in leaning.items() if score > 0)
    return found or (max(leaning, key=lambda name: leaning[name]),)


def gather(text: str) -> Evidence:
    """Scores of the whole message and of its parts, those with vectors within `PATIENCE_S`."""
    parts = windows(text)
    model = wordings()
    words = np.stack([model.scores(part) for part in (text, *parts)])
    most_telling = sorted(range(len(parts)), key=lambda at: -words[at + 1, 0])[:MAX_EMBEDDED]
    return Evidence(words, _meanings([text, *(parts[at] for at in sorted(most_telling))]))


def _meanings(texts: list[str]) -> Scores:
    until = time.monotonic() + PATIENCE_S
    found: list[Scores] = []
    for text in texts:
        left = until - time.monotonic()
        vectors = finding.library().meaning(text, patience_s=left) if left > 0 else None
        layer: Meaning | None = meaning(vectors[1]) if vectors else None
        if vectors is None or layer is None:
            break
        found.append(layer.scores(vectors[0]))
    return np.array(found, np.float64)


@lru_cache(maxsize=1)
def weighings() -> dict[str, Weighing]:
    raw: dict[str, dict[str, Any]] = json.loads(PATH.read_text("utf-8"))
    return {
        name: Weighing(tuple(one["weights"]), one["bias"], one["threshold"], one["with_rule"])
        for name, one in raw.items()
    }
