"""Rules: which concepts, how near each other, mean which danger. Data in `rules/*.yaml`."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from przystan.assistant.danger.reading import read
from przystan.assistant.danger.vocabulary import Hit, Vocabulary

_FOLDER = Path(__file__).parent
_WITHIN = 12  # words from the first to the last concept, unless the rule says otherwise
_LONGEST_PATTERN = 30  # words, gaps included
_BEYOND = 10**9
_TOPIC, _PERSONAL = "topic", "personal"
_MARGIN = 5  # words around them in which an innocent context still counts


@dataclass(frozen=True, slots=True)
class Seen:
    """What the vocabulary found in one message; `closing` are places that end a clause."""

    hits: Mapping[str, Sequence[Hit]]
    n_words: int
    closing: frozenset[int]

    @property
    def is_topic(self) -> bool:
        """Whether the message asks about a subject and speaks of nobody in person."""
        return bool(self.hits.get(_TOPIC)) and not self.hits.get(_PERSONAL)


@dataclass(frozen=True, slots=True)
class Rule:
    """One combination of concepts.

    `needs` are slots, each filled by any of its concepts, all within `within` words;
    `unless` are concepts that make the same words innocent when they stand among them or up to
    `margin` words beside them; `unless_anywhere` do so wherever they stand. `alone` asks that
    the message has at most so many words. `weigh` gives points to concepts, each counted once,
    that must `reach` a sum within as many words: weak signs that add up. `unless_topic` drops
    the rule for a question about the subject in general, in which nobody in person is spoken
    of. `closes` asks that the words end their clause: "I cannot go on", not "… on this trip".
    """

    id: str
    kind: str
    needs: tuple[frozenset[str], ...]
    within: int
    unless: frozenset[str]
    unless_anywhere: frozenset[str]
    alone: int | None
    margin: int
    weigh: Mapping[str, int]
    reach: int
    unless_topic: bool
    closes: bool

    def fires(self, seen: "Seen") -> bool:
        if self.alone is not None and seen.n_words > self.alone:
            return False
        if self.unless_topic and seen.is_topic:
            return False
        if any(seen.hits.get(concept) for concept in self.unless_anywhere):
            return False
        if self.weigh and not self._adds_up(seen.hits):
            return False
        return not self.needs or any(
            not self._is_innocent(span, seen.hits)
            for span in self._spans(seen.hits)
            if not self.closes or span.end in seen.closing
        )

    def _adds_up(self, hits: Mapping[str, Sequence[Hit]]) -> bool:
        """Whether some stretch of words gathers enough points; a word counts once."""
        best: dict[int, str] = {}
        for concept, points in self.weigh.items():
            for hit in hits.get(concept, ()):
                if hit.start not in best or points > self.weigh[best[hit.start]]:
                    best[hit.start] = concept
        marks = sorted(best.items())
        inside: Counter[str] = Counter()
        points, first = 0, 0
        for place, concept in marks:
            points += self.weigh[concept] if not inside[concept] else 0
            inside[concept] += 1
            while place - marks[first][0] > self.within:
                left = marks[first][1]
                inside[left] -= 1
                points -= self.weigh[left] if not inside[left] else 0
                first += 1
            if points >= self.reach:
                return True
        return False

    def _spans(self, hits: Mapping[str, Sequence[Hit]]) -> Iterator[Hit]:
        """Shortest stretches of words that fill every slot, left to right."""
        marks = sorted(
            (hit, slot)
            for slot, concepts in enumerate(self.needs)
            for concept in concepts
            for hit in hits.get(concept, ())
        )
        latest: dict[int, Hit] = {}
        for hit, slot in marks:
            latest[slot] = hit
            if len(latest) < len(self.needs):
                continue
            span = Hit(
                min(seen.start for seen in latest.values()),
                max(seen.end for seen in latest.values()),
            )
            if span.end - span.start <= self.within:
                yield span

    def _is_innocent(self, span: Hit, hits: Mapping[str, Sequence[Hit]]) -> bool:
        around = Hit(span.start - self.margin, span.end + self.margin)
        return any(_overlaps(around, hits[concept]) for concept in self.unless if concept in hits)


def _overlaps(around: Hit, hits: Sequence[Hit]) -> bool:
    """Whether any of the hits, sorted by start, touches the stretch."""
    first = bisect_left(hits, Hit(around.start - _LONGEST_PATTERN, 0))
    last = bisect_right(hits, Hit(around.end, _BEYOND))
    return any(hit.end >= around.start for hit in hits[first:last])


@dataclass(frozen=True, slots=True)
class RuleBook:
    """A vocabulary and the rules over it."""

    vocabulary: Vocabulary
    rules: tuple[Rule, ...]

    def fired(self, text: str) -> list[Rule]:
        """Rules that hold for the text, in the order of the files."""
        words = read(text)
        closing = frozenset(word.at for word in words if word.closes)
        seen = Seen(self.vocabulary.find(words), len(words), closing)
        return [rule for rule in self.rules if rule.fires(seen)]


@lru_cache(maxsize=1)
def rule_book() -> RuleBook:
    """The package's own rules, read once per process."""
    concepts: dict[str, dict[str, str]] = {}
    for path in sorted((_FOLDER / "lexicon").glob("*.yaml")):
        for name, languages in load_yaml(path).items():
            if name in concepts:
                raise ValueError(f"{path.name}: concept {name} is defined twice.")
            concepts[name] = languages
    vocabulary = Vocabulary(concepts)
    rules = [
        _rule(raw, kind=content["kind"], vocabulary=vocabulary)
        for content in map(load_yaml, sorted((_FOLDER / "rules").glob("*.yaml")))
        for raw in content["rules"]
    ]
    return RuleBook(vocabulary, tuple(rules))


def load_yaml(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)


def _rule(raw: Mapping[str, Any], *, kind: str, vocabulary: Vocabulary) -> Rule:
    needs = tuple(frozenset(slot.split("|")) for slot in raw.get("all", ()))
    weigh: dict[str, int] = raw.get("weigh", {})
    unless, anywhere = (frozenset(raw.get(key, ())) for key in ("unless", "unless_anywhere"))
    for concept in (*frozenset().union(*needs), *weigh, *unless, *anywhere):
        if concept not in vocabulary.names:
            raise ValueError(f"Rule {raw['id']}: there is no concept {concept} in the lexicon.")
    return Rule(
        id=raw["id"],
        kind=kind,
        needs=needs,
        within=raw.get("within", _WITHIN),
        unless=unless,
        unless_anywhere=anywhere,
        alone=raw.get("alone"),
        margin=raw.get("margin", _MARGIN),
        weigh=weigh,
        reach=raw.get("reach", 0),
        unless_topic=raw.get("unless_topic", False),
        closes=raw.get("closes", False),
    )
