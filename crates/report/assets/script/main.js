// Puts the page together: every part is made from the data, or left out where there is none.

function build(data) {
  const ticks = data.moments ?? [];
  const page = {
    numbers: makeNumbers(data.currency),
    clock: makeClock(data.calendar),
    moment: makeMoment(ticks),
    zoom: makeShared(null),
    shocks: data.shocks ?? [],
    contents: html("nav", { "aria-label": "Contents", class: "contents" }),
    // Rows stand for agents that are not listed.
    agents: { name: String, choose() {}, isChosen: () => false },
  };
  const parts = [
    makeFront(data, page),
    makeSlider(data, page),
    makeCharts(data, page),
    makeAgents(data, page),
    makeNetwork(data, page),
    makePayments(data, page),
    makeMeasures(data),
    makeSettings(data),
  ].filter((part) => part !== null);
  fillContents(page.contents, parts);
  document.getElementById("top").replaceChildren(...makeHeader(data, page).filter(Boolean));
  document.getElementById("main").replaceChildren(...parts);
  document.getElementById("foot").replaceChildren(makeFoot(data));
}

function tellFault(message) {
  const notice = html("p", { class: "notice band", role: "alert" }, message);
  document.getElementById("main").replaceChildren(notice);
}

try {
  build(await readData());
} catch (fault) {
  if (!(fault instanceof Unreadable)) throw fault;
  tellFault(fault.message);
}

window.paymentSimReport = { drawAll };
// Without anything to draw there is nothing to wait for.
if (waitingToDraw.size === 0) tellReady();
