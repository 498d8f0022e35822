"""Every page opens quietly, draws all that it has, and fits its window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from . import looking, page_data
from .conftest import Open


def has_ink(chart: dict[str, Any]) -> bool:
    """Whether a chart has something to paint: bars and layers of zero have no height."""
    values = [value for series in chart["series"] for value in series["values"]]
    flat = chart["style"] == "bar" or chart["stacked"]
    return any(value is not None and (value != 0 or not flat) for value in values)


def test_everything_is_drawn(open_page: Open, sample_path: Path, mode: str) -> None:
    data = page_data.read(sample_path)
    page = open_page(sample_path, mode)
    looking.draw_all(page)
    assert page.locator("h1").inner_text() == data["title"]
    assert page.title() == data["title"]
    charts = [chart for chart in data["charts"] if chart["series"]]
    assert charts or not data["moments"]
    for chart in charts:
        figure = looking.chart(page, chart["id"])
        ink = sum(looking.painted(page, figure, i) for i in range(len(chart["series"])))
        assert ink > 30 or not has_ink(chart), f"{chart['id']} is blank"
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], "the page scrolls sideways"


def test_charts_are_drawn_when_they_come_into_view(open_page: Open, sample_path: Path) -> None:
    page = open_page(sample_path)
    plots = page.locator(".plot")
    if plots.count() == 0:
        assert page_data.read(sample_path)["moments"] == []
        return
    assert plots.last.locator("canvas").count() == 0
    plots.last.scroll_into_view_if_needed()
    plots.last.locator("canvas").wait_for()


def test_the_first_chart_is_seen_at_once(open_page: Open, sample_path: Path) -> None:
    shown = [chart for chart in page_data.read(sample_path)["charts"] if chart["series"]]
    page = open_page(sample_path)
    in_grid = page.locator("#charts [data-chart]")
    assert in_grid.count() == len(shown[1:])
    if shown:
        first = page.locator("#front [data-chart]")
        assert first.get_attribute("data-chart") == shown[0]["id"]
        box = first.locator("canvas").bounding_box()
        assert box
        assert box["y"] + box["height"] < 900, "it is below the first screen"


def test_the_contents_lead_to_each_section(open_page: Open, report_path: Path) -> None:
    page = open_page(report_path)
    links = page.locator(".contents a")
    names = links.all_inner_texts()
    assert names == ["Charts", "Agents", "Network", "Payments", "Measures", "Settings"]
    for name in names:
        page.locator(".contents a", has_text=name).click()
        top = page.locator("section h2", has_text=name).bounding_box()["y"]
        assert 0 <= top < 900, f"{name} is not in view"


def test_a_page_leaves_out_what_it_lacks(open_page: Open, sample: str, sample_path: Path) -> None:
    data = page_data.read(sample_path)
    page = open_page(sample_path)
    for name in ("agents", "network", "payments"):
        assert page.locator(f"#{name}").count() == (0 if data[name] is None else 1)
    for run in data.get("runs", []):
        assert run["name"] in page.locator(".runs").inner_text()


@pytest.mark.parametrize("gone", ["story", "tiles", "state", "charts", "tables"])
def test_an_empty_part_is_left_out(open_changed: Any, report: dict[str, Any], gone: str) -> None:
    places = {
        "story": ".story",
        "tiles": ".tiles",
        "state": ".figures",
        "charts": "#charts",
        "tables": "#measures",
    }
    assert open_changed(report).locator(places[gone]).count() == 1
    assert open_changed({**report, gone: []}).locator(places[gone]).count() == 0


def test_a_page_without_moments_or_parts_opens(open_changed: Any, report: dict[str, Any]) -> None:
    bare = {
        **report,
        "moments": [],
        "state": [],
        "charts": [],
        "agents": None,
        "network": None,
        "payments": None,
        "notice": "Nothing has happened yet.",
    }
    page = open_changed(bare)
    assert page.locator(".notice").inner_text() == "Nothing has happened yet."
    assert page.locator("#moment").count() == 0
