// Two sides make the same number of mult-adds in each step: standard on one, depthwise and then pointwise on the other.

const STEP_MS = 700;
const CALM_MS = 1500; // for readers who asked for less motion

function grids(channels, letter, label) {
  // One table for each channel; cells[row][column][channel].
  const cells = [];
  const tables = channels.map((rows, channel) => {
    const table = element("table", {}, element("caption", {}, `${letter} = ${channel}`));
    rows.forEach((row, i) => {
      const line = table.insertRow();
      row.forEach((value, j) => {
        const cell = line.insertCell();
        cell.textContent = value;
        ((cells[i] ??= [])[j] ??= [])[channel] = cell;
      });
    });
    return table;
  });
  return { cells, node: element("div", { class: "grids", role: "group", "aria-label": label }, ...tables) };
}

function strip(rows, label, look) {
  const table = element("table", { class: "strip", "aria-label": label });
  rows.forEach((row, channel) => {
    const line = table.insertRow();
    line.append(element("th", { scope: "row" }, `m = ${channel}`));
    for (const value of row) Object.assign(line.insertCell(), { textContent: look === "blank" ? "" : value, className: look });
  });
  return table;
}

function panel(kind, lane, words) {
  const { before, D_F, side, D_G, N, total, steps } = lane;
  const empty = Array.from({ length: N }, () => Array.from({ length: D_G }, () => Array(D_G).fill("")));
  const input = grids(lane.picture, "m", words["picture_" + kind]);
  const output = grids(empty, kind === "depthwise" ? "m" : "n", words.output);
  const state = element("span", { class: "state" });
  const count = element("span", { class: "count" });
  const [column, kernel] = [element("div", {}), element("div", {})];
  const kernelTitle = element("h4", {});
  const made = element("p", { class: "made" });
  const node = element("section", { class: "panel " + kind, "aria-label": words[kind] },
    element("div", { class: "bar " + kind }),
    element("div", { class: "head" }, element("h3", {}, words[kind]), element("div", {}, count, " ", state)),
    element("div", { class: "parts" },
      element("div", {}, element("h4", {}, words["picture_" + kind]), input.node),
      element("div", {}, element("h4", {}, words["column_" + kind]), column, kernelTitle, kernel),
      element("div", {}, element("h4", {}, words.output), output.node, made)));

  function show(done, working, known) {
    const now = steps[Math.max(done, 1) - 1];
    count.textContent = `${number(done ? now.count : 0)} / ${number(total)}`;
    state.textContent = done === steps.length ? words.done : done ? "" : kind === "pointwise" ? words.waits : "";
    input.cells.forEach((row, i) => row.forEach((pixel, j) => {
      const inside = [i, j].every((place) => place >= before && place < before + D_F);
      const seen = working && now.windows.some(([top, left]) => i >= top && i < top + side && j >= left && j < left + side);
      pixel.forEach((cell, channel) => {
        cell.className = (inside ? "" : "zero ") + (seen ? "now" : "");
        cell.textContent = i * row.length + j < known ? lane.picture[channel][i][j] : "";
      });
    }));
    column.replaceChildren(strip(now.column, words["column_" + kind], !done ? "blank" : working && now.fresh ? "now" : "made"));
    kernelTitle.textContent = fill(words["kernel_" + kind], { n: now.made[0][2] });
    kernel.replaceChildren(strip(now.kernel, kernelTitle.textContent, ""));
    for (const cell of output.cells.flat(2)) Object.assign(cell, { className: "", textContent: "" });
    steps.slice(0, done).forEach((past) => {
      for (const [k, l, n, value] of past.made) {
        Object.assign(output.cells[k][l][n], { className: working && past === now ? "now" : "made", textContent: value });
      }
    });
    made.textContent = fill(words.made, { numbers: now.made.length, each: now.each, mult_adds: now.mult_adds });
  }
  return { node, show };
}

function track(kinds, label, lanes, longest) {
  const count = element("span", { class: "count" });
  const bars = kinds.map((kind) => element("div", { class: "bar " + kind }));
  const length = kinds.reduce((sum, kind) => sum + lanes[kind].total, 0);
  const road = element("div", { class: "road", style: `width: ${(100 * length) / longest}%` }, ...bars);
  const nodes = [element("span", { class: "name" }, label), element("div", { class: "lane" }, road), count];
  function show(counts, text) {
    counts.forEach((value, i) => { bars[i].style.width = `${(100 * value) / length}%`; });
    count.textContent = text;
  }
  return { nodes, show };
}

function build(data, host) {
  const { words, lanes, totals } = data;
  const halves = ["depthwise", "pointwise"];
  const first = lanes.depthwise.steps.length;
  const steps = Math.max(lanes.standard.steps.length, first + lanes.pointwise.steps.length);
  const panels = Object.entries(lanes).map(([kind, lane]) => [kind, lane, panel(kind, lane, words)]);
  const longest = Math.max(totals.standard, totals.separable);
  const road = track(["standard"], words.standard, lanes, longest);
  const roads = track(halves, words.separable, lanes, longest);
  const status = element("p", { class: "status", role: "status", "aria-live": "polite" });
  let step = 0;
  let timer = 0;

  const stepsDone = (kind) =>
    Math.min(Math.max(step - (kind === "pointwise" ? first : 0), 0), lanes[kind].steps.length);
  const countOf = (kind) => (stepsDone(kind) ? lanes[kind].steps[stepsDone(kind) - 1].count : 0);

  function show() {
    for (const [kind, lane, { show }] of panels) {
      const started = step - (kind === "pointwise" ? first : 0);
      const known = kind === "pointwise" ? stepsDone("depthwise") : Infinity; // pixels there to be read
      show(stepsDone(kind), started > 0 && started <= lane.steps.length, known);
    }
    const [standard, depthwise, pointwise] = ["standard", ...halves].map(countOf);
    const separable = depthwise + pointwise;
    road.show([standard], `${number(standard)} / ${number(totals.standard)}`);
    roads.show([depthwise, pointwise], `${number(separable)} / ${number(totals.separable)}`);
    const values = { step, steps, standard, separable, standard_total: totals.standard, separable_total: totals.separable };
    const [standardDone, separableDone] = [standard === totals.standard, separable === totals.separable];
    const finish = separableDone ? words.separable_done : standardDone ? words.standard_done : "";
    status.textContent = standardDone && separableDone ? fill(words.both_done, data) : fill(words.status, values) + " " + finish;
    status.classList.toggle("finished", step === steps);
    previous.setAttribute("aria-disabled", step === 0);
    next.setAttribute("aria-disabled", step === steps);
  }
  function go(to) {
    step = Math.min(Math.max(to, 0), steps);
    show();
  }
  function pause() {
    clearInterval(timer);
    timer = 0;
    play.textContent = words.play;
    status.setAttribute("aria-live", "polite"); // while it plays, a screen reader is spared every step
  }
  function toggle() {
    if (timer) return pause();
    if (step === steps) go(0);
    play.textContent = words.pause;
    status.setAttribute("aria-live", "off");
    timer = setInterval(() => {
      if (!host.isConnected) return pause();
      if (step + 1 === steps) pause();
      go(step + 1);
    }, matchMedia("(prefers-reduced-motion: reduce)").matches ? CALM_MS : STEP_MS);
  }
  const by = (to) => () => { pause(); go(to()); };
  const previous = button(words.previous, by(() => step - 1));
  const next = button(words.next, by(() => step + 1));
  const play = button(words.play, toggle);
  const reset = button(words.reset, by(() => 0));
  const page = element("section", { class: "page", "aria-label": words.title },
    element("div", { class: "inner" },
      element("h2", {}, words.title),
      element("div", { class: "controls", role: "group", "aria-label": words.controls },
        previous, next, play, reset, element("span", {}, fill(words.each_step, data))),
      element("div", { class: "tracks" }, ...road.nodes, ...roads.nodes), status,
      element("div", { class: "panels" }, ...panels.map(([, , { node }]) => node))));
  show();
  return page;
}

startAll("stepper", build);
