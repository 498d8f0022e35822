// A table that is sorted by its headings and shown in pages, so that thousands of rows cost no more
// than one page of them.

const textOrder = new Intl.Collator("en", { numeric: true });

function compareKeys(a, b) {
  if (a === b) return 0;
  // What has no value stands last, as least.
  if (a === null) return -1;
  if (b === null) return 1;
  if (typeof a === "string" && typeof b === "string") return textOrder.compare(a, b);
  return a < b ? -1 : 1;
}

/**
 * Makes a table of `count` rows.
 *
 * A column is `{label, right, moving, text(row), key(row), cell(row)}`: `cell` makes an element in
 * place of the text, `key` is what to sort by, `moving` says that texts depend on the moment.
 * `detail(row)` makes what a row opens into.
 */
function makeTable({ name, columns, count, pageSize = 50, detail = null }) {
  let rows = Array.from({ length: count }, (_, row) => row);
  const listed = rows;
  let page = 0;
  let sorted = null;
  const open = new Set();
  const headings = columns.map(makeHeading);
  const body = html("tbody");
  const pager = makePager((step) => turn(step));
  const table = html("table", null,
    html("caption", { class: "hidden" }, name),
    columns.some((column) => column.label !== "")
      ? html("thead", null, html("tr", null, ...headings)) : null, body);
  const scroller = html("div",
    { class: "scroller", tabindex: "0", role: "region", "aria-label": name }, table);
  const element = html("div", { class: "table" }, scroller, pager.element);

  function makeHeading(column) {
    const button = html("button", { type: "button", onclick: () => sortBy(column) }, column.label);
    return html("th", { scope: "col", class: column.right ? "right" : null }, button);
  }

  function sortBy(column) {
    const again = sorted?.column === column;
    // Numbers are most often looked at from the largest down.
    sorted = { column, down: again ? !sorted.down : Boolean(column.right) };
    headings.forEach((heading, i) => {
      if (columns[i] !== column) heading.removeAttribute("aria-sort");
      else heading.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
    });
    order();
    page = 0;
    draw();
  }

  function order() {
    if (sorted === null) return;
    const { column, down } = sorted;
    const key = column.key ?? column.text;
    const keys = new Map(rows.map((row) => [row, key(row)]));
    const sign = down ? -1 : 1;
    rows = [...rows].sort((a, b) => sign * compareKeys(keys.get(a), keys.get(b)) || a - b);
  }

  function shown() {
    return rows.slice(page * pageSize, (page + 1) * pageSize);
  }

  function turn(step) {
    page += step;
    draw();
    scroller.scrollTop = 0;
  }

  function draw() {
    body.replaceChildren(...shown().flatMap(makeRow));
    pager.show(page, pageSize, rows.length);
  }

  function makeRow(row) {
    const cells = columns.map((column, i) => makeCell(column, row, i));
    const line = html("tr", { "data-row": row }, ...cells);
    return open.has(row) ? [line, makeDetail(row)] : [line];
  }

  function makeCell(column, row, i) {
    const inside = column.cell ? column.cell(row) : column.text(row);
    const content = i === 0 && detail ? makeOpener(row, inside) : inside;
    const name = i === 0 ? "th" : "td";
    const scope = i === 0 ? "row" : null;
    return html(name, { scope, class: column.right ? "right" : null }, content);
  }

  function makeOpener(row, inside) {
    const expanded = open.has(row) ? "true" : "false";
    const toggle = (event) => openRow(row, event.currentTarget);
    const attributes = { type: "button", class: "opener", "aria-expanded": expanded };
    return html("button", { ...attributes, onclick: toggle }, inside);
  }

  function makeDetail(row) {
    const cell = html("td", { colspan: columns.length }, detail(row));
    return html("tr", { class: "detail" }, cell);
  }

  function openRow(row, opener) {
    const line = opener.closest("tr");
    if (open.delete(row)) line.nextElementSibling.remove();
    else {
      open.add(row);
      line.after(makeDetail(row));
    }
    opener.setAttribute("aria-expanded", open.has(row) ? "true" : "false");
  }

  /** Writes anew what depends on the moment. */
  function refresh() {
    if (sorted?.column.moving) {
      order();
      draw();
      return;
    }
    for (const line of body.children) {
      if (line.dataset.row === undefined) continue;
      columns.forEach((column, i) => {
        if (column.moving) setText(line.children[i], column.text(Number(line.dataset.row)));
      });
    }
  }

  /** Lists only the rows that `keep` wants, in the order of the table. */
  function filter(keep) {
    rows = listed.filter(keep);
    order();
    page = 0;
    draw();
    return rows.length;
  }

  draw();
  return { element, refresh, filter, redraw: draw };
}

function makePager(turn) {
  const before = html("button", { type: "button", onclick: () => turn(-1) }, "Previous");
  const after = html("button", { type: "button", onclick: () => turn(1) }, "Next");
  const place = html("span", { role: "status" });
  const element = html("div", { class: "pager" }, before, place, after);

  function show(page, size, count) {
    const from = page * size;
    const to = Math.min(from + size, count);
    element.hidden = count <= size && count > 0;
    const range = `${decimal(from + 1, 0)} to ${decimal(to, 0)} of ${decimal(count, 0)}`;
    setText(place, count === 0 ? "Nothing found" : range);
    before.disabled = page === 0;
    after.disabled = to >= count;
  }

  return { element, show };
}

/** A search field that calls `search` with what was typed, in lower case. */
function searchField(label, search) {
  const listen = (event) => search(event.target.value.trim().toLowerCase());
  const input = html("input", { type: "search", oninput: listen, autocomplete: "off" });
  return html("label", { class: "search" }, html("span", null, label), input);
}
