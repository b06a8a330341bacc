// The outputs of a convolution: one grid for each channel. All grids of a convolution are one tab stop: arrow keys go
// from cell to cell, and the cell that is pointed at or has the focus is looked at.

function mapsOf({ name, channels, side, say, caption, letter, onlook }) {
  const nodes = []; // of the cells, in their order: pixel by pixel, and at each pixel channel by channel
  const captions = range(channels).map(() => element("div", { class: "caption" }));
  const place = (k, l, n) => (k * side + l) * channels + n;
  const grids = range(channels).map((n) => {
    const rows = range(side).map((k) =>
      element("div", { role: "row", class: "row" }, ...range(side).map((l) => make(k, l, n))),
    );
    const label = say("map_label", { what: say("what_" + name), letter, n });
    return element(
      "div",
      { class: "map" },
      captions[n],
      element("div", { class: "grid", style: `--n:${side}`, role: "grid", "aria-label": label }, ...rows),
    );
  });

  function make(k, l, n) {
    const c = place(k, l, n);
    const node = element("div", { class: "cell", role: "gridcell", tabindex: c === 0 ? 0 : -1, "data-cell": c });
    node.onpointerenter = (event) => event.pointerType !== "touch" && onlook("pointed", { name, c });
    node.onpointerleave = () => onlook("pointed", null);
    node.onfocus = () => {
      for (const other of nodes) other.tabIndex = -1;
      node.tabIndex = 0;
      onlook("focused", { name, c });
    };
    node.onblur = () => onlook("focused", null);
    node.onclick = () => node.focus();
    node.onkeydown = (event) => move(event, k, l, n);
    return (nodes[c] = node);
  }
  function move(event, k, l, n) {
    const last = side - 1;
    const targets = {
      ArrowRight: l < last ? [k, l + 1, n] : n < channels - 1 ? [k, 0, n + 1] : null,
      ArrowLeft: l > 0 ? [k, l - 1, n] : n > 0 ? [k, last, n - 1] : null,
      ArrowDown: k < last ? [k + 1, l, n] : null,
      ArrowUp: k > 0 ? [k - 1, l, n] : null,
      Home: [k, 0, n],
      End: [k, last, n],
      PageDown: n < channels - 1 ? [k, l, n + 1] : null,
      PageUp: n > 0 ? [k, l, n - 1] : null,
      Escape: null,
    };
    if (!(event.key in targets) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab would go to the next cell of the notebook
    if (event.key === "Escape") onlook("focused", null);
    else if (targets[event.key]) nodes[place(...targets[event.key])].focus();
  }

  // `values`: the outputs; `done` of them are computed; `part`: { c, value } of the one in work; `shown`: those looked at
  // or computed last; `used`: those that another convolution reads now; `sharing`: those made from the same pixel of
  // the depthwise step; `isEqual(c)`: to be marked as equal.
  function show({ values, done, part = null, shown = [], used = [], sharing = [], isEqual = () => false }) {
    nodes.forEach((node, c) => {
      const isPart = part?.c === c && c >= done,
        isShown = shown.includes(c),
        hasValue = c < done || isPart || isShown;
      const value = hasValue ? signed(isPart ? part.value : values[c].value) : "";
      const flags = {
        done: c < done,
        part: isPart,
        shown: isShown,
        used: used.includes(c),
        sharing: sharing.includes(c) && !isShown,
        equal: hasValue && isEqual(c),
      };
      node.className = ["cell", ...Object.keys(flags).filter((flag) => flags[flag])].join(" ");
      node.textContent = value;
      const words = {
        what: say("what_" + name),
        letter,
        n: values[c].n,
        k: values[c].k,
        l: values[c].l,
        value: value || say("no_value"),
      };
      node.setAttribute("aria-label", say("cell_label", words) + (flags.equal ? ", " + say("equal") : ""));
    });
    captions.forEach((node, n) => write(node, caption(n)));
  }
  return { node: element("div", { class: "maps " + name }, ...grids), show };
}
