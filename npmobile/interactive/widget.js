// What both pages share. The numbers come from Python; a script only shows them.

const number = (value) => (typeof value === "number" ? value.toLocaleString("en-US") : value);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => number(values[name]));

function element(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function button(label, onclick, attributes = {}) {
  const node = element("button", { type: "button", ...attributes }, label);
  node.onclick = onclick;
  return node;
}

// Build every widget of this name that was not built before. A shadow root keeps its ids and styles to itself, and
// replaces the static table: it is attached last, so that the table stays where a script fails.
function buildAll(name, build) {
  for (const host of document.querySelectorAll(".npmobile-" + name)) {
    const source = host.querySelector("script[type='application/json']");
    if (host.shadowRoot || !source) continue;
    const data = JSON.parse(source.textContent);
    const page = build(data, host);
    host.attachShadow({ mode: "open" }).append(element("style", {}, data.style), page);
  }
}
