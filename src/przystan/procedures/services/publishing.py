"""Publishing the folder of procedures: what is new is stored for ever, what was changed refused."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from przystan.core.errors import PrzystanError
from przystan.knowledge import api as knowledge
from przystan.people import audit
from przystan.people.actor import Actor
from przystan.procedures.authoring.checking import check
from przystan.procedures.authoring.definitions import content_hash
from przystan.procedures.authoring.folder import Library, read_folder
from przystan.procedures.law import law
from przystan.procedures.models import (
    PublishedDefinition,
    PublishedTexts,
    PublishedVocabulary,
)
from przystan.rules import Fault
from przystan.rules.canonical import digest

MOST_TOLD = 20
VOCABULARY = ("facts/*.yaml", "facts/texts/*/*.yaml", "authorities/*.yaml")


class PublicationRefusedError(PrzystanError):
    """Nothing was published; the reason lists each file with what to do."""

    status = 422

    def __init__(self, lines: list[str]) -> None:
        told = lines[:MOST_TOLD]
        if len(lines) > MOST_TOLD:
            told.append(_("… and %(number)d more.") % {"number": len(lines) - MOST_TOLD})
        super().__init__(_("Nothing was published.") + "\n" + "\n".join(told))
        self.lines = lines


@dataclass(frozen=True, slots=True)
class Published:
    """What was new: definitions, texts, and the number of the vocabulary's new state or 0."""

    definitions: int = 0
    texts: int = 0
    vocabulary: int = 0

    def __bool__(self) -> bool:
        return bool(self.definitions or self.texts or self.vocabulary)


@dataclass(frozen=True, slots=True)
class _File:
    """A file that is published under a name: what it is called, its text."""

    name: tuple[Any, ...]
    path: str
    text: str
    remedy: str


def publish(folder: Path, *, actor: Actor, at: datetime) -> Published:
    """Store what the folder has and the database has not; repeating it changes nothing.

    Raises:
        BadFileError: there is no such folder.
        PublicationRefusedError: files have faults, or one says other words under a name that is
            published; nothing was stored.
    """
    library, faults = read_folder(folder)
    _refuse(faults)
    new_definitions = _new(_definitions(folder, library), _published_definitions())
    new_texts = _new(_texts(folder, library), _published_texts())
    files = _vocabulary(folder)
    is_new_vocabulary = not PublishedVocabulary.objects.filter(content_hash=digest(files)).exists()
    if not (new_definitions or new_texts or is_new_vocabulary):
        return Published()
    _refuse(check(library, law(knowledge.law()))[1])
    with transaction.atomic():
        _store_definitions(new_definitions, at)
        _store_texts(new_texts, at)
        number = _store_vocabulary(files, at) if is_new_vocabulary else 0
        done = Published(len(new_definitions), len(new_texts), number)
        detail = {"definitions": done.definitions, "texts": done.texts, "vocabulary": number}
        audit.record(actor, "procedures.published", detail=detail)
    return done


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise PublicationRefusedError([str(fault) for fault in faults])


def _definitions(folder: Path, library: Library) -> Iterator[_File]:
    for versions in library.versions.values():
        for version in versions:
            day = version.valid_from.isoformat()
            remedy = _("Put the published text back and save the correction as %(name)s.") % {
                "name": f"{day}.r{version.revision + 1}.yaml"
            }
            text = (folder / version.file).read_text(encoding="utf-8")
            name = (version.id, version.valid_from, version.revision)
            yield _File(name, version.file, text, remedy)


def _texts(folder: Path, library: Library) -> Iterator[_File]:
    for id, words in library.words.items():
        for language, found in words.items():
            path = f"definitions/{id}/texts/{language}.yaml"
            text = (folder / path).read_text(encoding="utf-8")
            remedy = _("Raise its revision to %(number)d.") % {"number": found.revision + 1}
            yield _File((id, language, found.revision), path, text, remedy)


def _vocabulary(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for pattern in VOCABULARY
        for path in sorted(folder.glob(pattern))
    }


def _published_definitions() -> dict[tuple[Any, ...], str]:
    rows = PublishedDefinition.objects.values_list(
        "procedure", "valid_from", "revision", "content_hash"
    )
    return {row[:3]: row[3] for row in rows}


def _published_texts() -> dict[tuple[Any, ...], str]:
    rows = PublishedTexts.objects.values_list("procedure", "language", "revision", "content_hash")
    return {row[:3]: row[3] for row in rows}


def _new(files: Iterator[_File], published: Mapping[tuple[Any, ...], str]) -> list[_File]:
    """Files whose names are not published yet.

    Raises:
        PublicationRefusedError: a published name with another text.
    """
    new, changed = [], []
    for file in files:
        known = published.get(file.name)
        if known is None:
            new.append(file)
        elif known != content_hash(file.text):
            reason = _("It is published under this name with another text.")
            changed.append(f"{file.path}: {reason} {file.remedy}")
    if changed:
        raise PublicationRefusedError(changed)
    return new


def _store_definitions(files: list[_File], at: datetime) -> None:
    PublishedDefinition.objects.bulk_create(
        PublishedDefinition(
            procedure=file.name[0],
            valid_from=file.name[1],
            revision=file.name[2],
            content_hash=content_hash(file.text),
            text=file.text,
            published_at=at,
        )
        for file in files
    )


def _store_texts(files: list[_File], at: datetime) -> None:
    PublishedTexts.objects.bulk_create(
        PublishedTexts(
            procedure=file.name[0],
            language=file.name[1],
            revision=file.name[2],
            content_hash=content_hash(file.text),
            text=file.text,
            published_at=at,
        )
        for file in files
    )


def _store_vocabulary(files: Mapping[str, str], at: datetime) -> int:
    last = PublishedVocabulary.objects.order_by("-number").values_list("number", flat=True).first()
    number = (last or 0) + 1
    PublishedVocabulary.objects.create(
        number=number, content_hash=digest(files), files=dict(files), published_at=at
    )
    return number
