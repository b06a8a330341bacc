// A standard and a separable convolution side by side. The timeline says how many mult-adds both have made; the cell
// that is pointed at or has the focus takes precedence, and shows how it is computed on both sides.

function build(data, say, page) {
  const { sizes, cells, kernels, standards, each, totals } = data;
  const { D_K, M, N, D_G } = sizes;
  const longest = Math.max(totals.standard, totals.separable);
  const { made, places, countsAfter } = placesOf(data);
  const outputs = D_G * D_G * N;
  // At first an output in the middle is looked at, so that the page shows what it is about.
  const middle = Math.floor((D_G - 1) / 2);
  const state = {
    t: 0,
    rank1: false,
    pointed: null,
    focused: null,
    example: { name: "pointwise", c: (middle * D_G + middle) * N },
  };
  const looked = () => state.pointed ?? state.focused ?? state.example;
  const now = () => standards[state.rank1 ? "rank1" : "general"];

  const live = element("p", { class: "aloud", "aria-live": "polite" });
  function onlook(how, look) {
    state[how] = look;
    if (look) state.example = null;
    show();
    if (how === "focused" && look) live.textContent = inWords(look);
  }
  const timeline = timelineOf({ each, totals, longest }, say, page, {
    ongo: (t) => {
      Object.assign(state, { t, example: null });
      show();
    },
    isHeld: () => Boolean(state.pointed ?? state.focused),
  });

  const maps = (name, channels, letter, caption) => mapsOf({ name, channels, side: D_G, say, caption, letter, onlook });
  const standard = {
    image: imageOf(data, say),
    kernel: kernelOf(data),
    work: workOf(standardLines(sizes, say), say, say("standard")),
    sum: element("p", { class: "sum-line" }),
    maps: maps("standard", N, "n", (n) => say("output_caption", { n })),
  };
  const separable = {
    image: imageOf(data, say),
    kernel: kernelOf(data),
    kernel2: pointwiseKernelOf(data, say),
    work: workOf(depthwiseLines(sizes, say), say, say("depthwise")),
    sum: element("p", { class: "sum-line" }),
    sum2: element("p", { class: "sum-line second" }),
    depthwise: maps("depthwise", M, "m", (m) => say("depthwise_caption", { m })),
    pointwise: maps("pointwise", N, "n", (n) => say("output_caption", { n })),
  };
  const lead = element("p", { class: "lead" });
  const toggle = element(
    "button",
    {
      type: "button",
      class: "switch",
      role: "switch",
      onclick: () => {
        state.rank1 = !state.rank1;
        show();
      },
    },
    element("i"),
    say("rank1"),
  );
  const side = (name, part, ...children) =>
    element(
      "section",
      { class: "side " + name, "aria-label": say(name) },
      element(
        "div",
        { class: "head" },
        element("h3", {}, say(name)),
        rich("p", {}, say("each_" + name, data.words_of_each)),
        rich("p", { class: "muted" }, say("why_" + name, data.words_of_each)),
      ),
      element(
        "div",
        { class: "reads" },
        part.image.node,
        element("div", { class: "kernels" }, part.kernel.node, part.kernel2?.node),
      ),
      part.work.node,
      part.sum,
      ...children,
    );
  // How many cells stand beside each other, for the styles: of the image, and of the outputs of both steps.
  const columns = `--channels:${M};--image-columns:${M * data.image[0].length};--maps:${M + N};--output-columns:${(M + N) * D_G}`;
  const node = element(
    "div",
    { class: "wrap", style: columns },
    element("header", { class: "top" }, element("h2", {}, say("title")), toggle, lead),
    timeline.node,
    element(
      "div",
      { class: "sides" },
      side("standard", standard, element("div", { class: "makes" }, standard.maps.node)),
      side(
        "separable",
        separable,
        element(
          "div",
          { class: "makes" },
          separable.depthwise.node,
          element("span", { class: "arrow", "aria-hidden": "true" }, "→"),
          separable.pointwise.node,
        ),
        separable.sum2,
      ),
    ),
    live,
  );

  // ---- what is shown ----
  const costOf = (...counts) => `<span class="cost">${say("cost", { count: counts.join(" + ") })}</span>`;
  // The depthwise step is made once for a pixel, and not again for each of its outputs.
  const costOfPixel = (counts) => `<span class="cost">${say("cost_of_pixel", { N, count: counts.join(" + ") })}</span>`;
  const factor = (value) => (value < 0 ? `(${signed(value)})` : String(value));
  const termsOf = ({ x, w }) => x.map((value, i) => `${factor(value)}·${factor(w[i])}`).join(" + ");
  function inWords({ name, c }) {
    const cell = (name === "standard" ? now().cells : cells[name])[c];
    return say("aloud", { terms: termsOf(cell), value: signed(cell.value), count: cell.mult_adds });
  }
  function showStandard(at, look, counts, isEqual) {
    const { cells: list, kernel } = now();
    const cell = at && list[at.c],
      part = cell && { cell, done: at.done };
    const parts = range(M).map((m) => part && { ...part, at: (i, j) => (i * D_K + j) * M + m });
    const n = cell ? cell.n : 0;
    const names = range(M).map((m) => (state.rank1 ? `${signed(kernels.pointwise[m][n])} × D, m = ${m}` : `m = ${m}`));
    standard.image.show(parts);
    standard.kernel.show(kernel[n], say("kernel_standard", { n }), names, Array(M).fill(true));
    standard.work.show([part]);
    const sum =
      cell &&
      (at.done === each.standard
        ? say("sum", { count: at.done, value: signed(cell.value) })
        : say("sum_so_far", { count: at.done, value: signed(cell.s[at.done - 1]) }));
    write(
      standard.sum,
      cell
        ? `<span>${sum}</span>${look && isEqual(at.c) ? `<b class="ok">${say("equal")}</b>` : ""}${costOf(at.done)}`
        : "",
    );
    standard.maps.show({
      values: list,
      done: Math.floor(counts.standard / each.standard),
      shown: at ? [at.c] : [],
      isEqual,
      part: cell && !look ? { c: at.c, value: cell.s[at.done - 1] } : null,
    });
  }
  function showDepthwise(at, look, counts, used) {
    const parts = range(M).map((m) =>
      at?.done[m] ? { cell: cells.depthwise[at.pixel * M + m], done: at.done[m], at: (i, j) => i * D_K + j } : null,
    );
    const isUsed = parts.map((part) => !at || Boolean(part));
    separable.image.show(parts);
    separable.kernel.show(
      kernels.depthwise,
      say("kernel_depthwise"),
      range(M).map((m) => `m = ${m}`),
      isUsed,
    );
    separable.work.show(parts);
    const active = parts.filter(Boolean);
    const sums = active.map(
      ({ cell, done }) => `<span>${say("sum_of_channel", { m: cell.n, value: signed(cell.s[done - 1]) })}</span>`,
    );
    const costs = active.map(({ done }) => done);
    const isWhole = at && at.done.every((done) => done === each.depthwise);
    write(separable.sum, at ? sums.join("") + (isWhole ? costOfPixel(costs) : costOf(...costs)) : "");
    const last = active.at(-1);
    const placesShown = active.map(({ cell }) => at.pixel * M + cell.n);
    separable.depthwise.show({
      values: cells.depthwise,
      done: Math.floor(counts.depthwise / each.depthwise),
      used,
      shown: look ? placesShown : placesShown.slice(-1),
      part: last && !look ? { c: placesShown.at(-1), value: last.cell.s[last.done - 1] } : null,
    });
  }
  function showPointwise(at, look, counts, isEqual) {
    const cell = at && cells.pointwise[at.c];
    separable.pointwise.show({
      values: cells.pointwise,
      done: Math.floor(counts.pointwise / each.pointwise),
      shown: at ? [at.c] : [],
      sharing: at && look ? range(N).map((n) => at.c - cell.n + n) : [],
      isEqual,
      part: cell && !look ? { c: at.c, value: cell.s[at.done - 1] } : null,
    });
    separable.kernel2.show(cell?.n ?? null);
    const terms = cell && termsOf({ x: cell.x.slice(0, at.done), w: cell.w });
    write(
      separable.sum2,
      cell
        ? `<span>${say("sum_of_pixel", { terms, value: signed(cell.s[at.done - 1]) })}</span>${costOf(at.done)}`
        : "",
    );
  }
  function statusOf(look, counts) {
    if (state.example) return say("status_example");
    if (look) {
      const after = countsAfter(look);
      return say(look.name === "depthwise" ? "status_filtered" : "status_output", after);
    }
    const done = Object.keys(counts).map((kind) => [kind, Math.floor(counts[kind] / each[kind])]);
    const values = { ...Object.fromEntries(done), outputs, ratio: data.ratio };
    const standardIsDone = counts.standard === totals.standard;
    const separableIsDone = counts.depthwise + counts.pointwise === totals.separable;
    if (standardIsDone && separableIsDone) return say("status_end", values);
    if (separableIsDone) return say("status_separable_done", { ...values, total: totals.separable });
    if (standardIsDone) return say("status_standard_done", { ...values, total: totals.standard });
    return say("status", values);
  }
  function show() {
    const look = looked(),
      counts = made(state.t),
      at = places(state.t, look),
      { equal, ranks } = now();
    const both = Math.min(Math.floor(counts.standard / each.standard), Math.floor(counts.pointwise / each.pointwise));
    const isEqual = (c) => state.rank1 && equal[c] && (c < both || (look && at.standard?.c === c)); // computed on both sides
    const pixel = at.pointwise && Math.floor(at.pointwise.c / N);
    showStandard(at.standard, look, counts, isEqual);
    showDepthwise(at.depthwise, look, counts, at.pointwise ? range(M).map((m) => pixel * M + m) : []);
    showPointwise(at.pointwise, look, counts, isEqual);
    timeline.show(counts);
    timeline.tell(statusOf(look, counts), Boolean(look) && !state.example);
    const same = equal.filter(Boolean).length;
    write(
      lead,
      say(state.rank1 ? "lead_rank1" : "lead_general", { same, outputs, rank: [...new Set(ranks)].join(", ") }),
    );
    toggle.setAttribute("aria-checked", state.rank1);
  }
  show();
  return { node };
}

buildAll("stepper", build);
