"""Content-Security-Policy and headers of every page of ours."""

import re

import pytest
from django.test import Client

PAGES = (
    "/pl/", "/ar/", "/uk/topic/work/", "/en/guide/declaration/", "/ru/help/", "/pl/law/",
    "/pl/law/act-on-employing-foreigners/art-5a-1/", "/en/privacy/", "/pl/components/",
    "/account/sign-in/", "/account/sign-in/staff/", "/pl/no-such-page/",
)  # fmt: skip
INLINE = re.compile(
    rb"<script(?![^>]*\bsrc=)[^>]*>|<style[\s>]|\sstyle=|\son[a-z]+=", re.IGNORECASE
)


def faults(response):
    """What of a page would need a weaker policy than ours, or weakens it."""
    policy = response.get("Content-Security-Policy", "")
    if "unsafe" in policy or "default-src 'none'" not in policy:
        yield f"policy: {policy}"
    yield from (match.group().decode() for match in INLINE.finditer(response.content))
    for name in (
        "X-Content-Type-Options",
        "Referrer-Policy",
        "X-Frame-Options",
        "Permissions-Policy",
    ):
        if not response.get(name):
            yield f"no {name}"


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_a_page_holds_no_inline_code_and_has_its_headers(page, knowledge):
    assert list(faults(Client().get(page))) == []


@pytest.mark.planted
@pytest.mark.django_db
def test_planted_inline_code_is_found(knowledge):
    response = Client().get("/pl/")
    response.content += b"<script>alert(1)</script><p style='x' onclick='y'>"

    assert len(list(faults(response))) == 3


def test_the_stylesheet_knows_no_left_and_right():
    from pathlib import Path

    import przystan

    css = Path(przystan.__file__).parent / "static" / "css"
    physical = re.compile(
        r"(?:margin|padding|border)-(?:left|right)\b|(?<![-\w])(?:left|right)\s*:"
    )
    for sheet in css.glob("*.css"):
        assert physical.findall(sheet.read_text(encoding="utf-8")) == [], sheet.name
