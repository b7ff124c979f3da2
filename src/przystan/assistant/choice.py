"""Which paragraphs answer, if any: the decision between an answer and a refusal.

A candidate is a question that an editor wrote down with the paragraphs that answer it. All
candidates near the person's question compete with each other and with "none of these" (a
conditional logit over few features: how near its examples are, how near the paragraphs
themselves, how much of what was found lies on its page). If the best one, with its neighbours
on the same page, is sure enough, their paragraphs answer; else the question is refused.
Weights and calibration lie in `weights/choice.json`, made by `przystan train choice` from
questions that people wrote who had not seen the articles.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from przystan.assistant.data import Turn, Verdict
from przystan.core.writing import tokens
from przystan.knowledge import finding
from przystan.knowledge.data import ParagraphKey
from przystan.knowledge.search import Hit
from przystan.knowledge.search.questions import QuestionMatch

WEIGHTS = Path(__file__).parent / "weights" / "choice.json"
FEATURES = (
    "closeness",  # to what its example questions have in common
    "best_question",  # similarity of its nearest example question
    "second_question",  # and of the next one: two agree seldom by chance
    "question_words",
    "question_meaning",
    "paragraph_words",  # share of the question's weight that its best paragraph holds
    "paragraph_meaning",
    "page_words",  # the same for the best paragraph of its article
    "page_meaning",
    "page_share",  # of the nearest passages, how many are of its article
)
# How sure an answer must be. Quotes that do not fit cost a person more than a refusal, which
# brings a human; the ratio of the two costs is that of this number to what it lacks to 1.
SURE = 0.5
# How sure we are of a question that is, word for word, an example of an editor's.
AS_WRITTEN = 0.95
_EQUAL = 0.9999  # likeness by words; rounding apart
# How much is looked at; enough that the right candidate is nearly always among it.
WIDTH = 60
_NEAREST = 8
# Lines that an answer has at the most, and how probable a candidate beside the best one must
# be, as part of the best one's probability, for its lines to be said too.
_MOST_LINES, _ALSO = 3, 0.25
# A follow-up shorter than this leans on what was said before ("and how much is it?").
_SHORT_FOLLOW_UP = 6


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted choice, and what turns its log-odds into a calibrated probability.

    Who tells more gets less of it matched, rightly or not, so the calibration knows how many
    words were asked.
    """

    bias: float
    weights: tuple[float, ...]
    slope: float = 1.0
    length: float = 0.0
    offset: float = 0.0

    def probabilities(self, features: Sequence[Sequence[float]]) -> list[float]:
        """Of each candidate; what is missing to 1 belongs to "none of these"."""
        if not features:
            return []
        scores = self.bias + np.asarray(features) @ np.asarray(self.weights)
        top = max(0.0, float(scores.max()))
        odds = np.exp(scores - top)
        return [float(one) for one in odds / (math.exp(-top) + odds.sum())]

    def confidence(self, probability: float, words: int) -> float:
        """How often an answer as probable as this one was right on questions not fitted to.

        Args:
            words: how many the question has.
        """
        odds = self.slope * logit(probability) + self.length * math.log1p(words) + self.offset
        return 1 / (1 + math.exp(-odds))


def logit(probability: float) -> float:
    """Log-odds, held within what a confidence can tell apart."""
    inside = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(inside / (1 - inside))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known question, and how near it lies to the one that was asked."""

    ref: finding.IntentRef
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What was found, and what of it answers: no keys mean a refusal."""

    found: finding.Finding
    keys: tuple[ParagraphKey, ...]
    verdict: Verdict | None
    confidence: float


@cache
def weights_for(model: str) -> Weights:
    """The weights calibrated for a model, or those of search by words alone."""
    book = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    entry = book.get(model) or book["lexical"]
    weights = tuple(entry["weights"][name] for name in FEATURES)
    return Weights(entry["bias"], weights, entry["slope"], entry["length"], entry["offset"])


def choose(
    text: str,
    *,
    lang: str,
    on: date,
    context: tuple[Turn, ...] = (),
    library: finding.Library | None = None,
    patience_s: float = finding.PATIENCE_S,
) -> Choice:
    """Find and decide.

    Args:
        context: earlier turns; a short follow-up is also read together with the last of them.
        patience_s: how long the meaning of the question is waited for.
        library: where to look; the published knowledge when not given.
    """
    books = library or finding.library()
    words = len(tokens(text))
    found = books.find(text, lang=lang, on=on, k=WIDTH, patience_s=patience_s)
    chosen = _decide(found, lang, words)
    if context and words <= _SHORT_FOLLOW_UP:
        together = f"{context[-1].question}\n{text}"
        leaning = books.find(together, lang=lang, on=on, k=WIDTH, patience_s=patience_s)
        on_page = _only(leaning, context[-1].articles)
        blended = _blended(on_page, _only(found, context[-1].articles))
        again = _decide(blended, lang, len(tokens(together)))
        return again if again.confidence > chosen.confidence else chosen
    return chosen


def _decide(found: finding.Finding, lang: str, words: int) -> Choice:
    weights = weights_for(found.model)
    near = candidates(found)
    chances = weights.probabilities([candidate.features for candidate in near])
    ranked = sorted(zip(chances, near, strict=True), key=lambda pair: -pair[0])
    probability, chosen = agreeing([(chance, one.ref) for chance, one in ranked])
    confidence = weights.confidence(probability, words) if chosen else 0.0
    if same := _same_words(found):
        chosen = chosen if same[0] in chosen else same
        confidence = max(confidence, AS_WRITTEN)
    if confidence < SURE:
        return Choice(found, (), None, confidence)
    best = chosen[0]
    answers = dict.fromkeys(id for ref in chosen for id in ref.answers)
    keys = tuple(ParagraphKey(best.version_id, id, lang) for id in answers)
    return Choice(found, keys, best.verdict, confidence)


def _same_words(found: finding.Finding) -> tuple[finding.IntentRef, ...]:
    """The known question whose example is the very words asked, if one page alone has it.

    However alike "How much is the CUKR card?" and "How much is the residence card?" are, who
    writes an example word for word means it.
    """
    same = [ref for ref, match in found.questions if match.lexical >= _EQUAL]
    return (same[0],) if len({ref.version_id for ref in same}) == 1 else ()


def agreeing(
    ranked: Sequence[tuple[float, finding.IntentRef]],
) -> tuple[float, tuple[finding.IntentRef, ...]]:
    """The best candidate, and those of its page that are nearly as probable.

    A neighbour on the same page often holds the other half of the answer. Returns the
    probability that one of them was meant, and them, as far as their lines fit an answer.
    """
    if not ranked:
        return 0.0, ()
    least, best = ranked[0][0] * _ALSO, ranked[0][1]
    total, chosen, lines = 0.0, [], set[str]()
    for chance, ref in ranked:
        together = lines | set(ref.answers)
        if chance < least or ref.version_id != best.version_id or len(together) > _MOST_LINES:
            continue
        total, lines = total + chance, together
        chosen.append(ref)
    return total, tuple(chosen)


def candidates(found: finding.Finding) -> list[Candidate]:
    """The known questions near this one, each with what speaks for it."""
    near = [hit.group for hit in found.passages[:_NEAREST]]
    pages: dict[str, list[Hit]] = {}
    for hit in found.passages:
        pages.setdefault(hit.group, []).append(hit)
    return [
        Candidate(ref, _features(ref, match, pages.get(ref.article, []), near))
        for ref, match in found.questions
    ]


def _features(
    ref: finding.IntentRef, match: QuestionMatch, page: Sequence[Hit], near: Sequence[str]
) -> tuple[float, ...]:
    own = [hit for hit in page if finding.key_of(hit.id).paragraph_id in ref.answers]
    return (
        max(0.0, match.closeness or 0.0),
        match.similarity,
        match.second,
        match.lexical,
        _cosine([match.dense]),
        max((hit.lexical for hit in own), default=0.0),
        _cosine(hit.dense for hit in own),
        max((hit.lexical for hit in page), default=0.0),
        _cosine(hit.dense for hit in page),
        near.count(ref.article) / _NEAREST,
    )


def _cosine(values: Iterable[float | None]) -> float:
    """The narrow band of the model's cosines (0.75 to 0.95) spread over 0 to 1."""
    best = max((value for value in values if value is not None), default=0.75)
    return min(1.0, max(0.0, (best - 0.75) / 0.2))


def _only(found: finding.Finding, articles: Sequence[str]) -> finding.Finding:
    """What of the found lies on pages that were spoken of."""
    return finding.Finding(
        tuple(pair for pair in found.questions if pair[0].article in articles),
        tuple(hit for hit in found.passages if hit.group in articles),
        found.model,
    )


def _blended(leaning: finding.Finding, alone: finding.Finding) -> finding.Finding:
    """Both readings of a follow-up; of one known question the nearer match counts."""
    best: dict[finding.IntentRef, tuple[finding.IntentRef, QuestionMatch]] = {}
    for ref, match in (*leaning.questions, *alone.questions):
        known = best.get(ref)
        if known is None or match.similarity > known[1].similarity:
            best[ref] = (ref, match)
    questions = sorted(best.values(), key=lambda pair: -pair[1].similarity)
    return finding.Finding(tuple(questions), leaning.passages or alone.passages, leaning.model)
