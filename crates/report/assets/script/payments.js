// The table of payments: searched, sorted, and each opens into its life.

/** Columns that say nothing, because all payments have the same there, are left out. */
function differs(values) {
  return values.some((value) => value !== values[0]);
}

function paymentColumns(payments, page) {
  const { clock, numbers, moment } = page;
  const agent = (end) => (i) => String(page.agents.name(payments[end][i]));
  const tick = (label, name) => ({
    label, right: true,
    text: (i) => (payments[name][i] === null ? "not settled" : clock.short(payments[name][i])),
    key: (i) => payments[name][i],
  });
  const number = (label, name, unit) => ({
    label, right: true, text: (i) => numbers.show(payments[name][i], unit),
    key: (i) => plain(payments[name][i]),
  });
  const state = (i) => stateAt(payments, i, moment.tick());
  return [
    { label: "Payment", text: (i) => String(payments.id[i]) },
    { label: "From", text: agent("from") },
    { label: "To", text: agent("to") },
    number("Amount", "amount", "money"),
    { label: "At the moment", moving: true, text: state },
    tick("Arrived", "arrival"),
    tick("Deadline", "deadline"),
    tick("Settled", "settled"),
    { label: "Outcome", text: (i) => payments.outcome[i] },
    { ...number("Waited", "wait", "count"), label: "Waited (ticks)" },
    differs(payments.cost) ? number("Cost", "cost", "money") : null,
    differs(payments.priority) ? number("Priority", "priority", "count") : null,
    differs(payments.class) ? { label: "Class", text: (i) => payments.class[i] } : null,
  ].filter((column) => column !== null);
}

/** What is searched for each payment: id, both agents, outcome, class. */
function searchTexts(payments, page) {
  return payments.id.map((id, i) => [
    id, page.agents.name(payments.from[i]), page.agents.name(payments.to[i]),
    payments.outcome[i], payments.class[i],
  ].join("\n").toLowerCase());
}

/** The section of payments; null without any. */
function makePayments(data, page) {
  const payments = data.payments;
  if (!payments || payments.id.length === 0) return null;
  const table = makeTable({
    name: "Payments", columns: paymentColumns(payments, page), count: payments.id.length,
    detail: (i) => makeLife(payments, i, page),
  });
  let texts = null;
  const search = searchField("Find by payment, agent or outcome", (wanted) => {
    texts ??= searchTexts(payments, page);
    const words = wanted.split(/\s+/);
    table.filter((i) => words.every((word) => texts[i].includes(word)));
  });
  page.moment.onChange(whileNear(table.element, table.refresh));
  return section("payments", "Payments", about(payments.about),
    html("div", { class: "tools" }, search), table.element);
}
