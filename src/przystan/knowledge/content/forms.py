"""The content of a folder as frozen data, before anything of it is in the database."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Literal

from przystan.core.languages import CONTENT_TAGS
from przystan.knowledge.data import (
    ArticleStatus,
    Expectation,
    ParagraphKind,
    ParameterKind,
    Status,
    Verdict,
)

# Polish first: it is the source of every translation.
LANGUAGES = tuple(sorted(CONTENT_TAGS, key=lambda tag: (tag != "pl", tag)))
OWNERS = {"residence-desk", "labour-desk", "family-desk", "return-desk"}
Words = Mapping[str, str]  # language → text


@dataclass(frozen=True, slots=True)
class SourceForm:
    id: str
    title: str
    url: str
    publisher: str
    is_official: bool
    read_on: date


@dataclass(frozen=True, slots=True)
class ActForm:
    slug: str
    code: str
    titles: Words
    shorts: Words
    eli: str
    state_on: date
    read_on: date
    url: str


@dataclass(frozen=True, slots=True)
class ProvisionForm:
    act: str
    key: str
    read_on: date
    summaries: Words
    label: str = ""  # only where the rule of `law.labels` is not enough


@dataclass(frozen=True, slots=True)
class ValueForm:
    """A value on the days from `valid_from` to `valid_to`, both included."""

    valid_from: date | None
    valid_to: date | None
    value: Any  # as `models.ParameterValue.value`
    source: str
    read_on: date
    status: Status = "verified"


@dataclass(frozen=True, slots=True)
class ParameterForm:
    id: str
    kind: ParameterKind
    labels: Words
    values: tuple[ValueForm, ...]


@dataclass(frozen=True, slots=True)
class ParagraphForm:
    """A statement; `texts` lacks a language while a translation is missing."""

    id: str
    kind: ParagraphKind
    status: Status
    sources: tuple[str, ...]
    texts: Words


@dataclass(frozen=True, slots=True)
class IntentForm:
    id: str
    answers: tuple[str, ...]
    verdict: Verdict | None
    phrasings: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ArticleForm:
    """An article in all its languages, as an author hands it over for publishing."""

    slug: str
    topic: str
    order: int
    owner: str
    status: ArticleStatus
    valid_from: date
    valid_to: date | None
    review_on: date
    related: tuple[str, ...]
    services: tuple[str, ...]
    titles: Words
    summaries: Words
    paragraphs: tuple[ParagraphForm, ...]
    intents: tuple[IntentForm, ...]
    expectations: tuple[Expectation, ...] = ()
    # (language, paragraph id): a translator has confirmed that the old text still fits the Polish.
    confirmed: frozenset[tuple[str, str]] = frozenset()

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(lang for lang in LANGUAGES if self.titles.get(lang))

    @property
    def content_hash(self) -> str:
        """SHA-256 of everything a reader or the search could see of it."""
        plain = asdict(replace(self, confirmed=frozenset()))
        packed = json.dumps(plain, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(packed.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Library:
    """A whole content folder; ids are the keys."""

    sources: Mapping[str, SourceForm] = field(default_factory=dict)
    acts: Mapping[str, ActForm] = field(default_factory=dict)
    provisions: Mapping[tuple[str, str], ProvisionForm] = field(default_factory=dict)
    parameters: Mapping[str, ParameterForm] = field(default_factory=dict)
    articles: Mapping[str, ArticleForm] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reference:
    """`law:act-on-foreigners#art-114-1` or `page:mos-fee`."""

    kind: Literal["law", "page"]
    id: str
    provision: str = ""

    @classmethod
    def parse(cls, text: str) -> "Reference | None":
        kind, _, rest = text.partition(":")
        if kind == "page" and rest and "#" not in rest:
            return cls("page", rest)
        act, _, provision = rest.partition("#")
        if kind == "law" and act and provision:
            return cls("law", act, provision)
        return None
