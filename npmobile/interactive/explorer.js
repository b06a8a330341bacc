// A number box finds its value in the list of what may be typed; every number shown was computed by `cost`.

function chooser(name, list, step, words, shown, onchange) {
  const error = element("p", { class: "error", role: "alert", id: name + "-error" });
  const box = element("input", {
    type: "number", id: name, step, min: list[0], max: list[list.length - 1], "aria-describedby": name + "-error",
  });
  let index = 0;
  function read(finished) {
    const found = box.value.trim() === "" ? -1 : list.indexOf(Number(box.value));
    const wrong = found < 0 && finished;
    box.setAttribute("aria-invalid", wrong);
    error.textContent = wrong ? fill(words["error_" + name], { name: shown() }) : "";
    if (found >= 0) onchange((index = found));
  }
  function set(to) {
    index = Math.min(Math.max(to, 0), list.length - 1);
    box.value = list[index];
    read(true);
  }
  box.oninput = () => read(false); // "0." on the way to 0.25 is no mistake yet
  box.onchange = box.onblur = () => read(true);
  const node = element("div", { class: "chooser" },
    element("label", { for: name }, words[name]),
    element("div", { class: "controls" },
      button("−" + step, () => set(index - 1), { "aria-label": `${name} −${step}` }), box,
      button("+" + step, () => set(index + 1), { "aria-label": `${name} +${step}` })),
    error);
  return { node, set };
}

function table(head, caption) {
  const node = element("table", { class: "costs" }, caption);
  const line = node.createTHead().insertRow();
  for (const title of head) line.append(element("th", { scope: "col" }, title));
  return node;
}

function build(data) {
  const { words, kinds, published, alphas, resolutions } = data;
  const caption = element("caption", {});
  const costs = table([words.kind, words.mult_adds, words.share, words.parameters, words.share], caption);
  const body = costs.appendChild(element("tbody", {}));
  const summary = element("p", { class: "status", role: "status", "aria-live": "polite" });
  const nearest = element("p", { class: "result" });
  let [a, r] = [0, 0];

  function row(name, kind, [multAdds, share, parameters, parameterShare]) {
    const gauge = element("div", { class: "gauge" }, kind && element("div", { class: "bar " + kind, style: `width: ${share}%` }));
    const line = element("tr", { class: kind ? "" : "total" }, element("th", { scope: "row" }, name));
    line.append(element("td", {}, number(multAdds)), element("td", {}, element("div", { class: "share" }, gauge, element("span", {}, share + " %"))));
    line.append(element("td", {}, number(parameters)), element("td", {}, parameterShare + " %"));
    return line;
  }
  const shown = () => `${data.alpha_names[a]}-${resolutions[r]}`;
  function show() {
    const [multAdds, parameters] = [data.costs[a][r], data.parameters[a]];
    const network = published[multAdds.nearest];
    const name = shown();
    const lines = kinds.map((kind, i) =>
      row(words["kind_" + kind], kind, [multAdds.counts[i], multAdds.shares[i], parameters.counts[i], parameters.shares[i]]));
    body.replaceChildren(...lines, row(words.total, "", [multAdds.total, "100.00", parameters.total, "100.00"]));
    const values = { name, classes: data.classes, rho: data.rhos[r], total: multAdds.total, parameters: parameters.total, of_full: multAdds.of_full };
    caption.textContent = fill(words.caption, values);
    summary.textContent = fill(words.summary, values);
    const isPublished = network.name === name;
    nearest.textContent = fill(isPublished ? words.published : words.nearest, network);
    for (const { node, index } of presets) node.setAttribute("aria-pressed", isPublished && index === multAdds.nearest);
  }
  const alpha = chooser("alpha", alphas, 0.05, words, shown, (index) => { a = index; show(); });
  const resolution = chooser("resolution", resolutions, 32, words, shown, (index) => { r = index; show(); });
  const presets = published.map((network, index) => ({
    index,
    node: button(network.name, () => { alpha.set(network.index[0]); resolution.set(network.index[1]); }),
  }));
  alpha.set(published[0].index[0]);
  resolution.set(published[0].index[1]);
  return element("section", { class: "page", "aria-label": words.title },
    element("div", { class: "inner" },
      element("h2", {}, words.title),
      element("div", { class: "choosers" },
        element("div", {}, alpha.node, resolution.node),
        element("div", {}, element("h3", { id: "presets" }, words.presets),
          element("div", { class: "presets", role: "group", "aria-labelledby": "presets" }, ...presets.map(({ node }) => node)))),
      summary, nearest, costs, element("p", {}, words.note)));
}

buildAll("explorer", build);
