"""P5: an article of the portal beside the same content as a plain Wagtail page.

    python bench/p5_portal_page.py [--rounds 7] [--requests 40] [--profile]

Both have menu, breadcrumb, 30 blocks with two sources each, and a form; both go through the
whole of the product's middleware, in process, from one database. The peer is Wagtail's own
way: page tree, StreamField, `pageurl`. CPU time, one after the other, median of the rounds.
"From nothing" empties every cache before each page, on both sides; "kept" renders the page anew
around the paragraphs of the published version, as for somebody signed in; "as served" is the
page of a visitor, beside a view that returns a word. Queries are counted at 10, 30 and 60 blocks.
"""

import argparse
import cProfile
import os
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
FOLDER = tempfile.TemporaryDirectory(prefix="p5-")
os.environ["DATA_DIR"] = FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "p5_settings"

import django  # noqa: E402

django.setup()

from django.core.cache import cache  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import translation  # noqa: E402
from plain_page.models import PlainPage  # noqa: E402
from wagtail.models import Locale, Page, Site  # noqa: E402

from przystan.knowledge.content.forms import IntentForm  # noqa: E402
from przystan.knowledge.tests import factories  # noqa: E402

BLOCKS = 30
OURS, PEER, BARE = "/pl/guide/long-{}/", "/plain/guide/long-{}/", "/bare/"
WORDS = "Wniosek złóż najpóźniej w ostatnim dniu legalnego pobytu. " * 4
SOURCES = ("page:fees", "law:act-on-foreigners#art-114-1-5")
GOAL_RATIO, GOAL_QUERIES, GOAL_CACHED = 0.25, 6, 0.65


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    _prepare()
    client = Client()
    ours, peer = OURS.format(BLOCKS), PEER.format(BLOCKS)
    if arguments.profile:
        return _profile(client, ours, arguments.requests)
    _say_queries(client)
    fresh = [cache.clear]
    rows = [
        (
            _cpu_ms(client, ours, arguments.requests, before=fresh),
            _cpu_ms(client, peer, arguments.requests, before=fresh),
            # An empty question string: the page is rendered anew around its kept paragraphs.
            _cpu_ms(client, f"{ours}?x", arguments.requests),
            _cpu_ms(client, ours, arguments.requests * 5),
            _cpu_ms(client, BARE, arguments.requests * 5),
        )
        for _ in range(arguments.rounds)
    ]
    _say(rows)
    return None


def _prepare() -> None:
    call_command("migrate", verbosity=0)
    factories.loaded(*(_article(count) for count in (10, BLOCKS, 60)))
    _pages()
    connection.close()  # the first request opens its own


def _article(count: int) -> Any:
    texts = dict.fromkeys(factories.LANGUAGES, WORDS)
    return factories.article(
        f"long-{count}",
        paragraphs=tuple(
            factories.paragraph(f"p-{n}", texts, sources=SOURCES) for n in range(count)
        ),
        intents=(IntentForm("fee", ("p-0",), None, factories.ASKED),),
        related=(),
        expectations=(),
    )


def _pages() -> None:
    """Menu of seven pages, a section, and articles of the same blocks as ours."""
    Page.objects.filter(depth=1).exists() or Page.add_root(title="Root", slug="root")
    locale = Locale.objects.get_or_create(language_code="pl")[0]
    root = Page.objects.filter(depth=1).first()
    home = root.add_child(instance=Page(title="Przystań", slug="start", locale=locale))
    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    for number in range(6):
        page = Page(title=f"Menu {number}", slug=f"m-{number}", show_in_menus=True, locale=locale)
        home.add_child(instance=page)
    guide = home.add_child(
        instance=Page(title="Poradnik", slug="guide", show_in_menus=True, locale=locale)
    )
    for count in (10, BLOCKS, 60):
        source = {"label": "art. 114 ust. 1", "url": "/pl/law/", "read_on": "2026-07-18"}
        block = {"type": "statement", "value": {"text": WORDS, "sources": [source, source]}}
        guide.add_child(
            instance=PlainPage(
                title="Zezwolenie",
                slug=f"long-{count}",
                summary="Co zrobić, aby pracować.",
                body=[(block["type"], block["value"])] * count,
                locale=locale,
            )
        )


def _say_queries(client: Client) -> None:
    for name, address in (("ours", OURS), ("plain Wagtail", PEER)):
        counts = []
        for count in (10, BLOCKS, 60):
            cache.clear()
            Site.clear_site_root_paths_cache()
            with CaptureQueriesContext(connection) as seen, translation.override("pl"):
                response = client.get(address.format(count))
            assert response.status_code == 200, (name, response.status_code)
            counts.append(len(seen))
        print(f"queries, {name}: {counts[0]}, {counts[1]}, {counts[2]} at 10, {BLOCKS}, 60 blocks")
    print(f"goal: at most {GOAL_QUERIES}, the same at every length")


def _cpu_ms(
    client: Client, address: str, count: int, *, before: list[Callable[[], Any]] | None = None
) -> float:
    """CPU milliseconds of one request, over `count` of them after one that does not count."""
    client.get(address)
    spent = 0.0
    for _ in range(count):
        for step in before or ():
            step()
        started = time.process_time()
        response = client.get(address)
        spent += time.process_time() - started
        assert response.status_code == 200
    return spent / count * 1000


def _say(rows: list[tuple[float, ...]]) -> None:
    ours, peer, framed, cached, bare = (
        statistics.median(column) for column in zip(*rows, strict=True)
    )
    cold, warm = [row[0] / row[1] for row in rows], [row[2] / row[1] for row in rows]
    rates = [row[4] / row[3] for row in rows]
    print(f"CPU per page: ours {ours:.2f} ms from nothing, {framed:.2f} ms with the paragraphs")
    print(f"of its version kept; plain Wagtail {peer:.2f} ms")
    print(
        f"ratio, median of {len(rows)}: {_spread(cold)} from nothing, {_spread(warm)} with", end=""
    )
    print(f" kept paragraphs; goal {GOAL_RATIO}")
    print(f"as served: {cached:.2f} ms, a bare view {bare:.2f} ms; rate of the bare view's", end="")
    print(f": {statistics.median(rates):.0%}, goal {GOAL_CACHED:.0%}")


def _spread(ratios: list[float]) -> str:
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def _profile(client: Client, address: str, count: int) -> None:
    client.get(address)
    profile = cProfile.Profile()
    for _ in range(count):
        cache.clear()
        profile.enable()
        client.get(address)
        profile.disable()
    pstats.Stats(profile).sort_stats("tottime").print_stats(45)
    pstats.Stats(profile).sort_stats("cumtime").print_stats("przystan", 40)


if __name__ == "__main__":
    main()
