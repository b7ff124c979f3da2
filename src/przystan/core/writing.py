"""One folded form for every way of writing the same words, and Latin letters back to Cyrillic.

`fold` is a key for matching, never for showing: diacritics are gone, Cyrillic is written as
a Pole would hear it, and letters that people exchange (i/y/j, v/w, ch/kh/x) become one. So
"карта побиту", "karta pobytu" and "Karta Pobytu" are the same key. Everything here takes
time linear in the text, whatever the text holds.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Literal

CyrillicLanguage = Literal["uk", "ru"]

MAX_TOKEN_CHARS = 64  # longer runs are not words; a cut keeps indexes and rules small

# й and its like decompose into a letter and a mark; composed first, or the mark would be lost.
_COMPOSED = (("и\u0306", "й"), ("і\u0308", "ї"), ("е\u0308", "ё"), ("у\u0306", "ў"))


def _pairs(table: str) -> dict[str, str]:
    """Read "from>to" pairs; nothing after the sign means that the letter is silent."""
    return {source: target for source, _, target in (pair.partition(">") for pair in table.split())}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Latin letters that carry no separable mark or that people exchange; Ukrainian, Russian and
# Belarusian, where и and ы meet Polish y and i alike; apostrophes, which stand inside words;
# the Arabic tatweel, which only stretches.
_FOLDED_LETTERS = _pairs(
    """
    ł>l ø>o đ>d ð>d ß>ss æ>ae œ>oe þ>th ı>i ĸ>k ŋ>n y>i j>i v>w а>a б>b в>w г>g ґ>g д>d е>e
    ё>e є>ie ж>z з>z и>i і>i ї>i й>i к>k л>l м>m н>n о>o п>p р>r с>s т>t у>u ў>w ф>f х>x
    ц>c ч>cz ш>sz щ>szcz ъ> ы>i ь> э>e ю>iu я>ia ј>i љ>li њ>ni ћ>c ђ>d џ>dz ѕ>dz
    """
) | dict.fromkeys("'’‘ʼʹʻ`´′＇\u0640", "")
# Categories that are never seen: controls, format characters (zero width, bidi), marks.
_DROPPED = {"Cc", "Cf", "Cs", "Mn", "Me"}
_SPACES = {"\t", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f", "\x85"}

_DIGRAPHS = re.compile("shch+|[ck]h+|sh+|zh+|ii+")
_WORDS = re.compile(r"[^\W_]+")


class _FoldingTable(dict[int, str]):
    """For `str.translate`: works out each character once and remembers it."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        self[code] = folded
        return folded


def _fold_character(character: str, depth: int = 3) -> str:
    if character in _SPACES:
        return " "
    if (known := _FOLDED_LETTERS.get(character)) is not None:
        return known
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(character) in _DROPPED:
        return ""
    apart = unicodedata.normalize("NFKD", character.lower())
    if apart == character or not depth:
        return " " if character.isspace() else character
    return "".join(_fold_character(part, depth - 1) for part in apart)


_TABLE = _FoldingTable()


def fold(text: str) -> str:
    """Return the matching key of a text: lower case, romanised, without marks and controls.

    Folding twice changes nothing. Spaces and punctuation stay where they are, so that
    phrases can still be told from neighbouring words.
    """
    text = text.lower()
    for apart, composed in _COMPOSED:
        text = text.replace(apart, composed)
    return _DIGRAPHS.sub(_digraph, text.translate(_TABLE))


def _digraph(match: re.Match[str]) -> str:
    found = match.group()
    if found.startswith("shch"):
        return "szcz"
    return {"s": "sz", "z": "z", "i": "i"}.get(found[0], "x")


def tokens(text: str) -> list[str]:
    """Words and numbers of the folded text, in order, each at most `MAX_TOKEN_CHARS` long."""
    return [word[:MAX_TOKEN_CHARS] for word in _WORDS.findall(fold(text))]


def clean(text: str) -> str:
    """Return the text fit to keep and show: composed, without controls, spaces made single.

    Zero-width joiners inside words stay: Arabic, Persian and Indic scripts need them.
    """
    kept = "".join(_kept(character) for character in _calm(text))
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def _kept(character: str) -> str:
    if character in _SPACES or character.isspace():
        return " "
    if character in "\u200c\u200d":
        return character
    return "" if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} else character


# Sorting a long run of marks is quadratic in `unicodedata.normalize`; no language needs five.
_MARK_FLOOD = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{4})"
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)


def _calm(text: str) -> str:
    return _MARK_FLOOD.sub(r"\1", text)


# --- Latin letters back to Cyrillic -----------------------------------------------------------

# Ukrainian by the resolution of 2010 (zh, kh, ia/ya), by ear (h, x, ja) and as Poles write (sz).
_SHARED = _pairs(
    """
    shch>щ szcz>щ sch>щ šč>щ zh>ж kh>х ch>ч cz>ч sh>ш sz>ш ts>ц tz>ц š>ш č>ч ž>ж ż>ж ya>я
    ja>я yu>ю ju>ю iu>ю ia>я a>а b>б c>ц d>д e>е f>ф g>г k>к l>л ł>л m>м n>н o>о p>п q>к
    r>р s>с t>т u>у v>в w>в x>х z>з j>й
    """
)
_UKRAINIAN = _SHARED | _pairs(
    """
    ye>є je>є ie>є yi>ї ji>ї yo>йо jo>йо zgh>зг y>и i>і h>г
    """
)
_RUSSIAN = _SHARED | _pairs(
    """
    iia>ия iya>ия ija>ия iyu>ию iye>ие yo>е jo>е ye>е je>е y>ы i>и h>х
    """
)


def _longest_first(*tables: dict[str, str]) -> str:
    keys = {key for table in tables for key in table}
    return "|".join(sorted(keys, key=lambda key: (-len(key), key)))


# Endings that several schemes write alike; a look-ahead keeps them at the end of the word.
_UKRAINIAN_PATTERN = re.compile(
    r"(?P<adjective>(?<=[bcdfghklmnprstvwxz])(?:yi|yy|yj|iy)\b)"
    r"|(?P<short>(?<=[aeouiy])[yj](?![aeiou])|(?<=[ei])i\b)|(?P<tsoft>(?<=e)ts\b)"
    r"|(?P<kh>\bh(?=t[oaiu]\b|och|oti|oto))"
    rf"|(?P<soft>(?<=[bcdfghklmnprstvwz])['’`ʼ](?![aeiouyj]))|{_longest_first(_UKRAINIAN)}"
)
_RUSSIAN_PATTERN = re.compile(
    r"(?P<adjective>(?<=[bcdfghklmnprstvwxz])(?:yi|yy|yj)\b)"
    r"|(?P<short>(?<=[aeouiy])[yj](?![aeiou])|(?<=[aeo])i\b)"
    rf"|(?P<soft>(?<=[bcdfghklmnprstvwz])['’`ʼ])|{_longest_first(_RUSSIAN)}"
)


def cyrillise(text: str, language: CyrillicLanguage) -> str:
    """Write a text typed in Latin letters in Cyrillic, in lower case.

    A guess at what the keyboard lacked, good enough to search with; it never judges whether
    the text was Ukrainian or Russian in the first place (see `romanised_language`).
    """
    table, pattern, adjective = _SCHEMES[language]
    return pattern.sub(_speller(table, adjective), text.lower())


_SCHEMES: dict[str, tuple[dict[str, str], re.Pattern[str], str]] = {
    "uk": (_UKRAINIAN, _UKRAINIAN_PATTERN, "ий"),
    "ru": (_RUSSIAN, _RUSSIAN_PATTERN, "ый"),
}


def _speller(table: dict[str, str], adjective: str) -> Callable[[re.Match[str]], str]:
    groups = {
        "adjective": adjective,
        "short": "й",
        "kh": "х",
        "soft": "ь",
        "tsoft": "ць",
    }

    def spell(match: re.Match[str]) -> str:
        if match.lastgroup:
            return groups[match.lastgroup]
        return table[match.group()]

    return spell


# Words that nearly every question holds. Those shared with Polish or English say nothing: out.
_FREQUENT: dict[CyrillicLanguage, frozenset[str]] = {
    "uk": _words(
        """як карту що шо чи це мені мене мій моя моє мої мою ви він вона вони його її їх нам
        нас вам вас бути
        є була було були буде будуть може можу можемо треба потрібно потрібна потрібен
        потрібні якщо якшо коли чому скільки який яка яке які яку куди звідки хто чого дитини
        дитину діти дітей роботодавець працювати працюю отримати отримав отримала зробити робити
        подати заяву україни україна українець українка польщі польща польщу гроші грошей
        зарплату зарплата платити платить допомога допоможіть допомогу будь ласка дякую після
        через також дуже тільки вже немає нема маю має хочу хоче скажіть від або але якого
        чоловік навчання лікаря"""
    ),
    "ru": _words(
        """что как это мне меня мой моя моё мое мои мою она они его её её нам нас вам вас быть
        есть был была было были будет можно может могу нужно нужен нужна нужны надо если когда
        почему сколько какой какая какое какие какую куда откуда чего ребенок ребенка дети детей
        работать работаю работодатель получить получил получила сделать делать заявление польше
        польша польшу деньги денег зарплату зарплата платить платит помощь помогите пожалуйста
        спасибо после через также очень только еще уже нет имею хочу хочет скажите или без муж
        жена учеба врач врача чтобы"""
    ),
}
_LATIN_EVIDENCE = _words(
    """jest są się nie czy jak co to na do od dla przez przy bez pod nad albo lub ale oraz
    mogę może można muszę trzeba mam ma mieć będzie był była było kiedy gdzie dlaczego ile który
    która które jaki jaka jakie pracy pracę praca kartę wniosek wniosku
    dziecko dziecka dzieci szkoły urząd urzędu w z i o po za ze we
    moge mozna musze byc bedzie ktory ktora prace karte urzad urzedu wojewodzki sa sie
    the is are was be to of in on for with and or my me i you we they he she it do does did can
    could should must have has had what when where why how who which a an not no from at by if
    der die das und ist ich ein eine wie wo was kann nicht für mit le la les et est je un une
    de que el los es como para por"""
)
_LATIN = re.compile("[a-zżšč]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_POLISH_LETTERS = re.compile("[ąęłńóśźćäöüßáéíñçğış]")


def romanised_language(text: str) -> CyrillicLanguage | None:
    """Say whether a Latin-letter text reads as Ukrainian or Russian once written in Cyrillic.

    None when it holds Cyrillic, Polish letters, or as many Polish, English or German
    everyday words as Slavic ones. Language detectors never see these texts.
    """
    words = [word for word in _WORDS.findall(text.lower()) if len(word) <= MAX_TOKEN_CHARS][:200]
    joined = " ".join(words)
    if not _LATIN.search(joined) or _CYRILLIC.search(joined) or _POLISH_LETTERS.search(joined):
        return None
    against = sum(word in _LATIN_EVIDENCE for word in words)
    counts = {language: _frequent_words(words, language) for language in _FREQUENT}
    best: CyrillicLanguage = "uk" if counts["uk"] >= counts["ru"] else "ru"
    return best if counts[best] > against else None


def _frequent_words(words: list[str], language: CyrillicLanguage) -> int:
    # Short words coincide with anything: "to", "na", "do".
    spelled = (_without_soft(cyrillise(word, language)) for word in words if len(word) > 2)
    return sum(word in _FREQUENT_PLAIN[language] for word in spelled)


def _without_soft(word: str) -> str:
    return word.replace("ь", "")


# The soft sign is the first thing that people leave out.
_FREQUENT_PLAIN = {
    language: frozenset(_without_soft(word) for word in words)
    for language, words in _FREQUENT.items()
}


def may_be_romanised(text: str) -> bool:
    """Latin letters without a word or letter of Polish, English or another Latin language.

    Weaker than `romanised_language`: short searches ("pratsevlashtuvannia") hold no everyday
    word at all, and trying a second spelling costs little.
    """
    words = _WORDS.findall(text.lower())
    joined = " ".join(words)
    if not _LATIN.search(joined) or _CYRILLIC.search(joined) or _POLISH_LETTERS.search(joined):
        return False
    return not any(word in _LATIN_EVIDENCE for word in words)
