"""The two figures of OMoS-QA: how well lines are found, how well "no answer" is told.

Precision and recall of lines are averaged over the questions whose page answers (precision is
1 where nothing was said), F1 is their harmonic mean; "no answer" takes an empty answer as the
positive class. Kleinle, Prange, Friedrich: OMoS-QA, KONVENS 2024.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares from 0 to 1."""

    lines_precision: float
    lines_recall: float
    none_precision: float
    none_recall: float
    questions: int

    @property
    def lines_f1(self) -> float:
        return _harmonic(self.lines_precision, self.lines_recall)

    @property
    def none_f1(self) -> float:
        return _harmonic(self.none_precision, self.none_recall)


def score(golds: Sequence[Collection[int]], said: Sequence[Collection[int]]) -> Figures:
    """Compare what was said with the truth, question by question."""
    pairs = [(set(gold), set(mine)) for gold, mine in zip(golds, said, strict=True)]
    answerable = [(gold, mine) for gold, mine in pairs if gold]
    rightly_empty = sum(not gold and not mine for gold, mine in pairs)
    return Figures(
        _mean([len(gold & mine) / len(mine) if mine else 1.0 for gold, mine in answerable]),
        _mean([len(gold & mine) / len(gold) for gold, mine in answerable]),
        _share(rightly_empty, sum(not mine for _, mine in pairs)),
        _share(rightly_empty, len(pairs) - len(answerable)),
        len(pairs),
    )


def _mean(values: list[float]) -> float:
    return _share(sum(values), len(values))


def _share(part: float, whole: int) -> float:
    return part / whole if whole else 0.0


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0
