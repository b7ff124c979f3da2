"""A folder of procedures, read into one library; what is wrong is listed with its place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from przystan.core.errors import BadFileError
from przystan.procedures.authoring import definitions, texts, vocabulary
from przystan.procedures.authoring.nodes import Item, read
from przystan.procedures.forms import (
    LANGUAGES,
    AuthorityWords,
    Example,
    FactForm,
    FactWords,
    Version,
    Words,
)
from przystan.rules import Fault, Where

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that a folder of procedures says.

    `versions` of a definition are in order of their first day and revision; `words` are by
    language, `examples` by definition, `files` give the text of each version's file.
    """

    facts: Mapping[str, FactForm]
    fact_words: Mapping[str, Mapping[str, FactWords]]
    authorities: Mapping[str, Mapping[str, AuthorityWords]]
    versions: Mapping[str, Sequence[Version]]
    words: Mapping[str, Mapping[str, Words]]
    examples: Mapping[str, Sequence[Example]]


@dataclass(slots=True)
class Reading:
    """A folder being read: relative names, faults so far."""

    folder: Path
    faults: list[Fault] = field(default_factory=list)

    def name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def text(self, path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self.fail(path, f"The file cannot be read: {error}.")
            return ""

    def fail(self, path: Path, message: str, hint: str = "") -> None:
        self.faults.append(Fault(Where(self.name(path)), message, hint))

    def top(self, path: Path) -> Item | None:
        return read(self.text(path), self.name(path), self.faults)


def read_folder(folder: Path, only: Sequence[str] = ()) -> tuple[Library, list[Fault]]:
    """Read the vocabulary and all definitions, or only some.

    Raises:
        BadFileError: there is no such folder.
    """
    if not (folder / "facts").is_dir():
        raise BadFileError(folder, None, "There is no folder of procedures here.")
    reading = Reading(folder)
    places = sorted(path for path in (folder / "definitions").glob("*") if path.is_dir())
    places = [path for path in places if not only or path.name in only]
    return (
        Library(
            facts=_facts(reading),
            fact_words=_by_language(reading, "facts/texts/{}", vocabulary.words),
            authorities=_authorities(reading),
            versions={place.name: _versions(reading, place) for place in places},
            words={place.name: _words(reading, place) for place in places},
            examples={place.name: _examples(reading, place) for place in places},
        ),
        reading.faults,
    )


def _facts(reading: Reading) -> dict[str, FactForm]:
    found: dict[str, FactForm] = {}
    for path in sorted((reading.folder / "facts").glob("*.yaml")):
        if (top := reading.top(path)) is None:
            continue
        for form in vocabulary.facts(top, path.stem):
            if form.fact.id in found:
                first = found[form.fact.id].where
                message = f"The fact `{form.fact.id}` is defined twice, first at {first}."
                reading.faults.append(Fault(form.where, message, "Use the one that is there."))
            found.setdefault(form.fact.id, form)
    return found


def _by_language(
    reading: Reading, pattern: str, words: Callable[[Item], dict[str, T]]
) -> dict[str, dict[str, T]]:
    found: dict[str, dict[str, T]] = {}
    for language in LANGUAGES:
        found[language] = {}
        for path in sorted((reading.folder / pattern.format(language)).glob("*.yaml")):
            if (top := reading.top(path)) is not None:
                found[language].update(words(top))
    return found


def _authorities(reading: Reading) -> dict[str, dict[str, AuthorityWords]]:
    found = {}
    for language in LANGUAGES:
        path = reading.folder / "authorities" / f"{language}.yaml"
        top = reading.top(path) if path.exists() else None
        found[language] = vocabulary.authorities(top) if top is not None else {}
    return found


def _versions(reading: Reading, place: Path) -> list[Version]:
    found = []
    for path in sorted(place.glob("*.r*.yaml")):
        named = definitions.named(path)
        if named is None:
            reading.fail(path, "The name says no day and revision.", "Name it 2026-04-27.r1.yaml.")
            continue
        text = reading.text(path)
        top = read(text, reading.name(path), reading.faults)
        if top is not None:
            found.append(definitions.version(top, place.name, *named, text))
    if not found:
        reading.fail(place, "The definition has no version.", "Add 2026-04-27.r1.yaml.")
    return sorted(found, key=lambda version: (version.valid_from, version.revision))


def _words(reading: Reading, place: Path) -> dict[str, Words]:
    found = {}
    for language in LANGUAGES:
        path = place / "texts" / f"{language}.yaml"
        if not path.exists():
            reading.fail(place, f"texts/{language}.yaml is missing.")
        elif (top := reading.top(path)) is not None:
            found[language] = texts.words(top, language)
    return found


def _examples(reading: Reading, place: Path) -> list[Example]:
    path = place / "examples.yaml"
    if not path.exists():
        reading.fail(place, "examples.yaml is missing.", "Examples are the definition's tests.")
        return []
    top = reading.top(path)
    return texts.examples(top) if top is not None else []
