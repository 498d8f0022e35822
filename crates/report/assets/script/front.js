// The top of the page: what the report is about, in words and in a few figures.

function makeHeader(data, page) {
  const runs = (data.runs ?? []).map((run, i) =>
    html("li", null, swatch(i), html("b", null, run.name), run.about ? `: ${run.about}` : null));
  const kind = data.kind === "comparison" ? "Comparison of runs" : "Report of a run";
  return [
    html("div", { class: "masthead" },
      html("p", { class: "kind" }, "payment-sim", html("span", null, kind)), makeThemeButton()),
    html("h1", null, data.title),
    data.subtitle ? html("p", { class: "subtitle" }, data.subtitle) : null,
    runs.length > 0 ? html("ul", { class: "runs", "aria-label": "Runs" }, ...runs) : null,
    data.notice ? html("p", { class: "notice", role: "status" }, data.notice) : null,
    page.contents,
  ];
}

function makeThemeButton() {
  const other = () => (currentTheme() === "dark" ? "light" : "dark");
  const label = () => (currentTheme() === "dark" ? "Light" : "Dark");
  const button = html("button", { type: "button", id: "theme", class: "quiet" });
  const name = () => {
    setText(button, label());
    button.setAttribute("aria-label", `Show in ${other()} colours`);
  };
  button.addEventListener("click", () => setTheme(other()));
  onTheme(name);
  name();
  return button;
}

/** The story in sentences; beside it the tiles, and a chart below them. Null without any. */
function makeFront(data, page) {
  const story = (data.story ?? []).map((sentence) => html("p", null, sentence));
  const tiles = (data.tiles ?? []).map(makeTile);
  const [chart] = drawnCharts(data);
  if (story.length === 0 && tiles.length === 0 && !chart) return null;
  return html("section", { id: "front", "aria-label": "In short" },
    story.length > 0 ? html("div", { class: "story" }, ...story) : null,
    tiles.length > 0 || chart ? html("div", { class: "glance" },
      tiles.length > 0 ? html("dl", { class: "tiles" }, ...tiles) : null,
      chart ? makeFigure(chart, page) : null) : null);
}

function makeTile(tile) {
  return html("div", { class: "tile" },
    html("dt", null, tile.label),
    html("dd", null, html("span", { class: "tile-value" }, tile.value),
      tile.note ? html("span", { class: "tile-note" }, tile.note) : null));
}

/** Links to the sections that the page has. */
function fillContents(contents, sections) {
  const links = sections.filter((part) => part.id && part.querySelector("h2")).map((part) => {
    const title = part.querySelector("h2").textContent;
    return html("li", null, html("a", { href: `#${part.id}` }, title));
  });
  contents.replaceChildren(html("ul", null, ...links));
}
