"""What other apps receive from `knowledge`: frozen, resolved, with nothing left to query.

Days are Warsaw calendar days. `valid_to` is the last day on which a thing holds, None while
no end is known; `valid_from` None means that the first day is unknown. Languages are BCP 47
tags. Money is integer grosz.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

ParagraphKind = Literal["heading", "text", "item", "step", "warning"]
# to_verify is shown with a banner and never quoted for a figure, a date or a right.
Status = Literal["verified", "to_verify"]
ArticleStatus = Literal["published", "to_verify"]
Verdict = Literal["yes", "no", "depends"]
ParameterKind = Literal["money", "date", "number", "percent", "text"]


@dataclass(frozen=True, slots=True)
class SourceView:
    """An official page that was read on a day."""

    id: str
    title: str
    url: str
    publisher: str
    is_official: bool
    read_on: date


@dataclass(frozen=True, slots=True)
class ProvisionView:
    """A provision of an act, in the edition that was read on a day."""

    act: str  # slug, "act-on-foreigners"
    act_code: str  # "UC"
    act_title: str  # short title in the language asked for
    edition: str  # ELI id, "DU/2025/1079"
    state_on: date  # the day whose law the edition shows
    provision: str  # "art-114-1-5"
    label: str  # "art. 114 ust. 1 pkt 5"
    url: str  # the official publication
    summary: str  # our own words, in the language asked for
    read_on: date


@dataclass(frozen=True, slots=True)
class TextPart:
    """A stretch of a paragraph; `url` is set where it leads to a service or procedure."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class ParagraphView:
    """One statement of an article as it reads on a day."""

    id: str
    kind: ParagraphKind
    status: Status
    lang: str  # of the text; Polish where a translation is still missing
    text: str
    parts: tuple[TextPart, ...]  # the same text, with links
    sources: tuple[SourceView | ProvisionView, ...]
    # The oldest day on which one of its sources was read; None for a heading.
    checked_on: date | None
    unchanged_since: int  # number of the version since which the text reads so in this language
    follows_polish: int  # number of the version whose Polish text this one corresponds to
    is_stale: bool  # the Polish text has changed since this one was written


@dataclass(frozen=True, slots=True)
class ArticleCard:
    """Enough of an article to list it and to link to it."""

    slug: str
    version_id: UUID
    topic: str
    order: int
    title: str
    summary: str
    status: ArticleStatus
    review_on: date
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IntentView:
    """A question that an article answers, and the paragraphs that answer it."""

    article: str
    version_id: UUID
    id: str
    verdict: Verdict | None  # for yes/no questions only
    answers: tuple[str, ...]  # paragraph ids in reading order
    phrasings: Mapping[str, tuple[str, ...]]  # language → the question as people put it


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article in one language, as it reads on a day."""

    slug: str
    version_id: UUID
    number: int  # of the version, from 1
    lang: str
    topic: str
    title: str
    summary: str
    status: ArticleStatus
    owner: str  # the role that answers for it
    valid_from: date
    valid_to: date | None
    review_on: date
    checked_on: date | None  # the oldest among its paragraphs
    paragraphs: tuple[ParagraphView, ...]
    questions: tuple[str, ...]  # one example per intent, in this language
    related: tuple[ArticleCard, ...]
    services: tuple[str, ...]  # directory ids
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParagraphKey:
    """What a citation stores: it finds the same words again for as long as the product lives."""

    version_id: UUID
    paragraph_id: str
    lang: str


@dataclass(frozen=True, slots=True)
class CitedParagraph:
    """A paragraph with the article version it belongs to: everything a citation shows."""

    key: ParagraphKey
    article: str
    number: int
    title: str
    article_status: ArticleStatus
    valid_from: date
    valid_to: date | None
    paragraph: ParagraphView


@dataclass(frozen=True, slots=True)
class PassageView:
    """What search indexes: a paragraph in a language, as it reads between two days."""

    id: str  # "<version>/<paragraph>/<lang>/<first day or ->", stable while the text stands
    version_id: UUID
    paragraph_id: str
    position: int  # place in the article, from 0
    kind: ParagraphKind
    article: str
    topic: str
    lang: str
    text: str
    heading: str  # the nearest heading above, in this language, or ""
    title: str
    titles: Mapping[str, str]  # language → title
    questions: Mapping[str, tuple[str, ...]]  # language → questions that this paragraph answers
    status: Status  # to_verify also when the article, or a figure of the text, is
    valid_from: date | None
    valid_to: date | None

    @property
    def key(self) -> ParagraphKey:
        return ParagraphKey(self.version_id, self.paragraph_id, self.lang)


@dataclass(frozen=True, slots=True)
class TopicView:
    """A situation in life under which articles are listed."""

    id: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class ActView:
    slug: str
    code: str
    title: str
    short: str
    edition: str  # ELI id of the newest edition
    state_on: date
    read_on: date
    url: str
    has_official_text: bool
    provisions: tuple[str, ...]  # ids that articles and parameters cite, in the act's order


@dataclass(frozen=True, slots=True)
class ProvisionText:
    """One unit of the official text: an article, a paragraph, a point, a letter."""

    id: str
    label: str
    depth: int  # 0 for the unit asked for
    text: str  # its opening part; what is below are units of their own
    closing: str  # the part common to the list below, shown after it
    coming: str  # wording that is enacted but not yet in force, or ""
    is_repealed: bool
    footnotes: tuple[str, ...]
    notes: tuple[str, ...]  # of the publisher, on when a change enters into force


@dataclass(frozen=True, slots=True)
class ProvisionPage:
    provision: ProvisionView
    act_full_title: str
    official: tuple[ProvisionText, ...]  # empty while the act is not imported
    official_edition: str  # ELI id of the edition that `official` is from, or ""
    official_state_on: date | None
    parent: str | None  # id of the unit that contains it
    articles: tuple[ArticleCard, ...]  # those that cite it, or a part of it


@dataclass(frozen=True, slots=True)
class ParameterView:
    """A dated value of the law: a fee, a wage, a limit, a first day."""

    id: str
    kind: ParameterKind
    labels: Mapping[str, str]
    # money: grosz; date: date; number and percent: Decimal; text: language → words
    value: int | date | Decimal | Mapping[str, str]
    rendered: Mapping[str, str]  # language → "440 zł"
    valid_from: date | None
    valid_to: date | None
    status: Status
    source: SourceView | ProvisionView
    read_on: date


@dataclass(frozen=True, slots=True)
class Expectation:
    """A test of an article (F26): what a question must find once the article is published."""

    article: str
    lang: str
    question: str
    expect: Literal["answer", "refuse"]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Articles that are about to be published together; nothing of them is visible yet.

    `passages` and `intents` are what the index would hold in place of the present ones of
    `articles` (slugs); those of every other article stay as they are.
    """

    articles: tuple[str, ...]
    on: date
    passages: tuple[PassageView, ...]
    intents: tuple[IntentView, ...]
    expectations: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a publication is stopped, as a complete sentence for the editor."""

    reason: str
    article: str = ""
    lang: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A parameter's value from a day on (None: from ever); None while nobody has verified it."""

    start: date | None
    value: int | date | Decimal | None


@dataclass(frozen=True, slots=True)
class DatedParameter:
    """All values of a parameter in order of time; texts are none that rules could read."""

    kind: ParameterKind
    values: tuple[DatedValue, ...]


@dataclass(frozen=True, slots=True)
class LawView:
    """What rules may stand on: dated parameters, and which sources there are.

    `provisions` are written "law:act#provision", `pages` "page:id" with whether the page is
    official; `editions` say by act which edition was read, "DU/2025/1079 (2026-07-18)".
    """

    parameters: Mapping[str, DatedParameter]
    provisions: frozenset[str]
    pages: Mapping[str, bool]
    articles: frozenset[str]
    editions: Mapping[str, str]
