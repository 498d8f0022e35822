"""What a reader sees: colours on canvases, texts, places."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page

# Pixels of the canvas that are near a colour; the edges of lines are blended with the paper.
COUNT = """
(canvas, colour) => {
  const { width, height } = canvas;
  const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  copy.fillStyle = colour;
  copy.fillRect(0, 0, 1, 1);
  const [r, g, b] = copy.getImageData(0, 0, 1, 1).data;
  copy.clearRect(0, 0, 1, 1);
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, width, height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    const far = Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b);
    if (data[i + 3] > 200 && far < 24) count += 1;
  }
  return count;
}
"""


def colour(page: Page, series: int) -> str:
    """Colour of the series at a place of a chart, as the page has it now."""
    name = f"--series-{series % 8 + 1}"
    style = "getComputedStyle(document.documentElement)"
    return str(page.evaluate(f"{style}.getPropertyValue('{name}').trim()"))


def painted(page: Page, chart: Locator, series: int) -> int:
    """Pixels of a series' colour on a chart."""
    canvas = chart.locator("canvas").element_handle()
    assert canvas is not None
    return int(
        page.evaluate(
            f"([canvas, colour]) => ({COUNT})(canvas, colour)", [canvas, colour(page, series)]
        )
    )


def chart(page: Page, chart_id: str) -> Locator:
    """The figure of a chart."""
    return page.locator(f'[data-chart="{chart_id}"]')


def draw_all(page: Page) -> None:
    """Draws what is below the fold, too."""
    page.evaluate("window.paymentSimReport.drawAll()")


def set_moment(page: Page, moment: int) -> None:
    """Moves the slider, and waits for the page to follow."""
    page.locator("#moment").fill(str(moment))
    draw_all(page)


def wait_until(page: Page, check: Callable[[], bool]) -> None:
    """Waits for something to become true; the page forbids `eval`, by which Playwright would."""
    for _ in range(100):
        if check():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it has not become true in five seconds")


def moment(page: Page) -> int:
    """Where the slider is."""
    return int(page.locator("#moment").input_value())


def column(table: Locator, index: int) -> list[str]:
    """Texts of a column on the page of a table that is shown, `index` from 0."""
    cells = table.locator(f"tbody tr:not(.detail) > :nth-child({index + 1})")
    cells.first.wait_for(state="attached")  # a list that is opened is filled a moment later
    return [text.strip() for text in cells.all_inner_texts()]


def heading(table: Locator, label: str) -> int:
    """Place of a column by its heading."""
    headings = table.locator("thead th")
    headings.first.wait_for(state="attached")
    return [text.strip(" ▲▼\n") for text in headings.all_inner_texts()].index(label)
