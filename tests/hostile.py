"""What attackers and broken keyboards send, by class, and how a page shows that it gave way."""

import re
from collections.abc import Iterator

MARK = "zq9"  # in every payload that would be seen again in a page or a header

UNICODE = {
    "right-to-left override": f"\u202e{MARK}tset\u202c",
    "isolates": f"\u2066\u2067\u2068{MARK}",
    "NUL": f"{MARK}\x00{MARK}",
    "controls": f"\x01\x02\x1b[31m{MARK}\x7f\x85",
    "combining flood": f"{MARK}a" + "\u0301" * 5_000,
    "zalgo": "".join(f"{letter}\u0300\u0316\u0489" for letter in MARK * 200),
    "four bytes": f"{MARK} 𝕻𝖗𝖟𝖞𝖘𝖙𝖆ń 👩‍👩‍👧‍👦 𠜎",
    "homoglyphs": f"{MARK} рауреl аdmіn",
    "mixed scripts": f"{MARK} Ольга ольга أولغا Olga Όλγα",
    "no-break and wide spaces": f"{MARK}\u00a0\u2003\u3000\u200b\ufeff{MARK}",
    "line separators": f"{MARK}\u2028\u2029{MARK}",
    "noncharacters": f"{MARK}\ufffe\uffff\U0010ffff",
    "private use": f"{MARK}\ue000\uf8ff",
    "one letter": "ł",
    "20,000 letters": MARK + "x" * 19_990,
    "20,001 words": "a " * 20_001,
    "binary looking": "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00",
    "only signs": "?!…—",
    "blank": " \t\r\n ",
    "a number beyond bounds": "9" * 400,
    "not a number": "NaN",
}
# Bytes that are no UTF-8: sent as they are.
BYTES = {
    "lone surrogate": b"\xed\xa0\x80",
    "overlong slash": b"\xc0\xaf",
    "cut sequence": b"\xf0\x9f\x91",
    "latin-2": "zażółć".encode("iso-8859-2"),
    "utf-16": "zażółć".encode("utf-16"),
}
SCRIPT = {
    "script": f"<script>{MARK}</script>",
    "broken attribute": f'"><img src=x onerror={MARK}>',
    "single quote": f"'><svg/onload={MARK}>",
    "closed title": f"</title></textarea><b>{MARK}</b>",
    "comment": f"--><i>{MARK}</i><!--",
    "entity": f"&lt;b&gt;{MARK}<b>",
    "address": f"<a href=javascript:{MARK}>",
    "half tag": f"<{MARK}",
    "wide brackets": f"＜script＞{MARK}<b>",
}
SQL = {
    "or true": f"{MARK}' OR '1'='1",
    "comment": f"{MARK}'; DROP TABLE people_account; --",
    "union": f"{MARK}' UNION SELECT session_key FROM django_session --",
    "double quotes": f'{MARK}" OR ""="',
    "backslash": f"{MARK}\\' OR 1=1 #",
    "like": "%_%",
    "sleep": f"{MARK}'; SELECT pg_sleep(9) --",
}
HEADER = {
    "new line": f"{MARK}\r\nSet-Cookie: {MARK}=1",
    "line feed": f"{MARK}@example.org\nBcc: victim@example.org",
    "carriage return": f"{MARK}\rLocation: https://evil.example",
    "encoded": f"{MARK}%0d%0aSet-Cookie:%20{MARK}=1",
    "wide line feed": f"{MARK}\u560a\u560dSet-Cookie:{MARK}",
}
TEMPLATE = {
    "django": MARK + "{{ 40|add:2 }}",
    "tag": MARK + "{% debug %}",
    "jinja": MARK + "{{ 6*7 }}",
    "dollar": MARK + "${6*7}",
    "format": MARK + "{0.__class__}{question}",
    "percent": MARK + "%(reason)s%s%n",
    "figure": MARK + "{param:fee}{service:hotline}",
}
PATH = {
    "up": "../../../../etc/passwd",
    "encoded": "..%2f..%2fetc%2fpasswd",
    "NUL": "../keys/master\x00.yaml",
    "backslash": "..\\..\\keys\\master",
    "absolute": "/etc/passwd",
    "scheme": "file:///etc/passwd",
}
AWAY = {
    "elsewhere": "https://evil.example/",
    "no scheme": "//evil.example/",
    "backslashes": "\\\\evil.example",
    "mixed": "/\\evil.example",
    "script": "javascript:alert(1)",
    "user": "https://testserver@evil.example/",
    "three slashes": "///evil.example",
    "tab": "/\t/evil.example",
    "data": "data:text/html,hi",
}
TEXTS = {
    "unicode": UNICODE,
    "script": SCRIPT,
    "sql": SQL,
    "header": HEADER,
    "template": TEMPLATE,
    "path": PATH,
    "away": AWAY,
}

_SQL_ERRORS = re.compile(r"OperationalError|ProgrammingError|syntax error|near \"", re.I)
_EVALUATED = re.compile(rf"{MARK}42|<class |{MARK}\(none\)")
_FIELD = re.compile(r'value="[^"]*"|<textarea[^>]*>[^<]*</textarea>')
_SECRETS = ("root:x:0", "SECRET_KEY")


def weaknesses(response, sent: str) -> Iterator[str]:
    """How an answer shows that what was sent had power over it."""
    body = response.content.decode("utf-8", "replace")
    if response.status_code >= 500:
        yield f"status {response.status_code}"
    if any(signs in sent for signs in "<") and MARK in sent and sent in body:
        yield "script: came back as it was sent"
    if _SQL_ERRORS.search(body):
        yield "sql: an error of the database is shown"
    if _EVALUATED.search(body):
        yield "template: what was sent was evaluated"
    if any(secret in body for secret in _SECRETS):
        yield "path: a file or a setting is shown"
    # In its own field what was typed turns nothing but itself; a page is turned around it.
    around = _FIELD.sub("", body)
    is_page = response.get("Content-Type", "").startswith("text/html")
    if is_page and ("\u202e" in around or "\x00" in around):
        yield "unicode: an invisible control came back"
    for name, value in response.headers.items():
        if "\n" in value or "\r" in value or name.lower() == MARK or f"{MARK}=1" in value:
            yield f"header: {name}"
    if MARK in response.cookies:
        yield "header: a cookie was set"
    if leads_away(response.get("Location", "")):
        yield f"away: leads to {response['Location']}"


def leads_away(location: str) -> bool:
    """Whether a browser would leave the site; it takes backslashes for slashes, drops tabs."""
    plain = re.sub(r"[\t\r\n]", "", location).replace("\\", "/").strip()
    if plain.startswith("//"):
        return True
    scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", plain)
    return bool(scheme) and not plain.startswith(("http://testserver/", "http://localhost/"))
