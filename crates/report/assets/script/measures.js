// Tables of measures, settings and the foot of the page: what comes as texts.

/** A table of prepared texts. */
function makeTextTable(given) {
  const columns = given.columns.map((column, i) => ({
    label: column.label,
    right: column.align === "right",
    text: (row) => given.rows[row][i] ?? "",
    key: (row) => sortKey(given.rows[row][i] ?? "", column.align === "right"),
  }));
  return makeTable({ name: given.title, columns, count: given.rows.length }).element;
}

/** A text by which to sort: in columns of figures its number, whatever stands around it. */
function sortKey(text, isFigure) {
  if (!isFigure) return text;
  const digits = text.replace(/,/g, "").match(/-?\d+(\.\d+)?/);
  return digits === null ? null : Number(digits[0]);
}

/** The section of measures; null without tables. */
function makeMeasures(data) {
  const tables = (data.tables ?? []).filter((table) => table.rows.length > 0);
  if (tables.length === 0) return null;
  const parts = tables.map((table) => html("details", { id: `table-${table.id}` },
    html("summary", null, table.title), about(table.about), makeTextTable(table)));
  parts[0].open = true;
  return section("measures", "Measures", ...parts);
}

/** The section of settings; null if nothing is known of them. */
function makeSettings(data) {
  const settings = data.settings;
  if (!settings) return null;
  const facts = (settings.facts ?? []).map(([name, value]) =>
    html("div", null, html("dt", null, name), html("dd", null, String(value))));
  const overrides = (settings.overrides ?? []).map((text) =>
    html("li", null, html("code", null, text)));
  return section("settings", "Settings",
    facts.length > 0 ? html("dl", { class: "facts" }, ...facts) : null,
    overrides.length > 0 ? html("h3", null, "Changed from the scenario") : null,
    overrides.length > 0 ? html("ul", { class: "overrides" }, ...overrides) : null,
    settings.text ? makeSource(settings) : null);
}

function makeSource(settings) {
  const name = settings.source || "Scenario";
  return html("details", { id: "source" }, html("summary", null, name),
    html("pre", { tabindex: "0", role: "region", "aria-label": name }, settings.text));
}

function makeFoot(data) {
  const run = [data.title, data.subtitle].filter(Boolean).join(": ");
  return html("p", null, `${run}. `,
    "This page holds all of its data and loads nothing; amounts are exact.");
}
