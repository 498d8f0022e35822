// The slider: the moment that all of the page shows, by hand, by keys or playing by itself.

const PLAY_SECONDS = 24;
const PLAY_PAUSE = { least: 40, most: 400 };

/** The bar that stays in sight, with the figures of the moment; null for a single moment. */
function makeSlider(data, page) {
  const { moment, clock } = page;
  if (moment.ticks.length < 2) return null;
  const last = moment.ticks.length - 1;
  const label = html("output", { class: "moment-label", for: "moment" });
  const input = html("input", {
    type: "range", id: "moment", min: 0, max: last, step: 1, value: moment.index(),
    "aria-label": "Moment of the run",
    oninput: (event) => moment.set(Number(event.target.value)),
  });
  const step = (by) => moment.set(moment.index() + by);
  const player = makePlayer(moment, last);
  const figures = makeFigures(data.state ?? [], page);

  const show = () => {
    const text = clock.label(moment.tick());
    input.value = moment.index();
    input.setAttribute("aria-valuetext", text);
    input.style.setProperty("--done", `${(100 * moment.index()) / last}%`);
    setText(label, text);
  };
  moment.onChange(show);
  show();
  listenToArrows(step);

  return html("section", { class: "moment", "aria-label": "Moment looked at" },
    html("div", { class: "controls band" },
      html("div", { class: "buttons" },
        iconButton("One moment back", "M11 3 5 8l6 5z", () => step(-1)),
        player,
        iconButton("One moment on", "M5 3l6 5-6 5z", () => step(1))),
      input, label, makeZoomButton(page)),
    figures);
}

function iconButton(label, path, onclick) {
  const shape = svg("path", { d: path });
  const icon = svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, shape);
  const attributes = { type: "button", class: "icon", "aria-label": label, title: label };
  return html("button", { ...attributes, onclick }, icon);
}

/** The button that plays the run; it begins anew where the run has ended. */
function makePlayer(moment, last) {
  const pause = (PLAY_SECONDS * 1000) / last;
  const wait = Math.min(Math.max(pause, PLAY_PAUSE.least), PLAY_PAUSE.most);
  let timer = null;
  const button = iconButton("Play", "M4 2l10 6-10 6z", () => (timer === null ? play() : stop()));
  const shape = button.querySelector("path");

  function stop() {
    clearInterval(timer);
    timer = null;
    look("Play", "M4 2l10 6-10 6z");
  }

  function play() {
    if (moment.index() === last) moment.set(0);
    timer = setInterval(advance, wait);
    look("Pause", "M3 2h4v12H3zM9 2h4v12H9z");
  }

  function advance() {
    if (moment.index() >= last) stop();
    else moment.set(moment.index() + 1);
  }

  function look(name, path) {
    button.setAttribute("aria-label", name);
    button.title = name;
    shape.setAttribute("d", path);
  }

  return button;
}

/** Arrow keys step where nothing else has the focus; the slider itself knows them anyway. */
function listenToArrows(step) {
  const steps = { ArrowLeft: -1, ArrowRight: 1 };
  document.addEventListener("keydown", (event) => {
    const free = document.activeElement === document.body || document.activeElement?.id === "main";
    if (!free || event.ctrlKey || event.altKey || event.metaKey || !(event.key in steps)) return;
    event.preventDefault();
    step(steps[event.key]);
  });
}

/** Seen while charts show only a part of the run: shows all of it again. */
function makeZoomButton(page) {
  const button = html("button", {
    type: "button", class: "quiet", id: "unzoom", onclick: () => page.zoom.set(null),
  }, "Show the whole run");
  button.hidden = true;
  page.zoom.onChange((range) => { button.hidden = range === null; });
  return button;
}

/** What holds at the moment, from the states of the run; null if none are known. */
function makeFigures(states, page) {
  if (states.length === 0) return null;
  const values = states.map(() => html("dd"));
  const items = states.map((state, i) =>
    html("div", null, html("dt", null, state.label), values[i]));
  const show = () => states.forEach((state, i) => {
    setText(values[i], page.numbers.show(state.values[page.moment.index()], state.unit));
  });
  page.moment.onChange(show);
  show();
  return html("dl", { class: "figures band", "aria-label": "At this moment" }, ...items);
}
