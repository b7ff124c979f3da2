"""Loading a content folder: all of it in one transaction, or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from przystan.core import clock
from przystan.knowledge.content.checking import check
from przystan.knowledge.content.forms import ActForm, Library, ParameterForm, ValueForm
from przystan.knowledge.content.problems import ContentError
from przystan.knowledge.law import labels
from przystan.knowledge.models import (
    Act,
    Edition,
    OfficialText,
    Parameter,
    ParameterValue,
    Provision,
    Source,
)
from przystan.knowledge.services import known
from przystan.knowledge.services.passages import refresh_passages
from przystan.knowledge.services.publishing import publish_all, republish_corrected
from przystan.people.actor import Actor


@dataclass(frozen=True, slots=True)
class Loaded:
    sources: int
    provisions: int
    parameters: int
    articles: int
    new_versions: int


def load_content(folder: Path, *, at: datetime, actor: Actor, with_gates: bool = True) -> Loaded:
    """Check a content folder and bring the database to what it says.

    What the folder no longer names stays in the database: published versions may cite it.

    Raises:
        BadFileError: there is no such folder.
        ContentError: the folder has faults; nothing was loaded.
        PublicationStoppedError: an article breaks one of its tests; nothing was loaded.
    """
    library, problems = check(folder, known.knows_service(clock.law_day(at)))
    if problems:
        raise ContentError(problems)
    with transaction.atomic():
        load_reference_data(library)
        published = publish_all(
            list(library.articles.values()), at=at, actor=actor, with_gates=with_gates
        )
        # Articles that this folder does not have may use a figure that it put right.
        republish_corrected(at=at, actor=actor)
        refresh_passages(clock.law_day(at))
    return Loaded(
        sources=len(library.sources),
        provisions=len(library.provisions),
        parameters=len(library.parameters),
        articles=len(published),
        new_versions=sum(outcome.is_new for outcome in published),
    )


def load_reference_data(library: Library) -> None:
    """Sources, acts, provisions and parameters of a checked library."""
    with transaction.atomic():
        _save(Source, ["id"], [Source(**_source(form)) for form in library.sources.values()])
        acts = _load_acts(library.acts.values())
        _load_provisions(library, acts)
        _load_parameters(library.parameters.values())


def _source(form: Any) -> dict[str, Any]:
    names = ("id", "title", "url", "publisher", "is_official", "read_on")
    return {name: getattr(form, name) for name in names}


def _save(model: Any, unique: list[str], rows: list[Any]) -> None:
    """Insert or update by the unique fields, in one statement."""
    if not rows:
        return
    names = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    model.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=unique,
        update_fields=[name for name in names if name not in unique],
        batch_size=200,
    )


def _load_acts(forms: Iterable[ActForm]) -> dict[str, Act]:
    forms = list(forms)
    _save(
        Act,
        ["slug"],
        [
            Act(slug=form.slug, code=form.code, titles=form.titles, shorts=form.shorts)
            for form in forms
        ],
    )
    acts = {act.slug: act for act in Act.objects.all()}
    present = {
        (edition.act_id, edition.eli, edition.state_on): edition
        for edition in Edition.objects.all()
    }
    for form in forms:
        key = (acts[form.slug].pk, form.eli, form.state_on)
        edition = present.get(key) or Edition(
            act=acts[form.slug], eli=form.eli, state_on=form.state_on
        )
        if (edition.read_on, edition.url) != (form.read_on, form.url):
            edition.read_on, edition.url = form.read_on, form.url
            edition.save()
    return acts


def _load_provisions(library: Library, acts: dict[str, Act]) -> None:
    editions = {
        (edition.act_id, edition.eli, edition.state_on): edition
        for edition in Edition.objects.all()
    }
    # A label that the importer read in the act's text is right; ours is a guess.
    official = {
        (text.edition.act_id, text.key): text.label
        for text in OfficialText.objects.filter(
            key__in={key for _, key in library.provisions}
        ).select_related("edition")
    }
    rows = []
    for (slug, key), form in library.provisions.items():
        act, act_form = acts[slug], library.acts[slug]
        rows.append(
            Provision(
                act=act,
                edition=editions[act.pk, act_form.eli, act_form.state_on],
                key=key,
                label=official.get((act.pk, key)) or form.label or label_in(act, key),
                summaries=form.summaries,
                read_on=form.read_on,
            )
        )
    _save(Provision, ["act", "key"], rows)


def label_in(act: Act, key: str) -> str:
    # Polish codes divide their articles by §, other acts by ust.
    is_code = "kodeks" in act.titles.get("pl", "").lower()
    return labels.label(key, has_paragraph_signs=is_code)


def _load_parameters(forms: Iterable[ParameterForm]) -> None:
    forms = list(forms)
    _save(
        Parameter,
        ["slug"],
        [Parameter(slug=form.id, kind=form.kind, labels=form.labels) for form in forms],
    )
    ids = dict(Parameter.objects.values_list("slug", "pk"))
    present: dict[int, dict[Any, ParameterValue]] = {}
    for value in ParameterValue.objects.filter(parameter__slug__in=[form.id for form in forms]):
        present.setdefault(value.parameter_id, {})[value.valid_from] = value
    fresh: list[ParameterValue] = []
    for form in forms:
        fresh += _load_values(ids[form.id], form.values, present.get(ids[form.id], {}))
    ParameterValue.objects.bulk_create(fresh)


def _load_values(
    parameter_id: int, forms: Iterable[ValueForm], present: dict[Any, ParameterValue]
) -> list[ParameterValue]:
    """Bring one parameter's values to the form's, and return those still to be inserted.

    Rows that go or get shorter are written first, so that no two ever share a day.
    """
    wanted = {form.valid_from: form for form in forms}
    for first, row in present.items():
        if first not in wanted:
            row.delete()
    fresh = []
    by_end = sorted(wanted.values(), key=lambda form: (form.valid_to is None, form.valid_to))
    for form in by_end:
        kept = present.get(form.valid_from)
        fields = {
            "valid_to": form.valid_to,
            "value": form.value,
            "source": form.source,
            "read_on": form.read_on,
            "status": form.status,
        }
        if kept is None:
            fresh.append(
                ParameterValue(parameter_id=parameter_id, valid_from=form.valid_from, **fields)
            )
        elif any(getattr(kept, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(kept, name, value)
            kept.save()
    return fresh
