// In each step both sides make the same number of mult-adds: standard on one, depthwise and then pointwise on the other.

const STEP_MS = 700; // milliseconds from step to step while it plays
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

function flattened(rows, label, look) {
  // One row for each channel; `look` is the class of its cells, and cells that look "blank" are empty.
  const table = element("table", { class: "flattened", "aria-label": label });
  rows.forEach((row, channel) => {
    const line = table.insertRow();
    line.append(element("th", { scope: "row" }, `m = ${channel}`));
    for (const value of row) Object.assign(line.insertCell(), { textContent: look === "blank" ? "" : value, className: look });
  });
  return table;
}

function panel(kind, convolution, words) {
  const { before, D_F, D_K, D_G, N, total, steps } = convolution;
  const empty = Array.from({ length: N }, () => Array.from({ length: D_G }, () => Array(D_G).fill("")));
  const input = grids(convolution.image, "m", words["image_" + kind]);
  const output = grids(empty, kind === "depthwise" ? "m" : "n", words.output);
  const state = element("span", { class: "state" });
  const count = element("span", { class: "count" });
  const [windows, kernel] = [element("div", {}), element("div", {})];
  const kernelTitle = element("h4", {});
  const inAStep = element("p", { class: "in-a-step" });
  const node = element("section", { class: "panel " + kind, "aria-label": words[kind] },
    element("div", { class: "bar " + kind }),
    element("div", { class: "head" }, element("h3", {}, words[kind]), element("div", {}, count, " ", state)),
    element("div", { class: "parts" },
      element("div", {}, element("h4", {}, words["image_" + kind]), input.node),
      element("div", {}, element("h4", {}, words["windows_" + kind]), windows, kernelTitle, kernel),
      element("div", {}, element("h4", {}, words.output), output.node, inAStep)));

  // `done` steps are finished; `running`: the last of them is shown; `known`: so many pixels of the input are computed.
  function show(done, running, known) {
    const step = steps[Math.max(done, 1) - 1];
    count.textContent = `${number(done ? step.count : 0)} / ${number(total)}`;
    state.textContent = done === steps.length ? words.done : done ? "" : kind === "pointwise" ? words.waits : "";
    input.cells.forEach((row, i) => row.forEach((pixel, j) => {
      const isPixel = [i, j].every((index) => index >= before && index < before + D_F);
      const isRead = running && step.positions.some(([top, left]) => i >= top && i < top + D_K && j >= left && j < left + D_K);
      pixel.forEach((cell, channel) => {
        cell.className = (isPixel ? "" : "padding ") + (isRead ? "current" : "");
        cell.textContent = i * row.length + j < known ? convolution.image[channel][i][j] : "";
      });
    }));
    const look = !done ? "blank" : running && step.new ? "current" : "computed";
    windows.replaceChildren(flattened(step.windows, words["windows_" + kind], look));
    kernelTitle.textContent = fill(words["kernel_" + kind], { n: step.outputs[0][2] });
    kernel.replaceChildren(flattened(step.kernel, kernelTitle.textContent, ""));
    for (const cell of output.cells.flat(2)) Object.assign(cell, { className: "", textContent: "" });
    steps.slice(0, done).forEach((past) => {
      for (const [k, l, n, value] of past.outputs) {
        const className = running && past === step ? "current" : "computed";
        Object.assign(output.cells[k][l][n], { className, textContent: value });
      }
    });
    inAStep.textContent = fill(words.in_a_step, { outputs: step.outputs.length, each: step.each });
  }
  return { node, show };
}

function progress(kinds, label, convolutions, longest) {
  // A bar for each kind, in a frame as long as their total; `longest` is the total that fills the page.
  const count = element("span", { class: "count" });
  const bars = kinds.map((kind) => element("div", { class: "bar " + kind }));
  const total = kinds.reduce((sum, kind) => sum + convolutions[kind].total, 0);
  const scale = element("div", { class: "scale", style: `width: ${(100 * total) / longest}%` }, ...bars);
  const nodes = [element("span", { class: "name" }, label), element("div", { class: "gauge" }, scale), count];
  function show(counts) {
    counts.forEach((value, i) => { bars[i].style.width = `${(100 * value) / total}%`; });
    count.textContent = `${number(counts.reduce((sum, value) => sum + value, 0))} / ${number(total)}`;
  }
  return { nodes, show };
}

function build(data, host) {
  const { words, convolutions, totals } = data;
  const pair = ["depthwise", "pointwise"];
  const first = convolutions.depthwise.steps.length; // the pointwise steps come after these
  const steps = Math.max(convolutions.standard.steps.length, first + convolutions.pointwise.steps.length);
  const panels = Object.entries(convolutions).map(([kind, convolution]) => [kind, convolution, panel(kind, convolution, words)]);
  const longest = Math.max(totals.standard, totals.separable);
  const standardProgress = progress(["standard"], words.standard, convolutions, longest);
  const separableProgress = progress(pair, words.separable, convolutions, longest);
  const status = element("p", { class: "status", role: "status", "aria-live": "polite" });
  let step = 0;
  let timer = 0;

  const stepsDone = (kind) =>
    Math.min(Math.max(step - (kind === "pointwise" ? first : 0), 0), convolutions[kind].steps.length);
  const countOf = (kind) => (stepsDone(kind) ? convolutions[kind].steps[stepsDone(kind) - 1].count : 0);

  function show() {
    for (const [kind, convolution, { show }] of panels) {
      const started = step - (kind === "pointwise" ? first : 0);
      const known = kind === "pointwise" ? stepsDone("depthwise") : Infinity;
      show(stepsDone(kind), started > 0 && started <= convolution.steps.length, known);
    }
    const [standard, depthwise, pointwise] = ["standard", ...pair].map(countOf);
    const separable = depthwise + pointwise;
    standardProgress.show([standard]);
    separableProgress.show([depthwise, pointwise]);
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
      element("div", { class: "progress" }, ...standardProgress.nodes, ...separableProgress.nodes), status,
      element("div", { class: "panels" }, ...panels.map(([, , { node }]) => node))));
  show();
  return page;
}

buildAll("stepper", build);
