"""A page of Chromium that reaches this machine and nothing else. Mark its tests `browser`."""

from shutil import which

import pytest
from playwright.sync_api import expect, sync_playwright

# As patient with what appears as with what is clicked.
expect.set_options(timeout=30_000)
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def chromium():
    """The browser that Debian installs, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A page whose every request must stay on this machine and whose scripts must not fail."""
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(120_000)
    outside, errors = [], []

    def keep_in(route):
        outside.append(route.request.url)
        route.abort()

    # Besides files, pages inside pages and this machine's own servers, which need no network.
    page.route(
        lambda url: not url.startswith(("file:", "data:", "blob:", "http://127.0.0.1")), keep_in
    )
    page.on("pageerror", lambda error: errors.append(error.message))
    yield page
    page.close()
    assert outside == []
    assert errors == []
