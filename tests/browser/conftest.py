"""Debian's Chromium, driven by Playwright's synchronous API: browser tests are plain functions, never `async def`."""

import shutil
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

ColorScheme = Literal["light", "dark"]
#: Opens a new page, alone in its own storage, of this width and colour scheme.
PageAt = Callable[..., Page]

HEIGHT = 800
PATIENCE = 15_000
CALM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser per module: while Playwright runs, no other test may start an event loop in this thread."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("browser tests need Chromium and found none: apt-get install chromium", pytrace=False)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=CALM)
        yield browser
        browser.close()


@pytest.fixture
def page_at(chromium: Browser) -> Iterator[PageAt]:
    """`page_at(1280, "dark")`; any error a page throws fails the test that opened it."""
    contexts: list[BrowserContext] = []
    thrown: list[str] = []

    def open_page(width: int = 1280, color_scheme: ColorScheme = "light", locale: str = "en-GB") -> Page:
        viewport = ViewportSize(width=width, height=HEIGHT)
        context = chromium.new_context(viewport=viewport, color_scheme=color_scheme, locale=locale)
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda error: thrown.append(str(error.error)))
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert thrown == [], "a page threw an error"
