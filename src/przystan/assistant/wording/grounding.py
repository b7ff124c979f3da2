"""Which sentences of a translation say nothing that the quotes do not.

A sentence is dropped when it has a figure, a month, a name or abbreviation in Latin letters, or
an address that the quotes lack, and when it denies and no quote does. Where the quotes deny and
no sentence does, nothing holds: a lost "not" is the worst of all mistakes.
This is a check of what can be looked up, not of meaning: it cannot see two figures exchanged.
So the quotes themselves always stand beside the sentences.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from przystan.core.writing import clean, fold, tokens

_MAX_SENTENCES, _MAX_CHARS = 12, 400
# Not after "art." and the like: what follows there is a figure or a small letter.
_SENTENCES = re.compile(r"(?<=[.!?…。؟।])\s+(?![a-z\d])|\n+")
# Digits with the separators that stand inside a number: 4 806, 1 400,90, 4.806.
_FIGURES = re.compile(r"\d+(?:[\s\u00a0\u202f.,]\d{3}(?!\d))*(?:[.,]\d{1,2}(?!\d))?")
_GAPS = re.compile(r"[\s\u00a0\u202f]")
_ADDRESS = re.compile(r"https?:|www\.|\w\.\w{2,}/|@|\]\(|<[a-z/]|[{}|`]", re.IGNORECASE)
_STEM = 5
# Words that deny, in the languages of the guide and those that people most often write in.
_DENYING = frozenset(
    [
        *("nie", "bez", "no", "not", "never", "cannot", "without"),
        *("ні", "не", "нет", "нельзя", "нельга", "няма", "без"),
        *("لا", "لن", "ليس", "لم", "không", "chưa", "değil", "yok", "नहीं", "არ", "ვერ"),
        *("ne", "pas", "sans", "nicht", "kein", "keine", "ohne", "sin", "não", "sem"),
    ]
)
_WORDS = re.compile(r"[^\W\d_]+")


def kept(said: str, evidence: Sequence[str], *, lang: str, spoken: str) -> list[str]:
    """Return the sentences that hold, in order; none if the model said something else.

    Args:
        said: what the model answered, in the language `spoken`.
        evidence: quotes, and the titles of what they come from, in the language `lang`.
    """
    known = _Evidence(evidence, lang, spoken)
    sentences = [clean(part) for part in _SENTENCES.split(said[: _MAX_SENTENCES * _MAX_CHARS])]
    sentences = [part for part in sentences if part][:_MAX_SENTENCES]
    held = [part for part in sentences if len(part) <= _MAX_CHARS and known.holds(part)]
    return held if not known.denies or any(_denies(part) for part in held) else []


class _Evidence:
    def __init__(self, texts: Iterable[str], lang: str, spoken: str) -> None:
        joined = "\n".join(texts)
        self._spoken = spoken
        self._months = named_months(joined, lang)
        # "4 marca 2027" supports "4/3/2027" and "ngày 4 tháng 3 năm 2027".
        self._figures = {*figures(joined), *map(str, self._months)}
        self._words = {word[:_STEM] for word in tokens(joined)}
        self.denies = _denies(joined)

    def holds(self, sentence: str) -> bool:
        return (
            not _ADDRESS.search(sentence)
            and set(figures(sentence)) <= self._figures
            and named_months(sentence, self._spoken) <= self._months
            and all(word[:_STEM] in self._words for word in self._names(sentence))
            and not (_denies(sentence) and not self.denies)
        )

    def _names(self, sentence: str) -> list[str]:
        """Folded names and abbreviations: in Latin script what is capital inside a sentence.

        Among other letters every word in Latin ones is a name; German writes every noun with a
        capital, so there only abbreviations can be told.
        """
        letters = [match.group() for match in _WORDS.finditer(sentence)]
        latin = [word for word in letters if _is_latin(word)]
        is_latin = sum(map(len, latin)) * 2 > sum(map(len, letters))
        months = {name for _, name in _month_names(self._spoken)}
        names = [
            word
            for place, word in enumerate(letters)
            if _is_latin(word)
            and (
                (len(word) > 1 and word.isupper())
                or not is_latin
                or (place > 0 and word[0].isupper() and self._spoken != "de")
            )
        ]
        folded = [tokens(name)[0] for name in names if tokens(name)]
        return [name for name in folded if name not in months]


def _is_latin(word: str) -> bool:
    return unicodedata.name(word[0], "").startswith("LATIN")


def figures(text: str) -> list[str]:
    """Numbers of a text, written alike: "4 806,00", "4.806" and "٤٨٠٦" are one."""
    return [_plain(match.group()) for match in _FIGURES.finditer(_western(text))]


def _western(text: str) -> str:
    return "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in text)


def _plain(figure: str) -> str:
    whole, point, rest = _GAPS.sub("", figure).replace(",", ".").rpartition(".")
    if point and len(rest) <= 2:
        number = f"{whole.replace('.', '')}.{rest}".rstrip("0").rstrip(".")
    else:
        number = (whole + rest).replace(".", "")
    return number.lstrip("0") or "0"


def named_months(text: str, lang: str) -> set[int]:
    """Months, 1 to 12, whose names in a language stand in the text."""
    padded = f" {' '.join(tokens(text))} "
    return {month for month, name in _month_names(lang) if f" {name} " in padded}


@lru_cache(maxsize=32)
def _month_names(lang: str) -> tuple[tuple[int, str], ...]:
    """Folded full names, those with a number in them left out: figures cover these."""
    try:
        months = Locale.parse(lang).months
    except (UnknownLocaleError, ValueError):
        return ()
    names = {
        (number, " ".join(tokens(name)))
        for form in ("format", "stand-alone")
        for number, name in months[form]["wide"].items()
    }
    return tuple(sorted(pair for pair in names if not any(c.isdigit() for c in fold(pair[1]))))


def _denies(text: str) -> bool:
    return any(word in _DENYING for word in _WORDS.findall(text.lower()))
