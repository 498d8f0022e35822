// The grid of charts.

/** A chart with its words around it, drawn when it is seen. */
function makeFigure(chart, page, draw = drawChart) {
  const box = html("div", { class: "plot", role: "img", "aria-label": chart.title });
  const legendBox = html("div");
  const heading = html("figcaption", null, html("h3", null, chart.title), about(chart.about));
  const figure = html("figure", { class: "chart", "data-chart": chart.id }, heading,
    html("div", { class: "chart-body" }, box), legendBox, makeFiguresButton(chart, page));
  drawWhenSeen(box, () => {
    box.setAttribute("aria-label", describe(chart, page));
    draw(box, legendBox, chart, page);
  });
  return figure;
}

/** Opens into the figures of a chart, made when they are asked for. */
function makeFiguresButton(chart, page) {
  return openedLater("Figures", "chart-figures", () => chartTable(chart, page).element);
}

/** Charts with anything to draw; the first of them stands at the front of the page. */
function drawnCharts(data) {
  return (data.charts ?? []).filter((chart) => chart.series.length > 0);
}

/** The section of the other charts; null without any. */
function makeCharts(data, page) {
  const charts = drawnCharts(data).slice(1);
  if (charts.length === 0) return null;
  const hint = "Point at a chart to read it, in all charts at once; click to look at that moment; "
    + "drag to see a stretch of time closer, double-click to see all of it again.";
  const figures = charts.map((chart) => makeFigure(chart, page));
  return section("charts", "Charts", html("p", { class: "about hint" }, hint),
    html("div", { class: "chart-grid" }, ...figures));
}
