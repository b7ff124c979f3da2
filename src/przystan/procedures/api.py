"""What other apps may call: the procedures of a day, checks kept and not kept, their words."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from przystan.core import logs
from przystan.core.errors import PrzystanError
from przystan.core.money import format_grosz
from przystan.procedures import library
from przystan.procedures.asking import AskedQuestion, Field, minutes, question
from przystan.procedures.catalogue import Catalogue, Procedure
from przystan.procedures.describing import as_json, day_words, described
from przystan.procedures.explaining import Explained, conflicts, explained
from przystan.procedures.queries import (
    Course,
    check,
    course,
    course_of,
    is_unknown,
    items_of,
    kept_answer,
    known_already,
    mine,
    names_of,
)
from przystan.procedures.running import check as check_facts
from przystan.procedures.services import (
    Begun,
    PublicationRefusedError,
    begin_check,
    complete_list,
    confirm_known,
    finish,
    forget_check,
    forget_fact,
    only_read,
    open_at_desk,
    publish,
    put_entry,
    remove_entry,
    resume_by_code,
    resume_by_link,
    save_for_later,
    share_with_desk,
    start_check,
    state_facts,
    stop_sharing,
)
from przystan.procedures.services.doors import DESK_HOURS, is_link
from przystan.procedures.stateless import (
    asked_for,
    checked,
    described_on,
    described_one,
    facts_of,
    titles,
)
from przystan.procedures.typed import TypedError, record_of, refused, value_of, values_of
from przystan.procedures.wording import entry_said, fact_words, rendered, said, words_of
from przystan.rules import DefinitionError, FactError

_LOG = logs.get(__name__)


def catalogue() -> Catalogue:
    """The procedures that this process works with.

    Raises:
        PrzystanError: the folder has faults; `przystan procedures check` lists them.
    """
    try:
        return library.current()
    except DefinitionError as error:
        _LOG.error("procedures.unreadable", faults=len(error.faults))
        raise PrzystanError(
            _("The checks are being corrected just now. Try again later, or ask a human."),
            status=503,
        ) from error


def named_by_article(slug: str, language: str, on: date) -> list[tuple[str, str]]:
    """Ids and titles of the procedures that an article belongs to; none while they have faults."""
    try:
        found = library.current()
    except DefinitionError:
        return []
    listed: list[tuple[str, str]] = []
    for id in found.ids():
        begun = [each for each in found.library.versions[id] if each.valid_from <= on]
        if begun and slug in begun[-1].articles:
            listed.append((id, words_of(found, id, language).title))
    return listed


def announced(catalogue: Catalogue, id: str, on: date) -> Any:
    """The next version that begins after a day, or None."""
    later = [each for each in catalogue.library.versions.get(id, ()) if each.valid_from > on]
    return later[0] if later else None


__all__ = [
    "DESK_HOURS",
    "AskedQuestion",
    "Begun",
    "Catalogue",
    "Course",
    "DefinitionError",
    "Explained",
    "FactError",
    "Field",
    "Procedure",
    "PublicationRefusedError",
    "TypedError",
    "announced",
    "as_json",
    "asked_for",
    "begin_check",
    "catalogue",
    "check",
    "check_facts",
    "checked",
    "complete_list",
    "confirm_known",
    "conflicts",
    "course",
    "course_of",
    "day_words",
    "described",
    "described_on",
    "described_one",
    "entry_said",
    "explained",
    "fact_words",
    "facts_of",
    "finish",
    "forget_check",
    "forget_fact",
    "format_grosz",
    "is_link",
    "is_unknown",
    "items_of",
    "kept_answer",
    "known_already",
    "mine",
    "minutes",
    "named_by_article",
    "names_of",
    "only_read",
    "open_at_desk",
    "publish",
    "put_entry",
    "question",
    "record_of",
    "refused",
    "remove_entry",
    "rendered",
    "resume_by_code",
    "resume_by_link",
    "said",
    "save_for_later",
    "share_with_desk",
    "start_check",
    "state_facts",
    "stop_sharing",
    "titles",
    "value_of",
    "values_of",
    "words_of",
]
