"""A file of an act: one article per line, `{"article": "114", "status": "active", "text": "…"}`.

Plain or gzipped JSON lines in UTF-8. Line breaks inside `text` are those of the official PDF.
"""

import gzip
import hashlib
import json
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from przystan.core.errors import BadFileError

MAX_BYTES = 60_000_000  # unpacked; the longest Polish code is a tenth of it
MAX_ARTICLE_CHARS = 400_000
STATUSES = {"active", "repealed"}
_NUMBER = re.compile(r"\d{1,5}[a-z]{0,4}[⁰¹²³⁴⁵⁶⁷⁸⁹]{0,3}")


@dataclass(frozen=True, slots=True)
class RawArticle:
    number: str  # "106d", "39²"
    is_repealed: bool
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class LawFile:
    articles: tuple[RawArticle, ...]
    sha256: str  # of the unpacked bytes: packing again does not make another text


def read(path: Path) -> LawFile:
    """Read a law file whole.

    Raises:
        BadFileError: names the file, the line and what is wrong with it.
    """
    data = _unpacked(path)
    articles: list[RawArticle] = []
    seen: set[str] = set()
    for line_number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        article = _article(path, line_number, line)
        if article.number in seen:
            raise BadFileError(
                path, line_number, _("article %(n)s is there twice.") % {"n": article.number}
            )
        seen.add(article.number)
        articles.append(article)
    if not articles:
        raise BadFileError(path, None, _("the file holds no article."))
    return LawFile(tuple(articles), hashlib.sha256(data).hexdigest())


def _unpacked(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            source = gzip.GzipFile(fileobj=file) if packed else file
            # Read one byte more than allowed: a small file can unpack to anything.
            data = source.read(MAX_BYTES + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise BadFileError(
            path, None, _("the file is not whole: it cannot be unpacked.")
        ) from error
    except OSError as error:
        raise BadFileError(path, None, _("the file cannot be opened.")) from error
    if len(data) > MAX_BYTES:
        raise BadFileError(path, None, _("the file is too long for an act."))
    return data


def _article(path: Path, line: int, text: bytes) -> RawArticle:
    try:
        entry = json.loads(text.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadFileError(path, line, _("the line is not UTF-8.")) from error
    except (ValueError, RecursionError) as error:
        raise BadFileError(path, line, _("the line is not JSON.")) from error
    if not isinstance(entry, dict):
        raise BadFileError(path, line, _("the line is not an object with article, status, text."))
    words = {}
    for key in ("article", "status", "text"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise BadFileError(path, line, _("%(key)s is missing or empty.") % {"key": key})
        words[key] = entry[key]
    if unknown := sorted(entry.keys() - words.keys()):
        raise BadFileError(path, line, _("the key %(key)s is unknown.") % {"key": unknown[0]})
    if not _NUMBER.fullmatch(words["article"]):
        raise BadFileError(
            path, line, _("%(number)s is no article number.") % {"number": words["article"][:20]}
        )
    if words["status"] not in STATUSES:
        raise BadFileError(path, line, _("the status is neither active nor repealed: correct it."))
    if len(words["text"]) > MAX_ARTICLE_CHARS:
        raise BadFileError(path, line, _("the text is too long for an article."))
    return RawArticle(words["article"], words["status"] == "repealed", words["text"], line)
