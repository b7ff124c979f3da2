"""Scripts of people for `channels.py`, and what their checks came to. Needs Django set up.

A person is a worked example, completed: each question that the engine asks of them has an answer
in words, or "I do not know". The words are those of the pages in the person's language.
"""

import random
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from przystan.core import clock
from przystan.core.languages import CONTENT_TAGS
from przystan.people import offices, tokens
from przystan.people.actor import system
from przystan.procedures import api as procedures
from przystan.procedures import queries
from przystan.procedures.data import UNKNOWN
from przystan.procedures.models import Snapshot
from przystan.rules import FactError
from przystan.rules.canonical import spelled
from przystan.web.api.checks import explained

MOST_QUESTIONS = 60
# A question without danger, whose page has a form to begin a check from.
MESSAGES = {
    "pl": "Ile kosztuje karta pobytu?",
    "en": "How much does a residence card cost?",
    "uk": "Скільки коштує карта побиту?",
    "ru": "Сколько стоит карта побыту?",
}
NOT_KNOWN = {"pl": "Nie wiem.", "en": "I do not know", "uk": "не знаю", "ru": "Не знаю."}


def people(count: int, seed: int) -> list[dict[str, Any]]:
    """Scripts of `count` people over the definitions in turn, the same for the same seed."""
    chance = random.Random(seed)
    catalogue, today = procedures.catalogue(), clock.today()
    decks = []
    for id in catalogue.ids():
        deck = list(catalogue.library.examples.get(id, ()))
        chance.shuffle(deck)
        decks.append((id, deck))
    chance.shuffle(decks)
    found: list[dict[str, Any]] = []
    while len(found) < count and any(deck for _id, deck in decks):
        for id, deck in decks:
            while deck and len(found) < count:
                lang = chance.choice(CONTENT_TAGS)
                made = scripted(catalogue, id, deck.pop().facts, today, lang)
                if made is not None:
                    found.append({"id": f"p{len(found):03}", **made})
                    break
    return found


def scripted(
    catalogue: procedures.Catalogue, id: str, facts: Mapping[str, Any], today: date, lang: str
) -> dict[str, Any] | None:
    """A person with these facts; None where the check cannot be told through every channel."""
    stated: dict[str, Any] = {}
    turns: list[dict[str, Any]] = []
    for _step in range(MOST_QUESTIONS):
        try:
            course = procedures.course_of(id, stated, today)
        except FactError:
            return None  # the example is of another day
        answer = course.answer()
        if answer.is_sealed or answer.contradictions:
            return None
        if answer.next_question is None:
            break
        fact = answer.next_question.fact
        if fact in stated:
            return None
        with translation.override(lang):
            asked = procedures.question(catalogue, fact, lang, course.law_day)
            told = _told(asked, facts.get(fact))
        if told is None:
            return None
        stated[fact], words = told
        turns.append({"question": asked.question, "short": asked.short, "answer": words})
    with translation.override(lang):
        return {
            "lang": lang,
            "procedure": id,
            "title": procedures.words_of(catalogue, id, lang).title,
            "message": MESSAGES[lang],
            "not_known_words": NOT_KNOWN[lang],
            "says": _says(),
            "turns": turns,
            "facts": stated,
        }


def _says() -> dict[str, str]:
    """Words of the interface in the active language."""
    return {
        "begin": _("Begin"),
        "go_on": _("Go on"),
        "show": _("These answers are right: show the result"),
        "unknown": _("I do not know"),
        "keep": _("Keep this entry"),
        "all": _("That is all"),
        "none": _("There is none"),
        "more_countries": _("Add another country"),
        "day": _("Day"),
        "month": _("Month"),
        "year": _("Year"),
        "ask": pgettext("button", "Ask"),
        "whole": _("The whole result, documents and checklist"),
    }


# --- one answer -------------------------------------------------------------------------------

Told = tuple[Any, dict[str, Any]]


def _told(asked: procedures.AskedQuestion, value: Any) -> Told | None:
    """The fact as the engine takes it, and the answer in words; None where words are missing."""
    if value is None or procedures.is_unknown(value):
        return _unknown(asked)
    if asked.is_single_record:
        return _record(asked, value) or _unknown(asked)
    items = procedures.items_of(value)[0]
    if asked.shape == "entries":
        made = [_record(asked, item) for item in items]
        if None in made:
            return None
        done = [one for one in made if one is not None]
        words = {
            "kind": "entries",
            "entries": [one[1]["fields"] for one in done],
            "add": _("Add: %(item)s") % {"item": asked.item},
            "add_another": _("Add another: %(item)s") % {"item": asked.item},
        }
        return {"items": [one[0] for one in done], "complete": True}, words
    if asked.shape == "many":
        return _many(asked, list(dict.fromkeys(items)))
    field = asked.fields[0]
    words = _words(field, value)
    return None if words is None else (value, words)


def _unknown(asked: procedures.AskedQuestion) -> Told | None:
    field = asked.fields[0]
    if asked.may_be_unknown:
        said = {words for _code, words in field.options}
        return None if _("I do not know") in said else (dict(UNKNOWN), {"kind": "unknown"})
    return _told(asked, False) if field.kind == "bool" else None


def _many(asked: procedures.AskedQuestion, items: list[Any]) -> Told | None:
    field = asked.fields[0]
    named = dict(field.options)
    words = [named.get(item, "") for item in items]
    if not items or len(items) > 8 or "" in words or field.kind not in {"country", "choice"}:
        return None
    if any(sign in one for one in words for sign in (",", "&")) and len(words) > 1:
        return None
    kind = "countries" if field.kind == "country" else "choices"
    value = {"items": items, "complete": True}
    return value, {"kind": kind, "words": words, "chat": ", ".join(words)}


def _record(asked: procedures.AskedQuestion, item: Mapping[str, Any]) -> Told | None:
    """Every field of an entry has an answer; what the example leaves out is not known."""
    value: dict[str, Any] = {}
    fields: dict[str, Any] = {}
    for field in asked.fields:
        given = item.get(field.name)
        if given is None or procedures.is_unknown(given):
            if not asked.may_be_unknown or asked.is_single_record:
                return None
            value[field.name], fields[field.label] = dict(UNKNOWN), {"kind": "unknown"}
            continue
        words = _words(field, given)
        if words is None or field.label in fields:
            return None
        value[field.name], fields[field.label] = given, words
    return value, {"kind": "record", "fields": fields}


def _words(field: procedures.Field, value: Any) -> dict[str, Any] | None:
    """One value as a person says it; None where two options have the same words."""
    match field.kind:
        case "bool":
            said = pgettext("answer", "Yes") if value else pgettext("answer", "No")
            return {"kind": "choice", "words": said, "chat": said.lower(), "is_yes_or_no": True}
        case "choice" | "country":
            words = dict(field.options).get(str(value), "")
            if [one for _code, one in field.options].count(words) != 1:
                return None
            return {"kind": field.kind, "words": " ".join(words.split()), "chat": words}
        case "date":
            return _day(str(value))
        case "money":
            whole, part = divmod(int(value), 100)
            text = f"{whole},{part:02}" if part else str(whole)
        case "decimal":
            text = str(value).replace(".", ",")
        case _:
            text = str(value)
    return {"kind": "text", "words": text, "chat": text}


def _day(value: str) -> dict[str, Any]:
    year, month, day = (*value.split("-"), "", "")[:3]
    chat = ".".join(part for part in (day, month, year) if part)
    return {
        "kind": "date",
        "year": year,
        "month": month.lstrip("0"),
        "day": day.lstrip("0"),
        "chat": chat,
    }


# --- afterwards -------------------------------------------------------------------------------


def stored(check_id: str, lang: str) -> Iterator[tuple[str, bytes]]:
    """What was kept of a finished check, part by part, as bytes."""
    row = Snapshot.objects.filter(of=check_id).latest("number")
    snapshot = queries.snapshot(row)
    answer = snapshot["answer"]
    view_facts = snapshot["record"]["facts"]
    yield "facts", spelled(view_facts)
    yield "outcome", spelled([answer["outcome"], answer["status"], answer["verdict"]])
    yield "documents", spelled(answer["documents"])
    yield "fee", spelled([answer["fees"], answer["fee_grosz"]])
    yield "terms", spelled(answer["terms"])
    course = procedures.course_of(answer["procedure"], view_facts, row_day(answer))
    yield "explanation", spelled(explained(course.answer(), lang))
    yield "snapshot", spelled(snapshot)


def row_day(answer: Mapping[str, Any]) -> date:
    return date.fromisoformat(answer["on"])


def key_of_an_office() -> str:
    """A key that may write checks, of an office made for the drill."""
    actor = system("drill of channels")
    controller = ("Drill", "https://drill.example", "drill")
    office = offices.ensure_office(
        "drill-of-channels", name="Drill", kind="ngo", controller=controller, actor=actor
    )
    scopes = ["checks.write"]
    return tokens.issue("drill", office.slug, scopes, days=1, actor=actor, at=clock.now())[1]
