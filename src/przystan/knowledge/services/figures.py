"""Parameters in memory: which value holds on which days, and how a text reads with them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from przystan.knowledge import placeholders
from przystan.knowledge.models import ParameterValue

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figure:
    """A parameter's value and the days, both included, on which it holds."""

    valid_from: date | None
    valid_to: date | None
    value: Any
    is_verified: bool

    def holds_on(self, day: date) -> bool:
        return (not self.valid_from or self.valid_from <= day) and (
            not self.valid_to or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Parameter:
    kind: str
    figures: tuple[Figure, ...]

    def on(self, day: date) -> Figure | None:
        return next((figure for figure in self.figures if figure.holds_on(day)), None)


Book = Mapping[str, Parameter]


def book(ids: Iterable[str] | None = None) -> Book:
    """All parameters, or those named, with their values, in one query."""
    rows = ParameterValue.objects.select_related("parameter")
    if ids is not None:
        rows = rows.filter(parameter__slug__in=set(ids))
    collected: dict[str, tuple[str, list[Figure]]] = {}
    for row in rows:
        entry = collected.setdefault(row.parameter.slug, (row.parameter.kind, []))
        is_verified = row.status == "verified"
        entry[1].append(Figure(row.valid_from, row.valid_to, row.value, is_verified))
    return {id: Parameter(kind, tuple(figures)) for id, (kind, figures) in collected.items()}


@dataclass(frozen=True, slots=True)
class Stretch:
    """How a text reads on the days from `valid_from` to `valid_to`, both included."""

    valid_from: date
    valid_to: date | None
    text: str
    is_doubtful: bool


def stretches(text: str, lang: str, first: date, last: date | None, book: Book) -> list[Stretch]:
    """Cut the days from `first` to `last` where the text changes its words.

    The stretches follow each other without a gap or a shared day. On days without a verified
    value the text is doubtful: it is shown with a banner and never quoted.
    """
    used = sorted(placeholders.ids(text, "param"))
    if not used:
        return [Stretch(first, last, text, is_doubtful=False)]
    starts = sorted({first} | set(_changes((book[id] for id in used if id in book), first, last)))
    pieces = [_read(text, lang, used, start, book) for start in starts]
    ends = [start - ONE_DAY for start in starts[1:]]
    whole = [
        Stretch(start, end, words, is_doubtful)
        for start, end, (words, is_doubtful) in zip(starts, [*ends, last], pieces, strict=True)
    ]
    return _joined(whole)


def _changes(parameters: Iterable[Parameter], first: date, last: date | None) -> Iterator[date]:
    """The days after `first` on which some parameter takes or loses a value."""
    for parameter in parameters:
        for figure in parameter.figures:
            days = [figure.valid_from]
            if figure.valid_to and figure.valid_to < date.max:
                days.append(figure.valid_to + ONE_DAY)
            yield from (day for day in days if day and first < day and (not last or day <= last))


def _read(text: str, lang: str, used: list[str], day: date, book: Book) -> tuple[str, bool]:
    figures = {id: book[id].on(day) if id in book else None for id in used}
    words = {
        id: placeholders.render_value(book[id].kind, figure.value, lang)
        if figure
        else unknown(lang)
        for id, figure in figures.items()
    }
    is_doubtful = any(figure is None or not figure.is_verified for figure in figures.values())
    return placeholders.render_parameters(text, words), is_doubtful


def unknown(lang: str) -> str:
    with translation.override(lang):
        return _("(not known for this day)")


def _joined(pieces: list[Stretch]) -> list[Stretch]:
    """Neighbours that read the same become one."""
    joined = pieces[:1]
    for before, piece in pairwise(pieces):
        if (piece.text, piece.is_doubtful) == (before.text, before.is_doubtful):
            start = joined[-1].valid_from
            joined[-1] = Stretch(start, piece.valid_to, piece.text, piece.is_doubtful)
        else:
            joined.append(piece)
    return joined
