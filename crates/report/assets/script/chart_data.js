// What a chart of the contract becomes in uPlot: columns of plain numbers, stacked where asked.

/** Values of each series for plotting, and where they lie: moments' ticks or 0, 1, 2, …. */
function plotValues(chart, ticks) {
  const places = chart.x === "category" ? chart.categories.map((_, i) => i) : ticks;
  return { places, values: chart.series.map((series) => series.values.map(plain)) };
}

/** Sums of the shown series from the first on: what the top edge of each layer is. */
function stack(values, hidden) {
  const sums = new Array(values[0]?.length ?? 0).fill(0);
  return values.map((column, i) => {
    if (hidden.has(i)) return column;
    return column.map((value, at) => (sums[at] += value ?? 0));
  });
}

/**
 * The order in which series are drawn. Layers of a stack reach down to zero, so that the topmost
 * must be drawn first.
 */
function drawingOrder(chart) {
  const order = chart.series.map((_, i) => i);
  return chart.stacked ? order.reverse() : order;
}

/** Least and largest of what a chart shows, zero among them. */
function extent(columns, chart) {
  let least = 0;
  let most = 0;
  const take = (value) => {
    if (value === null) return;
    least = Math.min(least, value);
    most = Math.max(most, value);
  };
  columns.forEach((column) => column.forEach(take));
  (chart.levels ?? []).forEach((level) => take(plain(level.value)));
  (chart.marks ?? []).forEach((mark) => take(plain(mark.value)));
  return [least, most];
}

function highest(values) {
  let best = null;
  values.forEach((value, at) => {
    if (value !== null && (best === null || value > values[best])) best = at;
  });
  return best;
}

/** One sentence for each series, for those who do not see the chart. */
function describe(chart, page) {
  const { values } = plotValues(chart, page.moment.ticks);
  const place = (at) => placeName(chart, page, at);
  const sentences = chart.series.map((series, i) => {
    const top = highest(values[i]);
    if (top === null) return `${series.name}: no values.`;
    const show = (at) => page.numbers.show(series.values[at], chart.unit);
    const end = chart.x === "category" ? "" : `, ${show(series.values.length - 1)} at the end`;
    return `${series.name}: highest ${show(top)} at ${place(top)}${end}.`;
  });
  return [chart.title, chart.about, ...sentences].filter(Boolean).join(" ");
}

/** What a place on the x axis is called: a tick or a category. */
function placeName(chart, page, at) {
  if (chart.x === "category") return chart.categories[at];
  return page.clock.label(page.moment.ticks[at]);
}

/** The same with the scenario events that were applied there, or since the moment before. */
function placeWithShocks(chart, page, at) {
  const name = placeName(chart, page, at);
  if (chart.x === "category") return name;
  const { ticks } = page.moment;
  const since = at > 0 ? ticks[at - 1] : -1;
  const here = page.shocks.filter(({ tick }) => tick > since && tick <= ticks[at]);
  return [name, ...here.map(({ label }) => label)].join(": ");
}

/** All figures of a chart as a table. */
function chartTable(chart, page) {
  const first = chart.x === "category" ? "" : "Moment";
  const columns = chart.series.map((series, i) => ({
    label: series.name,
    right: true,
    text: (row) => page.numbers.show(series.values[row], chart.unit),
    key: (row) => plain(chart.series[i].values[row]),
  }));
  const places = { label: first, text: (row) => placeName(chart, page, row), key: (row) => row };
  const count = chart.series[0]?.values.length ?? 0;
  return makeTable({
    name: `${chart.title}, figures`, columns: [places, ...columns], count, pageSize: 24,
  });
}
