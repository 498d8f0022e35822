// What charts paint themselves: bars, levels, marks and scenario events on the canvas, the moment's
// line above it.

const SERIES_COLOURS = 8;

/** Colour of a series by its place; after eight they repeat, with dashes. */
function seriesColour(i) {
  return `--series-${(i % SERIES_COLOURS) + 1}`;
}

function seriesDash(i) {
  return i < SERIES_COLOURS ? [] : [6, 3];
}

function narrowestGap(places) {
  let gap = Infinity;
  for (let i = 1; i < places.length; i += 1) gap = Math.min(gap, places[i] - places[i - 1]);
  return Number.isFinite(gap) ? gap : 1;
}

/** Paths of bars from zero; `slot` of `slots` bars that stand side by side at a place. */
function bars(slot, slots) {
  return (plot, seriesIndex, from, to) => {
    const [places] = plot.data;
    const values = plot.data[seriesIndex];
    const group = narrowestGap(places) * 0.84;
    const path = new Path2D();
    const zero = plot.valToPos(0, "y", true);
    for (let i = from; i <= to; i += 1) {
      if (values[i] === null || values[i] === 0) continue;
      const left = plot.valToPos(places[i] + group * (slot / slots - 0.5), "x", true);
      const right = plot.valToPos(places[i] + group * ((slot + 1) / slots - 0.5), "x", true);
      const gap = right - left > 6 ? 1 : 0;
      const top = plot.valToPos(values[i], "y", true);
      // A bar is seen however small it is.
      const height = Math.max(Math.abs(zero - top), 1);
      const upper = top <= zero ? zero - height : zero;
      path.rect(left, upper, Math.max(right - left - gap, 1), height);
    }
    return { fill: path, stroke: null, clip: null, band: null, gaps: null, flags: 0 };
  };
}

function paintText(context, text, x, y, align) {
  context.textAlign = align;
  context.textBaseline = "bottom";
  // Paper around the letters keeps them readable over lines.
  context.save();
  context.setLineDash([]);
  context.lineWidth = 4 * devicePixelRatio;
  context.lineJoin = "round";
  context.strokeStyle = colour("--card");
  context.strokeText(text, x, y);
  context.restore();
  context.fillText(text, x, y);
}

/** Draws levels as dashed lines, marks as rings and `shocks` as dotted lines, with their labels. */
function paintNotes(plot, chart, shocks) {
  const { ctx: context, bbox } = plot;
  const ratio = devicePixelRatio;
  context.save();
  context.beginPath();
  context.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  context.clip();
  context.font = FONT.replace("12px", `${12 * ratio}px`);
  context.lineWidth = Math.max(1, Math.round(ratio));
  context.strokeStyle = colour("--ink");
  context.fillStyle = colour("--ink");
  const labels = [];
  (chart.levels ?? []).forEach((level) => labels.push(paintLevel(plot, level, ratio, labels)));
  (chart.marks ?? []).forEach((mark) => paintMark(plot, mark, ratio));
  // Last, so that no level runs through their labels.
  context.strokeStyle = colour("--muted");
  context.fillStyle = colour("--muted");
  paintShocks(plot, shocks, ratio);
  context.restore();
}

/**
 * Draws the ticks in which scenario events were applied, each with its label at the top: in the
 * first of two rows where there is room. The others are read by pointing.
 */
function paintShocks(plot, shocks, ratio) {
  const { ctx: context, bbox } = plot;
  const odd = (context.lineWidth % 2) / 2;
  const gap = 4 * ratio;
  const rows = [bbox.left, bbox.left];
  context.setLineDash([2 * ratio, 3 * ratio]);
  shocks.forEach(({ tick, label }) => {
    const x = Math.round(plot.valToPos(tick, "x", true)) + odd;
    if (x < bbox.left || x > bbox.left + bbox.width) return;
    context.beginPath();
    context.moveTo(x, bbox.top);
    context.lineTo(x, bbox.top + bbox.height);
    context.stroke();
    const { width } = context.measureText(label);
    const fits = x + gap + width <= bbox.left + bbox.width;
    const begins = fits ? x + gap : x - gap - width;
    const row = rows.findIndex((taken) => taken <= begins);
    if (row < 0) return;
    rows[row] = begins + width + gap;
    paintText(context, label, begins, bbox.top + (15 + 14 * row) * ratio, "left");
  });
}

/** Draws a level and its label, to the right of labels at its height; returns where that ends. */
function paintLevel(plot, level, ratio, others) {
  const { ctx: context, bbox } = plot;
  // Between two rows of pixels a thin line would be blurred.
  const odd = (context.lineWidth % 2) / 2;
  const y = Math.round(plot.valToPos(plain(level.value), "y", true)) + odd;
  context.setLineDash([5 * ratio, 4 * ratio]);
  context.beginPath();
  context.moveTo(bbox.left, y);
  context.lineTo(bbox.left + bbox.width, y);
  context.stroke();
  const beside = y - bbox.top > 16 * ratio ? -2 * ratio : 15 * ratio;
  const isBeside = (other) => Math.abs(other.y - y - beside) < 15 * ratio;
  const ends = others.filter(isBeside).map((other) => other.end + 12 * ratio);
  const left = Math.max(bbox.left + 4 * ratio, ...ends);
  paintText(context, level.label, left, y + beside, "left");
  return { y: y + beside, end: left + context.measureText(level.label).width };
}

function paintMark(plot, mark, ratio) {
  const { ctx: context, bbox } = plot;
  const x = plot.valToPos(mark.tick, "x", true);
  const y = plot.valToPos(plain(mark.value), "y", true);
  context.setLineDash([]);
  context.beginPath();
  context.arc(x, y, 4 * ratio, 0, 2 * Math.PI);
  context.stroke();
  const room = bbox.left + bbox.width - x;
  const fits = context.measureText(mark.label).width + 8 * ratio < room;
  const side = fits ? 8 * ratio : -8 * ratio;
  paintText(context, mark.label, x + side, y + 14 * ratio, fits ? "left" : "right");
}

/** The line at the moment looked at: an element, so that moving it draws no chart anew. */
function momentLine(plot, moment) {
  const line = html("div", { class: "moment-line", "aria-hidden": "true" });
  plot.over.append(line);
  const place = () => {
    const left = plot.valToPos(moment.tick(), "x");
    line.hidden = !(left >= 0 && left <= plot.bbox.width / devicePixelRatio);
    if (!line.hidden) line.style.transform = `translateX(${left}px)`;
  };
  place();
  return place;
}
