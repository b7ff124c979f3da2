"""The least content that is valid, in four languages; keyword arguments name what differs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from przystan.knowledge.content.forms import (
    LANGUAGES,
    ActForm,
    ArticleForm,
    IntentForm,
    Library,
    ParagraphForm,
    ParameterForm,
    ProvisionForm,
    SourceForm,
    ValueForm,
)
from przystan.knowledge.data import Expectation
from przystan.knowledge.services import load_reference_data, publish_all
from przystan.knowledge.services.publishing import Published
from przystan.people.actor import Actor

NOON = datetime(2026, 7, 20, 12, tzinfo=UTC)
TODAY = date(2026, 7, 20)
EDITOR = Actor(role="editor", purpose="publish an article")
READ_ON = date(2026, 7, 18)

WORDS = {
    "pl": "Opłata wynosi {param:fee}.",
    "en": "The fee is {param:fee}.",
    "uk": "Збір становить {param:fee}.",
    "ru": "Сбор составляет {param:fee}.",
}
DEADLINE = {
    "pl": "Masz 14 dni na odwołanie.",
    "en": "You have 14 days to appeal.",
    "uk": "Ви маєте 14 днів на оскарження.",
    "ru": "У вас есть 14 дней на обжалование.",
}
HEADING = {"pl": "Opłaty", "en": "Fees", "uk": "Збори", "ru": "Сборы"}
SERVICE = {
    "pl": "Zapytaj: {service:hotline}.",
    "en": "Ask here: {service:hotline}.",
    "uk": "Запитайте: {service:hotline}.",
    "ru": "Спросите: {service:hotline}.",
}
TITLES = {"pl": "Zezwolenie", "en": "Permit", "uk": "Дозвіл", "ru": "Разрешение"}
SUMMARIES = {
    "pl": "Co zrobić, aby pracować.",
    "en": "What to do in order to work.",
    "uk": "Що зробити, щоб працювати.",
    "ru": "Что сделать, чтобы работать.",
}
ASKED = {
    "pl": ("ile kosztuje karta", "jaka oplata", "czy musze placic"),
    "en": ("how much is the card", "what is the fee", "do I have to pay"),
    "uk": ("скільки коштує карта", "skilky koshtuie karta", "який збір"),
    "ru": ("сколько стоит карта", "какой сбор", "надо ли платить"),
}
APPEALED = {
    "pl": ("ile mam czasu na odwolanie", "do kiedy odwołanie"),
    "en": ("how long do I have to appeal", "appeal deadline"),
    "uk": ("скільки часу на оскарження", "коли оскаржити"),
    "ru": ("сколько времени на обжалование", "срок обжалования"),
}


def paragraph(id: str, texts: Mapping[str, str], **fields: Any) -> ParagraphForm:
    defaults: dict[str, Any] = {
        "kind": "text",
        "status": "verified",
        "sources": ("law:act-on-foreigners#art-114-1",),
    }
    return ParagraphForm(id=id, texts=texts, **(defaults | fields))


def heading(id: str = "fees", texts: Mapping[str, str] = HEADING) -> ParagraphForm:
    return paragraph(id, texts, kind="heading", sources=())


def article(slug: str = "work-permit", **fields: Any) -> ArticleForm:
    """An article with a heading, a fee and a deadline, valid from 27 April 2026."""
    defaults: dict[str, Any] = {
        "topic": "work",
        "order": 10,
        "owner": "residence-desk",
        "status": "published",
        "valid_from": date(2026, 4, 27),
        "valid_to": None,
        "review_on": date(2027, 1, 18),
        "related": (),
        "services": (),
        "titles": TITLES,
        "summaries": SUMMARIES,
        "paragraphs": (
            heading(),
            paragraph("fee", WORDS, sources=("page:fees", "law:act-on-foreigners#art-114-1-5")),
            paragraph("deadline", DEADLINE, kind="warning"),
        ),
        "intents": (
            IntentForm("fee", ("fee",), None, ASKED),
            IntentForm("appeal", ("deadline",), None, APPEALED),
        ),
        "expectations": (Expectation(slug, "pl", "ile kosztuje karta", "answer", ("440",)),),
    }
    return ArticleForm(slug=slug, **(defaults | fields))


def with_text(form: ArticleForm, id: str, **texts: str) -> ArticleForm:
    """The article with other words in one paragraph: `with_text(form, "fee", pl="…")`."""
    return replace(
        form,
        paragraphs=tuple(
            replace(entry, texts={**entry.texts, **texts}) if entry.id == id else entry
            for entry in form.paragraphs
        ),
    )


def value(amount: Any = 44000, **fields: Any) -> ValueForm:
    defaults: dict[str, Any] = {
        "valid_from": None,
        "valid_to": None,
        "source": "page:fees",
        "read_on": READ_ON,
    }
    return ValueForm(value=amount, **(defaults | fields))


def parameter(id: str = "fee", *values: ValueForm, kind: str = "money") -> ParameterForm:
    labels = dict(zip(LANGUAGES, ("opłata", "fee", "сбор", "збір"), strict=True))
    return ParameterForm(id, kind, labels, values or (value(),))  # type: ignore[arg-type]


def source(id: str = "fees", **fields: Any) -> SourceForm:
    defaults: dict[str, Any] = {
        "title": "Opłaty",
        "url": f"https://urzad.example/{id}",
        "publisher": "Urząd",
        "is_official": True,
        "read_on": date(2026, 6, 1),
    }
    return SourceForm(id=id, **(defaults | fields))


def act(slug: str = "act-on-foreigners", code: str = "UC", **fields: Any) -> ActForm:
    words = dict.fromkeys(LANGUAGES, "ustawa o cudzoziemcach")
    defaults: dict[str, Any] = {
        "titles": words,
        "shorts": words,
        "eli": "DU/2025/1079",
        "state_on": READ_ON,
        "read_on": READ_ON,
        "url": "https://eli.example/DU/2025/1079",
    }
    return ActForm(slug=slug, code=code, **(defaults | fields))


def library(*articles: ArticleForm, **fields: Any) -> Library:
    """Reference data for the articles above: one act, four provisions, two pages, one fee."""
    words = {"pl": "Po polsku.", "en": "In English.", "uk": "Українською.", "ru": "По-русски."}
    keys = ("art-114-1", "art-114-1-5", "art-114", "art-1")
    defaults: dict[str, Any] = {
        "sources": {form.id: form for form in (source(), source("blog", is_official=False))},
        "acts": {"act-on-foreigners": act()},
        "provisions": {
            ("act-on-foreigners", key): ProvisionForm("act-on-foreigners", key, READ_ON, words)
            for key in keys
        },
        "parameters": {"fee": parameter()},
        "articles": {form.slug: form for form in articles},
    }
    return Library(**(defaults | fields))


def loaded(*articles: ArticleForm, at: datetime = NOON, **fields: Any) -> list[Published]:
    """Load reference data and publish, without the checks that tests of checks make."""
    load_reference_data(library(**fields))
    return publish_all(articles, at=at, actor=EDITOR)
