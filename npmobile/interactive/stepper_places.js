// Where each convolution is: after `t` mult-adds on each side, or at the output that is looked at.

function placesOf({ sizes, each, totals }) {
  const { M, N } = sizes;

  // How many mult-adds of each convolution are made. The depthwise step is finished before the pointwise step starts.
  function made(t) {
    const separable = Math.min(t, totals.separable);
    const depthwise = Math.min(separable, totals.depthwise);
    return { standard: Math.min(t, totals.standard), depthwise, pointwise: separable - depthwise };
  }
  // The output in work after `count` mult-adds: its place `c` in the list, and how many of its products are made.
  function working(count, size) {
    return count ? { c: Math.floor((count - 1) / size), done: ((count - 1) % size) + 1 } : null;
  }
  // A pixel of the depthwise step, and how many products are made in each of its channels: all of those before `m`,
  // and `done` in channel m.
  function pixelOf({ c, done }) {
    const newest = c % M;
    return {
      pixel: Math.floor(c / M),
      done: range(M).map((m) => (m < newest ? each.depthwise : m === newest ? done : 0)),
    };
  }
  function lookedAt({ name, c }) {
    if (name === "depthwise") {
      const done = range(M).map((m) => (m === c % M ? each.depthwise : 0)); // this channel alone
      return { standard: null, depthwise: { pixel: Math.floor(c / M), done }, pointwise: null };
    }
    return {
      standard: { c, done: each.standard },
      depthwise: { pixel: Math.floor(c / N), done: Array(M).fill(each.depthwise) },
      pointwise: { c, done: each.pointwise },
    };
  }
  // Of the standard and the pointwise convolution an output, of the depthwise one a pixel; null where nothing is shown.
  function places(t, look) {
    if (look) return lookedAt(look);
    const counts = made(t);
    const depthwise = counts.pointwise ? null : working(counts.depthwise, each.depthwise);
    return {
      standard: working(counts.standard, each.standard),
      depthwise: depthwise && pixelOf(depthwise),
      pointwise: working(counts.pointwise, each.pointwise),
    };
  }
  // How many mult-adds each side has made when this output is done.
  function countsAfter({ name, c }) {
    const before = name === "pointwise" || name === "standard" ? totals.depthwise : 0;
    const size = name === "depthwise" ? each.depthwise : each.pointwise;
    return { standard: (c + 1) * each.standard, separable: before + (c + 1) * size };
  }
  return { made, places, countsAfter };
}
