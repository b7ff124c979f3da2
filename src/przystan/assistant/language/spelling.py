"""Spellings in which words of different keyboards meet; keys for comparing, never for showing."""

import re

from przystan.core.writing import cyrillise, fold

_DOUBLED = re.compile(r"([^\W\d])\1+")
_SOFTENED = re.compile("i+(?=[aeou])")
# Letters written as digits in short messages: "4omu", "6ukaty".
_DIGIT_LETTERS = str.maketrans({"4": "ch", "6": "sh", "3": "z"})


def latin_form(word: str) -> str:
    """Folded, with doubled letters made single: "passport" and "pasport" are one."""
    return _DOUBLED.sub(r"\1", fold(word))


def slavic_form(word: str) -> str:
    """The loosest spelling of a Cyrillic word: г = х = h, ч = ц = c, є = е, ж = з, и = і = ы."""
    loose = fold(word).replace("szcz", "sz").replace("cz", "c").replace("ts", "c")
    loose = loose.replace("x", "h").replace("g", "h")
    return _DOUBLED.sub(r"\1", _SOFTENED.sub("", loose))


def romanised_forms(word: str) -> tuple[str, ...]:
    """Spellings of a Ukrainian, Russian or Belarusian word typed in Latin letters."""
    forms = [slavic_form(cyrillise(word, "uk"))]
    if "ch" in word:  # those who write as Poles do mean х
        forms.append(slavic_form(cyrillise(word.replace("ch", "kh"), "uk")))
    if re.search("[346]", word) and not word.isdigit():
        forms.append(slavic_form(cyrillise(word.translate(_DIGIT_LETTERS), "uk")))
    return tuple(dict.fromkeys(forms))
