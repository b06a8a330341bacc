// A number box finds its place in the list of what may be typed; every number shown was computed by `cost`.

function chooser(name, list, step, words, shown, onchange) {
  const error = element("p", { class: "error", role: "alert", id: name + "-error" });
  const box = element("input", {
    type: "number", id: name, step, min: list[0], max: list[list.length - 1], "aria-describedby": name + "-error",
  });
  let place = 0;
  function read(complain) {
    const found = box.value.trim() === "" ? -1 : list.indexOf(Number(box.value));
    const wrong = found < 0 && complain;
    box.setAttribute("aria-invalid", wrong);
    error.textContent = wrong ? fill(words["error_" + name], { name: shown() }) : "";
    if (found >= 0) onchange((place = found));
  }
  function set(to) {
    place = Math.min(Math.max(to, 0), list.length - 1);
    box.value = list[place];
    read(true);
  }
  box.oninput = () => read(false); // "0." on the way to 0.25 is no mistake yet
  box.onchange = box.onblur = () => read(true);
  const node = element("div", { class: "chooser" },
    element("label", { for: name }, words[name]),
    element("div", { class: "controls" },
      button("−" + step, () => set(place - 1), { "aria-label": `${name} −${step}` }), box,
      button("+" + step, () => set(place + 1), { "aria-label": `${name} +${step}` })),
    error);
  return { node, set };
}

function table(head, caption) {
  const node = element("table", { class: "bill" }, caption);
  const line = node.createTHead().insertRow();
  for (const title of head) line.append(element("th", { scope: "col" }, title));
  return node;
}

function build(data) {
  const { words, kinds, published, alphas, resolutions } = data;
  const caption = element("caption", {});
  const bill = table([words.kind, words.mult_adds, words.share, words.parameters, words.share], caption);
  const body = bill.appendChild(element("tbody", {}));
  const summary = element("p", { class: "status", role: "status", "aria-live": "polite" });
  const nearest = element("p", { class: "result" });
  let [a, r] = [0, 0];

  function row(name, kind, [multAdds, share, parameters, parameterShare]) {
    const lane = element("div", { class: "lane" }, kind && element("div", { class: "bar " + kind, style: `width: ${share}%` }));
    const line = element("tr", { class: kind ? "" : "total" }, element("th", { scope: "row" }, name));
    line.append(element("td", {}, number(multAdds)), element("td", {}, element("div", { class: "share" }, lane, element("span", {}, share + " %"))));
    line.append(element("td", {}, number(parameters)), element("td", {}, parameterShare + " %"));
    return line;
  }
  const shown = () => `${data.alpha_names[a]}-${resolutions[r]}`;
  function show() {
    const [here, size] = [data.bills[a][r], data.parameters[a]];
    const best = published[here.nearest];
    const name = shown();
    const lines = kinds.map((kind, i) =>
      row(words["kind_" + kind], kind, [here.counts[i], here.shares[i], size.counts[i], size.shares[i]]));
    body.replaceChildren(...lines, row(words.total, "", [here.total, "100.00", size.total, "100.00"]));
    const values = { name, classes: data.classes, rho: data.rhos[r], total: here.total, parameters: size.total, of_full: here.of_full };
    caption.textContent = fill(words.caption, values);
    summary.textContent = fill(words.summary, values);
    const isIt = best.name === name;
    nearest.textContent = fill(isIt ? words.published : words.nearest, best);
    for (const { node, index } of presets) node.setAttribute("aria-pressed", isIt && index === here.nearest);
  }
  const alpha = chooser("alpha", alphas, 0.05, words, shown, (place) => { a = place; show(); });
  const resolution = chooser("resolution", resolutions, 32, words, shown, (place) => { r = place; show(); });
  const presets = published.map((network, index) => ({
    index,
    node: button(network.name, () => { alpha.set(network.place[0]); resolution.set(network.place[1]); }),
  }));
  alpha.set(published[0].place[0]);
  resolution.set(published[0].place[1]);
  return element("section", { class: "page", "aria-label": words.title },
    element("div", { class: "inner" },
      element("h2", {}, words.title),
      element("div", { class: "choosers" },
        element("div", {}, alpha.node, resolution.node),
        element("div", {}, element("h3", { id: "presets" }, words.presets),
          element("div", { class: "presets", role: "group", "aria-labelledby": "presets" }, ...presets.map(({ node }) => node)))),
      summary, nearest, bill, element("p", {}, words.note)));
}

startAll("explorer", build);
