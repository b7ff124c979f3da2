"""Which paragraphs answer, if any: the decision between an answer and a refusal.

A candidate is a question that an editor wrote down with the paragraphs that answer it. Each
candidate near the person's question gets the probability that it is what was asked, from a
logistic model of few features: how near its example questions are, how near the paragraphs
themselves, how much of what was found lies on its page. The best one answers if its
probability reaches the threshold; else the question is refused. Weights and threshold lie in
`weights/choice.json`, made by `przystan train choice` from the articles' own questions.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from przystan.assistant.data import Turn, Verdict
from przystan.core.writing import tokens
from przystan.knowledge import finding
from przystan.knowledge.data import ParagraphKey
from przystan.knowledge.search import Hit
from przystan.knowledge.search.questions import QuestionMatch

WEIGHTS = Path(__file__).parent / "weights" / "choice.json"
FEATURES = (
    "best_question",  # similarity of its nearest example question
    "second_question",  # and of the next one: two agree seldom by chance
    "question_words",
    "question_meaning",
    "paragraph_words",  # share of the question's weight that its best paragraph holds
    "paragraph_meaning",
    "page_words",  # the same for the best paragraph of its article
    "page_share",  # of the nearest passages, how many are of its article
    "lead",  # how far its nearest example question is before that of any other
    "length",
)
# How much is looked at; enough that the right candidate is nearly always among it.
WIDTH = 60
_NEAREST = 8
# Candidates that may share one answer, and lines that an answer has at the most.
_AGREEING, _MOST_LINES = 2, 3
# A follow-up shorter than this leans on what was said before ("and how much is it?").
_SHORT_FOLLOW_UP = 6


@dataclass(frozen=True, slots=True)
class Weights:
    bias: float
    weights: tuple[float, ...]
    threshold: float

    def probability(self, features: Sequence[float]) -> float:
        total = self.bias + sum(w * f for w, f in zip(self.weights, features, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


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
    probability: float


@cache
def weights_for(model: str) -> Weights:
    """The weights calibrated for a model, or those of search by words alone."""
    book = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    entry = book.get(model) or book["lexical"]
    return Weights(entry["bias"], tuple(entry["weights"]), entry["threshold"])


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
    chosen = _decide(text, books.find(text, lang=lang, on=on, k=WIDTH, patience_s=patience_s), lang)
    if context and len(tokens(text)) <= _SHORT_FOLLOW_UP:
        together = f"{context[-1].question}\n{text}"
        leaning = books.find(together, lang=lang, on=on, k=WIDTH, patience_s=patience_s)
        on_page = _only(leaning, context[-1].articles)
        again = _decide(text, _blended(on_page, _only(chosen.found, context[-1].articles)), lang)
        return again if again.probability > chosen.probability else chosen
    return chosen


def _decide(text: str, found: finding.Finding, lang: str) -> Choice:
    weights = weights_for(found.model)
    near = candidates(text, found)
    ranked = sorted(((weights.probability(c.features), c.ref) for c in near), key=lambda p: -p[0])
    if not ranked or ranked[0][0] < weights.threshold:
        return Choice(found, (), None, ranked[0][0] if ranked else 0.0)
    probability, best = ranked[0]
    answers = list(best.answers)
    for chance, ref in ranked[1:_AGREEING]:
        # A question next to it on the same page often holds the other half of the answer.
        if ref.article == best.article and chance >= weights.threshold:
            answers += [id for id in ref.answers if id not in answers]
    keys = tuple(ParagraphKey(best.version_id, id, lang) for id in answers[:_MOST_LINES])
    return Choice(found, keys, best.verdict, probability)


def candidates(text: str, found: finding.Finding) -> list[Candidate]:
    """The known questions near this one, each with what speaks for it."""
    by_intent: dict[finding.IntentRef, list[QuestionMatch]] = {}
    for ref, match in found.questions:
        by_intent.setdefault(ref, []).append(match)
    bests = sorted((matches[0].similarity for matches in by_intent.values()), reverse=True)
    near = [hit.group for hit in found.passages[:_NEAREST]]
    words = min(len(tokens(text)), 12) / 12
    return [
        Candidate(ref, _features(ref, matches, found.passages, bests, near, words))
        for ref, matches in by_intent.items()
    ]


def _features(
    ref: finding.IntentRef,
    matches: Sequence[QuestionMatch],
    hits: Sequence[Hit],
    bests: Sequence[float],
    near: Sequence[str],
    words: float,
) -> tuple[float, ...]:
    best = matches[0].similarity
    rival = bests[1] if bests[0] == best and len(bests) > 1 else bests[0]
    page = [hit for hit in hits if hit.group == ref.article]
    own = [hit for hit in page if finding.key_of(hit.id).paragraph_id in ref.answers]
    return (
        best,
        matches[1].similarity if len(matches) > 1 else 0.0,
        max(match.lexical for match in matches),
        _cosine(match.dense for match in matches),
        max((hit.lexical for hit in own), default=0.0),
        _cosine(hit.dense for hit in own),
        max((hit.lexical for hit in page), default=0.0),
        near.count(ref.article) / _NEAREST,
        best - rival,
        words,
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
    """Both readings of a follow-up; of one example question the nearer match counts."""
    best: dict[tuple[str, str], tuple[finding.IntentRef, QuestionMatch]] = {}
    for ref, match in (*leaning.questions, *alone.questions):
        known = best.get((ref.intent, match.question))
        if known is None or match.similarity > known[1].similarity:
            best[ref.intent, match.question] = (ref, match)
    questions = sorted(best.values(), key=lambda pair: -pair[1].similarity)
    return finding.Finding(tuple(questions), leaning.passages or alone.passages, leaning.model)
