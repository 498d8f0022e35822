// Elements by name. Texts enter as text nodes only: ids and texts of a scenario are written by
// strangers, and nothing of the data may become markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** An HTML element; attributes that are functions (`onclick`) listen, null ones are left out. */
function html(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** An SVG element, in the same way. */
function svg(name, attributes, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

/** A section with its heading; `id` is also where the contents at the top lead. */
function section(id, title, ...children) {
  const heading = html("h2", { id: `${id}-title` }, title);
  return html("section", { id, "aria-labelledby": `${id}-title` }, heading, ...children);
}

/** A sentence about what stands below it, or nothing. */
function about(text) {
  return text ? html("p", { class: "about" }, text) : null;
}

/** What is folded up, and made only when it is first opened. */
function openedLater(title, name, make) {
  const details = html("details", { class: name }, html("summary", null, title));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(make());
  });
  return details;
}

/** Sets a text only where it differs, which spares the browser a layout. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
