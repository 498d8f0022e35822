// One chart: uPlot with our axes, colours and cursor, a legend, the moment's line.

const CHART_HEIGHT = 210;

function seriesOptions(chart, i, slot, slots) {
  const stroke = () => colour(seriesColour(i));
  // One value by itself makes no line.
  const points = { show: chart.series[i].values.length === 1, size: 7, fill: stroke };
  const common = { label: chart.series[i].name, points };
  if (chart.style === "bar") {
    return { ...common, width: 0, fill: stroke, paths: bars(slot, slots) };
  }
  const paths = chart.style === "step" ? uPlot.paths.stepped({ align: 1 }) : undefined;
  const line = { ...common, stroke, width: 1.75, dash: seriesDash(i), paths };
  return chart.stacked ? { ...line, width: 1, fill: stroke } : line;
}

/** Draws `chart` into `box`; returns what stops it from listening and takes it away. */
function drawChart(box, legendBox, chart, page) {
  const { places, values } = plotValues(chart, page.moment.ticks);
  const overTime = chart.x !== "category";
  const order = drawingOrder(chart);
  const hidden = new Set();
  const legend = makeLegend(chart, page, toggle);
  legendBox.replaceChildren(legend.element);
  const unit = html("p", { class: "chart-unit" });
  box.before(unit);

  const columns = () => {
    const drawn = chart.stacked ? stack(values, hidden) : values;
    return [places, ...order.map((i) => drawn[i])];
  };
  const [least, most] = extent(columns().slice(1), chart);
  const scale = page.numbers.axisScale(Math.max(most, -least), chart.unit);
  setText(unit, scale.label);

  const whole = wholeRange(places, chart.style === "bar");
  const range = () => (overTime && page.zoom.get()) || whole;
  const slots = chart.stacked ? 1 : order.length;
  const plot = new uPlot({
    width: box.clientWidth,
    height: CHART_HEIGHT,
    padding: [8, 12, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: false, range },
      y: { range: (_, from, to) => shownRange(from, to, chart, scale) },
    },
    series: [{}, ...order.map((i, at) => seriesOptions(chart, i, at % slots, slots))],
    axes: [overTime ? timeAxis(page.clock) : categoryAxis(chart.categories), valueAxis(scale)],
    cursor: cursorOptions(overTime, page),
    hooks: {
      draw: [(drawn) => paintNotes(drawn, chart, overTime ? page.shocks : [])],
      setCursor: [(drawn) => legend.show(drawn.cursor.idx ?? atMoment())],
      setSelect: [(drawn) => zoomTo(drawn, page)],
      setScale: [() => placeLine()],
      setSize: [() => placeLine()],
    },
  }, columns(), box);

  let placeLine = () => {};
  if (overTime && places.length > 0) {
    placeLine = momentLine(plot, page.moment);
    plot.over.addEventListener("click", (event) => lookAt(plot, event, page));
  }
  const atMoment = () => (overTime ? page.moment.index() : null);
  legend.show(atMoment());

  function toggle(i, shown) {
    if (shown) hidden.delete(i);
    else hidden.add(i);
    plot.setSeries(order.indexOf(i) + 1, { show: shown });
    if (chart.stacked) plot.setData(columns());
  }

  const endings = [
    page.moment.onChange(whileNear(plot.root, () => {
      placeLine();
      if (plot.cursor.idx === null || plot.cursor.idx === undefined) legend.show(atMoment());
    })),
    () => forget(plot.root),
    page.zoom.onChange(() => overTime && showStretch(plot, range())),
    onTheme(() => plot.redraw()),
    onResize(box, () => plot.setSize({ width: box.clientWidth, height: CHART_HEIGHT })),
  ];
  return () => {
    endings.forEach((end) => end());
    unit.remove();
    plot.destroy();
  };
}

/** All places; bars, and a place by itself, have room on both sides. */
function wholeRange(places, areBars) {
  const [first, last] = [places[0] ?? 0, places.at(-1) ?? 0];
  const margin = areBars || first === last ? narrowestGap(places) / 2 : 0;
  return [first - margin, last + margin];
}

/** Value axis for what is shown: its own values, levels and marks. */
function shownRange(from, to, chart, scale) {
  const [least, most] = extent([[from, to].map(plain)], chart);
  return valueRange(least, most, scale.divisor);
}

/** Shows a stretch of time; what was pointed at is no longer there. */
function showStretch(plot, [min, max]) {
  plot.setScale("x", { min, max });
  plot.setCursor({ left: -10, top: -10 }, true);
}

function cursorOptions(overTime, page) {
  const drag = { x: overTime, y: false, setScale: false };
  const options = { points: { size: 6 }, y: false, drag };
  if (!overTime) return options;
  const onlyPointing = (type) => type === "mousemove" || type === "mouseleave";
  return {
    ...options,
    sync: { key: "moments", setSeries: false, scales: ["x", null], filters: { pub: onlyPointing } },
    bind: { dblclick: () => () => page.zoom.set(null) },
  };
}

/** A click moves the moment to where it was; uPlot keeps those that end a drag to itself. */
function lookAt(plot, event, page) {
  const tick = plot.posToVal(event.clientX - plot.over.getBoundingClientRect().left, "x");
  if (event.detail === 1) page.moment.set(page.moment.indexAt(Math.round(tick)));
}

function zoomTo(plot, page) {
  const { left, width } = plot.select;
  if (width < 4) return;
  page.zoom.set([plot.posToVal(left, "x"), plot.posToVal(left + width, "x")]);
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

/** Calls `tell` when the width of `element` changes; returns what ends that. */
function onResize(element, tell) {
  let width = element.clientWidth;
  const observer = new ResizeObserver(() => {
    if (element.clientWidth === width || element.clientWidth === 0) return;
    width = element.clientWidth;
    tell();
  });
  observer.observe(element);
  chartsToFit.add(tell);
  return () => {
    observer.disconnect();
    chartsToFit.delete(tell);
  };
}

/** What gives each chart the width of its box; printing needs it at once. */
const chartsToFit = new Set();
