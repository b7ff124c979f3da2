"""What speaks for a line and for its page, as numbers: the input of the line scorer's models.

Everything is measured within one page: how near a line lies to the question, how it compares
with the other lines, what stands around it, what it holds. Cosines need vectors of the lines;
they come from the embedder in use, or from letters alone (see `vectors.py`).
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from przystan.assistant.lines.layout import PATTERNS, Layout, layout
from przystan.assistant.lines.pages import Page
from przystan.core.writing import fold

Array = npt.NDArray[np.float32]

_GRAM = 4
_READ_CHARS = 1_000  # of a line; what makes it answer stands in its beginning
_BEFORE = np.float32(0.5)  # weight of what stands above a line when they are read together
_FAR = 99.0  # neighbours beyond the page's ends: below any cosine, so that trees can tell


@dataclass(frozen=True, slots=True)
class Read:
    """A page of n lines with its vectors, each of unit length or zero.

    Attributes:
        question: (dim,) of the question.
        alone: (n, dim) of each line by itself.
    """

    page: Page
    question: Array
    alone: Array


@dataclass(frozen=True, slots=True)
class Features:
    """Numbers of one page.

    Attributes:
        lines: (n, len(LINE_NAMES)) float32, without the interaction logit.
        pairs: (n, 3 * dim) float32, the input of the interaction logit.
        page: (len(PAGE_NAMES),) float32.
    """

    lines: Array
    pairs: Array
    page: Array


def features(read: Read) -> Features:
    """Measure one page; a page without lines has matrices without rows."""
    built = layout(read.page.lines)
    within = _within(read.alone, built)
    near = _nearness(read, within, built)
    columns: dict[str, Array] = {}
    for name, values in near.items():
        _relative(columns, name, values)
    _distances(columns, near, built)
    _around(columns, near, read.page.lines)
    _holds(columns, read.page.lines, built)
    spread = _spread(near, read)
    for name, value in spread.items():
        columns[name] = np.full(len(read.page.lines), value, np.float32)
    return Features(
        np.stack([columns[name] for name in LINE_NAMES], axis=1),
        _pairs(read, within),
        np.array([spread[name] for name in PAGE_NAMES], np.float32),
    )


COSINES = ("alone", "window", "within", "section", "heading")
OVERLAPS = ("grams", "section_grams")


def _nearness(read: Read, within: Array, built: Layout) -> dict[str, Array]:
    """Seven ways in which each line is near the question, (n,) each."""
    overlaps = _overlaps(read.page, built)
    section = _unit(_sums(read.alone, built.section))[built.section]
    return {
        "alone": read.alone @ read.question,
        "window": _unit(_windows(read.alone)) @ read.question,
        "within": within @ read.question,
        "section": section @ read.question,
        "heading": (read.alone @ read.question)[built.heading],
        **overlaps,
    }


def _within(alone: Array, built: Layout) -> Array:
    """Each line with half of the line above and half of its heading: what it is said under.

    A sum of vectors costs nothing; embedding the three texts together costs three times more
    than the lines alone.
    """
    sums = alone.copy()
    sums[1:] += _BEFORE * alone[:-1]
    sums += _BEFORE * alone[built.nearest_heading]
    return _unit(sums)


def _relative(columns: dict[str, Array], name: str, values: Array) -> None:
    columns[name] = values
    columns[f"{name}_below_best"] = values - values.max(initial=-np.inf)
    if name in COSINES:
        columns[f"{name}_above_mean"] = values - (values.mean() if len(values) else 0)
        columns[f"{name}_rank"] = _ranks(values)


def _distances(columns: dict[str, Array], near: dict[str, Array], built: Layout) -> None:
    positions = np.arange(len(built.section), dtype=np.float32)
    for name in ("window", "within"):
        best = int(near[name].argmax()) if len(positions) else 0
        columns[f"from_best_{name}"] = positions - best
    best = int(near["section"].argmax()) if len(positions) else 0
    own = built.section[best] if len(positions) else 0
    columns["in_best_section"] = (built.section == own).astype(np.float32)
    columns["from_heading"] = positions - built.nearest_heading
    columns["heading_within"] = near["within"][built.nearest_heading]


def _around(columns: dict[str, Array], near: dict[str, Array], lines: tuple[str, ...]) -> None:
    lengths = np.array([len(line.strip()) for line in lines], np.float32)
    columns["length"] = lengths
    for step in (-2, -1, 1, 2):
        for name in ("alone", "within", "grams"):
            columns[f"{name}_at_{step}"] = _shifted(near[name], step)
    for step in (-1, 1):
        columns[f"length_at_{step}"] = _shifted(lengths, step)


def _holds(columns: dict[str, Array], lines: tuple[str, ...], built: Layout) -> None:
    cut = [line[:_READ_CHARS] for line in lines]
    for name, pattern in PATTERNS.items():
        columns[name] = np.array([bool(pattern.search(line)) for line in cut], np.float32)
    positions: Array = np.arange(len(lines), dtype=np.float32)
    first = {line: position for position, line in reversed(list(enumerate(cut)))}
    columns["is_repeated"] = np.array(
        [first[line] < position for position, line in enumerate(cut)], np.float32
    )
    columns["is_heading"] = built.is_heading.astype(np.float32)
    columns["next_is_heading"] = _shifted(columns["is_heading"], 1)
    columns["position"] = positions
    columns["from_end"] = len(lines) - 1 - positions
    columns["share_of_page"] = positions / np.float32(max(1, len(lines) - 1))
    columns["section_length"] = np.bincount(built.section)[built.section].astype(np.float32)


def _spread(near: dict[str, Array], read: Read) -> dict[str, float]:
    """How the page as a whole lies to the question."""
    found: dict[str, float] = {}
    for name in (*COSINES, *OVERLAPS):
        values = np.sort(near[name])[::-1]
        found[f"{name}_max"] = float(values[0]) if len(values) else 0.0
        found[f"{name}_top3"] = float(values[:3].mean()) if len(values) else 0.0
        found[f"{name}_spread"] = float(values.std()) if len(values) else 0.0
    found["title"] = float(near["alone"][0]) if len(read.page.lines) else 0.0
    mean = _unit(read.alone.sum(axis=0, keepdims=True))[0]
    found["whole"] = float(mean @ read.question)
    found["log_lines"] = float(np.log1p(len(read.page.lines)))
    found["question_grams"] = float(len(_grams(read.page.question)))
    return found


def _pairs(read: Read, within: Array) -> Array:
    question = read.question[None, :]
    return np.concatenate(
        [read.alone * question, np.abs(read.alone - question), within * question], axis=1
    )


def _overlaps(page: Page, built: Layout) -> dict[str, Array]:
    """Shares of the question's letters, rare ones counting more, found in line and section."""
    asked = _grams(page.question)
    held = [_grams(line[:_READ_CHARS]) & asked for line in page.lines]
    counts = Counter(gram for grams in held for gram in grams)
    weights = {gram: float(np.log1p(len(held) / (1 + counts[gram]))) for gram in asked}
    total = sum(weights.values()) or 1.0
    by_section: dict[int, set[str]] = {}
    for section, grams in zip(built.section.tolist(), held, strict=True):
        by_section.setdefault(section, set()).update(grams)
    of_section = {
        section: sum(weights[gram] for gram in sorted(grams)) / total
        for section, grams in by_section.items()
    }
    return {
        "grams": np.array(
            [sum(weights[gram] for gram in sorted(grams)) / total for grams in held], np.float32
        ),
        "section_grams": np.array(
            [of_section[section] for section in built.section.tolist()], np.float32
        ),
    }


def _grams(text: str) -> set[str]:
    padded = f" {' '.join(fold(text).split())} "
    return {padded[i : i + _GRAM] for i in range(len(padded) - _GRAM + 1)}


def _unit(vectors: Array) -> Array:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Array = vectors / np.maximum(lengths, np.float32(1e-9))
    return scaled


def _windows(vectors: Array) -> Array:
    """Sums of each row with the one before and the one after."""
    sums = vectors.copy()
    sums[1:] += vectors[:-1]
    sums[:-1] += vectors[1:]
    return sums


def _sums(vectors: Array, groups: npt.NDArray[np.int64]) -> Array:
    sums = np.zeros((int(groups.max(initial=-1)) + 1, vectors.shape[1]), np.float32)
    np.add.at(sums, groups, vectors)
    return sums


def _ranks(values: Array) -> Array:
    """0 for the greatest; equal values share the mean, so order within a page says nothing."""
    above = (values[None, :] > values[:, None]).sum(axis=1)
    equal = (values[None, :] == values[:, None]).sum(axis=1)
    ranks: Array = (above + (equal - 1) / 2).astype(np.float32)
    return ranks


def _shifted(values: Array, step: int) -> Array:
    """Row i holds what row i + step held; beyond the page's ends a mark."""
    shifted = np.full(len(values), -_FAR, np.float32)
    if step < 0:
        shifted[-step:] = values[:step]
    else:
        shifted[:-step] = values[step:]
    return shifted


PAGE_NAMES = (
    *(f"{name}_{of}" for name in (*COSINES, *OVERLAPS) for of in ("max", "top3", "spread")),
    "title",
    "whole",
    "log_lines",
    "question_grams",
)
LINE_NAMES = (
    *(f"{name}{of}" for name in COSINES for of in ("", "_below_best", "_above_mean", "_rank")),
    *(f"{name}{of}" for name in OVERLAPS for of in ("", "_below_best")),
    *("from_best_window", "from_best_within", "in_best_section", "from_heading", "heading_within"),
    *(f"{name}_at_{step}" for step in (-2, -1, 1, 2) for name in ("alone", "within", "grams")),
    *("length", "length_at_-1", "length_at_1", *PATTERNS, "is_repeated", "is_heading"),
    *("next_is_heading", "position", "from_end", "share_of_page", "section_length"),
    *PAGE_NAMES,
)
