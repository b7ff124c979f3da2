"""What an article may refer to, as the database has it."""

from collections.abc import Set
from datetime import date

from przystan.core import references
from przystan.knowledge.content.checking import Known, KnowsService
from przystan.knowledge.models import Article, Provision, Source
from przystan.knowledge.services import figures


def from_database(on: date, also: Set[str] = frozenset()) -> Known:
    """Four queries. `also` names articles that are about to exist."""
    pages = dict(Source.objects.values_list("id", "is_official"))
    return Known(
        official_pages=frozenset(id for id, is_official in pages.items() if is_official),
        other_pages=frozenset(id for id, is_official in pages.items() if not is_official),
        provisions=frozenset(Provision.objects.values_list("act__slug", "key")),
        parameters={
            id: tuple((figure.valid_from, figure.valid_to) for figure in parameter.figures)
            for id, parameter in figures.book().items()
        },
        articles=frozenset(Article.objects.values_list("slug", flat=True)) | also,
        knows_service=knows_service(on),
    )


def knows_service(on: date) -> KnowsService | None:
    """Whether the directory knows an id; None while no room answers for services."""
    if "service" not in references.kinds():
        return None
    return lambda service: references.resolve("service", service, "pl", on) is not None
