"""From scores to an answer: which lines to show, or none.

How many lines to show is not a threshold: the number is taken that promises most of what is
measured, precision and recall of the lines shown, if the scores are what they claim to be.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

PRECISION_COUNTS = 0.7  # the rest is recall


@dataclass(frozen=True, slots=True)
class Rule:
    """How scores are read.

    Attributes:
        refuse_above: probability of "this page does not answer" from which nothing is shown.
        sharpness: exponent on the lines' probabilities; above 1 fewer lines are shown.
    """

    refuse_above: float
    sharpness: float


def decode(chances: npt.NDArray[np.floating], refusal: float, rule: Rule) -> list[int]:
    """Indices of the lines that answer, in their order; empty: none does.

    Args:
        chances: (n,) probability of each line.
        refusal: probability that no line answers.
    """
    if refusal > rule.refuse_above or not len(chances):
        return []
    sharp = np.asarray(chances, np.float64) ** rule.sharpness
    order = np.argsort(-sharp, kind="stable")
    gathered = np.cumsum(sharp[order])
    counts = np.arange(1, len(order) + 1)
    promise = PRECISION_COUNTS * gathered / counts
    promise += (1 - PRECISION_COUNTS) * gathered / max(gathered[-1], 1e-12)
    return sorted(order[: int(promise.argmax()) + 1].tolist())
