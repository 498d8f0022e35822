// Drawing when it is seen: charts below the fold wait until they come near the window.

const waitingToDraw = new Map();
const whenNear = new IntersectionObserver(drawSeen, { rootMargin: "300px 0px" });
let sawFirst = false;

function drawNow(element) {
  const draw = waitingToDraw.get(element);
  if (!draw) return;
  waitingToDraw.delete(element);
  whenNear.unobserve(element);
  draw();
}

function drawSeen(entries) {
  entries.filter((entry) => entry.isIntersecting).forEach((entry) => drawNow(entry.target));
  if (!sawFirst) tellReady();
  sawFirst = true;
}

/** Calls `draw` once, when `element` comes near the window or everything is asked for. */
function drawWhenSeen(element, draw) {
  waitingToDraw.set(element, draw);
  whenNear.observe(element);
}

function nextFrame() {
  return new Promise((resolve) => requestAnimationFrame(() => resolve()));
}

/** Marks the page as drawn, as far as it can be seen. */
async function tellReady() {
  await nextFrame();
  document.documentElement.dataset.ready = "true";
}

function drawRest() {
  [...waitingToDraw.keys()].forEach(drawNow);
}

/** Draws everything now; done when it is on the canvases. */
async function drawAll() {
  drawRest();
  // The charts put their pixels down in a microtask after they are made.
  await nextFrame();
}
