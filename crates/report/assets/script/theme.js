// Light and dark. The theme stands on the root element from the first moment, so that style sheets
// and canvases read the same colours.

const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)");
const themeListeners = new Set();

function currentTheme() {
  return document.documentElement.dataset.theme;
}

function setTheme(theme) {
  if (currentTheme() === theme) return;
  document.documentElement.dataset.theme = theme;
  colourCache.clear();
  themeListeners.forEach((tell) => tell());
}

/** Calls `tell` whenever the colours have changed; returns what ends that. */
function onTheme(tell) {
  themeListeners.add(tell);
  return () => themeListeners.delete(tell);
}

const colourCache = new Map();

/** Value of a custom property such as `--ink`, for what draws on a canvas. */
function colour(name) {
  if (!colourCache.has(name)) {
    const style = getComputedStyle(document.documentElement);
    colourCache.set(name, style.getPropertyValue(name).trim());
  }
  return colourCache.get(name);
}

document.documentElement.dataset.theme = systemIsDark.matches ? "dark" : "light";
systemIsDark.addEventListener("change", () => setTheme(systemIsDark.matches ? "dark" : "light"));
