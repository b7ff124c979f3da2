"""Counting the layers on authors that were held out, by language and by kind."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from przystan.assistant.danger import deciding
from przystan.assistant.danger.recognition import KINDS
from przystan.assistant.danger.training import (
    EVERYDAY,
    JUDGES,
    OWN,
    Corpus,
    Mask,
    Table,
    alarms,
    weigh,
)


def by_held_out_author(
    corpus: Corpus,
    at: npt.NDArray[np.int64],
    judged: Table,
    weighing: deciding.Weighing,
    *,
    may_overrule: bool,
) -> Iterator[str]:
    """Lines of recall and false alarms: rules alone, and the layers together.

    "transferred" weighs and sets thresholds by the other authors alone; "all" by every judge,
    as shipped, with scores of layers that did not learn the author.
    """
    shipped = alarms(judged, weighing)
    yield "author     rules           together        transferred     (recall, false alarms)"
    for author in JUDGES:
        own = judged.authors == author
        if not own.any():
            continue
        others = weigh(judged.of(~own), may_overrule=may_overrule)
        cells = (judged.fired, shipped, alarms(judged, others))
        yield f"{author:10} " + "  ".join(_cell(one, judged, own) for one in cells)
    judges = np.isin(judged.authors, JUDGES)
    for name, group in (("judges", judges), (OWN, judged.authors == OWN),
                        (EVERYDAY, judged.authors == EVERYDAY)):  # fmt: skip
        yield f"{name:10} " + "  ".join(
            _cell(one, judged, group) for one in (judged.fired, shipped)
        )
    langs, kinds = corpus.langs[at], corpus.kinds[at]
    for lang in sorted(set(langs[judges])):
        group = judges & (langs == lang)
        yield f"{lang:10} " + "  ".join(
            _cell(one, judged, group) for one in (judged.fired, shipped)
        )
    for number, kind in enumerate(KINDS):
        group = judges & (kinds == number)
        yield f"{kind:14} {judged.fired[group].mean():.3f}         {shipped[group].mean():.3f}"


def _cell(seen: Mask, judged: Table, group: Mask) -> str:
    danger, ordinary = group & judged.is_danger, group & ~judged.is_danger
    recall = f"{seen[danger].mean():.3f}" if danger.any() else "  -  "
    false = f"{seen[ordinary].mean():.4f}" if ordinary.any() else "  -   "
    return f"{recall} {false}  "
