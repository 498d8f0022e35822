// Numbers as text. Amounts are minor units, as numbers or as texts of digits where they are too
// large for a number, and are formatted exactly.

const GROUPS = /\B(?=(\d{3})+$)/g;
const decimalFormats = new Map();

function grouped(digits) {
  return digits.replace(GROUPS, ",");
}

/** `1,234.5`: at most `places` decimals. */
function decimal(value, places) {
  if (!decimalFormats.has(places)) {
    decimalFormats.set(places, new Intl.NumberFormat("en", { maximumFractionDigits: places }));
  }
  return decimalFormats.get(places).format(value);
}

/** `95.31 %`, with digits enough that a small share is not shown as none. */
function percent(share) {
  const value = share * 100;
  const places = value !== 0 && Math.abs(value) < 0.1 ? 4 : 2;
  return `${value.toFixed(places)} %`;
}

/** What is plotted for a value; a gap for none. */
function plain(value) {
  return value === null || value === undefined ? null : Number(value);
}

/** Sums of the first 1, 2, … values; exact also beyond what a number holds. */
function runningTotals(values) {
  const totals = new Float64Array(values.length);
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) {
    sum += typeof values[i] === "number" ? values[i] : NaN;
    if (!Number.isSafeInteger(sum)) return exactTotals(values);
    totals[i] = sum;
  }
  return totals;
}

function exactTotals(values) {
  let sum = 0n;
  return BigInt64Array.from(values, (value) => (sum += BigInt(value)));
}

/** Exact amount of a count of minor units, without the currency: `1,234.56`. */
function majorUnits(minor, decimals) {
  // Means of amounts may be fractions of a minor unit.
  const amount = BigInt(typeof minor === "number" ? Math.round(minor) : minor);
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, "0");
  const whole = grouped(digits.slice(0, digits.length - decimals));
  const sign = amount < 0n ? "-" : "";
  return decimals === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-decimals)}`;
}

const SCALES = [[1e9, "billion"], [1e6, "million"], [1e4, "k"]];

/** How values are shown: exactly in text, scaled on axes. */
function makeNumbers({ code, decimals }) {
  const minorPerMajor = 10 ** decimals;

  function money(minor) {
    const text = majorUnits(minor, decimals);
    return code === "" ? text : `${code} ${text}`;
  }

  function show(value, unit) {
    if (value === null || value === undefined) return "none";
    switch (unit) {
      case "money": return money(value);
      case "count": return grouped(String(value));
      case "share": return percent(Number(value));
      case "ticks": return `${decimal(Number(value), 2)} ticks`;
      case "number": return decimal(Number(value), 4);
      default: return String(value);
    }
  }

  /** For an axis up to `most`: what to divide by, and the unit to write beside it. */
  function axisScale(most, unit) {
    if (unit === "share") return { divisor: 0.01, label: "%" };
    if (unit === "ticks") return { divisor: 1, label: "ticks" };
    const base = unit === "money" ? minorPerMajor : 1;
    const [step, word] = SCALES.find(([least]) => most / base >= least) ?? [1, ""];
    const factor = word === "k" ? 1000 : step;
    const name = unit === "money" ? code || "amount" : "number";
    const label = word === "" ? name : unit === "money" && code ? `${name} ${word}` : word;
    return { divisor: base * factor, label };
  }

  return { money, show, axisScale, code };
}
