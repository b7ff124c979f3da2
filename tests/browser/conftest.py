"""The product as a person meets it: its own processes on a free port, and Debian's Chromium."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
AXE = (ROOT / "tests" / "assets" / "axe" / "axe.min.js").read_text(encoding="utf-8")
STARTS_WITHIN_S = 120


@contextmanager
def running_site(tmp_path_factory, **settings):
    """Address of a running product with its starter content and some settings of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{probe.getsockname()[1]}"
    folder = tmp_path_factory.mktemp("site")
    environment = {**os.environ, "DATA_DIR": str(folder), "BIND": bind}
    environment |= {"RATE_LIMIT_ADDRESS": "100000", "RATE_LIMIT_SESSION": "100000", **settings}
    environment.pop("DATABASE_URL", None)
    log = (folder / "log").open("w")
    program = [sys.executable, "-m", "przystan.config.cli", "up"]
    process = subprocess.Popen(program, env=environment, stdout=log, stderr=log, cwd=folder)
    try:
        wait_until_ready(f"http://{bind}/readyz", process, folder / "log")
        yield f"http://{bind}"
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Address of a running product with its starter content."""
    with running_site(tmp_path_factory) as address:
        yield address


def wait_until_ready(address, process, log):
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.3)
    raise AssertionError(f"The product did not start: {log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def phone(chromium):
    """A small phone without JavaScript."""
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="pl-PL"
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def laptop(chromium):
    # axe is injected by the test; the page's own policy is tested elsewhere.
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    yield context.new_page()
    context.close()


def findings(page):
    """What axe-core finds against WCAG 2.2 AA, as readable lines."""
    page.evaluate(AXE)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    result = page.evaluate("tags => axe.run(document, {runOnly: tags})", tags)
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in result["violations"]]
