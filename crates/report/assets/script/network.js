// Who has paid whom up to the moment: banks as discs, payments between them as curves.

const NODE_RADIUS = { least: 3.5, most: 24 };
const LINK_WIDTH = { least: 0.6, most: 11 };
const NAME_SIZE = { least: 12, most: 21 };

/** A link with what it has paid up to each of its steps. */
function prepareLink(link) {
  const moments = link.steps.map(([moment]) => moment);
  const totals = runningTotals(link.steps.map(([, value]) => value));
  return {
    ...link,
    /** Value paid up to a moment, exact. */
    upTo(moment) {
      let low = 0;
      let high = moments.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (moments[middle] <= moment) low = middle + 1;
        else high = middle;
      }
      return low === 0 ? 0n : BigInt(totals[low - 1]);
    },
  };
}

/** The section of the network; null without one. */
function makeNetwork(data, page) {
  if (!data.network || data.network.agents.length === 0) return null;
  const stage = html("div", { class: "network-stage" });
  const panel = html("div", { class: "network-panel" });
  const links = data.network.links.map(prepareLink);
  drawWhenSeen(stage, () => drawNetwork(stage, panel, data.network.agents, links, page));
  const list = openedLater("Links as a table", "link-list", () => makeLinkTable(links, page));
  return section("network", "Network", about(data.network.about),
    html("div", { class: "network" }, stage, panel), list);
}

function makeLinkTable(links, page) {
  const name = (row, end) => String(page.agents.name(links[row][end]));
  const paid = (row) => links[row].upTo(page.moment.index());
  const table = makeTable({
    name: "Links of the network", count: links.length, pageSize: 20,
    columns: [
      { label: "From", text: (row) => name(row, "from") },
      { label: "To", text: (row) => name(row, "to") },
      { label: "Payments", right: true, text: (row) => page.numbers.show(links[row].count, "count"),
        key: (row) => links[row].count },
      { label: "Value in all", right: true, text: (row) => page.numbers.money(links[row].value),
        key: (row) => plain(links[row].value) },
      { label: "Value up to the moment", right: true, moving: true,
        text: (row) => page.numbers.money(paid(row)), key: (row) => Number(paid(row)) },
    ],
  });
  page.moment.onChange(whileNear(table.element, table.refresh));
  return table.element;
}

function drawNetwork(stage, panel, agents, links, page) {
  // Names keep their size on a narrow screen, on which the picture is smaller.
  const scaled = (11 * NETWORK_SIZE) / Math.max(1, stage.clientWidth);
  const fontSize = Math.min(Math.max(scaled, NAME_SIZE.least), NAME_SIZE.most);
  const banks = sortedBanks(agents, links, page, fontSize);
  const byRow = new Map(banks.map((bank) => [bank.row, bank]));
  const most = Math.max(1, ...links.map((link) => Number(link.value)));
  const curves = links.map((link) => svg("path", {
    class: "link", d: curve(byRow.get(link.from).place, byRow.get(link.to).place),
  }));
  const nodes = banks.map((bank) => makeNode(bank, attend, page));
  const picture = svg("svg", {
    viewBox: `0 0 ${NETWORK_SIZE} ${NETWORK_SIZE}`, role: "group", "font-size": round(fontSize),
    "aria-label": "Network of payments; each bank is a button",
  }, svg("g", { class: "links" }, ...curves), ...nodes);
  stage.replaceChildren(picture);
  let attended = null;

  function attend(row) {
    attended = row;
    picture.classList.toggle("attending", row !== null);
    links.forEach((link, i) => {
      curves[i].classList.toggle("paid", link.from === row);
      curves[i].classList.toggle("received", link.to === row);
    });
    const partners = new Set(links.filter((link) => link.from === row || link.to === row)
      .flatMap((link) => [link.from, link.to]));
    nodes.forEach((node, i) => node.classList.toggle("partner", partners.has(banks[i].row)));
    tellBank();
  }

  function tellBank() {
    panel.replaceChildren(...(attended === null
      ? describeAll(links, page)
      : describeBank(byRow.get(attended), links, page)));
  }

  function show() {
    const moment = page.moment.index();
    banks.forEach((bank) => { bank.paid = 0n; });
    links.forEach((link, i) => {
      const value = link.upTo(moment);
      byRow.get(link.from).paid += value;
      const share = Number(value) / most;
      const width = LINK_WIDTH.least + (LINK_WIDTH.most - LINK_WIDTH.least) * share;
      curves[i].style.strokeWidth = value === 0n ? 0 : width;
    });
    const largest = Math.max(1, ...banks.map((bank) => bank.paidInAll));
    banks.forEach((bank, i) => sizeNode(nodes[i], bank, Number(bank.paid) / largest, page));
    tellBank();
  }

  page.moment.onChange(whileNear(stage, show));
  show();
}

/** The shown banks, largest first, with their places. */
function sortedBanks(agents, links, page, fontSize) {
  const paidInAll = new Map(agents.map((row) => [row, 0]));
  links.forEach((link) => {
    paidInAll.set(link.from, paidInAll.get(link.from) + Number(link.value));
  });
  const order = [...agents].sort((a, b) => paidInAll.get(b) - paidInAll.get(a) || a - b);
  const names = order.map((row) => String(page.agents.name(row)));
  const places = placeBanks(names, fontSize);
  return order.map((row, i) => ({
    row,
    name: names[i],
    place: places[i],
    paid: 0n,
    paidInAll: paidInAll.get(row),
  }));
}

function makeNode(bank, attend, page) {
  const choose = () => page.agents.choose(bank.row, !page.agents.isChosen(bank.row));
  const keys = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    choose();
  };
  return svg("g", {
    class: "bank", tabindex: "0", role: "button", "data-row": bank.row,
    onmouseenter: () => attend(bank.row), onmouseleave: () => attend(null),
    onfocus: () => attend(bank.row), onblur: () => attend(null),
    onclick: choose, onkeydown: keys,
  },
  svg("circle", { cx: bank.place.x, cy: bank.place.y }),
  svg("text", null, shortName(bank.name)));
}

function sizeNode(node, bank, share, page) {
  const radius = NODE_RADIUS.least + (NODE_RADIUS.most - NODE_RADIUS.least) * Math.sqrt(share);
  const [disc, name] = node.children;
  disc.setAttribute("r", round(radius));
  const plate = nameplate(bank.place, radius);
  const [x, y] = [round(plate.x), round(plate.y)];
  name.setAttribute("text-anchor", plate.anchor);
  name.setAttribute("transform", `translate(${x} ${y}) rotate(${round(plate.turn)})`);
  name.setAttribute("dy", bank.place.hub ? "1em" : "0.35em");
  node.setAttribute("aria-label",
    `${bank.name}, paid ${page.numbers.money(bank.paid)}; show its balance in the chart or not`);
}

function describeAll(links, page) {
  const paid = links.reduce((sum, link) => sum + link.upTo(page.moment.index()), 0n);
  return [
    html("h3", null, "Up to this moment"),
    html("dl", { class: "facts" }, fact("Paid over the links shown", page.numbers.money(paid))),
    html("p", { class: "about" }, "Discs grow with the value a bank has paid, curves with the "
      + "value between two banks. Point at a bank to see its links; click it to add its balance to "
      + "the chart of balances or take it away."),
  ];
}

function fact(name, value) {
  return html("div", null, html("dt", null, name), html("dd", null, value));
}

/** What a bank has paid and received over the links shown, and with whom most. */
function describeBank(bank, links, page) {
  const moment = page.moment.index();
  const flows = (own, other) => links.filter((link) => link[own] === bank.row)
    .map((link) => [link[other], link.upTo(moment)]).filter(([, value]) => value > 0n)
    .sort(([, a], [, b]) => (a === b ? 0 : a < b ? 1 : -1));
  const sum = (found) => found.reduce((total, [, value]) => total + value, 0n);
  const [paid, received] = [flows("from", "to"), flows("to", "from")];
  const line = ([row, value]) => html("li", null,
    html("span", null, String(page.agents.name(row))),
    html("span", null, page.numbers.money(value)));
  const list = (found) => html("ol", { class: "partners" }, ...found.slice(0, 5).map(line));
  return [
    html("h3", null, bank.name),
    html("p", { class: "flow paid" }, html("span", null, "Paid"),
      html("b", null, page.numbers.money(sum(paid)))), list(paid),
    html("p", { class: "flow received" }, html("span", null, "Received"),
      html("b", null, page.numbers.money(sum(received)))), list(received),
  ];
}
