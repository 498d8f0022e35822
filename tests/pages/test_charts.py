"""Charts: read by pointing, zoomed by dragging, with legends that switch series."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from . import looking, page_data
from .conftest import Open


@pytest.fixture
def page(open_page: Open, report_path: Path) -> Page:
    """The page of the run, drawn to its end."""
    opened = open_page(report_path)
    looking.draw_all(opened)
    return opened


def over_time(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Charts over moments."""
    return [chart for chart in report["charts"] if chart["x"] == "moment"]


def point_at(page: Page, figure: Locator, share: float) -> None:
    """Moves the pointer over a chart, to a share of its width."""
    figure.scroll_into_view_if_needed()
    box = figure.locator(".u-over").bounding_box()
    page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)


def place(figure: Locator) -> str:
    """Which moment a chart's legend speaks of."""
    return figure.locator(".legend-place").inner_text()


def test_pointing_at_one_reads_all(page: Page, report: dict[str, Any]) -> None:
    first, second = (looking.chart(page, chart["id"]) for chart in over_time(report)[:2])
    at_rest = place(first)
    point_at(page, first, 0.5)
    pointed = place(first)
    assert pointed != at_rest
    assert place(second) == pointed
    page.mouse.move(5, 5)
    assert place(first) == place(second) == at_rest


def test_a_click_looks_at_that_moment(page: Page, report: dict[str, Any]) -> None:
    figure = looking.chart(page, over_time(report)[0]["id"])
    point_at(page, figure, 0.25)
    page.mouse.down()
    page.mouse.up()
    last = len(report["moments"]) - 1
    looking.wait_until(page, lambda: looking.moment(page) < last)
    assert looking.moment(page) == pytest.approx(last * 0.25, abs=2)


def test_dragging_zooms_and_a_double_click_ends_it(page: Page, report: dict[str, Any]) -> None:
    figure, other = (looking.chart(page, chart["id"]) for chart in over_time(report)[:2])
    before = canvas(page, figure), canvas(page, other)
    moment = page.locator("#moment").input_value()
    point_at(page, figure, 0.3)
    page.mouse.down()
    point_at(page, figure, 0.6)
    page.mouse.up()
    expect(page.locator("#unzoom")).to_be_visible()
    looking.draw_all(page)
    assert canvas(page, figure) != before[0]
    assert canvas(page, other) != before[1]
    assert page.locator("#moment").input_value() == moment, "a drag is not a click"
    figure.locator(".u-over").dblclick()
    expect(page.locator("#unzoom")).to_be_hidden()
    looking.draw_all(page)
    assert canvas(page, figure) == before[0]


def canvas(page: Page, figure: Locator) -> str:
    """What a chart has painted."""
    return str(figure.locator("canvas").evaluate("(canvas) => canvas.toDataURL()"))


def test_the_legend_switches_series(page: Page, report: dict[str, Any]) -> None:
    chart = next(
        c
        for c in over_time(report)
        if len(c["series"]) > 1 and not c["stacked"] and c["style"] != "bar"
    )
    figure = looking.chart(page, chart["id"])
    button = figure.locator(".legend button").last
    last = len(chart["series"]) - 1
    assert looking.painted(page, figure, last) > 30
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    looking.draw_all(page)
    assert looking.painted(page, figure, last) == 0
    assert looking.painted(page, figure, 0) > 30
    button.click()
    looking.draw_all(page)
    assert looking.painted(page, figure, last) > 30


def test_layers_of_a_stack_close_up_when_one_is_switched_off(
    open_changed: Any, report: dict[str, Any]
) -> None:
    count = len(report["moments"])
    chart = {
        "id": "stack",
        "title": "Stack",
        "about": "",
        "unit": "count",
        "x": "moment",
        "style": "step",
        "stacked": True,
        "series": [{"name": name, "values": [100] * count} for name in ("a", "b", "c")],
    }
    page = open_changed({**report, "charts": [chart]})
    looking.draw_all(page)
    figure = looking.chart(page, "stack")
    lower, middle, upper = (looking.painted(page, figure, i) for i in range(3))
    # Equal values make layers of equal height.
    assert lower == pytest.approx(middle, rel=0.1) == pytest.approx(upper, rel=0.1)
    figure.locator(".legend button").nth(1).click()
    looking.draw_all(page)
    lower, middle, upper = (looking.painted(page, figure, i) for i in range(3))
    assert middle == 0
    assert lower == pytest.approx(upper, rel=0.1)


def test_figures_tell_all_that_is_drawn(page: Page, report: dict[str, Any]) -> None:
    chart = next(c for c in over_time(report) if c["unit"] == "money")
    figure = looking.chart(page, chart["id"])
    figure.locator("summary").click()
    values = looking.column(figure.locator(".table"), 1)
    expected = [int(value) for value in chart["series"][0]["values"][: len(values)]]
    assert len(values) > 10
    assert values == [page_data.money(value, report["currency"]) for value in expected]


def test_each_chart_is_told_in_words(page: Page, report: dict[str, Any]) -> None:
    for chart in report["charts"]:
        words = looking.chart(page, chart["id"]).locator(".plot").get_attribute("aria-label")
        assert chart["title"] in words
        for series in chart["series"]:
            assert f"{series['name']}: highest " in words or f"{series['name']}: no val" in words


def test_categories_stand_side_by_side(open_changed: Any, report: dict[str, Any]) -> None:
    chart = {
        "id": "bars",
        "title": "Bars",
        "about": "",
        "unit": "count",
        "x": "category",
        "style": "bar",
        "stacked": False,
        "categories": ["x", "y"],
        "marks": [],
        "levels": [],
        "series": [{"name": "a", "values": [8, 8]}, {"name": "b", "values": [8, 4]}],
    }
    page = open_changed({**report, "charts": [chart]})
    looking.draw_all(page)
    figure = looking.chart(page, "bars")
    first, second = (looking.painted(page, figure, i) for i in (0, 1))
    assert second / first == pytest.approx(12 / 16, rel=0.03)


@pytest.mark.parametrize("style", ["line", "step", "bar"])
def test_a_single_moment_is_seen(open_changed: Any, report: dict[str, Any], style: str) -> None:
    chart = {
        "id": "one",
        "title": "One",
        "about": "",
        "unit": "count",
        "x": "moment",
        "style": style,
        "stacked": False,
        "series": [{"name": "a", "values": [5]}],
    }
    parts = {"charts": [chart], "moments": [7], "state": [], "agents": None, "network": None}
    page = open_changed({**report, **parts, "payments": None})
    looking.draw_all(page)
    assert looking.painted(page, looking.chart(page, "one"), 0) > 10


def test_axes_are_in_units_of_the_currency(open_changed: Any, report: dict[str, Any]) -> None:
    def unit_of(values: list[int | str]) -> str:
        chart = {
            "id": "m",
            "title": "M",
            "about": "",
            "unit": "money",
            "x": "moment",
            "style": "line",
            "stacked": False,
            "series": [{"name": "a", "values": values}],
        }
        page = open_changed(
            {**report, "charts": [chart], "currency": {"code": "NOK", "decimals": 2}}
        )
        looking.draw_all(page)
        return looking.chart(page, "m").locator(".chart-unit").inner_text()

    count = len(report["moments"])
    assert unit_of([500_00] * count) == "NOK"
    assert unit_of([50_000_00] * count) == "NOK k"
    assert unit_of([5_000_000_00] * count) == "NOK million"
    assert unit_of(["9223372036854775807"] * count) == "NOK billion"


def ink(page: Page, figure: Locator, name: str) -> int:
    """How many pixels of a chart have a colour of the page."""
    colour = page.evaluate(
        f"getComputedStyle(document.documentElement).getPropertyValue('{name}').trim()"
    )
    shot = figure.locator("canvas").element_handle()
    count = page.evaluate(
        f"([canvas, colour]) => ({looking.COUNT})(canvas, colour)", [shot, colour]
    )
    return int(count)


def test_scenario_events_are_marked(open_changed: Any, report: dict[str, Any]) -> None:
    ticks = report["moments"]
    at = len(ticks) // 2
    chart = over_time(report)[0]["id"]
    shocks = [
        {"tick": ticks[at], "label": "outage of HUB"},
        {"tick": ticks[at] + 10**6, "label": "beyond the end"},
    ]
    bare = open_changed({**report, "shocks": []})
    looking.draw_all(bare)
    without = ink(bare, looking.chart(bare, chart), "--muted")
    page = open_changed({**report, "shocks": shocks})
    looking.draw_all(page)
    figure = looking.chart(page, chart)
    # A dotted line as high as the chart, and the words beside it.
    assert ink(page, figure, "--muted") > without + 50
    page.locator("#moment").fill(str(at))
    looking.wait_until(page, lambda: place(figure).endswith("): outage of HUB"))
    page.locator("#moment").fill(str(at - 1))
    looking.wait_until(page, lambda: place(figure).endswith(")"))
    page.locator("#moment").fill(str(at + 1))
    looking.wait_until(page, lambda: place(figure).endswith(")"))


def test_a_level_and_a_mark_are_drawn(open_changed: Any, report: dict[str, Any]) -> None:
    def inked(levels: list[Any], marks: list[Any]) -> int:
        values = [0] * len(report["moments"])
        chart = {
            "id": "n",
            "title": "N",
            "about": "",
            "unit": "share",
            "x": "moment",
            "style": "line",
            "stacked": False,
            "series": [{"name": "a", "values": values}],
            "levels": levels,
            "marks": marks,
        }
        page = open_changed({**report, "charts": [chart]})
        looking.draw_all(page)
        return ink(page, looking.chart(page, "n"), "--ink")

    tick = report["moments"][len(report["moments"]) // 2]
    bare = inked([], [])
    assert inked([{"value": 0.5, "label": ""}], []) > bare + 100
    assert inked([], [{"tick": tick, "value": 0.5, "label": "half"}]) > bare + 10


def test_dark_and_light_change_all_colours(page: Page, report: dict[str, Any]) -> None:
    figure = looking.chart(page, report["charts"][0]["id"])
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper), looking.colour(page, 0), canvas(page, figure)
    assert looking.painted(page, figure, 0) > 30
    page.locator("#theme").click()
    looking.draw_all(page)
    dark = page.evaluate(paper), looking.colour(page, 0), canvas(page, figure)
    assert all(a != b for a, b in zip(light, dark, strict=True))
    assert looking.painted(page, figure, 0) > 30, "the chart keeps the colours of the other theme"
    page.locator("#theme").click()
    looking.draw_all(page)
    assert canvas(page, figure) == light[2]


def test_the_system_decides_the_first_colours(open_page: Open, report_path: Path) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    light = open_page(report_path, "desktop-light").evaluate(paper)
    dark = open_page(report_path, "desktop-dark").evaluate(paper)
    assert light != dark


def test_charts_fit_a_window_that_changes(page: Page, report: dict[str, Any]) -> None:
    figure = looking.chart(page, report["charts"][0]["id"])
    wide = figure.locator("canvas").bounding_box()["width"]
    page.set_viewport_size({"width": 500, "height": 900})
    narrow = figure.locator("canvas")
    looking.wait_until(page, lambda: narrow.bounding_box()["width"] < min(wide, 500))
    assert page.evaluate("document.documentElement.scrollWidth") <= 500
