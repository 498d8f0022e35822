// Work only for what is seen: charts below the fold wait until they come near the window, and what
// follows the moment does so while it is near.

const NEAR = { rootMargin: "300px 0px" };
const waitingToDraw = new Map();
const whenNear = new IntersectionObserver(drawSeen, NEAR);
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

const followers = new Map();
const whileFollowing = new IntersectionObserver((entries) => entries.forEach((entry) => {
  const follower = followers.get(entry.target);
  if (!follower) return;
  follower.near = entry.isIntersecting;
  if (follower.near) catchUp(follower);
}), NEAR);

function catchUp(follower) {
  if (!follower.stale) return;
  follower.stale = false;
  follower.tell();
}

/** What to call when `tell` is due: it is called at once, or when `element` comes near. */
function whileNear(element, tell) {
  const follower = { near: false, stale: false, tell };
  followers.set(element, follower);
  whileFollowing.observe(element);
  return () => {
    follower.stale = true;
    if (follower.near) catchUp(follower);
  };
}

function forget(element) {
  followers.delete(element);
  whileFollowing.unobserve(element);
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
  followers.forEach(catchUp);
}

/** Draws everything now, as of the moment; done when it is on the canvases. */
async function drawAll() {
  // A moment that was set just now is told in the next frame.
  await nextFrame();
  drawRest();
  // The charts put their pixels down in a microtask after they are made.
  await nextFrame();
}
