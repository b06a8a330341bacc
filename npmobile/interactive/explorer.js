// MobileNet for any alpha and resolution: what it costs, whether it fits, and where it stands among the published ones.

const SILENCE = 600; // milliseconds after the last change before a screen reader is told

function build(data, say, page) {
  const state = {
    alpha: data.start.alpha,
    resolution: data.start.resolution,
    rule: "same",
    budgets: { mult_adds: 150, parameters: 2, memory: 512 },
  };
  const name = () => `${data.alpha_names[state.alpha]}-${state.resolution}`;
  const change = (changes) => {
    Object.assign(state, changes);
    show();
  };

  const wrong = {}; // the fields whose text was refused
  const marks = (field) => (isWrong) => {
    wrong[field] = isWrong;
    showName();
  };
  const alpha = dialOf({
    name: "alpha",
    onwrong: marks("alpha"),
    options: data.alphas,
    step: 0.01,
    jump: 0.05,
    say,
    shown: name,
    onvalue: (_, index) => change({ alpha: index }),
  });
  const resolution = dialOf({
    name: "resolution",
    onwrong: marks("resolution"),
    options: range(data.most - data.least + 1).map((i) => data.least + i),
    step: 1,
    jump: 16,
    say,
    shown: name,
    onvalue: (value) => change({ resolution: value }),
  });
  const ruleHint = element("p", { class: "hint" });
  const rules = choice(
    say("rule"),
    ["same", "keras"].map((rule) => [rule, say("rule_" + rule)]),
    state.rule,
    (rule) => change({ rule }),
  );
  const rule = element(
    "div",
    { class: "dial" },
    element("div", { class: "label" }, say("rule")),
    element("div", { class: "line" }, rules),
    ruleHint,
  );

  const accuracy = accuracyChartOf(data, say, page, (point) => {
    resolution.set(point.resolution);
    alpha.set(data.alphas[point.alpha]);
  });
  const stairs = stairsChartOf(data, say, resolution.set);
  const memory = { budget: "memory", text: inBytes, unit: "KB", per: 1024 };
  const budgets = budgetsOf({
    say,
    budgets: state.budgets,
    onbudget: (key, limit) => {
      state.budgets[key] = limit;
      show();
    },
    rows: [
      { key: "mult_adds", budget: "mult_adds", text: shortened, unit: "M", per: million },
      { key: "parameters", budget: "parameters", text: shortened, unit: "M", per: million },
      { key: "memory_uint8", ...memory },
      { key: "memory_float32", ...memory },
    ],
  });
  const kinds = kindsOf(data, say);
  const accuracyText = element("p", { class: "sub" }),
    stairsText = element("p", { class: "sub" });
  const title = element("p", { class: "network" });
  const live = element("p", { class: "aloud", "aria-live": "polite" });
  const panel = (key, text, ...children) =>
    element("section", { class: "panel", "aria-label": say(key) }, element("h3", {}, say(key)), text, ...children);
  const sub = (key) => element("p", { class: "sub" }, say(key));
  const node = element(
    "div",
    { class: "wrap" },
    element(
      "header",
      { class: "top" },
      element("h2", {}, say("title")),
      title,
      element("p", { class: "lead" }, say("lead")),
    ),
    element("div", { class: "controls" }, alpha.node, resolution.node, rule),
    element(
      "div",
      { class: "board" },
      panel("accuracy", accuracyText, accuracy.node),
      panel("budgets", sub("budgets_sub"), budgets.node),
      panel("kinds", sub("kinds_sub"), kinds.node),
      panel("stairs", stairsText, stairs.node),
    ),
    live,
  );

  // The published networks next to this one by cost. No accuracy is computed from theirs.
  function accuracyWords(network, exact) {
    if (exact) return say("published", exact);
    const sorted = data.published.toSorted((a, b) => a.mult_adds - b.mult_adds);
    const below = sorted.findLast((point) => point.mult_adds <= network.total),
      above = sorted.find((point) => point.mult_adds > network.total);
    const values = {
      name: name(),
      below: below?.name,
      below_top_1: below?.top_1,
      above: above?.name,
      above_top_1: above?.top_1,
    };
    return say(!below ? "cheaper_than_all" : !above ? "more_expensive_than_all" : "between", values);
  }
  function showName() {
    write(title, say(wrong.alpha || wrong.resolution ? "network_kept" : "network", { name: name() }));
  }
  let speaking = 0;
  function show() {
    const network = costOf(data, state);
    const exact =
      data.is_published &&
      data.published.find((point) => point.alpha === state.alpha && point.resolution === state.resolution);
    const channels = data.channels[state.alpha];
    alpha.show(say("alpha_hint", { first: channels[1], last: number(channels.at(-3)) }));
    resolution.show(
      say("resolution_hint", {
        sides: network.sides.slice(0, -1).join(" → "),
        rho: (state.resolution / 224).toFixed(3),
      }),
    );
    write(ruleHint, say(`rule_${state.rule}_hint`));
    showName();
    const words = accuracyWords(network, exact);
    write(accuracyText, words);
    accuracy.show({ network, state, exact, name: name() });
    write(stairsText, say("stairs_sub", { resolution: state.resolution, times: stairs.show({ network, state }) }));
    const costs = { mult_adds: network.total, parameters: network.totalParameters };
    const notes = { mult_adds: say("of_full", { share: percentOf(network.total, data.full) }), parameters: "" };
    for (const [type, bytes] of Object.entries(data.bytes)) {
      costs["memory_" + type] = bytes * network.peak.values;
      notes["memory_" + type] = `${type}, ${network.peak.layer}`;
    }
    const verdicts = budgets.show(costs, notes);
    kinds.show(network);
    clearTimeout(speaking);
    speaking = setTimeout(
      () => write(live, say("aloud", { name: name(), verdicts: verdicts.join("; "), accuracy: words })),
      SILENCE,
    );
  }
  function ready() {
    alpha.set(data.alphas[state.alpha]);
    resolution.set(state.resolution);
    new ResizeObserver(show).observe(node); // the charts are drawn anew at each width
  }
  return { node, ready };
}

buildAll("explorer", build);
