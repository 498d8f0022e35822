// One payment: where it is at a moment, and the life that its row opens into.

const QUEUE_NAMES = { 1: "in queue 1", 2: "in queue 2" };

/** Where payment `i` is at the end of `tick`. */
function stateAt(payments, i, tick) {
  if (payments.arrival[i] > tick) return "not arrived";
  const settled = payments.settled[i];
  if (settled !== null && settled <= tick) return "settled";
  const stay = payments.stays[i].find(([, from, to]) => from <= tick && (to === null || to > tick));
  if (!stay) return payments.outcome[i];
  const late = payments.deadline[i] < tick ? ", overdue" : "";
  return QUEUE_NAMES[stay[0]] + late;
}

/** What a row opens into. */
function makeLife(payments, i, page) {
  const { clock } = page;
  const events = payments.life[i].map(([tick, meaning]) => html("li", null,
    html("span", { class: "life-tick" }, clock.label(tick)), html("span", null, meaning)));
  const stays = payments.stays[i].map(([queue, from, to]) => {
    const end = to === null ? "to the end" : `to ${clock.label(to)}`;
    return html("li", null, `${capital(QUEUE_NAMES[queue])} from ${clock.label(from)} ${end}`);
  });
  return html("div", { class: "life" },
    html("div", null, html("h4", null, "Life"), html("ol", { class: "timeline" }, ...events)),
    html("div", null,
      html("h4", null, "Stays in queues"),
      stays.length > 0 ? makeStrip(payments, i, page) : null,
      stays.length > 0 ? html("ul", { class: "stays" }, ...stays)
        : html("p", { class: "about" }, "It waited in no queue."),
      html("dl", { class: "facts" },
        fact("Deadline", clock.label(payments.deadline[i])),
        fact("Class", payments.class[i]),
        fact("Priority", String(payments.priority[i])),
        fact("Waited", page.numbers.show(payments.wait[i], "ticks")),
        fact("Cost", page.numbers.money(payments.cost[i])))));
}

/** The stays as a strip from arrival to the end, the deadline marked on it. */
function makeStrip(payments, i, page) {
  const start = payments.arrival[i];
  const ends = payments.stays[i].map(([, , to]) => to ?? page.moment.ticks.at(-1));
  const end = Math.max(start + 1, payments.deadline[i], ...ends);
  const at = (tick) => round((100 * (Math.min(tick, end) - start)) / (end - start));
  const parts = payments.stays[i].map(([queue, from], n) => {
    const width = Math.max(at(ends[n]) - at(from), 0.8);
    return svg("rect", { class: `queue-${queue}`, x: at(from), width, y: 3, height: 8 });
  });
  const deadline = at(payments.deadline[i]);
  return html("div", { class: "strip", "aria-hidden": "true" },
    svg("svg", { viewBox: "0 0 100 14", preserveAspectRatio: "none" },
      svg("rect", { class: "strip-base", x: 0, y: 6.5, width: 100, height: 1 }), ...parts,
      svg("line", { class: "strip-deadline", x1: deadline, x2: deadline, y1: 0, y2: 14 })),
    html("p", null,
      html("span", { class: "key queue-1" }, "queue 1"),
      html("span", { class: "key queue-2" }, "queue 2"),
      html("span", { class: "key due" }, "deadline")));
}
