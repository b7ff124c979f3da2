"""From an article's lines to its units: paragraphs (ust., §), points, letters, dashes.

Units are recognised by their order, so that "2." at the start of a line is a paragraph after
paragraph 1 and a wrapped reference anywhere else.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from przystan.knowledge.law.pages import separate
from przystan.knowledge.law.words import Vocabulary, joined, tidy


class Level(IntEnum):
    ARTICLE = 0
    PARAGRAPH = 1
    POINT = 2
    LETTER = 3
    DASH = 4


@dataclass(slots=True)
class Unit:
    """A unit while it is read; lines are joined when its article is complete."""

    key: str
    label: str
    level: Level
    number: str
    lines: list[str] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)
    coming: list[str] = field(default_factory=list)
    children: list["Unit"] = field(default_factory=list)
    division: str = ""
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Provision:
    """A unit of an act as it is kept; `position` is its place in the act, from 0."""

    key: str
    parent: str
    label: str
    depth: int
    position: int
    division: str
    text: str
    closing: str
    coming: str
    is_repealed: bool
    footnotes: tuple[str, ...]
    notes: tuple[str, ...]


class NotAnArticleError(ValueError):
    """The text does not begin with the article's number."""

    def __init__(self, index: int, number: str) -> None:
        super().__init__(number)
        self.index, self.number = index, number


_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NUMBER = re.compile(r"(\d+)([a-z]*)$")
_PARAGRAPH = re.compile(r"(§ )?(\d{1,4}[a-z]{0,3})(?:[-–](\d{1,4}[a-z]{0,3}))?\.\s+(.*)", re.S)
_POINT = re.compile(r"(\d{1,4}[a-z]{0,3})(?:[-–](\d{1,4}[a-z]{0,3}))? ?\)\s*(.*)", re.S)
_LETTER = re.compile(r"([a-z]{1,3})\)\s*(.*)", re.S)
# A line that ends so goes on with a number that is no unit of its own.
_REFERS = re.compile(r"(?:^|\s)(?:ust|art|poz|lit|nr|str|pkt|tiret|§)\.?$")
_REPEALED = re.compile(
    r"\((?:uchylon[yae]|skreślon[yae]|pominięt[yae]|utraci\w+ moc[^)]*)\)[.;,]?$"
)
_HEADING = re.compile(r"(KSIĘGA|TYTUŁ|DZIAŁ|Dział|Rozdział|Oddział)\s+((?:[IVXLC]+|\d+)[A-Za-z]*)$")
_HEADINGS = ("KSIĘGA", "TYTUŁ", "DZIAŁ", "ROZDZIAŁ", "ODDZIAŁ")
_CONJUNCTION = re.compile(r"(?:[,;:]|\s(?:i|lub|oraz|albo))$")
_MARKER = re.compile(r"(?:(?<=^)|(?<=\s))(\d{1,3}) \)")


def parse(numbers: Sequence[str], texts: Sequence[str]) -> list[Provision]:
    """Return every unit of an act, articles first to last, each before what is below it.

    Raises:
        NotAnArticleError: names the article whose text does not begin with its number.
    """
    pages = separate(texts)
    vocabulary = Vocabulary(line for body in pages.bodies for line in body.lines)
    articles: list[Unit] = []
    divisions = _Divisions()
    for index, (number, body) in enumerate(zip(numbers, pages.bodies, strict=True)):
        lines, headings = _without_headings(body.lines)
        article = _opened(index, number, lines)
        article.division = divisions.now
        _read(article, lines)
        articles.append(article)
        divisions.enter(headings)
    _hang_notes(articles, [note for body in pages.bodies for note in body.notes])
    flat = (unit for article in articles for unit in _walk(article, ""))
    return [
        _finished(unit, parent, position, pages.footnotes, vocabulary)
        for position, (unit, parent) in enumerate(flat)
    ]


# --- articles -------------------------------------------------------------------------------


def _opened(index: int, number: str, lines: list[str]) -> Unit:
    """The article's unit; its head is cut from the first line."""
    plain = number.translate(_SUPERSCRIPT)
    base = number.rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹")
    raised = plain[len(base) :]
    head = rf"{base}\s*{raised}\s*\.\s*" if raised else rf"{base}\s*\.\s*"
    match = re.match(rf"(Art\.|§)\s*{head}", lines[0]) if lines else None
    if match is None:
        raise NotAnArticleError(index, number)
    lines[0] = lines[0][match.end() :]
    sign = match[1] if match[1] == "§" else "art."
    top = "par" if sign == "§" else "art"
    key = f"{top}-{base}sup{raised}" if raised else f"{top}-{base}"
    return Unit(key, f"{sign} {number}", Level.ARTICLE, number)


def _without_headings(lines: list[str]) -> tuple[list[str], list[str]]:
    """Headings of the next part of the act stand at the end of the article before it."""
    quoted = 0
    for index, line in enumerate(lines):
        if not quoted and _HEADING.match(line):
            return lines[:index], lines[index:]
        quoted = max(0, quoted + line.count("„") - line.count("”"))
    return list(lines), []


class _Divisions:
    """Which part, chapter and section of the act the next article stands in."""

    def __init__(self) -> None:
        self._now: dict[str, str] = {}

    @property
    def now(self) -> str:
        return ", ".join(self._now[kind] for kind in _HEADINGS if kind in self._now)

    def enter(self, lines: Iterable[str]) -> None:
        kind = ""
        for line in lines:
            if match := _HEADING.match(line):
                kind = match[1].upper()
                for lower in _HEADINGS[_HEADINGS.index(kind) :]:
                    self._now.pop(lower, None)
                self._now[kind] = f"{match[1].capitalize()} {match[2]}"
            elif kind:
                glue = " " if "." in self._now[kind] else ". "
                self._now[kind] = f"{self._now[kind]}{glue}{line}"


def _hang_notes(articles: list[Unit], notes: Iterable[str]) -> None:
    """A note in the margin belongs to the article that it names."""
    by_number = {article.number: article for article in articles}
    for note in notes:
        # "… w art. 114 wejdą w życie …": the article named before the verb.
        about = note.partition(" wejd")[0]
        named = re.findall(r"art\.\s*(\d+[a-z]*)", about)
        if named and named[-1] in by_number:
            by_number[named[-1]].notes.append(tidy(note))


# --- units of one article -------------------------------------------------------------------


class _Reader:
    """Reads the lines of one article into its units.

    `has_signs`: the article is divided by §, as in codes, and not into ust.
    """

    def __init__(self, article: Unit, *, has_signs: bool) -> None:
        self._has_signs = has_signs
        self._path = [article]
        self._into = article.lines  # where the next plain line goes
        self._before = ""
        self._quoted = 0
        self._variant = ""  # "[" for words about to lapse, "<" for words to come

    def line(self, text: str) -> None:
        text = self._open_variant(text)
        ends = self._variant and text.rstrip().endswith({"[": "]", "<": ">"}[self._variant])
        if ends:
            text = text.rstrip()[:-1].rstrip()
        if (
            self._variant == "<"
            or self._quoted
            or _REFERS.search(self._before)
            or not self._begins_unit(text)
        ):
            self._into.append(text)
        if ends:
            self._close_variant()
        self._quoted = max(0, self._quoted + text.count("„") - text.count("”"))
        self._before = text.rstrip()

    def _open_variant(self, text: str) -> str:
        if self._quoted or text[:1] not in {"[", "<"}:
            return text
        rest = text[1:].lstrip()
        if text[0] == "<" and not self._begins_coming(rest):
            return text
        self._variant = text[0]
        return self._strip_head(rest) if text[0] == "<" else rest

    def _begins_coming(self, text: str) -> bool:
        """Words to come: of the unit just read, or of one that follows it."""
        for pattern, level in ((_POINT, Level.POINT), (_PARAGRAPH, Level.PARAGRAPH)):
            if match := pattern.match(text):
                number = match[2] if level == Level.PARAGRAPH else match[1]
                unit = self._same(level, number)
                if unit is None and self._may_follow(level, number):
                    unit = self._opened(level, number)
                if unit:
                    self._into = unit.coming
                    return True
        return False

    @staticmethod
    def _strip_head(text: str) -> str:
        return re.sub(r"^(?:§ )?\d+[a-z]*[.)]\s*", "", text)

    def _close_variant(self) -> None:
        self._variant = ""
        self._into = self._path[-1].lines

    def _same(self, level: Level, number: str) -> Unit | None:
        siblings = self._parent(level).children
        if siblings and siblings[-1].level == level and siblings[-1].number == number:
            return siblings[-1]
        return None

    def _begins_unit(self, text: str) -> bool:
        """Open the unit that this line begins, if it begins one, and read on behind its mark."""
        text = _skip_marker(text, self._into)
        if match := _PARAGRAPH.match(text):
            return self._next(Level.PARAGRAPH, match[2], match[3], match[4])
        if match := _POINT.match(text):
            return self._next(Level.POINT, match[1], match[2], match[3])
        if match := _LETTER.match(text):
            return self._next(Level.LETTER, match[1], None, match[2])
        return text.startswith("– ") and self._dash(text)

    def _next(self, level: Level, number: str, to: str | None, rest: str) -> bool:
        if not self._may_follow(level, number):
            return False
        unit = self._opened(level, number)
        if to:
            # "2–4. (uchylone)": one unit stands for all of them, the next number follows the last.
            unit.number, unit.label = to, f"{unit.label}–{to}"
        if level != Level.LETTER and self._begins_unit_below(level, rest):
            return True
        self._into.append(rest)
        return True

    def _may_follow(self, level: Level, number: str) -> bool:
        children = self._parent(level).children
        if any(unit.number == number for unit in children):
            return False
        siblings = [unit for unit in children if unit.level == level]
        # After a colon a list may begin with 2: its first point was struck out.
        opens = self._before.endswith(":")
        return _follows(siblings[-1].number if siblings else "", number, opens)

    def _begins_unit_below(self, level: Level, rest: str) -> bool:
        below = {Level.PARAGRAPH: _POINT, Level.POINT: _LETTER}[level]
        match = below.match(_skip_marker(rest, []))
        return match is not None and match[1] in {"1", "a"} and self._begins_unit(rest)

    def _opened(self, level: Level, number: str) -> Unit:
        parent = self._parent(level)
        name = {
            Level.PARAGRAPH: "§" if self._has_signs else "ust.",
            Level.POINT: "pkt",
            Level.LETTER: "lit.",
            Level.DASH: "tiret",
        }[level]
        part = f"tir{number}" if level == Level.DASH else number
        unit = Unit(f"{parent.key}-{part}", f"{parent.label} {name} {number}", level, number)
        parent.children.append(unit)
        self._path = [*self._path[: self._path.index(parent) + 1], unit]
        self._into = unit.lines
        return unit

    def _parent(self, level: Level) -> Unit:
        return next(unit for unit in reversed(self._path) if unit.level < level)

    def _dash(self, text: str) -> bool:
        """A dash opens a unit below a letter, or the part common to the list just ended."""
        rest = text[2:]
        current = self._path[-1]
        # "2000 r.\n– Kodeks spółek" and "(EFTA)\n– strony umowy" are wrapped lines.
        if not rest[:1].islower() or re.match(r"stron[ay]?\b", rest):
            return False
        last = (self._into or [""])[-1].rstrip()
        if current.level >= Level.POINT and self._into is current.lines:
            is_list = (
                last.endswith(":") if current.level < Level.DASH else _CONJUNCTION.search(last)
            )
            if is_list:
                siblings = self._parent(Level.DASH).children
                self._opened(Level.DASH, str(len(siblings) + 1))
                self._into.append(rest)
                return True
            if current.number not in {"1", "a"}:
                self._path = self._path[:-1]
                self._into = self._path[-1].closing
                self._into.append(text)
                return True
        return False


def _read(article: Unit, lines: list[str]) -> None:
    # "… art. 76a\n§ 2 Kodeksu" is a wrapped reference; a paragraph's number has a point.
    begun = (_PARAGRAPH.match(_skip_marker(line, [])) for line in lines)
    has_signs = article.label[0] != "§" and any(match and match[1] for match in begun)
    reader = _Reader(article, has_signs=has_signs)
    for line in lines:
        if line:
            reader.line(line)


def _skip_marker(text: str, into: list[str]) -> str:
    """Pass a footnote's mark before a unit ("3) 12 ) …"), leaving it in the text above."""
    match = re.match(r"(\d{1,3} \)) (.*)", text, re.S)
    if not match or not (_PARAGRAPH.match(match[2]) or _POINT.match(match[2])):
        return text
    into.append(match[1])
    return match[2]


def _follows(before: str, number: str, opens: bool) -> bool:
    """1 begins; after 2 come 2a and 3, after 2a come 2b and 3; after d come da and e."""
    if number.isalpha():
        if not before:
            return number == "a"
        return before < number and ord(number[0]) - ord(before[0]) <= 2
    now = _NUMBER.match(number)
    assert now is not None
    if not before:
        return now[1] == "1" or (opens and int(now[1]) <= 3)
    then = _NUMBER.match(before)
    if then is None:
        return False
    step = int(now[1]) - int(then[1])
    return step == 1 or (step == 0 and now[2] > then[2])


# --- finishing ------------------------------------------------------------------------------


def _walk(unit: Unit, parent: str) -> Iterator[tuple[Unit, str]]:
    yield unit, parent
    for child in unit.children:
        yield from _walk(child, unit.key)


def _finished(
    unit: Unit, parent: str, position: int, footnotes: dict[int, str], vocabulary: Vocabulary
) -> Provision:
    text, marks = _unmarked(joined(unit.lines, vocabulary), footnotes)
    closing, more = _unmarked(joined(unit.closing, vocabulary), footnotes)
    coming, _ = _unmarked(joined(unit.coming, vocabulary), footnotes)
    named = sorted({*marks, *more} & footnotes.keys())
    return Provision(
        key=unit.key,
        parent=parent,
        label=unit.label,
        depth=int(unit.level),
        position=position,
        division=tidy(joined([unit.division], vocabulary)),
        text=text,
        closing=closing,
        coming=coming,
        is_repealed=bool(_REPEALED.fullmatch(text)),
        footnotes=tuple(tidy(joined([footnotes[number]], vocabulary)) for number in named),
        notes=tuple(unit.notes),
    )


def _unmarked(text: str, footnotes: dict[int, str]) -> tuple[str, list[int]]:
    """Take the marks of footnotes out of a text and return their numbers."""
    marks: list[int] = []
    highest = max(footnotes, default=0)

    def take(match: re.Match[str]) -> str:
        number = int(match[1])
        before = text[: match.start()].rstrip()
        if number > highest or re.search(r"(?:poz|ust|pkt|art|nr|str|lit)\.?$|,$|\s[ioz]$", before):
            return match[0]
        marks.append(number)
        return ""

    return tidy(_MARKER.sub(take, text)), marks
