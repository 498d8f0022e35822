"""Tables: searched, sorted, paged; payments that open into their lives; agents that are chosen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from . import looking, page_data
from .conftest import Open


@pytest.fixture
def page(open_page: Open, report_path: Path) -> Page:
    """The page of the run."""
    return open_page(report_path)


def sort_by(page: Page, section: str, label: str) -> None:
    page.locator(f"#{section} .table thead button", has_text=label).first.click()


def queued(report: dict[str, Any]) -> int:
    """A payment that has waited in a queue."""
    stays = report["payments"]["stays"]
    return next(i for i in reversed(range(len(stays))) if stays[i])


def test_search_finds_a_payment_and_opens_its_life(page: Page, report: dict[str, Any]) -> None:
    payments = report["payments"]
    i = queued(report)
    page.locator("#payments input[type=search]").fill(payments["id"][i])
    table = page.locator("#payments .table")
    found = looking.column(table, 0)
    assert payments["id"][i] in found
    assert len(found) < 50
    assert all(payments["id"][i] in name for name in found)
    opener = page.locator("#payments .opener", has_text=payments["id"][i]).nth(
        found.index(payments["id"][i])
    )
    opener.click()
    expect(opener).to_have_attribute("aria-expanded", "true")
    life = page.locator("#payments .life")
    steps = life.locator(".timeline li").all_inner_texts()
    labels = [page_data.tick_label(tick, report["calendar"]) for tick, _ in payments["life"][i]]
    meanings = [meaning for _, meaning in payments["life"][i]]
    assert [step.split("\n") for step in steps] == [
        list(x) for x in zip(labels, meanings, strict=True)
    ]
    assert f"In queue {payments['stays'][i][0][0]} from" in life.inner_text()
    assert page_data.money(int(payments["cost"][i]), report["currency"]) in life.inner_text()
    opener.click()
    expect(life).to_have_count(0)


def test_search_takes_agents_and_outcomes_together(page: Page, report: dict[str, Any]) -> None:
    agents, payments = report["agents"]["rows"], report["payments"]
    i = queued(report)
    sender = str(agents[payments["from"][i]][0])
    page.locator("#payments input[type=search]").fill(f"{sender.lower()} {payments['outcome'][i]}")
    table = page.locator("#payments .table")
    rows = list(zip(*(looking.column(table, n) for n in (1, 2)), strict=True))
    assert rows
    assert all(sender in row for row in rows)
    outcomes = set(looking.column(table, looking.heading(table, "Outcome")))
    assert outcomes == {payments["outcome"][i]}


def test_nothing_found_is_said(page: Page) -> None:
    page.locator("#payments input[type=search]").fill("no such payment")
    assert page.locator("#payments tbody tr").count() == 0
    assert "Nothing found" in page.locator("#payments .pager").inner_text()


def test_sorting_by_amount(page: Page, report: dict[str, Any]) -> None:
    amounts = sorted(map(int, report["payments"]["amount"]))
    table = page.locator("#payments .table")
    place = looking.heading(table, "Amount")
    money = [page_data.money(amount, report["currency"]) for amount in amounts]
    sort_by(page, "payments", "Amount")
    assert looking.column(table, place) == money[::-1][:50]
    heading = table.locator("thead th").nth(place)
    expect(heading).to_have_attribute("aria-sort", "descending")
    sort_by(page, "payments", "Amount")
    assert looking.column(table, place) == money[:50]
    expect(heading).to_have_attribute("aria-sort", "ascending")


def test_sorting_by_id_counts(open_changed: Any, report: dict[str, Any]) -> None:
    """`tx-9` comes before `tx-10`."""
    page = open_changed(report)
    sort_by(page, "payments", "Payment")
    first = looking.column(page.locator("#payments .table"), 0)
    numbers = [int(name.removeprefix("tx-")) for name in first]
    assert numbers == sorted(numbers)
    assert max(numbers) > 9


def test_sorting_by_balance_follows_the_moment(page: Page, report: dict[str, Any]) -> None:
    rows = range(len(report["agents"]["balances"]))
    table = page.locator("#agents .table")
    sort_by(page, "agents", "Balance")
    orders = []
    for moment in (0, len(report["moments"]) // 2, len(report["moments"]) - 1):
        looking.set_moment(page, moment)
        by_balance = sorted(rows, key=lambda row: -page_data.balance_at(report, row, moment))
        expected = [str(report["agents"]["rows"][row][0]) for row in by_balance][:20]
        shown = looking.column(table, 0)
        assert shown[: len(expected)] == expected
        orders.append(shown)
    assert orders[0] != orders[-1], "the sample's order does not change over the day"


def many(report: dict[str, Any], count: int) -> dict[str, Any]:
    """The report with its payments repeated, up to a number of them."""
    payments = dict(report["payments"])
    size = len(payments["id"])
    for name, values in payments.items():
        if name != "about":
            payments[name] = [values[i % size] for i in range(count)]
    payments["id"] = [f"tx-{i}" for i in range(count)]
    return {**report, "payments": payments}


def test_thousands_of_payments_come_in_pages(open_changed: Any, report: dict[str, Any]) -> None:
    page = open_changed(many(report, 5_000))
    looking.draw_all(page)
    table = page.locator("#payments .table")
    assert table.locator("tbody tr").count() == 50
    assert page.locator("*").count() < 5_000, "the page builds more than what is shown"
    assert "1 to 50 of 5,000" in table.locator(".pager").inner_text()
    assert table.get_by_text("Previous").is_disabled()
    table.get_by_text("Next").click()
    assert looking.column(table, 0)[0] == "tx-50"
    assert "51 to 100 of 5,000" in table.locator(".pager").inner_text()
    page.locator("#payments input[type=search]").fill("tx-4999")
    assert looking.column(table, 0) == ["tx-4999"]


def test_columns_that_say_nothing_are_left_out(open_changed: Any, report: dict[str, Any]) -> None:
    payments = dict(report["payments"])
    payments["class"] = ["normal"] * len(payments["id"])
    same = open_changed({**report, "payments": payments})
    assert "Class" not in same.locator("#payments thead").inner_text()
    payments["class"] = ["urgent", *payments["class"][1:]]
    mixed = open_changed({**report, "payments": payments})
    assert "Class" in mixed.locator("#payments thead").inner_text()


def test_choosing_agents_changes_the_chart(page: Page, report: dict[str, Any]) -> None:
    names = [str(row[0]) for row in report["agents"]["rows"]]
    figure = looking.chart(page, "balances")
    looking.draw_all(page)
    chosen = names[:6]
    assert figure.locator(".legend button").all_inner_texts() == chosen
    before = looking.painted(page, figure, len(chosen) - 1)
    assert before > 30
    page.get_by_label(f"Show the balance of {chosen[-1]} in the chart").uncheck()
    looking.draw_all(page)
    assert figure.locator(".legend button").all_inner_texts() == chosen[:-1]
    assert looking.painted(page, figure, len(chosen) - 1) == 0
    page.get_by_label(f"Show the balance of {chosen[-1]} in the chart").check()
    looking.draw_all(page)
    assert looking.painted(page, figure, len(chosen) - 1) == before


def test_all_agents_can_be_taken_away(page: Page, report: dict[str, Any]) -> None:
    looking.draw_all(page)
    for row in report["agents"]["rows"][:6]:
        page.get_by_label(f"Show the balance of {row[0]} in the chart").uncheck()
    assert looking.chart(page, "balances").locator("canvas").count() == 0


def test_search_finds_an_agent(page: Page, report: dict[str, Any]) -> None:
    name = str(report["agents"]["rows"][-1][0])
    page.locator("#agents input[type=search]").fill(name.lower())
    assert name in looking.column(page.locator("#agents .table"), 0)


def test_measures_open_and_sort(page: Page, report: dict[str, Any]) -> None:
    for table in report["tables"]:
        details = page.locator(f"#table-{table['id']}")
        if details.get_attribute("open") is None:
            details.locator("summary").click()
        shown = details.locator(".table")
        for place in range(len(table["columns"])):
            expected = [row[place].strip() for row in table["rows"]][:50]
            assert looking.column(shown, place) == expected


def test_settings_show_the_scenario(page: Page, report: dict[str, Any]) -> None:
    settings = page.locator("#settings")
    for name, value in report["settings"]["facts"]:
        assert name in settings.inner_text()
        assert str(value) in settings.inner_text()
    for override in report["settings"]["overrides"]:
        assert override in settings.inner_text()
    page.locator("#source summary").click()
    assert page.locator("#source pre").inner_text().strip() == report["settings"]["text"].strip()
