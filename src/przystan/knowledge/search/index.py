"""The search index: lexical always, vectors when there are any, one file for all processes."""

import hashlib
import json
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from przystan.core.writing import cyrillise, may_be_romanised, tokens
from przystan.knowledge.search import storage
from przystan.knowledge.search.documents import Document, Hit
from przystan.knowledge.search.lexicon import expansions
from przystan.knowledge.search.postings import (
    Fields,
    Postings,
    Scores,
    Weights,
    inverse_frequency,
)
from przystan.knowledge.search.terms import gram_terms, stem_keys, word_terms

log = logging.getLogger(__name__)

KIND = "passages"
Vectors = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

MAX_QUERY_WORDS = 64  # a pasted letter is searched by its rarest words
# Chosen on OMoS-QA (docs/reference/figures.md, P1 and P2), not on our own evaluation set.
IDF_POWER = 1.2
GRAM_SHARE = 1.5  # of a gram beside a word
CONCEPT_WEIGHT = 0.01  # of the lexicon's other words for what was asked, per unit of idf
GROUP_SHARE = 1.0  # of the page's score beside the passage's
# Beside vectors brought to [0, 1]. The lexical leg is taken as it is, the share of the question
# that was found: brought to [0, 1] too it would shout when the passage is in another language.
LEXICAL_WEIGHT = 1.0

_NO_DAY_FROM, _NO_DAY_TO = date.min.toordinal(), date.max.toordinal()


def corpus_hash(documents: Iterable[Document]) -> str:
    """A hash of everything searched; an index with the same hash need not be rebuilt."""
    digest = hashlib.blake2b(digest_size=16)
    for document in documents:
        row: list[object] = [
            document.id,
            document.group,
            document.lang,
            document.text,
            document.title,
        ]
        row += [*sorted(document.titles.items()), document.questions]
        row += [str(document.valid_from), str(document.valid_to)]
        digest.update(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    return digest.hexdigest()


def build(
    documents: Sequence[Document],
    path: Path,
    *,
    vectors: Mapping[str, Vectors] | None = None,
    model_id: str | None = None,
    thresholds: Mapping[str, float] | None = None,
    weights: Weights | None = None,
) -> None:
    """Write an index over the documents and put it in the place of the one at `path`.

    Args:
        vectors: by document id, (dim,) or (several, dim) float32 of unit length; documents
            without any are found by their words alone.
        model_id: which model made the vectors; vectors of another model are never mixed in.
        thresholds: calibrated limits of that model, handed on to whoever judges the hits.

    Raises:
        ValueError: two documents share an id, or vectors come without their model's id.
    """
    ids = [document.id for document in documents]
    if len(set(ids)) != len(ids):
        raise ValueError("two documents of an index share an id")
    if vectors and not model_id:
        raise ValueError("vectors need the id of the model that made them")
    chosen = weights or Weights()
    groups, group_of = _groups(documents)
    fields = [_fields(document) for document in documents]
    arrays = Postings.build(fields, chosen).arrays("passage")
    if len(groups) < len(documents):
        merged = [_merge(fields, rows) for rows in groups]
        arrays |= Postings.build(merged, chosen).arrays("group")
    arrays |= _columns(documents, group_of)
    arrays |= _vector_arrays(ids, vectors or {})
    header = {
        "kind": KIND,
        "documents": len(documents),
        "groups": len(groups),
        "langs": sorted({document.lang for document in documents}),
        "corpus_hash": corpus_hash(documents),
        "model_id": model_id if vectors else None,
        "thresholds": dict(thresholds or {}),
    }
    storage.write(path, header, arrays)


def _fields(document: Document) -> Fields:
    return (
        tokens(document.text),
        tokens(document.title),
        tokens(" ".join(t for t in document.titles.values() if t != document.title)),
        tokens(" ".join(document.questions)),
    )


def _groups(documents: Sequence[Document]) -> tuple[list[list[int]], list[int]]:
    """Rows of each page, one language at a time, and the page of each row."""
    numbers: dict[tuple[str, str], int] = {}
    group_of = [numbers.setdefault((d.group, d.lang), len(numbers)) for d in documents]
    rows: list[list[int]] = [[] for _ in numbers]
    for row, group in enumerate(group_of):
        rows[group].append(row)
    return rows, group_of


def _merge(fields: Sequence[Fields], rows: Sequence[int]) -> Fields:
    """The fields of a page: all its texts, but a title that its passages share only once."""
    text = [word for row in rows for word in fields[row][0]]
    others = (
        [word for words in {tuple(fields[row][i]): None for row in rows} for word in words]
        for i in range(1, len(fields[rows[0]]))
    )
    return (text, *others)


def _columns(documents: Sequence[Document], group_of: list[int]) -> dict[str, storage.Array]:
    langs = sorted({document.lang for document in documents})
    number = {lang: i for i, lang in enumerate(langs)}
    ids, id_bounds = storage.pack_strings([document.id for document in documents])
    groups, group_bounds = storage.pack_strings([document.group for document in documents])
    first = [d.valid_from.toordinal() if d.valid_from else _NO_DAY_FROM for d in documents]
    last = [d.valid_to.toordinal() if d.valid_to else _NO_DAY_TO for d in documents]
    return {
        "ids": ids,
        "ids.bounds": id_bounds,
        "groups": groups,
        "groups.bounds": group_bounds,
        "group_of": np.array(group_of, np.uint32),
        "lang": np.array([number[d.lang] for d in documents], np.uint32),
        "valid_from": np.array(first, np.int32),
        "valid_to": np.array(last, np.int32),
    }


def _vector_arrays(ids: list[str], vectors: Mapping[str, Vectors]) -> dict[str, storage.Array]:
    """Vectors row by row in the order of the documents, and whose each is."""
    owned = [(row, np.atleast_2d(vectors[key])) for row, key in enumerate(ids) if key in vectors]
    if not owned:
        return {}
    counts = [len(several) for _, several in owned]
    return {
        "vectors": np.concatenate([several for _, several in owned]).astype(np.float32),
        "vectors.rows": np.array([row for row, _ in owned], np.uint32),
        "vectors.starts": np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64),
    }


class Index:
    """An open index; several threads and forked processes may share it."""

    def __init__(self, header: dict[str, Any], arrays: dict[str, storage.Array]) -> None:
        self.size: int = header["documents"]
        self.corpus_hash: str = header["corpus_hash"]
        self.model_id: str | None = header["model_id"]
        self.thresholds: dict[str, float] = header["thresholds"]
        self.langs: list[str] = header["langs"]
        self._passages = Postings.read(arrays, "passage", self.size)
        self._pages = (
            Postings.read(arrays, "group", header["groups"]) if "group.keys" in arrays else None
        )
        self._ids = storage.Strings(arrays["ids"], arrays["ids.bounds"])
        self._groups = storage.Strings(arrays["groups"], arrays["groups.bounds"])
        self._columns = arrays
        self._vectors: Vectors | None = arrays.get("vectors")
        self._rows: dict[str, int] | None = None

    @property
    def dim(self) -> int | None:
        return None if self._vectors is None else int(self._vectors.shape[1])

    def rows_of(self, ids: Iterable[str]) -> list[int]:
        """Rows of the documents with these ids; unknown ids are left out."""
        if self._rows is None:
            self._rows = {self._ids[row]: row for row in range(self.size)}
        return [self._rows[key] for key in ids if key in self._rows]

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        langs: Collection[str] | None = None,
        on: date | None = None,
        query_vector: Vectors | None = None,
        allowed: Mask | Collection[str] | None = None,
        one_per_group: bool = False,
    ) -> list[Hit]:
        """Return the best `k` passages, best first; none when nothing at all matches.

        Args:
            langs: only passages in these languages.
            on: only passages valid on this day.
            query_vector: (dim,) or (spellings, dim) float32 of unit length, from the model
                named by `model_id`; None searches by words alone.
            allowed: what this reader may see: a mask over the rows or a set of document ids.
            one_per_group: the best passage of each page only.

        Raises:
            ValueError: the query vector is not of this index's dimension.
        """
        mask = self._mask(langs, on, allowed)
        lexical = self._lexical(query)
        dense = self._dense(query_vector)
        score = _fuse(lexical, dense, mask)
        found = self._best(score, mask, k, one_per_group)
        asked = self._asked(query)
        return [self._hit(row, score, lexical, dense, asked) for row in found]

    def _mask(
        self,
        langs: Collection[str] | None,
        on: date | None,
        allowed: Mask | Collection[str] | None,
    ) -> Mask | None:
        parts: list[Mask] = []
        if langs is not None:
            numbers = [i for i, lang in enumerate(self.langs) if lang in langs]
            parts.append(np.isin(self._columns["lang"], numbers))
        if on is not None:
            day = on.toordinal()
            parts.append(self._columns["valid_from"] <= day)
            parts.append(self._columns["valid_to"] >= day)
        if isinstance(allowed, np.ndarray):
            parts.append(allowed.astype(bool, copy=False))
        elif allowed is not None:
            listed = np.zeros(self.size, bool)
            listed[self.rows_of(allowed)] = True
            parts.append(listed)
        return np.logical_and.reduce(parts) if parts else None

    def _lexical(self, query: str) -> Scores:
        """Share of the question's weight in each passage, the page's share mixed in."""
        scores = [self._spelling(words) for words in folded_spellings(query)]
        return np.maximum.reduce(scores) if scores else np.zeros(self.size, np.float32)

    def _spelling(self, words: list[str]) -> Scores:
        own = _score(self._passages, words)
        pages = self._pages or self._passages
        concepts = CONCEPT_WEIGHT * _concept_score(pages, words)
        if self._pages is None:
            return np.minimum(own + concepts, 1)
        group_of = self._columns["group_of"]
        page = _score(self._pages, words)[group_of]
        # A passage that holds no word of the question is not lifted by its page.
        shared = np.where(own > 0, (own + GROUP_SHARE * page) / (1 + GROUP_SHARE), 0)
        return np.asarray(np.minimum(shared + concepts[group_of], 1), np.float32)

    def _dense(self, query_vector: Vectors | None) -> Scores | None:
        """Cosine of each passage, the best of its vectors and spellings; NaN without any."""
        if query_vector is None or self._vectors is None:
            return None
        spellings = np.atleast_2d(query_vector).astype(np.float32, copy=False)
        if spellings.shape[1] != self._vectors.shape[1]:
            raise ValueError(f"query vector of {spellings.shape[1]}, index of {self.dim}")
        cosines: Scores = np.maximum.reduce([self._vectors @ one for one in spellings])
        if (starts := self._columns["vectors.starts"]).size < cosines.size:
            cosines = np.maximum.reduceat(cosines, starts)
        rows = self._columns["vectors.rows"]
        if rows.size == self.size:
            return cosines
        everyone = np.full(self.size, np.nan, np.float32)
        everyone[rows] = cosines
        return everyone

    def _best(self, score: Scores, mask: Mask | None, k: int, one_per_group: bool) -> list[int]:
        if mask is not None:
            score = np.where(mask, score, 0)
        candidates = np.flatnonzero(score > 0)
        wanted = k if not one_per_group else candidates.size
        if candidates.size > wanted > 0:
            # All that tie with the last one stay, so that the cut does not depend on the sort.
            limit = -np.partition(-score[candidates], wanted - 1)[wanted - 1]
            candidates = candidates[score[candidates] >= limit]
        ordered = candidates[np.argsort(-score[candidates], kind="stable")]
        if one_per_group:
            _, first = np.unique(self._columns["group_of"][ordered], return_index=True)
            ordered = ordered[np.sort(first)]
        return [int(row) for row in ordered[: max(k, 0)]]

    def _hit(
        self,
        row: int,
        score: Scores,
        lexical: Scores,
        dense: Scores | None,
        asked: Mapping[str, int],
    ) -> Hit:
        cosine = None if dense is None or np.isnan(dense[row]) else float(dense[row])
        return Hit(
            id=self._ids[row],
            group=self._groups[row],
            lang=self.langs[int(self._columns["lang"][row])],
            score=float(score[row]),
            lexical=float(lexical[row]),
            dense=cosine,
            matched=tuple(w for w, at in asked.items() if self._passages.holds(at, row)),
        )

    def _asked(self, query: str) -> dict[str, int]:
        """Words of the question that this index knows, each with its place in it."""
        asked: dict[str, int] = {}
        for words in folded_spellings(query):
            positions, known = self._passages.find(word_terms([words]).keys)
            asked |= {
                word: int(position)
                for word, position, is_known in zip(words, positions, known, strict=True)
                if is_known
            }
        return asked


def folded_spellings(query: str) -> list[list[str]]:
    """Folded words of the question, also as if its Latin letters stood for Cyrillic ones."""
    spellings = [tokens(query)]
    if may_be_romanised(query):
        spellings += [tokens(cyrillise(query, "uk")), tokens(cyrillise(query, "ru"))]
    unique = {tuple(words): list(dict.fromkeys(words)) for words in spellings if words}
    return list(unique.values())


def query_spellings(query: str) -> list[str]:
    """The question and what it may have meant in Cyrillic: texts to embed, the original first."""
    if not may_be_romanised(query):
        return [query]
    return list(dict.fromkeys([query, cyrillise(query, "uk"), cyrillise(query, "ru")]))


def _score(postings: Postings, words: list[str]) -> Scores:
    """Weighted share of the question's terms in each text, in [0, 1]."""
    words = _rarest(postings, words)
    total = 0.0
    positions: list[int] = []
    weights: list[float] = []
    unknown = float(inverse_frequency(np.zeros(1, np.int64), postings.size)[0])
    for extract, share in ((word_terms, 1.0), (gram_terms, GRAM_SHARE)):
        at, known = postings.find(np.unique(extract([words]).keys))
        weight = share * postings.idf[at[known]] ** IDF_POWER
        # A term that no text holds is one that the right text would have held.
        total += float(weight.sum()) + int((~known).sum()) * share * unknown**IDF_POWER
        positions += at[known].tolist()
        weights += weight.tolist()
    scores = postings.add_up(positions, weights)
    return scores / np.float32(total or 1.0)


def _concept_score(postings: Postings, words: list[str]) -> Scores:
    """How well each text holds other words for what was asked: the best stem of each concept."""
    total = np.zeros(postings.size, np.float32)
    for stems in expansions(words):
        best = np.zeros(postings.size, np.float32)
        for stem in stems:
            at, known = postings.find(stem_keys(stem))
            if not known.any():
                continue
            weights = postings.idf[at[known]] ** IDF_POWER
            share = postings.add_up(at[known].tolist(), weights.tolist()) * np.float32(
                known.mean() / weights.sum()
            )
            # Squared: half of a stem's 4-grams is mostly another word.
            np.maximum(best, share**2 * np.float32(weights.mean()), out=best)
        total += best
    return total


def _rarest(postings: Postings, words: list[str]) -> list[str]:
    if len(words) <= MAX_QUERY_WORDS:
        return words
    at, known = postings.find(word_terms([words]).keys)
    rarity = np.where(known, postings.idf[at] if postings.idf.size else 0, 0)
    kept = np.sort(np.argsort(-rarity, kind="stable")[:MAX_QUERY_WORDS])
    return [words[i] for i in kept]


def _fuse(lexical: Scores, dense: Scores | None, mask: Mask | None) -> Scores:
    """Add the legs; the vectors' narrow band is stretched over what the reader may see."""
    if dense is None:
        return lexical
    seen = dense if mask is None else dense[mask]
    if not np.any(np.isfinite(seen)):
        return lexical
    low, high = float(np.nanmin(seen)), float(np.nanmax(seen))
    meaning = (dense - np.float32(low)) / np.float32(max(high - low, 1e-9))
    # A passage that waits for its vector stands where its words put it.
    meaning = np.where(np.isnan(meaning), lexical, meaning)
    return np.asarray((meaning + LEXICAL_WEIGHT * lexical) / (1 + LEXICAL_WEIGHT), np.float32)


def open_index(path: Path) -> Index:
    """Open the index at `path` for searching.

    Raises:
        MissingIndexError: nothing was built yet.
        IndexFileError: the file is of another format, cut off or damaged; it says so.
    """
    header, arrays = storage.read(path, kind=KIND)
    return Index(header, arrays)


class LiveIndex:
    """The newest readable index at a path: looks for a new file at each call, cheaply."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._index: Index | None = None

    def get(self) -> Index | None:
        """The current index; the one before it when the new file is damaged; None before any."""
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return self._index
        version = (status.st_ino, status.st_mtime_ns, status.st_size)
        if version != self._seen:
            try:
                self._index = open_index(self._path)
            except storage.IndexFileError as error:
                log.error("search.index_unreadable", extra={"reason": str(error.reason)})
            self._seen = version
        return self._index
