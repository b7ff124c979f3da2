"""What the pages of an official PDF add to the text: headers, footnotes, notes in the margin.

Extracted text has them in the flow, at the foot of each page. They are found page by page over
the whole act, because a page holds the end of one article and the start of the next, and a
footnote may go on over several pages.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

# The line that separates two pages, of the Sejm's consolidated texts and of Dziennik Ustaw.
FURNITURE = re.compile(r"©\s*Kancelaria Sejmu|Dziennik Ustaw\s*–\s*\d+\s*–\s*Poz\.")
_PAGE_DATE = re.compile(r"\d{4}-\d\d-\d\d$")
# Notes in the margin are narrow, and begin like this.
_MARGIN_WIDTH = 26
_MARGIN = re.compile(
    r"(?:Przepis|Dodan[yae]|Nowe brzmienie|Zmian[ay]|Uchylon[yae]|Uchylenie|Opracowano|Utrata)\b"
)
# Points of a list begin with a small letter or an office; footnotes begin with one of these.
_FOOTNOTE = re.compile(
    r"(\d{1,3})\)\s?((?:Niniejsz|Zmian|Dodan|W brzmieniu|Obecnie|Utraci|Ustawa została|Artykuł|"
    r"Zdanie|Wprowadz|Zmienion|Ze zmian|Uchylon|Wszed|Wejdzie|Z dniem|Odnośnik|Oznaczenie|"
    r"Na podstawie art|Art\. |Ust\. |Pkt ).*)"
)
_UNIT = re.compile(
    r"(?:§ )?\d+[a-z]*\.\s|\d+[a-z]*\)|[a-z]{1,2}\)|–\s|Art\.\s|[\[<]|Rozdział|DZIAŁ"
)
_ABBREVIATION = re.compile(r"(?:^|\s)(?:r|poz|ust|art|lit|str|nr|tj|np|zm|U|Urz|pkt|t|s)\.$")
# Private-use characters and controls are bullets of the PDF's fonts.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u00ad\ue000-\uf8ff\ufeff]")


@dataclass(slots=True)
class Body:
    """An article's own lines, and what was printed beside them."""

    lines: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Pages:
    bodies: list[Body]  # one per article, in order
    footnotes: dict[int, str]


@dataclass(frozen=True, slots=True)
class _Line:
    article: int  # index
    text: str


def separate(texts: Sequence[str]) -> Pages:
    """Take headers, footnotes and margin notes out of an act's articles, in their order."""
    pages = Pages([Body() for _ in texts], {})
    reader = _Footnotes(pages.footnotes)
    for printed in _pages(texts):
        page, note = _without_margin(printed)
        body = reader.take(page)
        for line in body:
            pages.bodies[line.article].lines.append(line.text)
        if note and page:
            pages.bodies[page[-1].article].notes.append(note)
    return pages


def _pages(texts: Sequence[str]) -> Iterator[list[_Line]]:
    page: list[_Line] = []
    after_furniture = False
    for index, text in enumerate(texts):
        for raw in text.splitlines():
            line = _INVISIBLE.sub("", raw).strip()
            if FURNITURE.match(line):
                yield page
                page, after_furniture = [], True
                continue
            if line and not (after_furniture and _PAGE_DATE.match(line)):
                page.append(_Line(index, line))
            after_furniture = False
    yield page


def _without_margin(page: list[_Line]) -> tuple[list[_Line], str]:
    """Cut the note in the margin, which the extraction puts at the foot of the page."""
    start = len(page)
    while (
        start
        and len(page[start - 1].text) <= _MARGIN_WIDTH
        and page[start - 1].article == page[-1].article
    ):
        start -= 1
    for index in range(start, len(page)):
        if _MARGIN.match(page[index].text):
            return page[:index], " ".join(line.text for line in page[index:])
    return page, ""


class _Footnotes:
    """Reads footnotes off the foot of page after page; their numbers only grow."""

    def __init__(self, found: dict[int, str]) -> None:
        self._found = found
        self._last = 0

    def take(self, page: list[_Line]) -> list[_Line]:
        """Keep the page's footnotes and return its other lines."""
        start = self._first_start(page)
        foot = page[start:]
        body = self._continued(page[:start])
        for line in foot:
            if number := self._number(line.text):
                self._last = number
                self._found[number] = line.text.split(")", 1)[1].strip()
            else:
                self._go_on(line.text)
        return body

    def _first_start(self, page: list[_Line]) -> int:
        """Where the foot of the page begins: no other article may begin below it."""
        return next(
            (
                index
                for index, line in enumerate(page)
                if line.article == page[-1].article and self._number(line.text)
            ),
            len(page),
        )

    def _number(self, text: str) -> int:
        """The number of the footnote that begins here, or 0."""
        match = _FOOTNOTE.match(text)
        number = int(match[1]) if match else 0
        return number if self._last < number <= self._last + 5 else 0

    def _go_on(self, text: str) -> None:
        self._found[self._last] = f"{self._found[self._last]} {text}"

    def _continued(self, lines: list[_Line]) -> list[_Line]:
        """Give the last footnote the lines by which it goes on, if the page before cut it."""
        if not self._last or self._found[self._last].endswith("."):
            return lines
        start = self._strange(lines)
        for line in lines[start:]:
            self._go_on(line.text)
        return lines[:start]

    def _strange(self, lines: list[_Line]) -> int:
        """Where the act's own text cannot go on so: there the footnote does."""
        begin = max(
            (index for index, line in enumerate(lines) if line.text.startswith("Art.")), default=-1
        )
        if begin < 0 and self._last:
            # A page with no article on it, after a page that ended in a footnote.
            return 0 if not lines or _is_listed(lines[0].text) else len(lines)
        for index in range(begin + 1, len(lines)):
            before, text = lines[index - 1].text, lines[index].text
            if _UNIT.match(text) or _ABBREVIATION.search(before):
                continue
            if before.endswith(";") or (before.endswith(".") and text[:1].islower()):
                return index
        return len(lines)


def _is_listed(text: str) -> bool:
    """A further point of a footnote's own list of directives and regulations."""
    return bool(re.match(r"\d+\)\s(?:dyrektyw|rozporządze|decyzj|\(uchylon)", text))
