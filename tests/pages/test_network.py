"""The network: what flows up to the moment, and banks that are pointed at and chosen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from . import looking, page_data
from .conftest import Open


@pytest.fixture
def page(open_page: Open, report_path: Path) -> Page:
    """The page of the run, drawn to its end."""
    opened = open_page(report_path)
    looking.draw_all(opened)
    return opened


def paid(report: dict[str, Any], moment: int, row: int | None = None, end: str = "from") -> int:
    """Value over the links up to a moment, of one bank or all."""
    links = report["network"]["links"]
    return sum(
        int(value)
        for link in links
        if row is None or link[end] == row
        for at, value in link["steps"]
        if at <= moment
    )


def test_all_banks_and_links_are_there(page: Page, report: dict[str, Any]) -> None:
    assert page.locator(".bank").count() == len(report["network"]["agents"])
    assert page.locator(".link").count() == len(report["network"]["links"])
    rows = [int(bank.get_attribute("data-row")) for bank in page.locator(".bank").all()]
    assert sorted(rows) == sorted(report["network"]["agents"])


def test_flows_follow_the_moment(page: Page, report: dict[str, Any]) -> None:
    panel = page.locator(".network-panel")
    widths = []
    for moment in (0, len(report["moments"]) // 2, len(report["moments"]) - 1):
        looking.set_moment(page, moment)
        total = page_data.money(paid(report, moment), report["currency"])
        expect(panel.locator("dd")).to_have_text(total)
        links = page.locator(".link")
        widths.append(
            sum(
                links.evaluate_all("(all) => all.map((link) => parseFloat(link.style.strokeWidth))")
            )
        )
    assert widths == sorted(widths)
    assert widths[0] < widths[1] < widths[2]


def test_pointing_at_a_bank_tells_its_flows(page: Page, report: dict[str, Any]) -> None:
    moment = len(report["moments"]) // 2
    looking.set_moment(page, moment)
    bank = page.locator(".bank").nth(1)
    row = int(bank.get_attribute("data-row"))
    bank.locator("circle").hover()
    panel = page.locator(".network-panel")
    assert panel.locator("h3").inner_text() == str(report["agents"]["rows"][row][0])
    flows = panel.locator(".flow b").all_inner_texts()
    expected = [paid(report, moment, row, end) for end in ("from", "to")]
    assert flows == [page_data.money(value, report["currency"]) for value in expected]
    classes = page.locator(".link").evaluate_all(
        "(all) => all.map((link) => [...link.classList].filter((name) => name !== 'link'))"
    )
    ends = {"paid": "from", "received": "to"}
    for link, names in zip(report["network"]["links"], classes, strict=True):
        assert names == [name for name, end in ends.items() if link[end] == row]
    page.mouse.move(5, 5)
    assert page.locator(".link.paid").count() == 0


@pytest.mark.parametrize("by", ["click", "Enter"])
def test_choosing_a_bank_changes_the_chart(page: Page, report: dict[str, Any], by: str) -> None:
    bank = page.locator(".bank").first
    name = str(report["agents"]["rows"][int(bank.get_attribute("data-row"))][0])
    legend = looking.chart(page, "balances").locator(".legend button")
    before = legend.all_inner_texts()
    for _ in range(2):
        if by == "click":
            bank.locator("circle").click()
        else:
            bank.focus()
            page.keyboard.press(by)
        after = legend.all_inner_texts()
        assert (name in after) != (name in before)
        before = after


def test_links_are_told_as_a_table(page: Page, report: dict[str, Any]) -> None:
    page.locator(".link-list summary").click()
    values = looking.column(page.locator(".link-list .table"), 3)
    links = report["network"]["links"][: len(values)]
    assert values
    assert values == [page_data.money(int(link["value"]), report["currency"]) for link in links]
