// Builds the document. Data enters as text nodes and attributes only: there is no way to pass markup here.

const SVG = "http://www.w3.org/2000/svg";

/** An element: `h("button", {class: "x", onclick}, "text", child, null)`. Functions become listeners. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const PATHS = {
  menu: "M4 7h16M4 12h16M4 17h16",
  clock: "M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0",
  info: "M12 11v5M12 8h.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0",
  success: "M8 12.5l2.7 2.7L16 9.5M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0",
  warning: "M12 9v4M12 16.5h.01M10.6 4.6L3 18a1.6 1.6 0 0 0 1.4 2.4h15.2A1.6 1.6 0 0 0 21 18L13.4 4.6a1.6 1.6 0 0 0-2.8 0",
  danger: "M12 7.5v5.5M12 16.5h.01M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3z",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z",
  send: "M4.5 12L20 4.5 15 20l-3.6-6.4zM20 4.5l-8.6 9.1",
  slash: "M15 5L9 19",
  calendar: "M5 6h14v14H5zM5 10.5h14M9 3.5V8M15 3.5V8",
  chevron: "M8 10l4 4 4-4",
  check: "M6 12.500l4 4 8-9",
  close: "M6 6l12 12M18 6L6 18",
  group: "M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11M3 19c.5-3.4 2.8-5 6-5s5.500 1.600 6 5M16 11a2.600 2.600 0 1 0-.8-5M17 14c2.300.3 3.700 1.800 4 4.500",
  down: "M12 5v14M6 13l6 6 6-6",
};

/** A line drawing that only decorates; words stand beside it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function avatar(person, size = "") {
  if (!person) return h("img", { class: `avatar ${size}`, src: "/page/mark.svg", alt: "" });
  const letters = /^[\x20-\u024f]+$/.test(person.name) ? initials(person.name) : [...person.name].slice(-2).join("");
  return h("span", { class: `avatar hue-${person.hue} ${size}`, "aria-hidden": "true" }, letters);
}

function initials(name) {
  return name.split(/\s+/).map((word) => word[0] ?? "").slice(0, 2).join("").toUpperCase();
}

export function badge(count, label, urgent = false) {
  if (!count) return null;
  const text = count > 99 ? "99+" : String(count);
  return h("span", { class: urgent ? "badge urgent" : "badge" }, h("span", { "aria-hidden": "true" }, text), h("span", { class: "sr" }, label));
}

export const find = (id) => document.getElementById(id);
