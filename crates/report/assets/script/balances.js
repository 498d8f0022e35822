// Balances of chosen agents over time, and the table of all agents in which they are chosen.

const CHOSEN_AT_FIRST = 6;

/** Balances of agents, summed up from their changes when they are first asked for. */
function makeBalances(changes) {
  const known = new Map();
  return {
    has: (row) => row < changes.length,
    of(row) {
      if (!known.has(row)) known.set(row, runningTotals(changes[row]));
      return known.get(row);
    },
  };
}

/** The section of agents; null without any. */
function makeAgents(data, page) {
  if (!data.agents || data.agents.rows.length === 0) return null;
  const { rows, columns } = data.agents;
  const balances = makeBalances(data.agents.balances ?? []);
  const chosen = new Set();
  for (let row = 0; row < CHOSEN_AT_FIRST && balances.has(row); row += 1) chosen.add(row);
  const table = makeAgentTable(rows, columns, balances, chosen, page, choose);
  const search = searchField("Find an agent", (text) => {
    table.filter((row) => String(rows[row][0]).toLowerCase().includes(text));
  });
  const chart = chosen.size > 0 ? makeBalanceChart(rows, balances, chosen, page) : null;

  function choose(row, wanted) {
    if (!balances.has(row) || chosen.has(row) === wanted) return;
    if (wanted) chosen.add(row);
    else chosen.delete(row);
    table.redraw();
    chart.redraw();
  }

  page.agents = { name: (row) => rows[row][0], choose, isChosen: (row) => chosen.has(row) };
  page.moment.onChange(whileNear(table.element, table.refresh));
  return section("agents", "Agents", chart?.element,
    html("div", { class: "tools" }, search), table.element);
}

function makeAgentTable(rows, columns, balances, chosen, page, choose) {
  const [id, ...rest] = columns.map((column, i) => ({
    label: column.label,
    right: column.kind !== "text",
    text: (row) => page.numbers.show(rows[row][i], column.kind),
    key: (row) => (column.kind === "text" ? String(rows[row][i]) : plain(rows[row][i])),
  }));
  id.cell = (row) => {
    const name = id.text(row);
    return balances.has(row) ? makeChoice(name, row, chosen, choose) : name;
  };
  const at = (row) => balances.of(row)[page.moment.index()];
  const balance = {
    label: "Balance at the moment", right: true, moving: true,
    text: (row) => (balances.has(row) ? page.numbers.money(at(row)) : "not kept"),
    key: (row) => (balances.has(row) ? Number(at(row)) : null),
  };
  const all = rows.length > 0 && balances.has(0) ? [id, balance, ...rest] : [id, ...rest];
  return makeTable({ name: "Agents", columns: all, count: rows.length, pageSize: 20 });
}

function makeChoice(name, row, chosen, choose) {
  const box = html("input", {
    type: "checkbox", "aria-label": `Show the balance of ${name} in the chart`,
    onchange: (event) => choose(row, event.target.checked),
  });
  box.checked = chosen.has(row);
  return html("label", { class: "choice" }, box, name);
}

function makeBalanceChart(rows, balances, chosen, page) {
  const chartOfChosen = () => ({
    id: "balances", title: "Balances", unit: "money", x: "moment", style: "step", stacked: false,
    about: "Balances of the chosen agents at the end of each tick; choose them in the table below.",
    series: [...chosen].map((row) => ({
      name: String(rows[row][0]), values: Array.from(balances.of(row)),
    })),
  });
  const first = chartOfChosen();
  let drawn = null;
  const draw = (box, legendBox, chart) => {
    const end = chart.series.length > 0 ? drawChart(box, legendBox, chart, page) : () => {};
    drawn = { box, legendBox, end };
  };
  // Agents may have been chosen anew before the chart is first seen.
  const figure = makeFigure(first, page, (box, legendBox) => {
    draw(box, legendBox, chartOfChosen());
  });
  figure.classList.add("wide");

  function redraw() {
    const chart = chartOfChosen();
    figure.querySelector("details").replaceWith(makeFiguresButton(chart, page));
    if (drawn === null) return;
    drawn.end();
    drawn.box.setAttribute("aria-label", describe(chart, page));
    drawn.legendBox.replaceChildren();
    draw(drawn.box, drawn.legendBox, chart);
  }

  return { element: figure, redraw };
}
