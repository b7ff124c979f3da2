"""What must hold across files before content is loaded or published.

Wagtail's editors get the same checks: `article_faults` knows no file, only the article.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from przystan.knowledge import placeholders
from przystan.knowledge.content import reading, texts
from przystan.knowledge.content.forms import (
    LANGUAGES,
    ArticleForm,
    IntentForm,
    Library,
    ParagraphForm,
    ParameterForm,
    Reference,
    ValueForm,
)
from przystan.knowledge.content.lines import Lines
from przystan.knowledge.content.problems import Problem, Report
from przystan.knowledge.content.reading import read

MIN_QUESTIONS = 5  # per article and language: fewer find too little
MIN_PHRASINGS = 2
MAX_ANSWERS = 3
Place = tuple[str, ...]
# Whether the directory has an entry.
KnowsService = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Known:
    """What an article may refer to."""

    official_pages: frozenset[str]
    other_pages: frozenset[str]
    provisions: frozenset[tuple[str, str]]
    # parameter → its days, oldest first
    parameters: dict[str, tuple[tuple[date | None, date | None], ...]]
    articles: frozenset[str]
    knows_service: KnowsService | None = None

    def reference_fault(self, text: str) -> texts.Fault | None:
        reference = Reference.parse(text)
        if reference is None:
            return f"{text} names no source.", "Write law:<act>#<provision> or page:<source>."
        if reference.kind == "law" and (reference.id, reference.provision) not in self.provisions:
            return f"The provision {text} is unknown.", "Add it to provisions/, or correct the id."
        pages = self.official_pages | self.other_pages
        if reference.kind == "page" and reference.id not in pages:
            return f"The source {text} is unknown.", "Add it to sources.yaml, or correct the id."
        return None


@dataclass(frozen=True, slots=True, order=True)
class ArticleFault:
    """A fault of one article. `place` names the part: ("paragraphs", "uk", "fee")."""

    place: Place
    reason: str
    remedy: str


def check(folder: Path, knows_service: KnowsService | None = None) -> tuple[Library, list[Problem]]:
    """Read a content folder and return it with every fault, sorted by file and line.

    A directory that knows none of the services named has not been loaded yet: they are not
    checked then.
    """
    report, lines = Report(folder), Lines()
    library = read(folder, report, lines)
    known = known_from(library, knows_service if knows_any(library, knows_service) else None)
    _check_library(library, known, report, lines)
    for article in library.articles.values():
        for fault in article_faults(article, known):
            file, line = _place_of(article.slug, fault.place, lines)
            report.add(line, fault.reason, fault.remedy, file=file)
    return library, report.problems


def read_reference_data(folder: Path) -> tuple[Library, list[Problem]]:
    """Sources, acts, provisions and parameters of a folder, with their faults.

    Raises:
        BadFileError: there is no such folder.
    """
    report, lines = Report(folder), Lines()
    library = reading.read_reference_data(folder, report, lines)
    _check_library(library, known_from(library), report, lines)
    return library, report.problems


def known_from(library: Library, knows_service: KnowsService | None = None) -> Known:
    pages = library.sources.values()
    return Known(
        official_pages=frozenset(page.id for page in pages if page.is_official),
        other_pages=frozenset(page.id for page in pages if not page.is_official),
        provisions=frozenset(library.provisions),
        parameters={
            id: tuple((value.valid_from, value.valid_to) for value in _in_order(parameter))
            for id, parameter in library.parameters.items()
        },
        articles=frozenset(library.articles),
        knows_service=knows_service,
    )


def knows_any(library: Library, knows_service: KnowsService | None) -> bool:
    """Whether somebody can say which services exist."""
    named: set[str] = set()
    for article in library.articles.values():
        named.update(article.services)
        for paragraph in article.paragraphs:
            for text in paragraph.texts.values():
                named |= placeholders.ids(text, "service")
    return knows_service is not None and (not named or any(map(knows_service, sorted(named))))


def _place_of(slug: str, place: Place, lines: Lines) -> tuple[str, int]:
    """The nearest place that is known to stand in a file."""
    group, *rest = place
    for key in ((group, slug, *rest), ("article", slug)):
        file, line = lines.of(key)
        if file:
            return file, line
    return f"articles/{slug}", 0


# --- articles -------------------------------------------------------------------------------


def article_faults(article: ArticleForm, known: Known) -> Iterator[ArticleFault]:
    """Every fault of an article, in all the languages it has."""
    yield from _heading_faults(article, known)
    ids = {paragraph.id for paragraph in article.paragraphs}
    for paragraph in article.paragraphs:
        yield from _paragraph_faults(paragraph, article, known)
    for intent in article.intents:
        yield from _intent_faults(intent, article, ids)
    yield from _question_faults(article)


def _heading_faults(article: ArticleForm, known: Known) -> Iterator[ArticleFault]:
    place: Place = ("article",)
    if article.valid_to and article.valid_to < article.valid_from:
        yield ArticleFault(place, "valid_to is before valid_from.", "Correct the days.")
    for slug in article.related:
        if slug not in known.articles:
            yield ArticleFault(place, f"The related article {slug} is unknown.", "Correct the id.")
    for service in article.services:
        yield from _service_faults(service, place, known)
    for group, words in (("title", article.titles), ("summary", article.summaries)):
        for lang, text in words.items():
            for reason, remedy in _translated(text, words.get("pl", ""), lang):
                yield ArticleFault((group, lang), f"{group}: {reason}", remedy)


def _translated(text: str, polish: str, lang: str) -> Iterator[texts.Fault]:
    if not text:
        return
    yield from texts.faults(text, lang)
    if lang != "pl" and polish:
        yield from texts.translation_faults(polish, text)


def _service_faults(service: str, place: Place, known: Known) -> Iterator[ArticleFault]:
    if known.knows_service and not known.knows_service(service):
        yield ArticleFault(
            place, f"The service {service} is unknown.", "Add it to the directory or correct it."
        )


def _paragraph_faults(
    paragraph: ParagraphForm, article: ArticleForm, known: Known
) -> Iterator[ArticleFault]:
    place: Place = ("paragraph", paragraph.id)
    for reason, remedy in _source_faults(paragraph, article, known):
        yield ArticleFault(place, f"{paragraph.id}: {reason}", remedy)
    for lang, text in paragraph.texts.items():
        where: Place = ("paragraphs", lang, paragraph.id)
        for reason, remedy in _translated(text, paragraph.texts.get("pl", ""), lang):
            yield ArticleFault(where, f"{paragraph.id}: {reason}", remedy)
        for parameter in sorted(placeholders.ids(text, "param")):
            for reason, remedy in _parameter_faults(parameter, article.valid_from, known):
                yield ArticleFault(where, f"{paragraph.id}: {reason}", remedy)
        for service in sorted(placeholders.ids(text, "service")):
            yield from _service_faults(service, where, known)


def _source_faults(
    paragraph: ParagraphForm, article: ArticleForm, known: Known
) -> Iterator[texts.Fault]:
    if paragraph.kind == "heading" and paragraph.sources:
        yield "A heading has sources.", "Move them to the statements below it."
    if paragraph.kind != "heading" and not paragraph.sources:
        yield "The paragraph has no source.", "Name the provision or the page it rests on."
    is_published = paragraph.status == "verified" and article.status == "published"
    for text in paragraph.sources:
        if fault := known.reference_fault(text):
            yield fault
        reference = Reference.parse(text)
        if is_published and reference and reference.id in known.other_pages:
            yield (
                f"A verified paragraph rests on {text}, which is not official.",
                "Find an official source, or set status: to_verify.",
            )


def _parameter_faults(id: str, first_day: date, known: Known) -> Iterator[texts.Fault]:
    days = known.parameters.get(id)
    if days is None:
        yield f"The parameter {id} is unknown.", "Add it to parameters/, or correct the id."
    elif not any((not a or a <= first_day) and (not b or first_day <= b) for a, b in days):
        yield (
            f"The parameter {id} has no value on {first_day}, the article's first day.",
            "Add the value of that day, or correct valid_from.",
        )


def _intent_faults(
    intent: IntentForm, article: ArticleForm, ids: set[str]
) -> Iterator[ArticleFault]:
    place: Place = ("intent", intent.id)
    order = [paragraph.id for paragraph in article.paragraphs]
    headings = {paragraph.id for paragraph in article.paragraphs if paragraph.kind == "heading"}
    if not 1 <= len(intent.answers) <= MAX_ANSWERS:
        yield ArticleFault(
            place,
            f"{intent.id}: {len(intent.answers)} paragraphs answer it.",
            f"Name one to {MAX_ANSWERS}.",
        )
    for answer in intent.answers:
        if answer not in ids:
            yield ArticleFault(
                place, f"{intent.id}: the paragraph {answer} is unknown.", "Correct the id."
            )
        if answer in headings:
            yield ArticleFault(
                place, f"{intent.id}: {answer} is a heading.", "Name what stands below it."
            )
    known = [order.index(answer) for answer in intent.answers if answer in ids]
    if known != sorted(known):
        yield ArticleFault(
            place, f"{intent.id}: the answers are not in reading order.", "Reorder them."
        )


def _question_faults(article: ArticleForm) -> Iterator[ArticleFault]:
    for lang in article.languages:
        total = 0
        for intent in article.intents:
            questions = intent.phrasings.get(lang, ())
            total += len(questions)
            place: Place = ("intents", lang, intent.id)
            if len(questions) < MIN_PHRASINGS:
                yield ArticleFault(
                    place,
                    f"{intent.id}: {len(questions)} questions.",
                    f"Write at least {MIN_PHRASINGS}, as people put them.",
                )
            for question in questions:
                for reason, remedy in texts.faults(question, lang):
                    yield ArticleFault(place, f"{intent.id}: {reason}", remedy)
        if total < MIN_QUESTIONS:
            yield ArticleFault(
                ("title", lang),
                f"The article has {total} example questions.",
                f"Write at least {MIN_QUESTIONS}.",
            )


# --- everything else ------------------------------------------------------------------------


def _check_library(library: Library, known: Known, report: Report, lines: Lines) -> None:
    for (act, key), provision in library.provisions.items():
        place = lines.of(("provision", f"{act}#{key}"))
        if act not in library.acts:
            _add(report, place, f"The act {act} is unknown.", "Add it to acts.yaml.")
        _check_words(report, place, f"{act}#{key}", provision.summaries)
    codes: dict[str, str] = {}
    for slug, act_form in library.acts.items():
        place = lines.of(("act", slug))
        if other := codes.get(act_form.code):
            _add(report, place, f"{slug} has the code of {other}.", "Give each act its own code.")
        codes[act_form.code] = slug
        for words in (act_form.titles, act_form.shorts):
            for lang, text in words.items():
                # An act's title holds the day of its enactment.
                for reason, remedy in texts.letter_faults(text, lang):
                    _add(report, place, f"{slug}: {reason}", remedy)
    for id, parameter in library.parameters.items():
        _check_parameter(parameter, known, report, lines.of(("parameter", id)))


def _add(report: Report, place: tuple[str, int], reason: str, remedy: str) -> None:
    report.add(place[1], reason, remedy, file=place[0])


def _check_words(report: Report, place: tuple[str, int], name: str, words: object) -> None:
    assert isinstance(words, dict)
    for lang, text in words.items():
        for reason, remedy in _translated(text, words.get("pl", ""), lang):
            _add(report, place, f"{name}: {lang}: {reason}", remedy)


def _check_parameter(
    parameter: ParameterForm, known: Known, report: Report, place: tuple[str, int]
) -> None:
    _check_labels(parameter, report, place)
    for value in parameter.values:
        if fault := known.reference_fault(value.source):
            _add(report, place, f"{parameter.id}: {fault[0]}", fault[1])
        elif value.status == "verified" and value.source.partition(":")[2] in known.other_pages:
            reason = f"{parameter.id}: a verified value rests on {value.source}, not official."
            _add(report, place, reason, "Find an official source, or set status: to_verify.")
        if value.valid_from and value.valid_to and value.valid_to < value.valid_from:
            _add(report, place, f"{parameter.id}: a value ends before it begins.", "Correct it.")
    for earlier, later in pairwise(_in_order(parameter)):
        if earlier.valid_to is None or later.valid_from is None:
            reason = f"{parameter.id}: two values share days."
            _add(report, place, reason, "Give the earlier value its last day (to).")
        elif later.valid_from <= earlier.valid_to:
            reason = f"{parameter.id}: two values hold on {later.valid_from}."
            remedy = "`to` is the last day of a value; the next begins on the day after."
            _add(report, place, reason, remedy)


def _check_labels(parameter: ParameterForm, report: Report, place: tuple[str, int]) -> None:
    # A label may be the same word in two languages ("PESEL"), and may hold a number of the law.
    for lang in LANGUAGES:
        for reason, remedy in texts.faults(parameter.labels.get(lang, ""), lang):
            _add(report, place, f"{parameter.id}: {lang}: {reason}", remedy)


def _in_order(parameter: ParameterForm) -> list[ValueForm]:
    return sorted(parameter.values, key=lambda value: value.valid_from or date.min)
