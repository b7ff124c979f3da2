"""Importing the official text of an act: every unit of it, or nothing."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from przystan.core.errors import AbsentError, BadFileError
from przystan.knowledge.law import files, units
from przystan.knowledge.models import Act, Edition, OfficialText, Provision
from przystan.people import audit
from przystan.people.actor import Actor


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; `is_new` is False where this very text was there already.

    `missing` are the provisions that the product cites and this text does not have: a wrong id,
    or a change of the law.
    """

    act: str
    eli: str
    articles: int
    units: int
    is_new: bool
    missing: tuple[str, ...] = ()


def import_law(
    path: Path,
    *,
    act_slug: str,
    eli: str,
    state_on: date,
    read_on: date,
    actor: Actor,
    url: str = "",
) -> Imported:
    """Import an edition's text beside those already here.

    Args:
        eli: the edition's ELI id, "DU/2025/1079".
        state_on: the day whose law the text shows; with `eli` it names the edition.

    Raises:
        AbsentError: there is no act with this slug.
        BadFileError: names file, line and reason; nothing of the file was kept.
    """
    act = Act.objects.filter(slug=act_slug).first()
    if act is None:
        raise AbsentError(
            _("There is no act %(slug)s: load the content first, or correct the slug.")
            % {"slug": act_slug}
        )
    law = files.read(path)
    provisions = _parsed(path, law)
    with transaction.atomic():
        edition, _is_new = Edition.objects.select_for_update().get_or_create(
            act=act,
            eli=eli,
            state_on=state_on,
            defaults={"read_on": read_on, "url": url or f"https://eli.gov.pl/eli/{eli}/ogl"},
        )
        if edition.text_hash and edition.text_hash != law.sha256:
            raise BadFileError(
                path,
                None,
                _("%(eli)s of %(day)s was imported from another text. Give the day of this one.")
                % {"eli": eli, "day": state_on.isoformat()},
            )
        is_new = not edition.text_hash
        if is_new:
            _save(edition, provisions)
            Edition.objects.filter(pk=edition.pk).update(text_hash=law.sha256)
            audit.record(
                actor,
                "knowledge.law_imported",
                ids=[f"{act_slug}:{eli}"],
                detail={"state_on": state_on.isoformat(), "units": len(provisions)},
            )
    keys = {provision.key for provision in provisions}
    cited = Provision.objects.filter(act=act).order_by("key").values_list("key", flat=True)
    missing = tuple(key for key in cited if key not in keys)
    return Imported(act_slug, eli, len(law.articles), len(provisions), is_new, missing)


def _parsed(path: Path, law: files.LawFile) -> list[units.Provision]:
    try:
        provisions = units.parse(
            [article.number for article in law.articles], [article.text for article in law.articles]
        )
    except units.NotAnArticleError as error:
        raise BadFileError(
            path,
            law.articles[error.index].line,
            _("the text does not begin with the number of article %(number)s.")
            % {"number": error.number},
        ) from error
    _check_status(path, law, provisions)
    return provisions


def _check_status(path: Path, law: files.LawFile, provisions: list[units.Provision]) -> None:
    """The file says which articles are repealed, and so does the text: both must agree."""
    articles = [provision for provision in provisions if not provision.parent]
    for raw, article in zip(law.articles, articles, strict=True):
        if raw.is_repealed and not article.is_repealed:
            raise BadFileError(
                path,
                raw.line,
                _("article %(number)s is marked repealed but has a text.") % {"number": raw.number},
            )


def _save(edition: Edition, provisions: list[units.Provision]) -> None:
    OfficialText.objects.bulk_create(
        (
            OfficialText(
                edition=edition,
                key=provision.key,
                parent=provision.parent,
                position=provision.position,
                depth=provision.depth,
                label=provision.label,
                division=provision.division[:600],
                text=provision.text,
                closing=provision.closing,
                coming=provision.coming,
                is_repealed=provision.is_repealed,
                footnotes=list(provision.footnotes),
                notes=list(provision.notes),
            )
            for provision in provisions
        ),
        batch_size=500,
    )
    labels = {provision.key: provision.label for provision in provisions}
    cited = list(Provision.objects.filter(act=edition.act))
    for row in cited:
        row.label = labels.get(row.key, row.label)
    Provision.objects.bulk_update(cited, ["label"])
