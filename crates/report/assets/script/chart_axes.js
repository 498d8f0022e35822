// Axes: time or categories below, amounts in thousands, millions or billions at the side.

// uPlot takes whole pixels only.
const FONT = '12px "Segoe UI", -apple-system, Roboto, "Liberation Sans", Arial, sans-serif';
const LABEL_WIDTH = 68;

function axisColours() {
  return {
    stroke: () => colour("--muted"),
    font: FONT,
    grid: { stroke: () => colour("--grid"), width: 1 },
    ticks: { show: false },
    border: { show: false },
  };
}

/** The side axis: numbers only, for the unit stands above the chart. */
function valueAxis(scale) {
  const texts = (_, splits) => splits.map((value) => decimal(value / scale.divisor, 6));
  const whole = scale.label === "number" ? { incrs: wholeSteps() } : {};
  return { ...axisColours(), ...whole, scale: "y", size: fitting, gap: 6, values: texts };
}

function wholeSteps() {
  const powers = Array.from({ length: 16 }, (_, power) => 10 ** power);
  return powers.flatMap((power) => [power, 2 * power, 5 * power]);
}

/** Room for the longest of the numbers, in CSS pixels. */
function fitting(_, texts) {
  const longest = Math.max(1, ...(texts ?? []).map((text) => text.length));
  return 14 + 6.8 * longest;
}

/** The time axis below. */
function timeAxis(clock) {
  let labels = new Map();
  const splits = (plot, _, from, to) => {
    const room = Math.max(2, plot.bbox.width / devicePixelRatio / LABEL_WIDTH);
    labels = new Map(clock.labels(from, to, room));
    return [...labels.keys()];
  };
  const values = (_, places) => places.map((place) => labels.get(place) ?? "");
  return { ...axisBelow(), ...shortTicks(), splits, values };
}

const CHARACTER_WIDTH = 6;
/** Room between two names. */
const NAME_GAP = 6;

/** A name in lines of at most `most` characters, as far as its words allow. */
function wrapped(name, most) {
  const lines = [];
  for (const word of name.split(" ")) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && longer.length <= most) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/**
 * The axis of categories: each has its name, in several lines where it is long; names that would
 * run into others even so are left out.
 */
function categoryAxis(categories) {
  const splits = () => categories.map((_, i) => i);
  const values = (plot) => {
    const room = plot.bbox.width / devicePixelRatio / categories.length;
    const most = Math.floor((room - NAME_GAP) / CHARACTER_WIDTH);
    let taken = -Infinity;
    return categories.map((name, i) => {
      const lines = wrapped(name, most);
      const half = (Math.max(...lines.map((line) => line.length)) * CHARACTER_WIDTH) / 2;
      const middle = (i + 0.5) * room;
      // A name that would run into the one before is left out.
      if (middle - half < taken) return "";
      taken = middle + half + NAME_GAP;
      return lines.join("\n");
    });
  };
  const size = (_, texts) => {
    const lines = (texts ?? []).map((text) => text.split("\n").length);
    return 11 + 15 * Math.max(1, ...lines);
  };
  return { ...axisBelow(), size, splits, values };
}

function axisBelow() {
  return { ...axisColours(), grid: { show: false }, size: 26, gap: 4 };
}

function shortTicks() {
  return { ticks: { show: true, stroke: () => colour("--grid"), size: 4, width: 1 } };
}

/**
 * Limits of the value axis: zero is always seen, with a little room beyond the values. Where all is
 * zero the axis goes to `one`.
 */
function valueRange(least, most, one) {
  if (least === 0 && most === 0) return [0, one];
  const room = (most - least) * 0.06;
  return [least < 0 ? least - room : 0, most > 0 ? most + room : 0];
}
