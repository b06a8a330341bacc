// What a convolution reads and multiplies: the image with its window, the kernel, the table of products and sums.
//
// A "part" is one output as far as it is computed: { cell, done, at }. `cell` comes from Python, `done` of its products
// are made, and `at(i, j)` says where the window's pixel (i, j) stands in the cell's lists, for channel m of the image.

const newest = ({ cell, done }) => (done < cell.x.length ? done - 1 : -1); // the product made last, while there are more

function imageOf({ sizes, image }, say) {
  const { D_K, D_F, before, stride } = sizes;
  const side = image[0].length;
  const inside = (at) => at >= before && at < before + D_F;
  const largest = Math.max(...image.flat(2), 1);
  const cells = image.map((rows) =>
    rows.flatMap((row, i) =>
      row.map((value, j) =>
        element(
          "span",
          { class: "cell" + (inside(i) && inside(j) ? "" : " padding"), style: `--v:${value / largest}` },
          String(value),
          element("sub"),
        ),
      ),
    ),
  );
  const grids = cells.map((list, m) =>
    element(
      "div",
      {},
      rich("div", { class: "caption" }, say("image_caption", { m })),
      element(
        "div",
        {
          class: "grid",
          style: `--n:${side}`,
          role: "img",
          "aria-label": say("image_label", { m, rows: image[m].map((row) => row.join(" ")).join("; ") }),
        },
        ...list,
      ),
    ),
  );
  // parts[m]: what reads channel m, or null.
  function show(parts) {
    cells.forEach((list, m) =>
      list.forEach((node, place) => {
        const part = parts[m];
        const i = part ? Math.floor(place / side) - stride * part.cell.k : -1,
          j = part ? (place % side) - stride * part.cell.l : -1;
        const isRead = i >= 0 && i < D_K && j >= 0 && j < D_K;
        const at = isRead ? part.at(i, j) : -1;
        node.classList.toggle("read", isRead);
        node.classList.toggle("waiting", isRead && at >= part.done);
        node.classList.toggle("newest", isRead && at === newest(part));
        node.lastChild.textContent = isRead ? "×" + signed(part.cell.w[at]) : "";
      }),
    );
  }
  return { node: element("div", { class: "image maps" }, ...grids), show };
}

function kernelOf({ sizes }) {
  const { D_K, M } = sizes;
  const head = element("div", { class: "caption" });
  const blocks = range(M).map(() => ({
    name: element("div", { class: "caption name" }),
    cells: range(D_K * D_K).map(() => element("span", { class: "cell" })),
  }));
  const boxes = blocks.map(({ name, cells }) =>
    element("div", {}, name, element("div", { class: "grid", style: `--n:${D_K}` }, ...cells)),
  );
  // The table of products says the same to a screen reader.
  const node = element(
    "div",
    { class: "kernel", "aria-hidden": "true" },
    head,
    element("div", { class: "blocks" }, ...boxes),
  );
  function show(weights, title, names, isUsed) {
    write(head, title);
    blocks.forEach(({ name, cells }, m) => {
      write(name, names[m]);
      boxes[m].classList.toggle("unused", !isUsed[m]);
      cells.forEach((cell, at) => (cell.textContent = signed(weights[m][at])));
    });
  }
  return { node, show };
}

// The pointwise kernel: a row for each channel m, a column for each output n. The column in use is marked.
function pointwiseKernelOf({ sizes, kernels }, say) {
  const cells = kernels.pointwise.map((row) => row.map((weight) => element("span", { class: "cell" }, signed(weight))));
  const name = element("div", { class: "caption name" });
  const node = element(
    "div",
    { class: "kernel pointwise", "aria-hidden": "true" },
    rich("div", { class: "caption" }, say("kernel_pointwise")),
    name,
    element("div", { class: "grid", style: `--n:${sizes.N}` }, ...cells.flat()),
  );
  function show(used) {
    write(name, used === null ? "" : `n = ${used}`);
    cells.forEach((row) => row.forEach((cell, n) => cell.classList.toggle("newest", n === used)));
  }
  return { node, show };
}

// A table of four rows: the flattened window, the kernel, the products, the sums so far. `lines` of `segments`: which
// part's columns, from where to where, and what stands above them.
function workOf(lines, say, label) {
  const rows = ["x", "w", "p", "s"];
  const columns = [];
  const tables = lines.map((segments) => {
    const head = element("tr", { class: "head" }, element("td", {}));
    const body = rows.map((row) => element("tr", { class: row }, element("th", { scope: "row" }, say("row_" + row))));
    segments.forEach(({ part, from, to, title }, index) => {
      if (index) for (const line of [head, ...body]) line.append(element("td", { class: "gap" }));
      head.append(element("td", { colspan: to - from }, title));
      for (let at = from; at < to; at++) {
        const cells = rows.map((row, i) => body[i].appendChild(element("td", { "data-m": title ? null : part })));
        columns.push({ part, at, cells });
      }
    });
    return element("table", { "aria-label": label }, element("tbody", {}, head, ...body));
  });
  function show(parts) {
    for (const { part: index, at, cells } of columns) {
      const part = parts[index];
      const made = part && at < part.done;
      rows.forEach((row, i) => {
        cells[i].textContent = part && (made || i < 2) ? signed(part.cell[row][at]) : "";
        cells[i].className = !part
          ? ""
          : !made
            ? "waiting"
            : at === newest(part)
              ? "newest"
              : row === "s" && at === part.done - 1
                ? "sum"
                : "";
      });
    }
  }
  return { node: element("div", { class: "work" }, ...tables), show };
}

// At most `MOST` columns in a line, so that a side of 350 pixels has room for them.
const MOST = 18;

// One long sum over (i, j, m): broken after a row i of the kernel.
function standardLines({ D_K, M }, say) {
  const rows = Math.max(1, Math.floor(MOST / (D_K * M))),
    each = D_K * M;
  const starts = range(D_K).filter((i) => i % rows === 0);
  return starts.map((i) => [
    { part: 0, from: i * each, to: Math.min(i + rows, D_K) * each, title: i ? "" : say(M > 1 ? "order" : "order_one") },
  ]);
}

// A sum of its own for each channel.
function depthwiseLines({ D_K, M }, say) {
  const count = Math.max(1, Math.floor(MOST / (D_K * D_K)));
  const starts = range(M).filter((m) => m % count === 0);
  return starts.map((start) =>
    range(M)
      .slice(start, start + count)
      .map((m) => ({ part: m, from: 0, to: D_K * D_K, title: `m = ${m}` })),
  );
}
