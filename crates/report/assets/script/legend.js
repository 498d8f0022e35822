// The legend of a chart: names that switch their series off and on, and the values at the place
// that is pointed at, or else at the moment looked at.

function swatch(i) {
  const style = `--swatch: var(${seriesColour(i)})`;
  const dashed = i >= SERIES_COLOURS ? " dashed" : "";
  return html("span", { class: `swatch${dashed}`, style, "aria-hidden": "true" });
}

/** Makes the legend; `toggle(i, shown)` is called when a series is switched. */
function makeLegend(chart, page, toggle) {
  const place = html("p", { class: "legend-place" });
  const values = chart.series.map(() => html("span", { class: "legend-value" }));
  const rows = chart.series.map((series, i) => makeLegendRow(series, i, values[i], toggle));
  const element = html("div", { class: "legend" }, place, html("ul", null, ...rows));

  /** Shows the values at an index of places; null for none. */
  function show(at) {
    const known = at !== null && at !== undefined;
    setText(place, known ? capital(placeWithShocks(chart, page, at)) : "");
    chart.series.forEach((series, i) => {
      setText(values[i], known ? page.numbers.show(series.values[at], chart.unit) : "");
    });
  }

  return { element, show };
}

function makeLegendRow(series, i, value, toggle) {
  const click = (event) => {
    const button = event.currentTarget;
    const shown = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", shown ? "true" : "false");
    toggle(i, shown);
  };
  const title = `Show or hide ${series.name}`;
  const attributes = { type: "button", "aria-pressed": "true", title, onclick: click };
  const button = html("button", attributes, swatch(i), series.name);
  return html("li", null, button, value);
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
