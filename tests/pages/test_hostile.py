"""What strangers write, amounts beyond a float, files that are damaged, browsers that are old."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from . import looking, page_data
from .conftest import Open

MARKUP = "<img src=x onerror=alert(1)>"


def hostile(report: dict[str, Any]) -> dict[str, Any]:
    """The report with markup wherever a scenario may put a text."""
    data = copy.deepcopy(report)
    data["title"] = data["subtitle"] = data["notice"] = MARKUP
    data["story"] = [MARKUP]
    data["tiles"] = [{"label": MARKUP, "value": MARKUP, "note": MARKUP}]
    data["state"][0]["label"] = MARKUP
    chart = data["charts"][0]
    chart["title"] = chart["about"] = chart["series"][0]["name"] = MARKUP
    chart["marks"] = [{"tick": data["moments"][1], "value": 1, "label": MARKUP}]
    chart["levels"] = [{"value": 1, "label": MARKUP}]
    data["agents"]["rows"][0][0] = MARKUP
    data["network"]["about"] = data["payments"]["about"] = MARKUP
    for name in ("id", "class", "outcome"):
        data["payments"][name][0] = MARKUP
    data["payments"]["life"][0] = [[0, MARKUP]]
    table = {"id": MARKUP, "title": MARKUP, "about": MARKUP, "rows": [[MARKUP]]}
    data["tables"] = [{**table, "columns": [{"label": MARKUP, "align": "left"}]}]
    data["settings"] = {
        "overrides": [MARKUP],
        "source": MARKUP,
        "text": MARKUP,
        "facts": [[MARKUP, MARKUP]],
    }
    return data


def test_markup_is_shown_as_text(open_changed: Any, report: dict[str, Any], mode: str) -> None:
    page = open_changed(hostile(report), mode)
    looking.draw_all(page)
    page.locator("#payments .opener").first.click()
    for summary in page.locator("summary").all():
        if summary.locator("xpath=..").get_attribute("open") is None:
            summary.click()
    assert page.locator("img").count() == 0
    for place in (
        "h1",
        ".subtitle",
        ".notice",
        ".story",
        ".tiles",
        ".figures",
        ".chart figcaption",
        ".legend",
        "#agents > .table tbody",
        "#network",
        "#payments tbody",
        ".timeline",
        "#measures",
        "#settings pre",
        "#settings .facts",
        "#foot",
    ):
        assert MARKUP in page.locator(place).first.inner_text(), place
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


AMOUNTS = ["9223372036854775807", "-9223372036854775808", 9007199254740991, -1, -99, 0, 5, 100, 12]
CURRENCIES = [("NOK", 2), ("JPY", 0), ("", 3)]


@pytest.mark.parametrize(("code", "decimals"), CURRENCIES)
def test_amounts_are_exact(
    open_changed: Any, report: dict[str, Any], code: str, decimals: int
) -> None:
    data = copy.deepcopy(report)
    data["currency"] = {"code": code, "decimals": decimals}
    count = len(data["moments"])
    data["state"] = [
        {"label": f"x{i}", "unit": "money", "values": [amount] * count}
        for i, amount in enumerate(AMOUNTS)
    ]
    data["payments"]["amount"][: len(AMOUNTS)] = AMOUNTS
    page = open_changed(data)
    expected = [page_data.money(int(amount), data["currency"]) for amount in AMOUNTS]
    assert page.locator(".figures dd").all_inner_texts() == expected
    table = page.locator("#payments .table")
    shown = looking.column(table, looking.heading(table, "Amount"))
    assert shown[: len(AMOUNTS)] == expected


def test_the_smallest_amounts_are_written_out(open_changed: Any, report: dict[str, Any]) -> None:
    """Worked out by hand, so that the pages and these tests cannot be wrong together."""
    data = copy.deepcopy(report)
    data["currency"] = {"code": "NOK", "decimals": 2}
    data["payments"]["amount"][:4] = [123456, 5, -99, "123456789012345678"]
    table = open_changed(data).locator("#payments .table")
    shown = looking.column(table, looking.heading(table, "Amount"))
    assert shown[:4] == ["NOK 1,234.56", "NOK 0.05", "NOK -0.99", "NOK 1,234,567,890,123,456.78"]


def test_balances_are_exact_beyond_a_float(open_changed: Any, report: dict[str, Any]) -> None:
    data = copy.deepcopy(report)
    start = "9007199254740993"
    data["agents"]["balances"][0] = [start, *[1] * (len(data["moments"]) - 1)]
    page = open_changed(data)
    moment = len(data["moments"]) // 2
    looking.set_moment(page, moment)
    table = page.locator("#agents .table")
    shown = looking.column(table, looking.heading(table, "Balance at the moment"))[0]
    assert shown == page_data.money(int(start) + moment, data["currency"])


@pytest.mark.parametrize("content", ["", "no base64!", "aGVsbG8=", "H4sIAAAAAAAA"])
def test_damaged_data_is_told(
    open_page: Open, report_path: Path, tmp_path: Path, content: str
) -> None:
    page = open_page(page_data.with_content(report_path, content, tmp_path / "damaged.html"))
    said = page.get_by_role("alert").inner_text()
    assert "damaged" in said
    assert "write the report again" in said


def test_an_old_browser_is_told(open_page: Open, report_path: Path) -> None:
    page = open_page(report_path, script="delete globalThis.DecompressionStream")
    assert "too old" in page.get_by_role("alert").inner_text()


def test_several_days_and_no_clock(open_changed: Any, report: dict[str, Any]) -> None:
    data = copy.deepcopy(report)
    days = {"ticks_per_day": 11, "num_days": 6, "opens_at_seconds": 25_200, "tick_seconds": 3_600}
    for calendar in (
        days,
        {
            **days,
            "opens_at_seconds": None,
            "tick_seconds": None,
            "num_days": 1,
            "ticks_per_day": 66,
        },
    ):
        data["calendar"] = calendar
        page = open_changed(data)
        looking.set_moment(page, 25)
        label = page_data.tick_label(report["moments"][25], calendar)
        assert page.locator(".moment-label").inner_text() == label


def test_moments_may_skip_ticks(open_changed: Any, report: dict[str, Any]) -> None:
    data = copy.deepcopy(report)
    data["moments"] = [3 * tick for tick in data["moments"]]
    data["calendar"]["num_days"] = 3
    page = open_changed(data)
    looking.set_moment(page, 10)
    label = page_data.tick_label(data["moments"][10], data["calendar"])
    assert page.locator(".moment-label").inner_text() == label
