"""What other apps may call of the assistant."""

from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from przystan.assistant import danger, facts
from przystan.assistant.answering import ask, content_languages
from przystan.assistant.data import Answer, Found
from przystan.assistant.hearing import day_beside, goes_first, heard
from przystan.assistant.language import detect
from przystan.assistant.offering import Offer, offer
from przystan.assistant.reading import question as readable
from przystan.core import clock
from przystan.knowledge import api as knowledge
from przystan.knowledge import finding

__all__ = [
    "Offer",
    "as_text",
    "ask",
    "content_languages",
    "day_beside",
    "goes_first",
    "heard",
    "machine_note",
    "offer",
    "quotation",
    "readable",
    "search",
    "warm_up",
]


def warm_up() -> None:
    """Load what the first question would wait for; call it once in each process that answers."""
    danger.warm_up()
    detect("dzień dobry")
    for greeting in ("dzień dobry", "добрий день", "добрый день", "good morning"):
        facts.read(greeting, clock.today())


def as_text(answer: Answer) -> str:
    """All that the person reads of an answer, as plain text: for the command line and e-mail."""
    with translation.override(answer.lang):
        parts = [answer.notice] if answer.notice else []
        parts += [block.text for block in answer.help if block.text]
        if answer.verdict:
            parts.append(verdict_word(answer.verdict))
        parts += answer.reworded
        if answer.reworded:
            parts.append(machine_note())
        parts += [line.text for line in answer.lines]
        if answer.refused:
            parts.append(refusal(answer))
    return "\n".join(parts)


def verdict_word(verdict: str) -> str:
    return {"yes": _("Yes."), "no": _("No."), "depends": _("It depends.")}[verdict]


def machine_note() -> str:
    """What stands beside sentences of a model."""
    return _(
        "A machine put this into your language. Its figures, dates and names are compared with "
        "the quotes; what counts is the quotes."
    )


def refusal(answer: Answer) -> str:
    """Why there is no answer, and who will give one, in the language of the reader."""
    if answer.reason == "wants_human":
        return _("You asked for a human. A consultant sees your question now.")
    if answer.reason == "to_verify":
        return _(
            "What we found is not verified yet, so we do not quote it. "
            "A consultant sees your question and will answer."
        )
    return _(
        "We could not find a source for this. A consultant sees your question and will answer."
    )


def search(query: str, *, lang: str, on: date) -> tuple[Found, ...]:
    """Passages near a query, for the desk and the command line; nothing is decided here."""
    found = finding.library().find(query, lang=lang, on=on)
    keys = [finding.key_of(hit.id) for hit in found.passages]
    cited = knowledge.paragraphs(keys, on)
    return tuple(
        Found(
            title=cited[key].title,
            article=cited[key].article,
            paragraph=key.paragraph_id,
            lang=key.lang,
            text=cited[key].paragraph.text,
            score=round(hit.score, 3),
        )
        for key, hit in zip(keys, found.passages, strict=True)
        if key in cited
    )


def quotation(slug: str, paragraph_id: str, lang: str, on: date) -> str:
    """A verified paragraph with its page and the day its source was read; "" if it may not be."""
    article = knowledge.article(slug, lang, on)
    found = next((p for p in article.paragraphs if p.id == paragraph_id), None) if article else None
    if article is None or found is None or found.status != "verified":
        return ""
    read_on = found.checked_on.isoformat() if found.checked_on else ""
    with translation.override(lang):
        return _("“%(quote)s” (%(title)s, source read on %(day)s)") % {
            "quote": found.text,
            "title": article.title,
            "day": read_on,
        }
