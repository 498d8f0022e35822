"""Chromium, the pages, and what every opened page must not do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from . import page_data

CHROMIUMS = ("chromium", "google-chrome", "chromium-browser")
SIZES = {"desktop": {"width": 1280, "height": 900}, "narrow": {"width": 390, "height": 844}}
MODES = [f"{size}-{scheme}" for size in SIZES for scheme in ("light", "dark")]

Open = Callable[..., Page]


def pages_folder() -> Path:
    """Folder of the pages under test."""
    folder = os.environ.get("PSIM_PAGES")
    if not folder:
        pytest.exit("PSIM_PAGES must name the folder of pages to test", returncode=2)
    return Path(folder)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each page and each mode, where a test asks for `sample` and `mode`."""
    if "sample" in metafunc.fixturenames:
        samples = sorted(path.stem for path in pages_folder().glob("*.html"))
        assert {"report", "comparison"} <= set(samples), (
            "report.html and comparison.html are needed"
        )
        metafunc.parametrize("sample", samples)
    if "mode" in metafunc.fixturenames:
        metafunc.parametrize("mode", MODES)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the system, without a window."""
    named = os.environ.get("CHROMIUM")
    path = next(filter(None, map(shutil.which, [named] if named else CHROMIUMS)), None)
    assert path, "no Chromium is installed; name one by CHROMIUM"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Opens a page file in a mode; at the end, whatever was opened must have been quiet."""
    faults: list[str] = []
    contexts = []

    def remember_request(request: Request) -> None:
        if not request.url.startswith(("file:", "blob:", "data:")):
            faults.append(f"network request: {request.url}")

    def opened(path: Path, mode: str = "desktop-light", script: str | None = None) -> Page:
        size, scheme = mode.split("-")
        context = browser.new_context(viewport=SIZES[size], color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)  # other tests run beside
        page.on("console", lambda said: faults.append(f"console: {said.text}"))
        page.on("pageerror", lambda error: faults.append(f"page error: {error}"))
        page.on("dialog", lambda dialog: (faults.append("a dialog"), dialog.dismiss()))
        page.on("request", remember_request)
        if script:
            page.add_init_script(script)
        page.goto(path.absolute().as_uri())
        page.wait_for_selector("html[data-ready=true]", state="attached")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture(scope="session")
def report_path() -> Path:
    """The page of a run."""
    return pages_folder() / "report.html"


@pytest.fixture(scope="session")
def report(report_path: Path) -> dict[str, Any]:
    """Data of that page."""
    return page_data.read(report_path)


@pytest.fixture
def sample_path(sample: str) -> Path:
    """One of the pages."""
    return pages_folder() / f"{sample}.html"


@pytest.fixture
def open_changed(
    open_page: Open, report_path: Path, tmp_path: Path
) -> Callable[[dict[str, Any]], Page]:
    """Opens the page of the run with other data in it."""

    def opened(data: dict[str, Any], mode: str = "desktop-light") -> Page:
        changed = page_data.with_content(report_path, page_data.packed(data), tmp_path / "x.html")
        return open_page(changed, mode)

    return opened
