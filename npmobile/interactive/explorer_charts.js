// Two charts, drawn at the width they have, so that their words keep their size.

const line = (cls, x1, y1, x2, y2) => element("line", { class: cls, x1, y1, x2, y2 });
const label = (x, y, text, attributes = {}) => element("text", { x, y, ...attributes }, text);
const END = { "text-anchor": "end" },
  MIDDLE = { "text-anchor": "middle" };

// Accuracy against mult-adds: the 16 published networks as buttons, and the chosen network as a line. It has no place on
// the axis of accuracies, unless it is one of the 16.
function accuracyChartOf(data, say, page, onpick) {
  const { published } = data;
  const node = element("svg", { class: "chart", role: "group", "aria-label": say("points") });
  const H = 250,
    L = 34,
    R = 14,
    T = 32,
    B = 38;
  const [low, high] = [8e6, 1.25e9].map(Math.log10);
  let stop = 0; // the dot that is the tab stop

  function show({ network, state, exact, name }) {
    const W = node.clientWidth || 560;
    node.setAttribute("viewBox", `0 0 ${W} ${H}`);
    node.setAttribute("height", H);
    const X = (count) => L + ((Math.log10(count) - low) / (high - low)) * (W - L - R),
      Y = (percent) => T + ((75 - Number(percent)) / 38) * (H - T - B);
    const parts = [];
    for (const percent of [40, 50, 60, 70])
      parts.push(line("axis", L, Y(percent), W - R, Y(percent)), label(L - 7, Y(percent) + 4, percent, END));
    for (const m of [10, 20, 50, 100, 200, 500, 1000])
      parts.push(
        line("axis", X(m * million), T, X(m * million), H - B),
        label(X(m * million), H - B + 16, number(m), MIDDLE),
      );
    parts.push(label(W - R, H - 4, say("axis_mult_adds"), END), label(0, 11, say("axis_top_1")));
    const limit = clamp(X(state.budgets.mult_adds * million), L, W - R);
    if (state.budgets.mult_adds !== Infinity) {
      parts.push(element("rect", { class: "beyond", x: limit, y: T, width: W - R - limit, height: H - T - B }));
      if (limit < W - R)
        parts.push(
          line("budget", limit, T, limit, H - B),
          label(limit + 5, H - B - 6, say("your_budget"), { class: "budget" }),
        );
    }
    for (const series of new Set(published.map((point) => point.series))) {
      const points = published.filter((point) => point.series === series),
        [first] = points;
      parts.push(
        element("polyline", {
          class: "series",
          points: points.map((point) => `${X(point.mult_adds)},${Y(point.top_1)}`).join(" "),
        }),
      );
      parts.push(
        label(X(first.mult_adds) + 8, Y(first.top_1) + (first.alpha === published[0].alpha ? 4 : 16), "α " + series, {
          class: "ink",
        }),
      );
    }
    const isLeft = Math.log10(network.total) < low,
      isRight = Math.log10(network.total) > high;
    const x = isLeft ? L : isRight ? W - R : X(network.total);
    const pin = `${x},${H - B - 9} ${x - 6},${H - B + 1} ${x + 6},${H - B + 1}`; // on the axis of costs, the one it has
    parts.push(line("mark", x, T - 4, x, H - B), element("polygon", { class: "pin", points: pin }));
    const text = `${isLeft ? "← " : ""}${name}: ${shortened(network.total)}${isRight ? " →" : ""}`,
      before = x > W - 140;
    parts.push(label(before ? x - 6 : x + 6, T - 8, text, { class: "mark", ...(before ? END : {}) }));
    if (exact) stop = published.indexOf(exact);
    const focused = node.getRootNode().activeElement?.dataset?.dot;
    const dots = published.map((point, i) => dot(point, i, X, Y, point === exact));
    node.replaceChildren(...parts, ...dots);
    if (focused !== undefined) dots[focused].focus();
  }
  function dot(point, i, X, Y, isChosen) {
    const words = say("point", { name: point.name, top_1: point.top_1, count: number(point.mult_adds) });
    const node = element(
      "g",
      {
        class: "dot",
        role: "button",
        tabindex: i === stop ? 0 : -1,
        "aria-pressed": isChosen,
        "data-dot": i,
        "aria-label": words,
        transform: `translate(${X(point.mult_adds)} ${Y(point.top_1)})`,
      },
      element("title", {}, words),
      element("circle", { class: "hit", r: 12 }),
      element("circle", { class: "seen", r: isChosen ? 6.5 : 4.5 }),
    );
    node.onclick = () => pick(i);
    node.onkeydown = (event) => {
      const by = { ArrowRight: -1, ArrowUp: -1, ArrowLeft: 1, ArrowDown: 1 }[event.key]; // the most expensive is the first
      if (by) focusOn(clamp(i + by, 0, published.length - 1));
      else if (event.key === "Enter" || event.key === " ") pick(i);
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    return node;
  }
  function focusOn(i) {
    node.querySelector(`[data-dot="${stop}"]`).setAttribute("tabindex", -1);
    stop = i;
    const next = node.querySelector(`[data-dot="${i}"]`);
    next.setAttribute("tabindex", 0);
    next.focus();
  }
  function pick(i) {
    stop = i;
    onpick(published[i]);
  }
  return { node, show };
}

// Mult-adds against resolution: exact, in stairs, beside the law of rho squared. Dragging chooses a resolution.
function stairsChartOf(data, say, onresolution) {
  const node = element("svg", { class: "chart stairs", role: "img" });
  const H = 210,
    L = 44,
    R = 10,
    T = 16,
    B = 34,
    FIRST = 320; // the axis ends at 320, or where it must
  function show({ network, state }) {
    const W = node.clientWidth || 380,
      least = data.least;
    const most = [FIRST, 2 * FIRST, data.most].find((end) => state.resolution <= end);
    node.setAttribute("viewBox", `0 0 ${W} ${H}`);
    node.setAttribute("height", H);
    const resolutions = range(most - least + 1).map((i) => least + i);
    const counts = resolutions.map((resolution) => costOf(data, { ...state, resolution }).total),
      law = lawOf(data, state);
    const top = 1.04 * Math.max(counts.at(-1), law(most));
    const X = (resolution) => L + ((resolution - least) / (most - least)) * (W - L - R),
      Y = (count) => T + (1 - count / top) * (H - T - B);
    const step = range(12)
      .flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power))
      .find((size) => top / size <= 4.5);
    const parts = [];
    for (let count = 0; count < top; count += step)
      parts.push(line("axis", L, Y(count), W - R, Y(count)), label(L - 6, Y(count) + 4, number(count / million), END));
    for (const resolution of [least, 128, 224, most])
      parts.push(
        line("axis", X(resolution), T, X(resolution), H - B),
        label(X(resolution), H - B + 16, resolution, resolution === most ? END : MIDDLE),
      );
    parts.push(label(W - R, H - 2, say("axis_resolution"), END), label(0, 10, say("axis_millions")));
    const limit = state.budgets.mult_adds * million;
    if (limit < top)
      parts.push(
        element("rect", { class: "beyond", x: L, y: T, width: W - L - R, height: Y(limit) - T }),
        line("budget", L, Y(limit), W - R, Y(limit)),
      );
    parts.push(
      element("path", {
        class: "law",
        d:
          "M" +
          resolutions
            .filter((r) => r % 4 === 0)
            .map((r) => `${X(r).toFixed(1)} ${Y(law(r)).toFixed(1)}`)
            .join("L"),
      }),
    );
    const stairs = counts
      .map((count, i) =>
        i ? `H${X(resolutions[i] - 0.5).toFixed(1)}V${Y(count).toFixed(1)}` : `M${X(least)} ${Y(count).toFixed(1)}`,
      )
      .join("");
    parts.push(element("path", { class: "exact", d: stairs + `H${X(most)}` }));
    const x = X(state.resolution),
      y = Y(network.total);
    parts.push(line("mark thin", x, y, x, H - B), element("circle", { class: "here", cx: x, cy: y, r: 5.5 }));
    node.replaceChildren(...parts);
    node.setAttribute(
      "aria-label",
      say("stairs_label", { resolution: state.resolution, count: number(network.total) }),
    );
    node.onpointerdown = node.onpointermove = (event) => {
      if (event.type === "pointermove" && !event.buttons) return;
      const box = node.getBoundingClientRect();
      onresolution(
        clamp(Math.round(least + ((event.clientX - box.left - L) / (W - L - R)) * (most - least)), least, most),
      );
    };
    return (network.total / law(state.resolution)).toFixed(3);
  }
  return { node, show };
}
