"""On paper: light, opened, complete; afterwards the screen is as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from . import looking
from .conftest import Open

THEME = "document.documentElement.dataset.theme"


def test_printing_draws_all_in_light_colours(
    open_page: Open, report_path: Path, report: dict[str, Any]
) -> None:
    page = open_page(report_path, "desktop-dark")
    opened = page.locator("#measures details[open]").count()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(THEME) == "light"
    assert page.locator(".plot canvas").count() == page.locator(".plot").count()
    assert page.locator("#measures details:not([open])").count() == 0
    page.emulate_media(media="print")
    assert not page.locator("#theme").is_visible()
    assert page.locator("#payments tbody tr").first.is_visible()
    for figure in page.locator("figure.chart").all():
        box, canvas = figure.bounding_box(), figure.locator("canvas").bounding_box()
        assert canvas["width"] <= box["width"], "a chart is wider than its place on paper"
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(THEME) == "dark"
    assert page.locator("#measures details[open]").count() == opened
    looking.draw_all(page)
    figure = looking.chart(page, report["charts"][0]["id"])
    assert looking.painted(page, figure, 0) > 30


def test_it_prints(open_page: Open, report_path: Path) -> None:
    page = open_page(report_path)
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF")
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") >= 3
