"""What somebody typed or chose becomes the JSON form of a fact, or a sentence that says why not.

A sentence says what happened, to what, and what to do, in the active language; nothing typed is
lost, the caller shows it again.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from przystan.core.money import format_grosz
from przystan.procedures import wording
from przystan.procedures.asking import AskedQuestion, Field
from przystan.procedures.data import UNKNOWN
from przystan.rules import FactError

LONGEST: Final = 300
MOST_VALUES: Final = 12
_NUMBER: Final = re.compile(r"-?\d{1,12}(?:[.,]\d{1,4})?\Z", re.ASCII)
_MONEY: Final = re.compile(r"\d{1,12}(?:[.,]\d{1,2})?\Z", re.ASCII)
_SPACES: Final = re.compile(r"[\s\u00a0\u202f']")
_CURRENCY: Final = re.compile(r"(?:zł|zl|pln)\.?\Z", re.IGNORECASE)

Post = Mapping[str, Sequence[str]]


class TypedError(ValueError):
    """An answer that cannot be taken. `part` names the field's control, `sentence` is shown."""

    def __init__(self, part: str, sentence: str) -> None:
        super().__init__(part)
        self.part, self.sentence = part, sentence


def value_of(field: Field, post: Post, lang: str, on: date) -> Any:
    """The JSON form of one field's answer.

    Raises:
        TypedError: nothing was answered, or what cannot be.
    """
    match field.kind:
        case "bool":
            return _chosen(field, post, {"yes": True, "no": False})
        case "choice" | "country":
            return _chosen(field, post, {code: code for code, _words in field.options})
        case "date":
            return _date(field, post, lang, on)
        case "money":
            return _money(field, post, lang)
        case "int" | "period" | "decimal":
            return _number(field, post, lang)
    return _text(field, post)


def values_of(field: Field, post: Post, lang: str, on: date) -> list[Any]:
    """The values of a list of single ones; rows left empty are none."""
    if field.kind in {"choice", "country"}:
        known = dict(field.options)
        typed = [one for one in post.get(field.name, ()) if one.strip()]
        wrong = [one for one in typed if one not in known]
        if wrong:
            raise TypedError(field.name, _("Choose from the list."))
        found: list[Any] = list(dict.fromkeys(typed))[:MOST_VALUES]
    else:
        rows = [one for one in post.get(field.name, ()) if one.strip()][:MOST_VALUES]
        found = [value_of(field, {field.name: [row]}, lang, on) for row in rows]
    if not found:
        raise TypedError(
            field.name, _("Choose an answer. If you are not sure, read how to find out.")
        )
    return found


def record_of(
    question: AskedQuestion, post: Post, lang: str, on: date
) -> tuple[dict[str, Any], list[TypedError]]:
    """The fields of one entry, and what is wrong with those that cannot be taken."""
    found: dict[str, Any] = {}
    wrong: list[TypedError] = []
    for field in question.fields:
        if f"{field.name}" in post.get("unknown", ()):
            found[field.name] = UNKNOWN
            continue
        try:
            found[field.name] = value_of(field, post, lang, on)
        except TypedError as error:
            wrong.append(error)
    return found, wrong


def refused(error: FactError, field: str) -> TypedError:
    """The engine's refusal as a sentence for a person; the last net under our own."""
    told = {
        "lies in the future.": _("This day lies in the future. Write a day that has been."),
        "is a day that the calendar does not have.": _no_such_day(),
        "lacks the day or the month.": _("Write the day, the month and the year."),
        "is too large.": _("This number is too large. Check the number of digits."),
        "is too long.": _("This is too long. Write it shorter."),
        "is none of the options.": _("Choose from the list."),
    }
    sentence = told.get(error.reason)
    if sentence is None and error.reason.startswith("is no valid"):
        sentence = _("This number is not right. Check each character and write it again.")
    if sentence is None:
        sentence = _("This answer cannot be taken. Check it and write it again.")
    return TypedError(field, sentence)


# --- kinds ------------------------------------------------------------------------------------


def _one(post: Post, name: str) -> str:
    values = post.get(name, ())
    text = unicodedata.normalize("NFC", values[-1]) if values else ""
    # Digits of any script are digits: an Arabic or full-width keyboard types them.
    return "".join(
        str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text
    ).strip()


def _chosen(field: Field, post: Post, options: Mapping[str, Any]) -> Any:
    answer = _one(post, field.name)
    if answer in options:
        return options[answer]
    if not answer:
        raise TypedError(field.name, _("Choose an answer."))
    raise TypedError(field.name, _("Choose from the list."))


def _date(field: Field, post: Post, lang: str, on: date) -> str:
    day, month, year = (_one(post, f"{field.name}-{part}") for part in ("day", "month", "year"))
    if not (day or month or year):
        raise TypedError(f"{field.name}-day", _("Write the day, the month and the year."))
    if not year:
        raise TypedError(f"{field.name}-year", _("The year is missing. Write it with 4 digits."))
    if not re.fullmatch(r"\d{4}", year):
        raise TypedError(f"{field.name}-year", _("Write the year with 4 digits, such as 2026."))
    if field.may_be_partial and not day:
        return _partial(field, month, year, on)
    if not day:
        raise TypedError(f"{field.name}-day", _("The day is missing. Write it as a number."))
    if not month:
        raise TypedError(f"{field.name}-month", _("The month is missing. Write it as a number."))
    if not (_is_short_number(day) and _is_short_number(month)):
        raise TypedError(
            f"{field.name}-day", _("Write day and month as numbers, such as 5 and 11.")
        )
    try:
        found = date(int(year), int(month), int(day))
    except ValueError as error:
        raise TypedError(f"{field.name}-day", _no_such_day()) from error
    _within_days(field, found, found, lang, on)
    return found.isoformat()


def _is_short_number(text: str) -> bool:
    return bool(re.fullmatch(r"\d{1,2}", text))


def _partial(field: Field, month: str, year: str, on: date) -> str:
    if not 1 <= int(year) <= 9999:
        raise TypedError(f"{field.name}-year", _no_such_day())
    if not month:
        stated = f"{int(year):04}"
    elif _is_short_number(month) and 1 <= int(month) <= 12:
        stated = f"{int(year):04}-{int(month):02}"
    else:
        raise TypedError(f"{field.name}-month", _("Write the month as a number from 1 to 12."))
    if field.is_past and stated > on.isoformat():
        raise TypedError(f"{field.name}-year", _("This lies in the future. Write when it was."))
    return stated


def _no_such_day() -> str:
    return _("The calendar has no such day. Check the day and the month.")


def _within_days(field: Field, first: date, last: date, lang: str, on: date) -> None:
    if field.is_past and first > on:
        raise TypedError(
            f"{field.name}-day", _("This day lies in the future. Write a day that has been.")
        )
    if field.low is not None and last < field.low:
        words = {"day": wording.day(field.low, lang)}
        raise TypedError(f"{field.name}-day", _("Write a day on or after %(day)s.") % words)
    if field.high is not None and first > field.high:
        words = {"day": wording.day(field.high, lang)}
        raise TypedError(f"{field.name}-day", _("Write a day on or before %(day)s.") % words)


def _money(field: Field, post: Post, lang: str) -> int:
    """Whole grosz out of "4 806", "4806,50", "4.806,50 zł"."""
    text = _SPACES.sub("", _one(post, field.name))
    text = _CURRENCY.sub("", text)
    if not text:
        raise TypedError(field.name, _("Write an amount in złoty, such as 4806 or 4806,50."))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?", text):
        text = text.replace(".", "")
    elif re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?", text):
        text = text.replace(",", "")
    if not _MONEY.match(text):
        raise TypedError(
            field.name, _("This is not an amount. Write it in złoty, such as 4806 or 4806,50.")
        )
    whole, _sign, part = text.replace(",", ".").partition(".")
    grosz = int(whole) * 100 + int(part.ljust(2, "0") if part else 0)
    _within(field, grosz, lang)
    return grosz


def _number(field: Field, post: Post, lang: str) -> int | str:
    text = _SPACES.sub("", _one(post, field.name)).removesuffix("%")
    if not text:
        raise TypedError(field.name, _("Write a number."))
    if not _NUMBER.match(text):
        raise TypedError(field.name, _("This is not a number. Write it with digits, such as 12."))
    if field.kind == "decimal":
        return text.replace(",", ".")
    if not re.fullmatch(r"-?\d+", text):
        raise TypedError(field.name, _("Write a whole number, such as 12."))
    _within(field, int(text), lang)
    return int(text)


def _within(field: Field, number: int, lang: str) -> None:
    def shown(bound: Any) -> str:
        if field.kind == "money":
            return format_grosz(int(bound), lang)
        return f"{bound} {field.unit}".strip()

    if field.low is not None and number < field.low:
        words = {"number": shown(field.low)}
        raise TypedError(field.name, _("This is too little. Write %(number)s or more.") % words)
    if field.high is not None and number > field.high:
        words = {"number": shown(field.high)}
        raise TypedError(field.name, _("This is too much. Write %(number)s or less.") % words)


def _text(field: Field, post: Post) -> str:
    text = " ".join(_one(post, field.name).split())
    if not text:
        raise TypedError(field.name, _("Write an answer."))
    if len(text) > LONGEST:
        raise TypedError(field.name, _("Write at most %(most)d characters.") % {"most": LONGEST})
    if any(unicodedata.category(one) in {"Cc", "Cs"} for one in text):
        raise TypedError(field.name, _("There are signs in it that are no text. Write it again."))
    return text


__all__ = ["TypedError", "record_of", "refused", "value_of", "values_of"]
