// The timeline: one axis of mult-adds for both sides. A slider, buttons, a number box, and a bar for each side.

const SPEEDS = [1, 4, 16]; // outputs of the standard convolution in a second

function timelineOf({ each, totals, longest }, say, page, { ongo, isHeld }) {
  let t = 0,
    speed = 4,
    timer = 0;
  const jump = each.standard; // a button goes on by one output of the standard convolution
  const goTo = (to) => () => {
    pause();
    go(to());
  };
  const start = button(
    say("start"),
    goTo(() => 0),
    icon("start"),
  );
  const previous = button(
    say("previous"),
    goTo(() => (Math.ceil(t / jump) - 1) * jump),
    icon("previous"),
  );
  const play = element("button", { type: "button", class: "button main", onclick: toggle });
  const next = button(
    say("next"),
    goTo(() => (Math.floor(t / jump) + 1) * jump),
    icon("next"),
  );
  const end = button(
    say("end"),
    goTo(() => longest),
    icon("end"),
  );
  const less = button(
      say("less"),
      goTo(() => t - 1),
      "−1",
    ),
    more = button(
      say("more"),
      goTo(() => t + 1),
      "+1",
    );
  const slider = element("input", {
    type: "range",
    min: 0,
    max: longest,
    step: 1,
    "aria-label": say("timeline"),
    oninput: () => {
      pause();
      go(Number(slider.value));
    },
  });
  const isCount = (value) => (Number.isInteger(value) && value >= 0 && value <= longest ? value : undefined);
  const typed = numberBox(
    { id: "t", min: 0, max: longest, step: 1, "aria-label": say("timeline") },
    isCount,
    () => say("error_t", { longest, t }),
    (value) => {
      if (value !== t) goTo(() => value)();
    },
  );
  typed.box.onfocus = pause;
  const speeds = choice(
    say("speed"),
    SPEEDS.map((value) => [value, value + "×"]),
    speed,
    (value) => (speed = value),
  );

  const bar = (kind) => element("div", { class: "fill " + kind });
  const bars = { standard: bar("standard"), depthwise: bar("depthwise"), pointwise: bar("pointwise") };
  const track = (...kinds) =>
    element(
      "div",
      { class: "track" },
      ...kinds.map((kind) =>
        element("div", { class: "whole", style: `width:${(100 * totals[kind]) / longest}%` }, bars[kind]),
      ),
    );
  const counts = { standard: element("div", { class: "count" }), separable: element("div", { class: "count second" }) };
  const status = element("p", { class: "status", role: "status" });
  const node = element(
    "section",
    { class: "timeline", "aria-label": say("timeline") },
    element("div", { class: "buttons", role: "group", "aria-label": say("steps") }, start, previous, play, next, end),
    element("div", { class: "slide" }, slider),
    element("div", { class: "buttons number", role: "group", "aria-label": say("mult_adds") }, less, typed.box, more),
    rich("div", { class: "who" }, say("name_standard")),
    element("div", { class: "axis" }, track("standard")),
    counts.standard,
    rich("div", { class: "who second" }, say("name_separable")),
    element("div", { class: "axis second" }, track("depthwise", "pointwise")),
    counts.separable,
    element("div", { class: "below" }, element("div", {}, status, typed.error), speeds),
  );

  function show(made) {
    slider.value = t;
    slider.setAttribute("aria-valuetext", say("of", { count: t, total: longest }));
    typed.show(t);
    for (const [kind, fillOf] of Object.entries(bars)) fillOf.style.width = `${(100 * made[kind]) / totals[kind]}%`;
    write(counts.standard, say("of", { count: `<b>${number(made.standard)}</b>`, total: number(totals.standard) }));
    write(
      counts.separable,
      say("of", { count: `<b>${number(made.depthwise + made.pointwise)}</b>`, total: number(totals.separable) }),
    );
    for (const node of [start, previous, less]) node.setAttribute("aria-disabled", t === 0);
    for (const node of [next, end, more]) node.setAttribute("aria-disabled", t === longest);
  }
  function go(to) {
    t = clamp(to, 0, longest);
    if (!timer) typed.show(t, page.getRootNode().activeElement !== typed.box);
    ongo(t);
  }
  // While it plays, and while cells are looked at, which are read out by themselves, a screen reader is spared this.
  function tell(words, isLooked) {
    if (!timer) status.setAttribute("aria-live", isLooked ? "off" : "polite");
    write(status, words);
  }
  function name(key) {
    play.replaceChildren(icon(key), say(key));
  }
  function pause() {
    cancelAnimationFrame(timer);
    timer = 0;
    name("play");
    status.setAttribute("aria-live", "polite");
  }
  function toggle() {
    if (timer) return pause();
    if (t === longest) go(0);
    name("pause");
    status.setAttribute("aria-live", "off");
    const unit = lessMotion() ? jump : 1; // with less motion, whole outputs only
    let before = performance.now(),
      owed = 0;
    const tick = (time) => {
      if (!page.isConnected) return pause();
      if (!isHeld()) owed += ((time - before) / 1000) * jump * speed; // while a cell is looked at, the timeline waits
      before = time;
      const units = Math.floor(owed / unit) * unit;
      owed -= units;
      if (units) go(t + units);
      if (t === longest) return pause();
      timer = requestAnimationFrame(tick);
    };
    timer = requestAnimationFrame(tick);
  }
  pause();
  return { node, tell, show };
}
