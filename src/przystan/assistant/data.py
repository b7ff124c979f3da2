"""An answer, and the evidence it is made of. Stored as JSON it can be shown again for ever."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

Verdict = Literal["yes", "no", "depends"]
DangerKind = Literal["trafficking", "forced_labour", "violence", "suicide", "child"]
# Why there is no answer, or why a human is called:
#   no_source    nothing in the knowledge supports one
#   to_verify    what was found is not verified, so it may not be quoted
#   wants_human  the person asked for a human
#   danger       a human must look at once
#   unreadable   the text is not a question in any language we can read
Reason = Literal["", "no_source", "to_verify", "wants_human", "danger", "unreadable"]


@dataclass(frozen=True, slots=True)
class LawRef:
    """A provision that a quote stands on, in the edition that was read."""

    act: str
    act_title: str
    edition: str
    provision: str
    label: str


@dataclass(frozen=True, slots=True)
class PageRef:
    """An official page that a quote stands on."""

    title: str
    url: str
    publisher: str


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a line comes from: `quote` is a substring of that paragraph of that version."""

    article: str
    title: str
    version_id: UUID
    version: int
    paragraph: str
    lang: str
    quote: str
    law: tuple[LawRef, ...]
    pages: tuple[PageRef, ...]
    checked_on: date | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line that the person reads, and the citation that it stands on."""

    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class HelpBlock:
    """A piece of an approved text; `service` names a help line of the directory."""

    text: str
    kind: Literal["lead", "text", "service", "choice"] = "text"
    service: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was looked at, for the consultant: why it was, or was not, used."""

    title: str
    article: str
    paragraph: str
    lang: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What the product says to a question, complete: a page needs nothing else to show it."""

    lang: str  # of the lines
    question_lang: str
    on: date  # the law of this day was read
    lines: tuple[Line, ...] = ()
    verdict: Verdict | None = None
    notice: str = ""  # an approved sentence in the person's own language
    # The lines in the person's language by a model, checked against them, and which model.
    reworded: tuple[str, ...] = ()
    reworded_by: str = ""
    refused: bool = False
    handover: bool = False
    reason: Reason = ""
    danger: DangerKind | None = None
    help: tuple[HelpBlock, ...] = ()
    services: tuple[str, ...] = ()
    related: tuple[tuple[str, str], ...] = ()  # (article slug, title)
    found: tuple[Found, ...] = ()
    topic: str = ""
    corpus: str = ""  # version of everything that could have been quoted
    model: str = ""  # embedding model used, "lexical" without one
    confidence: float = 0.0

    @property
    def is_answered(self) -> bool:
        return bool(self.lines) and not self.refused

    def as_json(self) -> dict[str, Any]:
        document = asdict(self)
        document["on"] = self.on.isoformat()
        for line in document["lines"]:
            citation = line["citation"]
            citation["version_id"] = str(citation["version_id"])
            checked_on = citation["checked_on"]
            citation["checked_on"] = checked_on.isoformat() if checked_on else None
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Answer":
        return cls(
            **{
                **document,
                "on": date.fromisoformat(document["on"]),
                "lines": tuple(_line(line) for line in document["lines"]),
                "help": tuple(HelpBlock(**block) for block in document["help"]),
                "services": tuple(document["services"]),
                "reworded": tuple(document.get("reworded", ())),
                "related": tuple((slug, title) for slug, title in document["related"]),
                "found": tuple(Found(**found) for found in document["found"]),
            }
        )


def _line(document: Mapping[str, Any]) -> Line:
    cited = document["citation"]
    checked_on = cited["checked_on"]
    citation = Citation(
        **{
            **cited,
            "version_id": UUID(cited["version_id"]),
            "law": tuple(LawRef(**law) for law in cited["law"]),
            "pages": tuple(PageRef(**page) for page in cited["pages"]),
            "checked_on": date.fromisoformat(checked_on) if checked_on else None,
        }
    )
    return Line(document["text"], citation)


@dataclass(frozen=True, slots=True)
class Turn:
    """What was said before in the same conversation, newest last."""

    question: str
    articles: tuple[str, ...] = field(default=())
