"""The slider: what it says, and what follows it."""

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


def figures(page: Page) -> dict[str, str]:
    """What the page says of the moment."""
    items = page.locator(".figures > div")
    return dict(text.split("\n") for text in items.all_inner_texts())


def expected_figures(report: dict[str, Any], moment: int) -> dict[str, str]:
    return {
        state["label"]: page_data.shown(state["values"][moment], state["unit"], report["currency"])
        for state in report["state"]
    }


def some_moments(report: dict[str, Any]) -> list[int]:
    last = len(report["moments"]) - 1
    return [last, 0, last // 2, last // 3, last]


def test_label_and_figures_follow(page: Page, report: dict[str, Any]) -> None:
    seen = []
    for moment in some_moments(report):
        looking.set_moment(page, moment)
        label = page_data.tick_label(report["moments"][moment], report["calendar"])
        assert page.locator(".moment-label").inner_text() == label
        assert page.locator("#moment").get_attribute("aria-valuetext") == label
        assert figures(page) == expected_figures(report, moment)
        seen.append(figures(page))
    assert seen[1] != seen[2] != seen[3], "the sample does not change over the day"


def test_balances_of_agents_follow(page: Page, report: dict[str, Any]) -> None:
    table = page.locator("#agents .table")
    place = looking.heading(table, "Balance at the moment")
    for moment in some_moments(report):
        looking.set_moment(page, moment)
        shown = looking.column(table, place)
        rows = range(min(len(shown), len(report["agents"]["balances"])))
        assert rows
        expected = [page_data.balance_at(report, row, moment) for row in rows]
        assert shown[: len(rows)] == [page_data.money(x, report["currency"]) for x in expected]


def test_payments_follow(page: Page, report: dict[str, Any]) -> None:
    payments = report["payments"]
    table = page.locator("#payments .table")
    place = looking.heading(table, "At the moment")
    for moment in some_moments(report):
        looking.set_moment(page, moment)
        tick = report["moments"][moment]
        for i, said in enumerate(looking.column(table, place)):
            settled = payments["settled"][i]
            if payments["arrival"][i] > tick:
                assert said == "not arrived"
            elif settled is not None and settled <= tick:
                assert said == "settled"
            else:
                stays = payments["stays"][i]
                queues = [
                    q for q, start, end in stays if start <= tick and (end is None or end > tick)
                ]
                place_said = f"in queue {queues[0]}" if queues else payments["outcome"][i]
                assert said.startswith(place_said)
                late = payments["deadline"][i] < tick
                assert said.endswith(", overdue") == (late and bool(queues))


def test_a_payment_changes_its_place_on_the_tick(open_changed: Any, report: dict[str, Any]) -> None:
    """A stay ends on the tick on which the payment leaves; late is after the deadline."""
    data = {**report, "payments": dict(report["payments"])}
    one = {
        "arrival": 2,
        "deadline": 7,
        "settled": 9,
        "outcome": "from queue 2",
        "stays": [[1, 2, 5], [2, 5, 9]],
    }
    for name, value in one.items():
        data["payments"][name] = [value, *report["payments"][name][1:]]
    page = open_changed(data)
    table = page.locator("#payments .table")
    place = looking.heading(table, "At the moment")
    said = {}
    for moment in (1, 2, 4, 5, 7, 8, 9):
        looking.set_moment(page, moment)
        said[moment] = looking.column(table, place)[0]
    assert said == {
        1: "not arrived",
        2: "in queue 1",
        4: "in queue 1",
        5: "in queue 2",
        7: "in queue 2",
        8: "in queue 2, overdue",
        9: "settled",
    }


def test_markers_and_legends_follow(page: Page, report: dict[str, Any]) -> None:
    chart = next(c for c in report["charts"] if c["x"] == "moment" and c["unit"] == "money")
    figure = looking.chart(page, chart["id"])
    looking.draw_all(page)
    last = len(report["moments"]) - 1
    lefts = []
    for moment in (0, last // 2, last):
        looking.set_moment(page, moment)
        over = figure.locator(".u-over").bounding_box()
        line = figure.locator(".moment-line").bounding_box()
        lefts.append((line["x"] - over["x"]) / over["width"])
        values = figure.locator(".legend-value").all_inner_texts()
        expected = [s["values"][moment] for s in chart["series"]]
        assert values == [page_data.money(int(x), report["currency"]) for x in expected]
    assert lefts == pytest.approx([0, (last // 2) / last, 1], abs=0.02)


def test_the_keyboard_moves_it(page: Page, report: dict[str, Any]) -> None:
    slider = page.locator("#moment")
    last = len(report["moments"]) - 1
    slider.focus()
    page.keyboard.press("Home")
    expect(slider).to_have_value("0")
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_value("1")
    page.keyboard.press("End")
    expect(slider).to_have_value(str(last))
    # Where nothing has the focus, the arrows step as well.
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    label = page_data.tick_label(report["moments"][last - 2], report["calendar"])
    expect(page.locator(".moment-label")).to_have_text(label)


def test_arrows_in_a_search_field_stay_there(page: Page) -> None:
    page.locator("#payments input[type=search]").fill("tx")
    before = page.locator("#moment").input_value()
    page.keyboard.press("ArrowLeft")
    looking.draw_all(page)
    assert page.locator("#moment").input_value() == before


def test_buttons_step_and_play(page: Page) -> None:
    slider = page.locator("#moment")
    looking.set_moment(page, 5)
    page.get_by_label("One moment on").click()
    expect(slider).to_have_value("6")
    page.get_by_label("One moment back").click()
    expect(slider).to_have_value("5")
    page.get_by_label("Play").click()
    looking.wait_until(page, lambda: looking.moment(page) >= 7)
    page.get_by_label("Pause").click()
    stopped = slider.input_value()
    page.wait_for_timeout(900)
    assert slider.input_value() == stopped


def test_playing_from_the_end_begins_anew(page: Page) -> None:
    page.get_by_label("Play").click()
    looking.wait_until(page, lambda: looking.moment(page) < 10)


def test_it_stays_in_sight(open_page: Open, report_path: Path, mode: str) -> None:
    page = open_page(report_path, mode)
    page.locator("#settings").scroll_into_view_if_needed()
    assert page.locator("#moment").bounding_box()["y"] < 100
