"""The law as rules of procedures read it: dated parameters, and the sources that exist."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from przystan.knowledge import placeholders
from przystan.knowledge.content.checking import read_reference_data
from przystan.knowledge.content.problems import Problem
from przystan.knowledge.data import DatedParameter, DatedValue, LawView, ParameterKind
from przystan.knowledge.models import Article, Edition, ParameterValue, Provision, Source


class Span(NamedTuple):
    """A value as it is stored, on days from `start` to `end`; None where a side is open."""

    start: date | None
    end: date | None
    value: Any
    is_verified: bool


def from_database() -> LawView:
    """Five queries."""
    spans: dict[str, list[Span]] = {}
    kinds: dict[str, ParameterKind] = {}
    for row in ParameterValue.objects.select_related("parameter"):
        slug, kind = row.parameter.slug, row.parameter.kind
        kinds[slug] = placeholders.kind(kind)
        is_verified = row.status == "verified"
        spans.setdefault(slug, []).append(
            Span(row.valid_from, row.valid_to, row.value, is_verified)
        )
    editions = Edition.objects.select_related("act").order_by("act__slug", "state_on")
    return LawView(
        parameters=_parameters((slug, kinds[slug], found) for slug, found in spans.items()),
        provisions=frozenset(
            f"law:{act}#{key}" for act, key in Provision.objects.values_list("act__slug", "key")
        ),
        pages={
            f"page:{id}": official
            for id, official in Source.objects.values_list("id", "is_official")
        },
        articles=frozenset(Article.objects.values_list("slug", flat=True)),
        editions={row.act.slug: f"{row.eli} ({row.state_on.isoformat()})" for row in editions},
    )


def from_folder(folder: Path) -> tuple[LawView, list[Problem]]:
    """The same out of a content folder, which need not be loaded, with the faults found in it.

    Raises:
        BadFileError: there is no such folder.
    """
    library, problems = read_reference_data(folder)
    view = LawView(
        parameters=_parameters(
            (
                form.id,
                form.kind,
                [
                    Span(each.valid_from, each.valid_to, each.value, each.status == "verified")
                    for each in form.values
                ],
            )
            for form in library.parameters.values()
        ),
        provisions=frozenset(f"law:{act}#{key}" for act, key in library.provisions),
        pages={f"page:{form.id}": form.is_official for form in library.sources.values()},
        articles=frozenset(path.parent.name for path in folder.glob("articles/*/article.yaml")),
        editions={
            form.slug: f"{form.eli} ({form.state_on.isoformat()})" for form in library.acts.values()
        },
    )
    return view, problems


def _parameters(
    found: Iterable[tuple[str, ParameterKind, list[Span]]],
) -> dict[str, DatedParameter]:
    return {
        slug: DatedParameter(kind, tuple(_values(kind, spans)))
        for slug, kind, spans in found
        if kind != "text"
    }


def _values(kind: ParameterKind, spans: list[Span]) -> Iterator[DatedValue]:
    """Values by their first day; where one ends and none follows, nothing is known any more."""
    spans = sorted(spans, key=lambda span: span.start or date.min)
    for number, span in enumerate(spans):
        value: Any = placeholders.typed(kind, span.value) if span.is_verified else None
        yield DatedValue(span.start, value)
        following = spans[number + 1].start if number + 1 < len(spans) else None
        if span.end is not None and following != span.end + timedelta(days=1):
            yield DatedValue(span.end + timedelta(days=1), None)
