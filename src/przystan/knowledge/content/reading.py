"""From a content folder to a `Library`: the shape of each file, one function a kind.

What a file says on its own is judged here; what it says about other files in `checking.py`.
The formats are in the app's README.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar, cast

from przystan.core.errors import BadFileError
from przystan.knowledge.content import documents
from przystan.knowledge.content.documents import Fields, Node
from przystan.knowledge.content.forms import (
    LANGUAGES,
    OWNERS,
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
from przystan.knowledge.content.lines import Lines
from przystan.knowledge.content.problems import Report
from przystan.knowledge.data import (
    ArticleStatus,
    Expectation,
    ParagraphKind,
    ParameterKind,
    Status,
    Verdict,
)
from przystan.knowledge.topics import TOPIC_IDS

PARAGRAPH_KINDS = {"heading", "text", "item", "step", "warning"}
PARAMETER_KINDS = {"money", "date", "number", "percent", "text"}
_UNREADABLE = date(1, 1, 1)  # stands for a day that was reported as missing or wrong
T = TypeVar("T")


def read(folder: Path, report: Report, lines: Lines) -> Library:
    """Read everything below `folder`; faults go to `report`, places to `lines`.

    Raises:
        BadFileError: there is no such folder.
    """
    return replace(
        read_reference_data(folder, report, lines),
        articles=_merged(_articles(folder, report, lines), report),
    )


def read_reference_data(folder: Path, report: Report, lines: Lines) -> Library:
    """Sources, acts, provisions and parameters, without the articles that stand on them.

    Raises:
        BadFileError: there is no such folder.
    """
    if not folder.is_dir():
        raise BadFileError(folder, None, "There is no such content folder.")
    return Library(
        sources=_merged(_sources(folder, report, lines), report),
        acts=_merged(_acts(folder, report, lines), report),
        provisions=_merged(_provisions(folder, report, lines), report),
        parameters=_merged(_parameters(folder, report, lines), report),
        articles={},
    )


Found = Iterator[tuple[Any, T, str, int]]  # key, form, file, line


def _merged(found: Found[T], report: Report) -> dict[Any, T]:
    merged: dict[Any, T] = {}
    for key, form, file, line in found:
        if key in merged:
            name = "#".join(key) if isinstance(key, tuple) else key
            report.add(line, f"{name} is defined twice.", "Keep one of them.", file=file)
        merged[key] = form
    return merged


def _entries(
    files: list[Path], report: Report, lines: Lines, group: str
) -> Iterator[tuple[Path, str, Fields]]:
    """Each key of each file with the mapping under it, while the report stands at that file."""
    for path in files:
        document = documents.read(path, report)
        with report.of(path):
            for id, node in (document.entries or {}).items():
                lines.put((group, id), report.name(path), document.key_lines[id])
                at_key = replace(node, line=document.key_lines[id])
                yield path, id, Fields(at_key, report, id)


def _yaml(folder: Path, *patterns: str) -> list[Path]:
    return sorted({path for pattern in patterns for path in folder.glob(pattern)})


def _words(fields: Fields, key: str) -> dict[str, str]:
    """A text in every content language."""
    inside = fields.inside(key).only(set(LANGUAGES)) if fields.has(key) else None
    return {lang: inside.text(lang) for lang in LANGUAGES} if inside else {}


def _day(fields: Fields, key: str) -> date:
    return fields.day(key) or _UNREADABLE


# --- sources, acts, provisions, parameters --------------------------------------------------


def _sources(folder: Path, report: Report, lines: Lines) -> Found[SourceForm]:
    files = _yaml(folder, "sources.yaml", "sources.d/*.yaml")
    for path, id, fields in _entries(files, report, lines, "source"):
        fields.only({"title", "url", "publisher", "official", "read_on"})
        url = fields.text("url")
        if url and not url.startswith(("https://", "http://")):
            report.add(
                fields.line_of("url"), f"{id}: url is not a web address.", "Begin with https."
            )
        form = SourceForm(
            id=id,
            title=fields.text("title"),
            url=url,
            publisher=fields.text("publisher"),
            is_official=fields.boolean("official"),
            read_on=_day(fields, "read_on"),
        )
        yield id, form, report.name(path), fields.line


def _acts(folder: Path, report: Report, lines: Lines) -> Found[ActForm]:
    for path, slug, fields in _entries(_yaml(folder, "acts.yaml"), report, lines, "act"):
        fields.only({"code", "title", "short", "edition"})
        edition = fields.inside("edition").only({"eli", "state_on", "read_on", "url"})
        form = ActForm(
            slug=slug,
            code=fields.text("code"),
            titles=_words(fields, "title"),
            shorts=_words(fields, "short"),
            eli=edition.text("eli"),
            state_on=_day(edition, "state_on"),
            read_on=_day(edition, "read_on"),
            url=edition.text("url"),
        )
        yield slug, form, report.name(path), fields.line


def _provisions(folder: Path, report: Report, lines: Lines) -> Found[ProvisionForm]:
    files = _yaml(folder, "provisions/*.yaml", "provisions.d/*.yaml")
    for path, id, fields in _entries(files, report, lines, "provision"):
        act, _, key = id.rpartition("#")
        if path.parent.name == "provisions":
            act, key = path.stem, id
        elif not act:
            report.add(fields.line, f"{id} does not name its act.", "Write <act-slug>#<provision>.")
            continue
        lines.put(("provision", f"{act}#{key}"), report.name(path), fields.line)
        fields.only({"read_on", "summary"}, {"label"})
        form = ProvisionForm(
            act=act,
            key=key,
            read_on=_day(fields, "read_on"),
            summaries=_words(fields, "summary"),
            label=fields.text("label") if fields.has("label") else "",
        )
        yield (act, key), form, report.name(path), fields.line


def _parameters(folder: Path, report: Report, lines: Lines) -> Found[ParameterForm]:
    files = _yaml(folder, "parameters/*.yaml")
    for path, id, fields in _entries(files, report, lines, "parameter"):
        fields.only({"kind", "label", "values"})
        kind = cast(ParameterKind, fields.choice("kind", PARAMETER_KINDS, "text"))
        values = fields.mappings("values", f"{id}.values")
        if not values:
            report.add(fields.line, f"{id} has no values.", "Add at least one dated value.")
        form = ParameterForm(
            id=id,
            kind=kind,
            labels=_words(fields, "label"),
            values=tuple(_value(value, kind) for value in values),
        )
        yield id, form, report.name(path), fields.line


def _value(fields: Fields, kind: ParameterKind) -> ValueForm:
    fields.only({"from", "to", "value", "source", "read_on"}, {"status"})
    return ValueForm(
        valid_from=fields.day("from", may_be_open=True),
        valid_to=fields.day("to", may_be_open=True),
        value=_typed(fields, kind),
        source=fields.text("source"),
        read_on=_day(fields, "read_on"),
        status=_status(fields),
    )


def _status(fields: Fields) -> Status:
    return cast(Status, fields.choice("status", {"verified", "to_verify"}, "verified"))


def _typed(fields: Fields, kind: ParameterKind) -> Any:
    """A value as `models.ParameterValue.value` keeps it; money as grosz."""
    match kind:
        case "money":
            amount = fields.decimal("value") or Decimal(0)
            if amount != amount.quantize(Decimal("0.01")) or amount < 0:
                line = fields.line_of("value")
                fields.fault(line, f"{fields.what}: {amount} is no amount.", "Write 440.00.")
            return int(amount * 100)
        case "number" | "percent":
            number = fields.decimal("value")
            return str(number if number is not None else 0)
        case "date":
            return _day(fields, "value").isoformat()
        case _:
            node = fields.node("value")
            if node and node.entries is not None:
                return _words(fields, "value")
            return dict.fromkeys(LANGUAGES, fields.text("value"))


# --- articles -------------------------------------------------------------------------------


def _articles(folder: Path, report: Report, lines: Lines) -> Found[ArticleForm]:
    for path in sorted(folder.glob("articles/*/")):
        if not path.is_dir():
            continue
        main = path / "article.yaml"
        if not main.is_file():
            report.add(0, "article.yaml is missing.", "Add it.", file=report.name(path))
            continue
        form = _article(path, main, report, lines)
        yield form.slug, form, report.name(main), 1


_REQUIRED = {
    "slug", "topic", "order", "owner", "status", "valid_from", "review_on", "paragraphs", "intents",
}  # fmt: skip
_OPTIONAL = {"related", "services", "tests", "valid_to"}


def _article(path: Path, main: Path, report: Report, lines: Lines) -> ArticleForm:
    document = documents.read(main, report)
    with report.of(main):
        fields = Fields(document, report, path.name).only(_REQUIRED, _OPTIONAL)
        lines.put(("article", path.name), report.name(main), 1)
        if fields.text("slug") not in {"", path.name}:
            report.add(
                fields.line_of("slug"),
                f"The slug {fields.text('slug')} is not the folder's name {path.name}.",
                "Make them the same.",
            )
        paragraphs = _paragraphs(path.name, fields, report, lines)
        intents = _intents(path.name, fields, report, lines)
        expectations = tuple(
            _expectation(path.name, test) for test in fields.mappings("tests", "test")
        )
    texts = {lang: _translation(path, lang, report, lines) for lang in LANGUAGES}
    _same_ids(path, texts, "paragraphs", {paragraph.id for paragraph in paragraphs}, report)
    _same_ids(path, texts, "intents", {intent.id for intent in intents}, report)
    return ArticleForm(
        slug=path.name,
        topic=fields.choice("topic", set(TOPIC_IDS), TOPIC_IDS[0]),
        order=fields.integer("order"),
        owner=fields.choice("owner", OWNERS),
        status=cast(
            ArticleStatus, fields.choice("status", {"published", "to_verify"}, "to_verify")
        ),
        valid_from=_day(fields, "valid_from"),
        valid_to=fields.day("valid_to", may_be_open=True),
        review_on=_day(fields, "review_on"),
        related=fields.texts("related"),
        services=fields.texts("services"),
        titles={lang: texts[lang].text("title") for lang in LANGUAGES},
        summaries={lang: texts[lang].text("summary") for lang in LANGUAGES},
        paragraphs=tuple(_with_texts(paragraph, texts) for paragraph in paragraphs),
        intents=tuple(_with_phrasings(intent, texts) for intent in intents),
        expectations=expectations,
    )


def _paragraphs(slug: str, fields: Fields, report: Report, lines: Lines) -> list[ParagraphForm]:
    forms: dict[str, ParagraphForm] = {}
    for paragraph in fields.mappings("paragraphs", "paragraph"):
        paragraph.only({"id", "kind"}, {"status", "sources"})
        form = ParagraphForm(
            id=paragraph.text("id"),
            kind=cast(ParagraphKind, paragraph.choice("kind", PARAGRAPH_KINDS, "text")),
            status=_status(paragraph),
            sources=paragraph.texts("sources"),
            texts={},
        )
        _keep(forms, form, "paragraph", paragraph)
        lines.put(("paragraph", slug, form.id), report.file, paragraph.line)
    return list(forms.values())


def _intents(slug: str, fields: Fields, report: Report, lines: Lines) -> list[IntentForm]:
    forms: dict[str, IntentForm] = {}
    for intent in fields.mappings("intents", "intent"):
        intent.only({"id", "answers"}, {"verdict"})
        verdict = intent.choice("verdict", {"yes", "no", "depends"}) or None
        form = IntentForm(
            intent.text("id"), intent.texts("answers"), cast("Verdict | None", verdict), {}
        )
        _keep(forms, form, "intent", intent)
        lines.put(("intent", slug, form.id), report.file, intent.line)
    return list(forms.values())


def _keep(forms: dict[str, Any], form: Any, what: str, fields: Fields) -> None:
    if form.id in forms:
        reason = f"The {what} {form.id} is there twice."
        fields.fault(fields.line, reason, "Give each its own id.")
    forms[form.id] = form


def _expectation(slug: str, fields: Fields) -> Expectation:
    fields.only({"lang", "question", "expect"}, {"facts"})
    expect = fields.choice("expect", {"answer", "refuse"}, "answer")
    return Expectation(
        article=slug,
        lang=fields.choice("lang", set(LANGUAGES)),
        question=fields.text("question"),
        expect="refuse" if expect == "refuse" else "answer",
        facts=fields.texts("facts"),
    )


def _translation(path: Path, lang: str, report: Report, lines: Lines) -> Fields:
    file = path / f"{lang}.yaml"
    if not file.is_file():
        report.add(0, f"{lang}.yaml is missing.", "Add the translation.", file=report.name(path))
        return Fields(Node(0, entries={}), report, lang, report.name(path))
    document = documents.read(file, report)
    with report.of(file):
        fields = Fields(document, report, lang).only({"title", "summary", "paragraphs", "intents"})
        for group in ("paragraphs", "intents"):
            inside = fields.inside(group)
            for id in inside.ids:
                lines.put((group, path.name, lang, id), report.name(file), inside.line_of(id))
        for key in ("title", "summary"):
            lines.put((key, path.name, lang), report.name(file), fields.line_of(key))
    return fields


def _same_ids(
    path: Path, texts: dict[str, Fields], group: str, expected: set[str], report: Report
) -> None:
    """Every paragraph and intent has its text in every language, and no text is left over."""
    for lang, fields in texts.items():
        with report.of(path / f"{lang}.yaml"):
            inside = fields.inside(group)
            for id in sorted(expected - set(inside.ids)):
                report.add(inside.line, f"{group}: {id} has no text.", f"Write it in {lang}.")
            for id in sorted(set(inside.ids) - expected):
                report.add(
                    inside.line_of(id),
                    f"{group}: {id} is not in article.yaml.",
                    "Remove it or add it there.",
                )


def _with_texts(form: ParagraphForm, texts: dict[str, Fields]) -> ParagraphForm:
    found = {lang: fields.inside("paragraphs").text(form.id) for lang, fields in texts.items()}
    words = {lang: text for lang, text in found.items() if text}
    return ParagraphForm(form.id, form.kind, form.status, form.sources, words)


def _with_phrasings(form: IntentForm, texts: dict[str, Fields]) -> IntentForm:
    phrasings = {lang: fields.inside("intents").texts(form.id) for lang, fields in texts.items()}
    return IntentForm(form.id, form.answers, form.verdict, phrasings)
