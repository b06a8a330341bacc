// What both pages share. The numbers come from Python, and the scripts show them.

const SVG = new Set(["svg", "g", "path", "line", "circle", "rect", "text", "polyline", "polygon", "title"]);
const ICONS = {
  play: "M3 1.5v11l9-5.5z",
  pause: "M3 1.5h3v11H3zM8 1.5h3v11H8z",
  start: "M2 1.5h2v11H2zM12 1.5v11L4.5 7z",
  previous: "M10.5 1.5v11L3 7z",
  next: "M3.5 1.5v11L11 7z",
  end: "M2 1.5v11L9.5 7zM10 1.5h2v11h-2z",
};

const number = (value) => value.toLocaleString("en-US"); // 568,740,352 in both languages
const signed = (value) => String(value).replace("-", "−");
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const range = (length) => Array.from({ length }, (_, i) => i);
const clamp = (value, least, most) => Math.min(Math.max(value, least), most);

function element(tag, attributes = {}, ...children) {
  const node = SVG.has(tag) ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node[name] = value;
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

// An element whose text has <b> and the like in it; the text is one of `words`, and its values are ours.
function rich(tag, attributes, text) {
  const node = element(tag, attributes);
  node.innerHTML = text;
  return node;
}

// Write only what has changed, so that a screen reader does not read the same sentence again.
function write(node, text) {
  if (node.written === text) return;
  node.written = text;
  node.innerHTML = text;
}

const icon = (name) =>
  element("svg", { viewBox: "0 0 14 14", "aria-hidden": "true" }, element("path", { d: ICONS[name] }));

function button(label, onclick, ...content) {
  return element("button", { type: "button", class: "button", "aria-label": label, title: label, onclick }, ...content);
}

// A few buttons of which one is chosen. `choices` are [value, text]; an arrow key is not needed, each is a tab stop.
function choice(label, choices, chosen, onchoose) {
  const buttons = choices.map(([value, text]) =>
    element(
      "button",
      {
        type: "button",
        "aria-pressed": value === chosen,
        onclick: () => {
          show(value);
          onchoose(value);
        },
      },
      text,
    ),
  );
  function show(value) {
    buttons.forEach((node, i) => node.setAttribute("aria-pressed", choices[i][0] === value));
  }
  return element("div", { class: "choice", role: "group", "aria-label": label }, ...buttons);
}

// A number box with its error text: `parse` returns a value, or undefined for what is refused; an empty box is null.
function numberBox(attributes, parse, message, onvalue, onwrong = () => {}) {
  const error = element("p", { class: "error", role: "alert", id: attributes.id + "-error", hidden: "" });
  const box = element("input", {
    type: "number",
    "aria-describedby": error.id,
    "aria-invalid": "false",
    ...attributes,
  });
  function complain(wrong) {
    box.setAttribute("aria-invalid", wrong);
    error.hidden = !wrong;
    error.textContent = wrong ? message() : "";
    onwrong(wrong);
  }
  function read(finished) {
    const empty = box.value.trim() === "" && !box.validity.badInput;
    const value = box.validity.badInput ? undefined : parse(empty ? null : Number(box.value));
    if (value !== undefined) {
      complain(false);
      onvalue(value);
    } else if (finished) complain(true); // "0." on the way to 0.25 is no mistake yet
  }
  box.oninput = () => read(false);
  box.onchange = box.onblur = () => read(true);
  // What is being typed, or was refused, stays as it is, unless another control has set the value (`set`).
  function show(value, set = false) {
    if (set) complain(false);
    const typing = box.getRootNode().activeElement === box || box.getAttribute("aria-invalid") === "true";
    if ((set || !typing) && (box.value === "" || Number(box.value) !== value)) box.value = value;
  }
  return { box, error, show };
}

// JupyterLab says its theme on <body>. Elsewhere the page is light or dark as the CSS of its place says.
function followTheme(page) {
  const set = () => {
    const light = document.body.dataset.jpThemeLight;
    if (light === undefined) delete page.dataset.theme;
    else page.dataset.theme = light === "false" ? "dark" : "light";
  };
  new MutationObserver(set).observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  set();
}

const lessMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// Build every page of this name that was not built before. A shadow root keeps its ids and styles to itself, and
// replaces the still: it is attached last, so that the still stays where a script fails.
function buildAll(name, build) {
  for (const host of document.querySelectorAll(".npmobile-" + name)) {
    const source = host.querySelector("script[type='application/json']");
    if (host.shadowRoot || !source) continue;
    const data = JSON.parse(source.textContent);
    const say = (key, values = {}) => fill(data.words[key], values);
    const page = element("section", { class: `page ${name}`, "aria-label": data.words.title });
    const { node, ready } = build(data, say, page);
    page.append(node);
    host.attachShadow({ mode: "open" }).append(element("style", {}, data.style), page);
    followTheme(page);
    ready?.();
  }
}
