// What a student types and chooses, and the tables that answer.

const million = 1e6;
const shortened = (count) => {
  // 76.5 M, 1.32 M, 785 k
  const m = count / million;
  if (m >= 1000) return (m / 1000).toFixed(2) + " G";
  if (m >= 0.1) return (m >= 100 ? m.toFixed(0) : m >= 10 ? m.toFixed(1) : m.toFixed(2)) + " M";
  return count >= 1e4 ? Math.round(count / 1e3) + " k" : number(count);
};
const inBytes = (bytes) => {
  // 96.0 KB, 1,200 KB, 117 MB
  const kb = bytes / 1024;
  if (kb >= 1e4) return number(Math.round(kb / 1024)) + " MB";
  return (kb >= 100 ? number(Math.round(kb)) : kb.toFixed(1)) + " KB";
};
const percentOf = (part, whole) => ((100 * part) / whole).toFixed(2);

// A slider, two buttons and a number box for one value. `options`: the values that can be chosen, in order.
function dialOf({ name, options, step, jump, say, shown, onvalue, onwrong }) {
  let index = 0;
  const [least, most] = [options[0], options.at(-1)];
  const parse = (value) => (options.includes(value) ? value : undefined);
  const typed = numberBox(
    { id: name, min: least, max: most, step },
    parse,
    () => say("error_" + name, { least: options[0], most, shown: shown() }),
    choose,
    onwrong,
  );
  const slider = element("input", {
    type: "range",
    min: 0,
    max: options.length - 1,
    step: 1,
    "aria-label": say("slider", { name: say(name) }),
    oninput: () => set(Number(slider.value)),
  });
  const hint = element("p", { class: "hint" });
  const press = (by, key, sign) =>
    button(say(key, { name: say(name), step: jump }), () => set(index + by * Math.round(jump / step)), sign);
  const node = element(
    "div",
    { class: "dial" },
    element("label", { for: name }, say(name)),
    element("div", { class: "line" }, slider, press(-1, "less", "−"), typed.box, press(1, "more", "+")),
    hint,
    typed.error,
  );
  function choose(value) {
    index = options.indexOf(value);
    onvalue(value, index);
  }
  function set(to) {
    index = clamp(to, 0, options.length - 1);
    typed.show(options[index], true);
    onvalue(options[index], index);
  }
  function show(words) {
    slider.value = index;
    slider.setAttribute("aria-valuetext", options[index]);
    typed.show(options[index]);
    write(hint, words);
  }
  return { node, set: (value) => set(options.indexOf(value)), show };
}

// Rows of a cost, a bar against its budget, and whether it fits. `rows`: { key, budget, note, text, unit, per }.
function budgetsOf({ rows, budgets, say, onbudget }) {
  const errors = element("div", {});
  const inputs = {};
  const lines = rows.map((row) => {
    const note = element("small"),
      value = element("td", { class: "value" }),
      verdict = element("td", { class: "verdict" });
    const inside = element("div", { class: "inside" }),
      over = element("div", { class: "over" });
    const meter = element(
      "div",
      { class: "meter", "aria-hidden": "true" },
      inside,
      over,
      element("div", { class: "limit" }),
    );
    let cell = null;
    if (!inputs[row.budget]) {
      const label = say("budget_of", { name: say(row.key), unit: row.unit });
      const parse = (typed) => (typed === null || typed > 0 ? (typed ?? Infinity) : undefined);
      const { box, error } = (inputs[row.budget] = numberBox(
        { id: row.budget, min: 0, step: "any", value: budgets[row.budget], "aria-label": label },
        parse,
        () => say("error_budget", { name: label }),
        (limit) => onbudget(row.budget, limit),
      ));
      errors.append(error);
      cell = element(
        "td",
        { class: "budget", rowspan: rows.filter(({ budget }) => budget === row.budget).length },
        box,
        element("span", { class: "unit" }, row.unit),
      );
    }
    const node = element(
      "tr",
      {},
      element("th", { scope: "row" }, say(row.key), note),
      value,
      element("td", { class: "bar" }, meter),
      cell,
      verdict,
    );
    return { ...row, node, note, value, verdict, meter, inside, over };
  });
  const heads = ["cost", "bar", "budget", "verdict"].map((key) =>
    element("th", { scope: "col", class: key }, say("head_" + key)),
  );
  const table = element(
    "table",
    { class: "budgets" },
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        element("th", { scope: "col" }, element("span", { class: "aloud" }, say("head_what"))),
        ...heads,
      ),
    ),
    element("tbody", {}, ...lines.map(({ node }) => node)),
  );

  // Costs by key; the verdicts come back as sentences.
  function show(costs, notes) {
    return lines.map((line) => {
      const cost = costs[line.key],
        ratio = cost / (budgets[line.budget] * line.per),
        fits = ratio <= 1;
      write(line.value, `<b>${line.text(cost)}</b><small>${number(cost)}${line.unit === "KB" ? " B" : ""}</small>`);
      write(line.note, notes[line.key]);
      const limited = budgets[line.budget] !== Infinity;
      line.meter.classList.toggle("unlimited", !limited);
      line.inside.style.width = `${Math.min(ratio, 1) * 66.66}%`; // two thirds of the bar are the budget
      line.over.style.width = `${clamp(ratio - 1, 0, 0.5) * 66.66}%`;
      // Rounded down where it fits and up where it does not, so that 100 % is said only of what is exactly the budget.
      const share = ratio < 0.01 ? "< 1" : String(Math.floor(100 * ratio)),
        times = (Math.ceil(ratio * 100) / 100).toFixed(ratio < 10 ? 2 : 0);
      const key = !limited ? "unlimited" : fits ? "fits" : "over";
      line.verdict.className = "verdict " + (!limited ? "muted" : fits ? "ok" : "no");
      write(line.verdict, say(key, { share, times }));
      return `${[say(line.key), notes[line.key]].filter(Boolean).join(", ")}: ${say(key + "_aloud", { share, times })}`;
    });
  }
  return { node: element("div", {}, table, errors), show };
}

// Shares of the kinds of layers in all mult-adds and in all parameters.
function kindsOf({ kinds }, say) {
  const columns = ["multAdds", "parameters"];
  const rows = kinds.map((kind) => ({
    kind,
    cells: columns.map(() => ({
      bar: element("div", { class: "fill " + kind }),
      text: element("span", { class: "share" }),
    })),
  }));
  const node = element(
    "table",
    { class: "kinds" },
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        ...["head_kind", "mult_adds", "parameters"].map((key) => element("th", { scope: "col" }, say(key))),
      ),
    ),
    element(
      "tbody",
      {},
      ...rows.map(({ kind, cells }) =>
        element(
          "tr",
          {},
          element("th", { scope: "row" }, element("span", { class: "key fill " + kind }), say(kind)),
          ...cells.map(({ bar, text }) => element("td", {}, element("div", { class: "track" }, bar), text)),
        ),
      ),
    ),
  );
  function show(network) {
    const totals = [network.total, network.totalParameters];
    for (const { kind, cells } of rows) {
      cells.forEach(({ bar, text }, i) => {
        const count = network[columns[i]][kind],
          share = percentOf(count, totals[i]);
        bar.style.width = share + "%";
        write(text, `<b>${share} %</b> <small>${number(count)}</small>`);
      });
    }
  }
  return { node, show };
}
